"""Batch normalisation (Ioffe & Szegedy, arXiv:1502.03167), forward and backward by hand.

B batch, I inputs. The derivation is in docs/batch-norm.md.
"""

from typing import Any, NamedTuple

import numpy as np

from .adam import polyak_update
from .layers import Array

EPSILON = 1e-5  # added to a variance, in units of x²
RATE = 0.01  # the weight of a batch in the running statistics: a memory of 100 batches


class BatchNorm(NamedTuple):
    """The map  y = γ x̂ + β,  x̂ = (x − m) / √(v + ε),  for each column separately.

    While training, m and v are the mean and the variance of the batch, so that every row of y
    depends on every row of x. While acting they are the running statistics, which are constants:
    then one row is enough, and its y does not depend on the other rows.
    """

    scale: Array  #: γ (I,)
    shift: Array  #: β (I,)
    mean: Array  #: (I,), running, changed in place
    variance: Array  #: (I,), running, changed in place

    def forward(self, x: Array, training: bool = False) -> tuple[Array, Any]:
        """Map x (B, I) to y (B, I); the cache is x̂, m, v and the mode. Has no side effects.

        Raises:
            ValueError: training on a batch of one, whose variance is 0.
        """
        if training and len(x) < 2:
            raise ValueError(f"x has shape {x.shape}: a batch of one has no variance to train on")
        mean = x.mean(axis=0) if training else self.mean
        variance = ((x - mean) ** 2).mean(axis=0) if training else self.variance
        normed = (x - mean) / np.sqrt(variance + EPSILON)
        return self.scale * normed + self.shift, (normed, mean, variance, training)

    def backward(
        self, grad_y: Array, cache: Any, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Any, tuple[Array, ...]]:
        """Given dL/dy (B, I), return dL/dx (B, I) and (dL/dγ (I,), dL/dβ (I,)).

        In training, x acts through mean and variance too:
        dL/dx = γ / √(v + ε) (dL/dy − mean(dL/dy) − x̂ mean(x̂ dL/dy)),  with means over the batch.
        If the forward pass used the running statistics, the means drop out.
        """
        normed, _, variance, training = cache
        grad_theta = ((grad_y * normed).sum(axis=0), grad_y.sum(axis=0)) if wrt_theta else ()
        if not wrt_x:
            return None, grad_theta
        if training:
            along = (grad_y * normed).mean(axis=0)
            grad_y = grad_y - grad_y.mean(axis=0) - normed * along
        return self.scale / np.sqrt(variance + EPSILON) * grad_y, grad_theta

    def update_running_statistics(self, cache: Any) -> None:
        """Move the running statistics towards those of a batch, with its unbiased variance."""
        normed, mean, variance, _ = cache
        polyak_update(self.mean, mean, RATE)
        polyak_update(self.variance, len(normed) / (len(normed) - 1) * variance, RATE)
