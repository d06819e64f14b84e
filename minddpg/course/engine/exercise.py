"""An exercise: what is asked, how an answer is observed, and which mistakes are known of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GRADIENT, PROPERTY, BEHAVIOUR = KINDS = ("gradient", "property and shape", "behaviour")


@dataclass(frozen=True, eq=False)
class Row:
    """A hypothesis: the name of a mistake, and an answer that makes it."""

    mistake: str
    answers: tuple[Any, ...]  # a None among them stands for the reference's
    why: str = ""  # what it means here; left out where MISTAKES has it


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise of the course."""

    number: str  # "04.1": the chapter, and its place there
    title: str
    kind: str  # one of KINDS
    stub: str  # source: what the learner is given, with shapes
    statement: str  # what is asked, in a few sentences
    probe: Callable[..., dict[str, Any]]  # runs an answer, returns what was observed, by name
    reference: tuple[Any, ...]  # a right answer
    rows: tuple[Row, ...]
    compared: str  # what with what, in a line
    batch_size: int | None  # N, where a factor N can go wrong

    @property
    def names(self) -> list[str]:
        """Return the names of the functions and classes that are asked."""
        return re.findall(r"^(?:def|class) (\w+)", self.stub, re.MULTILINE)

    @property
    def check_name(self) -> str:
        """Return the name of the check, as the stub's reader calls it."""
        return self.probe.__name__

    def answers_of(self, row: Row) -> tuple[Any, ...]:
        """Return a row's answers, the reference's where it has None."""
        pairs = zip(row.answers, self.reference, strict=True)
        return tuple(right if answer is None else answer for answer, right in pairs)
