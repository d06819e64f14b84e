"""A task in which overestimation has a cost, and in which Q^μ has a simple formula.

There is one state. The reward of an action a (A,) is −mean(a²) plus noise, and an episode never
ends, so that  Q^μ(s, a) = −mean(a²) − γ/(1 − γ) mean(μ²).  The replay buffer is so small that a
critic fits the noise of its transitions, and the actor climbs what the critic has learned.

N batch, A action entries, K seeds, E measurements.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ...ddpg.replay import Batch
from ...nn.layers import Array
from ..list_networks import new_network, parameters_of

ACTIONS, CAPACITY, BATCH, HIDDEN = 5, 300, 64, (32, 32)
UPDATES, EVERY = 1_500, 100
MEASURED = 20  # updates, to learn how long one takes
NOISE, EXPLORATION, SMOOTHING = 1.0, 0.3, 0.2  # standard deviations: reward, behaviour, target
DISCOUNT = 0.8
SETTINGS = DISCOUNT, 0.05, 1e-3, 5e-3  # γ, τ, the actor's learning rate, the critics'
SIZES = (1, *HIDDEN, ACTIONS), (1 + ACTIONS, *HIDDEN, 1)
OBS = np.ones((1, 1))

Update = Callable[[Batch, Array], None]
Maker = Callable[[Any, Any, Any], tuple[Any, Update]]  # of the arrays of actor and two critics


def ddpg(agent_class: Any) -> Maker:
    """Return a function that makes an agent of exercise 10.1."""

    def make(actor: Any, critic: Any, critic2: Any) -> tuple[Any, Update]:
        agent = agent_class(actor, critic, *SETTINGS)
        return agent, lambda batch, noise: agent.update(batch)

    return make


def td3(agent_class: Any, delay: int = 2, smoothing: float = SMOOTHING) -> Maker:
    """Return a function that makes an agent of exercise 12.6."""

    def make(actor: Any, critic: Any, critic2: Any) -> tuple[Any, Update]:
        agent = agent_class(actor, critic, critic2, *SETTINGS, 2.5 * smoothing, delay)
        return agent, lambda batch, noise: agent.update(batch, smoothing * noise)

    return make


def in_time(makers: dict[str, Maker], seeds: int, seconds: float) -> dict[str, Array]:
    """Train each agent with all seeds that fit into this time; return (2, seeds, E) for each.

    If not even one seed fits, the agent is left out. A printed line says how many seeds fit.
    """
    found, share = {}, seconds / len(makers)
    for name, make in makers.items():
        start = time.perf_counter()
        learn(make, 0, MEASURED)
        needed = (time.perf_counter() - start) * UPDATES / MEASURED
        count = min(seeds, int(share // needed))
        if count < seeds:
            print(
                f"{name}: {count} of {seeds} seeds, because one takes about {needed:.0f} s."
                " To train more, raise `seconds`."
            )
        if count:
            runs = np.array([learn(make, seed, UPDATES) for seed in range(count)])  # (seeds, 2, E)
            found[name] = np.moveaxis(runs, 1, 0)
    return found


def learn(make: Maker, seed: int, updates: int = UPDATES) -> tuple[Array, Array]:
    """Let an agent explore and learn; return its bias Q_θ − Q^μ at μ(s), and its reward: (E,).

    The reward is that of μ(s), without the noise; 0 is the best.
    """
    rng = np.random.default_rng(seed)
    actor_sizes, critic_sizes = SIZES
    networks = [new_network(sizes, rng) for sizes in (actor_sizes, critic_sizes, critic_sizes)]
    agent, update = make(*networks)
    action = rng.uniform(-1, 1, (CAPACITY, ACTIONS))
    reward = _reward(action) + NOISE * rng.standard_normal(CAPACITY)
    ones, never = np.ones((BATCH, 1)), np.zeros(BATCH, bool)
    biases, rewards = [], []
    for i in range(1, updates + 1):
        tried = np.reshape(agent.act(OBS), -1) + EXPLORATION * rng.standard_normal(ACTIONS)
        oldest = i % CAPACITY
        action[oldest] = np.clip(tried, -1, 1)
        reward[oldest] = _reward(action[oldest]) + NOISE * rng.standard_normal()
        drawn = rng.integers(CAPACITY, size=BATCH)
        batch = Batch(ones, action[drawn], reward[drawn], ones, never)
        update(batch, rng.standard_normal((BATCH, ACTIONS)))
        if i % EVERY == 0:
            mu = np.reshape(agent.act(OBS), -1)
            critic = parameters_of(agent.critic, critic_sizes)
            biases.append(_value(critic, mu) - _reward(mu) / (1 - DISCOUNT))
            rewards.append(_reward(mu))
    return np.array(biases), np.array(rewards)


def _reward(action: Array) -> Any:
    return -np.mean(action**2, axis=-1)


def _value(critic: Any, action: Array) -> float:
    """Return Q(s, a) of a critic's arrays."""
    x = np.concatenate((OBS[0], action))
    for i in range(0, len(critic), 2):
        x = (np.maximum(x, 0) if i else x) @ critic[i] + critic[i + 1]
    return float(x[0])
