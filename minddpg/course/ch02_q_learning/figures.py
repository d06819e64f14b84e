"""Figures of chapter 02: learned and exact tables, their errors, the cost of a maximum.

S cells, A actions.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ...nn.mlp import MLP
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, POSITIVE, SIGNED, SKY, show_seeds
from . import search
from .maze import COLUMNS, MAZE, MOVES

MOST_CALLS = 2_500  # of a learner's search, which may be slow


def world(worlds: dict[str, Array], title: str) -> Any:
    """Draw max Q of tables (S, A) in the maze as colours, and the greedy actions as arrows."""
    figure, panels = plt.subplots(1, len(worlds), figsize=(10, 2.3))
    for axes, (name, q) in zip(panels, worlds.items(), strict=True):
        values = np.max(q, axis=1)
        image = _maze(axes, values, name, POSITIVE, 0, 10)
        for cell in np.flatnonzero(values > 1e-3):
            i, j = divmod(int(cell), COLUMNS)
            di, dj = 0.28 * np.array(MOVES[np.argmax(q[cell])])
            arrow = {"arrowstyle": "->", "color": "white", "linewidth": 1.2}
            axes.annotate("", (j + dj, i + di), (j - dj, i - di), arrowprops=arrow)
    figure.colorbar(image, ax=panels, label="max Q(s, ·)", shrink=0.8)
    figure.suptitle(title)
    return figure


def differences(learned: dict[str, Array]) -> Any:
    """Draw, in the maze, the entry of largest size in each row of tables (S, A)."""
    figure, panels = plt.subplots(1, len(learned), figsize=(8.5, 2.6))
    for axes, (name, table) in zip(panels, learned.items(), strict=True):
        largest = np.take_along_axis(table, np.abs(table).argmax(axis=1)[:, None], axis=1)[:, 0]
        image = _maze(axes, largest, name, SIGNED, -10, 10)
    figure.colorbar(image, ax=panels, shrink=0.8, label="largest of 4 actions")
    figure.suptitle("After 500 steps: the TD error is small where nothing is known")
    return figure


def _maze(axes: Any, values: Array, name: str, colors: str, low: float, high: float) -> Any:
    signs = np.array([list(row) for row in MAZE])
    inner = (signs == ".") | (signs == "S")
    table = np.where(inner, np.reshape(values, signs.shape), np.nan)
    image = axes.imshow(table, vmin=low, vmax=high, cmap=colors)
    for i, j in np.ndindex(*signs.shape):
        if signs[i, j] == "#":
            axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=GREY))
        elif signs[i, j] != ".":
            text = {"S": "S", "1": "+1", "X": "+10"}[str(signs[i, j])]
            where = (j - 0.3, i - 0.28) if text == "S" else (j, i)
            color = "white" if text == "S" and colors == POSITIVE else None
            axes.text(*where, text, ha="center", va="center", fontsize=8, color=color)
    axes.set(title=name, xticks=[], yticks=[])
    axes.grid(False)
    return image


def errors(steps: Array, runs: dict[str, Array], whose: str) -> Any:
    """Draw the table's largest error, (seeds, steps) each, on a logarithmic axis."""
    figure, axes = plt.subplots(figsize=(7.5, 3.6))
    colors = (BLUE, ORANGE, GREEN, PINK)
    for (name, several), color in zip(runs.items(), colors, strict=False):
        show_seeds(axes, steps, np.maximum(several, 1e-6), name, color)
    axes.set(yscale="log", xlabel="steps", ylabel="largest |Q − Q*|, cut at 10⁻⁶")
    axes.set_title(f"How far the table is from Q*, by {whose}\nthin: five seeds, strong: median")
    axes.legend()
    return figure


def growth(steps: Array, runs: dict[str, Array]) -> Any:
    """Draw the largest |Q|, (seeds, steps) each, on a logarithmic axis."""
    figure, axes = plt.subplots(figsize=(7.5, 3.6))
    for (name, several), color in zip(runs.items(), (BLUE, GREEN, ORANGE), strict=True):
        show_seeds(axes, steps, several, name, color)
    axes.axhline(10, color=GREY, linestyle=":", label="largest possible value")
    axes.set(yscale="log", xlabel="steps", ylabel="largest |Q|")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    title = "The same equation, with a table and with a function"
    axes.set_title(f"{title}\nthin: five seeds, strong: median")
    axes.legend()
    return figure


def cost(greedy_on_grid: Callable[..., Any], whose: str) -> Any:
    """Draw how often a learner's search calls Q, and how long it takes, against A."""
    dims, rng = np.arange(1, 13), np.random.default_rng(2)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    for points, color in ((3, SKY), (11, BLUE)):
        left.semilogy(dims, float(points) ** dims, "o-", color=color, label=f"{points} points")
        some = [dim for dim in dims.tolist() if points**dim <= MOST_CALLS]
        took = []
        for dim in some:
            critic = MLP((10 + dim, 64, 64, 1), rng=rng)
            state = np.zeros(10)
            q_function = _q_function(critic)
            greedy_on_grid(q_function, state, 2, dim)  # the first call is slower
            start = time.perf_counter()
            greedy_on_grid(q_function, state, points, dim)
            took.append(time.perf_counter() - start)
        right.semilogy(some, 1e3 * np.array(took), "o-", color=color, label=f"{points} points")
    actors = [MLP((10, 64, 64, dim), rng=rng) for dim in dims.tolist()]
    obs = np.zeros((1, 10), np.float32)
    took = [_seconds(actor.forward, obs) for actor in actors]
    right.semilogy(dims, 1e3 * np.array(took), "s--", color=ORANGE, label="an actor")
    left.set(title="Actions in the grid: points to the power A", ylabel="calls of Q")
    right.set(title=f"One best action, by {whose}", ylabel="ms")
    for axes in (left, right):
        axes.set(xlabel="A, entries of an action", xticks=dims)
        axes.legend()
    figure.suptitle("Each further entry multiplies the work")
    return figure


def _q_function(critic: MLP) -> Callable[[Array, Array], float]:
    def q_function(state: Array, action: Array) -> float:
        x = np.concatenate((state, np.ravel(action)))[None].astype(np.float32)
        return float(critic.forward(x)[0][0, 0])

    return q_function


def climbs(agent: Any, obs: Array, greedy_on_grid: Callable[..., Any], whose: str) -> Any:
    """Draw Q(s, ·) in states (K, S), with ascents, the learner's best action and the actor's."""
    grid, curves = search.curves(agent, obs)
    ways = [search.ascend(agent, obs, start)[..., 0].T for start in (0.5, -0.5)]

    def q_function(state: Array, action: Array) -> float:
        one = np.reshape(action, (1, 1)).astype(np.float32)
        return float(search.values(agent, np.reshape(state, (1, -1)), one)[0])

    figure, panels = plt.subplots(1, len(obs), figsize=(10, 3.2))
    for k, axes in enumerate(panels):
        axes.plot(grid, curves[k], color=GREY)
        for path, color, size in zip(ways, (BLUE, GREEN), (4, 2), strict=True):
            heights = np.interp(path[k], grid, curves[k])
            axes.plot(path[k], heights, "o-", color=color, markersize=size, linewidth=0.8)
            axes.plot(path[k][0], heights[0], "o", color=color, markersize=9, fillstyle="none")
        best = float(np.squeeze(greedy_on_grid(q_function, obs[k], 41, 1)[0]))
        axes.plot(best, np.interp(best, grid, curves[k]), "*", color=BLACK, markersize=11)
        action = float(agent.act(obs[k : k + 1])[0, 0])
        height = np.interp(action, grid, curves[k])
        axes.plot(action, height, "s", color=ORANGE, markersize=6)
        axes.set(title=f"state {k + 1}", xlabel="action", xlim=(-1.15, 1.15))
    panels[0].set_ylabel("Q(s, action)")
    handles = [
        Line2D([], [], marker="*", color=BLACK, linestyle="", label="best of 41"),
        Line2D([], [], marker="o", color=BLUE, fillstyle="none", label="ascent from 0.5"),
        Line2D([], [], marker="o", color=GREEN, fillstyle="none", label="ascent from −0.5"),
        Line2D([], [], marker="s", color=ORANGE, linestyle="", label="actor: μ(s)"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    figure.suptitle(f"Three ways to a large Q; the best of 41 by {whose}")
    return figure


def _seconds(function: Callable[[Array], Any], x: Array, times: int = 3, calls: int = 20) -> float:
    """Return the seconds per call, from the fastest of several series of calls.

    A single call may be shorter than the resolution of the clock, which is coarse in a browser.
    """
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        for _ in range(calls):
            function(x)
        durations.append(time.perf_counter() - start)
    return min(durations) / calls
