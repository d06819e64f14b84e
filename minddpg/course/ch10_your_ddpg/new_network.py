"""Draw the initial arrays of a network."""

from itertools import pairwise

import numpy as np

from .learning_agents import Arrays


def new_network(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    """Draw a network as the paper does: bounds 1/√inputs, and 0.003 in the last layer."""
    arrays: Arrays = []
    for i, (inputs, outputs) in enumerate(pairwise(sizes), 2):
        bound = 0.003 if i == len(sizes) else inputs**-0.5
        arrays += [rng.uniform(-bound, bound, shape) for shape in ((inputs, outputs), (outputs,))]
    return arrays
