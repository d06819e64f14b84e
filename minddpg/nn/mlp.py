"""A multilayer perceptron whose parameters are one flat vector θ.

B batch, I inputs, O outputs, P parameters. Each layer owns a stretch of θ: a linear one its weight
(I, O) in row-major order, then its bias (O,); a batch norm its γ (O,), then its β (O,). The layers
see θ through views, so writing into `mlp.theta` changes the network, and the optimiser, the target
average and the gradient check each handle a single vector. What batch norms measure instead of
learn, a mean (O,) and a variance (O,) each, is a second such vector, `mlp.statistics`.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from .batchnorm import BatchNorm
from .layers import Array, Columns, Linear, ReLU, Tanh

ACTIVATIONS = {"relu": (ReLU(),), "tanh": (Tanh(),), "identity": ()}  # as layers: they hold nothing
Flat = tuple[Array, Array | None] | None  # θ and statistics; None where new ones are to be made
DTYPES = ("float32", "float64", "complex128")


class MLP:
    """Linear layers of the given sizes, `hidden` between them and `output` after the last.

    Args:
        sizes: (I, hidden..., O). A single size makes no linear layer: such an MLP
            returns its input, normalised if `batch_norm`.
        hidden, output: "relu", "tanh" or "identity".
        rng: draws the weights as in the paper, section 7: each layer's weights and biases from
            U(−1/√I, 1/√I), I its fan-in. None leaves θ as it is: zero, unless `flat` is given.
        dtype: of θ. The numbers drawn are the same for every dtype, up to rounding.
        final_layer_scale: the last layer is drawn from U(−scale, scale) instead, so that a new
            network's outputs are close to zero; None treats it like the others.
        batch_norm: normalise the input, and every linear layer's output before its activation. The
            last γ then starts at `final_layer_scale`, the others at 1.
        flat: vectors θ and statistics to live in, instead of its own; θ's dtype is the network's.

    Attributes:
        theta: the live parameters, (P,): writing into it changes the network.
        statistics: what batch norms measured, (0,) without any.

    Raises:
        ValueError: a size below 1, an unknown name, or a vector in `flat` of another length.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        hidden: str = "relu",
        output: str = "identity",
        rng: Generator | None = None,
        dtype: str = "float32",
        final_layer_scale: float | None = 3e-3,
        batch_norm: bool = False,
        flat: Flat = None,
    ):
        if not len(sizes) or min(sizes) < 1:
            raise ValueError(f"sizes = {tuple(sizes)}: must be widths of at least 1")
        choices = {"hidden": (hidden, ACTIVATIONS), "output": (output, ACTIVATIONS)}
        for name, (value, known) in {**choices, "dtype": (dtype, DTYPES)}.items():
            if value not in known:
                raise ValueError(f"{name} = {value!r}: must be one of {', '.join(known)}")
        self.sizes, self.hidden, self.output = tuple(sizes), hidden, output
        self.batch_norm = batch_norm
        count = parameter_count(sizes, batch_norm)
        theta, statistics = flat or (None, None)
        self.theta = np.zeros(count, dtype) if theta is None else theta
        if self.theta.shape != (count,):
            raise ValueError(f"theta has shape {self.theta.shape}, not ({count},)")
        widths = self.sizes if batch_norm else ()
        begin = np.repeat((0, 1), sum(widths)).astype(self.theta.dtype)  # [means | variances]
        self.statistics = begin if statistics is None else statistics
        if self.statistics.shape != begin.shape:
            raise ValueError(f"statistics have shape {self.statistics.shape}, not {begin.shape}")
        moments = _cut(self.statistics, [(width,) for width in (*widths, *widths)])
        parts = iter(_cut(self.theta, _shapes(sizes, batch_norm)))
        self.linears: list[Linear] = []
        self.layers: list[Any] = []
        for i in range(len(sizes)):
            is_last = 0 < i == len(sizes) - 1
            scale = final_layer_scale if is_last else None
            if i:
                self.linears.append(Linear(next(parts), next(parts)))
                self.layers.append(self.linears[-1])
                if rng is not None:
                    bound = sizes[i - 1] ** -0.5 if scale is None else scale
                    for part in self.linears[-1]:
                        part[:] = rng.uniform(-bound, bound, part.shape)
            if batch_norm:
                self.layers.append(BatchNorm(next(parts), next(parts), *moments[i :: len(sizes)]))
                if rng is not None:
                    self.layers[-1].scale[:] = 1 if scale is None else scale
            if i:
                self.layers += ACTIVATIONS[output if is_last else hidden]

    def forward(self, x: Array, training: bool = False) -> tuple[Array, list[Any]]:
        """Map x (B, I) to y (B, O); the cache holds each layer's own. Moves nothing.

        `training` makes batch norms use the batch's mean and variance, not the running ones.
        """
        caches = []
        for layer in self.layers:
            mode = (training,) if isinstance(layer, BatchNorm) else ()
            x, cache = layer.forward(x, *mode)
            caches.append(cache)
        return x, caches

    def track(self, x: Array) -> None:
        """Let the running statistics follow those that a batch x (B, I) has at each batch norm."""
        _, cache = self.forward(x, training=True)
        for layer, own in zip(self.layers, cache, strict=True):
            if isinstance(layer, BatchNorm):
                layer.track(own)

    def backward(
        self, grad_y: Array, cache: list[Any], *, wrt_x: Columns = True, wrt_theta: bool = True
    ) -> tuple[Any, Any]:
        """Given dL/dy (B, O), return dL/dx (B, I) and dL/dθ in θ's order; None where skipped.

        A slice as `wrt_x` asks for those columns of dL/dx alone.

        Raises:
            ValueError: dL/dy is not (B, O).
        """
        if self.layers and grad_y.ndim != 2:  # (B,) would broadcast against (1, I) in silence
            raise ValueError(f"grad_y has shape {grad_y.shape}, not (B, {self.sizes[-1]})")
        grads: list[Array] = []
        for i in reversed(range(len(self.layers))):
            layer, columns = self.layers[i], i > 0 or wrt_x
            grad_y, grad_theta = layer.backward(grad_y, cache[i], columns, wrt_theta)
            grads = [*grad_theta, *grads]
        # θ[:0], since there may be no layer to concatenate
        return grad_y, np.concatenate((self.theta[:0], *grads), axis=None) if wrt_theta else None

    def weight_mask(self) -> Array:
        """True at the entries of θ that are weights, not at biases, γ or β: where decay acts."""
        mask = np.zeros(self.theta.shape, bool)
        for part in _cut(mask, _shapes(self.sizes, self.batch_norm)):
            part[:] = part.ndim == 2
        return mask

    def __reduce__(self) -> Any:
        """Let deepcopy and process pools rebuild the views on the copied θ, not cut them off."""
        options = {name: getattr(self, name) for name in ("hidden", "output", "batch_norm")}
        return _rebuild, (self.sizes, options | {"flat": (self.theta, self.statistics)})


def parameter_count(sizes: Sequence[int], batch_norm: bool = False) -> int:
    """Count the numbers in θ of an MLP of these sizes."""
    return sum(map(math.prod, _shapes(sizes, batch_norm)))


def _shapes(sizes: Sequence[int], batch_norm: bool) -> list[tuple[int, ...]]:
    """Return the shapes of all parameters in θ's order."""
    norms = 2 * batch_norm  # γ and β of each width, or none
    shapes: list[tuple[int, ...]] = [(sizes[0],) for _ in range(norms)]
    for inputs, outputs in pairwise(sizes):
        shapes += [(inputs, outputs), *[(outputs,) for _ in range(1 + norms)]]
    return shapes


def _cut(flat: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Cut a flat vector into views of these shapes, one after the other, without copying."""
    parts, start = [], 0
    for shape in shapes:
        stop = start + math.prod(shape)
        parts.append(flat[start:stop].reshape(shape))
        start = stop
    return parts


def _rebuild(sizes: Sequence[int], options: dict[str, Any]) -> MLP:
    return MLP(sizes, **options)
