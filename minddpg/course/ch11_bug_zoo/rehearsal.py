"""Rehearse a training loop in a scripted environment, and record what it does."""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...verification.scripted_env import Happened, Scripted

STEPS, WARMUP = 22, 6


class Stored(NamedTuple):
    """What the loop added to the memory."""

    obs: Array
    action: Array
    reward: float
    next_obs: Array
    terminated: bool


class Rehearsal(NamedTuple):
    """What a loop did. A reward is the number of its transition; episodes have four steps."""

    happened: list[Happened]  # transitions: .obs, .action in the environment's units, .next_obs, …
    stored: list[Stored]  # what was added to the memory: .obs, .action, .reward, …
    seeds: list[int | None]  # of each reset of the environment
    noise_resets: list[int]  # how many transitions there were, at each reset of the noise
    updates: list[int]  # how many there were, at each update
    asked: list[Array]  # each observation that agent.act was given
    noise: list[Array]  # each sample of the noise
    batch_sizes: list[int]


def rehearse(
    train: Any,
    steps: int = STEPS,
    warmup_steps: int = WARMUP,
    seed: int = 0,
    one_memory: bool = True,
) -> Rehearsal:
    """Run train(env, agent, replay, noise, steps, warmup_steps, rng) for a few steps.

    Episodes end alternately by termination and by a time limit. With `one_memory` the environment
    writes every observation into the same array. The noise is so large that some actions leave
    [−1, 1].
    """
    env = Scripted(one_memory)
    found = Rehearsal(env.happened, [], env.seeds, [], [], [], [], [])
    shocks = np.random.default_rng([seed, 1])

    def add(obs: Any, action: Any, reward: Any, next_obs: Any, terminated: Any) -> None:
        arrays = (np.array(x, float) for x in (obs, action, next_obs))
        obs, action, next_obs = arrays
        found.stored.append(Stored(obs, action, float(reward), next_obs, bool(terminated)))

    def sample(batch_size: int, rng: np.random.Generator) -> Batch:
        found.batch_sizes.append(batch_size)
        rng.integers(2**31)
        rows = [found.stored[i % len(found.stored)] for i in range(batch_size)]
        return Batch(*(np.array(column) for column in zip(*rows, strict=True)))

    def act(obs: Any) -> Array:
        found.asked.append(np.array(obs))
        quiet: Array = np.array([0.5, -0.25]) * np.cos(found.asked[-1].sum())
        return quiet

    def shock() -> Array:
        found.noise.append(shocks.normal(0, 0.8, 2))
        return found.noise[-1].copy()

    agent = SimpleNamespace(act=act, update=lambda batch: found.updates.append(len(env.happened)))
    replay = SimpleNamespace(add=add, sample=sample)
    noise = SimpleNamespace(
        sample=shock, reset=lambda: found.noise_resets.append(len(env.happened))
    )
    train(env, agent, replay, noise, steps, warmup_steps, np.random.default_rng(seed))
    return found
