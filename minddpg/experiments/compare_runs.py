"""Compare runs in one figure: a line for each group of settings, averaged as in a study.

K runs of a group, T steps.
"""

import textwrap
import warnings
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..nn.layers import Array
from ..storage import printable
from ..training.evaluation import short
from ..training.plots import returns_above_values
from ..training.read_logs import Logs
from ..training.style import save
from .group_runs import Group, group_runs
from .plots import LEGEND, MARKERS, MIDDLE, Look, draw_middle, look_of, spread_of
from .statistics import iqm, summarise

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = tuple[Array, Array]  # steps and values, (T,) each
MOST_GROUPS = 36  # as many lines as look different
LINE = 90  # characters in a line of the legend
LINE_HEIGHT = 0.17  # inches
ONE_RUN: Look = {"alpha": 0.35, "linewidth": 0.8}
MARKS = 10  # or fewer on a line


def compare_runs(run_dirs: Sequence[str | Path], path: str | Path) -> str:
    """Draw the learning curves of runs, grouped by their settings; return the last returns.

    Runs that differ only in the seed make a group. The figure shows each run and, where the runs
    of a group have the same steps, their interquartile mean (IQM), with an interval if there are
    five or more. Returns are those of evaluations; if one run was never evaluated, they are those
    of training episodes, and a warning names that run. The format is that of the path's suffix. The
    text that is returned has a line for each group.

    Raises:
        CheckpointError: a folder is not a run folder, or a file in it is damaged.
        ValueError: as in group_runs; or there are too many groups to tell them apart.
    """
    from matplotlib import style  # slow to import, and needed only to draw

    groups = group_runs(run_dirs)
    if len(groups) > MOST_GROUPS:
        raise ValueError(
            f"the runs have {len(groups)} different settings: one figure shows up to {MOST_GROUPS}"
        )
    unevaluated = [run for group in groups for run in group.runs if not len(run.eval_steps)]
    is_evaluated = not unevaluated
    if unevaluated and any(len(run.eval_steps) for group in groups for run in group.runs):
        warnings.warn(
            f"{unevaluated[0].run_dir} has no evaluation, so returns of training episodes are shown"
            " for all runs",
            stacklevel=2,
        )
    what = "evaluation without noise" if is_evaluated else "training episodes, with noise"
    curve_of = _evaluations if is_evaluated else _episodes
    with style.context("default"):  # as in learning_curve
        _draw(groups, curve_of, what, Path(path))
    about = f"{_environment(groups)}, return, {what}:"
    return "\n".join([about, *(_last(each, curve_of) for each in groups)])


def _environment(groups: list[Group]) -> str:
    """Return the environment's id, with env_kwargs if they are the same in all runs."""
    configs = [run.config for group in groups for run in group.runs]
    names = {config.env_name for config in configs}
    return names.pop() if len(names) == 1 else configs[0].env_id


def _evaluations(run: Logs) -> Curve:
    return run.eval_steps, run.results.mean(axis=1)


def _episodes(run: Logs) -> Curve:
    return run.episode_ends, run.episode_returns


def _common(curves: Sequence[Curve]) -> Curve:
    """Return the steps (T,) at which every run has a value, and these values (T, K).

    Fewer than half of the shortest run's steps count as none: they may be equal by chance.
    """
    steps = reduce(np.intersect1d, (steps for steps, _ in curves))
    if 2 * len(steps) < min(len(each) for each, _ in curves):
        steps = steps[:0]
    return steps, np.transpose([values[np.isin(each, steps)] for each, values in curves])


def _draw(groups: list[Group], curve_of: Callable[[Logs], Curve], what: str, path: Path) -> None:
    labels = [_wrapped(_label(group, curve_of)) for group in groups]
    lines = sum(label.count("\n") + 1 for label in labels)
    count = sum(len(group.runs) for group in groups)
    title = f"DDPG on {_environment(groups)}, {count} runs"
    figure, above, below = returns_above_values(title, 6 + LINE_HEIGHT * lines)
    above.set_ylabel(f"return per episode\n{what}")
    below.set_ylabel("critic's mean Q(s, a)\non replayed pairs")
    for i, (group, label) in enumerate(zip(groups, labels, strict=True)):
        steps, values = _draw_runs(above, [curve_of(run) for run in group.runs], i)
        draw_middle(above, steps, values, i, label=label, **_marks(steps, i))
        steps, values = _draw_runs(below, [(run.steps, run.q_mean) for run in group.runs], i)
        below.plot(steps, iqm(values), **look_of(i), **MIDDLE, **_marks(steps, i))
    legend = figure.legend(loc="outside lower center", handlelength=4, **LEGEND)
    for text in legend.get_texts():
        text.set_parse_math(False)
    save(figure, path)


def _draw_runs(axes: "Axes", curves: list[Curve], i: int) -> Curve:
    """Draw each of several curves in the i-th colour; return their common steps and values."""
    for curve in curves if len(curves) > 1 else ():
        axes.plot(*curve, color=look_of(i)["color"], **ONE_RUN)
    return _common(curves)


def _marks(steps: Array, i: int) -> Look:
    every = max(1, -(-len(steps) // MARKS))
    marker = MARKERS[(i + i // len(MARKERS)) % len(MARKERS)]  # with 6 colours, 36 pairs
    return {"marker": marker, "ms": 5, "markevery": every}


def _label(group: Group, curve_of: Callable[[Logs], Curve]) -> str:
    """Return a group's label, with the number of its runs and what is drawn of them."""
    count = len(group.runs)
    runs = f"{count} seeds" if count > 1 else f"seed {group.runs[0].config.seed}"
    if count > 1 and len(_common([curve_of(run) for run in group.runs])[0]):
        runs = f"IQM of {runs}{spread_of(count)}"
    return f"{group.label}: {runs}" if group.label else runs


def _wrapped(label: str) -> str:
    """Break a label into lines, but not between a setting and its value."""
    return textwrap.fill(printable(label).replace(" = ", "\u00a0=\u00a0"), LINE)


def _last(group: Group, curve_of: Callable[[Logs], Curve]) -> str:
    """Return a line with the return at the last step that all runs of a group have."""
    curves = [curve_of(run) for run in group.runs]
    steps, values = _common(curves)
    name, found = group.label or "all runs", "no mean, because these runs share too few steps"
    if not any(len(each) for each, _ in curves):
        found = "no return yet"
    elif len(steps) and len(group.runs) == 1:
        name += f", seed {group.runs[0].config.seed}"
        found = f"{short(values[-1, 0])} at step {steps[-1]:,.0f}"
    elif len(steps):
        found = f"{summarise(values[-1])}, at step {steps[-1]:,.0f}"
    return printable(f"{name}: {found}")
