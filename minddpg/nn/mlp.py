"""A multilayer perceptron whose parameters are one flat vector θ.

B batch, I inputs, O outputs, P parameters. Each layer owns a stretch of θ: a linear one its weight
(I, O) in row-major order, then its bias (O,); a batch norm its γ (O,), then its β (O,). The layers
see θ through views, so writing into `mlp.theta` changes the network, and the optimiser, the target
average and the gradient check each handle a single vector. The running mean (O,) and variance (O,)
of each batch norm are measured, not learned; they are views of a second vector, `mlp.statistics`:
all means, then all variances.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from .batchnorm import BatchNorm
from .layers import Array, Layer, Linear, ReLU, Tanh

ACTIVATIONS: dict[str, list[Layer]] = {"relu": [ReLU()], "tanh": [Tanh()], "identity": []}
DTYPES = ("float32", "float64", "complex128")


class MLP:
    """Linear layers of the given sizes, `hidden` between them and `output` after the last.

    Args:
        sizes: (I, hidden..., O). A single size makes no linear layer: such an MLP (the critic's
            empty trunk) returns its input, normalised if `batch_norm`.
        hidden, output: "relu", "tanh" or "identity".
        rng: draws the weights (see `initialise`). None leaves θ as it is: zero, unless it is given.
        dtype: of θ. The numbers drawn are the same for every dtype, up to rounding.
        final_layer_scale: the last layer is drawn from U(−scale, scale), so that a new
            network's outputs are close to zero; None treats it like the others.
        batch_norm: normalise the input, and every linear layer's output before its activation.
        theta, statistics: vectors to use instead of new ones; θ's dtype is the network's.

    Attributes:
        theta: the live parameters, (P,): writing into it changes the network.
        statistics: the running statistics of the batch norms, (0,) without any.
        layers: in the order of the forward pass.

    Raises:
        ValueError: a size below 1, an unknown name, or a vector of another length than needed.
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
        theta: Array | None = None,
        statistics: Array | None = None,
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
        columns = sum(sizes) if batch_norm else 0  # normalised by batch norms
        self.theta = np.zeros(count, dtype) if theta is None else theta
        if statistics is None:
            statistics = np.repeat([0, 1], columns).astype(self.theta.dtype)
        self.statistics = statistics
        if self.theta.shape != (count,):
            raise ValueError(f"theta has shape {self.theta.shape}, not ({count},)")
        if statistics.shape != (2 * columns,):
            raise ValueError(f"statistics have shape {statistics.shape}, not ({2 * columns},)")
        self.layers = self._build_layers()
        if rng is not None:
            self.initialise(rng, final_layer_scale)

    def _build_layers(self) -> list[Layer]:
        """Make the layers, as views of θ and of the statistics."""
        theta = Views(self.theta)
        means, variances = map(Views, np.split(self.statistics, 2))
        layers: list[Layer] = []

        def add_batch_norm(width: int) -> None:
            scale, shift = theta.take(width), theta.take(width)
            layers.append(BatchNorm(scale, shift, means.take(width), variances.take(width)))

        if self.batch_norm:
            add_batch_norm(self.sizes[0])
        for i, (inputs, outputs) in enumerate(pairwise(self.sizes)):
            is_last = i == len(self.sizes) - 2
            layers.append(Linear(theta.take(inputs, outputs), theta.take(outputs)))
            if self.batch_norm:
                add_batch_norm(outputs)
            layers += ACTIVATIONS[self.output if is_last else self.hidden]
        return layers

    def __repr__(self) -> str:
        widths = "-".join(map(str, self.sizes))
        return f"<MLP {widths}: {self.theta.size:,} parameters, {self.theta.dtype}>"

    @property
    def linears(self) -> list[Linear]:
        """The linear layers, first to last."""
        return [layer for layer in self.layers if isinstance(layer, Linear)]

    @property
    def batch_norms(self) -> list[BatchNorm]:
        """The batch norms, first to last."""
        return [layer for layer in self.layers if isinstance(layer, BatchNorm)]

    def initialise(self, rng: Generator, final_layer_scale: float | None = 3e-3) -> None:
        """Draw θ anew, as in the paper, section 7.

        Weights and biases of a layer come from U(−1/√I, 1/√I), where I is its fan-in. If a scale is
        given, those of the last layer come from U(−scale, scale), and γ of the last batch norm is
        the scale. Every other γ is 1; β is 0.
        """
        self.theta[:] = 0
        for norm in self.batch_norms:
            norm.scale[:] = 1
        bounds = [len(linear.weight) ** -0.5 for linear in self.linears]
        if bounds and final_layer_scale is not None:
            bounds[-1] = final_layer_scale
            for norm in self.batch_norms[-1:]:
                norm.scale[:] = final_layer_scale
        for linear, bound in zip(self.linears, bounds, strict=True):
            for part in linear:
                part[:] = rng.uniform(-bound, bound, part.shape)

    def forward(self, x: Array, training: bool = False) -> tuple[Array, list[Any]]:
        """Map x (B, I) to y (B, O); the cache lists those of the layers. Has no side effects.

        `training` makes batch norms use the batch's mean and variance, not the running ones.
        """
        caches = []
        for layer in self.layers:
            x, cache = layer.forward(x, training)
            caches.append(cache)
        return x, caches

    def backward(
        self, grad_y: Array, caches: list[Any], wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Any, Any]:
        """Given dL/dy (B, O), return dL/dx (B, I) and dL/dθ in θ's order; None where skipped.

        Raises:
            ValueError: dL/dy is not (B, O).
        """
        # another shape could broadcast silently: (B,) or (B, 1) for (B, O)
        if self.layers and (grad_y.ndim != 2 or grad_y.shape[1] != self.sizes[-1]):
            wanted = f"(batch size, {self.sizes[-1]})"
            raise ValueError(f"backward got a gradient of shape {grad_y.shape}, not {wanted}")
        grad_x, grads = backward_through(self.layers, grad_y, caches, wrt_x, wrt_theta)
        if not wrt_theta:
            return grad_x, None
        # theta[:0] keeps the dtype if there are no parameters
        return grad_x, np.concatenate([self.theta[:0], *(grad.ravel() for grad in grads)])

    def update_running_statistics(self, x: Array) -> None:
        """Move each batch norm's running statistics towards those of a batch x (B, I)."""
        if not self.batch_norm:
            return
        _, caches = self.forward(x, training=True)
        for layer, cache in zip(self.layers, caches, strict=True):
            if isinstance(layer, BatchNorm):
                layer.update_running_statistics(cache)

    def weight_mask(self) -> Array:
        """Return a mask of θ, true at weights, where decay acts, false at biases, γ and β."""
        mask = MLP(self.sizes, batch_norm=self.batch_norm)
        for linear in mask.linears:
            linear.weight[:] = 1
        return mask.theta.astype(bool)

    def __reduce__(self) -> Any:
        """Make deepcopy and process pools rebuild the views on the copied θ."""
        names = ("hidden", "output", "batch_norm", "theta", "statistics")
        return _rebuild, (self.sizes, {name: getattr(self, name) for name in names})


def backward_through(
    layers: Sequence[Layer],
    grad_y: Array,
    caches: Sequence[Any],
    wrt_x: bool = True,
    wrt_theta: bool = True,
) -> tuple[Any, list[Array]]:
    """Backpropagate through layers: from dL/dy (B, O) to dL/dx (B, I) and dL/dθ by parameter."""
    grads: list[Array] = []
    for i in reversed(range(len(layers))):
        # inner layers always pass dL/dx on
        grad_y, grad_theta = layers[i].backward(grad_y, caches[i], i > 0 or wrt_x, wrt_theta)
        grads = [*grad_theta, *grads]
    return grad_y, grads


def parameter_count(sizes: Sequence[int], batch_norm: bool = False) -> int:
    """Count the numbers in θ of an MLP of these sizes."""
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return count + 2 * sum(sizes) if batch_norm else count


class Views:
    """Successive stretches of a flat vector, as views of given shapes, without copying."""

    def __init__(self, flat: Array):
        self.flat, self.taken = flat, 0

    def take(self, *shape: int) -> Array:
        """Return the next stretch of the vector in this shape."""
        start = self.taken
        self.taken += math.prod(shape)
        return self.flat[start : self.taken].reshape(shape)


def _rebuild(sizes: Sequence[int], options: dict[str, Any]) -> MLP:
    return MLP(sizes, **options)
