"""Make the check of an exercise: a function that judges a learner's answer."""

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .examine import examine
from .exercise import EXERCISES, Exercise
from .keep import keep
from .record import RECORD, interrupted, record
from .verdict import Verdict

# an environment variable that `grade` sets in the process of a submission
FOLDERS = "MINDDPG_EXERCISES"  # folders of a teacher's exercises, separated as in PATH

# wrong answers in these modules are not compiled here, which would take time: the tests do it
CHAPTERS = "minddpg.course.ch"

__all__ = ["CHECKS", "EXERCISES", "FOLDERS", "RECORD", "RETIRED", "exercise"]

Probe = Callable[..., dict[str, Any]]
Check = Callable[..., Verdict]

RETIRED: dict[str, Exercise] = {}  # removed from the course; older notebooks need their checks
CHECKS: dict[str, Check] = {}  # by name


def exercise(
    number: str, title: str, kind: str, retired: bool = False, **fields: Any
) -> Callable[[Probe], Check]:
    """Register an exercise, and turn its probe into its check.

    The probe runs an answer and returns its observations by name: arrays, booleans, Observed or
    GradientOf. The same probe, run on the solution, gives the expected values.

    Args:
        retired: True if no notebook contains the exercise any more: its check can still be called,
            and its number stays reserved.
        fields: the other fields of Exercise, by name.

    Raises:
        ValueError: the number or the check's name is already used, the edit of a mistake does not
            apply, or (only outside the package) its result cannot be compiled.
    """

    def decorate(probe: Probe) -> Check:
        new = Exercise(number, title, kind, probe=probe, **fields)

        @functools.wraps(probe)
        def check(*answers: Any) -> Verdict:
            start, asked = time.perf_counter(), new.handed_out
            try:
                verdict = examine(asked, answers)
            except KeyboardInterrupt:
                interrupted(asked, answers)
                raise
            record(asked, answers, verdict, time.perf_counter() - start)
            return replace(verdict, kept=keep(asked, answers)) if verdict.passed else verdict

        _register(new, check, RETIRED if retired else EXERCISES)
        return check

    return decorate


def _register(exercise: Exercise, check: Check, among: dict[str, Exercise]) -> None:
    number, name = exercise.number, exercise.check_name
    where = f"exercise {number} ({exercise.probe.__module__})"
    if number in EXERCISES or number in RETIRED:
        other = {**RETIRED, **EXERCISES}[number].probe
        raise ValueError(f"{where}: its number is used already, by {other.__module__}")
    if name in CHECKS:
        raise ValueError(f"{where}: its check {name} exists already, in {CHECKS[name].__module__}")
    _ = exercise.wrong_sources  # if an edit does not apply, raise now, not at the first check
    if not exercise.probe.__module__.startswith(CHAPTERS):
        exercise.compile_wrong_sources()
    among[number], CHECKS[name] = exercise, check
