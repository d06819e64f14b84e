"""Figures of chapter 08: a moving goal, slow followers, studies of targets, the deadly triad.

N batch, U updates, K seeds, E evaluations, V variants.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ..style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, SKY, show_dots, show_seeds

TAU_COLORS = (GREEN, SKY, BLUE, PINK, ORANGE)


def a_goal_that_moves(own: Array, goal: Array, chases: dict[str, tuple[Array, Array]]) -> Any:
    """Draw how far Q(s, a) and y move (N,) in one step on one row, and Q and y (U,) in many."""
    figure, (left, *rest) = plt.subplots(1, 3, figsize=(10.4, 3.5))
    limit = 1.05 * np.abs(own).max()
    left.plot((-limit, limit), (-limit, limit), color=GREY, linestyle="--", label="as far as Q")
    left.axhline(0, color=ORANGE, label="with a target held fixed")
    left.plot(own, goal, "o", color=BLUE, markersize=4, label="each row, without a target")
    left.set(title="One step on one row", xlabel="change of Q(s, a)", ylabel="change of its goal y")
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


def slow_followers(online: Array, followers: dict[float, Array], values: Array, whose: str) -> Any:
    """Draw a weight (U,) with its followers {τ: (U,)}, and Q and Q' (U, 2) of one state."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.6, 3.6))
    early = slice(2_500)
    left.plot(online[early], color=BLACK, label="θ, the network")
    for (tau, follower), color in zip(followers.items(), (GREEN, BLUE, PINK), strict=False):
        left.plot(follower[early], color=color, linestyle="--", label=f"θ', τ = {tau:g}")
    left.set(title="A weight, and three followers", xlabel="update", ylabel="value of the weight")
    left.legend()
    back = np.arange(300)
    for tau, color in zip(followers, (GREEN, BLUE, PINK), strict=False):
        middle.plot(back, tau * (1 - tau) ** back, color=color, label=f"τ = {tau:g}")
    middle.set(
        title="Weights of earlier θ in θ'",
        xlabel="age of θ, updates",
        ylabel="weight in θ'",
        yscale="log",
        ylim=(1e-5, 1),
    )
    middle.legend()
    some = np.arange(1_000, 1_300)
    right.plot(some, values[some, 0], color=BLUE, label="Q(s, μ(s))")
    right.plot(some, values[some, 1], color=ORANGE, label="Q'(s, μ'(s))")
    right.set(title="Q of a hanging pendulum", xlabel="update", ylabel="value")
    right.legend()
    figure.suptitle(f"A target is a weighted mean of all earlier networks; followers by {whose}")
    return figure


def how_fast(study: dict[str, Array], copies: dict[str, Array]) -> Any:
    """Draw the regrets of the study of τ, and the last ones next to those of hard copies."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.2, 3.6), width_ratios=(3, 3))
    steps = 1_000 * np.arange(1, study["regret"].shape[-1] + 1)
    for tau, runs, color in zip(study["taus"], study["regret"], TAU_COLORS, strict=True):
        show_seeds(left, steps, np.maximum(runs, 1), f"τ = {tau:g}", color)
    left.set(
        title="Soft updates: ten seeds (thin) and their median",
        xlabel="environment steps",
        ylabel="regret, ten starts (1 where below)",
        yscale="log",
    )
    left.legend(ncols=2)
    names = [f"τ =\n{tau:g}" for tau in study["taus"]]
    names += [f"copy:\n{every:,}" for every in copies["every"]]
    ends, colors = [*study["last"], *copies["last"]], (*TAU_COLORS, GREEN, BLUE, PINK)
    show_dots(right, names, ends, colors)
    right.axvline(len(study["taus"]) - 0.5, color=GREY, linewidth=0.8)
    right.set(title="The last policies: soft updates, hard copies", yscale="log")
    right.set_ylabel("regret, 100 starts, each seed")
    return figure


def figure_2(names: Sequence[str], study: dict[str, Array]) -> Any:
    """Draw the returns of the last policies, a dot for each seed of each variant."""
    figure, panels = plt.subplots(1, 2, figsize=(10.2, 3.4))
    for axes, task in zip(panels, ("pendulum", "pole"), strict=True):
        ends = [study[f"{task}_{i}_last"] for i in range(len(names))]
        show_dots(axes, names, ends, (BLUE, PINK, GREEN, ORANGE, BLACK))
        axes.set(title=task.capitalize(), ylabel="return of the last policy")
        axes.tick_params(axis="x", labelsize=7)
    figure.suptitle("Targets helped on Pendulum, and not on the pole. Each dot is a seed")
    return figure


def impossible_values(taus: Array, highest: Array, regret: Array, pole: dict[str, Array]) -> Any:
    """Draw the regret (V, K) against the highest Q (V, K); for the pole, only Q {name: (K,)}."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 3.7), width_ratios=(3, 2))
    for tau, q, last, color in zip(taus, highest, regret, TAU_COLORS, strict=True):
        left.plot(q, last, "o", color=color, alpha=0.8, markersize=5, label=f"τ = {tau:g}")
    left.axvspan(1, 400, color="0.92")
    left.axvline(0, color=GREY, linestyle=":")
    left.text(20, 900, "more than 1 above the bound", fontsize=8, ha="center")
    left.set(
        title="Pendulum, each seed: no return is above 0 (dotted)",
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
    right.text(1.5, 1.8e5, "above the bound", fontsize=8, ha="center")
    right.set(
        title="The pole: no return is above 100",
        ylabel="highest Q(s, a), each seed",
        yscale="log",
        ylim=(50, 4e5),
    )
    right.tick_params(axis="x", labelsize=7)
    return figure


def the_triad(values: dict[str, Array], whose: str) -> Any:
    """Draw |V(first state)| (U,) for each way to learn it; its true value is 0."""
    figure, axes = plt.subplots(figsize=(8.6, 3.6))
    for (name, value), color in zip(values.items(), CYCLE, strict=False):
        axes.plot(np.maximum(np.abs(value), 1e-6), color=color, label=name)
    axes.set(
        title=f"All three together diverge; any two do not ({whose})",
        xlabel="update",
        ylabel="|V(first state)|, should be 0\n(cut off below and above)",
        yscale="log",
        ylim=(1e-6, 1e8),
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def which_mixtures(
    shares: Array, factors: Any, predicted: Array, tried: Array, grew: Array, whose: str
) -> Any:
    """Draw the factor (S,) for shares (S,) of the first state, the prediction and experiments."""
    figure, axes = plt.subplots(figsize=(7.6, 3.4))
    axes.plot(shares, factors, color=BLACK, label="factor f of one regression")
    axes.axhline(1, color=GREY, linestyle=":")
    low, high = axes.get_ylim()
    axes.fill_between(
        shares, low, high, where=predicted, color="0.92", label="predicted to diverge", zorder=0
    )
    for did, color, name in ((True, ORANGE, "grew"), (False, BLUE, "shrank")):
        x = tried[grew == did]
        axes.plot(x, np.interp(x, shares, factors), "o", color=color, label=f"w' {name}")
    axes.axvline(1 / 11, color=GREEN, linestyle="--", label="as the policy visits them")
    axes.set(
        title=f"Which mixtures diverge: prediction ({whose}) and experiment",
        xlabel="share of the updates that are at the first state",
        ylabel="factor f",
        ylim=(low, high),
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def bugs_of_targets(bugs: dict[str, Array], bound: float) -> Any:
    """Draw the last returns (V, K) of each bug, and the range of Q in its runs.

    Args:
        bound: the lowest possible Q.
    """
    names, last = bugs["names"], bugs["last"]
    lowest, highest = bugs["q_min"].min(axis=-1), bugs["q_max"].max(axis=-1)
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
    right.axvspan(-3_500, bound, color="0.92")
    right.set(title="Range of Q in each run; grey: impossible", xlabel="Q(s, a)")
    right.set_xlim(-3_500, 1_500)
    return figure
