"""Layers and their derivatives, written by hand.

B batch, I inputs, O outputs. Every layer is two pure functions:

    forward(x)              -> (y, cache)
    backward(grad_y, cache) -> (grad_x, grad_theta)

`cache` holds what backward needs from forward. The caller keeps it, so one layer can be run forward
twice before either backward. `grad_theta` is a tuple, one gradient per parameter (none for an
activation). `wrt_x` and `wrt_theta` say which of the two gradients the caller needs; a layer skips
the other one if that saves a matrix product.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Layer(Protocol):
    """The interface of every layer."""

    def forward(self, x: Array, training: bool = False) -> tuple[Array, Any]:
        """Map x (B, I) to y (B, O); return y and the cache. Only batch norm uses `training`."""

    def backward(
        self, grad_y: Array, cache: Any, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Any, tuple[Array, ...]]:
        """Given dL/dy (B, O), return dL/dx (B, I) or None, and dL/dθ by parameter or ()."""


class Linear(NamedTuple):
    """The affine map  z = x W + b,  one example per row of x."""

    weight: Array  #: (I, O)
    bias: Array  #: (O,)

    def forward(self, x: Array, training: bool = False) -> tuple[Array, Array]:
        """Map x (B, I) to z (B, O); the cache is x."""
        return x @ self.weight + self.bias, x

    def backward(
        self, grad_z: Array, x: Array, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Any, tuple[Array, ...]]:
        """Given dL/dz (B, O), return dL/dx (B, I) and (dL/dW (I, O), dL/db (O,)).

        The last two sum over the batch: any 1/B is already in grad_z.
        """
        grad_x = np.dot(grad_z, self.weight.T) if wrt_x else None  # faster than @ when O = 1
        grad_theta = (x.T @ grad_z, grad_z.sum(axis=0)) if wrt_theta else ()
        return grad_x, grad_theta


class ReLU:
    """y = max(z, 0), for finite z. At a complex z the real part decides, for the complex step."""

    def forward(self, z: Array, training: bool = False) -> tuple[Array, Array]:
        """Map z (B, O) to y (B, O); the cache is the slope, 1 where z > 0, else 0."""
        slope = (z.real > 0).astype(z.real.dtype)  # floats multiply twice as fast as booleans
        return z * slope, slope

    def backward(
        self, grad_y: Array, slope: Array, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Array, tuple[()]]:
        """Given dL/dy (B, O), return dL/dz (B, O)."""
        return grad_y * slope, ()


class Tanh:
    """y = tanh(z). Its slope is 1 − y², so backward needs only the output."""

    def forward(self, z: Array, training: bool = False) -> tuple[Array, Array]:
        """Map z (B, O) to y (B, O); the cache is y."""
        y = np.tanh(z)
        return y, y

    def backward(
        self, grad_y: Array, y: Array, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Array, tuple[()]]:
        """Given dL/dy (B, O), return dL/dz (B, O)."""
        return grad_y * (1 - y * y), ()
