"""Chapter 11: from a symptom to a suspicion, as a ladder of questions."""

from typing import Any

from ..style import BLUE, GREEN, GREY, ORANGE, show_arrow

QUESTIONS = (
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
        "Learns, and the critic's loss is\nmany times that of right code?",
        "y jumps for a reason that no observation shows. Time limits taken for\nends;"
        " transitions across a reset; a target actor that stands still.",
    ),
)


def symptom_tree() -> Any:
    """Draw the questions from top to bottom, what to suspect at each yes to the right."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9.5, 7.4))
    last = len(QUESTIONS)
    axes.set(xlim=(0, 10), ylim=(-0.45, last + 0.45))
    axes.axis("off")
    for i, (question, suspicion) in enumerate(QUESTIONS):
        y = last - i
        for x, text, side, color in (
            (1.75, question, "center", BLUE),
            (4.35, suspicion, "left", ORANGE),
        ):
            box: Any = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": color}
            axes.text(x, y, text, ha=side, va="center", fontsize=9, bbox=box)
        show_arrow(axes, (3.3, y), (4.2, y), ORANGE)
        axes.text(3.72, y + 0.1, "yes", ha="center", fontsize=8, color=ORANGE)
        show_arrow(axes, (1.75, y - 0.3), (1.75, y - 0.68), BLUE)
        axes.text(1.85, y - 0.5, "no", va="center", fontsize=8, color=BLUE)
    text = "Nothing to see: that proves nothing."
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": GREY}
    axes.text(1.75, 0, text, ha="center", va="center", fontsize=9, bbox=box)
    text = (
        "Right code ends here, and so do many bugs. More checks; the bias against an exact\n"
        "$Q^\\mu$, where one is known; another environment, one whose episodes can terminate."
    )
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": GREEN}
    axes.text(4.35, 0, text, ha="left", va="center", fontsize=8.5, bbox=box)
    figure.suptitle("From the symptom to the suspicion, from top to bottom")
    return figure
