"""Pendulums for tests: one with short episodes, and one that waits at a known step."""

import os
import time
from pathlib import Path

import gymnasium as gym
from gymnasium.envs.classic_control.pendulum import PendulumEnv

BRIEF, PAUSED = "pendulums:Brief-v0", "pendulums:Paused-v0"


class Paused(PendulumEnv):
    """In step PAUSE_AT of the first environment made, write `reached` and wait for `go`."""

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


gym.register("Brief-v0", entry_point=PendulumEnv, max_episode_steps=20)
gym.register("Paused-v0", entry_point=Paused, max_episode_steps=200)
