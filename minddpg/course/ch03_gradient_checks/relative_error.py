"""Exercise 03.2: the relative error of a gradient."""

from collections.abc import Sequence
from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Observed, array, call, exercise
from .relative_error_mistakes import MISTAKES

SOLUTION = """
def relative_error(analytic, numerical):
    difference = analytic - numerical
    error = np.linalg.norm(difference) / np.linalg.norm(numerical)
    return error
"""
TOLERANCE = 1e-8  # of relative errors: float64 leaves 1e-9 where a and n are nearly equal
ROWS = {  # the size of n, the multiple of n in a, and the size of a's error relative to n's
    "of two arrays": (3.0, 1.0, 0.4),
    "of small vectors": (1e-4, -0.3, 0.5),
    "of nearly equal arrays": (2.0, 1.0, 3e-7),
}


@exercise(
    "03.2",
    "The relative error",
    PROPERTY,
    stub='''
def relative_error(analytic, numerical):
    """Return ‖a − n‖₂ / ‖n‖₂, a number: a the analytic gradient, n the numerical one.

    Both arrays have the same shape. ‖x‖₂ is the root of the sum of the squares of all entries.
    """
    error = None
    return error
''',
    statement="""Measure the error of a gradient relative to its size. Take the arrays as a whole:
    where one entry is nearly zero, its own ratio says nothing.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your errors with the correct ones",
    difficulty=1,
    minutes=4,
    cases=(
        {"shapes": ((4, 3), (5,), (3, 2)), "seed": 0},
        {"shapes": ((2, 5, 3), (7,), (3, 7)), "seed": 4},
    ),
    equivalents={
        "difference = analytic - numerical → difference = numerical - analytic": (
            "its norm is the same"
        )
    },
    hints=(
        r"`np.linalg.norm(x)`, with no other argument, is $\lVert x \rVert_2$ of an array of any"
        " shape.",
    ),
)
def check_relative_error(
    relative_error: Any, shapes: Sequence[tuple[int, ...]], seed: int
) -> dict[str, Any]:
    """Check relative_error."""
    wanted, found = "relative_error should return a number: it", {}
    for (name, (size, scale, error)), shape in zip(ROWS.items(), shapes, strict=True):
        numerical = size * sample_array(*shape, seed=seed)
        analytic = scale * numerical + error * size * sample_array(*shape, seed=seed + 1)
        value = array(call(relative_error, analytic, numerical), wanted)
        found[name] = Observed(value, TOLERANCE)
    return found
