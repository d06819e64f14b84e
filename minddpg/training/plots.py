"""Draw the learning curves of runs from their folders."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import printable
from .read_logs import read_episodes, read_evaluations, read_q_values
from .run_dir import read_config
from .style import BLUE, GREY, ORANGE, save, tidy_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def learning_curve(run_dirs: Sequence[str | Path], path: str | Path) -> Path:
    """Draw returns above and the critic's values below, against environment steps; save a PNG.

    One run shows its training episodes and the spread over evaluation episodes; several show each
    run's evaluations and their mean, or, if one of them was never evaluated, training episodes.

    Raises:
        CheckpointError: a folder is not a run folder, or a file in it is damaged.
        ValueError: there is nothing to draw yet; the runs are of different environments; or one is
            there twice, and would count twice in the mean.
    """
    from matplotlib import style  # slow to import, and needed only to draw

    given: dict[Path, str | Path] = {}
    for run_dir in run_dirs:
        if (place := Path(run_dir).resolve()) in given:
            raise ValueError(f"{given[place]} and {run_dir} are the same run: name it once")
        given[place] = run_dir
    runs = [_read(Path(run_dir)) for run_dir in run_dirs]
    env_ids = sorted({run.env_id for run in runs})
    if len(env_ids) != 1:
        raise ValueError(f"one figure shows one environment, not {', '.join(env_ids) or 'none'}")
    with style.context("default"):  # an environment's module may have set LaTeX's, say
        return _draw(runs, Path(path))


def _draw(runs: "list[_Logs]", path: Path) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 6.0), layout="constrained", dpi=130)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    (_draw_one_run if len(runs) == 1 else _draw_several_runs)(above, below, runs)
    which = f"seed {runs[0].seed}" if len(runs) == 1 else f"{len(runs)} runs"
    # no mathematics: a $ in a name is a $
    figure.suptitle(printable(f"DDPG on {runs[0].env_id}, {which}"), parse_math=False)
    above.set_ylabel("return per episode")
    below.set_ylabel("critic's Q(s, a)\non replayed pairs")
    below.set_xlabel("environment steps")
    below.xaxis.set_major_formatter("{x:,.0f}")
    for axes in (above, below):
        tidy_axes(axes)
        axes.legend(frameon=False, fontsize=9, loc="best")
    return save(figure, path)


class _Logs:
    """The logs in a run folder, as arrays."""

    def __init__(self, run_dir: Path, config: Config):
        self.env_id, self.seed = config.env_id, config.seed
        self.eval_steps, self.results = read_evaluations(run_dir / "evaluations.npz")
        self.episode_returns, self.episode_ends = read_episodes(run_dir / "monitor.csv")
        self.steps, self.q_mean, self.q_min, self.q_max = read_q_values(run_dir / "progress.csv")


def _read(run_dir: Path) -> _Logs:
    config = read_config(run_dir)
    if not (run_dir / "evaluations.npz").exists():
        why = "neither an evaluation nor a checkpoint was made"
        raise ValueError(f"{run_dir}: nothing to draw yet, {why}")
    return _Logs(run_dir, config)


def _draw_one_run(above: "Axes", below: "Axes", runs: list[_Logs]) -> None:
    (run,) = runs
    above.plot(
        run.episode_ends, run.episode_returns, ".", color=GREY, label="training episode, with noise"
    )
    if len(run.eval_steps):
        low, high = run.results.min(axis=1), run.results.max(axis=1)
        above.fill_between(run.eval_steps, low, high, color=BLUE, alpha=0.2, linewidth=0)
        label = f"evaluation without noise: mean and range of {run.results.shape[1]}"
        above.plot(run.eval_steps, run.results.mean(axis=1), "o-", color=BLUE, ms=4, label=label)
    below.fill_between(
        run.steps, run.q_min, run.q_max, color=ORANGE, alpha=0.2, linewidth=0, label="range"
    )
    below.plot(run.steps, run.q_mean, color=ORANGE, label="mean")


def _draw_several_runs(above: "Axes", below: "Axes", runs: list[_Logs]) -> None:
    if all(len(run.eval_steps) for run in runs):
        returns = [(run.eval_steps, run.results.mean(axis=1)) for run in runs]
        _draw_family(above, returns, BLUE, "evaluation without noise")
    else:
        returns = [(run.episode_ends, run.episode_returns) for run in runs]
        _draw_family(above, returns, GREY, "training episodes, with noise")
    _draw_family(below, [(run.steps, run.q_mean) for run in runs], ORANGE, "mean of Q")


def _draw_family(axes: "Axes", curves: list[tuple[Array, Array]], color: str, what: str) -> None:
    """Draw thin curves of (steps, values), and their mean where all have the same steps."""
    for i, (steps, values) in enumerate(curves):
        label = None if i else f"{what}, each run"
        axes.plot(steps, values, color=color, alpha=0.4, linewidth=1, label=label)
    shortest = min((steps for steps, _ in curves), key=len)
    if len(shortest) and all(np.array_equal(s[: len(shortest)], shortest) for s, _ in curves):
        mean = np.mean([values[: len(shortest)] for _, values in curves], axis=0)
        axes.plot(shortest, mean, color=color, linewidth=2.2, label=f"{what}, mean of the runs")
