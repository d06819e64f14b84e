"""Small random agents and batches for checks to work on.

N batch, S observation entries, A action entries.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG, NETWORKS
from ..ddpg.config import Config
from ..ddpg.replay import Batch


def sample_agent(
    shape: Any, action_layer: int, rng: np.random.Generator, updates: int = 0
) -> tuple[DDPG, Batch]:
    """A complex128 agent, its θ as new or as a float64 twin's after some updates, and a batch."""
    n, obs_dim, action_dim, hidden_sizes = shape
    low, high = -np.arange(1.0, action_dim + 1), np.arange(2.0, action_dim + 2)
    config = Config(hidden_sizes=hidden_sizes, action_layer=action_layer, dtype="complex128")
    agent = DDPG(obs_dim, low, high, config, rng)
    if updates:
        twin = DDPG(obs_dim, low, high, replace(config, dtype="float64"), rng)
        for _ in range(updates):
            twin.update(sample_batch(n, obs_dim, action_dim, rng))
        for name in NETWORKS:
            getattr(agent, name).theta[:] = getattr(twin, name).theta
    for target in (agent.target_actor, agent.target_critic):  # apart from the online networks
        target.theta += 0.1 * rng.standard_normal(target.theta.shape)
    return agent, sample_batch(n, obs_dim, action_dim, rng)


def sample_batch(n: int, obs_dim: int, action_dim: int, rng: np.random.Generator) -> Batch:
    return Batch(
        obs=rng.standard_normal((n, obs_dim)),
        action=rng.uniform(-1, 1, (n, action_dim)),
        reward=rng.standard_normal(n),
        next_obs=rng.standard_normal((n, obs_dim)),
        terminated=np.arange(n) % 3 == 1,
    )
