"""Make a check of an exercise: called with a learner's answer, it says whether it is right."""

import functools
import json
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from .examine import examine
from .exercise import Exercise, Row
from .verdict import Verdict

RECORD = "MINDDPG_VERDICTS"  # names a file to which every verdict is added: how hand-ins are graded

Check = Callable[..., Verdict]

EXERCISES: dict[str, Exercise] = {}  # by number; filled as the exercises' files are imported
CHECKS: dict[str, Check] = {}  # by name


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
        stripped = stub.strip("\n") + "\n"
        asked = Exercise(
            *(number, title, kind, stripped, " ".join(statement.split()), probe),
            *(tuple(reference), tuple(rows), compared, batch_size),
        )

        @functools.wraps(probe)
        def check(*answers: Any) -> Verdict:
            start = time.perf_counter()
            verdict = examine(asked, answers)
            _record(verdict, time.perf_counter() - start)
            return verdict

        _register(asked, check)
        return check

    return decorate


def _register(exercise: Exercise, check: Check) -> None:
    """Let an exercise be found by its number, and its check by its name.

    Raises:
        ValueError: another exercise has the number or the name.
    """
    number, name = exercise.number, exercise.check_name
    for what, key, known in (("number", number, EXERCISES), ("check", name, CHECKS)):
        if key in known:
            other = CHECKS[EXERCISES[number].check_name] if what == "number" else CHECKS[key]
            raise ValueError(
                f"exercise {number} of {exercise.probe.__module__}: its {what} {key} is that of"
                f" {other.__name__} in {other.__module__} already; choose another"
            )
    EXERCISES[number], CHECKS[name] = exercise, check


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
