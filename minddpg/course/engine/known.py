"""Compute the results of wrong answers: known mistakes, pairs of them, small changes."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache
from itertools import combinations

import numpy as np

from ...nn.layers import Array
from ...verification import bugs
from .changes import changes
from .evidence import Candidate, Evidence, Key, Values, distance
from .exercise import GRADIENT, PROPERTY, Exercise, Mistake
from .factors import LOOSEST
from .mistakes import MISTAKES
from .observe import Observations, numbers, observe, parameters, value_of
from .solution import edited
from .stand_ins import StandIn, stand_ins
from .submission import Owner, Replaced, session

NO_DIFFERENCE = 1e-9  # relative; results that differ by less show no mistake
MOST_PAIRS = 300  # pairs of mistakes that are tried
SEARCHES = ContextVar("searches", default=True)  # False to try only the known mistakes, one by one


def candidates(exercise: Exercise, cases: Sequence[int]) -> tuple[Candidate, ...]:
    """Return every known mistake that changes the observations.

    While a bug is planted in the package, which an exercise may use, a mistake may change nothing.
    """
    return _candidates(exercise, tuple(cases), bugs.active())


@lru_cache(maxsize=256)
def _candidates(
    exercise: Exercise, cases: tuple[int, ...], planted_bug: str
) -> tuple[Candidate, ...]:
    found = (
        Candidate(mistake.name, _why(mistake), _of_source(exercise, source, cases))
        for mistake, source in exercise.wrong_sources
    )
    return tuple(_that_show(exercise, cases, found))


def _that_show(
    exercise: Exercise, cases: Sequence[int], found: Iterable[Candidate]
) -> Iterator[Candidate]:
    """Leave out mistakes with the solution's own results while a bug is planted in the package."""
    correct = _of_source(exercise, exercise.solution, cases) if bugs.active() else {}
    for each in found:
        if not correct or any(
            key not in each.values or not distance(each.values[key], correct[key]) <= NO_DIFFERENCE
            for key in correct
        ):
            yield each


def pairs(exercise: Exercise, cases: Sequence[int], evidence: Evidence) -> Iterator[Candidate]:
    """Yield pairs of known mistakes, both made in one answer."""
    if not SEARCHES.get() or not _is_measured(exercise, evidence):
        return
    listed = [mistake for mistake in exercise.mistakes if mistake.edits]
    places = sorted(combinations(range(len(listed)), 2), key=sum)  # frequent mistakes come first
    for one, two in ((listed[i], listed[j]) for i, j in places[:MOST_PAIRS]):
        try:
            source = edited(edited(exercise.solution, one.edits[0]), two.edits[0])
        except ValueError:  # the first edit has removed the text that the second one replaces
            continue
        why = f"{_why(one)}\n{_why(two)}"
        values = _of_source(exercise, source, cases)
        yield Candidate(f"{one.name} and {two.name}", why, values)


def small_changes(
    exercise: Exercise, cases: Sequence[int], evidence: Evidence
) -> Iterator[Candidate]:
    """Yield answers that are correct except for one small change, which they describe."""
    if not SEARCHES.get() or not _is_measured(exercise, evidence):
        return
    yield from _that_show(exercise, cases, _changed(exercise, cases))


def _changed(exercise: Exercise, cases: Sequence[int]) -> Iterator[Candidate]:
    for owner, each in _stand_ins(exercise, bugs.active()):
        text = f"Your results are those of a correct answer with {each.name}."
        values = _with(exercise, Replaced(owner, each.other), tuple(cases), bugs.active())
        yield Candidate(each.name, text, values)
    for mutant, described in changes(exercise):
        values = _of_source(exercise, mutant.source, cases)
        yield Candidate(described.name, described.lines[0], values)


def _is_measured(exercise: Exercise, evidence: Evidence) -> bool:
    """Return True if everything wrong is measured precisely: many changes explain a boolean."""
    return exercise.kind in (GRADIENT, PROPERTY) and all(
        evidence.references[key].is_measured and evidence.tolerances[key] <= LOOSEST
        for key in evidence.wrong
    )


def _why(mistake: Mistake) -> str:
    return mistake.why or MISTAKES[mistake.name]


class ByCase(Mapping[Key, Array]):
    """An answer's observations, made on the first access: most do not fit even the first case.

    Cases are observed in their order, because an answer may keep state from one to the next. In a
    case in which the answer raises an error, all values are NaN.
    """

    def __init__(self, observe_case: Callable[[int], Observations], cases: Sequence[int]):
        """Take a function that observes one case."""
        self._observe, self._cases = observe_case, cases
        self._found: dict[int, dict[str, Array] | None] = {}

    def _of(self, case: int) -> dict[str, Array] | None:
        for each in self._cases[: self._cases.index(case) + 1]:
            if each not in self._found:
                self._found[each] = self._observed(each)
        return self._found[case]

    def _observed(self, case: int) -> dict[str, Array] | None:
        try:
            with warnings.catch_warnings(action="ignore"):  # they do not come from learner's code
                items = self._observe(case).items()
                return {name: numbers(value_of(item, name)) for name, item in items}
        except Exception:
            return None

    def __contains__(self, key: object) -> bool:
        assert isinstance(key, tuple)
        found = self._of(key[0])
        return found is None or key[1] in found

    def __getitem__(self, key: Key) -> Array:
        found = self._of(key[0])
        return np.array(np.nan) if found is None else found[key[1]]

    def __iter__(self) -> Iterator[Key]:
        return ((case, name) for case in self._cases for name in self._of(case) or ())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _of_source(exercise: Exercise, source: str, cases: Sequence[int]) -> Values:
    """Return the observations of an answer in the form of source text."""
    return _cached_source(exercise, source, tuple(cases), bugs.active())


@lru_cache(maxsize=10_000)
def _cached_source(
    exercise: Exercise, source: str, cases: tuple[int, ...], planted_bug: str
) -> Values:
    answers = cache(lambda: exercise.answers(source, "wrong answer"))
    return ByCase(lambda case: observe(exercise, answers(), case), cases)


@lru_cache(maxsize=10_000)
def _with(
    exercise: Exercise, replaced: Replaced, cases: tuple[int, ...], planted_bug: str
) -> Values:
    """Return the observations of the solution with other arguments."""
    return ByCase(lambda case: observe(exercise, exercise.reference, case, replaced), cases)


@lru_cache(maxsize=64)
def _stand_ins(exercise: Exercise, planted_bug: str) -> list[tuple[Owner, StandIn]]:
    """List what may replace the arguments that the probe passes."""
    with session(exercise.reference) as opened:
        observe(exercise, exercise.reference, 0)
    return [
        (owner, each)
        for owner, given in opened.calls.items()
        for each in stand_ins(given, parameters(exercise, owner))
    ]
