"""A small world with random rewards, in which the backups of exercises 01.2 and 01.3 are checked.

S states, A actions.
"""

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array


def sample_world(square: bool) -> tuple[Array, Array, Array]:
    """Return a table q, rewards, and where each action leads: (S, A) each; S = A if square."""
    shape = (4, 4) if square else (5, 3)
    next_state = np.random.default_rng(2).integers(shape[0], size=shape)
    return sample_array(*shape), sample_array(*shape, seed=1), next_state
