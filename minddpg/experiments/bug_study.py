"""Measure, tabulate and draw what each planted bug does to a run.

K seeds.
"""

import warnings
from pathlib import Path

import numpy as np

from ..ddpg.config import Config
from ..nn.layers import Array
from ..training.evaluation import evaluate
from ..training.style import BLUE, GREY, ORANGE, save, tidy_axes
from ..verification.bugs import BUGS
from .jobs import train_or_resume
from .metrics import FIRST_START, STARTS, planted_alone, refuse_no_evaluation
from .plots import LEGEND, SMALL, Look, new_figure, seed_dots
from .results_csv import Rows, named_seeds
from .statistics import summarise
from .study import Changes
from .tables import (
    decimal,
    distinct,
    interval_text,
    markdown_table,
    pick,
    rounded,
    values_by_seed,
    whole,
)

COLUMNS = {
    "return": "eval/mean_reward",
    "q_max": "train/q_max",
    "q_min": "train/q_min",
    "critic loss": "train/critic_loss",
    "actor loss": "train/actor_loss",
}
PANEL_TITLE: Look = {"fontsize": 9}
DOTS: Look = {"alpha": 0.7, "ms": 5}
ZERO: Look = {"color": GREY, "linewidth": 1}
ROWS: Look = {"axis": "y", "color": GREY, "alpha": 0.15}
CORRECT = "correct"  # the first word of a variant without a bug


def variants() -> dict[str, Changes]:
    """Return each variant's settings: correct code with every bug's settings, then each bug."""
    controls = {
        " ".join([CORRECT, *(f"{k}={v}" for k, v in bug.settings.items())]): dict(bug.settings)
        for bug in BUGS.values()
    }
    bugs = {name: {**bug.settings, "bug": name} for name, bug in BUGS.items()}
    return dict(sorted(controls.items())) | bugs


def control_of(variant: str) -> str:
    """Return the variant of correct code with the same settings."""
    settings = {name: {**changes, "bug": ""} for name, changes in variants().items()}
    return next(name for name, value in settings.items() if value == settings[variant])


def bug_run(config: Config, run_dir: str | Path | None = None, bug: str | None = None) -> Rows:
    """Train with a bug planted; return COLUMNS at each evaluation, and the last policy's return.

    Raises:
        ValueError: the config has no evaluations.
    """
    refuse_no_evaluation(config)
    with planted_alone(bug), warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* lie at a bound")  # expected with a planted bug
        run = train_or_resume(config, run_dir)
        kwargs = config.env_kwargs
        mean = evaluate(run.agent, config.env_id, STARTS, FIRST_START, env_kwargs=kwargs).mean
    rows: Rows = []
    for i in np.flatnonzero(np.isfinite(run.history["eval/mean_reward"])):
        at = {"when": "training", "step": int(run.history["time/total_timesteps"][i])}
        for measure, column in COLUMNS.items():
            value = run.history[column][i]
            if np.isfinite(value):
                rows.append({**at, "measure": measure, "value": rounded(value, 4)})
    end = {"when": "last", "step": config.total_steps, "measure": "return"}
    return [*rows, {**end, "value": rounded(mean)}]


def _ends(rows: Rows, variant: str) -> tuple[Array, Array, Array]:
    """Return each seed's last return, its highest Q, and its last critic loss: (K,) each."""
    rows = pick(rows, variant=variant)
    returns = values_by_seed(pick(rows, when="last"))
    seeds = sorted(distinct(rows, "seed"))
    highest = [max(r["value"] for r in pick(rows, measure="q_max", seed=seed)) for seed in seeds]
    last = max(row["step"] for row in rows)
    losses = values_by_seed(pick(rows, measure="critic loss", when="training", step=last))
    return returns, np.array(highest), losses


def bug_table(rows: Rows) -> str:
    """Return a table of return, Q and loss with each bug, and with correct code."""
    steps = max(row["step"] for row in rows)
    cells = []
    for variant in distinct(rows, "variant"):
        returns, highest, losses = _ends(rows, variant)
        cells.append(
            (
                *(variant, interval_text(summarise(returns, True)), ", ".join(map(whole, returns))),
                *(decimal(float(np.median(highest))), f"{float(np.median(losses)):.3g}"),
            )
        )
    header = ("variant", "return: IQM (95 %)", "every seed", "highest Q at evaluations: median")
    seeds = named_seeds(distinct(rows, "seed"))
    return (
        f"**Pendulum-v1**, {steps:,.0f} steps, {seeds}: return of the"
        " last policy, higher is better\n\n"
        + markdown_table((*header, "critic loss: median"), cells)
    )


def draw_bugs(rows: Rows, question: str, path: Path) -> Path:
    """Draw each seed's last return and highest Q, a line for each bug, the worst at the bottom."""
    ends = {variant: _ends(rows, variant) for variant in distinct(rows, "variant")}
    order = sorted(ends, key=lambda variant: summarise(ends[variant][0], True).iqm)
    figure = new_figure(question, 10.5, 1.2 + 0.27 * len(order))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    for y, variant in enumerate(order):
        is_correct = variant.startswith(CORRECT)
        label = "correct code" if is_correct else "a bug planted"
        style = {
            "marker": "s" if is_correct else "o",
            "color": BLUE if is_correct else ORANGE,
            "label": "_" if label in left.get_legend_handles_labels()[1] else label,
        }
        returns, highest, _ = ends[variant]
        for axes, values in ((left, returns), (right, highest)):
            seed_dots(axes, y, values, horizontal=True, width=0, **DOTS, **style)
    names = [",\n".join(name.rsplit(" ", 1)) for name in order]
    left.set_yticks(range(len(order)), names, **SMALL)
    left.set_xlabel("return of the last policy, per seed")
    right.set_xlabel("highest Q(s, a) in the rows of evaluations, per seed")
    right.set_xscale("symlog", linthresh=100)
    right.margins(x=0.08)  # else the outermost mark is cut
    right.axvline(0, **ZERO)
    right.set_title("no true value is above 0", **PANEL_TITLE)
    left.set_title(f"Pendulum-v1, {max(row['step'] for row in rows):,.0f} steps", **PANEL_TITLE)
    left.legend(loc="upper left", **LEGEND)
    for axes in (left, right):
        axes.grid(**ROWS)
        tidy_axes(axes)
    return save(figure, path)
