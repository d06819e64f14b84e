"""Figures of chapter 01: returns, values as maps, contraction, and the influence of β.

T steps. Maps are (speeds, angles), angles in rad from upright, −π to π.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, POSITIVE, show_map

LABELS = ("angle from upright, rad", "speed, rad/s")
PI_TICKS = {"xticks": [-np.pi, 0, np.pi], "xticklabels": ["−π", "0", "π"]}


def weights_and_returns(discounts: tuple[float, ...], returns: dict[str, Array]) -> Any:
    """Draw γ^k against k for each γ, and histograms of the returns from one state."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
    steps = np.arange(301)
    for discount, color in zip(discounts, (PINK, BLUE, GREY), strict=True):
        total = "no bound" if discount == 1 else f"{1 / (1 - discount):.0f}"
        label = f"γ = {discount:g}, area {total}"
        left.plot(steps, discount**steps, color=color, label=label)
    left.set(title="What a reward counts, k steps ahead", xlabel="k", ylabel="γ to the power k")
    left.legend()
    bins = np.linspace(
        min(map(np.min, returns.values())) - 5, max(map(np.max, returns.values())) + 5, 41
    )
    for (name, values), color in zip(returns.items(), (BLACK, BLUE, ORANGE), strict=True):
        style = {"histtype": "step", "linewidth": 1.5} if np.ptp(values) else {"alpha": 0.6}
        right.hist(values, bins, color=color, label=f"{name}: mean {values.mean():.0f}", **style)
    right.set(title="Return of 500 tries from one state", xlabel="return", ylabel="tries")
    right.set_yscale("log")
    right.legend()
    return figure


def spreading(maps: dict[int, Array], angles: Array, speeds: Array) -> Any:
    """Draw V of a table after several numbers of backups, on one scale."""
    figure, panels = plt.subplots(1, len(maps), figsize=(11, 2.9), sharey=True)
    low = min(float(values.min()) for values in maps.values())
    for axes, (count, values) in zip(panels, maps.items(), strict=True):
        image = show_map(axes, values, angles, speeds, ("angle", ""), vmin=low, vmax=0)
        axes.set(title=f"{count} backup{'s' * (count != 1)}", **PI_TICKS)
    panels[0].set_ylabel(LABELS[1])
    figure.colorbar(image, ax=panels, label="value of the best action")
    figure.suptitle("The value of upright is known first, and spreads backwards in time")
    return figure


def value_maps(
    maps: dict[str, Array], angles: Array, speeds: Array, paths: dict[str, tuple[Array, Array]]
) -> Any:
    """Draw each policy's map of values, and on it its path: angles (T,) and speeds (T,)."""
    figure, panels = plt.subplots(1, len(maps), figsize=(10, 3.9), sharey=True)
    for axes, (name, values) in zip(panels, maps.items(), strict=True):
        image = show_map(axes, values, angles, speeds, LABELS)
        figure.colorbar(image, ax=axes, label="value")
        levels = np.linspace(values.min(), values.max(), 9)
        axes.contour(angles, speeds, values, levels, colors="white", linewidths=0.5, alpha=0.6)
        angle, speed = paths[name]
        wrapped = (angle + np.pi) % (2 * np.pi) - np.pi
        jumps = np.flatnonzero(np.abs(np.diff(wrapped)) > np.pi) + 1
        line = np.insert(wrapped, jumps, np.nan), np.insert(speed, jumps, np.nan)
        axes.plot(*line, color=ORANGE, linewidth=1.5)
        axes.plot(wrapped[::10], speed[::10], ".", color=ORANGE, markersize=5)
        axes.plot(wrapped[0], speed[0], "o", color="white", markeredgecolor=BLACK, label="start")
        axes.plot(wrapped[-1], speed[-1], "s", color=GREEN, markeredgecolor=BLACK, label="end")
        axes.set(title=name, **PI_TICKS)
    panels[-1].set_ylabel("")
    panels[0].legend(loc="upper right", frameon=True)
    figure.suptitle("Every state's value, white lines where it is equal; a dot each half second")
    return figure


def q_curves(
    actions: Array, curves: dict[str, tuple[Array, Array]], chosen: dict[str, float]
) -> Any:
    """Draw Q* and Q^μ, (len(actions),) each, of some states; a dot where μ acts."""
    figure, panels = plt.subplots(2, len(curves), figsize=(9.5, 4.2), sharex=True)
    rows = ("$Q^*(s, a)$", BLUE), ("$Q^\\mu(s, a)$ of the spring", ORANGE)
    for column, (name, both) in enumerate(curves.items()):
        for axes, values, (label, color) in zip(panels[:, column], both, rows, strict=True):
            axes.plot(actions, values, color=color, label=label)
            axes.plot(actions[values.argmax()], values.max(), "^", color=color, label="its best a")
        action = chosen[name]
        value = np.interp(action, actions, curves[name][1])
        panels[1, column].plot(action, value, "o", color=BLACK, label="$\\mu(s)$: $V^\\mu(s)$")
        panels[0, column].set_title(name)
        panels[1, column].set_xlabel("action, in [−1, 1]")
    for axes in panels[:, 0]:
        axes.set_ylabel("value")
    for axes in panels[:, -1]:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    figure.suptitle("One action now, then the policy: what it is worth depends on what follows")
    return figure


def contraction(distances: dict[str, Array], discount: float, factors: dict[str, Array]) -> Any:
    """Draw the distances from the fixed point after each backup, and the factors between them."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4))
    colors = (BLUE, GREEN, PINK, ORANGE)
    for (name, distance), color in zip(distances.items(), colors, strict=True):
        left.semilogy(distance, color=color, label=name)
    k = np.arange(len(distance))
    bound = 2 * max(float(d[0]) for d in distances.values()) * discount**k
    left.semilogy(k, bound, ":", color=BLACK, label="bound: the factor at each backup")
    left.set(xlabel="backups", ylabel="largest error in the table")
    left.set_title("The largest error falls along a straight line")
    left.set_ylim(bottom=1e-7)
    left.legend(loc="lower left")
    for (name, factor), color in zip(factors.items(), (BLUE, ORANGE), strict=True):
        right.plot(factor, color=color, label=name)
    right.axhline(discount, color=BLACK, linestyle=":", label="the bound")
    right.set(xlabel="backup", ylabel="distance after / before")
    right.set_title("Only the largest error obeys the bound")
    right.legend()
    return figure


def off_policy(learned: dict[str, tuple[Array, Array, Array]], angles: Array, speeds: Array) -> Any:
    """Draw for each β its visits, and |Q − Q^μ| of a table and of a fit in 14 features.

    The error of the table is NaN where β has not visited enough.
    """
    figure, panels = plt.subplots(len(learned), 3, figsize=(10, 5.4), sharex=True, sharey=True)
    titles = "visits, $\\rho^\\beta$", "a table: error", "14 features: error"
    largest = max(float(np.quantile(row[2], 0.98)) for row in learned.values())
    for row, (name, (visits, table, features)) in zip(panels, learned.items(), strict=True):
        image = show_map(
            row[0], np.log10(1 + visits), angles, speeds, ("", f"β: {name}\nspeed, rad/s")
        )
        figure.colorbar(image, ax=row[0], label="log₁₀(1 + visits)")
        for axes, error in ((row[1], table), (row[2], features)):
            options: Any = {"vmin": 0, "vmax": largest, "cmap": POSITIVE}
            image = show_map(axes, error, angles, speeds, ("", ""), **options)
            axes.set_facecolor("0.75")
        figure.colorbar(image, ax=row[1:], label="|error| at $a = \\mu(s)$")
    for axes, title in zip(panels[0], titles, strict=True):
        axes.set_title(title)
    for axes in panels[-1]:
        axes.set(xlabel=LABELS[0], **PI_TICKS)
    figure.suptitle("Learned from somebody else's transitions (grey: too few visits)")
    return figure


def without_discount(backups: Array, lowest: dict[str, Array]) -> Any:
    """Draw the lowest value of a table against backups, with γ = 1."""
    figure, axes = plt.subplots()
    for (name, values), color in zip(lowest.items(), (BLUE, ORANGE), strict=True):
        axes.plot(backups, values, color=color, label=name)
    axes.set(xlabel="backups", ylabel="lowest value in the table")
    axes.set_title("γ = 1: one table settles, the other falls for ever")
    axes.legend()
    return figure
