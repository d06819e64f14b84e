"""Exercise 03.3: the complex step.

f maps an array x, of any shape, to a number.
"""

from typing import Any

from ..engine import PROPERTY, Mistake, exercise
from .entry_by_entry import LOOP_MISTAKES, observe_gradients

SOLUTION = """
def complex_step_gradient(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = np.imag(f(x + 1j * step)) / h
    return grad
"""

LENGTHS = (1e-5, 1e-6, 1e-8, 1e-10, 1e-20, 1e-30, 1e-100, 1e-200)  # popular steps
SLOPE = "np.imag(f(x + 1j * step)) / h"

MISTAKES = (
    Mistake(
        "real part",
        "The real part is f(x) itself. The derivative is in the imaginary part.",
        {"np.imag": "np.real"},
    ),
    Mistake(
        "not divided by the step",
        "That is how much f changes. A derivative is change per step.",
        {" / h": ""},
    ),
    Mistake(
        "2h instead of h",
        "Your slopes are half of what they should be. There is only one step here, of length h.",
        {" / h": " / (2 * h)"},
    ),
    Mistake(
        "multiplied by h instead of divided",
        "A derivative is change per step: divide by h.",
        {" / h": " * h"},
    ),
    Mistake(
        "imaginary part not taken",
        "Your gradient is complex. Its entries should be real: Im f(x + i h e) / h.",
        {"np.zeros(x.shape)\n    for": "np.zeros(x.shape, complex)\n    for", "np.imag": ""},
        {
            "np.zeros(x.shape)\n    for": "np.zeros(x.shape, complex)\n    for",
            SLOPE: "(f(x + 1j * step) - f(x)) / h",
        },
        {
            "np.zeros(x.shape)\n    for": "np.zeros(x.shape, complex)\n    for",
            SLOPE: "(f(x + 1j * step) - f(x - 1j * step)) / (2 * h)",
        },
        {
            "np.zeros(x.shape)\n    for": "np.zeros(x.shape, complex)\n    for",
            SLOPE: "(f(x + 1j * step) - f(x)) / (1j * h)",
        },
    ),
    Mistake(
        "absolute value",
        "A derivative may be negative: take the imaginary part with its sign.",
        {SLOPE: "np.abs(f(x + 1j * step)) / h"},
        {SLOPE: "np.abs(np.imag(f(x + 1j * step))) / h"},
        {SLOPE: "np.abs(f(x + 1j * step) - f(x)) / h"},
    ),
    Mistake(
        "divided by i h",
        "Divide the imaginary part by h, a real number. Dividing by i turns the imaginary part into"
        " the real one.",
        {SLOPE: "np.imag(f(x + 1j * step) / (1j * h))"},
    ),
    Mistake(
        "step of 1",
        "The step is i h: the h in the denominator must be the length of the step.",
        {"1j * step": "1j * step / h"},
    ),
    Mistake(
        "step along the real axis, too",
        "Only the imaginary part of x may be shifted: x + i h e.",
        {"1j * step": "step + 1j * step"},
        {"x + 1j * step": "(1 + 1j) * step + x"},
    ),
    Mistake(
        "x left out", "You pass i h e alone to f. Add x to it.", {"x + 1j * step": "1j * step"}
    ),
    Mistake(
        "step in proportion to x",
        "The entry was multiplied by 1 + i h. Add i h.",
        {"x + 1j * step": "x * (1 + 1j * step)"},
    ),
    Mistake(
        "entry replaced by i h",
        "The entry itself is lost. Add i h to it.",
        {"x + 1j * step": "np.where(step, 1j * step, x)"},
    ),
    Mistake(
        "entry multiplied by i h",
        "Add i h to the entry. Its real part stays as it is.",
        {"x + 1j * step": "np.where(step, 1j * step * x, x)"},
    ),
    Mistake(
        "x in the imaginary part",
        "Only the step is imaginary. x itself is real: x + i h e.",
        {"x + 1j * step": "1j * (x + step)"},
        {"x + 1j * step": "x + 1j * (x + step)"},
        {"x + 1j * step": "np.where(step, step + 1j * x, x)"},
    ),
    Mistake(
        "step of another length",
        "The step is i h, and the denominator is h. Both use the h that is passed in.",
        *({" / h": f" / {length}"} for length in LENGTHS),
        *({"step[index] = h": f"step[index] = {length}"} for length in LENGTHS if length > 1e-50),
    ),
    Mistake(
        "divided by h twice",
        "A derivative is change per step: divide by h once.",
        {" / h": " / h**2"},
    ),
    Mistake(
        "h added to the unit vector instead of multiplied",
        "The step is i h at one entry and 0 elsewhere: i h times e, not i h plus e.",
        {"step[index] = h": "step[index] = 1", "1j * step": "1j * h + step"},
    ),
    Mistake(
        "angle instead of the imaginary part",
        "The angle of a complex number is not its imaginary part. Take np.imag.",
        {"np.imag": "np.angle"},
    ),
    Mistake(
        "steps in both directions",
        "One step is enough: f(x + i h e) and f(x − i h e) have opposite imaginary parts.",
        {SLOPE: "np.imag(f(x + 1j * step) - f(x - 1j * step)) / h"},
    ),
    Mistake(
        "f(x) subtracted",
        "You took a real difference. At h = 1e-30 it is 0, because x + h equals x to 16 digits."
        " The imaginary part needs no subtraction.",
        {SLOPE: "np.real(f(x + 1j * step) - f(x)) / h"},
        {SLOPE: "(f(x + step) - f(x)) / h"},
        {SLOPE: "(f(x + step) - f(x - step)) / (2 * h)"},
    ),
    Mistake(
        "differences of real values",
        "You took central differences with a fixed step. Here the step is i h, and nothing is"
        " subtracted.",
        {SLOPE: "(f(x + 1e-5 / h * step) - f(x - 1e-5 / h * step)) / 2e-5"},
    ),
    Mistake(
        "imaginary part dropped",
        "You gave f real numbers, so its imaginary part is 0. An array of floats drops imaginary"
        " parts: make x complex first.",
        {"1j * step": "step"},
    ),
    Mistake(
        "nothing but zeros",
        "All entries are zero. The derivative is the imaginary part of f. That part is 0 if the"
        " step is real. An array of floats drops it, and so does a division by 1j.",
        {SLOPE: "np.real(np.imag(f(x + 1j * step)) / (1j * h))"},
    ),
    *LOOP_MISTAKES,
)


@exercise(
    "03.3",
    "The complex step",
    PROPERTY,
    stub='''
def complex_step_gradient(f, x, h):
    """Return the gradient of f at x, of x's shape: entry by entry Im f(x + i h e) / h.

    f takes a complex array like x and returns a complex number. x itself is real.
    """
    grad = None
    return grad
''',
    statement="""Step in the imaginary direction. Nothing is subtracted, so nothing cancels, and h
    may be as small as 1e-30. In Python, i is written 1j.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradients with the complex step's",
    difficulty=2,
    minutes=4,
    cases=(
        {"h": 0.3, "shapes": {"at an array": (3, 2), "at a vector": (5,)}},
        {"h": 1e-30, "shapes": {"at an array": (2, 5, 3), "at a vector": (7,)}},
    ),
    equivalents={
        "grad = np.zeros(x.shape) → grad = np.ones(x.shape)": "every entry is overwritten"
    },
    hints=("Use the loop of 03.1 with another last line. `x + 1j * step` makes x complex.",),
)
def check_complex_step_gradient(complex_step_gradient: Any, **case: Any) -> dict[str, Any]:
    """Check complex_step_gradient."""
    return observe_gradients(complex_step_gradient, is_complex=True, **case)
