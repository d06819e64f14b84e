"""Draw small random agents, batches and arrays as inputs of checks.

N batch, S observation entries, A action entries.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.replay import Batch
from ..nn.layers import Array


def sample_agent(
    shape: tuple[int, int, int, tuple[int, ...]],
    rng: np.random.Generator,
    updates: int = 0,
    **settings: Any,
) -> tuple[DDPG, Batch]:
    """Make a complex128 agent and a batch.

    Args:
        shape: N, S, A and the hidden sizes; the bounds are −1, −2, … and 2, 3, …
        updates: if not 0, θ comes from a float64 twin after this many updates.
    """
    n, obs_dim, action_dim, hidden_sizes = shape
    low, high = -np.arange(1.0, action_dim + 1), np.arange(2.0, action_dim + 2)
    config = Config(hidden_sizes=hidden_sizes, dtype="complex128", **settings)
    agent = DDPG(obs_dim, low, high, config, rng)
    if updates:
        twin = DDPG(obs_dim, low, high, replace(config, dtype="float64"), rng)
        for _ in range(updates):
            twin.update(sample_batch(n, obs_dim, action_dim, rng))
        for name, array in agent.arrays().items():
            array[:] = twin.arrays()[name]
    for target in (
        agent.target_actor,
        agent.target_critic,
    ):  # so that they differ from the networks
        target.theta += 0.1 * rng.standard_normal(target.theta.shape)
    return agent, sample_batch(n, obs_dim, action_dim, rng)


def sample_batch(n: int, obs_dim: int, action_dim: int, rng: np.random.Generator) -> Batch:
    """Draw a batch of n transitions; every third has terminated."""
    return Batch(
        obs=rng.standard_normal((n, obs_dim)),
        action=rng.uniform(-1, 1, (n, action_dim)),
        reward=rng.standard_normal(n),
        next_obs=rng.standard_normal((n, obs_dim)),
        terminated=np.arange(n) % 3 == 1,
    )


def sample_array(*shape: int, seed: int = 0) -> Array:
    """Draw numbers of absolute value 0.2 to 1.5, so that no difference steps across a kink at 0."""
    rng = np.random.default_rng([seed, *shape])
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.2, 1.5, shape)
