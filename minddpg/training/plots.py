"""Draw the learning curve of a run from its folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..storage import printable
from .read_logs import Logs
from .style import BLUE, GREY, ORANGE, save, tidy_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def learning_curve(run_dir: str | Path, path: str | Path) -> Path:
    """Draw returns above and the critic's values below, against environment steps; save the figure.

    The returns are those of training episodes, and the mean and range of each evaluation. The
    format is that of the path's name.

    Raises:
        CheckpointError: this is not a run folder, or a file in it is damaged.
        ValueError: there is nothing to draw yet.
    """
    from matplotlib import style  # slow to import, and needed only to draw

    run = Logs(Path(run_dir))
    with style.context("default"):  # an environment's module may have set another
        title = f"DDPG on {run.config.env_name}, seed {run.config.seed}"
        figure, above, below = returns_above_values(title)
        _draw(above, below, run)
        for axes in (above, below):
            axes.legend(frameon=False, fontsize=9, loc="best")
        return save(figure, Path(path))


def returns_above_values(title: str, height: float = 6.0) -> "tuple[Figure, Axes, Axes]":
    """Return a figure, and its axes for returns and for the critic's values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, height), layout="constrained", dpi=130)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    figure.suptitle(printable(title), parse_math=False)  # no mathematics: a $ in a name is a $
    above.set_ylabel("return per episode")
    below.set_ylabel("critic's Q(s, a)\non replayed pairs")
    below.set_xlabel("environment steps")
    below.xaxis.set_major_formatter("{x:,.0f}")
    for axes in (above, below):
        tidy_axes(axes)
    return figure, above, below


def _draw(above: "Axes", below: "Axes", run: Logs) -> None:
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
