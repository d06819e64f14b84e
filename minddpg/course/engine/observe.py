"""Run a probe on an answer and on the solution, and find out what changes the results."""

import inspect
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification import bugs
from .evidence import distance
from .exercise import Exercise
from .mistakes import Reference
from .observations import STEP, TOLERANCE_SINGLE, GradientOf, Observed
from .stand_ins import with_argument
from .submission import Owner, Replaced, another, array, same, session

SQUARE = -1  # the number of the square case

Answers = tuple[Any, ...]
Observations = dict[str, Any]  # the results of a probe: arrays, booleans, Observed, GradientOf


def case_of(exercise: Exercise, case: int) -> Mapping[str, Any]:
    """Return the probe's keyword arguments in a case."""
    if case == SQUARE:
        return exercise.square or {}
    return exercise.cases[case]


def observe(
    exercise: Exercise, answers: Answers, case: int, replaced: Replaced | None = None
) -> Observations:
    """Run the probe on an answer.

    Args:
        replaced: an argument that is replaced by another value in every call.
    """
    with session(answers, replaced) if replaced else nullcontext():
        return exercise.probe(*answers, **case_of(exercise, case))


def is_random(exercise: Exercise, answers: Answers, case: int, first: Observations) -> bool:
    """Observe a case again; return True if the results differ."""
    try:
        again = observe(exercise, answers, case)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return True
    return any(
        name not in first
        or distance(numbers(value_of(item, name)), numbers(value_of(first[name], name)))
        > max(TOLERANCE_SINGLE, item.tolerance if isinstance(item, Observed) else 0)
        for name, item in again.items()
    )


def ignored_arguments(
    exercise: Exercise, answers: Answers, cases: Sequence[int], observed: Sequence[Observations]
) -> list[str]:
    """Return the names of the arguments that change nothing although they should.

    Args:
        observed: the observations in these cases.
    """
    with session(answers) as opened:
        observe(exercise, answers, cases[0])
    names: dict[str, None] = {}
    for owner, given in opened.calls.items():
        for i, value in enumerate(given):
            if not callable(value) and same(value, another(value)):
                continue  # no other value is known
            others = [partial(with_argument, i, of) for of in (another, _opposite)]
            if _matters(exercise, owner, i, cases[0], bugs.active()) and all(
                _is_same(exercise, answers, case, first, Replaced(owner, other))
                for case, first in zip(cases, observed, strict=True)
                for other in others
            ):
                names[parameters(exercise, owner)[i]] = None
    return list(names)


def _opposite(value: Any) -> Any:
    near = another(value)
    is_real = isinstance(near, float) or (isinstance(near, np.ndarray) and near.dtype.kind == "f")
    return -2 * near if is_real else near


def _is_same(
    exercise: Exercise, answers: Answers, case: int, first: Observations, new: Replaced
) -> bool:
    """Return True if an answer has the same results with other arguments."""
    try:
        return _are_equal(first, observe(exercise, answers, case, new))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return False


@lru_cache(maxsize=1_000)
def _matters(exercise: Exercise, owner: Owner, i: int, case: int, planted_bug: str) -> bool:
    """Return True if another value of an argument changes the solution's results."""
    first = observe(exercise, exercise.reference, case)
    replaced = Replaced(owner, partial(with_argument, i, another))
    try:
        return not _are_equal(first, observe(exercise, exercise.reference, case, replaced))
    except Exception:
        return False


def _are_equal(first: Observations, other: Observations) -> bool:
    return first.keys() == other.keys() and all(
        np.array_equal(value_of(first[name], name), value_of(other[name], name)) for name in first
    )


def parameters(exercise: Exercise, owner: Owner) -> list[str]:
    """Return the names of a function's arguments in the solution, without self."""
    answer = exercise.reference[owner.answer]
    function = getattr(answer, owner.method) if owner.method else answer
    return list(inspect.signature(function).parameters)[bool(owner.method) :]


@lru_cache(maxsize=400)
def solution(exercise: Exercise, case: int, planted_bug: str) -> dict[str, Reference]:
    """Run the probe on the solution. The result is cached, once for each planted bug."""
    references = {}
    for name, item in observe(exercise, exercise.reference, case).items():
        value = value_of(item, name)
        if isinstance(item, GradientOf):
            parts = item.by_example(STEP)
            references[name] = Reference(parts.sum(axis=0), parts)
        else:
            references[name] = Reference(numbers(value), is_measured=value.dtype.kind in "fc")
    return references


def value_of(item: Any, name: str) -> Array:
    """Return an observation's array."""
    return array(item.value if isinstance(item, (Observed, GradientOf)) else item, name)


def numbers(value: Array) -> Array:
    """Return an array as floats, or unchanged if it is complex."""
    return value.astype(float) if value.dtype.kind in "biu" else value
