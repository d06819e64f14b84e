"""Figures of chapter 00: the pendulum frame by frame, the parts of DDPG, arrays entry by entry.

T steps, N transitions.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...ddpg.agent import DDPG
from ...nn.layers import Array
from ...verification.exact_pendulum import DT
from ..style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SIGNED,
    SKY,
    YELLOW,
    draw_only,
    show_seeds,
)

APART = 2.6  # distance between two frames, in lengths of the rod
PARTS = {  # name -> (x, y, chapters, colour)
    "environment": (0.6, 2.0, "01", GREY),
    "replay buffer\n$(s, a, r, s')$": (3.6, 2.0, "07", YELLOW),
    "critic\n$Q(s, a|\\theta^Q)$": (6.6, 2.0, "05", BLUE),
    "targets\n$Q'$ and $\\mu'$": (9.6, 2.0, "08", SKY),
    "actor\n$\\mu(s|\\theta^\\mu)$": (6.6, 0.0, "06", ORANGE),
    "noise\nand bounds": (3.6, 0.0, "09", PINK),
}
ARROWS = (  # from, to, label, where the label is
    ((1.35, 2.0), (2.8, 2.0), "transition", (2.05, 2.12)),
    ((4.4, 2.0), (5.8, 2.0), "batch", (5.05, 2.12)),
    ((8.9, 2.08), (7.4, 2.08), "target $y$", (8.15, 2.2)),
    ((7.4, 1.85), (8.9, 1.85), "follow slowly", (8.15, 1.6)),
    ((6.6, 1.5), (6.6, 0.5), "$\\nabla_a Q$", (6.95, 0.95)),
    ((5.95, 0.0), (4.3, 0.0), "$\\mu(s)$", (5.1, 0.12)),
    ((2.95, 0.15), (0.6, 1.6), "action $a$", (1.4, 0.65)),
    ((4.1, 1.5), (5.95, 0.35), "states $s$", (4.7, 0.75)),
    ((7.25, 0.15), (9.4, 1.5), "follow slowly", (8.85, 0.6)),
)
OVER = ((3.6, 2.5), (9.6, 2.5), "rewards $r$ and next states $s'$", (6.6, 3.15))
ENTRIES = ("cos", "sin", "speed")


def swing_strip(
    episodes: dict[str, tuple[Array, Array]], title: str, every: int = 8, frames: int = 12
) -> Any:
    """Draw a row of frames per episode: angles (T,), in rad from upright, and torques (T,)."""
    figure, panels = plt.subplots(len(episodes), 1, figsize=(10, 1.35 * len(episodes)))
    for axes, (name, (angles, torques)) in zip(
        np.atleast_1d(panels), episodes.items(), strict=True
    ):
        for i in range(frames):
            _pendulum(axes, APART * i, angles[every * i], torques[every * i])
            seconds = f"{DT * every * i:.1f} s"
            axes.text(APART * i, -1.75, seconds, ha="center", fontsize=8, color=GREY)
        axes.set(xlim=(-1.3, APART * (frames - 1) + 1.3), ylim=(-1.9, 1.25), aspect="equal")
        axes.set_title(name, loc="left", fontsize=9)
        draw_only(axes)
    figure.suptitle(f"{title}\nOrange: the torque, if it exceeds 0.1 N m")
    return figure


def _pendulum(axes: Any, x: float, angle: float, torque: float) -> None:
    """Draw one pendulum; positive angles and torques turn it counterclockwise."""
    axes.plot([x, x], [-1, 1], color="0.9", linewidth=1)
    axes.plot([x, x - np.sin(angle)], [0, np.cos(angle)], color=BLACK, linewidth=3)
    axes.plot(x - np.sin(angle), np.cos(angle), "o", color=BLUE, markersize=7)
    if abs(torque) > 0.1:
        turn = np.linspace(0, np.pi / 2 * torque, 20)
        axes.plot(x - 0.45 * np.sin(turn), 0.45 * np.cos(turn), color=ORANGE, linewidth=1.5)
        end = x - 0.45 * np.sin(turn[-1]), 0.45 * np.cos(turn[-1])
        before = x - 0.45 * np.sin(turn[-3]), 0.45 * np.cos(turn[-3])
        arrow = {"arrowstyle": "-|>", "color": ORANGE, "mutation_scale": 8}
        axes.annotate("", end, before, arrowprops=arrow)


def parts() -> Any:
    """Draw the parts of DDPG with the chapter of each, and the data that they exchange."""
    figure, axes = plt.subplots(figsize=(9.5, 3.6))
    axes.set(xlim=(-0.5, 10.5), ylim=(-0.6, 3.4))
    draw_only(axes)
    for start, end, label, where in (*ARROWS, OVER):
        style = {"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.2}
        if label == OVER[2]:
            style["connectionstyle"] = "arc3,rad=-0.15"
        axes.annotate("", end, start, arrowprops=style)
        axes.text(*where, label, ha="center", fontsize=8)
    for name, (x, y, chapter, color) in PARTS.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": color, "lw": 2}
        axes.text(
            x, y, f"{chapter} {name}", ha="center", va="center", fontsize=9, color=BLACK, bbox=box
        )
    figure.suptitle("The parts of DDPG, and the chapter of each")
    return figure


def open_batch(arrays: dict[str, Array], shapes: dict[str, Any], whose: str) -> Any:
    """Draw the arrays (N,) or (N, ·) of a batch side by side; compare their shapes with shapes."""
    tables = {name: np.reshape(array, (len(array), -1)) for name, array in arrays.items()}
    widths = [table.shape[1] + 0.25 for table in tables.values()]
    figure, panels = plt.subplots(1, len(tables), figsize=(10, 3.4), width_ratios=widths)
    for axes, (name, table) in zip(panels, tables.items(), strict=True):
        is_bool = table.dtype == bool
        limit = max(float(np.abs(table).max()), 1e-9)
        options: Any = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "aspect": "auto"}
        axes.imshow(table.astype(float), alpha=0.5, **options)
        for (i, j), value in np.ndenumerate(table):
            text = str(value) if is_bool else f"{value:.2f}"
            axes.text(j, i, text, ha="center", va="center", fontsize=7, color=BLACK)
        axes.set(xticks=[], yticks=[])
        if table.shape[1] == len(ENTRIES):
            axes.set_xticks(range(len(ENTRIES)), ENTRIES, fontsize=7)
        same = np.array_equal(np.ravel(shapes[name]), arrays[name].shape)
        axes.set_title(f"{name}\n{arrays[name].shape} {'✓' if same else '≠'}", fontsize=9)
        axes.grid(False)
    panels[0].set_ylabel("transitions")
    figure.suptitle(
        f"A batch: one transition per row. ✓: {whose} gives this shape\n"
        "Blue and red show the sign; the darker, the further from 0 within an array"
    )
    return figure


def learning_curves(history: dict[str, Array], best: float, seeds: dict[str, Array]) -> Any:
    """Draw the returns of one run below the best possible, and the regrets of twenty seeds."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.3))
    steps, evaluated = history["time/total_timesteps"], history["eval/mean_reward"]
    measured = np.isfinite(evaluated)  # rows of the log without an evaluation hold NaN
    left.plot(steps[measured], evaluated[measured], "o-", color=BLUE, markersize=3)
    left.axhline(best, color=BLACK, linestyle="--", label="best possible")
    left.set(title="Your run: one seed", ylabel="return of an episode")
    left.legend()
    regrets = seeds["exact"][:, None] - seeds["returns"]
    show_seeds(right, seeds["steps"], regrets, "median of twenty seeds", ORANGE)
    right.set(title="Twenty seeds: regret", ylabel="return below the best possible", yscale="log")
    right.axvline(steps[-1], color=BLACK, linestyle=":", label="where your run ended")
    right.legend()
    figure.supxlabel("environment steps", fontsize=9)
    return figure


def value_slopes(agent: DDPG, states: dict[str, Array]) -> Any:
    """Draw Q(s, ·) of some states, obs (3,) each, and its slope at the actor's action."""
    actions, obs = np.linspace(-1, 1, 201, dtype=np.float32), np.array(list(states.values()))
    mu, _ = agent.actor.forward(obs)
    values, cache = agent.critic.forward(obs, mu)
    chosen, slopes = mu[:, 0], agent.critic.action_gradient(cache)[:, 0]
    curves = {
        name: agent.critic.forward(np.repeat(one[None], 201, axis=0), actions[:, None])[0]
        for name, one in states.items()
    }
    figure, panels = plt.subplots(1, len(curves), figsize=(10, 3.2), sharex=True)
    points = zip(panels, curves.items(), chosen, values, slopes, strict=True)
    for axes, (name, curve), action, value, slope in points:
        axes.plot(actions, curve, color=BLUE, label="$Q(s, a)$, the critic")
        tangent = np.array([action - 0.35, action + 0.35])
        label = "slope there, dq_da"
        axes.plot(tangent, value + slope * (tangent - action), color=ORANGE, label=label)
        axes.plot(action, value, "o", color=GREEN, label="$\\mu(s)$, the actor", zorder=3)
        axes.set(title=f"{name}\ndq_da = {slope:+.2f}", xlabel="action a, in [−1, 1]")
        axes.set_xlim(-1.4, 1.4)
    panels[0].set_ylabel("value, in units of return")
    panels[0].legend(loc="best")
    figure.suptitle("The critic's value of every action, in three states")
    return figure
