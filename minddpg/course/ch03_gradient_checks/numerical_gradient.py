"""Exercise 03.1: central differences.

f maps an array x, of any shape, to a number.
"""

from typing import Any

from ..engine import PROPERTY, Mistake, exercise
from .entry_by_entry import LOOP_MISTAKES, NOT_RESTORED, ONE_ENTRY, observe_gradients

SOLUTION = """
def numerical_gradient(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
"""

MISTAKES = (
    Mistake(
        "forward difference",
        "A step in one direction only makes an error of h f''/2. With steps in both directions it"
        " cancels, and an error of order h² is left.",
        {"f(x - step)": "f(x)", "(2 * h)": "h"},
    ),
    Mistake(
        "backward difference",
        "A step in one direction only makes an error of h f''/2. With steps in both directions it"
        " cancels.",
        {"f(x + step)": "f(x)", "(2 * h)": "h"},
    ),
    Mistake(
        "h instead of 2h",
        "Twice too large: the distance from x − h to x + h is 2h.",
        {"(2 * h)": "h"},
    ),
    Mistake(
        "f(x) instead of f(x − h)",
        "The distance from x to x + h is h, but you divide by 2h. After going up by h, go down by"
        " 2h.",
        {"f(x - step)": "f(x)"},
    ),
    Mistake(
        "nothing but zeros",
        "All entries are zero. Are x + h and x − h one and the same array? After up = x they are;"
        " x.copy() makes another.",
        {
            ONE_ENTRY: "up = down = x.copy()\n        up[index] += h\n        down[index] -= h",
            "f(x + step) - f(x - step)": "f(up) - f(down)",
        },
    ),
    Mistake(
        "not divided by the step",
        "That is how much f changes. A derivative is change per step.",
        {" / (2 * h)": ""},
    ),
    Mistake(
        *NOT_RESTORED,
        """
        def numerical_gradient(f, x, h):
            grad, moved = np.zeros(x.shape), x.copy()
            for index in np.ndindex(x.shape):
                moved[index] += h
                ahead = f(moved)
                moved[index] -= 2 * h
                grad[index] = (ahead - f(moved)) / (2 * h)
            return grad
        """,
    ),
    *LOOP_MISTAKES,
)


@exercise(
    "03.1",
    "Central differences",
    PROPERTY,
    stub='''
def numerical_gradient(f, x, h):
    """Return the gradient of f at x, of x's shape: entry by entry (f(x + h e) − f(x − h e)) / 2h.

    f takes an array like x and returns a number; e is 1 at that entry and 0 elsewhere.
    """
    grad = None
    return grad
''',
    statement="""Shift one entry of x up and down, and see how f changes. x may have any shape.
    Leave the x that you were given unchanged.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradients with central differences of the same step",
    difficulty=1,
    minutes=10,
    hints=(
        "`np.ndindex(x.shape)` lists the indices of all entries, whatever the number of axes:"
        " (0, 0), (0, 1), and so on.",
        "Make an array `step` of zeros, put `h` at that index, and call `f(x + step)` and"
        " `f(x - step)`. Then x itself is never touched.",
    ),
)
def check_numerical_gradient(numerical_gradient: Any) -> dict[str, Any]:
    """Check numerical_gradient."""
    return observe_gradients(numerical_gradient, {"": 1 / 8})
