"""What a check found, as a short block for a terminal and for a notebook."""

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
    """One array of the learner's beside the correct one."""

    name: str
    found: Array
    expected: Array
    error: float  # ‖found − expected‖₂ / ‖expected‖₂; inf where the shapes differ
    tolerance: float
    worst: Any = None  # the index of the largest difference; None where the shapes differ
    says: str = ""  # what to say where it is wrong, instead of the worst entry

    @property
    def passed(self) -> bool:
        """True where the error is within the tolerance."""
        return self.found.size > 0 and self.error <= self.tolerance  # False for NaN

    def cells(self) -> tuple[str, ...]:
        """Return name, shape, error, tolerance and verdict as texts."""
        word = "right" if self.passed else "WRONG"
        if self.says:  # a yes or no, of which an error says nothing
            return self.name, "", "", "", word
        shape = str(self.found.shape)
        return self.name, shape, f"{self.error:.1e}", f"{self.tolerance:.0e}", word

    def detail(self) -> str:
        """Say where the two differ most."""
        if self.says:
            return self.says
        if self.worst is None:
            return f"{self.name} has shape {self.found.shape}, it should have {self.expected.shape}"
        at = f"{self.name}{list(self.worst)}" if self.worst else self.name
        found, expected = self.found[self.worst], self.expected[self.worst]
        return f"worst entry {at}: yours {found:.6g}, expected {expected:.6g}"


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a check found. True if it passed; printed or shown in a notebook, it explains itself."""

    number: str
    title: str
    status: str  # PASSED, FAILED, TO_DO or ERROR
    compared: str = ""  # what with what
    comparisons: tuple[Comparison, ...] = ()
    diagnosis: str = ""  # the mistake's name, "unknown", or "" where there is none
    explanation: str = ""

    def __post_init__(self) -> None:
        every = bool(self.comparisons) and all(each.passed for each in self.comparisons)
        if self.passed and not every:
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
        """Return what stands below the table: the worst entries, and what they mean."""
        texts = [each.detail() for each in self.comparisons if not each.passed]
        if self.diagnosis:
            texts.append(f"diagnosis: {self.diagnosis}")
        return texts + self.explanation.splitlines()

    def __str__(self) -> str:
        lines = [self.heading]
        if self.comparisons:
            lines += [f"  compared {self.compared}", *_table(self.comparisons)]
        for text in self.paragraphs():
            if text.startswith("    "):  # a line of code stays as it is
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
            rows = [names, *(each.cells() for each in self.comparisons)]
            cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
            parts.append(f"<div>compared {escape(self.compared)}</div>")
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
        for text in self.paragraphs():
            tag = "pre" if text.startswith("    ") else "div"
            parts.append(f"<{tag}>{escape(text)}</{tag}>")
        return "\n".join([*parts, "</div>"])


def _table(comparisons: tuple[Comparison, ...]) -> list[str]:
    rows = [("", "shape", "rel. error", "tolerance", ""), *(each.cells() for each in comparisons)]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
