"""Figures of chapter 01: returns, backup diagrams, values as maps, contraction.

T steps. Maps are (speeds, angles), angles in rad from upright, −π to π.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import FuncNorm

from ...nn.layers import Array
from ...verification.exact_pendulum import ExactPendulum, ExactPolicyValue, follow
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, draw_only, show_arrow, show_map

LABELS = ("angle from upright, rad", "speed, rad/s")
PI_TICKS = {"xticks": [-np.pi, 0, np.pi], "xticklabels": ["−π", "0", "π"]}


def weights_and_returns(discounts: tuple[float, ...], returns: dict[str, Array], whose: str) -> Any:
    """Draw γ^k against k for each γ, and histograms of the returns from one state."""
    grid: Any = [["weights", name] for name in returns]
    figure, panels = plt.subplot_mosaic(grid, figsize=(9, 3.6))
    left = panels["weights"]
    steps = np.arange(301)
    for discount, color in zip(discounts, (PINK, BLUE, GREY), strict=True):
        area = "" if discount == 1 else f", area {1 / (1 - discount):.0f}"
        left.plot(steps, discount**steps, color=color, label=f"γ = {discount:g}{area}")
    left.set(title="The weight of a reward, k steps later", xlabel="k", ylabel="γ to the power k")
    left.legend()
    bins: Any = np.linspace(
        min(map(np.min, returns.values())) - 5, max(map(np.max, returns.values())) + 5, 41
    )
    for (name, values), color in zip(returns.items(), (BLACK, BLUE, ORANGE), strict=True):
        panels[name].hist(values, bins, color=color, alpha=0.7)
        panels[name].set(xlim=(bins[0], bins[-1]), ylabel="tries")
        panels[name].set_title(f"{name}: mean {values.mean():.0f}", loc="left", fontsize=8)
        panels[name].tick_params(labelbottom=False)
    panels[name].tick_params(labelbottom=True)
    panels[name].set_xlabel(f"return of a try ({whose})")
    return figure


def spreading(maps: dict[int, Array], angles: Array, speeds: Array, whose: str) -> Any:
    """Draw V of a table after several numbers of backups, on one scale."""
    figure, panels = plt.subplots(1, len(maps), figsize=(11, 2.9), sharey=True)
    low = min(float(values.min()) for values in maps.values())
    for axes, (count, values) in zip(panels, maps.items(), strict=True):
        image = show_map(axes, values, angles, speeds, ("angle", ""), vmin=low, vmax=0)
        axes.set(title=f"{count} backup{'s' * (count != 1)}", **PI_TICKS)
    panels[0].set_ylabel(LABELS[1])
    figure.colorbar(image, ax=panels, label="value of the best action")
    figure.suptitle(f"The value of upright is known first, and spreads backwards in time ({whose})")
    return figure


def value_maps(exact: ExactPendulum, of_spring: ExactPolicyValue, spring: Any) -> Any:
    """Draw V* and the spring's V^μ as maps, and on each the path of its policy."""
    angles, speeds = np.linspace(-np.pi, np.pi, 161), np.linspace(-8, 8, 121)
    start = np.array([1.0]), np.array([0.0])
    maps, paths = {}, {}
    for name, solution, policy in (
        ("$V^*$: the best policy", exact, exact),
        ("$V^\\mu$: the spring", of_spring, spring),
    ):
        maps[name] = solution.value(*np.meshgrid(angles, speeds))
        walk = [start, *(after for _, *after in follow(policy, *start, 150))]
        paths[name] = np.transpose(walk)[0]  # angles and speeds (2, T)
    figure, panels = plt.subplots(1, len(maps), figsize=(10, 4.2), sharey=True)
    low = min(float(values.min()) for values in maps.values())
    scale = FuncNorm((_root, lambda x: -(x**2)), low, 0)  # distinguishes small costs, too
    levels = [-900, -600, -300, -200, -100, -50, -20]
    for axes, (name, values) in zip(panels, maps.items(), strict=True):
        image = show_map(axes, values, angles, speeds, LABELS, norm=scale)
        axes.contour(angles, speeds, values, levels, colors="white", linewidths=0.5, linestyles="-")
        angle, speed = paths[name]
        wrapped = (angle + np.pi) % (2 * np.pi) - np.pi
        jumps = np.flatnonzero(np.abs(np.diff(wrapped)) > np.pi) + 1
        line = np.insert(wrapped, jumps, np.nan), np.insert(speed, jumps, np.nan)
        axes.plot(*line, color=ORANGE, linewidth=1.5)
        for k in (8, 20, 34):
            here, there = (wrapped[k], speed[k]), (wrapped[k + 1], speed[k + 1])
            if abs(there[0] - here[0]) < np.pi:
                show_arrow(axes, here, there, ORANGE, linewidth=2, mutation_scale=16)
        axes.plot(wrapped[0], speed[0], "o", color="white", markeredgecolor=BLACK, label="start")
        axes.plot(wrapped[-1], speed[-1], "s", color=GREEN, markeredgecolor=BLACK, label="end")
        axes.set(title=name, **PI_TICKS)
    panels[-1].set_ylabel("")
    figure.colorbar(image, ax=panels, label="value", ticks=[*levels, 0])
    panels[0].legend(loc="lower left", frameon=True)
    figure.suptitle("The value of every state; orange: the path from rest, 1 rad from upright")
    return figure


def _root(x: Array) -> Array:
    """Return −√(−x), which rises with x and ends at 0; a positive x counts as 0."""
    return -np.sqrt(np.maximum(-x, 0))


def three_states() -> Any:
    """Draw the world of three states, and the backup diagrams of Q^μ and of Q*."""
    figure, panels = plt.subplots(1, 3, figsize=(10, 3.3), width_ratios=(2.1, 1, 1))
    for axes in panels:
        draw_only(axes)
    world, *trees = panels
    world.set(xlim=(-0.7, 4.7), ylim=(-1.25, 1.25), title="A world of three states")
    for x, name in zip((0, 2, 4), ("hanging\nH", "half-way\nM", "upright\nU"), strict=True):
        circle = {"boxstyle": "circle,pad=0.35", "facecolor": "white", "edgecolor": BLACK}
        world.text(x, 0, name, ha="center", va="center", fontsize=8, color=BLACK, bbox=circle)
    for start, end, bend, color, text, where in (
        ((0.24, 0.17), (1.72, 0.17), -0.4, ORANGE, "push −3", (1, 0.68)),
        ((2.24, 0.17), (3.76, 0.17), -0.4, ORANGE, "push −3", (3, 0.68)),
        ((3.76, -0.17), (2.28, -0.17), -0.4, ORANGE, "push −3", (3, -0.68)),
        ((1.72, -0.17), (0.28, -0.17), -0.4, BLUE, "rest −1", (1, -0.68)),
        ((-0.16, -0.22), (0.16, -0.24), 1.6, BLUE, "rest −2", (0, -0.8)),
        ((3.84, -0.22), (4.16, -0.24), 1.6, BLUE, "rest 0", (4, -0.8)),
    ):
        style = {"arrowstyle": "-|>", "color": color, "connectionstyle": f"arc3,rad={bend}"}
        world.annotate("", end, start, arrowprops=style)
        world.text(*where, text, ha="center", va="center", fontsize=8, color=color)
    policy_text = "$r + \\gamma\\, Q^\\mu(s', \\mu(s'))$"
    for axes, title, text, actions, label_of_leaves in (
        (trees[0], "backup of a policy", policy_text, (0,), "$\\mu(s')$"),
        (
            trees[1],
            "backup with a maximum",
            "$r + \\gamma \\max_{a'} Q^*(s', a')$",
            (-0.5, 0.5),
            "$a'$",
        ),
    ):
        axes.set(xlim=(-1.2, 1.2), ylim=(-1.6, 1.25), title=title)
        axes.plot([0, 0], [1, 0], color=BLACK)
        axes.plot(0, 1, "o", color=BLACK, markersize=8)
        for end_x in actions:
            axes.plot([0, end_x], [0, -1], color=BLACK)
            axes.plot(end_x, -1, "o", color=BLACK, markersize=8)
        axes.plot(0, 0, "o", color="white", markeredgecolor=BLACK, markersize=13)
        for right, y, label in (
            (0.2, 1, "$(s, a)$"),
            (0.12, 0.5, "$r$"),
            (0.25, 0, "$s'$"),
            (actions[-1] + 0.2, -1, label_of_leaves),
        ):
            axes.text(right, y, label, va="center", color=BLACK, fontsize=9)
        axes.text(0, -1.42, text, ha="center", va="center", color=BLACK, fontsize=9)
    trees[1].plot([-0.28, 0, 0.28], [-0.55, -0.62, -0.55], color=BLACK, linewidth=1)
    return figure


def q_curves(exact: ExactPendulum, of_spring: ExactPolicyValue, spring: Any) -> Any:
    """Draw Q* and the spring's Q^μ over all actions in three states; a dot where μ acts."""
    actions = np.linspace(-1, 1, 201)
    curves, chosen = {}, {}
    for name, (angle, speed) in {
        "hanging, at rest": (np.pi, 0.0),
        "hanging, 5 rad/s": (np.pi, 5.0),
        "0.3 rad, returning": (0.3, -0.5),
    }.items():
        here = np.full(201, angle), np.full(201, speed)
        curves[name] = exact.q(*here, actions), of_spring.q(*here, actions)
        obs = np.array([np.cos(angle), np.sin(angle), speed])
        chosen[name] = spring.predict(obs)[0][0] / 2
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
    figure.suptitle("One action now, then the policy: its value depends on the policy")
    return figure


def contraction(errors: Array, discount: float, whose: str) -> Any:
    """Draw the errors (backups, S, A) of a table by two norms, each as a share of its start."""
    figure, axes = plt.subplots(figsize=(6.5, 3.4))
    size = np.abs(errors).reshape(len(errors), -1)
    for label, norm, color in (
        ("root of the sum of squares", np.linalg.norm(size, axis=1), ORANGE),
        ("largest error", size.max(axis=1), BLUE),
    ):
        axes.plot(norm / norm[0], color=color, label=label)
    bound = discount ** np.arange(len(errors))
    axes.plot(bound, ":", color=BLACK, label=f"bound: × {discount:.3f} at each backup")
    axes.set(xlabel="backups", ylabel="error, as a share of the first", ylim=(0, None))
    axes.set_title(f"The largest error obeys the bound, the squares do not ({whose})")
    axes.legend()
    return figure
