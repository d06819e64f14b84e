"""A small world with random rewards, in which the backups of exercises 01.2 and 01.3 are checked.

S states, A actions.
"""

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array

CASES = (  # none of the constants is one of the notebook's
    {"states": 5, "actions": 3, "discount": 0.85},
    {"states": 4, "actions": 7, "discount": 0.97},
)
SQUARE = {"states": 4, "actions": 4, "discount": 0.85}


def sample_world(states: int, actions: int) -> tuple[Array, Array, Array]:
    """Return a table q, rewards, and where each action leads: (S, A) each."""
    shape = states, actions
    next_state = np.random.default_rng(2).integers(states, size=shape)
    return 3 * sample_array(*shape), 2 * sample_array(*shape, seed=1), next_state
