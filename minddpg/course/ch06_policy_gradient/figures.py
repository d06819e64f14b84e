"""Figures of chapter 06: an actor that climbs Q, four gaps, broken runs.

U points of an action axis, X points along a slice of states.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ...verification import lqr
from ..style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    draw_only,
    show_arrow,
    show_map,
    show_seeds,
)
from .hill import observe

SCALAR = 1.1, 0.6, 0.4, 0.3, 0.95, 1.0  # a, b, q, r, γ and the variance of exercise 06.4
SLICE = ("angle from upright, rad", "action")


def three_states(critic: Any, agent: Any) -> Any:
    """Draw a critic's Q over all actions in three states, and its slope at the actor's action."""
    states = (("slope", 2.0, 1.0), ("peak", 1.0, -1.0), ("valley", np.pi, 0.0))
    figure, panels = plt.subplots(1, len(states), figsize=(10, 3.2))
    actions = np.linspace(-1, 1, 81)[:, None]
    for axes, (title, angle, speed) in zip(panels, states, strict=True):
        obs = observe(np.array([angle]), np.array([speed]))
        q, _ = critic.forward(np.repeat(obs, len(actions), axis=0), actions)
        action, _ = agent.actor.forward(obs)
        height, cache = critic.forward(obs, action)
        slope = critic.action_gradient(cache)[0, 0]
        reach = np.array([-0.3, 0.3])
        axes.plot(actions, q, color=BLUE, label="Q(s, a)")
        axes.plot(action[0] + reach, height + slope * reach, color=ORANGE, linewidth=3)
        axes.plot(action[0], height, "o", color=ORANGE, label="the actor's action, and ∇a Q")
        name = f"{angle:.1f} rad, {speed:.0f} rad/s"
        axes.set(title=f"{title}: {name}\n∇a Q = {slope:+.1f}", xlabel="action a")
        axes.margins(y=0.12)
    panels[0].legend(loc="upper left")
    panels[0].set_ylabel("Q, in units of return")
    figure.suptitle("One critic, three states: the Q of every action")
    return figure


def chain() -> Any:
    """Draw the way from a state to the actor's loss, and the gradient's way back to θ^μ."""
    figure, axes = plt.subplots(figsize=(9, 3))
    axes.set(xlim=(-0.7, 9.1), ylim=(-1.0, 2.6))
    draw_only(axes)
    place: Any = {"ha": "center", "va": "center", "fontsize": 9}
    ahead = ("s\nN × S", "a = μ(s)\nN × A", "q = Q(s, a)\nN", "L = −mean of q\none number")
    back = ("", "∂L/∂a = −∇a Q / N\nN × A", "∂L/∂q = −1/N\nN", "")
    where = (0.0, 2.9, 5.8, 8.2)
    for y, texts, color in ((1.0, ahead, BLUE), (-0.5, back, ORANGE)):
        for x, text in zip(where, texts, strict=True):
            if text:
                box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": color}
                axes.text(x, y, text, bbox=box, **place)
    for start, end in ((0.35, 2.3), (3.5, 5.2), (6.4, 7.3)):
        show_arrow(axes, (start, 1.0), (end, 1.0), BLUE)
    for start, end in ((5.2, 3.85), (1.95, 0.7)):
        show_arrow(axes, (start, -0.5), (end, -0.5), ORANGE)
    show_arrow(axes, (8.2, 0.6), (6.45, -0.35), ORANGE)
    axes.text(0.0, -0.5, r"$\nabla_{\theta^\mu} L$" "\nP", color=ORANGE, weight="bold", **place)
    for x, name, color in ((1.3, r"actor $\theta^\mu$", BLUE), (4.35, r"critic $\theta^Q$", GREY)):
        axes.text(x, 2.1, name, color=color, weight="bold", **place)
        show_arrow(axes, (x, 1.85), (x, 1.1), color)
    axes.text(1.3, -0.2, "backward", color=ORANGE, **place)
    axes.text(4.5, -0.2, "action_gradient", color=ORANGE, **place)
    axes.text(4.35, 2.45, "constants in this step", color=GREY, **{**place, "fontsize": 8})
    figure.suptitle("From a state to the loss (blue), and back to the actor's parameters (orange)")
    return figure


def landscape(axes: Any, angle: Array, actions: Array, q: Array) -> Any:
    """Draw Q (U, X) along a slice of states, each column scaled from worst to best action."""
    low, high = q.min(axis=0), q.max(axis=0)
    image = show_map(axes, (q - low) / (high - low), angle, actions, SLICE)
    axes.set(ylim=(-1.5, 1.5))
    return image


ANGLES = np.linspace(-np.pi, np.pi, 145)
SLICED = observe(ANGLES, np.full(len(ANGLES), -1.0))  # states at one speed, −1 rad/s


def curve(actor: Any, critic: Any) -> tuple[Array, Array]:
    """Return an actor's actions (X,) along a slice of the states, and ∇a Q there (X,)."""
    action, _ = actor.forward(SLICED)
    slope = critic.action_gradient(critic.forward(SLICED, action)[1])
    return action[:, 0], slope[:, 0]


def climb(critic: Any, curves: list[tuple[str, Array, Array]], whose: str) -> Any:
    """Draw an actor's curve on Q at several updates, and ∇a Q as arrows on the curve.

    Args:
        critic: the hill.
        curves: for each panel, its title, action (X,) and slope (X,).
        whose: whose code computed it.
    """
    angle, actions = ANGLES, np.linspace(-1, 1, 41)
    columns = [critic.forward(SLICED, np.full((len(angle), 1), a))[0] for a in actions]
    q = np.stack(columns)
    figure, panels = plt.subplots(2, 2, figsize=(9, 6), sharex=True, sharey=True)
    some = slice(4, None, 9)
    longest = max(np.abs(slope).max() for *_, slope in curves)
    for axes, (title, action, slope) in zip(panels.flat, curves, strict=True):
        image = landscape(axes, angle, actions, q)
        axes.plot(angle, action, color=ORANGE, label="μ(s)")
        length = 0.6 * np.sign(slope[some]) * np.sqrt(np.abs(slope[some]) / longest)
        axes.quiver(
            *(angle[some], action[some], 0 * length, length),
            **{"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.009},
            **{"color": "white", "edgecolor": BLACK, "linewidth": 0.7, "zorder": 3},
        )
        axes.set_title(title)
    for axes in panels.flat:
        axes.label_outer()
    bar = figure.colorbar(image, ax=panels, ticks=[0, 1], shrink=0.6)
    bar.ax.set_yticklabels(["worst\naction\nhere", "best\naction\nhere"])
    figure.suptitle(
        f"An actor (orange) climbs Q, by {whose}. Shown: all states of speed −1 rad/s\n"
        "Arrows: the direction in which Q rises; their length is the square root of the slope"
    )
    return figure


def four_gaps(lqr_objective: Any, lqr_gradient: Any, whose: str) -> Any:
    """Draw a learner's J of exercise 06.4 with the slopes of their formula; then the four gaps.

    The gaps are those of the mass on a rail, from verification/lqr.py.
    """
    gains = np.linspace(0.4, 2.6, 89)
    objective, slopes = (
        np.array([np.squeeze(function(k, *SCALAR)) for k in gains.tolist()], float)
        for function in (lqr_objective, lqr_gradient)
    )
    figure = plt.figure(figsize=(10, 6))
    left, *others = figure.subplot_mosaic([["J", "1", "2"], ["J", "3", "4"]]).values()
    left.plot(gains, objective, color=BLACK)
    for i in range(12, len(gains), 24):
        x = gains[i] + np.array([-0.12, 0.12])
        y = objective[i] + slopes[i] * (x - gains[i])
        left.plot(x, y, color=ORANGE, linewidth=3, alpha=0.8, solid_capstyle="round")
        left.plot(gains[i], objective[i], "o", color=ORANGE, markersize=4)
    left.set(title=f"One number as state: J and its slopes,\nby {whose}", ylabel="J, a cost")
    left.set(xlabel="gain k")
    _gaps_on_the_rail(others)
    figure.suptitle("The theorem (left); a mass on a rail, one gap open at a time (right)")
    return figure


def _gaps_on_the_rail(panels: list[Any]) -> None:
    gains = np.linspace(1.0, 3.2, 23)
    rows = [lqr.check_truth(gain) for gain in gains]
    true = np.array([row[0].reference for row in rows])
    best = np.interp(0, -true, gains)
    titles = (
        "1: replayed states",
        r"2: $\nabla_\theta Q^\mu$ dropped",
        "3: an old critic",
        "4: batches of 64",
    )
    for i, (axes, title) in enumerate(zip(panels, titles, strict=True), 1):
        formula = np.array([row[i].formula for row in rows])
        reference = np.array([row[2].reference for row in rows]) if i == 2 else true
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.axvline(best, color=GREY, linewidth=0.8, linestyle=":")
        label = "derivative, states fixed" if i == 2 else "∇J"
        axes.plot(gains, reference, color=BLACK, label=label)
        if i == 4:
            spread = 2 * np.abs(formula - reference)
            band = true - spread, true + spread
            axes.fill_between(gains, *band, color=BLUE, alpha=0.35, label="equation (6), ± 2 σ")
        else:
            axes.plot(gains, formula, color=BLUE, linestyle="--", label="equation (6)")
            axes.plot(np.interp(0, -formula, gains), 0, "o", color=BLUE)
        axes.set(title=title, xlabel="gain θ", ylabel="(1 − γ) · gradient")
        axes.legend()


def on_pendulum(climbs: dict[str, Array], slopes: dict[str, Array]) -> Any:
    """Draw two gaps on Pendulum: the states where an actor climbed; the critic's slopes."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.6))
    groups = (
        ("trained\nwith it", climbs["trained_returns"], GREEN),
        ("climbed at\nreplayed states", climbs["returns"][:, 0], BLUE),
        ("climbed\neverywhere", climbs["returns"][:, 1], ORANGE),
    )
    for i, (_, returns, color) in enumerate(groups):
        left.plot(np.linspace(i - 0.15, i + 0.15, len(returns)), returns, "o", color=color)
    left.set_xticks(range(3), [name for name, *_ in groups])
    left.set(title="Same critics,\ndifferent states", xlim=(-0.5, 2.5))
    left.set_ylabel("return, 20 episodes")
    seeds = range(len(slopes["q"]))
    colors = [BLUE, ORANGE, GREEN, PINK, GREY]
    for axes, name, title, label in (
        (middle, "q", "The critics' values ...", "Q(s, μ(s))"),
        (right, "slope", "... and their slopes", "∇a Q at μ(s)"),
    ):
        exact = slopes[f"exact_{name}"]
        span = np.percentile(exact, [0, 100] if name == "q" else [1, 99])
        axes.plot(span, span, color=BLACK, linewidth=0.8)
        for seed in seeds:
            axes.plot(
                *(exact[seed], slopes[name][seed], "."),
                **{"color": colors[seed], "markersize": 3, "alpha": 0.6, "label": seed},
            )
        pairs = zip(exact, slopes[name], strict=True)
        fit = np.median([np.corrcoef(*pair)[0, 1] for pair in pairs])
        axes.set(title=f"{title}\nmedian correlation {fit:.2f}")
        axes.set(xlabel=f"exact {label}", ylabel=f"learned {label}")
    middle.legend(title="seed", markerscale=3)
    right.set(xlim=(-45, 45), ylim=(-45, 45))
    return figure


def broken_runs(study: dict[str, Array]) -> Any:
    """Draw the returns of every correct and every broken run, a panel for each bug."""
    names = {"actor-sign": "sign", "actor-moves-critic": "critic", "replayed-action": "replayed"}
    steps = 1_000 * np.arange(1, study["returns"].shape[-1] + 1)
    figure, panels = plt.subplots(1, len(names), figsize=(10, 3.2), sharey=True)
    runs = dict(zip(study["variants"].tolist(), study["returns"], strict=True))
    for axes, (name, title) in zip(panels, names.items(), strict=True):
        show_seeds(axes, steps, runs["correct"], "correct", BLUE)
        show_seeds(axes, steps, runs[name], "broken", ORANGE)
        axes.set(title=title, xlabel="environment steps")
        axes.legend()
    panels[0].set_ylabel("return, ten starts, no noise")
    figure.suptitle("Training on Pendulum. Thin: every seed; thick: their median")
    return figure
