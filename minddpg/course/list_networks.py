"""Networks as lists of arrays [W1, b1, W2, b2, ...], the form that the one-page agent uses."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..nn.layers import Array

Arrays = list[Array]


def new_network(sizes: Sequence[int], rng: np.random.Generator, last: float = 0.003) -> Arrays:
    """Draw each parameter uniformly within ±1/√inputs, and within ±`last` in the last layer."""
    arrays: Arrays = []
    for i, (inputs, outputs) in enumerate(pairwise(sizes), 2):
        bound = last if i == len(sizes) else inputs**-0.5
        arrays += [rng.uniform(-bound, bound, shape) for shape in ((inputs, outputs), (outputs,))]
    return arrays


def parameters_of(network: Sequence[Any], sizes: Sequence[int]) -> Arrays:
    """Copy a network as [W1, b1, W2, b2, ...], even if its agent stores one flat vector."""
    theta = np.concatenate([np.asarray(x, float) for x in network], axis=None)
    shapes = [shape for i, o in pairwise(sizes) for shape in ((i, o), (o,))]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    parts = np.split(theta, ends[:-1])
    return [part.reshape(shape).copy() for part, shape in zip(parts, shapes, strict=True)]
