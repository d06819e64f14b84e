"""Mistakes that several exercises share: how to recognise them in any array, and what they mean.

N batch. To add a mistake that can happen to any array, add it to GENERIC, and its meaning to
MISTAKES. A mistake that only an edit of the solution can make is a `Mistake` of that exercise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...nn.layers import Array

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Reference:
    """The correct value of an array, and the parts that it is made of."""

    total: Array
    batch_size: int | None = None  # N, where there is one
    by_example: Array | None = None  # (N, *total.shape): the gradient by example


def _factors(reference: Reference, *powers: int) -> list[Array]:
    if reference.batch_size is None:
        return []
    return [reference.total * reference.batch_size**power for power in powers]


def _transposed(reference: Reference) -> list[Array]:
    if reference.total.ndim != 2:
        return []
    transposed = np.ascontiguousarray(reference.total.T)
    return [transposed, transposed.reshape(reference.total.shape)]


def _along_axes(reference: Reference) -> list[Array]:
    """Sum the gradient by example over each axis but the batch's, and over all axes."""
    if reference.by_example is None or reference.by_example.ndim < 2:
        return []
    over = [reference.by_example.sum(axis=axis) for axis in range(1, reference.by_example.ndim)]
    return [*over, *(sums[:, None] for sums in over if sums.ndim == 1), reference.by_example.sum()]


def _unsummed(reference: Reference) -> list[Array]:
    if reference.by_example is None or len(reference.by_example) == 1:
        return []
    return [reference.by_example]


def _single_examples(reference: Reference) -> list[Array]:
    if reference.by_example is None:
        return []
    return [reference.by_example[0], reference.by_example[-1]]


def _extra_axes(reference: Reference) -> list[Array]:
    return [np.expand_dims(reference.total, axis) for axis in range(reference.total.ndim + 1)]


def _missing_axis(reference: Reference) -> list[Array]:
    return [reference.total.squeeze()] if 1 in reference.total.shape else []


ERRORS = {  # part of Python's error message, and what it means here
    "truth value of an array": "An array as a whole is neither true nor false. To combine arrays"
    " entry by entry, write & and |; for a single True or False, use .all() or .any().",
    "could not be broadcast": "The shapes of two arrays do not fit together. Print both shapes in"
    " the line before.",
    "mismatch in its core dimension": "In x @ y the last axis of x must be as long as the first of"
    " y. Print both shapes in the line before.",
}

GENERIC: tuple[tuple[str, Callable[[Reference], list[Array]]], ...] = (
    ("sign flipped", lambda reference: [-reference.total]),
    ("factor 2", lambda reference: [2 * reference.total]),
    ("factor 1/2", lambda reference: [reference.total / 2]),
    ("factor N", lambda reference: _factors(reference, 1)),
    ("factor 1/N", lambda reference: _factors(reference, -1)),
    ("transposed", _transposed),
    ("summed over the wrong axis", _along_axes),
    ("not summed over the batch", _unsummed),
    ("one example instead of the batch", _single_examples),
    ("an axis too many", _extra_axes),
    ("an axis missing", _missing_axis),
    ("nothing but zeros", lambda reference: [0 * reference.total] if reference.total.ndim else []),
)

MISTAKES: dict[str, str] = {
    UNKNOWN: "No single known mistake explains this. Look at the worst entries, and at what is"
    " right already; there may be more than one mistake.",
    "not what was asked for": "",
    "not a number": "There are NaN or infinite entries: look for a division by zero, an overflow,"
    " or the root of a negative number.",
    "argument changed in place": "The caller still needs that array, and it may be stored in a"
    " cache. Make a new array: y = x * slope, not x *= slope.",
    "results in another order": "Every array is right, but they are returned in another order.",
    "sign flipped": "The numbers are right except for their sign. Which way does the loss go, and"
    " is this the gradient of what is descended?",
    "factor 2": "Twice too large. The derivative of a square brings one factor 2, not two.",
    "factor 1/2": "Half of what it should be. The derivative of e² is 2 e.",
    "factor N": "N times too large, where N is the batch size: you took a sum where the mean is"
    " asked for. The factor 1/N belongs in exactly one place.",
    "factor 1/N": "N times too small, where N is the batch size: you took a mean where a sum is"
    " asked for. A backward pass sums over the batch; any 1/N is already in the gradient that"
    " arrives.",
    "transposed": "Rows and columns are swapped. Write the shape under every factor: dL/dW has the"
    " shape of W, and so has x.T @ grad.",
    "summed over the wrong axis": "The sum runs over the wrong axis. The batch is axis 0.",
    "not summed over the batch": "The contribution of each example is right, but all examples"
    " share one parameter: sum the contributions over the batch.",
    "one example instead of the batch": "This is the contribution of the first or of the last"
    " example alone. Sum over the batch; in a loop, add with +=.",
    "an axis too many": "The numbers are right, but there is one axis of length 1 too many. It"
    " will broadcast later on.",
    "an axis missing": "The numbers are right, but an axis of length 1 is missing. The array will"
    " broadcast later on.",
    "nothing but zeros": "All entries are zero, but they should not be.",
    # mistakes that several exercises define under the same name
    "another source of randomness": "Draw from the rng that is passed in, so that a run can be"
    " repeated.",
    "reward discounted too": "The reward arrives at once. Discount only what follows it.",
    "reward masked too": "The last step earns its reward as well. Termination only removes the"
    " value of what would follow.",
    "terminated ignored": "Nothing follows after termination, but your target still contains the"
    " value of s'.",
    "reward missing": "Your target does not contain r, the only part of the value that is really"
    " observed.",
    "slope missing": "Your gradient ignores the activation. Multiply it by the activation's slope.",
    "arriving gradient missing": "This is the slope alone. Multiply it by the gradient that"
    " arrives from the next layer.",
    "slope at the output, where the input is meant": "You took the slope at the output y = f(z)."
    " Evaluate f' at the input z.",
    "slope at the input, where the output is meant": "Your formula expects the output, but you put"
    " in the input z. tanh'(z) = 1 − y², where y is tanh(z).",
    "missing chain term": "One factor of the chain rule is missing. Write down every function"
    " between the loss and the variable: each contributes its derivative once.",
    "(B, B) broadcast": "A column (B, 1) and a row (B,) were broadcast to a table (B, B), which"
    " compares every value with every target. NumPy raises no error. Make both the same shape"
    " first.",
}
