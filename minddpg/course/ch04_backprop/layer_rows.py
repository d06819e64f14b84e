"""Observe a layer or a network for a check: its results, its gradients, its shapes."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import arrays, call, layer_pair


def layer_rows(
    forward: Any, backward: Any, inputs: dict[str, Array], output: str
) -> dict[str, Any]:
    """Observe a forward and its backward, and whether they keep all axes if each has length 1."""
    rows = layer_pair(forward, backward, inputs, output)
    small = [x[(slice(1),) * x.ndim] for x in inputs.values()]
    z, cache = call(forward, *small)
    (z,) = arrays(z, [output], forward)
    one = np.ones((1,) * rows[output].value.ndim)
    grads = arrays(call(backward, one, cache), [*rows][1:], backward)
    axes = [row.value.ndim for row in rows.values()]
    return rows | {"shape kept if all sizes are 1": [x.ndim for x in (z, *grads)] == axes}
