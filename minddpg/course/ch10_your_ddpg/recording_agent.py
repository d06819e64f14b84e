"""Test doubles that record what a training loop does: an environment, an agent, a replay buffer.

S observation entries, A action entries. Time is counted in transitions of the environment.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ...nn.layers import Array
from ...verification.scripted_env import Scripted
from ..engine import InvalidAnswer

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")


class Minibatch(NamedTuple):
    """What the replay buffer returns: numbered, so that update's argument can be recognised."""

    number: int
    size: int


class RecordingEnv:
    """The scripted environment in other units: observations (S,), rewards of both signs.

    Every third episode terminates at its time limit: it is truncated, too.

    Args:
        limit: a loop that takes more steps counts as endless.
    """

    def __init__(self, obs_dim: int, reward_scale: float, reward_offset: float, limit: int):
        self.script, self.limit = Scripted(), limit
        self.mix = np.cos(np.arange(2.0 * obs_dim)).reshape(2, obs_dim)
        self.scale, self.offset = reward_scale, reward_offset
        self.obs = np.zeros(obs_dim)  # the latest, before the next step
        self.resets_at: list[int] = []

    @property
    def time(self) -> int:
        return len(self.script.happened)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Array, Any]:
        if seed is not None and not (isinstance(seed, int) and seed >= 0):
            raise InvalidAnswer(  # as Gymnasium does
                f"env.reset needs Python's own int as its seed, and got {seed!r}:"
                " write seed=int(rng.integers(2**31)).",
                "a seed that Gymnasium refuses",
            )
        self.resets_at.append(self.time)
        obs, info = self.script.reset(seed=seed)
        return self._seen(obs), info

    def step(self, action: Array) -> tuple[Array, float, bool, bool, Any]:
        if self.time == self.limit:
            raise InvalidAnswer(f"The loop does not end: it has taken {self.time} steps.")
        obs, index, terminated, truncated, info = self.script.step(action)
        if len(self.script.seeds) % 3 == 0:
            terminated = truncated = terminated or truncated
        return self._seen(obs), self.scale * index + self.offset, terminated, truncated, info

    def _seen(self, obs: Array) -> Array:
        self.obs = obs @ self.mix
        return self.obs.copy()


class RecordingAgent:
    """An agent whose actions depend on time and on whether it explores."""

    def __init__(self, env: RecordingEnv, action_dim: int):
        self.env, self.action_dim = env, action_dim
        self.times: dict[str, list[int]] = {
            name: [] for name in ("random", "noisy", "greedy", "update", "noise reset")
        }
        self.batches: list[Any] = []
        self.sees_now = True  # act was always given the environment's latest observation
        self.noise = SimpleNamespace(
            reset=lambda: self._record("noise reset"), sample=self._add_noise_twice
        )
        self.action_box = SimpleNamespace(to_env=lambda action: 2.5 * np.asarray(action) + 0.75)

    def _record(self, name: str) -> None:
        self.times[name].append(self.env.time)

    def _add_noise_twice(self) -> Array:
        text = "act(obs, explore=True) already adds the noise: noise.sample() adds it twice."
        raise InvalidAnswer(text, "noise added twice")

    def _action(self, phase: float) -> Array:
        action: Array = np.cos(self.env.time + phase + np.arange(float(self.action_dim)))
        return action

    def random_action(self) -> Array:
        self._record("random")
        return self._action(0.0)

    def act(self, obs: Array, explore: bool = False) -> Array:
        shape, latest = np.shape(obs), self.env.obs
        self.sees_now &= shape == latest.shape and bool(np.abs(obs - latest).max() < 1e-5)
        self._record("noisy" if explore else "greedy")
        return self._action(0.3 if explore else 0.6)

    def update(self, batch: Any) -> dict[str, float]:
        self._record("update")
        self.batches.append(batch)
        return {}


class RecordingReplay:
    """A replay buffer that keeps every row and records how it was sampled."""

    def __init__(self, env: RecordingEnv) -> None:
        self.env = env
        self.is_up_to_date = True  # whenever it was sampled, every transition was in it
        self.stored: dict[str, list[Array]] = {name: [] for name in FIELDS}
        self.batch_sizes: list[int] = []
        self.draws: list[int] = []  # a number that each call of sample drew from its rng

    def add(
        self, obs: Array, action: Array, reward: float, next_obs: Array, terminated: bool
    ) -> None:
        row: tuple[Any, ...] = (obs, action, reward, next_obs, terminated)
        for name, value in zip(FIELDS, row, strict=True):
            self.stored[name].append(np.copy(value))

    def sample(self, batch_size: int, rng: np.random.Generator) -> Minibatch:
        self.is_up_to_date &= len(self) == self.env.time
        self.draws.append(int(rng.integers(2**62)))
        self.batch_sizes.append(batch_size)
        return Minibatch(len(self.batch_sizes) - 1, batch_size)

    def __len__(self) -> int:
        return len(self.stored["obs"])
