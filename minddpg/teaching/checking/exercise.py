"""An exercise: what is asked, how an answer is observed, and which mistakes are known of it."""

import functools
import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .verdict import Verdict

GRADIENT, PROPERTY, BEHAVIOUR = KINDS = ("gradient", "property and shape", "behaviour")
RECORD = "MINDDPG_VERDICTS"  # names a file to which every verdict is added: how hand-ins are graded

Check = Callable[..., Verdict]


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
        return self.probe.__name__

    def answers_of(self, row: Row) -> tuple[Any, ...]:
        pairs = zip(row.answers, self.reference, strict=True)
        return tuple(right if answer is None else answer for answer, right in pairs)


EXERCISES: dict[str, Exercise] = {}


def exercise(
    number: str,
    title: str,
    kind: str,
    *,
    stub: str,
    statement: str,
    reference: Sequence[Any],
    rows: Sequence[Row],
    compared: str = "what your code returned with what it should",
    batch_size: int | None = None,
) -> Callable[[Callable[..., dict[str, Any]]], Check]:
    """Make a check of a probe: called with a learner's answer, it returns a Verdict."""

    def decorate(probe: Callable[..., dict[str, Any]]) -> Check:
        from .engine import examine

        stripped = stub.strip("\n") + "\n"
        asked = Exercise(
            *(number, title, kind, stripped, " ".join(statement.split()), probe),
            *(tuple(reference), tuple(rows), compared, batch_size),
        )
        EXERCISES[number] = asked

        @functools.wraps(probe)
        def check(*answers: Any) -> Verdict:
            start = time.perf_counter()
            verdict = examine(asked, answers)
            _record(verdict, time.perf_counter() - start)
            return verdict

        return check

    return decorate


def _record(verdict: Verdict, seconds: float) -> None:
    path = os.environ.get(RECORD)
    if path:
        row = {
            "exercise": verdict.number,
            "status": verdict.status,
            "diagnosis": verdict.diagnosis,
            "seconds": round(seconds, 3),
        }
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
