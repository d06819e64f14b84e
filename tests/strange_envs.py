"""Environments that Gymnasium does not have: a harmless one, and many that cause trouble."""

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class Strange(gym.Env):
    """Observations walk at random, the reward is 1; the arguments make it odd.

    `at_step` counts the steps of this object; `trouble` maps a step to what it then returns as
    (observation, reward).
    """

    metadata = {"render_modes": []}  # noqa: RUF012

    def __init__(
        self,
        observation_space=None,
        action_space=None,
        terminate_at=10**9,
        truncate_at=10**9,
        trouble=None,
        render_mode=None,
    ):
        self.observation_space = observation_space or spaces.Box(-np.inf, np.inf, (4,), np.float64)
        self.action_space = action_space or spaces.Box(
            np.array([-1, 0], np.float32), np.array([3, 10], np.float32)
        )
        self.terminate_at, self.truncate_at = terminate_at, truncate_at
        self.trouble = trouble or {}
        self.at_step = self.episode_step = 0
        self.actions, self.seeds = [], []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.seeds.append(seed)
        self.episode_step = 0
        return self._obs(), {}

    def step(self, action):
        self.actions.append(action)
        self.at_step += 1
        self.episode_step += 1
        obs, reward = self.trouble.get(self.at_step, (self._obs(), 1.0))
        terminated = self.episode_step >= self.terminate_at
        return obs, reward, terminated, self.episode_step >= self.truncate_at, {}

    def _obs(self):
        return self.np_random.standard_normal(self.observation_space.shape)


def register(name, **kwargs):
    """Register a variant under a new id, and return the id."""
    env_id = f"minddpg-tests/{name}-v0"
    if env_id not in gym.registry:
        gym.register(env_id, entry_point=Strange, kwargs=kwargs, max_episode_steps=100_000)
    return env_id
