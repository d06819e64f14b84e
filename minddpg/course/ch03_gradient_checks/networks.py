"""The networks of chapter 03: a small one, with or without a bug, and a large one.

B batch.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from ...nn.layers import Array
from ...nn.mlp import MLP

Loss = Callable[[Sequence[Array]], Any]
SIZES = (4, 400, 300, 1)  # as large as the critic of the paper


def small_loss(parameters: Sequence[Array], x: Array, target: Array) -> Any:
    """Return the mean squared error of p = tanh(x U) w, in the precision of [U, w]."""
    U, w = parameters
    p = np.tanh(x.astype(U.dtype) @ U) @ w
    return np.mean((p - target.astype(U.dtype)) ** 2)


def small_gradients(
    parameters: Sequence[Array], x: Array, target: Array, bug: bool = False
) -> list[Array]:
    """Return the gradients of the small loss by U and w; the bug leaves out the tanh's slope."""
    U, w = parameters
    units = np.tanh(x @ U)
    grad_p = 2 / len(x) * (units @ w - target)
    grad_units = np.outer(grad_p, w)
    return [x.T @ (grad_units if bug else grad_units * (1 - units**2)), units.T @ grad_p]


def large_network(rng: Generator) -> tuple[Loss, list[Array], list[Array]]:
    """Return a loss of a network with 122,601 parameters, the parameters, and their gradients."""
    options: Any = {"hidden": "tanh", "dtype": "float64", "final_layer_scale": None}
    network = MLP(SIZES, rng=rng, **options)
    x, target = rng.standard_normal((3, SIZES[0])), rng.standard_normal((3, 1))

    def loss(parameters: Sequence[Array]) -> Any:
        theta = np.concatenate([np.ravel(each) for each in parameters])
        y, _ = MLP(SIZES, theta=theta, **options).forward(x)
        return np.mean((y - target) ** 2)

    y, caches = network.forward(x)
    _, grad = network.backward(2 / len(x) * (y - target), caches)
    shapes = [shape for i, o in pairwise(SIZES) for shape in ((i, o), (o,))]
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
    parameters, grads = (
        [part.reshape(shape) for part, shape in zip(np.split(whole, ends), shapes, strict=True)]
        for whole in (network.theta.copy(), grad.copy())
    )
    return loss, parameters, grads
