"""Figures of chapter 05: two ends of an episode, a column minus a row, values, Adam's arrays.

N batch, I inputs, O outputs of a layer.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ..style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    POSITIVE,
    show_array,
    show_arrow,
    show_map,
    show_seeds,
)

STEP = 1.5
DEGREES = 180 / np.pi


def two_ends() -> Any:
    """Draw the last steps of an episode that terminated, and of one that was truncated."""
    figure, axes = plt.subplots(figsize=(9, 3.6))
    axes.set(xlim=(-0.7, 8.9), ylim=(-1.0, 3.2))
    axes.axis("off")
    _episode(axes, 2.2, "terminated: the world has ended", "$y = r_{T-1}$", ORANGE, goes_on=False)
    rule = r"$y = r_{T-1} + \gamma\,Q'(s_T, \mu'(s_T))$"
    _episode(axes, 0.0, "truncated: the clock has run out", rule, BLUE, goes_on=True)
    figure.suptitle("The same last step, two meanings: only a true end sets what follows to 0")
    return figure


def _episode(axes: Any, y: float, title: str, target: str, color: str, goes_on: bool) -> None:
    names = ("$s_{T-2}$", "$s_{T-1}$", "$s_T$")
    axes.text(-0.6, y + 0.72, title, color=color, fontsize=9, weight="bold")
    for i, name in enumerate(names):
        _state(axes, STEP * i, y, name, BLACK)
        if i:
            show_arrow(axes, (STEP * (i - 1) + 0.3, y), (STEP * i - 0.3, y), BLACK)
            label = "$r_{T-2}$" if i == 1 else "$r_{T-1}$"
            axes.text(STEP * (i - 0.5), y + 0.12, label, ha="center", fontsize=9)
    end = STEP * 2 + 0.55
    axes.plot([end] * 2, [y - 0.5, y + 0.5], color=color, linewidth=3)
    if goes_on:
        for i in (3, 4, 5):
            _state(axes, STEP * i, y, f"$s_{{T+{i - 2}}}$", GREY, linestyle="--")
            show_arrow(axes, (STEP * (i - 1) + 0.3, y), (STEP * i - 0.3, y), GREY, linestyle="--")
            axes.text(STEP * (i - 0.5) + 0.08, y + 0.12, "r", ha="center", fontsize=9, color=GREY)
        axes.text(STEP * 5 + 0.5, y, "…", va="center", color=GREY)
        note = "it would have gone on: what comes is part of Q,\nand $s_T$ is there to ask"
    else:
        note = "nothing comes any more: its value is 0, whatever a network says about $s_T$"
    axes.text(end + 0.1, y - 0.72, note, color=color, fontsize=8, va="center")
    axes.text(STEP * 1.5, y - 0.72, target, ha="center", va="center", color=color, fontsize=10)


def _state(axes: Any, x: float, y: float, name: str, color: str, **line: Any) -> None:
    axes.scatter([x], [y], s=700, facecolor="white", edgecolor=color, zorder=3, **line)
    axes.text(x, y, name, ha="center", va="center", fontsize=8, color=color, zorder=4)


def column_against_row(q: Array, y: Array) -> Any:
    """Draw q (N, 1), y (N,), and q − y (N, N), with frames around the errors that were meant."""
    table = q - y
    limit = float(np.abs(table).max())
    n = len(y)
    figure, panels = plt.subplots(1, 3, figsize=(7.6, 3.7), width_ratios=(1.2, n, n))
    show_array(panels[0], q, "q", limit=limit)
    show_array(panels[1], y, "y", limit=limit)
    show_array(panels[2], table, "q − y", columns="y of example", rows="q of example", limit=limit)
    panels[1].set_box_aspect(1 / n)
    for i in range(n):
        frame = Rectangle((i - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=BLACK, linewidth=2)
        panels[2].add_patch(frame)
    figure.suptitle(f"A column against a row: {n} errors were meant (framed), {n * n} came out")
    return figure


def value_maps(moments: list[tuple[str, Array]], angle: Array, speed: Array) -> Any:
    """Draw V (angles, speeds) of each moment on one scale; the last is the exact V."""
    low = float(np.percentile(moments[-1][1], 2))
    labels = "angle, degrees", ""
    options: Any = {"vmin": low, "vmax": 0, "rasterized": True}
    figure, panels = plt.subplots(1, len(moments), figsize=(10, 2.9), sharey=True)
    for axes, (title, values) in zip(panels, moments, strict=True):
        image = show_map(axes, values.T, DEGREES * angle, speed, labels, **options)
        axes.set_title(title)
        axes.set_xticks([-180, 0, 180])
    panels[0].set_ylabel("speed, rad/s")
    figure.colorbar(image, ax=panels, label="value", extend="min")
    figure.suptitle("Where the critic's knowledge comes from: out of the rewards, step by step")
    return figure


def critic_error(errors: dict[str, Array], size: float) -> Any:
    """Draw the error of Q, compared with exact Q^μ, over updates: root mean square, and mean."""
    lines = (
        ("returns", "y is the return", BLUE),
        ("copy", "y from a slow copy, as in (5)", GREEN),
        ("itself", "y from the critic itself", ORANGE),
    )
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), sharex=True)
    for name, label, color in lines:
        for i, axes in enumerate(panels):
            show_seeds(axes, errors["update"], errors[name][:, :, i], label, color)
    panels[0].axhline(size, color=GREY, linestyle=":", label="error of a critic that says 0")
    panels[0].set(title="Root mean square error", ylabel="units of return", yscale="log")
    panels[1].axhline(0, color=GREY, linestyle=":")
    panels[1].set_title("Mean error, Q − exact $Q^\\mu$ (logarithmic beyond ±10)")
    panels[1].set_yscale("symlog", linthresh=10)
    for axes in panels:
        axes.set_xlabel("updates")
    panels[0].legend()
    figure.suptitle("A critic against the exact $Q^\\mu$ of a fixed policy, five seeds")
    return figure


def inside_adam(grad: Array, mean: Array, root: Array, step: Array) -> Any:
    """Draw four arrays (I, O) of one weight: what comes in, what Adam keeps, what goes out."""
    arrays = {
        "gradient of this batch": grad,
        "m̂, its average": mean,
        "√v̂, its size": root,
        "step / learning rate": step,
    }
    figure, panels = plt.subplots(4, 1, figsize=(8.2, 5.2))
    for axes, (title, array) in zip(panels, arrays.items(), strict=True):
        image = show_array(axes, array, title)
        if array.min() >= 0:
            image.set(cmap=POSITIVE, clim=(0, array.max()))
        axes.set_title(axes.get_title().replace("\n", ", "))
        figure.colorbar(image, ax=axes, aspect=6)
        axes.set_yticks(range(4), ("cosine", "sine", "speed", "action"))
    panels[-1].set_xlabel("hidden unit")
    figure.suptitle("What Adam holds for one weight matrix: sizes that differ, steps that do not")
    return figure
