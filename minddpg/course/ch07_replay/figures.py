"""Figures of chapter 07: the rows of a memory, draws from it, learning with and without it.

N batch, T steps, C capacities, K seeds, E evaluations.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ..checks import solution
from ..style import BLACK, BLUE, CYCLE, ORANGE, SIGNED, show_dots, show_seeds

COLUMNS = ("cos θ", "sin θ", "θ̇", "a", "r", "cos θ'", "sin θ'", "θ̇'", "end")
SCALES = np.array([1, 1, 8, 1, 17, 1, 1, 8, 1])  # the largest value of each of Pendulum's columns


def memory_as_it_fills(states: list[tuple[int, Array]]) -> Any:
    """Draw a memory's rows at a few moments, given as (transitions added, rows)."""
    figure, panels = plt.subplots(1, len(states), figsize=(9.6, 4.8), sharey=True)
    for axes, (added, rows) in zip(panels, states, strict=True):
        capacity = len(rows)
        written = np.where(np.arange(capacity)[:, None] < added, rows / SCALES, np.nan)
        image = _show_rows(axes, written)
        axes.axhline(added % capacity - 0.5, color=BLACK, linewidth=1.5)
        axes.annotate(
            "next row",
            (8.5, added % capacity - 0.5),
            (8.7, added % capacity - 0.5),
            fontsize=8,
            va="center",
            annotation_clip=False,
        )
        axes.set_title(f"{added} added, {min(added, capacity)} held")
        axes.set_facecolor("0.85")
    panels[0].set_ylabel("row")
    figure.colorbar(image, ax=panels, label="value / largest possible", pad=0.06)
    figure.suptitle("A memory of 240 rows fills, and then writes over its oldest (grey: unwritten)")
    return figure


def how_often_drawn(times: Array, expected: Array, capacity: int, batch_size: int) -> Any:
    """Draw how often each transition was drawn: by its number, and as a histogram."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.4), width_ratios=(3, 2))
    left.plot(times, ".", color=BLUE, markersize=2, alpha=0.5, label="each transition")
    left.plot(expected, color=ORANGE, label="expected")
    left.axvspan(len(times) - capacity, len(times), color="0.93", label="still held")
    left.set(
        title="A row that stays its time is drawn N times, on average",
        xlabel="number of the transition",
        ylabel="times drawn",
    )
    left.legend()
    settled = times[capacity : len(times) - capacity]  # entered a full memory, and left it again
    bins = np.arange(settled.min(), settled.max() + 2) - 0.5
    right.hist(settled, bins, density=True, color=BLUE, alpha=0.6, label="drawn")
    k = np.arange(settled.min(), settled.max() + 1)
    log_factorial = np.array([np.log(np.arange(1, i + 1)).sum() for i in k])
    poisson = np.exp(k * np.log(batch_size) - batch_size - log_factorial)
    right.plot(k, poisson, color=ORANGE, label=f"Poisson, mean {batch_size}")
    right.set(title="Some more, some less", xlabel="times drawn in its whole life", ylabel="share")
    right.legend()
    return figure


def correlations(series: Array, lags: Array) -> Array:
    """Return the autocorrelation of a series (T,) at each lag."""
    autocorrelation = solution("07.3")
    return np.array([autocorrelation(series, lag) for lag in lags])


def alike(in_order: Array, drawn: Array, lags: Array) -> Any:
    """Draw a quantity in order of time and in order of draw, and both autocorrelations."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.4), width_ratios=(3, 2))
    left.plot(in_order[:200], color=BLUE, label="in the order of time")
    left.plot(drawn[:200] - 3, ".", color=ORANGE, label="in the order of the draw, 3 lower")
    left.set(title="cos θ of 200 rows", xlabel="position", ylabel="cos θ", yticks=[-1, 0, 1])
    left.set_ylim(-4.2, 2.2)
    left.legend(loc="upper right", ncols=2)
    right.plot(lags, correlations(in_order, lags), ".-", color=BLUE, label="order of time")
    right.plot(lags, correlations(drawn, lags), ".-", color=ORANGE, label="order of the draw")
    noise = 2 / np.sqrt(len(drawn))
    right.axhspan(-noise, noise, color="0.9", label="independent: 95 % in here")
    right.set(
        title="How alike two rows are", xlabel="positions apart (lag)", ylabel="autocorrelation"
    )
    right.legend()
    return figure


def what_a_minibatch_sees(states: Array, newest: Array, drawn: Array, cosines: Any) -> Any:
    """Draw the states (T, 2) held and those of two minibatches, and how well gradients agree."""
    figure, panels = plt.subplots(1, 3, figsize=(10.4, 3.5), width_ratios=(1, 1, 1.2))
    for axes, rows, color, title in (
        (panels[0], newest, BLUE, "the 64 newest rows"),
        (panels[1], drawn, ORANGE, "64 rows, drawn"),
    ):
        axes.plot(*states.T, ".", color="0.8", markersize=2, label="all that is held")
        axes.plot(*states[rows].T, ".", color=color, markersize=6, label="the minibatch")
        axes.set(title=title, xlabel="angle θ, rad", ylabel="speed θ̇, rad/s", xlim=(-3.2, 3.2))
        axes.set_ylim(-8.5, 11.5)
        axes.legend(loc="upper left", ncols=2, columnspacing=0.8, handletextpad=0.1)
    bins = np.linspace(-1, 1, 41)
    for values, color, label in zip(cosines, (BLUE, ORANGE), ("neighbours", "drawn"), strict=True):
        panels[2].hist(values, bins, color=color, alpha=0.6, label=label)
    panels[2].set(
        title="Does its gradient point the right way?",
        xlabel="cosine with the gradient of all rows",
        ylabel=f"of {len(cosines[0])} minibatches",
        xticks=(-1, -0.5, 0, 0.5, 1),
    )
    panels[2].legend()
    return figure


def old_policies(distance: Array, returns: Array) -> Any:
    """Draw for each stored episode (K, T) how far its actions are from μ's, and its return."""
    figure, panels = plt.subplots(1, 2, figsize=(9.2, 3.3), sharex=True)
    episodes = np.arange(1, distance.shape[1] + 1)
    show_seeds(panels[0], episodes, distance, "median of five seeds", BLUE)
    panels[0].set(title="Old actions are not μ's", ylabel="mean |stored action − μ(s) now|")
    show_seeds(panels[1], episodes, returns, "median of five seeds", BLUE)
    panels[1].set(title="Old episodes are worse", ylabel="return of the stored episode")
    for axes in panels:
        axes.axvspan(0.5, 5.5, color="0.9", label="random warm-up")
        axes.set(xlabel="episode in the memory, the oldest first", ylim=(None, None))
        axes.legend()
    panels[0].set_ylim(0)
    return figure


def how_much_memory(steps: Array, capacities: Array, returns: Array, other: Any) -> Any:
    """Draw curves for each capacity (C, K, E), and final returns {title: {name: (K,)}}."""
    figure, (left, *rest) = plt.subplots(1, 3, figsize=(10.4, 3.6), width_ratios=(2, 1, 1))
    for size, runs, color in zip(capacities, returns, CYCLE, strict=False):
        show_seeds(left, steps, runs, f"{size:,} rows", color)
    left.set(
        title="The default on Pendulum, five seeds each",
        xlabel="environment steps",
        ylabel="return of an evaluation",
    )
    left.legend()
    for axes, (title, ends) in zip(rest, other.items(), strict=True):
        names = [f"{name}\nreplay" for name in ends]
        show_dots(axes, names, list(ends.values()), (BLUE, ORANGE))
        axes.set(title=title, xlim=(-0.5, 1.5), ylabel="return of the last policy, each seed")
    return figure


def three_batches(batches: dict[str, Batch]) -> Any:
    """Draw minibatches as images, a transition per row."""
    figure, panels = plt.subplots(1, len(batches), figsize=(9.2, 3.4), sharey=True)
    for axes, (name, batch) in zip(panels, batches.items(), strict=True):
        rows = np.column_stack([np.reshape(part, (len(batch.obs), -1)) for part in batch])
        image = _show_rows(axes, rows / SCALES)
        axes.set(title=name)
    panels[0].set_ylabel("row of the minibatch")
    figure.colorbar(image, ax=panels, label="value / largest possible")
    figure.suptitle("A minibatch of an environment that reuses its array")
    return figure


def _show_rows(axes: Any, rows: Array) -> Any:
    """Draw rows of a memory, scaled to [−1, 1], as colours; return the image."""
    image = axes.imshow(rows, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_xticks(range(len(COLUMNS)), COLUMNS, fontsize=7, rotation=60)
    axes.grid(False)
    return image
