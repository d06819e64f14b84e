"""Exercise 03.2: the relative error of a gradient."""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise

SOLUTION = """
def relative_error(analytic, numerical):
    difference = analytic - numerical
    error = np.linalg.norm(difference) / np.linalg.norm(numerical)
    return error
"""
SIZE = "np.linalg.norm(numerical)"
RATIO = f"np.linalg.norm(difference) / {SIZE}"

MISTAKES = (
    Mistake(
        "absolute error",
        "Your error is not divided by the size of n. Whether 1e-6 is large depends on the"
        " gradient.",
        {RATIO: "np.linalg.norm(difference)"},
        {RATIO: "np.max(np.abs(difference))"},
        {RATIO: "np.mean(difference**2)"},
        {RATIO: "np.sqrt(np.mean(difference**2))"},
    ),
    Mistake(
        "absolute error of small gradients",
        "Where gradients are small, the 1 in your denominator is larger than ‖n‖, and the error is"
        " not relative.",
        {SIZE: "max(1, np.linalg.norm(numerical))"},
        {SIZE: "(1 + np.linalg.norm(numerical))"},
    ),
    Mistake(
        "entry by entry",
        "You divide every entry by its own size. Where the true derivative is tiny, this rejects"
        " correct code. Divide one norm by the other.",
        {RATIO: "np.max(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "np.mean(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "np.linalg.norm(difference / numerical)"},
        {RATIO: "np.abs(difference) / np.abs(numerical)"},
        {RATIO: "np.sum(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "difference / numerical"},
    ),
    Mistake(
        "divided by ‖a‖",
        "Divide by ‖n‖: the numerical gradient is the reference here, and a may be anything.",
        {SIZE: "np.linalg.norm(analytic)"},
    ),
    Mistake(
        "divided by both norms",
        "Divide by ‖n‖ alone: the numerical gradient is the reference here.",
        {SIZE: "(np.linalg.norm(analytic) + np.linalg.norm(numerical))"},
        {SIZE: "(np.linalg.norm(analytic) + np.linalg.norm(numerical)) * 2"},
        {SIZE: "max(np.linalg.norm(analytic), np.linalg.norm(numerical))"},
    ),
    Mistake(
        "squared norms",
        "A root is missing. Squared, an error of 1e-4 would look like 1e-8.",
        {RATIO: "np.sum(difference**2) / np.sum(numerical**2)"},
        {RATIO: "np.sum(difference**2) / np.linalg.norm(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.sum(numerical**2)"},
    ),
    Mistake(
        "no absolute value",
        "Differences of opposite signs cancel. Square them before you sum.",
        {RATIO: "np.sum(difference) / np.sum(numerical)"},
        {RATIO: "np.sum(difference) / np.linalg.norm(numerical)"},
        {RATIO: "abs(np.sum(difference) / np.sum(numerical))"},
        {RATIO: "abs(np.sum(difference)) / np.linalg.norm(numerical)"},
        {RATIO: "np.max(difference) / np.max(numerical)"},
    ),
    Mistake(
        "another norm",
        "This is a relative error, but in another norm than ‖·‖₂, the root of the sum of squares.",
        {RATIO: "np.sum(np.abs(difference)) / np.sum(np.abs(numerical))"},
        {RATIO: "np.max(np.abs(difference)) / np.max(np.abs(numerical))"},
    ),
    Mistake(
        "ratio of norms",
        "You compare only the lengths. A gradient with its sign flipped is just as long.",
        {"norm(difference)": "norm(analytic)"},
        {RATIO: "np.linalg.norm(analytic) / np.linalg.norm(numerical) - 1"},
        {RATIO: "abs(np.linalg.norm(analytic) / np.linalg.norm(numerical) - 1)"},
    ),
    Mistake(
        "one norm for each row",
        "With an axis, NumPy takes a norm of each row or column. Return one number, over all"
        " entries.",
        {"(difference)": "(difference, axis=-1)", "(numerical)": "(numerical, axis=-1)"},
        {"(difference)": "(difference, axis=0)", "(numerical)": "(numerical, axis=0)"},
    ),
    Mistake(
        "norm of a matrix",
        "For a matrix, norm(x, 2) is the largest singular value. Without the 2 it is the root of"
        " the sum of squares.",
        {"(difference)": "(difference, 2)", "(numerical)": "(numerical, 2)"},
    ),
)


@exercise(
    "03.2",
    "The relative error",
    PROPERTY,
    stub='''
def relative_error(analytic, numerical):
    """Return ‖a − n‖₂ / ‖n‖₂, a number: a the analytic gradient, n the numerical one.

    Both are arrays of one shape, any. ‖x‖₂ is the root of the sum of the squares of all entries.
    """
    error = None
    return error
''',
    statement="""Measure how far a gradient is off, relative to its size. Take the arrays as a
    whole: where one entry is nearly zero, its own ratio says nothing.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your errors with the right ones",
    difficulty=1,
    minutes=5,
    hints=(
        r"`np.linalg.norm(x)`, with no other argument, is $\lVert x \rVert_2$ of an array of any"
        " shape.",
    ),
)
def check_relative_error(relative_error: Any) -> dict[str, Any]:
    """Check relative_error."""
    wanted, found = "relative_error should return a number: it", {}
    for name, scale, shape in (("of two matrices", 1, (4, 3)), ("of small vectors", 0.1, (5,))):
        numerical = scale * 3 * sample_array(*shape)
        analytic = numerical + scale * sample_array(*shape, seed=3)
        found[name] = array(call(relative_error, analytic, numerical), wanted)
    return found
