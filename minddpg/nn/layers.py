"""Layers and their derivatives, written by hand.

B batch, I inputs, O outputs. Every layer is two pure functions:

    forward(x)              -> (y, cache)
    backward(grad_y, cache) -> (grad_x, grad_theta)

`cache` is whatever backward needs to remember of forward. The caller holds it, so one layer can be
run twice before either backward. `grad_theta` is a tuple, one gradient per parameter (none for an
activation). Layers with parameters skip a gradient that nobody reads; it is then None or an empty
tuple.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = bool | slice  # of x whose gradient is wanted: all, none, or a range


class Linear(NamedTuple):
    """The affine map  z = x W + b,  one example per row of x."""

    weight: Array  #: (I, O)
    bias: Array  #: (O,)

    def forward(self, x: Array) -> tuple[Array, Array]:
        """Map x (B, I) to z (B, O); the cache is x."""
        return x @ self.weight + self.bias, x

    def backward(
        self, grad_z: Array, x: Array, wrt_x: Columns = True, wrt_theta: bool = True
    ) -> tuple[Any, tuple[Array, ...]]:
        """Given dL/dz (B, O), return dL/dx (B, I) and (dL/dW (I, O), dL/db (O,)).

        The last two sum over the batch: any 1/B is already in grad_z.
        """
        weight = self.weight[wrt_x] if isinstance(wrt_x, slice) else self.weight
        # with one output the product is an outer one, and multiply takes a third of matmul's time
        product = np.multiply if weight.shape[1] == 1 else np.matmul
        grad_x = product(grad_z, weight.T) if wrt_x else None
        grad_theta = (x.T @ grad_z, grad_z.sum(axis=0)) if wrt_theta else ()
        return grad_x, grad_theta


class ReLU:
    """y = max(z, 0). At a complex z the real part decides, as the complex step requires."""

    def forward(self, z: Array) -> tuple[Array, Array]:
        """Map z (B, O) to y (B, O); the cache is the slope, 1 where z > 0, else 0."""
        slope = (z.real > 0).astype(z.real.dtype)  # as floats: twice as fast to multiply by
        return z * slope, slope

    def backward(self, grad_y: Array, slope: Array, *_: Any) -> tuple[Array, tuple[()]]:
        """Given dL/dy (B, O), return dL/dz (B, O)."""
        return grad_y * slope, ()


class Tanh:
    """y = tanh(z), whose slope 1 − y² is written in its own output."""

    def forward(self, z: Array) -> tuple[Array, Array]:
        """Map z (B, O) to y (B, O); the cache is y."""
        y = np.tanh(z)
        return y, y

    def backward(self, grad_y: Array, y: Array, *_: Any) -> tuple[Array, tuple[()]]:
        """Given dL/dy (B, O), return dL/dz (B, O)."""
        return grad_y * (1 - y * y), ()
