"""An environment that follows a script and records every transition and reset.

S = 2, A = 2. An observation is [episode, step in it]; a reward is the number of the transition, so
that each can be recognised. Episodes end alternately by termination and by a time limit.
"""

from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from ..nn.layers import Array

LENGTH = 4  # steps of an episode


class Happened(NamedTuple):
    """A transition that happened; the action is in the environment's units."""

    obs: Array
    action: Array
    next_obs: Array
    terminated: bool


class Scripted(gym.Env[Any, Any]):
    """A scripted environment.

    Args:
        one_memory: write every observation into the same array, as some simulators do.

    Attributes:
        happened: every transition; a transition's reward is its index.
        seeds: the seed of every reset.
    """

    observation_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float64)
    action_space = gym.spaces.Box(np.array([-1.0, 2.0]), np.array([2.0, 6.0]), dtype=np.float64)

    def __init__(self, one_memory: bool = False) -> None:
        self.one_memory = one_memory
        self.happened: list[Happened] = []
        self.seeds: list[int | None] = []
        self.obs = np.zeros(2)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Array, Any]:
        self.seeds.append(seed)
        return self._now_at(len(self.seeds), 0), {}

    def _now_at(self, *obs: float) -> Array:
        self.obs = self.obs if self.one_memory else np.zeros(2)
        self.obs[:] = obs
        return self.obs

    def step(self, action: Array) -> tuple[Array, float, bool, bool, Any]:
        before = self.obs.copy()
        obs = self._now_at(before[0], before[1] + 1)
        ended, by_limit = obs[1] == LENGTH, len(self.seeds) % 2 == 0
        terminated, truncated = bool(ended and not by_limit), bool(ended and by_limit)
        self.happened.append(Happened(before, np.copy(action), obs.copy(), terminated))
        return obs, float(len(self.happened) - 1), terminated, truncated, {}


def in_units(action: Array) -> Array:
    """Map actions from [−1, 1] to this environment's bounds."""
    low, high = Scripted.action_space.low, Scripted.action_space.high
    env_action: Array = low + (action + 1) / 2 * (high - low)
    return env_action
