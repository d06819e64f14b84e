"""Pendulums for tests: with short episodes, with arguments, and one that waits at a known step."""

import copy
import os
import time
from pathlib import Path

import gymnasium as gym
import numpy as np
from gymnasium.envs.classic_control.pendulum import PendulumEnv

BRIEF, PAUSED = "pendulums:Brief-v0", "pendulums:Paused-v0"
GEARED = "pendulums:Geared-v0"


class Paused(PendulumEnv):
    """In step PAUSE_AT of the first environment, write the file `reached` and wait for `go`."""

    made = 0

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps, self.is_first = 0, not Paused.made
        Paused.made += 1

    def step(self, action):
        self.steps += 1
        if self.is_first and str(self.steps) == os.environ.get("PAUSE_AT"):
            folder = Path(os.environ["PAUSE_IN"])
            (folder / "reached").touch()
            while not (folder / "go").exists():
                time.sleep(0.01)
        return super().step(action)


class Geared(PendulumEnv):
    """Multiply each reward by `gain`; `given` lists the arguments of each instance."""

    given = []  # noqa: RUF012

    def __init__(self, gain=1, parts=(), env_id="", render_mode=None):
        super().__init__(render_mode)
        self.gain = float(gain)
        Geared.given.append((gain, copy.deepcopy(parts)))
        if parts:
            parts.clear()  # an environment may change its arguments

    def step(self, action):
        obs, reward, *rest = super().step(action)
        return obs, self.gain * float(reward), *rest

    def render(self):
        return np.full((4, 4, 3), 200, np.uint8)


gym.register("Geared-v0", entry_point=Geared, max_episode_steps=20)
gym.register("Brief-v0", entry_point=PendulumEnv, max_episode_steps=20)
gym.register("Paused-v0", entry_point=Paused, max_episode_steps=200)
