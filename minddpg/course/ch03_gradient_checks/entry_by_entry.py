"""The loop over entries of exercises 03.1 and 03.3: its mistakes, and how a check observes it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import InvalidAnswer, Mistake, Observed, array, call, name_of

TOLERANCE = 1e-9  # of relative errors: float64 leaves 1e-15, float32 1e-7
NARROW = {np.float16, np.float32, np.complex64}

ONE_ENTRY = "step = np.zeros(x.shape)\n        step[index] = h"  # in both solutions
EMPTY = "grad = np.zeros(x.shape)"
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
        "x put back only up to rounding",
        "x + h − 2h + h may differ from x in the last bits. Keep the old number and write it back,"
        " or shift a copy.",
        {"    return grad": "    x += 0.1\n    x -= 0.1\n    return grad"},
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
        {"np.ndindex(x.shape)": "np.ndindex(x.shape[:2])"},
        {"np.ndindex(x.shape)": "np.ndindex(x.shape[:-1])"},
        {"np.ndindex(x.shape)": "np.ndindex(x.shape[1:])"},
    ),
    Mistake(
        "only the first row",
        "Entries are missing. Loop over all of them: np.ndindex(x.shape) lists them.",
        {"np.ndindex(x.shape)": "np.ndindex(1, *x.shape[1:])"},
    ),
    Mistake(
        "one entry left out",
        "The first or the last entry is missing. np.ndindex(x.shape) lists all of them.",
        {"np.ndindex(x.shape)": "list(np.ndindex(x.shape))[:-1]"},
        {"np.ndindex(x.shape)": "list(np.ndindex(x.shape))[1:]"},
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
            f"    {EMPTY}\n    for index in np.ndindex(x.shape):\n": (
                f"    for index in np.ndindex(x.shape):\n        {EMPTY}\n"
            )
        },
    ),
    Mistake(
        "summed instead of stored",
        "You added up the derivatives of all entries. Store each at its own place.",
        {"grad[index] =": "grad +="},
        {EMPTY: "grad = 0.0", "grad[index] =": "grad +="},
    ),
    Mistake(
        "all stored at one place",
        "Each derivative replaces the one before. Store it at the index of its entry.",
        {"grad[index] =": "grad.flat[0] ="},
        {"grad[index] =": "grad[:] ="},
    ),
    Mistake(
        "stored one place off",
        "Each derivative is one place away from its entry. Store it at the index of the entry.",
        *(
            {"return grad": f"return np.roll(grad.reshape(-1), {shift}).reshape(x.shape)"}
            for shift in (-1, 1)
        ),
    ),
    Mistake(
        "reshaped in another order",
        "The derivatives are right, but in the wrong places. reshape(x.shape) keeps the order in"
        " which np.ndindex lists the entries; a transpose does not.",
        {"return grad": "return grad.reshape(x.shape[::-1]).T"},
        {"return grad": "return grad.T.reshape(x.shape)"},
    ),
    Mistake(
        "divided by the number of entries",
        "Each entry has its own derivative. Do not average them.",
        {"return grad": "return grad / x.size"},
    ),
    Mistake(
        "h added to the unit vector instead of multiplied",
        "The step is h at one entry and 0 elsewhere: h times e, not h plus e.",
        {"step[index] = h": "step[index] = 1\n        step += h"},
    ),
    Mistake(
        "float32 instead of float64",
        "float32 keeps 7 digits, and differences cancel most of them. Stay in float64. Look for an"
        " astype or a dtype.",
        {"return grad": "return grad.astype(np.float32)"},
        {
            EMPTY: "x = x.astype(np.float32)\n    grad = np.zeros_like(x)",
            ONE_ENTRY: ("step = np.zeros_like(x)\n        step[index] = h"),
        },
    ),
    Mistake(
        "half precision",
        "float16 keeps 3 digits. Stay in float64.",
        {"return grad": "return grad.astype(np.float16)"},
        {EMPTY: "grad = np.zeros(x.shape, np.float16)"},
        {
            EMPTY: "x = x.astype(np.float16)\n    grad = np.zeros(x.shape)",
            ONE_ENTRY: "step = np.zeros_like(x)\n        step[index] = h",
        },
    ),
    Mistake(
        "rounded",
        "Return the derivatives as they are, with all their digits.",
        *({"return grad": f"return np.round(grad, {digits})"} for digits in (2, 3, 4, 5, 6)),
    ),
    Mistake(
        "whole numbers",
        "Your derivatives were rounded: an array of integers drops all decimals, and so does //.",
        {"return grad": "return grad.astype(int)"},
        {"return grad": "return np.floor(grad)"},
        {"return grad": "return np.round(grad)"},
    ),
)


def observe_gradients(
    gradient: Any, h: float, shapes: dict[str, tuple[int, ...]], is_complex: bool = False
) -> dict[str, Any]:
    """Observe gradient(f, x, h) at an array of each shape, and the types of the numbers.

    Args:
        is_complex: observe also whether f is given complex numbers.
    """
    found: dict[str, Any] = {}
    given: set[Any] = set()  # the types of the arrays that f is given
    returned: set[Any] = set()
    unchanged = True
    for where, shape in shapes.items():
        f, x = _function(shape, given), sample_array(*shape, seed=2)
        result, is_same = _call(gradient, f, x, h)
        grad = array(result, f"{name_of(gradient)} should return a gradient: it")
        found[f"grad {where}"] = Observed(grad, TOLERANCE)
        returned.add(grad.dtype.type)
        unchanged = unchanged and is_same
    if not given:
        raise InvalidAnswer(f"{name_of(gradient)} never called f.")
    message = "x has changed in its last bits"
    found["x left as it was"] = Observed(unchanged, message=message)
    narrow = ", ".join(sorted(each.__name__ for each in NARROW & (given | returned)))
    message = f"not computed in float64, but in {narrow}"
    found["computed in float64"] = Observed(not narrow, message=message)
    if is_complex:
        steps = any(issubclass(each, np.complexfloating) for each in given)
        message = "f was given real numbers only"
        found["f given complex numbers"] = Observed(steps, message=message)
    return found


def _call(gradient: Any, f: Callable[[Array], Any], x: Array, h: float) -> tuple[Any, bool]:
    """Return gradient(f, x, h), and False if it put x back only up to rounding."""
    try:
        return call(gradient, f, x, h), True
    except InvalidAnswer as invalid:
        after = x.copy()
        result = call(gradient, f, after, h, changes=(1,))
        if invalid.mistake != "argument changed in place" or not np.allclose(after, x):
            raise
        return result, False


def _function(shape: tuple[int, ...], given: set[Any]) -> Callable[[Array], Any]:
    """Return a function whose derivative in one entry depends on every other entry."""
    slope, bend = sample_array(*shape), sample_array(*shape, seed=1)

    def f(x: Array) -> Any:
        if np.shape(x) != shape:
            raise InvalidAnswer(f"f takes an array of shape {shape}, but was given {np.shape(x)}.")
        given.add(np.asarray(x).dtype.type)
        return np.sum(slope * x) ** 3 + 10 * np.sum(bend * np.sin(3 * np.asarray(x) + 1))

    return f
