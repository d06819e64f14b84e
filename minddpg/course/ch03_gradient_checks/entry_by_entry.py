"""What exercises 03.1 and 03.3 share: a loop over entries, its mistakes, and how it is observed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import InvalidAnswer, Mistake, array, call, name_of

SHAPES = {"at a matrix": (3, 2), "at a vector": (5,)}

ONE_ENTRY = "step = np.zeros(x.shape)\n        step[index] = h"  # in both solutions
NOT_RESTORED = (  # a mistake's name, and why
    "x not restored",
    "Each entry stays shifted while the next ones are measured, so only the first is right. Shift"
    " it back, or start from a new copy.",
)

LOOP_MISTAKES = (
    Mistake(
        *NOT_RESTORED,
        {
            "    for index in np.ndindex(x.shape):\n        step = np.zeros(x.shape)\n": (
                "    step = np.zeros(x.shape)\n    for index in np.ndindex(x.shape):\n"
            )
        },
    ),
    Mistake(
        "all entries shifted at once",
        "x + h shifts every entry at once, which gives the sum of all derivatives. Shift one entry"
        " at a time.",
        {ONE_ENTRY: "step = h"},
        {
            f"    for index in np.ndindex(x.shape):\n        {ONE_ENTRY}\n        grad[index] =": (
                "    step = h\n    grad ="
            )
        },
    ),
    Mistake(
        "whole rows shifted at once",
        "If x is a matrix, x[i] is a row. Loop over every entry: np.ndindex(x.shape) lists them.",
        {"np.ndindex(x.shape)": "range(len(x))"},
    ),
    Mistake(
        "only the first row",
        "Entries are missing. Loop over all of them: np.ndindex(x.shape) lists them.",
        {"np.ndindex(x.shape)": "np.ndindex(1, *x.shape[1:])"},
    ),
    Mistake(
        "only the first entry",
        "One entry is right, and all others are 0. Do you return inside the loop?",
        {"    return grad": "        return grad"},
    ),
    Mistake(
        "only the last entry",
        "One entry is right, and all others are 0. Do you create the array inside the loop?",
        {
            "    grad = np.zeros(x.shape)\n    for index in np.ndindex(x.shape):\n": (
                "    for index in np.ndindex(x.shape):\n        grad = np.zeros(x.shape)\n"
            )
        },
    ),
    Mistake(
        "h ignored",
        "This is a gradient, but with another step than the h that is passed in.",
        {"    grad = np.zeros": "    h = 1e-6\n    grad = np.zeros"},
    ),
)


def observe_gradients(gradient: Any, steps: dict[str, float]) -> dict[str, Any]:
    """Observe gradient(f, x, h) at a matrix and at a vector, for each labelled step h.

    The entries of x are multiples of 1/8, so that a step of 1/8 adds no rounding.
    """
    found = {}
    for label, h in steps.items():
        for where, shape in SHAPES.items():
            x = np.round(8 * sample_array(*shape, seed=2)) / 8
            grad = call(gradient, _cubic(shape), x, h)
            wanted = f"{name_of(gradient)} should return a gradient: it"
            found[f"grad {where}{label}"] = array(grad, wanted)
    return found


def _cubic(shape: tuple[int, ...]) -> Callable[[Array], Any]:
    """Return a cubic function whose derivative in one entry depends on every other entry."""
    slope, bend = sample_array(*shape), sample_array(*shape, seed=1)

    def f(x: Array) -> Any:
        if np.shape(x) != shape:
            raise InvalidAnswer(f"f takes an array of shape {shape}, but was given {np.shape(x)}.")
        return np.sum(slope * x) ** 3 + np.sum(bend * np.square(x))

    return f
