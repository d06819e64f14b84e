"""Compare a probe's observations of an answer with those of the solution."""

from dataclasses import replace
from typing import Any

import numpy as np

from ...nn.gradcheck import TOLERANCES
from ...nn.layers import Array
from ...verification import bugs
from .evidence import distance
from .exercise import Exercise
from .mistakes import Reference
from .observations import (
    GRADIENT_TOLERANCE_SINGLE,
    STEP,
    STEP_SINGLE,
    TOLERANCE,
    TOLERANCE_SINGLE,
    GradientOf,
    Observed,
)
from .observe import Observations, numbers, solution, value_of
from .submission import InvalidAnswer
from .verdict import Comparison

ROUNDING = 1e-11  # an error between this and TOLERANCE shows that float32 was used inside


def compared(
    exercise: Exercise, observed: Observations, case: int
) -> list[tuple[Comparison, Reference]]:
    """Return the comparison of each observation, and the reference of each.

    A gradient is also compared with the derivative of the learner's own function in two cases. If
    everything is correct, this shows whether that function really computes with its argument; if
    the function is wrong, it shows whether the gradient is the derivative of that wrong function.

    Raises:
        InvalidAnswer: only the derivative of the learner's own function differs.
    """
    expected = solution(exercise, case, bugs.active())
    values = {name: value_of(item, name) for name, item in observed.items()}
    is_single = _uses_float32(observed, values, expected)
    rows: dict[str, Comparison] = {}
    for name, item in observed.items():
        tolerance, message = _tolerance(item, is_single), _message(name, item)
        rows[name] = _comparison(name, values[name], expected[name], tolerance, message, case)
    has_right_function = all(
        row.passed for name, row in rows.items() if not isinstance(observed[name], GradientOf)
    )
    for name, item in observed.items():
        if isinstance(item, GradientOf) and rows[name].passed == has_right_function:
            own = item.by_example(STEP_SINGLE if is_single else STEP).sum(axis=0)
            _compare_with_own(rows, name, own)
    return [(row, expected[name]) for name, row in rows.items()]


def _compare_with_own(rows: dict[str, Comparison], name: str, own: Array) -> None:
    """Compare a gradient with the derivative of the learner's own function as well."""
    row = rows[name]
    if row.passed and distance(own, row.expected) > row.tolerance:
        raise InvalidAnswer(
            f"{name} is right, but the numerical derivative of your own function differs from it:"
            " your function does not change with its argument as it should."
        )
    if not row.passed and distance(numbers(row.observed), own) <= row.tolerance:
        text = f"{name} is the derivative of your own function, but that function is wrong"
        rows[name] = replace(row, message=text)


def _uses_float32(
    observed: Observations, values: dict[str, Array], expected: dict[str, Reference]
) -> bool:
    """Return True if the dtypes or the rounding errors show that an answer computes in float32."""
    types = {value.dtype for value in values.values()}
    if np.dtype(np.float16) in types:
        return False  # too coarse for any comparison
    if np.dtype(np.float32) in types:
        return True
    plain = [name for name, item in observed.items() if not isinstance(item, GradientOf)]
    errors = [distance(numbers(values[name]), expected[name].total) for name in plain]
    has_gradients = len(plain) < len(observed)
    return (
        has_gradients and max(errors, default=0) <= TOLERANCE and any(e > ROUNDING for e in errors)
    )


def _tolerance(item: Any, is_single: bool) -> float:
    """Return the largest relative error that passes."""
    if isinstance(item, GradientOf):
        return GRADIENT_TOLERANCE_SINGLE if is_single else TOLERANCES["central"]
    own = item.tolerance if isinstance(item, Observed) else TOLERANCE
    return max(own, TOLERANCE_SINGLE) if is_single and own >= TOLERANCE else own


def _comparison(
    name: str, value: Array, reference: Reference, tolerance: float, message: str, case: int
) -> Comparison:
    observed, expected, worst = numbers(value), reference.total, None
    if observed.shape == expected.shape and observed.size:
        difference = np.nan_to_num(np.abs(observed - expected), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(int(np.argmax(difference)), observed.shape)))
    error, is_exact = distance(observed, expected), not reference.is_measured
    return Comparison(name, value, expected, error, tolerance, worst, message, case, is_exact)


def _message(name: str, item: Any) -> str:
    """Return the text for a wrong observation; "" to show its worst entry instead."""
    if isinstance(item, Observed) and item.message:
        return item.message
    value = item.value if isinstance(item, Observed) else item
    return f"not true: {name}" if isinstance(value, bool | np.bool_) else ""
