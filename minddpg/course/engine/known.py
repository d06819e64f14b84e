"""What wrong answers give: known mistakes, two at once, small changes of a correct answer."""

import warnings
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache
from itertools import combinations

from ...verification import bugs
from .changes import changes
from .evidence import Candidate, Evidence, Values, distance
from .exercise import GRADIENT, PROPERTY, Exercise, Mistake
from .factors import LOOSEST
from .mistakes import MISTAKES
from .observe import Answers, numbers, observe, parameters, value_of
from .solution import edited
from .stand_ins import StandIn, stand_ins
from .submission import Owner, Replaced, session

NO_DIFFERENCE = 1e-9  # relative; what differs by less shows no mistake
MOST_PAIRS = 300  # pairs of mistakes that are tried
SEARCHES = ContextVar("searches", default=True)  # False where known mistakes alone are to be named


def candidates(exercise: Exercise, cases: Sequence[int]) -> tuple[Candidate, ...]:
    """Return every known mistake that can be observed, and shows.

    While a bug is planted in the package, which an exercise may use, a mistake may show nothing.
    """
    return _candidates(exercise, tuple(cases), bugs.active())


@lru_cache(maxsize=256)
def _candidates(
    exercise: Exercise, cases: tuple[int, ...], planted_bug: str
) -> tuple[Candidate, ...]:
    return tuple(_observed_mistakes(exercise, cases))


def _observed_mistakes(exercise: Exercise, cases: tuple[int, ...]) -> Iterator[Candidate]:
    correct = _values_of_source(exercise, exercise.solution, cases) or {}
    for mistake, source in exercise.wrong_sources:
        values = _values_of_source(exercise, source, cases)
        if values and _differ(values, correct):
            yield Candidate(mistake.name, _why(mistake), values)


def _differ(values: Values, correct: Values) -> bool:
    return values.keys() != correct.keys() or any(
        distance(values[key], correct[key]) > NO_DIFFERENCE for key in values
    )


def pairs(exercise: Exercise, cases: Sequence[int], evidence: Evidence) -> Iterator[Candidate]:
    """Yield the known mistakes two by two, each pair made in one answer."""
    if not SEARCHES.get() or not _is_measured(exercise, evidence):
        return
    listed = [mistake for mistake in exercise.mistakes if mistake.edits]
    places = sorted(combinations(range(len(listed)), 2), key=sum)  # the frequent ones stand first
    for one, two in ((listed[i], listed[j]) for i, j in places[:MOST_PAIRS]):
        try:
            source = edited(edited(exercise.solution, one.edits[0]), two.edits[0])
        except ValueError:  # the first leaves nothing for the second to change
            continue
        if values := _values_of_source(exercise, source, cases):
            why = f"{_why(one)}\n{_why(two)}"
            yield Candidate(f"{one.name} and {two.name}", why, values)


def small_changes(
    exercise: Exercise, cases: Sequence[int], evidence: Evidence
) -> Iterator[Candidate]:
    """Yield answers that are correct but for one small change, and what stands in place of what."""
    if not SEARCHES.get() or not _is_measured(exercise, evidence):
        return
    correct = _values_of_source(exercise, exercise.solution, cases) or {}
    for owner, each in _stand_ins(exercise, bugs.active()):
        replaced = Replaced(owner, each.other)
        values = _observe_with(exercise, replaced, tuple(cases), bugs.active())
        if values and _differ(values, correct):
            text = f"Your results are those of a correct answer with {each.name}."
            yield Candidate(each.name, text, values)
    for mutant, described in changes(exercise):
        values = _values_of_source(exercise, mutant.source, cases)
        if values and _differ(values, correct):
            yield Candidate(described.name, described.lines[0], values)


def _is_measured(exercise: Exercise, evidence: Evidence) -> bool:
    """Say whether what is wrong is measured closely: much can explain any yes or no."""
    return exercise.kind in (GRADIENT, PROPERTY) and all(
        evidence.references[key].is_measured and evidence.tolerances[key] <= LOOSEST
        for key in evidence.wrong
    )


def _why(mistake: Mistake) -> str:
    return mistake.why or MISTAKES[mistake.name]


def _values_of_source(exercise: Exercise, source: str, cases: Sequence[int]) -> Values | None:
    return _observe_source(exercise, source, tuple(cases), bugs.active())


@lru_cache(maxsize=10_000)
def _observe_source(
    exercise: Exercise, source: str, cases: tuple[int, ...], planted_bug: str
) -> Values | None:
    """Observe an answer, given as source text, in all cases; None if it stops in one."""
    try:
        return _observe_all(exercise, exercise.answers(source, "wrong answer"), cases)
    except Exception:
        return None


@lru_cache(maxsize=10_000)
def _observe_with(
    exercise: Exercise, replaced: Replaced, cases: tuple[int, ...], planted_bug: str
) -> Values | None:
    """Observe the solution, given other arguments, in all cases; None if it stops in one."""
    try:
        return _observe_all(exercise, exercise.reference, cases, replaced)
    except Exception:
        return None


def _observe_all(
    exercise: Exercise, answers: Answers, cases: Sequence[int], replaced: Replaced | None = None
) -> Values:
    with warnings.catch_warnings(action="ignore"):  # what a learner sees is of the own code
        return {
            (case, name): numbers(value_of(item, name))
            for case in cases
            for name, item in observe(exercise, answers, case, replaced).items()
        }


@lru_cache(maxsize=64)
def _stand_ins(exercise: Exercise, planted_bug: str) -> list[tuple[Owner, StandIn]]:
    """List what may stand in place of the arguments that the probe passes."""
    with session(exercise.reference) as opened:
        observe(exercise, exercise.reference, 0)
    return [
        (owner, each)
        for owner, given in opened.calls.items()
        for each in stand_ins(given, parameters(exercise, owner))
    ]
