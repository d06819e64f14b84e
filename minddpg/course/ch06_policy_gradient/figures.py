"""Figures of chapter 06: an actor that climbs Q, the chain of a batch, four gaps, broken runs.

B batch, K gains, U points of an action axis, X points along a slice of states.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ...verification.lqr import OLD_GAIN
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, show_array, show_map, show_seeds

SLICE = ("angle from upright, rad", "action")


def three_states(actions: Array, states: list[tuple[Any, ...]]) -> Any:
    """Draw Q over the actions (U, 1) in three states, and ∇a Q as a tangent at a new actor's.

    states: title, q (U,), then action, q and slope of a new actor, and of a trained one.
    """
    figure, panels = plt.subplots(1, len(states), figsize=(10, 3.4))
    for axes, (title, q, (action, height, slope), there) in zip(panels, states, strict=True):
        axes.plot(actions, q, color=BLUE, label="Q(s, a)")
        reach = np.array([-0.3, 0.3])
        axes.plot(action + reach, height + slope * reach, color=ORANGE, linewidth=3)
        axes.plot(action, height, "o", color=ORANGE, label="a new actor's μ(s), ∇a Q there")
        axes.plot(*there[:2], "D", color=GREEN, label="the trained actor's μ(s)")
        axes.set(title=f"{title}\n∇a Q = {slope:+.1f}", xlabel="action a")
        axes.margins(y=0.12)
    panels[0].legend(loc="upper left")
    panels[0].set_ylabel("Q, in units of return")
    figure.suptitle("What the critic says about all actions in one state")
    return figure


def landscape(axes: Any, angle: Array, actions: Array, q: Array) -> Any:
    """Draw Q (U, X) along a slice of states, each column scaled from worst to best action."""
    low, high = q.min(axis=0), q.max(axis=0)
    image = show_map(axes, (q - low) / (high - low), angle, actions, SLICE)
    axes.set(ylim=(-1.3, 1.3))
    return image


def climb(angle: Array, actions: Array, q: Array, stages: list[tuple[str, Array, Array]]) -> Any:
    """Draw the actor's curve on Q (U, X) at several updates, and ∇a Q as arrows on the curve.

    stages: title, action (X,) and dq_da (X,) each.
    """
    figure, panels = plt.subplots(2, 2, figsize=(9, 6), sharex=True, sharey=True)
    some = slice(4, None, 9)
    longest = max(np.abs(slope).max() for *_, slope in stages) ** 0.5
    for axes, (title, action, slope) in zip(panels.flat, stages, strict=True):
        image = landscape(axes, angle, actions, q)
        axes.plot(angle, action, color=ORANGE, label="μ(s)")
        length = 1.2 * np.sign(slope[some]) * np.abs(slope[some]) ** 0.5 / longest
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
    figure.suptitle("Arrows, ∇a Q at μ(s): each pulls its piece of the actor (orange) up the hill")
    return figure


def chain(stages: list[tuple[str, Array]], parameters: list[tuple[str, Array]]) -> Any:
    """Draw a batch's arrays (B, ·) from the critic to θ^μ; below, the gradients of θ's parts."""
    figure = plt.figure(figsize=(10, 6.2))
    halves: Any = figure.subfigures(2, 1, height_ratios=(1.25, 1))
    panels = _arrays_side_by_side(halves[0], stages, narrowest=14)
    panels[0].set_ylabel(f"{len(stages[0][1])} examples")
    _arrays_side_by_side(halves[1], parameters, narrowest=10)
    figure.suptitle("One batch, from ∇a Q (left) down through the actor, and what its θ receives")
    return figure


def _arrays_side_by_side(figure: Any, named: list[tuple[str, Array]], narrowest: int) -> Any:
    widths = [max(np.shape(array)[1], narrowest) for _, array in named]
    panels = figure.subplots(1, len(named), width_ratios=widths)
    for axes, (name, array) in zip(panels, named, strict=True):
        show_array(axes, array, name)
        axes.set_title(axes.get_title(), fontsize=7.5)
    return panels


def four_gaps(gains: Array, curves: dict[str, Array], best: float) -> Any:
    """Draw J over the gain with tangents from the theorem; then each gap beside its reference.

    curves: J, dJ, true, and for each gap what it computes, (K,); "frozen" is the reference of
    gap 2, "spread" the standard deviation of gap 4.
    """
    figure = plt.figure(figsize=(10, 6.4))
    left, *others = figure.subplot_mosaic([["J", "1", "2"], ["J", "3", "4"]]).values()
    left.plot(gains, curves["J"], color=BLACK)
    for i in range(3, len(gains), 7):
        x = gains[i] + np.array([-0.22, 0.22])
        y = curves["J"][i] + curves["dJ"][i] * (x - gains[i])
        left.plot(x, y, color=ORANGE, linewidth=3, alpha=0.8, solid_capstyle="round")
        left.plot(gains[i], curves["J"][i], "o", color=ORANGE, markersize=4)
    left.set(title="J(θ): the theorem's slopes touch it", xlabel="gain θ", ylabel="J")
    titles = (
        "1: states of the replay",
        "2: ∇θ Q^μ dropped",
        f"3: a critic of gain {OLD_GAIN}",
        "4: batches of 64, mean ± 2 σ",
    )
    for i, (axes, title) in enumerate(zip(others, titles, strict=True), 1):
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.axvline(best, color=GREY, linewidth=0.8, linestyle=":")
        reference = curves["frozen"] if i == 2 else curves["true"]
        label = "d/dθ E[V], states fixed" if i == 2 else "∇J"
        axes.plot(gains, reference, color=BLACK, label=label)
        if i == 4:
            low, high = (curves["true"] + d * curves["spread"] for d in (-2, 2))
            axes.fill_between(gains, low, high, color=BLUE, alpha=0.35, label="(6)")
        else:
            axes.plot(gains, curves[f"{i}"], color=BLUE, linestyle="--", label="(6)")
        axes.set(title=title, xlabel="gain θ", ylabel="gradient, per step")
        axes.legend()
    figure.suptitle("(6) beside what it stands for, one gap open at a time; dotted: the best gain")
    return figure


def on_pendulum(climbs: dict[str, Array], slopes: dict[str, Array]) -> Any:
    """Draw two gaps on Pendulum: where an actor climbed; the critic's value beside its slope."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.6))
    groups = (
        ("trained\nwith it", climbs["trained_returns"], GREEN),
        ("climbed at\nthe replay's", climbs["returns"][:, 0], BLUE),
        ("climbed\neverywhere", climbs["returns"][:, 1], ORANGE),
    )
    for i, (_, returns, color) in enumerate(groups):
        left.plot(np.linspace(i - 0.15, i + 0.15, len(returns)), returns, "o", color=color)
    left.set_xticks(range(3), [name for name, *_ in groups])
    left.set(xlim=(-0.5, 2.5), title="Same critics, other states", ylabel="return, 20 episodes")
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
        axes.set(title=title, xlabel=f"exact {label}", ylabel=f"learned {label}")
    middle.legend(title="seed", markerscale=3)
    right.set(xlim=(-45, 45), ylim=(-45, 45))
    return figure


def broken_runs(steps: Array, study: dict[str, Array], names: dict[str, str]) -> Any:
    """Draw the returns of every correct and every broken run, a panel for each bug."""
    figure, panels = plt.subplots(1, len(names), figsize=(10, 3.2), sharey=True)
    runs = dict(zip(study["variants"].tolist(), study["returns"], strict=True))
    for axes, (name, title) in zip(panels, names.items(), strict=True):
        show_seeds(axes, steps, runs["correct"], "correct", BLUE)
        show_seeds(axes, steps, runs[name], "broken", ORANGE)
        axes.set(title=title, xlabel="environment steps")
        axes.legend()
    panels[0].set_ylabel("return, ten starts, no noise")
    figure.suptitle("Thin: every seed. Strong: their median")
    return figure
