"""Run a probe: on an answer, on the solution, on every known mistake."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification import bugs
from .diagnosis import Candidate, Evidence, Values, distance
from .exercise import GRADIENT, PROPERTY, Exercise, Mistake
from .factors import LOOSEST
from .mistakes import MISTAKES, Reference
from .observations import STEP, TOLERANCE_SINGLE, GradientOf, Observed
from .solution import Edit, edited
from .submission import Argument, array, session

MOST_PAIRS = 300  # pairs of mistakes that are tried
SQUARE = -1  # the place of the square case

Answers = tuple[Any, ...]
Observations = dict[str, Any]  # what a probe returned: arrays, booleans, Observed, GradientOf


def case_of(exercise: Exercise, case: int) -> Mapping[str, Any]:
    """Return the probe's keyword arguments in a case."""
    if case == SQUARE:
        return exercise.square or {"square": True}
    return exercise.cases[case]


def observe(
    exercise: Exercise, answers: Answers, case: int, replaced: Argument | None = None
) -> Observations:
    """Run the probe on an answer.

    Args:
        replaced: an argument in whose place another value is passed in every call.
    """
    with session(answers, replaced) if replaced else nullcontext():
        return exercise.probe(*answers, **case_of(exercise, case))


def is_random(exercise: Exercise, answers: Answers, case: int, first: Observations) -> bool:
    """Observe a case again; say whether it comes out differently."""
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


def ignored_arguments(exercise: Exercise, answers: Answers, first: Observations) -> list[str]:
    """Return the names of the arguments that change nothing, though they should.

    Args:
        first: what was observed in the first case.
    """
    with session(answers) as opened:
        exercise.probe(*answers, **exercise.cases[0])
    names = []
    for argument in opened.arguments:
        if not _matters(exercise, argument, bugs.active()):
            continue
        try:
            other = observe(exercise, answers, 0, argument)
        except KeyboardInterrupt:
            raise
        except BaseException:
            continue
        if _are_equal(first, other):
            names.append(_parameter(exercise, argument))
    return names


@lru_cache(maxsize=1_000)
def _matters(exercise: Exercise, argument: Argument, planted_bug: str) -> bool:
    """Say whether another value of an argument changes what the solution does."""
    try:
        other = observe(exercise, exercise.reference, 0, argument)
    except Exception:
        return False
    return not _are_equal(observe(exercise, exercise.reference, 0), other)


def _are_equal(first: Observations, other: Observations) -> bool:
    return first.keys() == other.keys() and all(
        np.array_equal(value_of(first[name], name), value_of(other[name], name)) for name in first
    )


def _parameter(exercise: Exercise, argument: Argument) -> str:
    """Return the name of an argument, as the stub writes it."""
    answer = exercise.reference[argument.answer]
    function = getattr(answer, argument.method) if argument.method else answer
    names = list(inspect.signature(function).parameters)
    return names[argument.position + bool(argument.method)]


def candidates(exercise: Exercise, cases: Sequence[int]) -> list[Candidate]:
    """Observe every known mistake; leave out those that stop with an error."""
    found = []
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        values = _values(exercise, (i,), cases)
        if values is not None:
            found.append(Candidate(mistake.name, _why(mistake), values))
    return found


def pairs(exercise: Exercise, cases: Sequence[int], evidence: Evidence) -> Iterator[Candidate]:
    """Yield the known mistakes two by two, each pair made in one answer.

    Only where results are measured closely: two mistakes at once can explain any yes or no.
    """
    if exercise.kind not in (GRADIENT, PROPERTY) or not all(
        evidence.references[key].is_measured and evidence.tolerances[key] <= LOOSEST
        for key in evidence.wrong
    ):
        return
    edits = _edits(exercise)
    first = {id(mistake): i for i, (mistake, _) in reversed(list(enumerate(edits)))}
    for i, j in list(combinations(sorted(first.values()), 2))[:MOST_PAIRS]:
        values = _values(exercise, (i, j), cases)
        if values is not None:
            one, two = edits[i][0], edits[j][0]
            name = f"{one.name} and {two.name}"
            yield Candidate(name, f"{_why(one)}\n{_why(two)}", values)


def _values(exercise: Exercise, wrong: tuple[int, ...], cases: Sequence[int]) -> Values | None:
    """Observe a known mistake, or several at once, in all cases; None if that stops."""
    values: Values = {}
    for case in cases:
        observed = _observe_mistake(exercise, wrong, case, bugs.active())
        if observed is None:
            return None
        values.update({(case, name): value for name, value in observed.items()})
    return values


def _edits(exercise: Exercise) -> list[tuple[Mistake, Edit]]:
    return [(mistake, edit) for mistake in exercise.mistakes for edit in mistake.edits]


def _why(mistake: Mistake) -> str:
    return mistake.why or MISTAKES[mistake.name]


@lru_cache(maxsize=400)
def solution(exercise: Exercise, case: int, planted_bug: str) -> dict[str, Reference]:
    """Run the probe on the solution. The result is cached, once for each planted bug."""
    references = {}
    for name, item in observe(exercise, exercise.reference, case).items():
        value = value_of(item, name)
        if isinstance(item, GradientOf):
            parts = item.by_example(STEP)
            references[name] = Reference(parts.sum(axis=0), parts, True)
        else:
            references[name] = Reference(numbers(value), is_measured=value.dtype.kind in "fc")
    return references


@lru_cache(maxsize=6_000)
def _observe_mistake(
    exercise: Exercise, wrong: tuple[int, ...], case: int, planted_bug: str
) -> dict[str, Array] | None:
    """Run the probe on an answer that makes these mistakes; None if it cannot be observed."""
    try:
        if len(wrong) == 1:
            answers = exercise.wrong_answer(*wrong)
        else:
            source = exercise.solution
            for i in wrong:
                source = edited(source, _edits(exercise)[i][1])
            answers = exercise.answers(source, "two mistakes")
        observed = observe(exercise, answers, case)
        return {name: numbers(value_of(item, name)) for name, item in observed.items()}
    except Exception:
        return None


def value_of(item: Any, name: str) -> Array:
    """Return an observation's array."""
    return array(item.value if isinstance(item, (Observed, GradientOf)) else item, name)


def numbers(value: Array) -> Array:
    """Return an array of floats; of complex numbers where they are complex."""
    return value.astype(float) if value.dtype.kind in "biu" else value
