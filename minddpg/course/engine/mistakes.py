"""Define the mistakes that several exercises share: how to recognise them, and what they mean.

N batch. To add a mistake that can happen to any array, add it to GENERIC and its meaning to
MISTAKES. A mistake that only an edit of the solution can make is a `Mistake` of that exercise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...nn.layers import Array

UNKNOWN, SEVERAL = "unknown", "several mistakes"
NAMELESS = ("", UNKNOWN, SEVERAL)  # diagnoses without the name of one mistake


@dataclass(frozen=True, eq=False)
class Reference:
    """The correct value of an array, and its terms."""

    total: Array
    by_example: Array | None = None  # (N, *total.shape): the gradient by example
    is_measured: bool = True  # False for counts and booleans


def _transposed(reference: Reference) -> list[Array]:
    if reference.total.ndim != 2 or 1 in reference.total.shape:
        return []
    transposed = np.ascontiguousarray(reference.total.T)
    return [transposed, transposed.reshape(reference.total.shape)]


def _along_axes(reference: Reference) -> list[Array]:
    """Sum the gradient by example over each axis except the batch's."""
    parts = reference.by_example
    if parts is None or len(parts) == 1 or parts.ndim < 2:
        return []
    over = [parts.sum(axis=axis) for axis in range(1, parts.ndim) if parts.shape[axis] > 1]
    return [*over, *(sums[:, None] for sums in over if sums.ndim == 1)]


def _over_everything(reference: Reference) -> list[Array]:
    parts = reference.by_example
    if parts is None or len(parts) == 1 or parts.ndim < 2:
        return []
    return [parts.sum()]


def _unsummed(reference: Reference) -> list[Array]:
    if reference.by_example is None or len(reference.by_example) == 1:
        return []
    return [reference.by_example]


def _single_examples(reference: Reference) -> list[Array]:
    if reference.by_example is None or len(reference.by_example) == 1:
        return []
    return [reference.by_example[0], reference.by_example[-1]]


def _extra_axes(reference: Reference) -> list[Array]:
    return [np.expand_dims(reference.total, axis) for axis in range(reference.total.ndim + 1)]


def _missing_axis(reference: Reference) -> list[Array]:
    return [reference.total.squeeze()] if 1 in reference.total.shape else []


def _zeros(reference: Reference) -> list[Array]:
    is_array = reference.total.ndim and reference.is_measured
    return [np.zeros_like(reference.total)] if is_array else []


def _of_measured(*transforms: Callable[[Array], Array]) -> Callable[[Reference], list[Array]]:
    """Apply these functions to a reference that is measured and not complex."""

    def options(reference: Reference) -> list[Array]:
        if not reference.is_measured or np.iscomplexobj(reference.total):
            return []
        return [np.asarray(transform(reference.total)) for transform in transforms]

    return options


def _of_both_signs(*transforms: Callable[[Array], Array]) -> Callable[[Reference], list[Array]]:
    """Apply these functions to a reference that has entries of both signs."""
    options = _of_measured(*transforms)

    def of_both(reference: Reference) -> list[Array]:
        signs = set(np.sign(reference.total.real).ravel().tolist())
        return options(reference) if signs >= {-1.0, 1.0} else []

    return of_both


def _of_rows(*transforms: Callable[[Array], Array]) -> Callable[[Reference], list[Array]]:
    """Apply these functions to a reference that has several rows."""
    options = _of_measured(*transforms)

    def of_rows(reference: Reference) -> list[Array]:
        return options(reference) if reference.total.ndim and len(reference.total) > 1 else []

    return of_rows


def _everywhere(reduce: Callable[..., Array]) -> Callable[[Array], Array]:
    return lambda total: np.broadcast_to(reduce(total, axis=0), total.shape)


def _rounded(digits: int) -> Callable[[Array], Array]:
    return lambda total: np.round(total, digits)


GENERIC: tuple[tuple[str, Callable[[Reference], list[Array]]], ...] = (
    ("transposed", _transposed),
    ("summed over the wrong axis", _along_axes),
    ("summed over all axes", _over_everything),
    ("not summed over the batch", _unsummed),
    ("one example instead of the batch", _single_examples),
    ("an axis too many", _extra_axes),
    ("an axis missing", _missing_axis),
    ("nothing but zeros", _zeros),
    ("absolute values", _of_both_signs(np.abs)),
    ("negative entries lost", _of_both_signs(lambda total: np.maximum(total, 0))),
    ("clipped to [−1, 1]", _of_both_signs(lambda total: np.clip(total, -1, 1))),
    ("squared", _of_measured(np.square)),
    ("root taken", _of_measured(lambda total: np.sqrt(np.abs(total)))),
    ("upside down", _of_measured(np.reciprocal)),
    ("1 minus the result", _of_measured(lambda total: 1 - total)),
    ("rounded to whole numbers", _of_measured(np.round, np.trunc, np.floor)),
    ("rounded", _of_measured(*(_rounded(digits) for digits in range(1, 7)))),
    ("order reversed", _of_rows(lambda total: total[::-1])),
    ("shifted by one", _of_rows(*(lambda total, k=k: np.roll(total, k, axis=0) for k in (1, -1)))),
    ("sorted", _of_rows(lambda total: np.sort(total, axis=0))),
    ("cumulated", _of_rows(lambda total: np.cumsum(total, axis=0))),
    (
        "the same in every row",
        _of_rows(*(_everywhere(each) for each in (np.mean, np.sum, np.max, np.min))),
    ),
)

MISTAKES: dict[str, str] = {
    UNKNOWN: "No known mistake explains this; there may be more than one mistake. Begin with the"
    " first row that is wrong.",
    SEVERAL: "No single mistake explains all wrong rows, but each row has an explanation.",
    "not what was asked for": "",
    "nothing returned": "",
    "not a number": "There are NaN or infinite entries: look for a division by zero, an overflow,"
    " or the root of a negative number.",
    "argument changed in place": "The caller still needs that array. Make a new one: y = x + 1"
    " leaves x unchanged; x += 1 and x[0] = 1 change it.",
    "results share memory": "Two calls returned the same array, so the second result overwrites"
    " the first. Return a new array from each call.",
    "cache kept in the layer": "After forward had run again, backward returned different gradients"
    " for the same cache: it uses something that is stored outside the cache. In DDPG the critic"
    " runs forward twice before it runs backward. Store all that backward needs in the cache.",
    "another shape": "",
    "random from call to call": "The same arguments gave different numbers the second time. The"
    " code draws its own random numbers, keeps something from call to call (in a global, in a"
    " default argument, in a class attribute), or leaves entries of np.empty unwritten.",
    "argument ignored": "",
    "results in another order": "Every array is right, but they are returned in the wrong order.",
    "sign flipped": "Every entry has the wrong sign.",
    "constant factor": "",
    "transposed": "Rows and columns are swapped. Write the shape under every factor.",
    "summed over the wrong axis": "The sum runs over the wrong axis. The batch is axis 0.",
    "summed over all axes": "Without an axis, .sum() adds up all entries to one number. Sum over"
    " the batch alone: axis=0.",
    "not summed over the batch": "The contribution of each example is right, but all examples"
    " share one parameter: sum the contributions over the batch.",
    "one example instead of the batch": "This is the contribution of the first or of the last"
    " example alone. Sum over the batch; in a loop, add with +=.",
    "an axis too many": "The numbers are right, but there is one axis of length 1 too many. It"
    " will broadcast later on.",
    "an axis missing": "The numbers are right, but an axis of length 1 is missing. The array will"
    " broadcast later on.",
    "absolute values": "The sizes are right, but every entry is positive.",
    "negative entries lost": "Where the result should be negative, yours is 0.",
    "clipped to [−1, 1]": "Where the result should be below −1 or above 1, yours stops there.",
    "squared": "Every entry is the square of what it should be.",
    "root taken": "Every entry is the root of what it should be.",
    "upside down": "Every entry is 1 divided by what it should be.",
    "1 minus the result": "Every entry is 1 minus what it should be.",
    "rounded to whole numbers": "The digits after the point are lost: look for int, //, round, or"
    " an array of whole numbers.",
    "rounded": "Only the first digits after the point are right: the result is rounded.",
    "order reversed": "The entries are right, but their order is reversed.",
    "shifted by one": "The entries are right, but each is one place away from where it should be.",
    "sorted": "The entries are right, but they have been sorted.",
    "cumulated": "Each entry is the sum of all entries up to it.",
    "the same in every row": "Every row holds the same numbers; each should have its own.",
    "half precision": "float16 keeps only three digits. Compute in float64.",
    "constant offset": "",
    "nothing but zeros": "All entries are zero, but they should not be.",
    # mistakes that several exercises define under the same name
    "factor 2": "Twice too large.",
    "factor 1/2": "Half of what it should be.",
    "factor N": "N times too large, where N is the batch size.",
    "factor 1/N": "N times too small, where N is the batch size.",
    "another source of randomness": "Draw from the rng that is passed in, so that a run can be"
    " reproduced.",
    "reward discounted too": "The reward arrives at once. Discount only what follows it.",
    "reward masked too": "The last step earns its reward as well. Termination only removes the"
    " value of what would follow.",
    "terminated ignored": "Nothing follows after termination, but your target still contains the"
    " value of s'.",
    "reward missing": "Your target does not contain r, the only part of the value that is"
    " observed and not estimated.",
    "slope missing": "Your gradient ignores the activation. Multiply it by the activation's slope.",
    "arriving gradient missing": "This is the slope alone. Multiply it by the gradient that"
    " arrives from the next layer.",
    "slope at the output, where the input is meant": "You took the slope at the output y = f(z)."
    " Evaluate f' at the input z.",
    "slope at the input, where the output is meant": "Your formula expects the output, but you put"
    " in the input z. tanh'(z) = 1 − y², where y is tanh(z).",
    "missing chain term": "One factor of the chain rule is missing. Write down every function"
    " between the loss and the variable: each contributes its derivative once.",
    "(N, N) broadcast": "A column (N, 1) and a row (N,) were broadcast to a table (N, N), which"
    " compares every value with every target. NumPy raises no error. Make both the same shape"
    " first.",
}
