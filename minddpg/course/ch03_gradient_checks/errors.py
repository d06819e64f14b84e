"""Chapter 03, gradient checks: how far off a gradient is."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

norm = np.linalg.norm

Rule = Callable[[Array, Array], Any]


def _rows(mistake: str, rules: tuple[Rule, ...], why: str) -> tuple[Row, ...]:
    return tuple(Row(mistake, (rule,), why) for rule in rules)


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
    statement="""Put a number on how far a gradient is off, as a part of its size. Take the arrays
    as a whole: where one entry is nearly zero, its own ratio says nothing.""",
    reference=(lambda a, n: norm(a - n) / norm(n),),
    rows=(
        *_rows(
            "absolute error",
            (
                lambda a, n: norm(a - n),
                lambda a, n: np.max(np.abs(a - n)),
                lambda a, n: np.mean((a - n) ** 2),
                lambda a, n: np.mean((a - n) ** 2) ** 0.5,
            ),
            "It is not divided by the size of n. Whether 1e-6 is much depends on the gradient.",
        ),
        *_rows(
            "absolute error of small gradients",
            (
                lambda a, n: norm(a - n) / np.maximum(1, norm(n)),
                lambda a, n: norm(a - n) / (1 + norm(n)),
            ),
            "The 1 below is larger than ‖n‖ where gradients are small, and then the error is not"
            " relative.",
        ),
        *_rows(
            "entry by entry",
            (
                lambda a, n: np.max(np.abs(a - n) / np.abs(n)),
                lambda a, n: np.mean(np.abs(a - n) / np.abs(n)),
                lambda a, n: norm((a - n) / n),
                lambda a, n: np.abs(a - n) / np.abs(n),
                lambda a, n: np.sum(np.abs(a - n) / np.abs(n)),
                lambda a, n: (a - n) / n,
            ),
            "You divide every entry by its own size. Where the true derivative is tiny, this fails"
            " right code. Divide norm by norm.",
        ),
        *_rows(
            "divided by ‖a‖",
            (lambda a, n: norm(a - n) / norm(a),),
            "Divide by ‖n‖: the numerical gradient is the truth here, and a may be anything.",
        ),
        *_rows(
            "divided by both norms",
            (
                lambda a, n: norm(a - n) / (norm(a) + norm(n)),
                lambda a, n: 2 * norm(a - n) / (norm(a) + norm(n)),
                lambda a, n: norm(a - n) / max(norm(a), norm(n)),
            ),
            "Divide by ‖n‖ alone: the numerical gradient is the truth here.",
        ),
        *_rows(
            "squared norms",
            (
                lambda a, n: (norm(a - n) / norm(n)) ** 2,
                lambda a, n: norm(a - n) ** 2 / norm(n),
                lambda a, n: norm(a - n) / norm(n) ** 2,
            ),
            "A root is missing. Squared, an error of 1e-4 would look like 1e-8.",
        ),
        *_rows(
            "no absolute value",
            (
                lambda a, n: np.sum(a - n) / np.sum(n),
                lambda a, n: np.sum(a - n) / norm(n),
                lambda a, n: abs(np.sum(a - n) / np.sum(n)),
                lambda a, n: abs(np.sum(a - n)) / norm(n),
                lambda a, n: np.mean(a - n) / np.mean(n),
                lambda a, n: np.max(a - n) / np.max(n),
            ),
            "Differences of opposite signs cancel. Square them before you sum.",
        ),
        *_rows(
            "another norm",
            (
                lambda a, n: np.sum(np.abs(a - n)) / np.sum(np.abs(n)),
                lambda a, n: np.max(np.abs(a - n)) / np.max(np.abs(n)),
            ),
            "A relative error, but in another norm than ‖·‖₂, the root of the sum of squares.",
        ),
        *_rows(
            "ratio of norms",
            (
                lambda a, n: norm(a) / norm(n),
                lambda a, n: (norm(a) - norm(n)) / norm(n),
                lambda a, n: abs(norm(a) - norm(n)) / norm(n),
            ),
            "You compare lengths alone. A gradient with its sign flipped is just as long.",
        ),
        *_rows(
            "one norm for each row",
            (
                lambda a, n: norm(a - n, axis=-1) / norm(n, axis=-1),
                lambda a, n: norm(a - n, axis=0) / norm(n, axis=0),
            ),
            "An axis keeps rows or columns apart. One number is asked, over all entries.",
        ),
        *_rows(
            "norm of a matrix",
            (lambda a, n: norm(a - n, 2) / norm(n, 2),),
            "For a matrix, norm(x, 2) is the largest singular value. Without the 2 it is the root"
            " of the sum of squares.",
        ),
    ),
    compared="your errors with the right ones",
)
def check_relative_error(relative_error: Any) -> dict[str, Any]:
    """Check relative_error."""
    wanted, found = "relative_error should return a number: it", {}
    for name, scale, shape in (("of two matrices", 1, (4, 3)), ("of small vectors", 0.1, (5,))):
        numerical = scale * 3 * sample_array(*shape)
        analytic = numerical + scale * sample_array(*shape, seed=3)
        found[name] = array(call(relative_error, analytic, numerical), wanted)
    return found
