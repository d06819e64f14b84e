"""Figures of chapter 05: two ends of an episode, a column minus a row, values, errors.

N batch.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_SPEED, MAX_TORQUE
from ..style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    draw_only,
    show_array,
    show_arrow,
    show_map,
    show_seeds,
)

STEP = 1.5
DEGREES = 180 / np.pi
ANGLE, SPEED = np.linspace(-np.pi, np.pi, 61), np.linspace(-MAX_SPEED, MAX_SPEED, 61)
LABELS = {  # the kinds of labels that are compared
    "returns": "the return",
    "copy": "(5), with a slow copy",
    "itself": "(5), with the critic itself",
}


def two_ends() -> Any:
    """Draw the last steps of an episode that terminated, and of one that was truncated."""
    figure, axes = plt.subplots(figsize=(9, 3.6))
    axes.set(xlim=(-0.7, 8.9), ylim=(-1.0, 3.2))
    draw_only(axes)
    _episode(axes, 2.2, "terminated: the world has ended", "$y = r_{T-1}$", ORANGE, continues=False)
    rule = r"$y = r_{T-1} + \gamma\,Q'(s_T, \mu'(s_T))$"
    _episode(axes, 0.0, "truncated: a time limit cut it off", rule, BLUE, continues=True)
    figure.suptitle("Only termination sets the value of the future to 0")
    return figure


def _episode(axes: Any, y: float, title: str, target: str, color: str, continues: bool) -> None:
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
    if continues:
        for i in (3, 4, 5):
            _state(axes, STEP * i, y, f"$s_{{T+{i - 2}}}$", GREY, linestyle="--")
            show_arrow(axes, (STEP * (i - 1) + 0.3, y), (STEP * i - 0.3, y), GREY, linestyle="--")
            axes.text(STEP * (i - 0.5) + 0.08, y + 0.12, "r", ha="center", fontsize=9, color=GREY)
        axes.text(STEP * 5 + 0.5, y, "…", va="center", color=GREY)
        note = "the world would have continued: the future is part of Q,\nand $s_T$ is known"
    else:
        note = "no reward follows: the value of $s_T$ is 0, whatever a network predicts"
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
    figure.colorbar(panels[2].images[0], ax=panels[2], aspect=15)
    figure.suptitle(f"A column against a row: {n} errors were meant (framed), {n * n} came out")
    return figure


def value_map(critic: Any, policy: Any) -> Array:
    """Return the critic's value of following the policy, Q(s, μ(s)), on the grid of states."""
    angle, speed = (grid.ravel() for grid in np.meshgrid(ANGLE, SPEED, indexing="ij"))
    obs = np.stack((np.cos(angle), np.sin(angle), speed), axis=1)
    action = policy.predict(obs)[0] / MAX_TORQUE
    values, _ = critic.forward(obs, action)
    return np.reshape(values, (len(ANGLE), len(SPEED)))


def value_maps(maps: dict[str, dict[int, Array]], exact: Any, whose: str) -> Any:
    """Draw maps of values by number of updates, a row for each kind of label; then exact values."""
    true = exact.value(*np.meshgrid(ANGLE, SPEED, indexing="ij"))
    options: Any = {"vmin": float(np.percentile(true, 2)), "vmax": 0, "rasterized": True}
    columns = len(next(iter(maps.values()))) + 1
    size: Any = {"figsize": (10, 0.7 + 2.1 * len(maps)), "sharex": True, "sharey": True}
    figure, panels = plt.subplots(len(maps), columns, squeeze=False, **size)
    for i, (label, moments) in enumerate(maps.items()):
        values_of = {f"after {t:,} updates": values for t, values in moments.items()}
        for axes, (title, values) in zip(
            panels[i], (values_of | {"exact": true}).items(), strict=True
        ):
            image = show_map(axes, values.T, DEGREES * ANGLE, SPEED, ("", ""), **options)
            axes.set_title("" if i else title, fontsize=9)
            axes.set_xticks([-90, 0, 90])  # labels at ±180 would touch the next panel's
        panels[i, 0].set_ylabel(f"labels: {label}\nspeed, rad/s", fontsize=9)
    figure.supxlabel("angle, degrees (0 = upright)", fontsize=9)
    figure.colorbar(image, ax=panels, label="value", extend="min")
    figure.suptitle(f"The value Q(s, μ(s)) of two critics\n{whose}")
    return figure


def critic_error(errors: dict[str, Array]) -> Any:
    """Draw the error of Q, compared with exact Q^μ, over updates: root mean square, and mean."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.6), sharex=True)
    for (name, label), color in zip(LABELS.items(), (BLUE, GREEN, ORANGE), strict=True):
        for i, axes in enumerate(panels):
            show_seeds(axes, errors["update"], errors[name][:, :, i], label, color)
    size = float(np.median(errors["returns"][:, 0, 0]))
    panels[0].axhline(size, color=GREY, linestyle=":", label="a critic that predicts 0")
    panels[0].set(title="Root mean square error", ylabel="units of return", yscale="log")
    panels[1].axhline(0, color=GREY, linestyle=":")
    panels[1].set_title("Mean of Q − exact $Q^\\mu$ (logarithmic beyond ±10)")
    panels[1].set(ylabel="units of return")
    panels[1].set_yscale("symlog", linthresh=10)
    for axes in panels:
        axes.set_xlabel("updates")
    panels[0].legend()
    figure.suptitle("Error of the critic by kind of label: five seeds (thin) and their median")
    return figure


def error_table(errors: dict[str, Array]) -> str:
    """Return root mean square errors by kind of label, as lines of a table."""
    lines = [
        "root mean square error after updates, median of five seeds",
        "label                          1,000   10,000   largest on the way, by seed",
    ]
    for name, label in LABELS.items():
        error = errors[name][:, :, 0]
        early, late = (np.median(error[:, errors["update"] == t]) for t in (1_000, 10_000))
        worst = error.max(axis=1).round().astype(int)
        lines.append(f"{label:30} {early:5.0f} {late:8.0f}   {worst}")
    return "\n".join(lines)


def cut_episodes(paths: dict[int, list[float]], beliefs: dict[int, Any], whose: str) -> Any:
    """Draw the value (updates,) learned with each time limit, and the predicted one."""
    true = -(np.pi**2) / (1 - 0.99)
    figure, axes = plt.subplots()
    for (limit, path), color in zip(paths.items(), CYCLE, strict=False):
        axes.plot(path, color=color, label=f"time limit {limit:,}")
        belief = float(beliefs[limit])
        label = f"predicted: {belief:.0f}"
        axes.axhline(belief, color=color, linestyle="--", linewidth=1, label=label)
    axes.axhline(true, color=GREY, linestyle=":", label=f"true value: {true:.0f}")
    axes.set(title=f"Truncated treated as terminated; predictions by {whose}")
    axes.set(xlabel="updates", ylabel="q, units of return")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure
