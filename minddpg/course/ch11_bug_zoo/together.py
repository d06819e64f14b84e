"""Let a repaired agent, buffer and loop learn Pendulum-v1 together."""

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import numpy as np

from ...ddpg.noise import GaussianNoise
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import PENDULUM

PIECES, STEPS, WARMUP = 6, 1_000, 500  # pieces of training, steps of each, of which random
HIDDEN = 48
SETTINGS = 0.99, 0.02, 1e-3, 2e-3  # discount, tau, actor_rate, critic_rate


def learn_together(
    agent_class: Any, buffer_class: Any, train: Any, seed: int = 0
) -> tuple[Array, Array]:
    """Train with all three; return the steps, and the mean return after each piece."""
    rng = np.random.default_rng(seed)
    agent = agent_class(_network((3, 1), rng), _network((4, 1), rng), *SETTINGS)
    replay = buffer_class(PIECES * STEPS, 3, 1)
    noise = GaussianNoise(1, 0.3, rng)
    policy = SimpleNamespace(predict=lambda obs, deterministic: (2 * agent.act(obs), None))
    returns = []
    with closing(gym.make(PENDULUM)) as env:
        for piece in range(PIECES):
            train(env, agent, replay, noise, STEPS, 0 if piece else WARMUP, rng)
            returns.append(evaluate(policy, PENDULUM, episodes=10).mean)
    return STEPS * np.arange(1, PIECES + 1), np.array(returns)


def _network(ends: tuple[int, int], rng: np.random.Generator) -> list[Array]:
    """Draw [W1, b1, W2, b2, W3, b3], with a small last layer."""
    sizes = ends[0], HIDDEN, HIDDEN, ends[1]
    arrays: list[Array] = []
    for i in range(3):
        bound = 0.003 if i == 2 else 1 / np.sqrt(sizes[i])
        arrays.append(rng.uniform(-bound, bound, (sizes[i], sizes[i + 1])))
        arrays.append(rng.uniform(-bound, bound, sizes[i + 1]))
    return arrays
