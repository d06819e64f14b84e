"""Chapter 10, your DDPG: what a training loop does, noted down in a scripted world."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import Scripted, in_units

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")


class Diary:
    """An agent and a replay buffer in one, which note what they are asked for, and when.

    A time is the number of transitions that the world has behind it.
    """

    def __init__(self, world: Scripted):
        self.world = world
        self.times: dict[str, list[int]] = {
            name: [] for name in ("random", "noisy", "update", "noise reset")
        }
        self.stored: dict[str, list[Array]] = {name: [] for name in FIELDS}
        self.drawn: list[int] = []  # sizes of the minibatches
        self.noise = SimpleNamespace(reset=lambda: self._note("noise reset"))
        self.action_box = SimpleNamespace(to_env=in_units)

    def _note(self, name: str) -> None:
        self.times[name].append(len(self.world.happened))

    def _action(self) -> Array:
        return np.asarray(np.cos(len(self.world.happened) + np.arange(2.0)))

    def random_action(self) -> Array:
        self._note("random")
        return self._action()

    def act(self, obs: Array, explore: bool = False) -> Array:
        if explore:
            self._note("noisy")
        return self._action()

    def update(self, batch: Any) -> dict[str, float]:
        self._note("update")
        return {}

    def add(self, *transition: Any, **named: Any) -> None:
        for name, value in {**dict(zip(FIELDS, transition, strict=False)), **named}.items():
            self.stored[name].append(np.copy(value))

    def sample(self, batch_size: int, rng: np.random.Generator) -> str:
        self.drawn.append(batch_size)
        return "a minibatch"

    def __len__(self) -> int:
        return len(self.stored["obs"])
