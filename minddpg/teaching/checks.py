"""Every check of the course: called with what the learner wrote, it says what is wrong with it.

A check takes the functions (or the class) that its exercise asks for, in the order of the stub, and
returns a Verdict: true if it passed, a short block when printed or left at the end of a notebook's
cell. `EXERCISES` maps "04.1" to the exercise itself: its stub, its statement, the mistakes that the
check can name. docs/exercises.md has the table of them all.
"""

import re

from .checking.exercise import EXERCISES as _FOUND
from .checking.exercise import Exercise
from .checking.hypotheses import MISTAKES
from .checking.verdict import Verdict
from .exercises.c04_layers import check_linear, check_relu, check_tanh
from .exercises.c04_network import check_network
from .exercises.c04_start import check_initial_parameters

EXERCISES = dict(sorted(_FOUND.items()))

__all__ = [
    "EXERCISES",
    "MISTAKES",
    "Exercise",
    "Verdict",
    "check_initial_parameters",
    "check_linear",
    "check_network",
    "check_relu",
    "check_tanh",
    "exercises_table",
]


def exercises_table() -> str:
    """Lay all exercises out in Markdown, chapter by chapter."""
    lines = ["| exercise | signature | check | kind | names these mistakes |", "| --- " * 5 + "|"]
    for number, each in EXERCISES.items():
        stub = re.findall(r"^(?:def|class|    def) .*:$", each.stub, re.MULTILINE)
        signature = "<br>".join(f"`{line.strip().removesuffix(':')}`" for line in stub)
        mistakes = ", ".join(dict.fromkeys(row.mistake for row in each.rows))
        lines.append(
            f"| **{number}** {each.title} | {signature} | `{each.check_name}` | {each.kind}"
            f" | {mistakes} |"
        )
    return "\n".join(lines) + "\n"
