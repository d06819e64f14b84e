"""Chapter 03, gradient checks: the complex step.

f maps an array x, of any shape, to a number.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from .differences import Function, central, each, observed, shared


def complex_step(f: Function, x: Array, step: Array, h: float) -> Any:
    return np.imag(f(x + 1j * step)) / h


def _drifting(f: Function, x: Array, h: float) -> Array:
    """Leave every entry that has been shifted where it is."""
    steps = h * np.eye(x.size).reshape(-1, *x.shape)
    found = [complex_step(f, x, step, h) for step in steps.cumsum(axis=0)]
    return np.array(found).reshape(x.shape)


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
    statement="""Step into the imaginary direction. Nothing is subtracted, so nothing cancels, and
    h may be as small as 1e-30. In Python, i is 1j.""",
    reference=(each(complex_step),),
    rows=(
        Row(
            "real part",
            (each(lambda f, x, step, h: np.real(f(x + 1j * step)) / h),),
            "The real part is f(x) itself. The derivative is in the imaginary part.",
        ),
        Row(
            "not divided by the step",
            (each(lambda f, x, step, h: np.imag(f(x + 1j * step))),),
            "That is how much f changes. A derivative is change per step.",
        ),
        Row(
            "2h instead of h",
            (each(lambda f, x, step, h: complex_step(f, x, step, 2 * h)),),
            "Half of what it should be. There is one step here, of length h.",
        ),
        *(
            Row(
                "f(x) subtracted",
                (each(rule),),
                "A real difference is left: at h = 1e-30 it is 0, because x + h is x to 16 digits."
                " The imaginary part needs no subtraction.",
            )
            for rule in (
                lambda f, x, step, h: np.real(f(x + 1j * step) - f(x)) / h,
                lambda f, x, step, h: (f(x + step) - f(x)) / h,
                central,
            )
        ),
        Row(
            "imaginary part dropped",
            (each(lambda f, x, step, h: 0.0),),
            "f was given real numbers, so that its imaginary part is 0. An array of floats drops"
            " what is imaginary: make x complex first.",
        ),
        Row(
            "x not restored",
            (_drifting,),
            "Each entry stays shifted while the next ones are measured: only the first is right."
            " Put it back, or begin with a new copy.",
        ),
        *shared(complex_step),
    ),
    compared="your gradients with the complex step's",
)
def check_complex_step_gradient(complex_step_gradient: Any) -> dict[str, Any]:
    """Check complex_step_gradient."""
    return observed(complex_step_gradient, {" (h = 1e-30)": 1e-30, " (h = 1/8)": 1 / 8})
