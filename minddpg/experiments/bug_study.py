"""What each bug does to a run: measured, tabulated, drawn.

K seeds.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.config import Config
from ..nn.layers import Array
from ..training.evaluation import evaluate
from ..training.style import BLUE, GREY, ORANGE, save, tidy_axes
from ..verification.bugs import BUGS, planted
from .jobs import train_or_resume
from .metrics import FIRST_START, STARTS
from .statistics import summarise
from .tables import Rows, decimal, distinct, interval_text, pick, rounded, values_by_seed, whole

COLUMNS = {
    "return": "eval/mean_reward",
    "q_max": "train/q_max",
    "q_min": "train/q_min",
    "critic loss": "train/critic_loss",
    "actor loss": "train/actor_loss",
}
CORRECT = "correct"


def variants() -> dict[str, dict[str, Any]]:
    """Return the settings of each bug's runs, after those of right code at the same settings."""
    controls = {
        " ".join([CORRECT, *(f"{k}={v}" for k, v in bug.settings.items())]): bug.settings
        for bug in BUGS.values()
    }
    return dict(sorted(controls.items())) | {name: bug.settings for name, bug in BUGS.items()}


def control_of(variant: str) -> str:
    """Name the right code's variant of the same settings."""
    settings = variants()[variant]
    return next(name for name, value in variants().items() if value == settings)


def bug_run(config: Config, run_dir: str | Path | None = None, bug: str = "") -> Rows:
    """Train with a bug planted; return COLUMNS at each evaluation, and the last policy's return."""
    with planted(bug) if bug else nullcontext():
        run = train_or_resume(config, run_dir)
        mean = evaluate(run.agent, config.env_id, STARTS, FIRST_START).mean
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
    """Return each seed's final return, its highest Q, and its last critic loss: (K,) each."""
    mine = pick(rows, variant=variant)
    returns = values_by_seed(pick(mine, when="last"))
    seeds = sorted(distinct(mine, "seed"))
    highest = [max(r["value"] for r in pick(mine, measure="q_max", seed=seed)) for seed in seeds]
    last = max(row["step"] for row in mine)
    losses = values_by_seed(pick(mine, measure="critic loss", when="training", step=last))
    return returns, np.array(highest), losses


def zoo_table(rows: Rows) -> str:
    """Say for each bug what became of return, Q and loss, beside right code's."""
    seeds = sorted(distinct(rows, "seed"))
    steps = max(row["step"] for row in rows)
    lines = [
        f"**Pendulum-v1**, {steps:,.0f} steps, seeds {seeds[0]:.0f}–{seeds[-1]:.0f}: return of the"
        " last policy, higher is better\n",
        "| variant | return: IQM (95 %) | every seed | highest Q: median | critic loss: median |",
        "| --- | --- | --- | --- | --- |",
    ]
    for variant in distinct(rows, "variant"):
        returns, highest, losses = _ends(rows, variant)
        each = ", ".join(whole(value) for value in returns)
        lines.append(
            f"| {variant} | {interval_text(summarise(returns, True))} | {each}"
            f" | {decimal(float(np.median(highest)))} | {float(np.median(losses)):.3g} |"
        )
    return "\n".join(lines) + "\n"


def draw_zoo(rows: Rows, question: str, path: Path) -> Path:
    """Draw each seed's final return and highest Q, a line per bug, the worst at the bottom."""
    from matplotlib.figure import Figure

    ends = {variant: _ends(rows, variant) for variant in distinct(rows, "variant")}
    order = sorted(ends, key=lambda variant: summarise(ends[variant][0], True).iqm)
    figure = Figure(figsize=(10.5, 1.2 + 0.27 * len(order)), layout="constrained", dpi=110)
    figure.suptitle(question, fontweight="bold")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    for y, variant in enumerate(order):
        is_right = variant.startswith(CORRECT)
        style: dict[str, Any] = {"color": BLUE if is_right else ORANGE, "alpha": 0.7, "ms": 5}
        label = "right code" if is_right else "a bug planted"
        style["label"] = "_" if label in left.get_legend_handles_labels()[1] else label
        for axes, values in ((left, ends[variant][0]), (right, ends[variant][1])):
            axes.plot(values, np.full(len(values), y), "s" if is_right else "o", **style)
    names = [",\n".join(name.rsplit(" ", 1)) for name in order]
    left.set_yticks(range(len(order)), names, fontsize=7)
    left.set_xlabel("return of the last policy, per seed")
    right.set_xlabel("highest Q(s, a) of the run, per seed")
    right.set_xscale("symlog", linthresh=100)
    right.margins(x=0.08)  # else the outermost mark is cut
    right.axvline(0, color=GREY, linewidth=1)
    right.set_title("no true value is above 0", fontsize=9)
    left.set_title(f"Pendulum-v1, {max(row['step'] for row in rows):,.0f} steps", fontsize=9)
    left.legend(frameon=False, fontsize=8, loc="upper left")
    for axes in (left, right):
        axes.grid(axis="y", color=GREY, alpha=0.15)
        tidy_axes(axes)
    return save(figure, path)
