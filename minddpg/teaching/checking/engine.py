"""Compare a learner's answer with the truth; where it is wrong, find the mistake that it fits."""

import inspect
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from ...nn.gradcheck import BARS
from ...nn.layers import Array
from .attempt import Malformed, Unsolved, array, where
from .exercise import Exercise
from .hypotheses import GENERIC, MISTAKES, UNKNOWN, Truth
from .seen import EXACT_SINGLE, SLOPE_SINGLE, STEP, STEP_SINGLE, Seen, Slope
from .verdict import ERROR, FAILED, PASSED, TO_DO, Comparison, Verdict

SMALLEST = 1e-3  # norm of a truth below which errors are taken as absolute, in units of this
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
        known = f"\n{MISTAKES[misfit.mistake]}" if misfit.mistake else ""
        return Verdict(
            *about, FAILED, diagnosis=misfit.mistake or UNKNOWN, explanation=f"{misfit}{known}"
        )
    except Exception as error:
        mistake, why = _mistake_of_shape(exercise, answers)
        lines = [where(error), why, "The exercise's signature:", _indented(exercise.stub)]
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
    reference = exercise.probe(*exercise.reference)
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
            bar = each.bar if isinstance(each, Seen) else Seen(0).bar
            bars[name] = max(bar, EXACT_SINGLE) if is_single else bar
    comparisons = tuple(
        _comparison(name, values[name], truths[name].total, bars[name]) for name in found
    )
    about = exercise.number, exercise.title
    wrong = [each.name for each in comparisons if not each.passed]
    if not wrong:
        return Verdict(*about, PASSED, exercise.compared, comparisons)
    rows = _mistaken_values(exercise)
    meanings = MISTAKES | {row.mistake: row.why for row in exercise.rows if row.why}
    name = _diagnose(wrong, values, truths, bars, rows)
    lines = [meanings[name]]
    if name == UNKNOWN and len(wrong) > 1:
        for each in wrong:
            alone = _diagnose([each], values, truths, bars, rows)
            if alone != UNKNOWN:
                lines.append(f"{each} by itself looks like: {alone}. {meanings[alone]}")
    right = [each.name for each in comparisons if each.passed]
    if right:
        lines.append(f"Right already: {', '.join(right)}.")
    return Verdict(*about, FAILED, exercise.compared, comparisons, name, "\n".join(lines))


def _diagnose(
    wrong: list[str],
    found: dict[str, Array],
    truths: dict[str, Truth],
    bars: dict[str, float],
    rows: list[tuple[str, dict[str, Array]]],
) -> str:
    """Name the one mistake that explains every wrong array, the closest if several do."""
    if any(not np.isfinite(found[name]).all() for name in wrong):
        return "not a number"

    def misfit(candidates: dict[str, Array]) -> float:
        """Return the worst of the wrong arrays' misfits; above 1 this is not the mistake."""
        if any(name not in candidates for name in wrong):
            return np.inf
        return max(misfit_of(found[n], candidates[n], bars[n]) for n in wrong)

    def strangers(candidates: dict[str, Array]) -> int:
        """Count the arrays that are right, and would not be if this mistake were all."""
        right = candidates.keys() & truths.keys() - set(wrong)
        return sum(misfit_of(found[n], candidates[n], bars[n]) > 1 for n in right)

    fits = [(strangers(each), misfit(each), name) for name, each in rows if misfit(each) <= 1]
    for mistake, transform in GENERIC:
        options = {name: transform(truths[name]) for name in wrong}
        misfits = [
            min((misfit_of(found[n], c, bars[n]) for c in options[n]), default=np.inf)
            for n in wrong
        ]
        if max(misfits) <= 1:
            fits.append((0, max(misfits), mistake))
    if fits:
        return min(fits, key=lambda fit: fit[:2])[2]
    totals = [truths[name].total for name in wrong]
    for order in permutations(range(len(wrong))):
        if len(wrong) > 1 and all(
            misfit_of(found[n], totals[i], bars[n]) <= 1 for n, i in zip(wrong, order, strict=True)
        ):
            return "results in another order"
    return UNKNOWN


def misfit_of(found: Array, candidate: Array, bar: float) -> float:
    """Return the error in units of its bar: above 1 they are not the same."""
    return error_of(found, candidate) / max(bar, 1e-6)


def error_of(found: Array, truth: Array) -> float:
    """Return ‖found − truth‖₂ / ‖truth‖₂; inf where the shapes differ."""
    if np.shape(found) != np.shape(truth):
        return np.inf
    size = max(float(np.linalg.norm(truth)), SMALLEST)
    return float(np.linalg.norm(found - truth)) / size


def _mistaken_values(exercise: Exercise) -> list[tuple[str, dict[str, Array]]]:
    """Run every row's answer: what would be observed if the learner had made that mistake."""
    rows = []
    for row in exercise.rows:
        try:
            observed = exercise.probe(*exercise.answers_of(row))
        except Exception:  # a mistake may crash the probe; then it explains nothing
            continue
        rows.append((row.mistake, {name: _value(each, name) for name, each in observed.items()}))
    return rows


def _comparison(name: str, found: Array, truth: Array, bar: float) -> Comparison:
    error = error_of(found, truth)
    worst = None
    if found.shape == truth.shape and found.size:
        difference = np.nan_to_num(np.abs(found - truth), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(int(np.argmax(difference)), found.shape)))
    return Comparison(name, found, truth, error, bar, worst)


def _value(each: Any, name: str) -> Array:
    value = array(each.value if isinstance(each, (Seen, Slope)) else each, name)
    return value.astype(float) if value.dtype.kind in "biu" else value


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
