"""A multilayer perceptron whose parameters are one flat vector θ.

B batch, I inputs, O outputs. Each linear layer owns a stretch of θ: its weight (I, O) in row-major
order, then its bias (O,). The layers see θ through views, so writing into `mlp.theta` changes the
network, and the optimiser, the target average and the gradient check each handle a single vector.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .layers import Array, Columns, Identity, Linear, ReLU, Tanh

ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "identity": Identity}
DTYPES = ("float32", "float64", "complex128")


class MLP:
    """Linear layers of the given sizes, `hidden` between them and `output` after the last.

    Args:
        sizes: (I, hidden..., O). A single size makes the MLP of no layers, which returns its input.
        hidden, output: names in ACTIVATIONS.
        rng: draws the weights as in the paper, section 7: each layer's weights and biases from
            U(−1/√I, 1/√I), I its fan-in. None leaves θ as it is: zero, unless `theta` is given.
        dtype: of θ. The numbers drawn are the same for every dtype, up to rounding.
        final_layer_scale: the last layer is drawn from U(−scale, scale) instead, so that a new
            network's outputs are close to zero; None treats it like the others.
        theta: a flat vector to live in, instead of one of its own; its dtype is the network's.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        hidden: str = "relu",
        output: str = "identity",
        rng: np.random.Generator | None = None,
        dtype: str = "float32",
        final_layer_scale: float | None = 3e-3,
        theta: Array | None = None,
    ):
        if not len(sizes) or min(sizes) < 1:
            raise ValueError(f"sizes must be positive widths, got {tuple(sizes)}")
        for name, known in ((hidden, ACTIVATIONS), (output, ACTIVATIONS), (dtype, DTYPES)):
            if name not in known:
                raise ValueError(f"{name!r} is none of {', '.join(known)}")
        self.sizes, self.hidden, self.output = tuple(sizes), hidden, output
        count = parameter_count(sizes)
        self.theta = np.zeros(count, dtype) if theta is None else theta
        if self.theta.shape != (count,):
            raise ValueError(f"theta has shape {self.theta.shape}, these sizes need ({count},)")
        self.linears = _views(self.theta, sizes)
        self.layers: list[Any] = []
        for linear in self.linears:
            is_last = linear is self.linears[-1]
            self.layers += [linear, ACTIVATIONS[output if is_last else hidden]()]
            if rng is not None:
                fan_in_bound = len(linear.weight) ** -0.5
                bound = final_layer_scale if is_last and final_layer_scale else fan_in_bound
                for part in linear:
                    part[:] = rng.uniform(-bound, bound, part.shape)

    def forward(self, x: Array) -> tuple[Array, list[Any]]:
        """Map x (B, I) to y (B, O); the cache holds each layer's own."""
        caches = []
        for layer in self.layers:
            x, cache = layer.forward(x)
            caches.append(cache)
        return x, caches

    def backward(
        self, grad_y: Array, caches: list[Any], *, wrt_x: Columns = True, wrt_theta: bool = True
    ) -> tuple[Any, Any]:
        """Given dL/dy (B, O), return dL/dx (B, I) and dL/dθ in θ's order; None where skipped.

        A slice as `wrt_x` asks for those columns of dL/dx alone.
        """
        if self.layers and grad_y.ndim != 2:  # (B,) would broadcast against (1, I) in silence
            raise ValueError(f"grad_y has shape {grad_y.shape}, not (B, {self.sizes[-1]})")
        grads: list[Array] = []
        for i in reversed(range(len(self.layers))):
            columns = True if i else wrt_x
            grad_y, grad_theta = self.layers[i].backward(grad_y, caches[i], columns, wrt_theta)
            grads = [*grad_theta, *grads]
        empty = self.theta[:0]  # there may be no layer to concatenate
        return grad_y, np.concatenate((empty, *grads), axis=None) if wrt_theta else None

    def weight_mask(self) -> Array:
        """True at the entries of θ that are weights, False at biases: what weight decay acts on."""
        mask = np.zeros(self.theta.shape, bool)
        for linear in _views(mask, self.sizes):
            linear.weight[:] = True
        return mask

    def __reduce__(self) -> Any:
        """Let deepcopy and process pools rebuild the views on the copied θ, not cut them off."""
        return _rebuild, (self.sizes, self.hidden, self.output, self.theta)


def parameter_count(sizes: Sequence[int]) -> int:
    """Count the weights and biases of an MLP of these sizes."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def _views(flat: Array, sizes: Sequence[int]) -> list[Linear]:
    """Cut a flat vector into each layer's weight (I, O) and bias (O,), without copying."""
    linears, start = [], 0
    for inputs, outputs in pairwise(sizes):
        split, stop = start + inputs * outputs, start + (inputs + 1) * outputs
        linears.append(Linear(flat[start:split].reshape(inputs, outputs), flat[split:stop]))
        start = stop
    return linears


def _rebuild(sizes: Sequence[int], hidden: str, output: str, theta: Array) -> MLP:
    return MLP(sizes, hidden=hidden, output=output, theta=theta)
