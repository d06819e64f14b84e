"""The replay buffer: a finite, first-in-first-out cache of transitions, sampled uniformly.

N transitions, S observation entries, A action entries. A transition is one row of a single array,

    [ observation (S) | action (A) | reward | next observation (S) | terminated ]

so that adding writes one row, and sampling is one gather.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from ..nn.layers import Array


class Batch(NamedTuple):
    """N transitions. Actions are the agent's own, in [−1, 1]."""

    obs: Array  #: (N, S)
    action: Array  #: (N, A)
    reward: Array  #: (N,)
    next_obs: Array  #: (N, S)
    terminated: Array  #: (N,) bool, true where the MDP ended; a time limit is not an end


class ReplayBuffer:
    """Keep the last `capacity` transitions, as copies; the memory is touched only as it fills.

    Raises:
        ValueError: a number below 1.
    """

    def __init__(self, capacity: int, obs_dim: int, action_dim: int, dtype: str = "float32"):
        if min(sizes := (capacity, obs_dim, action_dim)) < 1:
            raise ValueError(f"capacity, obs_dim, action_dim = {sizes}: must be at least 1")
        self.capacity, self.dims = capacity, (obs_dim, action_dim)
        self.rows = np.zeros((capacity, obs_dim + action_dim + 1 + obs_dim + 1), dtype)
        self.fields = _split(self.rows, obs_dim, action_dim)
        self.added = 0  # transitions ever added; the next one goes to row added % capacity

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    def __repr__(self) -> str:
        return f"<ReplayBuffer: {len(self):,} of {self.capacity:,} transitions>"

    def add(self, obs: Any, action: Any, reward: float, next_obs: Any, terminated: bool) -> None:
        """Copy in one transition: (S,), (A,) in [−1, 1], reward, (S,), whether the MDP ended.

        Raises:
            ValueError: one of them has a wrong shape; names it.
        """
        pairs = list(zip(self.fields, (obs, action, reward, next_obs, terminated), strict=True))
        for name, (field, value) in zip(Batch._fields, pairs, strict=True):
            if np.shape(value) != field.shape[1:]:
                raise ValueError(f"{name} has shape {np.shape(value)}, not {field.shape[1:]}")
        for field, value in pairs:
            field[self.added % self.capacity] = value
        self.added += 1

    def sample(self, batch_size: int, rng: Generator) -> Batch:
        """Draw transitions uniformly, with replacement, as copies.

        Raises:
            ValueError: nothing was added yet.
        """
        if not self.added:
            raise ValueError("the replay buffer is empty: add a transition before sampling")
        # every Python draws int64; take() wants intp, which is narrower in a 32-bit Python
        chosen = rng.integers(len(self), size=batch_size).astype(np.intp, copy=False)
        rows = self.rows.take(chosen, axis=0)
        obs, action, reward, next_obs, terminated = _split(rows, *self.dims)
        return Batch(obs, action, reward, next_obs, terminated != 0)


def _split(rows: Array, obs_dim: int, action_dim: int) -> tuple[Array, ...]:
    """View rows (N, ·) as obs, action, reward (N,), next_obs and terminated (N,)."""
    a, r = obs_dim, obs_dim + action_dim  # where action and reward begin
    return rows[:, :a], rows[:, a:r], rows[:, r], rows[:, r + 1 : -1], rows[:, -1]
