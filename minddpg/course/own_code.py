"""Use the learner's own functions in later cells and chapters.

When a check passes in a notebook, it saves the source of the answer beside the notebook, such as
`my_ddpg/04_2.py`. From then on `yours("04.2")` returns the learner's function, and until then the
package's.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .checks import EXERCISES, missing
from .engine import errors
from .engine.examine import examine
from .engine.exercise import Exercise
from .engine.keep import NOT_KEPT, folder, path_of
from .engine.solution import run


def yours(number: str) -> Any:
    """Return the learner's function of an exercise, or the package's; print which.

    The learner's function is returned if its source is in `my_ddpg/` and passes the check now. For
    an exercise with several functions, return a tuple in the order of the stub.

    Raises:
        KeyError: there is no exercise with this number.
    """
    exercise = _exercise(number)
    answers, reason = _found(exercise)
    names = ", ".join(exercise.names)
    if answers:
        print(f"{number} {names}: your code, from {path_of(number)}")
    else:
        print(f"{number} {names}: the package's code, {reason}")
    chosen = answers or exercise.lent
    return chosen[0] if len(chosen) == 1 else chosen


def whose(*numbers: str) -> str:
    """Return, for the caption of a figure, whose code `yours` returns for these exercises.

    Raises:
        KeyError: a number has no exercise.
    """
    own = [number for number in numbers if _found(_exercise(number))[0]]
    others = [number for number in numbers if number not in own]
    if not own:
        return "the package's code"
    if not others:
        return "your code"
    return f"your code of {_listed(own)}, the package's of {_listed(others)}"


def _listed(numbers: Sequence[str]) -> str:
    *first, last = numbers
    return f"{', '.join(first)} and {last}" if first else last


def _exercise(number: str) -> Exercise:
    if number not in EXERCISES:
        raise KeyError(f"{missing(number)}; there are {', '.join(EXERCISES)}")
    return EXERCISES[number].handed_out


def _found(exercise: Exercise) -> tuple[tuple[Any, ...], str]:
    """Return the learner's functions, or an empty tuple and the reason."""
    path = path_of(exercise.number)
    if exercise.number in NOT_KEPT and not path.is_file():
        return (), f"because yours passed, but could not be saved: {NOT_KEPT[exercise.number]}"
    if folder() is None or not path.is_file():
        return (), f"until {exercise.check_name} has passed"
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        return (), f"because {path} cannot be read: {error}"
    answers, problem = _passing(exercise, source, str(path))
    return answers, f"because your code in {path} {problem}"


@lru_cache(maxsize=200)
def _passing(exercise: Exercise, source: str, path: str) -> tuple[tuple[Any, ...], str]:
    """Execute and check the source; return its functions, or an empty tuple and what is wrong."""
    try:
        answers = run(source, exercise.names, {}, path)
    except ValueError as error:
        return (), f"cannot be used: {error}"
    except Exception as error:
        return (), f"stops: {errors.one_line(error)}"
    verdict = examine(exercise, answers)
    if verdict.passed:
        return answers, ""
    return (), "does not pass its check" + (f" ({verdict.diagnosis})" if verdict.diagnosis else "")
