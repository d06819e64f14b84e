"""Show a verdict, the result of a check, as a short block in a terminal or a notebook.

From top to bottom: the name of the mistake, its meaning, its place, the table, further notes.
"""

import os
import sys
import textwrap
from dataclasses import dataclass
from html import escape
from itertools import groupby
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
MOST_PLACES = 3  # wrong rows whose worst entry is shown
MOST_RIGHT = 4  # correct rows that are named; more are only counted
COLUMNS = ("", "", "shape", "rel. error", "tolerance", "")


@dataclass(frozen=True, eq=False)
class Comparison:
    """An array of the learner's answer and its expected value."""

    name: str
    observed: Array
    expected: Array
    error: float  # ‖observed − expected‖₂ / ‖expected‖₂; inf where the shapes differ
    tolerance: float
    worst: Any = None  # the index of the largest difference; None if the shapes differ
    message: str = ""  # shown if it is wrong, instead of the worst entry
    case: int = 0  # the number of the data set
    is_exact: bool = False  # True for counts and booleans, where a relative error means nothing

    @property
    def passed(self) -> bool:
        """True if the error is within the tolerance."""
        return self.observed.size > 0 and self.error <= self.tolerance  # False for NaN

    def cells(self) -> tuple[str, ...]:
        """Return the row: a mark, the name, shape, error, tolerance, and "right" or "WRONG"."""
        mark, word = ("", "right") if self.passed else (">", "WRONG")
        shape = str(self.observed.shape) if self.observed.ndim else ""
        if self.is_exact:
            return mark, self.name, shape, "", "", word
        return mark, self.name, shape, f"{self.error:.1e}", f"{self.tolerance:.2g}", word

    def place(self) -> str:
        """Describe what is wrong: the message, the shape, or the entry with the largest error."""
        if self.message:
            return self.message
        if self.worst is None:
            shapes = self.observed.shape, self.expected.shape
            return f"{self.name} has shape {_shape(shapes[0])}; it should have {_shape(shapes[1])}"
        if self.worst:
            place = f"worst entry {self.name}[{', '.join(map(str, self.worst))}]"
        else:
            place = self.name
        observed, expected = self.observed[self.worst], self.expected[self.worst]
        is_bool = self.observed.dtype == bool
        if is_bool and self.is_exact and expected in (0, 1):
            return f"{place}: yours {bool(observed)}, expected {bool(expected)}"
        number = int(observed) if is_bool else observed
        digits = 6 if f"{number:.6g}" != f"{expected:.6g}" else 12
        yours = bool(observed) if is_bool else f"{number:.{digits}g}"
        return f"{place}: yours {yours}, expected {expected:.{digits}g}"


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "() (one number)"


@dataclass(frozen=True, eq=False)
class Verdict:
    """The result of a check. True if it passed; prints as an explanation."""

    number: str
    title: str
    status: str  # PASSED, FAILED, TO_DO or ERROR
    compared: str = ""  # what was compared with what
    comparisons: tuple[Comparison, ...] = ()  # of all cases
    diagnosis: str = ""  # the mistake's name, "unknown", or "" if nothing is wrong
    explanation: str = ""
    printed: tuple[str, ...] = ()  # the first lines that the learner's code printed
    kept: str = ""  # a sentence about where the answer is saved
    remarks: tuple[str, ...] = ()  # further sentences of the probe

    def __post_init__(self) -> None:
        all_passed = bool(self.comparisons) and all(row.passed for row in self.comparisons)
        if self.passed and not all_passed:
            raise AssertionError("a check must compare something before it may pass")

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

    @property
    def shown(self) -> tuple[Comparison, ...]:
        """The rows of the table: those of the first case with a wrong row, else of the first."""
        wrong = [row.case for row in self.comparisons if not row.passed]
        case = min(wrong, default=0)
        return tuple(row for row in self.comparisons if row.case == case)

    def paragraphs(self) -> list[str]:
        """Return the text above the table: the meaning of the mistake, and its place."""
        wrong = [row.place() for row in self.shown if not row.passed]
        places = wrong[:MOST_PLACES]
        if self.status == TO_DO:
            places = []
        elif len(wrong) > MOST_PLACES:
            more = len(wrong) - MOST_PLACES
            places.append(f"... and {more} more {'row' if more == 1 else 'rows'}")
        return [*self.explanation.splitlines(), *places]

    def notes(self) -> list[str]:
        """Return the text below the table: what is right, and what the code printed."""
        correct = [row.name for row in self.shown if row.passed]
        notes = []
        if correct and not self.passed:
            listed = "; ".join(correct)
            if len(correct) > MOST_RIGHT:
                listed = f"{len(correct)} of {len(self.shown)}"
            notes.append(f"Right already: {listed}.")
        if self.passed and any(row.case for row in self.comparisons):
            notes.append("It is also right for other sizes and numbers.")
        notes += self.remarks
        if self.kept:
            notes.append(self.kept)
        if self.printed:
            notes.append("Your code printed:")
            notes += [f"    {line}" for line in self.printed]
        return notes

    def __str__(self) -> str:
        bold, plain = ("\033[1m", "\033[0m") if _is_terminal() else ("", "")
        lines = [f"{bold}{self.heading}{plain}"]
        if self.diagnosis:
            lines += _wrapped(f"diagnosis: {self.diagnosis}", bold, plain)
        for text in self.paragraphs():
            lines += _wrapped(text)
        if self.shown:
            lines += _wrapped(f"Compared {self.compared}:")
            lines += _table(self.shown)
        for text in self.notes():
            lines += _wrapped(text)
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        color = COLORS[self.status]
        parts = [
            f'<div style="border-left: 4px solid {color}; padding: 0.2em 0 0.2em 1em">',
            f"<div><strong>{escape(self.heading)}</strong></div>",
        ]
        if self.diagnosis:
            parts.append(f"<div><strong>diagnosis: {escape(self.diagnosis)}</strong></div>")
        parts += _html(self.paragraphs())
        if self.shown:
            rows = "".join(map(_html_row, self.shown))
            names = ("compared", *COLUMNS[2:])
            header = "".join(f"<th>{escape(name)}</th>" for name in names)
            parts.append(
                f'<div style="margin-top: 0.4em">Compared {escape(self.compared)}:</div>'
                f'<div style="overflow-x: auto"><table style="text-align: left">'
                f"<tr>{header}</tr>{rows}</table></div>"
            )
        parts += _html(self.notes())
        return "\n".join([*parts, "</div>"])


def _is_terminal() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _wrapped(text: str, before: str = "", after: str = "") -> list[str]:
    """Break a text into indented lines; keep a line of code, which begins with four spaces."""
    if text.startswith("    "):
        return [f"  {text}"]
    lines = textwrap.wrap(text, WIDTH - 2, break_on_hyphens=False)
    return [f"  {before}{line}{after}" for line in lines]


def _table(comparisons: tuple[Comparison, ...]) -> list[str]:
    rows = [COLUMNS, *(comparison.cells() for comparison in comparisons)]
    if all(comparison.is_exact for comparison in comparisons):
        rows = [(*row[:2], row[-1]) for row in rows[1:]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _html(paragraphs: list[str]) -> list[str]:
    """Format paragraphs; put consecutive lines of code into one block."""
    parts = []
    for is_code, texts in groupby(paragraphs, lambda text: text.startswith("    ")):
        if is_code:
            code = textwrap.dedent("\n".join(texts))
            parts.append(f'<pre style="margin: 0.3em 1em">{escape(code)}</pre>')
        else:
            parts += [f"<div>{escape(text)}</div>" for text in texts]
    return parts


def _html_row(comparison: Comparison) -> str:
    _, *cells = comparison.cells()
    style = "" if comparison.passed else f' style="font-weight: bold; color: {ORANGE}"'
    return f"<tr{style}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
