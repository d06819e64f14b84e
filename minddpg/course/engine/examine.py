"""Compare a learner's answer with the reference; where it is wrong, find the mistake that fits."""

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

ROUNDING = 1e-11  # errors above it, and below TOLERANCE_SINGLE, show that float32 was used inside


def examine(exercise: Exercise, answers: tuple[Any, ...]) -> Verdict:
    """Judge an answer: run the probe on it, compare what was observed, name the mistake."""
    about = exercise.number, exercise.title
    if len(answers) != len(exercise.names):
        text = f"{exercise.check_name} takes {len(exercise.names)}, not {len(answers)}:"
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
    """Name the mistake in code that stopped, if it runs where all dimensions are alike."""
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


def _judge(exercise: Exercise, found: dict[str, Any]) -> Verdict:
    """Compare what was observed of an answer with what is observed of the solution."""
    values = {name: _value(each, name) for name, each in found.items()}
    expected = _observe_solution(exercise, bugs.active())
    is_single = _uses_float32(found, values, expected)
    references = _references(exercise, found, expected, is_single)
    tolerances = {name: _tolerance(each, is_single) for name, each in found.items()}
    comparisons = tuple(
        _comparison(name, each, values[name], references[name].total, tolerances[name])
        for name, each in found.items()
    )
    about = exercise.number, exercise.title
    if all(each.passed for each in comparisons):
        return Verdict(*about, PASSED, exercise.compared, comparisons)
    wrong = [each.name for each in comparisons if not each.passed]
    candidates = _candidates(exercise)
    name, why = diagnose(wrong, values, references, tolerances, candidates)
    lines = [why]
    if name == UNKNOWN and len(wrong) > 1:
        for each in wrong:
            alone, why = diagnose([each], values, references, tolerances, candidates)
            if alone != UNKNOWN:
                lines.append(f"{each} by itself looks like: {alone}. {why}")
    correct = [each.name for each in comparisons if each.passed]
    if correct:
        lines.append(f"Right already: {', '.join(correct)}.")
    return Verdict(*about, FAILED, exercise.compared, comparisons, name, "\n".join(lines))


def _uses_float32(
    found: dict[str, Any], values: dict[str, Array], expected: dict[str, Array]
) -> bool:
    """Say whether an answer computes in float32, as its dtypes or its rounding errors show."""
    if any(value.dtype in (np.float32, np.float16) for value in values.values()):
        return True
    plain = [name for name, each in found.items() if not isinstance(each, GradientOf)]
    errors = [distance(values[name], expected[name]) for name in plain]
    return len(plain) < len(found) and any(ROUNDING < e < TOLERANCE_SINGLE for e in errors)


def _references(
    exercise: Exercise, found: dict[str, Any], expected: dict[str, Array], is_single: bool
) -> dict[str, Reference]:
    """Say what each observation should have been; a gradient, that of the learner's own loss."""
    references = {}
    for name, each in found.items():
        if isinstance(each, GradientOf):
            parts = each.by_example(STEP_SINGLE if is_single else STEP)
            count = exercise.batch_size or len(parts)
            references[name] = Reference(parts.sum(axis=0), count, parts)
        else:
            references[name] = Reference(expected[name], exercise.batch_size)
    return references


def _tolerance(each: Any, is_single: bool) -> float:
    """Return the largest relative error that passes."""
    if isinstance(each, GradientOf):
        return GRADIENT_TOLERANCE_SINGLE if is_single else TOLERANCES["central"]
    own = each.tolerance if isinstance(each, Observed) else TOLERANCE
    return max(own, TOLERANCE_SINGLE) if is_single else own


def _candidates(exercise: Exercise) -> list[Candidate]:
    """Say what would be observed if the learner had made each of the known mistakes."""
    found = []
    for i, (mistake, _) in enumerate(exercise.wrong_sources):
        values = _observe_mistake(exercise, i, bugs.active())
        if values is not None:
            found.append(Candidate(mistake.name, mistake.why or MISTAKES[mistake.name], values))
    return found


@lru_cache(maxsize=200)
def _observe_solution(exercise: Exercise, planted_bug: str) -> dict[str, Array]:
    """Run the probe on the solution: always with the same result, unless a bug is planted."""
    return _values(exercise.probe(*exercise.reference))


@lru_cache(maxsize=2_000)
def _observe_mistake(exercise: Exercise, i: int, planted_bug: str) -> dict[str, Array] | None:
    """Run the probe on the i-th wrong answer; return None if it stops with an error."""
    try:
        return _values(exercise.probe(*exercise.wrong_answer(i)))
    except Exception:
        return None


def _values(observed: dict[str, Any]) -> dict[str, Array]:
    return {name: _value(each, name) for name, each in observed.items()}


def _value(each: Any, name: str) -> Array:
    value = array(each.value if isinstance(each, (Observed, GradientOf)) else each, name)
    return value.astype(float) if value.dtype.kind in "biu" else value


def _comparison(
    name: str, each: Any, found: Array, expected: Array, tolerance: float
) -> Comparison:
    worst = None
    if found.shape == expected.shape and found.size:
        difference = np.nan_to_num(np.abs(found - expected), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(int(np.argmax(difference)), found.shape)))
    error = distance(found, expected)
    return Comparison(name, found, expected, error, tolerance, worst, _says(name, each))


def _says(name: str, each: Any) -> str:
    """Return what to say of a wrong observation, if its worst entry would say nothing."""
    if isinstance(each, Observed) and each.says:
        return each.says
    value = each.value if isinstance(each, Observed) else each
    return f"not so: {name}" if isinstance(value, bool | np.bool_) else ""


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
