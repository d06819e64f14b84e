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
        "Half of what it should be. There is only one step here, of length h.",
        {" / h": " / (2 * h)"},
    ),
    Mistake(
        "f(x) subtracted",
        "You took a real difference. At h = 1e-30 it is 0, because x + h equals x to 16 digits."
        " The imaginary part needs no subtraction.",
        {"np.imag(f(x + 1j * step))": "np.real(f(x + 1j * step) - f(x))"},
        {"np.imag(f(x + 1j * step))": "(f(x + step) - f(x))"},
        {"np.imag(f(x + 1j * step)) / h": "(f(x + step) - f(x - step)) / (2 * h)"},
    ),
    Mistake(
        "imaginary part dropped",
        "You gave f real numbers, so its imaginary part is 0. An array of floats drops imaginary"
        " parts: make x complex first.",
        {"1j * step": "step"},
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

    f takes a complex array like x and returns a complex number; x holds real ones.
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
    minutes=5,
    hints=("It is the loop of 03.1 with another last line. `x + 1j * step` makes x complex.",),
)
def check_complex_step_gradient(complex_step_gradient: Any) -> dict[str, Any]:
    """Check complex_step_gradient."""
    return observe_gradients(complex_step_gradient, {" (h = 1e-30)": 1e-30, " (h = 1/8)": 1 / 8})
