"""Compare a learner's answer with the truth; where it is wrong, find the mistake that it fits."""

import inspect
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ...nn.gradcheck import BARS
from ...nn.layers import Array
from ...verification import bugs
from .diagnosis import diagnose, error_of
from .exercise import Exercise, Row
from .mistakes import ERRORS, MISTAKES, UNKNOWN, Truth
from .observations import EXACT, EXACT_SINGLE, SLOPE_SINGLE, STEP, STEP_SINGLE, Seen, Slope
from .submission import Malformed, Unsolved, array, where
from .verdict import ERROR, FAILED, PASSED, TO_DO, Comparison, Verdict

ROUNDING = 1e-11  # relative errors above it, and below EXACT_SINGLE, betray float32 within


def examine(exercise: Exercise, answers: tuple[Any, ...]) -> Verdict:
    """Judge an answer: run the probe on it, compare what was observed, name the mistake."""
    about = exercise.number, exercise.title
    if len(answers) != len(exercise.reference):
        text = f"{exercise.check_name} takes {len(exercise.reference)}, not {len(answers)}:"
        return Verdict(*about, ERROR, explanation=f"{text}\n{_indented(exercise.stub)}")
    try:
        with np.errstate(all="ignore"):
            return _compare(exercise, exercise.probe(*answers))
    except (Unsolved, NotImplementedError) as blank:
        return Verdict(*about, TO_DO, explanation=f"{blank}\n{exercise.statement}".strip())
    except Malformed as misfit:
        text = f"{misfit}\n{MISTAKES[misfit.mistake]}".strip()
        return Verdict(*about, FAILED, diagnosis=misfit.mistake, explanation=text)
    except Exception as error:
        mistake, why = _mistake_of_shape(exercise, answers)
        hint = next((text for part, text in ERRORS.items() if part in str(error)), "")
        lines = [where(error), hint, why, "The exercise's signature:", _indented(exercise.stub)]
        text = "\n".join(line for line in lines if line)
        return Verdict(*about, ERROR, diagnosis=mistake, explanation=text)


def _mistake_of_shape(exercise: Exercise, answers: tuple[Any, ...]) -> tuple[str, str]:
    """Name the mistake in code that stopped, if it runs where all dimensions are alike."""
    if "square" not in inspect.signature(exercise.probe).parameters:
        return "", ""
    alike = replace(exercise, probe=partial(exercise.probe, square=True))
    try:
        verdict = _compare(alike, alike.probe(*answers))
    except Exception:
        return "", ""
    if verdict.diagnosis in ("", UNKNOWN):
        return "", ""
    return verdict.diagnosis, verdict.explanation.splitlines()[0]


def _compare(exercise: Exercise, found: dict[str, Any]) -> Verdict:
    reference = _observed(exercise, None, bugs.active()) or {}
    values = {name: _value(each, name) for name, each in found.items()}
    truths = {
        name: Truth(_value(each, name), exercise.batch_size)
        for name, each in reference.items()
        if not isinstance(found[name], Slope)
    }
    plain = [error_of(values[name], truth.total) for name, truth in truths.items()]
    has_slopes = len(plain) < len(found)
    is_single = any(value.dtype in (np.float32, np.float16) for value in values.values()) or (
        has_slopes and any(ROUNDING < error < EXACT_SINGLE for error in plain)
    )
    for name, each in found.items():
        if isinstance(each, Slope):
            parts = each.each(STEP_SINGLE if is_single else STEP)
            truths[name] = Truth(parts.sum(axis=0), exercise.batch_size or len(parts), parts)
    bars = {}
    for name, each in found.items():
        if isinstance(each, Slope):
            bars[name] = SLOPE_SINGLE if is_single else BARS["central"]
        else:
            bar = each.bar if isinstance(each, Seen) else EXACT
            bars[name] = max(bar, EXACT_SINGLE) if is_single else bar
    comparisons = tuple(
        _comparison(name, values[name], truths[name].total, bars[name], _says(name, each))
        for name, each in found.items()
    )
    about = exercise.number, exercise.title
    wrong = [each.name for each in comparisons if not each.passed]
    if not wrong:
        return Verdict(*about, PASSED, exercise.compared, comparisons)
    rows = _mistaken_values(exercise)
    name, why = diagnose(wrong, values, truths, bars, rows)
    lines = [why]
    if name == UNKNOWN and len(wrong) > 1:
        for each in wrong:
            alone, why = diagnose([each], values, truths, bars, rows)
            if alone != UNKNOWN:
                lines.append(f"{each} by itself looks like: {alone}. {why}")
    right = [each.name for each in comparisons if each.passed]
    if right:
        lines.append(f"Right already: {', '.join(right)}.")
    return Verdict(*about, FAILED, exercise.compared, comparisons, name, "\n".join(lines))


def _mistaken_values(exercise: Exercise) -> list[tuple[Row, dict[str, Array]]]:
    """Run every row's answer: what would be observed if the learner had made that mistake."""
    rows = []
    for row in exercise.rows:
        observed = _observed(exercise, row, bugs.active())
        if observed is not None:
            values = {name: _value(each, name) for name, each in observed.items()}
            rows.append((row, values))
    return rows


@lru_cache(maxsize=2_000)
def _observed(exercise: Exercise, row: Row | None, planted_bug: str) -> dict[str, Any] | None:
    """Run a row's answer or, without one, the reference's; None if a mistake stops with an error.

    Both are the same at every call, but for a bug that is planted in the package meanwhile.
    """
    if row is None:
        return exercise.probe(*exercise.reference)
    try:
        return exercise.probe(*exercise.answers_of(row))
    except Exception:
        return None


def _comparison(name: str, found: Array, truth: Array, bar: float, says: str) -> Comparison:
    error = error_of(found, truth)
    worst = None
    if found.shape == truth.shape and found.size:
        difference = np.nan_to_num(np.abs(found - truth), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(int(np.argmax(difference)), found.shape)))
    return Comparison(name, found, truth, error, bar, worst, says)


def _says(name: str, each: Any) -> str:
    """Return what to tell of an observation that is wrong, if a worst entry would tell nothing."""
    if isinstance(each, Seen) and each.says:
        return each.says
    value = each.value if isinstance(each, Seen) else each
    return f"not so: {name}" if isinstance(value, bool | np.bool_) else ""


def _value(each: Any, name: str) -> Array:
    value = array(each.value if isinstance(each, (Seen, Slope)) else each, name)
    return value.astype(float) if value.dtype.kind in "biu" else value


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
