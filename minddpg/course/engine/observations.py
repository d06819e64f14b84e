"""Define what a probe returns: arrays to compare, and gradients with their losses.

N examples.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...nn.gradcheck import directional_derivatives
from ...nn.layers import Array
from .submission import InvalidAnswer, another, arrays, call, name_of, same

TOLERANCE, TOLERANCE_SINGLE = 1e-6, 1e-4  # of relative errors, for float64 and float32
STEP, STEP_SINGLE = 1e-6, 1e-2  # of numerical derivatives
GRADIENT_TOLERANCE_SINGLE = 3e-3  # finite differences of a float32 function are this inaccurate
OWN = "your forward with the right one, your backward with its numerical derivative"


@dataclass(frozen=True, eq=False)
class Observed:
    """An array that should equal the solution's, within a tolerance of relative error."""

    value: Any
    tolerance: float = TOLERANCE
    message: str = ""  # shown if it is wrong, instead of the worst entry


@dataclass(frozen=True, eq=False)
class GradientOf:
    """A gradient that should be the numerical derivative of the learner's own function.

    `losses` maps an array like `at` to the loss of each example, (N,) or (1,). The gradient is the
    derivative of their sum.
    """

    value: Any
    losses: Callable[[Array], Array]
    at: Array

    def by_example(self, h: float) -> Array:
        """Differentiate each example's loss by central differences: (N, *at.shape)."""
        axes = np.eye(self.at.size).reshape(-1, *self.at.shape)
        derivatives = directional_derivatives(self.losses, self.at, axes, "central", h)
        return derivatives.T.reshape(-1, *self.at.shape)


def upstream(shape: tuple[int, ...]) -> Array:
    """Return a gradient to send backward: its entries all differ, and none is zero."""
    return np.cos(1.0 + 2.0 * np.arange(np.prod(shape, dtype=int))).reshape(shape)


def layer_pair(
    forward: Any, backward: Any, inputs: dict[str, Array], output: str, wrt: Sequence[str] = ()
) -> dict[str, Any]:
    """Observe y of  y, cache = forward(*inputs),  and the gradients of  backward(grad_y, cache).

    Each gradient is compared with the numerical derivative of the same forward. `wrt` names the
    inputs with a gradient, by default all.

    Raises:
        InvalidAnswer: backward depends on more than its cache.
    """

    def run(values: dict[str, Array]) -> tuple[Array, Any]:
        result = call(forward, *values.values())
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise InvalidAnswer(
                f"{name_of(forward)} should return two things: {output} and a cache."
            )
        (y,) = arrays(result[0], [output], forward)
        return y, result[1]

    wrt = wrt or list(inputs)
    y, cache = run(inputs)
    weights = upstream(y.shape)
    grads = call(backward, weights, cache)
    is_repeated = same(grads, call(backward, weights, cache))
    run({name: -another(x) for name, x in inputs.items()})
    third = call(backward, weights, cache)
    if is_repeated and not same(grads, third):
        raise InvalidAnswer("", "cache kept in the layer")
    names = [f"grad_{name}" for name in wrt]

    def losses_of(name: str) -> Callable[[Array], Array]:
        def losses(x: Array) -> Array:
            y, _ = run({**inputs, name: x})
            by_example: Array = np.sum((weights * y).reshape(len(y), -1), axis=1)
            return by_example

        return losses

    observed: dict[str, Any] = {output: Observed(y)}
    for name, grad in zip(wrt, arrays(grads, names, backward), strict=True):
        observed[f"grad_{name}"] = GradientOf(grad, losses_of(name), inputs[name])
    return observed
