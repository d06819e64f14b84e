"""Chapter 03, gradient checks: central differences, and what other differences need too.

f maps an array x, of any shape, to a number.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import InvalidAnswer, array, call, name_of

SHAPES = {"at a matrix": (3, 2), "at a vector": (5,)}

Function = Callable[[Array], Any]


def function(shape: tuple[int, ...]) -> Function:
    """Return a cubic function in which every entry acts upon every other's derivative."""
    slope, bend = sample_array(*shape), sample_array(*shape, seed=1)

    def f(x: Array) -> Any:
        if np.shape(x) != shape:
            raise InvalidAnswer(f"f takes an array of shape {shape}, but was given {np.shape(x)}.")
        return np.sum(slope * x) ** 3 + np.sum(bend * np.square(x))

    return f


def each(rule: Callable[[Function, Array, Array, float], Any]) -> Any:
    """Answer entry by entry with rule(f, x, h e, h), e the unit vector of that entry."""

    def gradient(f: Function, x: Array, h: float) -> Array:
        steps = h * np.eye(x.size).reshape(-1, *x.shape)
        return np.array([rule(f, x, step, h) for step in steps]).reshape(x.shape)

    return gradient


def _drifting(f: Function, x: Array, h: float, both: bool) -> Array:
    """Leave every entry that has been shifted where it is: both arrays apart, or a single one."""
    steps = h * np.eye(x.size).reshape(-1, *x.shape)
    past = steps.cumsum(axis=0) - steps
    pairs = [
        (x + p + e, x - p - e) if both else (x - p + e, x - p - e)
        for p, e in zip(past, steps, strict=True)
    ]
    return np.array([(f(a) - f(b)) / (2 * h) for a, b in pairs]).reshape(x.shape)


def _rows_shifted(rule: Callable[[Function, Array, Array, float], Any]) -> Any:
    """Shift x[i], which is a whole row of a matrix."""

    def gradient(f: Function, x: Array, h: float) -> Array:
        grad = np.zeros(x.shape)
        for i in range(len(x)):
            step = np.zeros(x.shape)
            step[i] = h
            grad[i] = rule(f, x, step, h)
        return grad

    return gradient


def shared(rule: Callable[[Function, Array, Array, float], Any]) -> tuple[Row, ...]:
    """Return the mistakes that go wrong alike with any way to differentiate."""
    right = each(rule)

    def one_entry(f: Function, x: Array, h: float, k: int) -> Array:
        grad = np.zeros(x.shape)
        grad.flat[k] = right(f, x, h).flat[k]
        return grad

    def first_row(f: Function, x: Array, h: float) -> Array:
        grad = np.zeros(x.shape)
        grad[0] = right(f, x, h)[0]
        return grad

    together: list[Any] = [
        lambda f, x, h: rule(f, x, np.full(x.shape, h), h),
        lambda f, x, h: np.full(x.shape, rule(f, x, np.full(x.shape, h), h)),
    ]
    why = "x + h shifts every entry at once. That is the sum of all derivatives; shift one entry."
    return (
        *(Row("all entries shifted at once", (answer,), why) for answer in together),
        Row(
            "whole rows shifted at once",
            (_rows_shifted(rule),),
            "Of a matrix, x[i] is a row. Run over every entry: np.ndindex(x.shape) lists them.",
        ),
        Row(
            "only the first row",
            (first_row,),
            "Entries are missing. Run over all of them: np.ndindex(x.shape) lists them.",
        ),
        *(
            Row(
                f"only the {which} entry",
                (lambda f, x, h, k=k: one_entry(f, x, h, k),),
                "One entry is right, and all others are 0. Is the array made, or returned, within"
                " the loop?",
            )
            for which, k in (("first", 0), ("last", -1))
        ),
        Row(
            "h ignored",
            (each(lambda f, x, step, h: rule(f, x, step / h * 1e-6, 1e-6)),),
            "A gradient, but with another step than the h that is passed in.",
        ),
    )


def central(f: Function, x: Array, step: Array, h: float) -> Any:
    return (f(x + step) - f(x - step)) / (2 * h)


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
    statement="""Shift one entry of x up and down, and see what f does. x may have any shape. Leave
    the x that you were given as it is.""",
    reference=(each(central),),
    rows=(
        Row(
            "forward difference",
            (each(lambda f, x, step, h: (f(x + step) - f(x)) / h),),
            "Looking ahead only, you are wrong by h f''/2. Looking both ways, this cancels, and"
            " what is left is of order h².",
        ),
        Row(
            "backward difference",
            (each(lambda f, x, step, h: (f(x) - f(x - step)) / h),),
            "Looking back only, you are wrong by h f''/2. Looking both ways, this cancels.",
        ),
        Row(
            "h instead of 2h",
            (each(lambda f, x, step, h: 2 * central(f, x, step, h)),),
            "Twice too large: from x − h to x + h it is 2h.",
        ),
        Row(
            "f(x) instead of f(x − h)",
            (each(lambda f, x, step, h: (f(x + step) - f(x)) / (2 * h)),),
            "From x to x + h it is h, and you divide by 2h. Having gone up by h, go down by 2h.",
        ),
        Row(
            "nothing but zeros",
            (lambda f, x, h: np.zeros(x.shape),),
            "All entries are zero. Are x + h and x − h one and the same array? After up = x they"
            " are; x.copy() is another.",
        ),
        Row(
            "not divided by the step",
            (each(lambda f, x, step, h: 2 * h * central(f, x, step, h)),),
            "That is how much f changes. A derivative is change per step.",
        ),
        *(
            Row(
                "x not restored",
                (lambda f, x, h, both=both: _drifting(f, x, h, both),),
                "Each entry stays shifted while the next ones are measured: only the first is"
                " right. Put it back, or begin with a new copy.",
            )
            for both in (False, True)
        ),
        *shared(central),
    ),
    compared="your gradients with central differences of the same step",
)
def check_numerical_gradient(numerical_gradient: Any) -> dict[str, Any]:
    """Check numerical_gradient."""
    return observed(numerical_gradient, {"": 1 / 8})


def observed(gradient: Any, steps: dict[str, float]) -> dict[str, Any]:
    """Return the gradients at points whose entries, like h = 1/8, have no rounding."""
    found = {}
    for label, h in steps.items():
        for where, shape in SHAPES.items():
            x = np.round(8 * sample_array(*shape, seed=2)) / 8
            grad = call(gradient, function(shape), x, h)
            wanted = f"{name_of(gradient)} should return a gradient: it"
            found[f"grad {where}{label}"] = array(grad, wanted)
    return found
