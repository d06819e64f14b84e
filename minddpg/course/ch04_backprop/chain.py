"""Run a chain of layers forward and in reverse; each layer is a pair of functions, as in 04.1.

B batch, I inputs, O outputs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array

Layers = Sequence[tuple[Any, Any]]  # (forward, backward) of each layer
Parameters = Sequence[Sequence[Array]]  # (weight, bias) of each linear layer, () of an activation


def forward(layers: Layers, parameters: Parameters, x: Array) -> tuple[Array, list[Any]]:
    """Map x (B, I) to y (B, O); return y and the layers' caches."""
    caches = []
    for (layer_forward, _), own in zip(layers, parameters, strict=True):
        x, cache = layer_forward(np.asarray(x), *map(np.asarray, own))
        caches.append(cache)
    return np.asarray(x), caches


def backward(
    layers: Layers, parameters: Parameters, grad: Array, caches: Sequence[Any]
) -> tuple[list[Array], list[Array]]:
    """Given dL/dy (B, O), return the gradients between the layers, and those of the parameters.

    The first list runs from dL/dy back to dL/dx. The second is in the order of the layers, each
    layer's weight before its bias.
    """
    way, of_parameters = [np.asarray(grad)], list[Array]()
    for (_, layer_backward), own, cache in [*zip(layers, parameters, caches, strict=True)][::-1]:
        result = layer_backward(way[-1], cache)
        grad, *grads = result if len(own) else (result,)
        way.append(np.asarray(grad))
        of_parameters = [*map(np.asarray, grads), *of_parameters]
    return way, of_parameters
