"""Build a fixed critic from a learner's functions, a hill for an actor to climb; helpers for that.

N batch, S observation entries, A action entries.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...experiments.metrics import FIRST_START
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import MAX_SPEED, MAX_TORQUE, PENDULUM
from ..precomputed import precomputed

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


def mean_q(actor: Any, critic: Any, obs: Array) -> float:
    """Return the mean of Q(s, μ(s)) over obs (N, S): the surrogate without its minus."""
    return float(np.mean(critic.forward(obs, actor.forward(obs)[0])[0]))


def progress(agent: DDPG, critic: Hill, obs: Array) -> str:
    """Return an actor's mean Q over obs and its mean return over ten episodes, as text."""
    mean_return = evaluate(agent, PENDULUM, EPISODES, FIRST_START).mean
    text = f"mean Q {mean_q(agent.actor, critic, obs):.1f}, return {mean_return:,.0f}"
    return text.replace("-", "−")


def announce(count: int, function: Callable[..., Any], *arguments: Any) -> None:
    """Print how long `count` calls of a function will take, if it is more than a minute."""
    start = perf_counter()
    function(*arguments)
    minutes = count * (perf_counter() - start) / 60
    if minutes > 1:
        print(f"{count:,} calls of your function will take about {minutes:.0f} minutes.")


def trained_agent() -> tuple[DDPG, Array]:
    """Return an agent after 12,000 steps of training on Pendulum, and obs from its buffer."""
    saved, agent = precomputed("ch06/agent"), new_agent(1, (64, 64))
    agent.actor.theta[:], agent.critic.theta[:] = saved["actor"], saved["critic"]
    return agent, saved["obs"]


def critic_descends(agent: DDPG, obs: Array) -> None:
    """Let the critic take a step down the actor's loss, a mistake that the chapter shows."""
    q, cache = agent.critic.forward(obs, agent.actor.forward(obs)[0])
    agent.critic_optimizer.step(agent.critic.backward(-np.ones_like(q) / len(q), cache))


def small_networks_and_batch() -> tuple[Actor, Critic, Array, Array]:
    """Return new small networks in float64, obs (5, 4) and other actions (5, 2), for a judge."""
    config = Config(hidden_sizes=(8, 6), final_layer_scale=0.6, dtype="float64")
    rng = np.random.default_rng(6)
    actor, critic = Actor(4, 2, config, rng), Critic(4, 2, config, rng)
    return actor, critic, rng.standard_normal((5, 4)), rng.uniform(-1, 1, (5, 2))
