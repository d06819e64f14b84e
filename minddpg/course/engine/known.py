"""What wrong answers give: known mistakes, two at once, small changes of a correct answer."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from ...nn.layers import Array
from ...verification import bugs
from .changes import USED, changes
from .evidence import Candidate, Evidence, Values
from .exercise import GRADIENT, PROPERTY, Exercise, Mistake
from .factors import LOOSEST
from .mistakes import MISTAKES
from .observe import Observations, numbers, observe, parameters, value_of
from .solution import edited
from .stand_ins import StandIn, stand_ins
from .submission import Argument, Replaced, session

MOST_PAIRS = 300  # pairs of mistakes that are tried


def candidates(exercise: Exercise, cases: Sequence[int]) -> Iterator[Candidate]:
    """Yield every known mistake that can be observed."""
    for mistake, source in exercise.wrong_sources:
        if values := _values_of_source(exercise, source, cases):
            yield Candidate(mistake.name, _why(mistake), values)


def pairs(exercise: Exercise, cases: Sequence[int], evidence: Evidence) -> Iterator[Candidate]:
    """Yield the known mistakes two by two, each pair made in one answer."""
    if not _is_measured(exercise, evidence):
        return
    first = [(mistake, mistake.edits[0]) for mistake in exercise.mistakes if mistake.edits]
    for (one, edit), (two, other) in list(combinations(first, 2))[:MOST_PAIRS]:
        try:
            source = edited(edited(exercise.solution, edit), other)
        except ValueError:  # the first leaves nothing for the second to change
            continue
        if values := _values_of_source(exercise, source, cases):
            why = f"{_why(one)}\n{_why(two)}"
            yield Candidate(f"{one.name} and {two.name}", why, values)


def small_changes(
    exercise: Exercise, cases: Sequence[int], evidence: Evidence
) -> Iterator[Candidate]:
    """Yield answers that are correct but for one small change, and what stands in place of what."""
    if not USED.get() or not _is_measured(exercise, evidence):
        return
    for argument, stand_in in _stand_ins(exercise, bugs.active()):
        if values := _values_with(exercise, argument, stand_in, cases):
            x = parameters(exercise, argument)[argument.position]
            text = f"Your results are those of a correct answer that is given {stand_in.name} as"
            yield Candidate(f"{stand_in.name} instead of {x}", f"{text} {x}.", values)
    for mutant, described in changes(exercise):
        if values := _values_of_source(exercise, mutant.source, cases):
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
    """Observe an answer, given as source text, in all cases; None if that stops in one."""
    active = bugs.active()
    return _joined(cases, lambda case: _observe_source(exercise, source, case, active))


def _values_with(
    exercise: Exercise, argument: Argument, stand_in: StandIn, cases: Sequence[int]
) -> Values | None:
    """Observe the solution, given something else as one argument, in all cases."""
    active = bugs.active()
    return _joined(cases, lambda case: _observe_with(exercise, argument, stand_in, case, active))


def _joined(
    cases: Sequence[int], observe_in: Callable[[int], dict[str, Array] | None]
) -> Values | None:
    values: Values = {}
    for case in cases:
        observed = observe_in(case)
        if observed is None:
            return None
        values.update({(case, name): value for name, value in observed.items()})
    return values


@lru_cache(maxsize=10_000)
def _observe_source(
    exercise: Exercise, source: str, case: int, planted_bug: str
) -> dict[str, Array] | None:
    try:
        return _numbers(observe(exercise, exercise.answers(source, "wrong answer"), case))
    except Exception:
        return None


@lru_cache(maxsize=10_000)
def _observe_with(
    exercise: Exercise, argument: Argument, stand_in: StandIn, case: int, planted_bug: str
) -> dict[str, Array] | None:
    replaced = Replaced(argument, stand_in.other)
    try:
        return _numbers(observe(exercise, exercise.reference, case, replaced))
    except Exception:
        return None


def _numbers(observed: Observations) -> dict[str, Array]:
    return {name: numbers(value_of(item, name)) for name, item in observed.items()}


@lru_cache(maxsize=64)
def _stand_ins(exercise: Exercise, planted_bug: str) -> list[tuple[Argument, StandIn]]:
    """List what may stand in place of each argument that the probe passes."""
    with session(exercise.reference) as opened:
        observe(exercise, exercise.reference, 0)
    found = []
    for owner, given in opened.calls.items():
        for i in range(len(given)):
            argument = Argument(*owner, i)
            names = parameters(exercise, argument)
            found += [(argument, each) for each in stand_ins(given, names, i)]
    return found
