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

LENGTHS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)  # popular steps
DIFFERENCE, STEPS = "f(x + step) - f(x - step)", " / (2 * h)"

MISTAKES = (
    Mistake(
        "forward difference",
        "A step in one direction only makes an error of h f''/2. With steps in both directions it"
        " cancels, and an error of order h² is left.",
        {"f(x - step)": "f(x)", STEPS: " / h"},
        {DIFFERENCE: "f(x + 2 * step) - f(x)"},
    ),
    Mistake(
        "backward difference",
        "A step in one direction only makes an error of h f''/2. With steps in both directions it"
        " cancels.",
        {"f(x + step)": "f(x)", STEPS: " / h"},
    ),
    Mistake(
        "h instead of 2h",
        "Your slopes are twice too large: the distance from x − h to x + h is 2h.",
        {STEPS: " / h"},
    ),
    Mistake(
        "f(x) instead of f(x − h)",
        "The distance from x to x + h is h, but you divide by 2h. After going up by h, go down by"
        " 2h.",
        {"f(x - step)": "f(x)"},
    ),
    Mistake(
        "f(x) instead of f(x + h)",
        "The distance from x − h to x is h, but you divide by 2h. Go up by h as well.",
        {"f(x + step)": "f(x)"},
    ),
    Mistake(
        "nothing but zeros",
        "All entries are zero. Was f called twice with the same numbers? After up = x both names"
        " mean one array, and x.copy() makes another; a change of x.flatten(), a copy, does not"
        " reach x. Is each derivative stored, with = and not with ==?",
        {
            ONE_ENTRY: "up = down = x.copy()\n        up[index] += h\n        down[index] -= h",
            DIFFERENCE: "f(up) - f(down)",
        },
        {
            ONE_ENTRY: "up = down = x\n        up[index] += h\n        down[index] -= h",
            DIFFERENCE: "f(up) - f(down)",
        },
    ),
    Mistake(
        "not divided by the step",
        "That is how much f changes. A derivative is change per step.",
        {STEPS: ""},
    ),
    Mistake(
        "not divided by h",
        "You divided only by 2. The distance from x − h to x + h is 2h.",
        {STEPS: " / 2"},
    ),
    Mistake(
        "multiplied by h instead of divided",
        "a / 2 * h is (a / 2) · h. Put the denominator in brackets: a / (2 * h).",
        {STEPS: " / 2 * h"},
        {STEPS: " * (2 * h)"},
        {STEPS: " * h"},
    ),
    Mistake(
        "sum instead of difference",
        "f(x + h) + f(x − h) is about 2 f(x). Subtract one from the other.",
        {"step) - f": "step) + f"},
    ),
    Mistake(
        "nothing subtracted",
        "One value of f says nothing about how f changes. Subtract another from it.",
        {DIFFERENCE: "f(x + step)"},
        {DIFFERENCE: "f(x + step)", STEPS: " / h"},
    ),
    Mistake(
        "sign lost",
        "A derivative may be negative. Leave out the absolute value.",
        {DIFFERENCE: f"abs({DIFFERENCE})"},
    ),
    Mistake(
        "only one value divided",
        "Division comes before subtraction. Put the difference in brackets.",
        {f"({DIFFERENCE}){STEPS}": f"{DIFFERENCE}{STEPS}"},
        {f"({DIFFERENCE}){STEPS}": "0.5 * f(x + step) - f(x - step) / h"},
    ),
    Mistake(
        "divided by h twice",
        "Only a second derivative is divided by h². Here it is 2h.",
        {STEPS: " / h**2"},
        {STEPS: " / (2 * h) ** 2"},
        {STEPS: " / (2 * h**2)"},
    ),
    Mistake(
        "entry replaced by h",
        "x[index] = h forgets the entry. Add h to it, and subtract h from it.",
        {
            ONE_ENTRY: "up, down = x.copy(), x.copy()\n        up[index], down[index] = h, -h",
            DIFFERENCE: "f(up) - f(down)",
        },
        {"f(x + step)": "f(np.where(step, step, x))"},
        {"f(x - step)": "f(np.where(step, -step, x))"},
    ),
    Mistake(
        "all entries shifted in one of two calls",
        "x + h shifts every entry at once. Shift the same single entry up and down.",
        {"f(x + step)": "f(x + h)"},
        {"f(x - step)": "f(x - h)"},
    ),
    Mistake(
        "fractions of f cut off",
        "int() cuts the fractions of f's values off. Leave it out.",
        {"f(x + step)": "int(f(x + step))"},
        {"f(x - step)": "int(f(x - step))"},
        {DIFFERENCE: "int(f(x + step)) - int(f(x - step))"},
    ),
    Mistake(
        "step of another length",
        "The shift of the entry and the 2h of the denominator must use the same h, the one that is"
        " passed in.",
        {"step[index] = h": "step[index] = h / 2"},
        {"step[index] = h": "step[index] = 2 * h"},
        {"step[index] = h": "step[index] = h / 2", STEPS: " / h"},
        {"step[index] = h": "step[index] = 2 * h", STEPS: " / (4 * h)"},
        {"f(x + step)": "f(x + 2 * step)"},
        {"f(x - step)": "f(x - 2 * step)"},
        *({STEPS: f" / (2 * {length})"} for length in LENGTHS),
        *({"step[index] = h": f"step[index] = {length}"} for length in LENGTHS),
    ),
    Mistake(
        "step in proportion to x",
        "The entry was shifted by h times itself. Add h.",
        {"step[index] = h": "step[index] = h * x[index]"},
        {"step[index] = h": "step[index] = h * x[index]", STEPS: " / (2 * h * x[index])"},
        {"f(x + step)": "f(x * (1 + step))"},
        {"f(x - step)": "f(x * (1 - step))"},
    ),
    Mistake(
        "five-point formula",
        "This is more accurate, but the task is the central difference. It takes two values of f"
        " for each entry, not four.",
        {
            f"({DIFFERENCE}){STEPS}": (
                f"(8 * ({DIFFERENCE}) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * h)"
            )
        },
    ),
    Mistake(
        "second derivative",
        "f(x + h) − 2 f(x) + f(x − h) measures how the slope changes. The slope needs f(x + h)"
        " − f(x − h).",
        {f"({DIFFERENCE}){STEPS}": "(f(x + step) - 2 * f(x) + f(x - step)) / h**2"},
    ),
    Mistake(
        "complex step",
        "That is exercise 03.3. Here, take a difference of two real values of f.",
        {f"({DIFFERENCE}){STEPS}": "np.imag(f(x + 1j * step)) / h"},
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
    statement="""Shift one entry of x up and down, and measure how f changes. x may have any shape.
    Leave the x that you were given unchanged.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradients with central differences of the same step",
    difficulty=1,
    importance=3,
    minutes=10,
    cases=(
        {"h": 0.3, "shapes": {"at an array": (3, 2), "at a vector": (5,)}},
        {"h": 0.11, "shapes": {"at an array": (2, 5, 3), "at a vector": (7,)}},
    ),
    equivalents={
        "grad = np.zeros(x.shape) → grad = np.ones(x.shape)": "every entry is overwritten"
    },
    hints=(
        "`np.ndindex(x.shape)` lists the indices of all entries, whatever the number of axes:"
        " (0, 0), (0, 1), and so on.",
        "Make an array `step` of zeros, put `h` at that index, and call `f(x + step)` and"
        " `f(x - step)`. Then x itself is never touched.",
    ),
)
def check_numerical_gradient(numerical_gradient: Any, **case: Any) -> dict[str, Any]:
    """Check numerical_gradient."""
    return observe_gradients(numerical_gradient, **case)
