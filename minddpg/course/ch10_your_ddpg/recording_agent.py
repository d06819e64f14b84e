"""A test double: agent and replay buffer in one, recording what a training loop does with them."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import Scripted, in_units

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")


class RecordingAgent:
    """Record each call and its time, counted in transitions of the environment."""

    def __init__(self, env: Scripted):
        self.env = env
        self.times: dict[str, list[int]] = {
            name: [] for name in ("random", "noisy", "update", "noise reset")
        }
        self.stored: dict[str, list[Array]] = {name: [] for name in FIELDS}
        self.batch_sizes: list[int] = []
        self.noise = SimpleNamespace(reset=lambda: self._record("noise reset"))
        self.action_box = SimpleNamespace(to_env=in_units)

    def _record(self, name: str) -> None:
        self.times[name].append(len(self.env.happened))

    def _action(self) -> Array:
        action: Array = np.cos(len(self.env.happened) + np.arange(2.0))
        return action

    def random_action(self) -> Array:
        self._record("random")
        return self._action()

    def act(self, obs: Array, explore: bool = False) -> Array:
        if explore:
            self._record("noisy")
        return self._action()

    def update(self, batch: Any) -> dict[str, float]:
        self._record("update")
        return {}

    def add(self, *transition: Any, **named: Any) -> None:
        for name, value in {**dict(zip(FIELDS, transition, strict=False)), **named}.items():
            self.stored[name].append(np.copy(value))

    def sample(self, batch_size: int, rng: np.random.Generator) -> str:
        self.batch_sizes.append(batch_size)
        return "a minibatch"

    def __len__(self) -> int:
        return len(self.stored["obs"])
