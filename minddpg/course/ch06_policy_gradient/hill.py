"""A critic made of a learner's functions: a hill that does not change, for an actor to climb.

N batch, S observation entries, A action entries.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...experiments.metrics import FIRST_START
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import MAX_SPEED, MAX_TORQUE, PENDULUM

EPISODES = 10  # of an evaluation


class Hill:
    """A critic of one hidden layer, from the two functions of exercise 06.1."""

    def __init__(
        self,
        critic_forward: Callable[..., Any],
        action_gradient: Callable[..., Any],
        weights: dict[str, Array],
    ):
        self._forward, self._slope = critic_forward, action_gradient
        self._weights = [weights[name].astype(np.float64) for name in ("w1", "b1", "w2", "b2")]

    def forward(self, obs: Array, action: Array) -> tuple[Array, Any]:
        """Return q (N,) at obs (N, S) and action (N, A), and the learner's cache."""
        q, cache = self._forward(obs.astype(float), np.asarray(action, float), *self._weights)
        return np.asarray(q), cache

    def action_gradient(self, cache: Any) -> Array:
        """Return dq_da (N, A)."""
        slope = self._slope(cache)
        return np.asarray(slope[0] if isinstance(slope, tuple) else slope)


def new_agent(seed: int, hidden_sizes: tuple[int, ...] = (32, 32)) -> DDPG:
    """Return an untrained agent for Pendulum, in float64."""
    bound = np.array([MAX_TORQUE])
    config = Config(seed=seed, hidden_sizes=hidden_sizes, dtype="float64")
    return DDPG(3, -bound, bound, config, np.random.default_rng(seed))


def observe(angle: Array, speed: Array) -> Array:
    """Return Pendulum's observations (..., 3) of angles and speeds."""
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=-1)


def everywhere(count: int = 2_000, seed: int = 0) -> Array:
    """Draw states uniformly over all angles and speeds: obs (count, 3)."""
    rng = np.random.default_rng(seed)
    return observe(rng.uniform(-np.pi, np.pi, count), rng.uniform(-MAX_SPEED, MAX_SPEED, count))


def swing_up_return(agent: DDPG) -> float:
    """Return the mean return of an agent's policy over ten episodes of Pendulum."""
    return evaluate(agent, PENDULUM, EPISODES, FIRST_START).mean


def small_networks_and_batch() -> tuple[Actor, Critic, Array, Array]:
    """Return new small networks in float64, obs (5, 4) and other actions (5, 2), for a judge."""
    config = Config(hidden_sizes=(8, 6), final_layer_scale=0.6, dtype="float64")
    rng = np.random.default_rng(6)
    actor, critic = Actor(4, 2, config, rng), Critic(4, 2, config, rng)
    return actor, critic, rng.standard_normal((5, 4)), rng.uniform(-1, 1, (5, 2))
