"""Figures of chapter 11: what bugs did to runs, what caught them, and the logs of five agents.

B bugs or variants, N batch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...experiments.statistics import iqm, summarise
from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, show_array, show_arrow, show_seeds
from .diagnose import AGENTS

Precomputed = Mapping[str, Array]

MUCH, LOW_Q = 3e3, 200  # a loss, and minus a Q, at the edge of a panel

QUESTIONS = (  # of symptom_tree: the question, and what to suspect if the answer is yes
    ("Does a check object?", "Repair that first. A run tells you less than any check."),
    (
        "NaN, or Q far outside what\nthe rewards allow?",
        "The target runs after itself. Target networks that nobody asks, or\nupdated the wrong"
        " way round; τ too large; rates too high.",
    ),
    (
        "Clearly worse than random,\non every seed?",
        "The actor goes the wrong way, or one way until its tanh is full.\nThe sign of −Q; the"
        " slopes on the way back; the target's gradient.",
    ),
    (
        "About as bad as random,\nand the critic's loss ≈ 0?",
        "There is nothing to predict but the reward. The mask flipped; γ = 0;\na memory that"
        " holds one transition many times.",
    ),
    (
        "About as bad as random,\nand the critic's loss is not small?",
        "The critic learns from wrong data, or the actor from a wrong slope.\nThe memory's rows;"
        " (N, 1) against (N,); the slice of ∇a Q; the rates.",
    ),
    (
        "Do the seeds differ\nby hundreds?",
        "Something is unsteady. A target that is no copy; the actor's step\nmoves the critic;"
        " the draw from the memory; a slope; too few starts.",
    ),
    (
        "Learns, and stays short\nby the same amount each time?",
        "The policy is limited, or measured wrongly. Action scale and bounds;\nnoise left on in"
        " evaluation; rows of zeros in the memory.",
    ),
    (
        "Learns, and the critic's loss is\nmany times that of correct code?",
        "y jumps for a reason that no observation shows. Time limits taken for\nends;"
        " transitions across a reset; a target actor that stands still.",
    ),
)


def three_curves(bugs: Precomputed) -> Any:
    """Draw the returns of three agents, unnamed, with what their last policies reach."""
    names = list(bugs["names"])
    figure, panels = plt.subplots(1, 3, sharex=True, sharey=True, figsize=(9, 2.9))
    for axes, number, name in zip(
        panels, ("I", "II", "III"), ("discount-missing", "correct", "reset-stored"), strict=True
    ):
        i = names.index(name)
        show_seeds(axes, bugs["steps"], bugs["returns"][i], "median", BLUE)
        axes.set(title=f"Agent {number}: five seeds", xlabel="environment steps")
        text = "last policies:\n" + "\n".join(f"{value:.0f}" for value in bugs["last"][i])
        axes.text(0.95, 0.08, text, ha="right", fontsize=8, transform=axes.transAxes)
    panels[0].set_ylabel("return, mean of ten starts")
    figure.suptitle("One of these agents is correct code")
    return figure


def ends_of_all_bugs(bugs: Precomputed) -> Any:
    """Draw return, critic loss and highest Q of every seed, a line per bug, the best on top."""
    names = bugs["names"]
    rows = [i for i, name in enumerate(names) if not str(name).startswith("correct ")]
    rows.sort(key=lambda i: float(iqm(bugs["last"][i])))
    figure, panels = plt.subplots(1, 3, sharey=True, figsize=(9.5, 8.6), width_ratios=(3, 2, 2))
    for y, i in enumerate(rows):
        correct = names[i] == "correct"
        marker, color = ("s", BLUE) if correct else ("o", ORANGE)
        for axes, key in zip(panels, ("last", "loss", "highest_q"), strict=True):
            values = bugs[key][i]
            axes.plot(
                values, np.full(len(values), y), marker, color=color, alpha=0.75, markersize=4.5
            )
            if correct:
                axes.axhspan(y - 0.5, y + 0.5, color=BLUE, alpha=0.12, linewidth=0)
    panels[0].set_ylim(-0.8, len(rows) - 0.2)
    labels = ["of exercise 11.4" if name in AGENTS.values() else str(name) for name in names[rows]]
    panels[0].set_yticks(range(len(rows)), labels, fontsize=7.5)
    panels[0].set(title="Return of the last policy", xlabel="return, each seed")
    panels[1].set(title="The critic's last loss", xlabel="loss, logarithmic", xscale="log")
    for y, i in enumerate(rows):
        loss, q = bugs["loss"][i].min(), bugs["highest_q"][i].max()
        if loss > MUCH:  # too far away to be drawn
            small: Any = {"va": "center", "fontsize": 7.5, "color": ORANGE}
            panels[1].text(
                MUCH, y, f"all above $10^{{{int(np.log10(loss))}}}$ →", ha="right", **small
            )
            panels[2].text(-LOW_Q, y, f"← all below −{int(-q)}", **small)
    panels[1].set_xlim(right=1.2 * MUCH)
    panels[2].set(title="Highest Q of the run", xlabel="Q; no true value is above 0")
    panels[2].set_xscale("symlog", linthresh=100)
    panels[2].axvline(0, color=BLACK, linewidth=1)
    panels[2].set_xlim(-1.2 * LOW_Q, 2000)
    panels[2].set_xticks([-100, 0, 100, 1000], ["−100", "0", "100", "1000"])
    count = f"{len(rows) - 1} bugs and correct code"
    figure.suptitle(f"{count} (blue band), five seeds each, best return on top")
    return figure


def broadcast_arrays(q: Array, y: Array, wrong: Array, grads: tuple[Array, Array]) -> Any:
    """Draw Q and y (N,), the table of differences (N, N), and the two gradients by Q (N,)."""
    widths = (1, 1, 1, 5, 1.4, 1.4)
    figure, panels = plt.subplots(1, 6, figsize=(9, 3.3), width_ratios=widths)
    n, limit, steepest = len(q), float(np.abs(wrong).max()), float(np.abs(grads).max())
    for axes, array, title, scale in zip(
        panels,
        (q[:, None], y[:, None], (q - y)[:, None], wrong, grads[0][:, None], grads[1][:, None]),
        (
            f"Q\n({n}, 1)",
            f"y\n({n},)",
            f"Q − y\ncorrect\n({n},)",
            f"Q − y as the bug has it\n({n}, {n})",
            f"∂L/∂Q\ncorrect\n({n},)",
            f"∂L/∂Q\nthe bug's\n({n},)",
        ),
        (limit, limit, limit, limit, steepest, steepest),
        strict=True,
    ):
        show_array(axes, array, "", limit=scale)
        axes.set_title(title)
    panels[3].set_xlabel("column j: minus the target of row j")
    panels[0].set_ylabel(f"{n} transitions")
    figure.suptitle("A column minus a row is a table, and nobody complains")
    return figure


def seeds_say(cases: Sequence[tuple[str, Array]], counts: Sequence[int], wrong: Array) -> Any:
    """Draw seeds and interval of each case, and the share of wrong verdicts by number of seeds."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.1), width_ratios=(3, 2))
    for i, (_, values) in enumerate(cases):
        y = len(cases) - 1 - i
        ends = summarise(values).interval
        left.plot(ends, [y, y], color=GREY, linewidth=7, alpha=0.35, solid_capstyle="butt")
        left.plot(values, np.full(len(values), y), "o", color=ORANGE if i else BLUE, markersize=5)
    left.set_yticks(range(len(cases)), [name for name, _ in cases][::-1])
    left.set(title="Five seeds, and an interval of their IQM", xlabel="return of the last policy")
    right.plot(counts, 100 * wrong, "o-", color=BLUE)
    right.set(title="The worse code looks better", xlabel="seeds of each of the two", xticks=counts)
    right.set(ylabel="% of comparisons", ylim=(0, None))
    figure.suptitle("One seed may be right by luck")
    return figure


def kill_matrix(matrix: Precomputed, hidden: Array) -> Any:
    """Draw which kind of check objects to which bug.

    hidden (B,) is true where the return is as good as that of correct code.
    """
    counts, names = matrix["counts"], matrix["names"]
    figure, axes = plt.subplots(figsize=(9.5, 8.8))
    name_at, circle_at, text_at = -1.6, -1.0, 2.75  # the boxes stand at 0, 1 and 2
    for i, name in enumerate(names):
        y, color = len(names) - 1 - i, BLACK if i else BLUE
        axes.text(name_at, y, name, ha="right", va="center", fontsize=7.5, color=color)
        fill = "none" if hidden[i] else "full"
        axes.plot(circle_at, y, "o", color=ORANGE, fillstyle=fill, markersize=7)
        for x, background in enumerate((GREEN, BLUE, PINK)):
            box = {"boxstyle": "round,pad=0.25", "facecolor": background, "edgecolor": "none"}
            if counts[i, x]:
                text = axes.text(x, y, str(counts[i, x]), bbox=box, fontsize=7.5, color="white")
                text.set(ha="center", va="center")
        first = next((str(text) for text in matrix["first"][i] if text), "nothing to object to")
        short = first if len(first) < 62 else f"{first[:60]}…"
        axes.text(text_at, y, short, va="center", fontsize=7.5, color=color)
    top = len(names) + 0.3
    bold: Any = {"va": "bottom", "fontsize": 8, "weight": "bold"}
    axes.text(name_at, top, "bug", ha="right", **bold)
    axes.text(circle_at, top, "return\nshows it", ha="center", **bold)
    for x, kind in enumerate(matrix["kinds"]):
        axes.text(x, top, kind.replace(" and ", "\nand "), ha="center", **bold)
    axes.text(text_at, top, "what objects first", **bold)
    axes.set(xlim=(-3.9, 7.2), ylim=(-0.8, len(names) + 1.6))
    axes.axis("off")
    figure.suptitle("Filled circle: a return shows the bug. Boxes: how many checks of a kind do")
    return figure


def mystery_logs(logs: Precomputed) -> Any:
    """Draw five measures (rows) of five agents (columns), every seed."""
    measures = (
        ("return", "return", "linear"),
        ("q_max", "highest Q\nof the batches", "linear"),
        ("q_min", "lowest Q\nof the batches", "linear"),
        ("critic_loss", "critic loss", "log"),
        ("actor_loss", "actor loss", "linear"),
    )
    figure, panels = plt.subplots(5, 5, sharex=True, sharey="row", figsize=(10, 8.4))
    for row, (key, label, scale) in zip(panels, measures, strict=True):
        steps = logs["steps" if key == "return" else "loss_steps"] / 1000
        for axes, runs in zip(row, logs[key], strict=True):
            show_seeds(axes, steps, runs, "", BLUE)
            axes.set_yscale(scale)
        row[0].set_ylabel(label)
    for top, bottom, agent in zip(panels[0], panels[-1], logs["agents"], strict=True):
        top.set_title(f"Agent {agent}", weight="bold")
        bottom.set_xlabel("1,000 steps")
    figure.suptitle("Five agents, five seeds each: one is correct code")
    return figure


def symptom_tree() -> Any:
    """Draw the questions from top to bottom, and to the right what to suspect if one says yes."""
    figure, axes = plt.subplots(figsize=(9.5, 7.4))
    last = len(QUESTIONS)
    axes.set(xlim=(0, 10), ylim=(-0.45, last + 0.45))
    axes.axis("off")

    def draw_box(x: float, y: float, text: str, color: str, side: str = "center") -> None:
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color}
        axes.text(x, y, text, bbox=box, fontsize=9, va="center", horizontalalignment=side)

    for i, (question, suspicion) in enumerate(QUESTIONS):
        y = last - i
        draw_box(1.75, y, question, BLUE)
        draw_box(4.35, y, suspicion, ORANGE, "left")
        show_arrow(axes, (3.3, y), (4.2, y), ORANGE)
        axes.text(3.72, y + 0.1, "yes", ha="center", fontsize=8, color=ORANGE)
        show_arrow(axes, (1.75, y - 0.3), (1.75, y - 0.68), BLUE)
        axes.text(1.85, y - 0.5, "no", va="center", fontsize=8, color=BLUE)
    draw_box(1.75, 0, "Nothing to see: that proves nothing.", GREY)
    advice = (
        "Correct code ends here, and so do many bugs. More checks; the bias against\n"
        "a known $Q^\\mu$; another environment, one whose episodes can terminate."
    )
    draw_box(4.35, 0, advice, GREEN, "left")
    figure.suptitle("From the symptom to the suspicion, from top to bottom")
    return figure
