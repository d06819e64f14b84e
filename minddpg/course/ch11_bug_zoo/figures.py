"""Figures of chapter 11: what bugs did to runs, what caught them, and five agents to read.

B bugs or variants.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...experiments.statistics import iqm
from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, draw_only, show_seeds
from .mystery_runs import AGENTS

Precomputed = Mapping[str, Array]

MUCH = 3e3  # a loss at the edge of a panel
AS_GOOD = 8  # a return at most this far below that of correct code is as good


def ends_of_all_bugs(bugs: Precomputed) -> Any:
    """Draw return and critic loss of every seed, a line per bug, the best on top."""
    names = bugs["names"]
    rows = [i for i, name in enumerate(names) if not str(name).startswith("correct ")]
    rows.sort(key=lambda i: float(iqm(bugs["last"][i])))
    figure, panels = plt.subplots(1, 2, sharey=True, figsize=(8.5, 8.6), width_ratios=(3, 2))
    for y, i in enumerate(rows):
        correct = names[i] == "correct"
        marker, color = ("s", BLUE) if correct else ("o", ORANGE)
        for axes, key in zip(panels, ("last", "loss"), strict=True):
            values = bugs[key][i]
            axes.plot(
                values, np.full(len(values), y), marker, color=color, alpha=0.75, markersize=4.5
            )
            if correct:
                axes.axhspan(y - 0.5, y + 0.5, color=BLUE, alpha=0.12, linewidth=0)
    panels[0].set_ylim(-0.8, len(rows) - 0.2)
    labels = ["of exercise 11.9" if name in AGENTS.values() else str(name) for name in names[rows]]
    panels[0].set_yticks(range(len(rows)), labels, fontsize=7.5)
    panels[0].set(title="Return of the last policy", xlabel="return, each seed")
    panels[1].set(title="The critic's last loss", xlabel="loss, logarithmic", xscale="log")
    for y, i in enumerate(rows):
        if (loss := bugs["loss"][i].min()) > MUCH:  # too far away to be drawn
            text = f"all above $10^{{{int(np.log10(loss))}}}$ →"
            panels[1].text(MUCH, y, text, ha="right", va="center", fontsize=7.5, color=ORANGE)
    panels[1].set_xlim(right=1.2 * MUCH)
    count = f"{len(rows) - 1} bugs and correct code"
    figure.suptitle(f"{count} (blue band), five seeds each, best return on top")
    return figure


def kill_matrix(matrix: Precomputed, bugs: Precomputed) -> Any:
    """Draw which kind of check catches which bug, and whether the return shows it.

    A return shows a bug if it is more than 8 below that of correct code with the same settings.
    Where this correct code does not learn, there is a cross. Bugs of exercise 11.9 have no circle.
    """
    counts, names, runs = matrix["counts"], matrix["names"], list(bugs["names"])
    best = iqm(bugs["last"])
    default = best[runs.index("correct")]
    figure, axes = plt.subplots(figsize=(10.2, 8.8))
    name_at, circle_at, text_at = -1.6, -1.0, 2.75  # the boxes stand at 0, 1 and 2
    for i, name in enumerate(names):
        y, color = len(names) - 1 - i, BLACK if i else BLUE
        axes.text(name_at, y, name, ha="right", va="center", fontsize=7.5, color=color)
        run = runs.index(name) if i else runs.index("correct")  # the first row is correct code
        control = best[bugs["control"][run]]
        if control < default - 10 * AS_GOOD:
            axes.plot(circle_at, y, "x", color=GREY, markersize=6)
        elif name not in AGENTS.values() or i == 0:
            fill = "none" if best[run] > control - AS_GOOD else "full"
            axes.plot(circle_at, y, "o", color=ORANGE, fillstyle=fill, markersize=7)
        for x, background in enumerate((GREEN, BLUE, PINK)):
            box = {"boxstyle": "round,pad=0.25", "facecolor": background, "edgecolor": "none"}
            if counts[i, x]:
                text = axes.text(x, y, str(counts[i, x]), bbox=box, fontsize=7.5, color="white")
                text.set(ha="center", va="center")
        first = next((str(text) for text in matrix["first"][i] if text), "nothing to object to")
        typeset = re.sub(r"(\w)\^(\w'?)", r"$\1^{\2}$", first)  # θ^μ, with μ raised
        axes.text(text_at, y, typeset, va="center", fontsize=7.5, color=color)
    top = len(names) + 0.3
    bold: Any = {"va": "bottom", "fontsize": 8, "weight": "bold"}
    axes.text(name_at, top, "bug", ha="right", **bold)
    axes.text(circle_at, top, "return\nshows it", ha="center", **bold)
    for x, kind in enumerate(matrix["kinds"]):
        axes.text(x, top, kind.replace(" and ", "\nand "), ha="center", **bold)
    axes.text(text_at, top, "first objection", **bold)
    axes.set(xlim=(-3.9, 7.7), ylim=(-0.8, len(names) + 2.4))
    draw_only(axes)
    figure.suptitle("Filled: the return shows the bug. Boxes: how many checks object")
    return figure


def five_agents(runs: Precomputed) -> Any:
    """Draw returns, losses, torques and Q against y (rows) of five agents (columns)."""
    figure, panels = plt.subplots(4, 5, figsize=(10, 8.2), layout="constrained")
    for column, agent in enumerate(runs["agents"]):
        returns, loss, torque, values = panels[:, column]
        show_seeds(returns, runs["steps"] / 1000, runs["returns"][column], "", BLUE)
        returns.set_title(f"Agent {agent}", weight="bold")
        show_seeds(loss, runs["loss_steps"] / 1000, runs["loss"][column], "", BLUE)
        loss.set(yscale="log", ylim=(1e-4, 1e3), xlabel="1,000 steps")
        returns.set(ylim=(-1700, 0), xticklabels=[])
        torque.hist(runs["torque"][column], np.linspace(-2, 2, 41), color=ORANGE, density=True)
        torque.set(xlim=(-2.1, 2.1), ylim=(0, 4.5), xlabel="torque (N m)")
        _q_against_y(values, runs["q"][column], runs["y"][column])
    for axes, label in zip(
        panels[:, 0],
        ("return", "critic loss", "density of\nreplayed states", "Q(s, a)"),
        strict=True,
    ):
        axes.set_ylabel(label)
    for axes in panels[:3, 1:].flat:
        axes.set_yticklabels([])
    figure.suptitle("Five agents; in the last row each panel has its own scale")
    return figure


def _q_against_y(axes: Any, q: Array, y: Array) -> None:
    """Draw each Q at its y, and the line on which they are equal."""
    low, high = min(q.min(), y.min()), max(q.max(), y.max())
    margin = 0.05 * (high - low)
    limits = low - margin, high + margin
    axes.plot(limits, limits, color=GREY, linewidth=1)
    axes.plot(y, q, ".", color=BLUE, markersize=2.5, alpha=0.5)
    axes.set(xlim=limits, ylim=limits, xlabel="y", aspect="equal")
    axes.locator_params(nbins=3)


def together(repaired: tuple[Array, Array], planted: tuple[Array, Array], whose: str) -> Any:
    """Draw how agent, buffer and loop learn when repaired, and with their bugs."""
    figure, axes = plt.subplots(figsize=(7, 2.9))
    for (steps, returns), label, color in (
        (repaired, f"repaired: {whose}", BLUE),
        (planted, "with the three bugs", ORANGE),
    ):
        axes.plot(steps, returns, "o-", color=color, label=label)
    axes.set(xlabel="environment steps", ylabel="return, mean of ten starts", ylim=(-1800, 0))
    axes.legend(loc="lower right")
    figure.suptitle("Agent, buffer and loop learn Pendulum together, one seed")
    return figure
