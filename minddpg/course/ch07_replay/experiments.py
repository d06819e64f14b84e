"""Parts of chapter 07's experiments: an environment that reuses its array, gradients of batches."""

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.random import Generator

from ...ddpg.agent import DDPG
from ...ddpg.replay import Batch
from ...nn.layers import Array


class OneArray(gym.ObservationWrapper):
    """A wrapper that writes every observation into the same array and returns that array."""

    def __init__(self, env: Any):
        super().__init__(env)
        self.shared = np.zeros(env.observation_space.shape, np.float32)

    def observation(self, observation: Array) -> Array:
        """Write an observation over the previous one."""
        self.shared[:] = observation
        return self.shared


class References(list[Any]):
    """A faulty replay buffer: it keeps references to the arrays, without copying them."""

    def add(self, *transition: Any) -> None:
        """Keep one transition."""
        self.append(transition)

    def sample(self, batch_size: int, rng: Generator) -> list[Array]:
        """Draw transitions."""
        chosen = [self[i] for i in rng.integers(len(self), size=batch_size)]
        return [np.array(column) for column in zip(*chosen, strict=True)]


def neighbours(history: Batch, starts: Sequence[int], n: int) -> list[Batch]:
    """Return a minibatch of n successive transitions from each start."""
    return [Batch(*(part[start : start + n] for part in history)) for start in starts]


def gradient_variance(agent: DDPG, batches: Sequence[Batch]) -> float:
    """Return the variance of the critic's gradient from batch to batch, summed over all of θ."""
    gradients = [agent.critic_loss(b, agent.td_target(b))[1].copy() for b in batches]
    return float(np.var(gradients, axis=0).sum())
