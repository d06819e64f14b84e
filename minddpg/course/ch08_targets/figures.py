"""Figures of chapter 08: a goal that moves, slow followers, studies of targets, deadly triad.

N batch, U updates, K seeds, E evaluations, V variants.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ..style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, SKY, show_dots, show_seeds

TAU_COLORS = (GREEN, SKY, BLUE, PINK, ORANGE)


def a_goal_that_moves(own: Array, goal: Array, chases: dict[str, tuple[Array, Array]]) -> Any:
    """Draw how far Q(s, a) and y move (N,) in a step on one row, and Q and y (U,) in many steps."""
    figure, (left, *rest) = plt.subplots(1, 3, figsize=(10.4, 3.5))
    limit = 1.05 * np.abs(own).max()
    left.plot((-limit, limit), (-limit, limit), color=GREY, linestyle="--", label="as far as Q")
    left.axhline(0, color=ORANGE, label="with a target held still")
    left.plot(own, goal, "o", color=BLUE, markersize=4, label="without: each row")
    left.set(
        title="One step on one row", xlabel="what Q(s, a) moves", ylabel="what its goal y moves"
    )
    left.legend()
    for axes, (title, (q, y)) in zip(rest, chases.items(), strict=True):
        axes.plot(y, color=ORANGE, label="y, the goal")
        axes.plot(q, color=BLUE, label="Q(s, a)")
        axes.set(title=title, xlabel="steps on this one row", ylabel="value")
        axes.legend()
    low = min(axes.get_ylim()[0] for axes in rest)
    high = max(axes.get_ylim()[1] for axes in rest)
    for axes in rest:
        axes.set_ylim(low, high)
    return figure


def slow_followers(online: Array, followers: dict[float, Array], values: Array) -> Any:
    """Draw a weight (U,) with its followers {τ: (U,)}, and Q and Q' (U, 2) of one state."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.6, 3.6))
    early = slice(2_500)
    left.plot(online[early], color=BLACK, label="θ, the network")
    for (tau, follower), color in zip(followers.items(), (GREEN, BLUE, PINK), strict=False):
        left.plot(follower[early], color=color, linestyle="--", label=f"θ', τ = {tau:g}")
    left.set(title="A weight, and what follows it", xlabel="update", ylabel="value of the weight")
    left.legend()
    back = np.arange(300)
    for tau, color in zip(followers, (GREEN, BLUE, PINK), strict=False):
        middle.plot(back, tau * (1 - tau) ** back, color=color, label=f"τ = {tau:g}")
    middle.set(
        title="What θ' is made of",
        xlabel="updates back",
        ylabel="share of that θ in θ'",
        yscale="log",
        ylim=(1e-5, 1),
    )
    middle.legend()
    some = np.arange(1_000, 1_300)
    right.plot(some, values[some, 0], color=BLUE, label="Q(s, μ(s))")
    right.plot(some, values[some, 1], color=ORANGE, label="Q'(s, μ'(s))")
    right.set(title="The same of a value: hanging", xlabel="update", ylabel="Q of this state")
    right.legend()
    return figure


def how_fast(taus: Array, regret: Array, last: Array) -> Any:
    """Draw regret (V, K, E) during training and (V, K) at the end, for each τ."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6), width_ratios=(3, 2))
    steps = 1_000 * np.arange(1, regret.shape[-1] + 1)
    for tau, runs, color in zip(taus, regret, TAU_COLORS, strict=True):
        show_seeds(left, steps, np.maximum(runs, 1), f"τ = {tau:g}", color)
    left.set(
        title="Ten seeds of each τ, and their median",
        xlabel="environment steps",
        ylabel="regret of an evaluation, cut at 1",
        yscale="log",
    )
    left.legend(ncols=2)
    show_dots(right, [f"{tau:g}" for tau in taus], last, TAU_COLORS)
    right.set(title="The last policies", xlabel="τ", ylabel="regret, each seed", yscale="log")
    return figure


def figure_2(names: list[str], curves: dict[str, list[Array]]) -> Any:
    """Draw returns {task: variants of (K, E)} at evaluations during training."""
    figure, panels = plt.subplots(1, len(curves), figsize=(10.2, 3.8))
    colors = (BLUE, PINK, GREEN, ORANGE, BLACK)
    for axes, (task, variants) in zip(panels, curves.items(), strict=True):
        for name, runs, color in zip(names, variants, colors, strict=True):
            steps = 1_000 * np.arange(1, runs.shape[1] + 1)
            show_seeds(axes, steps, runs, name, color)
        axes.set(title=task, xlabel="environment steps", ylabel="return of an evaluation")
    lines = panels[0].get_legend_handles_labels()
    figure.legend(*lines, loc="outside lower center", ncols=len(names))
    return figure


def impossible_values(taus: Array, highest: Array, regret: Array, pole: dict[str, Array]) -> Any:
    """Draw the highest Q (V, K) beside the regret (V, K); and {variant: (K,)} on the pole."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 3.7), width_ratios=(3, 2))
    for tau, q, last, color in zip(taus, highest, regret, TAU_COLORS, strict=True):
        left.plot(q, last, "o", color=color, alpha=0.8, markersize=5, label=f"τ = {tau:g}")
    left.axvspan(0, 400, color="0.92")
    left.text(20, 900, "beyond the bound", fontsize=8, ha="center")
    left.set(
        title="Pendulum, each seed: no return is above 0",
        xlabel="highest Q(s, a) of the run",
        ylabel="regret of the last policy",
        xscale="symlog",
        yscale="log",
        xlim=(-0.5, 400),
    )
    left.set_xticks((0, 1, 10, 100), ("0", "1", "10", "100"))
    left.legend(fontsize=7, loc="lower right")
    show_dots(right, list(pole), list(pole.values()), (BLUE, PINK, GREEN, ORANGE))
    right.axhspan(100, 4e5, color="0.92")
    right.text(1.5, 1.8e5, "beyond the bound", fontsize=8, ha="center")
    right.set(
        title="The pole: no return is above 100",
        ylabel="highest Q(s, a), each seed",
        yscale="log",
        ylim=(50, 4e5),
    )
    right.tick_params(axis="x", labelsize=7)
    return figure


def the_triad(values: dict[str, Array]) -> Any:
    """Draw |V(first state)| (U,) of each way to learn it; its true value is 0."""
    figure, axes = plt.subplots(figsize=(8, 3.8))
    for (name, value), color in zip(values.items(), CYCLE, strict=False):
        axes.plot(np.maximum(np.abs(value), 1e-6), color=color, label=name)
    axes.set(
        title="Here all three together diverge, and no two of them do",
        xlabel="update",
        ylabel="|error| of V(first state)",
        yscale="log",
        ylim=(1e-6, 1e8),
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def bugs_of_targets(names: Array, last: Array, lowest: Array, highest: Array) -> Any:
    """Draw the last returns (V, K) of each bug, and the range of Q in its runs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 3.4), sharey=True)
    for i, name in enumerate(names):
        color = BLUE if name == "correct" else ORANGE
        spread = i + np.linspace(-0.15, 0.15, last.shape[1])
        left.plot(np.sort(last[i]), spread, "o", color=color, alpha=0.8, markersize=5)
        right.hlines(spread, lowest[i], highest[i], color=color, linewidth=2)
    left.set_yticks(range(len(names)), names)
    left.invert_yaxis()
    left.set(title="Each seed's last policy", xlabel="return")
    right.axvspan(0, 1_500, color="0.92")
    right.text(750, 1, "impossible", fontsize=8, ha="center")
    right.set(title="Lowest to highest Q at evaluations", xlabel="Q(s, a)", xlim=(-3_500, 1_500))
    return figure
