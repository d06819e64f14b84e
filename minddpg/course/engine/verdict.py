"""A verdict: what a check found out, shown as a short block in a terminal and in a notebook."""

import textwrap
from dataclasses import dataclass
from html import escape
from typing import Any

from ...nn.layers import Array
from ..style import BLUE, GREEN, ORANGE

PASSED, FAILED, TO_DO, ERROR = "passed", "failed", "to do", "error"
HEADINGS = {
    PASSED: "passed",
    FAILED: "not yet",
    TO_DO: "still to do",
    ERROR: "your code stopped with an error",
}
COLORS = {PASSED: GREEN, FAILED: ORANGE, TO_DO: BLUE, ERROR: ORANGE}
WIDTH = 88


@dataclass(frozen=True, eq=False)
class Comparison:
    """An array of the learner's answer and its expected value."""

    name: str
    observed: Array
    expected: Array
    error: float  # ‖observed − expected‖₂ / ‖expected‖₂; inf where the shapes differ
    tolerance: float
    worst: Any = None  # the index of the largest difference; None where the shapes differ
    message: str = ""  # shown where it is wrong, instead of the worst entry

    @property
    def passed(self) -> bool:
        """True where the error is within the tolerance."""
        return self.observed.size > 0 and self.error <= self.tolerance  # False for NaN

    def cells(self) -> tuple[str, ...]:
        """Return name, shape, error, tolerance, and "right" or "WRONG"."""
        word = "right" if self.passed else "WRONG"
        if self.message:  # true or false, where an error means nothing
            return self.name, "", "", "", word
        shape = str(self.observed.shape)
        return self.name, shape, f"{self.error:.1e}", f"{self.tolerance:.0e}", word

    def detail(self) -> str:
        """Say what is wrong: the message, the shape, or the entry with the largest difference."""
        if self.message:
            return self.message
        if self.worst is None:
            return (
                f"{self.name} has shape {self.observed.shape}, it should have {self.expected.shape}"
            )
        at = f"{self.name}{list(self.worst)}" if self.worst else self.name
        observed, expected = self.observed[self.worst], self.expected[self.worst]
        return f"worst entry {at}: yours {observed:.6g}, expected {expected:.6g}"


@dataclass(frozen=True, eq=False)
class Verdict:
    """The result of a check. True if it passed; prints as an explanation."""

    number: str
    title: str
    status: str  # PASSED, FAILED, TO_DO or ERROR
    compared: str = ""  # what was compared with what
    comparisons: tuple[Comparison, ...] = ()
    diagnosis: str = ""  # the mistake's name, "unknown", or "" where there is none
    explanation: str = ""

    def __post_init__(self) -> None:
        all_passed = bool(self.comparisons) and all(row.passed for row in self.comparisons)
        if self.passed and not all_passed:
            raise AssertionError("a check must not pass without having compared something")

    @property
    def passed(self) -> bool:
        """True if the answer is correct."""
        return self.status == PASSED

    def __bool__(self) -> bool:
        return self.passed

    @property
    def heading(self) -> str:
        """Return the first line: number, title, status."""
        return f"{self.number} {self.title}: {HEADINGS[self.status]}"

    def paragraphs(self) -> list[str]:
        """Return the lines below the table: the worst entries, and what they mean."""
        texts = [row.detail() for row in self.comparisons if not row.passed]
        if self.diagnosis:
            texts.append(f"diagnosis: {self.diagnosis}")
        return texts + self.explanation.splitlines()

    def __str__(self) -> str:
        lines = [self.heading]
        if self.comparisons:
            lines += [f"  compared {self.compared}", *_table(self.comparisons)]
        for text in self.paragraphs():
            if text.startswith("    "):  # a line of code is not wrapped
                lines.append(text)
            else:
                lines += textwrap.wrap(f"  {text}", WIDTH, subsequent_indent="  ")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        color = COLORS[self.status]
        parts = [
            f'<div style="border-left: 4px solid {color}; padding: 0.2em 0 0.2em 1em">',
            f"<strong>{escape(self.heading)}</strong>",
        ]
        if self.comparisons:
            names = ("compared", "shape", "relative error", "tolerance", "")
            rows = [names, *(comparison.cells() for comparison in self.comparisons)]
            cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
            parts.append(f"<div>compared {escape(self.compared)}</div>")
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
        for text in self.paragraphs():
            tag = "pre" if text.startswith("    ") else "div"
            parts.append(f"<{tag}>{escape(text)}</{tag}>")
        return "\n".join([*parts, "</div>"])


def _table(comparisons: tuple[Comparison, ...]) -> list[str]:
    header = ("", "shape", "rel. error", "tolerance", "")
    rows = [header, *(comparison.cells() for comparison in comparisons)]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
