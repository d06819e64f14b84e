"""Mistakes that can happen in several exercises: those of any array, and what each name means.

N batch. To add a mistake that can happen to any array, add it to GENERIC, and its meaning to
MISTAKES; one that takes an exercise's own code to make is a `Mistake` of that exercise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...nn.layers import Array

UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Reference:
    """What an array should have been, and what it is made of."""

    total: Array
    batch_size: int | None = None  # N, where there is one
    by_example: Array | None = None  # (N, *total.shape): each example's share of a gradient


def _factors(reference: Reference, *powers: int) -> list[Array]:
    return (
        []
        if reference.batch_size is None
        else [reference.total * reference.batch_size**p for p in powers]
    )


def _transposed(reference: Reference) -> list[Array]:
    if reference.total.ndim != 2:
        return []
    turned = np.ascontiguousarray(reference.total.T)
    return [turned, turned.reshape(reference.total.shape)]


def _along_axes(reference: Reference) -> list[Array]:
    """Sum each example's shares over every axis but the batch's, and over all axes."""
    if reference.by_example is None or reference.by_example.ndim < 2:
        return []
    over = [reference.by_example.sum(axis=axis) for axis in range(1, reference.by_example.ndim)]
    return [*over, *(sums[:, None] for sums in over if sums.ndim == 1), reference.by_example.sum()]


def _unsummed(reference: Reference) -> list[Array]:
    return (
        []
        if reference.by_example is None or len(reference.by_example) == 1
        else [reference.by_example]
    )


def _single_examples(reference: Reference) -> list[Array]:
    return (
        [] if reference.by_example is None else [reference.by_example[0], reference.by_example[-1]]
    )


def _extra_axes(reference: Reference) -> list[Array]:
    return [np.expand_dims(reference.total, axis) for axis in range(reference.total.ndim + 1)]


def _missing_axis(reference: Reference) -> list[Array]:
    return [reference.total.squeeze()] if 1 in reference.total.shape else []


ERRORS = {  # what Python says when code stops, and what it means here
    "truth value of an array": "An array is not true or false as a whole. Between arrays write &"
    " and |, entry by entry; for one verdict, .all() or .any().",
    "could not be broadcast": "Two arrays met whose shapes do not fit. Print both shapes in the"
    " line before.",
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
