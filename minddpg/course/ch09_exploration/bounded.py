"""Chapter 09, from the actor to the environment: the gradient through the bounds.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, layer_pair

BATCH, ACTION = 5, 3
LOW, HIGH = np.array([-1.0, -2.0, 0.5]), np.array([2.0, 3.0, 4.0])


def bounded(z: Array, low: Array, high: Array) -> Any:
    return (low + high) / 2 + (high - low) / 2 * np.tanh(z), (z, low, high)


def bounded_backward(
    grad: Array,
    cache: Any,
    size: Any = lambda low, high: (high - low) / 2,
    slope: Any = lambda z: 1 - np.tanh(z) ** 2,
) -> Array:
    z, low, high = cache
    return np.asarray(grad * size(low, high) * slope(z))


def _forward(change: Any) -> Any:
    """A forward pass with another action."""
    return lambda z, low, high: (change(np.tanh(z), low, high), (z, low, high))


def _backward(**parts: Any) -> Any:
    return lambda grad, cache: bounded_backward(grad, cache, **parts)


def _with_centre(grad: Array, cache: Any) -> Any:
    return bounded_backward(grad, cache) + (cache[1] + cache[2]) / 2


def _at_the_action(grad: Array, cache: Any) -> Array:
    return bounded_backward(grad, cache, slope=lambda z: 1 - bounded(*cache)[0] ** 2)


@exercise(
    "09.5",
    "An actor that ends in the bounds",
    GRADIENT,
    stub='''
def bounded_forward(z, low, high):
    """Map z (N, A) to actions (N, A) within the bounds low and high (A,); return a cache, too.

    action = (low + high) / 2 + (high − low) / 2 · tanh(z)
    """
    action = None
    return action, (z, low, high)


def bounded_backward(grad_action, cache):
    """Given dL/daction (N, A), return dL/dz (N, A)."""
    z, low, high = cache
    grad_z = None
    return grad_z
''',
    statement="""Some actors end in the environment's units. Then the map to the bounds is a link of
    the chain like any other. Which of its numbers change with z?""",
    reference=(bounded, bounded_backward),
    rows=(
        Row(
            "half-range missing",
            (None, _backward(size=lambda low, high: 1)),
            "The gradient passes the map to the bounds as if it were not there. What does it"
            " multiply tanh(z) by?",
        ),
        Row(
            "range instead of half-range",
            (None, _backward(size=lambda low, high: high - low)),
            "tanh(z) is multiplied by half the range, not by all of it.",
        ),
        Row(
            "half-range twice",
            (None, _backward(size=lambda low, high: (high - low) ** 2 / 4)),
            "Each link of the chain counts once.",
        ),
        Row(
            "divided by the half-range",
            (None, _backward(size=lambda low, high: 2 / (high - low))),
            "Values were divided on their way back, but gradients are multiplied in both"
            " directions.",
        ),
        Row(
            "middle instead of half-range",
            (None, _backward(size=lambda low, high: (high + low) / 2)),
            "The middle is added to the action. What is multiplied is half the range, high − low.",
        ),
        Row(
            "high instead of half-range",
            (None, _backward(size=lambda low, high: high)),
            "high is half the range only where the bounds are symmetrical.",
        ),
        *(
            Row(
                "half-range of the first dimension",
                answers,
                "Each dimension has a range of its own.",
            )
            for answers in (
                (None, _backward(size=lambda low, high: (high[0] - low[0]) / 2)),
                (_forward(lambda y, low, high: (low + high + (high[0] - low[0]) * y) / 2), None),
            )
        ),
        Row("slope missing", (None, _backward(slope=lambda z: 1)), "tanh is a link, too: 1 − y²."),
        Row(
            "slope at the output, where the input is meant",
            (None, _backward(slope=lambda z: 1 - np.tanh(np.tanh(z)) ** 2)),
        ),
        Row(
            "slope at the input, where the output is meant",
            (None, _backward(slope=lambda z: 1 - z**2)),
        ),
        Row(
            "slope at the scaled action",
            (None, _at_the_action),
            "1 − y² holds for y = tanh(z), and you put the action in, which is scaled.",
        ),
        Row(
            "output instead of its slope",
            (None, _backward(slope=np.tanh)),
            "You multiplied by y itself. The slope is 1 − y².",
        ),
        Row(
            "centre added to the gradient",
            (None, _with_centre),
            "The middle is added to the action and does not change with z: its derivative is 0.",
        ),
        Row(
            "centre forgotten",
            (_forward(lambda y, low, high: (high - low) / 2 * y), None),
            "The action's range is right, but around 0.",
        ),
        Row(
            "symmetrical bounds taken for granted",
            (_forward(lambda y, low, high: high * y), None),
            "−1 becomes −high, which is low only where the two are symmetrical.",
        ),
    ),
    compared=OWN,
    batch_size=BATCH,
)
def check_bounded(forward: Any, backward: Any) -> dict[str, Any]:
    """Check bounded_forward and bounded_backward."""
    inputs = {"z": sample_array(BATCH, ACTION), "low": LOW, "high": HIGH}
    return layer_pair(forward, backward, inputs, "action", wrt=("z",))
