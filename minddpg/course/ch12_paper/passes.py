"""Chapter 12, beyond: the two passes of batch normalisation, of parts that can be mistaken.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array

EPSILON = 1e-5


def batch_variance(x: Array) -> Array:
    return np.asarray(((x - x.mean(axis=0)) ** 2).mean(axis=0))


def forward_pass(
    variance: Any = batch_variance,
    divisor: Any = lambda v: np.sqrt(v + EPSILON),
    centre: Any = lambda x: x.mean(axis=0),
    last: Any = lambda normed, gamma, beta: gamma * normed + beta,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def forward(x: Array, gamma: Array, beta: Array) -> Any:
        s = divisor(variance(x))
        normed = (x - centre(x)) / s
        return last(normed, gamma, beta), (x, normed, s, gamma)

    return forward


def backward_pass(
    inside: Any = lambda g, normed: g - g.mean(axis=0) - normed * (g * normed).mean(axis=0),
    factor: Any = lambda gamma, s: gamma / s,
    gamma_from: Any = lambda x, normed: normed,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def backward(grad: Array, cache: Any) -> Any:
        x, normed, s, gamma = cache
        grad_x = factor(gamma, s) * inside(grad, normed)
        return grad_x, (grad * gamma_from(x, normed)).sum(axis=0), grad.sum(axis=0)

    return backward
