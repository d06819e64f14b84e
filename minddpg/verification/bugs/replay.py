"""Bugs of the replay buffer.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...ddpg.replay import Batch, ReplayBuffer
from ...nn.layers import Array
from ...training.environment import Environment
from .bug import Bug, Patch


def _unwritten_too(self: ReplayBuffer, batch_size: int, rng: np.random.Generator) -> Batch:
    return _rows(self, rng.integers(self.capacity, size=batch_size))


def _newest_only(self: ReplayBuffer, batch_size: int, rng: np.random.Generator) -> Batch:
    newest = np.arange(self.added - batch_size, self.added) % self.capacity
    return _rows(self, newest % len(self))


def _rows(replay: ReplayBuffer, rows: Array) -> Batch:
    obs, action, reward, next_obs, terminated = (field[rows] for field in replay.fields)
    return Batch(obs, action, reward, next_obs, terminated != 0)


def _one_slot_short(self: ReplayBuffer, *transition: Any) -> None:
    row = self.added % max(self.capacity - 1, 1)
    for field, value in zip(self.fields, transition, strict=True):
        field[row] = value
    self.added += 1


def _by_reference() -> tuple[Patch, ...]:
    """Let the environment reuse one array, and the buffer keep references instead of copies."""
    original_reset, original_step = Environment.reset, Environment.step

    def written(self: Any, obs: Array) -> Array:
        if not hasattr(self, "reused"):
            self.reused = obs.copy()
        self.reused[:] = obs
        return np.asarray(self.reused)

    def reset(self: Environment, seed: int) -> Array:
        return written(self, original_reset(self, seed))

    def step(self: Environment, action: Array) -> tuple[Array, float, bool, bool]:
        obs, *rest = original_step(self, action)
        return (written(self, obs), *rest)  # type: ignore[return-value]

    def add(self: Any, *transition: Any) -> None:
        vars(self).setdefault("kept", []).append(transition)
        self.added += 1

    def sample(self: Any, batch_size: int, rng: np.random.Generator) -> Batch:
        kept = self.kept[-self.capacity :]
        chosen = [kept[i] for i in rng.integers(len(kept), size=batch_size)]
        columns = [np.array(column, self.rows.dtype) for column in zip(*chosen, strict=True)]
        obs, action, reward, next_obs, terminated = columns
        return Batch(obs, action, reward, next_obs, terminated != 0)

    return (
        (Environment, "reset", reset),
        (Environment, "step", step),
        (ReplayBuffer, "add", add),
        (ReplayBuffer, "sample", sample),
    )


BUGS = {
    "unwritten-rows": Bug(
        "Minibatches are drawn from the whole memory, rows that were never written included.",
        ((ReplayBuffer, "sample", _unwritten_too),),
    ),
    "newest-only": Bug(
        "Minibatches are the newest transitions in their order: there is a replay, but no draw.",
        ((ReplayBuffer, "sample", _newest_only),),
    ),
    "wraparound": Bug(
        "The write index wraps one row too early: the last row is never written, yet sampled.",
        ((ReplayBuffer, "add", _one_slot_short),),
        settings={"replay_capacity": 2_000},
    ),
    "by-reference": Bug(
        "The buffer keeps observations by reference, and the environment reuses its array.",
        _by_reference(),
        "github.com/google-deepmind/dm_control, issue 34, is such an environment",
    ),
}
