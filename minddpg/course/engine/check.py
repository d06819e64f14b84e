"""Make the check of an exercise: a function that judges a learner's answer."""

import functools
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .examine import examine
from .exercise import Exercise, Mistake
from .solution import cleaned
from .verdict import Verdict

# environment variables that `grade` sets in the process of a submission
RECORD = "MINDDPG_VERDICTS"  # the file to which every verdict is appended
FOLDERS = "MINDDPG_EXERCISES"  # folders of a teacher's exercises, separated as in PATH

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
    solution: str,
    mistakes: Sequence[Mistake],
    compared: str = "what your code returned with what it should",
    difficulty: int = 1,
    minutes: int = 10,
    hints: Sequence[str] = (),
    batch_size: int | None = None,
    can_be_square: bool = False,
    given: Mapping[str, Any] | None = None,
) -> Callable[[Callable[..., dict[str, Any]]], Check]:
    """Register an exercise, and turn its probe into its check; the arguments are Exercise's.

    The probe runs an answer and returns what it observed, by name: arrays, booleans, Observed or
    GradientOf. The same probe, run on the solution, gives the expected values.

    Raises:
        ValueError: the number or the check's name is used already, or a mistake's edit does not
            apply.
    """

    def decorate(probe: Callable[..., dict[str, Any]]) -> Check:
        new = Exercise(
            number=number,
            title=title,
            kind=kind,
            stub=cleaned(stub),
            statement=" ".join(statement.split()),
            solution=cleaned(solution),
            mistakes=tuple(mistakes),
            probe=probe,
            compared=compared,
            difficulty=difficulty,
            minutes=minutes,
            hints=tuple(cleaned(hint).strip() for hint in hints),
            batch_size=batch_size,
            can_be_square=can_be_square,
            given=given or {},
        )

        @functools.wraps(probe)
        def check(*answers: Any) -> Verdict:
            start = time.perf_counter()
            verdict = examine(new, answers)
            _record(verdict, time.perf_counter() - start)
            return verdict

        _register(new, check)
        return check

    return decorate


def _register(exercise: Exercise, check: Check) -> None:
    number, name = exercise.number, exercise.check_name
    where = f"exercise {number} ({exercise.probe.__module__})"
    if number in EXERCISES:
        other = EXERCISES[number].probe
        raise ValueError(f"{where}: its number is used already, by {other.__module__}")
    if name in CHECKS:
        raise ValueError(f"{where}: its check {name} exists already, in {CHECKS[name].__module__}")
    _ = exercise.wrong_sources  # raises now, not at the first check, if an edit does not apply
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
