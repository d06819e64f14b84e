"""Exercise 03.4: a gradient checker of the learner's own."""

from typing import Any

import numpy as np

from ...nn.gradcheck import numerical_gradient
from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, array, call, exercise

SHAPE = (3, 2)
POINT, SLOPE = sample_array(*SHAPE), sample_array(*SHAPE, seed=1)
TINY = 1e-10

SOLUTION = """
def is_right(f, x, grad, tolerance):
    if grad.shape != x.shape:
        return False
    numerical = numerical_gradient(f, x, 1e-6)
    error, size = np.linalg.norm(grad - numerical), np.linalg.norm(numerical)
    verdict = bool(error <= tolerance * size)
    return verdict
"""
ERROR, SIZE = "np.linalg.norm(grad - numerical)", "np.linalg.norm(numerical)"
VERDICT = "error <= tolerance * size"

MISTAKES = (
    Mistake(
        "NaN accepted",
        "Every comparison with NaN is False, so error > tolerance is False, too. Test whether"
        " error <= tolerance.",
        {VERDICT: "not error > tolerance * size"},
    ),
    Mistake(
        "no absolute value",
        "A negative difference is below any tolerance, however large it is.",
        {ERROR: "np.max(grad - numerical)"},
        {ERROR: "np.max(numerical - grad)"},
        {ERROR: "max((grad - numerical).flat)"},  # passes over NaN as well
        {ERROR: "max((numerical - grad).flat)"},
        {ERROR: "np.sum(grad - numerical)"},
        {ERROR: "np.sum(numerical - grad)"},
    ),
    Mistake(
        "differences cancel",
        "Errors of opposite signs cancel in the sum. Take the absolute values, or squares, before"
        " you sum.",
        {ERROR: "abs(np.sum(grad - numerical))"},
    ),
    Mistake(
        "one entry only",
        "A gradient with one entry wrong, or NaN, passed. Compare all entries.",
        {ERROR: "abs(grad - numerical)[0, 0]", SIZE: "abs(numerical)[0, 0]"},
        {ERROR: "abs(grad - numerical)[-1, -1]", SIZE: "abs(numerical)[-1, -1]"},
    ),
    Mistake(
        "entry by entry",
        "Where an entry is 0 up to rounding, its own ratio can be anything, and correct code"
        " fails. Divide one norm by the other.",
        {VERDICT: "np.all(abs(grad - numerical) <= tolerance * abs(numerical))"},
        {VERDICT: "np.all(abs(grad - numerical) / abs(numerical) <= tolerance)"},
    ),
    Mistake(
        "norms compared instead of vectors",
        "You compare only the lengths. Take the difference first, and then its norm.",
        {ERROR: "abs(np.linalg.norm(grad) - np.linalg.norm(numerical))"},
    ),
    Mistake(
        "absolute error",
        "If all derivatives are tiny, so is every error. Divide by the size of the gradient. The"
        " atol of np.allclose is an absolute error, too.",
        {VERDICT: "error <= tolerance"},
        {VERDICT: "np.all(abs(grad - numerical) <= tolerance)"},
        {VERDICT: "np.allclose(grad, numerical, rtol=tolerance)"},
        {VERDICT: "error <= tolerance * (1 + size)"},
    ),
    Mistake(
        "shapes broadcast",
        "A row (2,) was broadcast to (3, 2) and passed. Compare the shapes first.",
        {"    if grad.shape != x.shape:\n        return False\n": ""},
    ),
    Mistake(
        "tolerance ignored",
        "Your verdict does not depend on the tolerance. Use the argument.",
        {VERDICT: "error <= 1e-6 * size"},
        {VERDICT: "error <= 0.05 * size"},
    ),
    Mistake(
        "zeros refused where f is flat",
        "Where the gradient is zero, zeros are right. But 0/0 is NaN, and 0 is not less than"
        " tolerance · 0: multiply the tolerance instead of dividing the error, and compare with"
        " <=.",
        {VERDICT: "error / size <= tolerance"},
    ),
    Mistake(
        "anything accepted where f is flat",
        "Where f is flat, a gradient that is not zero is wrong.",
        {VERDICT: "size == 0 or error <= tolerance * size"},
        {VERDICT: "size < 1e-8 or error <= tolerance * size"},
    ),
    Mistake(
        "verdict turned around",
        "You accept wrong gradients, and reject correct ones.",
        {VERDICT: "not error <= tolerance * size"},
        {VERDICT: "error > tolerance * size"},
    ),
    Mistake(
        "always true",
        "Your checker accepts everything.",
        """
        def is_right(f, x, grad, tolerance):
            return True
        """,
    ),
    Mistake("always false", "Your checker rejects even correct gradients.", {VERDICT: "False"}),
)


@exercise(
    "03.4",
    "A gradient checker of your own",
    BEHAVIOUR,
    stub='''
def is_right(f, x, grad, tolerance):
    """Return True if grad is the gradient of f at x to a relative error of tolerance, else False.

    f takes a real or a complex array like x and returns a number. A gradient of another shape than
    x's is wrong. Where f is flat, zeros are right and nothing else is.
    """
    verdict = None
    return verdict
''',
    statement="""Put your last functions together. Your checker is given correct and wrong
    gradients, and has to tell them apart. A checker that accepts wrong code is worse than none.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={"numerical_gradient": numerical_gradient},
    compared="whether you accept a gradient (1) or not (0) with whether it is correct",
    difficulty=2,
    minutes=15,
    hints=(
        "Shape first, then a numerical gradient by either of your functions, then the relative"
        " error against the tolerance.",
        r"If f is flat, $\lVert n \rVert$ is 0, and you must not divide by it."
        r" $\lVert a - n \rVert \le \text{tolerance} \cdot \lVert n \rVert$ says the same without"
        " a division. Compare with `<=`, and NaN will fail, too.",
    ),
)
def check_is_right(is_right: Any) -> dict[str, Any]:
    """Check is_right."""
    wanted, found = "is_right should return True or False: it", {}
    for name, (f, grad, tolerance) in _cases().items():
        found[name] = array(call(is_right, f, POINT, grad, tolerance), wanted)
        if found[name].shape or found[name] not in (0, 1):
            raise InvalidAnswer(f"{wanted} returned {found[name]}.")
    return {**found, "all of them": np.stack([*found.values()])}  # so that one mistake explains all


def _cases() -> dict[str, tuple[Any, Array, float]]:
    """Return functions, gradients and tolerances, each named by what is true of the gradient."""
    grad = _smooth_gradient(POINT)
    off, missing = grad.copy(), grad.copy()
    off[1, 0] *= 1.5
    missing[1, 1] = np.nan
    used = np.array([[1, 1], [1, 0], [1, 1]])
    almost_zero = _smooth_gradient(POINT * used) * used + 2.8e-17 * (1 - used)
    columns = np.array([0.7, -1.1])
    strict = 1e-4
    return {
        "correct": (_smooth, grad, strict),
        "correct (an entry 0 but for rounding)": (lambda x: _smooth(x * used), almost_zero, strict),
        "correct and tiny": (lambda x: TINY * _smooth(x), TINY * grad, strict),
        "zeros where f is flat": (lambda x: 3.0, np.zeros(SHAPE), strict),
        "1 % off with tolerance 0.1": (_smooth, 1.01 * grad, 0.1),
        "1 % off with tolerance 1e-3": (_smooth, 1.01 * grad, 1e-3),
        "sign flipped": (_smooth, -grad, strict),
        "a fifth of it": (_smooth, grad / 5, strict),
        "one entry wrong": (_smooth, off, strict),
        "turned and reshaped": (_smooth, grad.T.reshape(SHAPE), strict),
        "one entry NaN": (_smooth, missing, strict),
        "every entry too low": (_smooth, grad - 0.5, strict),
        "every entry too high": (_smooth, grad + 0.5, strict),
        "tiny and twice too large": (lambda x: TINY * _smooth(x), 2 * TINY * grad, strict),
        "one row for all rows": (lambda x: np.sum(columns * x), columns, strict),
        "not zero where f is flat": (lambda x: 3.0, grad, strict),
    }


def _smooth(x: Array) -> Any:
    return np.sum(SLOPE * np.sin(x)) + np.sum(SLOPE * x) ** 2


def _smooth_gradient(x: Array) -> Array:
    grad: Array = SLOPE * np.cos(x) + 2 * np.sum(SLOPE * x) * SLOPE
    return grad
