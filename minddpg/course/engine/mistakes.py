"""The table of hypotheses: every mistake that a check can name, and those that fit any exercise.

N batch. To add a mistake is to add a row: to GENERIC if it can happen to any array, with its
meaning in MISTAKES; to the rows of an exercise if it takes that exercise's arrays to make it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...nn.layers import Array

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Truth:
    """What an array should have been, and what it is made of."""

    total: Array
    batch_size: int | None = None  # N, where there is one
    each: Array | None = None  # (N, *total.shape): each example's share of a gradient


def _factors(truth: Truth, *powers: int) -> list[Array]:
    return [] if truth.batch_size is None else [truth.total * truth.batch_size**p for p in powers]


def _transposed(truth: Truth) -> list[Array]:
    if truth.total.ndim != 2:
        return []
    turned = np.ascontiguousarray(truth.total.T)
    return [turned, turned.reshape(truth.total.shape)]


def _along_axes(truth: Truth) -> list[Array]:
    """Sum each example's shares over every axis but the batch's, and over all axes."""
    if truth.each is None or truth.each.ndim < 2:
        return []
    over = [truth.each.sum(axis=axis) for axis in range(1, truth.each.ndim)]
    return [*over, *(sums[:, None] for sums in over if sums.ndim == 1), truth.each.sum()]


def _unsummed(truth: Truth) -> list[Array]:
    return [] if truth.each is None or len(truth.each) == 1 else [truth.each]


def _single_examples(truth: Truth) -> list[Array]:
    return [] if truth.each is None else [truth.each[0], truth.each[-1]]


def _extra_axes(truth: Truth) -> list[Array]:
    return [np.expand_dims(truth.total, axis) for axis in range(truth.total.ndim + 1)]


def _missing_axis(truth: Truth) -> list[Array]:
    return [truth.total.squeeze()] if 1 in truth.total.shape else []


ERRORS = {  # what Python says when code stops, and what it means here
    "truth value of an array": "An array is not true or false as a whole. Between arrays write &"
    " and |, entry by entry; for one verdict, .all() or .any().",
    "could not be broadcast": "Two arrays met whose shapes do not fit. Print both shapes in the"
    " line before.",
    "mismatch in its core dimension": "In x @ y the last axis of x must be as long as the first of"
    " y. Print both shapes in the line before.",
}

GENERIC: tuple[tuple[str, Callable[[Truth], list[Array]]], ...] = (
    ("sign flipped", lambda truth: [-truth.total]),
    ("factor 2", lambda truth: [2 * truth.total]),
    ("factor 1/2", lambda truth: [truth.total / 2]),
    ("factor N", lambda truth: _factors(truth, 1)),
    ("factor 1/N", lambda truth: _factors(truth, -1)),
    ("transposed", _transposed),
    ("summed over the wrong axis", _along_axes),
    ("not summed over the batch", _unsummed),
    ("one example instead of the batch", _single_examples),
    ("an axis too many", _extra_axes),
    ("an axis missing", _missing_axis),
    ("nothing but zeros", lambda truth: [0 * truth.total] if truth.total.ndim else []),
)

MISTAKES: dict[str, str] = {
    UNKNOWN: "No single mistake that is known here explains this. Look at the worst entries, and"
    " at what is right already; there may be more than one mistake.",
    "not what was asked for": "",
    "not a number": "There are NaN or infinite entries: look for a division by zero, an overflow, a"
    " root of a negative number.",
    "argument changed in place": "Whoever called you still needs that array, and it may be another"
    " one's cache. Make a new array: y = x * slope, not x *= slope.",
    "results in another order": "Every array is right, but they come back in another order.",
    "sign flipped": "The numbers are right but for the sign. Which way does the loss go, and"
    " is the gradient that of what is descended?",
    "factor 2": "Twice too large. The square's derivative brings one 2, and no second one.",
    "factor 1/2": "Half of what it should be. The derivative of e² is 2 e.",
    "factor N": "N times too large, N the batch size: a sum where the mean is asked. The 1/N"
    " belongs in one place.",
    "factor 1/N": "N times too small, N the batch size: averaged where a sum is asked. A backward"
    " pass sums over the batch; any 1/N is already in the gradient that arrives.",
    "transposed": "Rows and columns are swapped. Write the shape below every factor: dL/dW has the"
    " shape of W, and so has x.T @ grad.",
    "summed over the wrong axis": "Summed over another axis than the batch's, which is axis 0.",
    "not summed over the batch": "Each example's own share is right, but they share one parameter:"
    " sum them over the batch.",
    "one example instead of the batch": "This is the first or the last example's share alone. Sum"
    " over the batch; in a loop, add with += .",
    "an axis too many": "The numbers are right, with an axis of length 1 too many, which will"
    " broadcast later on.",
    "an axis missing": "The numbers are right, with an axis of length 1 missing, which will"
    " broadcast later on.",
    "nothing but zeros": "All entries are zero, and they should not be.",
    # of several exercises
    "another source of randomness": "Draw from the rng that is passed in, so that a run can be"
    " repeated.",
    "reward discounted too": "The reward comes at once. Only what follows is discounted.",
    "reward masked too": "The last step earns its reward as well. An end only stops what would"
    " follow.",
    "terminated ignored": "Nothing comes after an end, but your target still has the value of s' in"
    " it.",
    "reward missing": "r, all that is really observed of the value, is not in the target.",
    "slope missing": "The gradient passes as if the activation were not there. Multiply by its"
    " slope.",
    "arriving gradient missing": "This is the slope alone. Multiply it by the gradient that arrives"
    " from behind.",
    "slope at the output, where the input is meant": "The slope is taken at y = f(z). Evaluate f'"
    " at z.",
    "slope at the input, where the output is meant": "The formula is that in terms of the output,"
    " but z was put in. tanh'(z) = 1 − y², and y is tanh(z).",
    "missing chain term": "One factor of the chain is not there. Write down every function between"
    " the loss and the variable: each contributes its derivative once.",
    "(B, B) broadcast": "A column (B, 1) met a row (B,) and became a table (B, B), in which every"
    " value meets every target. No error is raised. Make both the same shape first.",
}
