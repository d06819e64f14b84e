"""Judge a learner's answer: compare it with the solution, and name the mistake if it is wrong."""

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ...nn.gradcheck import TOLERANCES
from ...nn.layers import Array
from ...verification import bugs
from .diagnosis import Candidate, diagnose, distance
from .exercise import Exercise
from .mistakes import ERRORS, MISTAKES, UNKNOWN, Reference
from .observations import (
    GRADIENT_TOLERANCE_SINGLE,
    STEP,
    STEP_SINGLE,
    TOLERANCE,
    TOLERANCE_SINGLE,
    GradientOf,
    Observed,
)
from .submission import InvalidAnswer, NotAttempted, array, where
from .verdict import ERROR, FAILED, PASSED, TO_DO, Comparison, Verdict

ROUNDING = 1e-11  # an error between this and TOLERANCE_SINGLE shows that float32 was used inside


def examine(exercise: Exercise, answers: tuple[Any, ...]) -> Verdict:
    """Run the probe on an answer, compare what it observed, and return the verdict."""
    about = exercise.number, exercise.title
    if len(answers) != len(exercise.names):
        wanted = f"{exercise.check_name}({', '.join(exercise.names)})"
        text = f"Call it as {wanted}; it was given {len(answers)}:"
        return Verdict(*about, ERROR, explanation=f"{text}\n{_indented(exercise.stub)}")
    try:
        with np.errstate(all="ignore"):
            return _judge(exercise, exercise.probe(*answers))
    except (NotAttempted, NotImplementedError) as blank:
        return Verdict(*about, TO_DO, explanation=f"{blank}\n{exercise.statement}".strip())
    except InvalidAnswer as invalid:
        text = f"{invalid}\n{MISTAKES[invalid.mistake]}".strip()
        return Verdict(*about, FAILED, diagnosis=invalid.mistake, explanation=text)
    except Exception as error:
        mistake, why = _mistake_of_shape(exercise, answers)
        hint = next((text for part, text in ERRORS.items() if part in str(error)), "")
        lines = [where(error), hint, why, "The exercise's signature:", _indented(exercise.stub)]
        text = "\n".join(line for line in lines if line)
        return Verdict(*about, ERROR, diagnosis=mistake, explanation=text)


def _mistake_of_shape(exercise: Exercise, answers: tuple[Any, ...]) -> tuple[str, str]:
    """Name the mistake in code that stopped, if the code runs where all dimensions are equal."""
    if not exercise.can_be_square:
        return "", ""
    square = replace(exercise, probe=partial(exercise.probe, square=True))
    try:
        verdict = _judge(square, square.probe(*answers))
    except Exception:
        return "", ""
    if verdict.diagnosis in ("", UNKNOWN):
        return "", ""
    return verdict.diagnosis, verdict.explanation.splitlines()[0]


def _judge(exercise: Exercise, observed: dict[str, Any]) -> Verdict:
    """Compare what was observed of an answer with what is observed of the solution."""
    values = _values(observed)
    expected = _observe_solution(exercise, bugs.active())
    is_single = _uses_float32(observed, values, expected)
    references = _references(exercise, observed, expected, is_single)
    tolerances = {name: _tolerance(item, is_single) for name, item in observed.items()}
    comparisons = tuple(
        _comparison(name, item, values[name], references[name].total, tolerances[name])
        for name, item in observed.items()
    )
    about = exercise.number, exercise.title
    if all(comparison.passed for comparison in comparisons):
        return Verdict(*about, PASSED, exercise.compared, comparisons)
    wrong = [comparison.name for comparison in comparisons if not comparison.passed]
    candidates = _candidates(exercise)
    mistake, why = diagnose(wrong, values, references, tolerances, candidates)
    lines = [why]
    if mistake == UNKNOWN and len(wrong) > 1:
        for name in wrong:
            alone, why = diagnose([name], values, references, tolerances, candidates)
            if alone != UNKNOWN:
                lines.append(f"{name} by itself looks like: {alone}. {why}")
    correct = [comparison.name for comparison in comparisons if comparison.passed]
    if correct:
        lines.append(f"Right already: {', '.join(correct)}.")
    return Verdict(*about, FAILED, exercise.compared, comparisons, mistake, "\n".join(lines))


def _uses_float32(
    observed: dict[str, Any], values: dict[str, Array], expected: dict[str, Array]
) -> bool:
    """Say whether an answer computes in float32: its dtypes or its rounding errors show it."""
    if any(value.dtype in (np.float32, np.float16) for value in values.values()):
        return True
    plain = [name for name, item in observed.items() if not isinstance(item, GradientOf)]
    errors = [distance(values[name], expected[name]) for name in plain]
    return len(plain) < len(observed) and any(
        ROUNDING < error < TOLERANCE_SINGLE for error in errors
    )


def _references(
    exercise: Exercise, observed: dict[str, Any], expected: dict[str, Array], is_single: bool
) -> dict[str, Reference]:
    """Return the expected value of each observation; of a gradient, from the learner's own loss."""
    references = {}
    for name, item in observed.items():
        if isinstance(item, GradientOf):
            parts = item.by_example(STEP_SINGLE if is_single else STEP)
            count = exercise.batch_size or len(parts)
            references[name] = Reference(parts.sum(axis=0), count, parts)
        else:
            references[name] = Reference(expected[name], exercise.batch_size)
    return references


def _tolerance(item: Any, is_single: bool) -> float:
    """Return the largest relative error that passes."""
    if isinstance(item, GradientOf):
        return GRADIENT_TOLERANCE_SINGLE if is_single else TOLERANCES["central"]
    own = item.tolerance if isinstance(item, Observed) else TOLERANCE
    return max(own, TOLERANCE_SINGLE) if is_single else own


def _candidates(exercise: Exercise) -> list[Candidate]:
    """Observe every known mistake; leave out those that stop with an error."""
    candidates = []
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        values = _observe_mistake(exercise, i, bugs.active())
        if values is not None:
            why = mistake.why or MISTAKES[mistake.name]
            candidates.append(Candidate(mistake.name, why, values))
    return candidates


@lru_cache(maxsize=200)
def _observe_solution(exercise: Exercise, planted_bug: str) -> dict[str, Array]:
    """Run the probe on the solution. The result is cached, once for each planted bug."""
    return _values(exercise.probe(*exercise.reference))


@lru_cache(maxsize=2_000)
def _observe_mistake(exercise: Exercise, i: int, planted_bug: str) -> dict[str, Array] | None:
    """Run the probe on the i-th wrong answer; return None if it stops with an error."""
    try:
        return _values(exercise.probe(*exercise.wrong_answer(i)))
    except Exception:
        return None


def _values(observed: dict[str, Any]) -> dict[str, Array]:
    return {name: _value(item, name) for name, item in observed.items()}


def _value(item: Any, name: str) -> Array:
    value = array(item.value if isinstance(item, (Observed, GradientOf)) else item, name)
    return value.astype(float) if value.dtype.kind in "biu" else value


def _comparison(
    name: str, item: Any, observed: Array, expected: Array, tolerance: float
) -> Comparison:
    worst = None
    if observed.shape == expected.shape and observed.size:
        difference = np.nan_to_num(np.abs(observed - expected), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(int(np.argmax(difference)), observed.shape)))
    error = distance(observed, expected)
    return Comparison(name, observed, expected, error, tolerance, worst, _message(name, item))


def _message(name: str, item: Any) -> str:
    """Return the text for a wrong observation; "" where its worst entry is to be shown."""
    if isinstance(item, Observed) and item.message:
        return item.message
    value = item.value if isinstance(item, Observed) else item
    return f"not so: {name}" if isinstance(value, bool | np.bool_) else ""


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
