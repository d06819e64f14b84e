"""Figures of chapter 07: a buffer's rows, how often they are drawn, and learning from them.

N batch, T steps, K seeds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...ddpg.replay import Batch, ReplayBuffer
from ...nn.layers import Array
from ...verification.exact_pendulum import TIME_LIMIT
from ..style import BLACK, BLUE, CYCLE, ORANGE, SIGNED, show_seeds

COLUMNS = ("cos θ", "sin θ", "θ̇", "a", "r", "cos θ'", "sin θ'", "θ̇'", "end")
SCALES = np.array([1, 1, 8, 1, 17, 1, 1, 8, 1])  # the largest value of each of Pendulum's columns


def buffer_as_it_fills(history: Batch, capacity: int, moments: Sequence[int]) -> Any:
    """Draw a buffer's rows when this many transitions of a history have been added."""
    figure, panels = plt.subplots(1, len(moments), figsize=(9.6, 4.8), sharey=True)
    buffer = ReplayBuffer(capacity, obs_dim=3, action_dim=1)
    for axes, added in zip(panels, moments, strict=True):
        for k in range(buffer.added, added):
            buffer.add(*(part[k] for part in history))
        written = np.arange(capacity)[:, None] < added
        image = _show_rows(axes, np.where(written, buffer.rows / SCALES, np.nan))
        row = added % capacity - 0.5
        axes.axhline(row, color=BLACK, linewidth=1.5)
        axes.annotate(
            "next row", (8.5, row), (8.7, row), fontsize=8, va="center", annotation_clip=False
        )
        axes.set_title(f"{added} added, {len(buffer)} held")
        axes.set_facecolor("0.85")
    panels[0].set_ylabel("row of the buffer")
    figure.colorbar(image, ax=panels, label="value / largest possible value", pad=0.06)
    figure.suptitle(
        f"{capacity} rows fill up, then the oldest are overwritten (grey: not yet written)"
    )
    return figure


def how_often_drawn(times: Array, capacity: int, batch_size: int, code: str) -> Any:
    """Draw how often each transition (T,) was drawn: by its number, and as a histogram.

    A minibatch was drawn after each transition, except for the first `batch_size` transitions.
    """
    total = len(times)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.4), width_ratios=(3, 2))
    held = np.minimum(np.arange(1, total + 1), capacity)  # at each step
    draws = np.where(np.arange(total) < batch_size, 0, batch_size / held)  # per row
    chances = np.append(0, np.cumsum(draws))
    first = np.arange(total)
    expected = chances[np.minimum(first + capacity, total)] - chances[first]
    left.plot(times, ".", color=BLUE, markersize=3, alpha=0.6, label="counted")
    left.plot(expected, color=ORANGE, label="expected")
    left.axvspan(total - capacity, total, color="0.93", label="still in the buffer")
    left.set(
        title=f"How often each transition was drawn ({code})",
        xlabel="number of the transition",
        ylabel="times drawn",
    )
    left.legend()
    settled = times[capacity : total - capacity]  # entered a full buffer and left it again
    k = np.arange(settled.min(), settled.max() + 1)
    right.hist(settled, np.append(k, k[-1] + 1) - 0.5, density=True, color=BLUE, alpha=0.6)
    log_factorial = np.array([np.log(np.arange(1, i + 1)).sum() for i in k])
    poisson = np.exp(k * np.log(batch_size) - batch_size - log_factorial)
    right.plot(k, poisson, color=ORANGE, label=f"Poisson distribution, mean {batch_size}")
    right.set(
        title="Those that entered and left a full buffer", xlabel="times drawn", ylabel="share"
    )
    right.set_ylim(0, 1.3 * poisson.max())
    right.legend()
    return figure


def alike(in_time: Array, drawn: Array, correlations: Sequence[Array], code: str) -> Any:
    """Draw cos θ in order of time and as drawn, and both autocorrelations (lags,)."""
    figure, panels = plt.subplot_mosaic("AC;BC", figsize=(9.2, 3.8), width_ratios=(3, 2))
    both = (in_time, "A", BLUE, "in order of time"), (drawn, "B", ORANGE, "as drawn")
    for (values, place, color, label), c in zip(both, correlations, strict=True):
        panels[place].plot(values[:200], ".-", color=color, markersize=3, linewidth=0.6)
        panels[place].set(title=f"cos θ of 200 rows, {label}", ylabel="cos θ", ylim=(-1.1, 1.1))
        panels["C"].plot(np.arange(len(c)), c, ".-", color=color, label=label)
    panels["A"].tick_params(labelbottom=False)
    panels["B"].set_xlabel("position")
    noise = 2 / np.sqrt(len(drawn))
    panels["C"].axhspan(-noise, noise, color="0.9", label="95 % band if values were independent")
    panels["C"].set(
        title=f"Autocorrelation ({code})", xlabel="positions apart (lag)", ylim=(-0.35, 1.35)
    )
    panels["C"].legend(loc="upper right")
    return figure


def neighbours(
    history: Batch,
    drawn: Array,
    sizes: Sequence[int],
    predicted: Array,
    measured: Array,
    gradient: float,
    code: str,
) -> Any:
    """Draw the states of the 64 newest and of drawn transitions, and what neighbours are worth.

    Args:
        drawn: observations (N, 3).
        predicted, measured: the effective size of TD errors, for each of the sizes.
        gradient: the effective size of the critic's gradient, for the largest size.
    """
    figure, panels = plt.subplots(1, 3, figsize=(10.8, 3.7), width_ratios=(1, 1, 1.2))
    for axes, obs, color, title in (
        (panels[0], history.obs[-64:], BLUE, "The 64 newest transitions"),
        (panels[1], drawn, ORANGE, "64 drawn transitions"),
    ):
        for part, shade, size, label in (
            (history.obs, "0.8", 2, "in the buffer"),
            (obs, color, 6, "minibatch"),
        ):
            angle = np.arctan2(part[:, 1], part[:, 0])
            axes.plot(angle, part[:, 2], ".", color=shade, markersize=size, label=label)
        axes.set(title=title, xlabel="angle θ, rad (0: upright)", xlim=(-3.2, 3.2))
        axes.set_ylim(-8.5, 11.5)
        axes.legend(loc="upper left", ncols=2, columnspacing=0.8, handletextpad=0.1)
    panels[0].set_ylabel("speed θ̇, rad/s")
    axes, ticks = panels[2], list(sizes)
    axes.plot(sizes, sizes, "--", color=BLACK, linewidth=1, label="if independent")
    axes.plot(sizes, predicted, "-", color=BLUE, label="TD errors, predicted")
    axes.plot(sizes, measured, "o", color=BLUE, label="TD errors, measured")
    axes.plot(sizes[-1], gradient, "s", color=ORANGE, label="gradient, measured")
    axes.set(xscale="log", yscale="log", xlabel="successive transitions n", ylabel="draws")
    axes.set_xticks(ticks, list(map(str, ticks)))
    axes.set_yticks(ticks, list(map(str, ticks)))
    axes.minorticks_off()
    axes.set_title(f"Draws that n neighbours are worth\n({code})")
    axes.legend()
    return figure


def old_policies(distance: Array, returns: Array) -> Any:
    """Draw, for each stored episode (K, ·), how far its actions are from μ's, and its return."""
    figure, panels = plt.subplots(1, 2, figsize=(9.2, 3.3), sharex=True)
    episodes = np.arange(1, distance.shape[1] + 1)
    show_seeds(panels[0], episodes, distance, "median of five seeds", BLUE)
    panels[0].set(
        title="How far stored actions are from the trained actor's",
        ylabel="mean |stored action − μ(s)|",
    )
    show_seeds(panels[1], episodes, returns, "median of five seeds", BLUE)
    panels[1].set(title="Return of each stored episode", ylabel="return")
    for axes in panels:
        axes.axvspan(0.5, 5.5, color="0.9", label="random warm-up")
        axes.set(xlabel="episode in the buffer, the oldest first", ylim=(None, None))
        axes.legend()
    panels[0].set_ylim(0)
    return figure


def how_large(sizes: Any, own: dict[str, Array], code: str) -> Any:
    """Draw precomputed curves of several capacities, and returns of runs {name: rewards (T,)}."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.8), sharey=True)
    colors = dict(zip(sizes["capacities"].tolist(), CYCLE, strict=False))
    for size, runs in zip(sizes["capacities"].tolist(), sizes["returns"], strict=True):
        show_seeds(left, sizes["steps"], runs, f"{size:,} rows", colors[size])
    left.set(
        title="Evaluations without noise, five seeds each",
        xlabel="environment steps",
        ylabel="return of an episode",
    )
    left.legend()
    for (name, rewards), color in zip(own.items(), (CYCLE[0], CYCLE[3]), strict=True):
        returns = _per_episode(rewards).sum(axis=1)
        right.plot(TIME_LIMIT * np.arange(1, len(returns) + 1), returns, color=color, label=name)
    right.axvspan(0, 1_000, color="0.9", label="random warm-up")
    right.set(title=f"Training episodes, one seed ({code})", xlabel="environment steps")
    right.legend()
    return figure


def three_batches(batches: dict[str, Batch], code: str) -> Any:
    """Draw minibatches as images, one transition per row."""
    figure, panels = plt.subplots(1, len(batches), figsize=(9.2, 3.4), sharey=True)
    for axes, (name, batch) in zip(panels, batches.items(), strict=True):
        rows = np.column_stack([np.reshape(part, (len(batch.obs), -1)) for part in batch])
        image = _show_rows(axes, rows / SCALES)
        axes.set(title=name)
    panels[0].set_ylabel("row of the minibatch")
    figure.colorbar(image, ax=panels, label="value / largest possible value")
    figure.suptitle(f"64 transitions of an environment that reuses its array ({code})")
    return figure


def _show_rows(axes: Any, rows: Array) -> Any:
    """Draw rows of a buffer, scaled to [−1, 1], as colours; return the image."""
    image = axes.imshow(rows, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_xticks(range(len(COLUMNS)), COLUMNS, fontsize=7, rotation=60)
    axes.grid(False)
    return image


def _per_episode(values: Array) -> Array:
    """Cut values of successive steps (T,) into episodes, (T / 200, 200)."""
    return values.reshape(-1, TIME_LIMIT)
