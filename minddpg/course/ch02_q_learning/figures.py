"""Figures of chapter 02: a table and the exact one, its error, the cost of a maximum.

S cells, A actions, K states.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, POSITIVE, SKY, show_array, show_seeds

STEPS = np.array([(-1, 0), (0, 1), (1, 0), (0, -1)])  # up, right, down, left
REWARDS = {"1": "+1", "X": "+10"}  # of the maze's ends


def world(worlds: dict[str, Array], maze: list[str]) -> Any:
    """Draw max Q of tables (S, A) as colours, and the greedy actions as arrows.

    Args:
        maze: its rows; # wall, S start, 1 and X ends of reward 1 and 10.
    """
    rows, columns = len(maze), len(maze[0])
    figure, panels = plt.subplots(1, len(worlds), figsize=(10, 2.3))
    for axes, (name, q) in zip(panels, worlds.items(), strict=True):
        values = np.max(q, axis=1).reshape(rows, columns)
        signs = np.array([list(row) for row in maze])
        inner = (signs == ".") | (signs == "S")
        image = axes.imshow(np.where(inner, values, np.nan), vmin=0, vmax=12, cmap=POSITIVE)
        row, column = np.argwhere(signs == "S")[0]
        axes.text(column - 0.42, row - 0.22, "S", color="white", fontsize=8, weight="bold")
        for i, j in np.ndindex(rows, columns):
            if inner[i, j] and values[i, j] > 1e-3:
                di, dj = 0.28 * STEPS[np.argmax(q[i * columns + j])]
                arrow = {"arrowstyle": "->", "color": "white", "linewidth": 1.2}
                axes.annotate("", (j + dj, i + di), (j - dj, i - di), arrowprops=arrow)
            elif signs[i, j] == "#":
                axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=GREY))
            elif str(signs[i, j]) in REWARDS:
                text = REWARDS[str(signs[i, j])]
                axes.text(j, i, text, ha="center", va="center", fontsize=8)
        axes.set(title=name, xticks=[], yticks=[])
        axes.grid(False)
    figure.colorbar(image, ax=panels, label="max Q(s, ·)", shrink=0.8)
    figure.suptitle("The table grows backwards from the ends")
    return figure


def tables(learned: dict[str, Array]) -> Any:
    """Draw tables (S, A) as images, a row per cell."""
    figure, panels = plt.subplots(1, len(learned), figsize=(9, 3.6))
    for axes, (name, q) in zip(panels, learned.items(), strict=True):
        show_array(axes, q, name, "cells", "up right down left", limit=10.0)
    figure.suptitle("The whole of Q, number by number (white 0, red positive)")
    return figure


def errors(steps: Array, runs: dict[str, Array], title: str) -> Any:
    """Draw the table's largest error, (seeds, steps) each, on a logarithmic axis."""
    figure, axes = plt.subplots()
    for (name, several), color in zip(
        runs.items(), (BLUE, ORANGE, GREEN, PINK, BLACK), strict=False
    ):
        show_seeds(axes, steps, np.maximum(several, 1e-6), name, color)
    axes.set(yscale="log", xlabel="steps", ylabel="largest |Q − Q*|, cut at 10⁻⁶", title=title)
    axes.legend()
    return figure


def cost(dims: Array, counted: dict[int, tuple[Array, Array]], actor: Array) -> Any:
    """Draw the number of actions on a grid, and the time that a search takes, against A.

    Args:
        counted: for each number of points, the numbers of actions and the seconds (some NaN).
        actor: seconds of an actor's forward pass.
    """
    figure, (left, right) = plt.subplots(1, 2)
    for (points, (number, seconds)), color in zip(counted.items(), (SKY, BLUE), strict=True):
        left.semilogy(dims, number, "o-", color=color, markersize=4, label=f"{points} points")
        right.semilogy(dims, 1e3 * seconds, "o-", color=color, markersize=4)
    right.semilogy(dims, 1e3 * actor, "s--", color=ORANGE, markersize=4, label="an actor")
    left.set(title="Actions in the grid: points to the power A", ylabel="calls of Q")
    right.set(title="One best action, measured", ylabel="ms")
    for axes in (left, right):
        axes.set(xlabel="A, entries of an action", xticks=dims)
        axes.legend()
    figure.suptitle("Each further entry multiplies the work")
    return figure


def climbs(curves: Array, grid: Array, paths: list[tuple[Array, Array]], chosen: Any) -> Any:
    """Draw Q(s, ·) of each state, with ascents on it, its best point and the actor's action.

    Args:
        curves: (states, len(grid)).
        paths: for each state, the actions visited and their values, (starts, steps + 1) each.
        chosen: for each state, the actor's action and its value.
    """
    figure, panels = plt.subplots(1, len(curves), figsize=(10, 3.2))
    for axes, curve, (actions, values), (action, value) in zip(
        panels, curves, paths, chosen, strict=True
    ):
        axes.plot(grid, curve, color=GREY)
        for x, y, color, size in zip(actions, values, (BLUE, GREEN), (4, 2), strict=False):
            axes.plot(x, y, "o-", color=color, markersize=size, linewidth=0.8)
            axes.plot(x[0], y[0], "o", color=color, markersize=9, fillstyle="none")
        best = int(np.argmax(curve))
        axes.plot(grid[best], curve[best], "*", color=BLACK, markersize=11)
        axes.plot(action, value, "s", color=ORANGE, markersize=6)
        axes.set(xlabel="action", xlim=(-1.15, 1.15))
    panels[0].set_ylabel("Q(s, action)")
    handles = [
        Line2D([], [], marker="*", color=BLACK, linestyle="", label="best of a grid"),
        Line2D([], [], marker="o", color=BLUE, fillstyle="none", label="ascent from 0.5"),
        Line2D([], [], marker="o", color=GREEN, fillstyle="none", label="ascent from −0.5"),
        Line2D([], [], marker="s", color=ORANGE, linestyle="", label="actor: μ(s)"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    figure.suptitle("Four states: three ways to a large Q")
    return figure


def shares(lost: Array, worst: Array) -> Any:
    """Draw how much Q the actor's and the worst action lose, (seeds, K) each, sorted."""
    figure, axes = plt.subplots()
    share = np.linspace(0, 100, lost.shape[1])
    for name, amount, color in (("the worst action", worst, GREY), ("the actor", lost, BLUE)):
        axes.plot(share, np.sort(amount, axis=1).T, color=color, alpha=0.7, linewidth=1.2)
        axes.plot([], color=color, label=f"{name}: max Q − Q(s, ·)")
    axes.set(
        title="What an actor gives away (five seeds)",
        xlabel="share of 300 states, %, from the smallest loss to the largest",
        ylabel="Q lost",
    )
    axes.legend()
    return figure


def seconds(function: Callable[[Array], Any], x: Array, times: int = 3) -> float:
    """Return the seconds of the fastest of several calls."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        function(x)
        durations.append(time.perf_counter() - start)
    return min(durations)
