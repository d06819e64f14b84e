"""The playground's views of an agent: its networks on grids, and an exam of its policy.

G angles and U torques of a slice of Q, V angles and W speeds of the policy's map, K starts and
T steps of the exam. Angles in rad, 0 is upright; torques in [−1, 1].
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from minddpg.ddpg.agent import DDPG
from minddpg.nn.layers import Array
from minddpg.verification.exact_pendulum import MAX_SPEED, MAX_TORQUE, TIME_LIMIT, follow

ANGLES = np.linspace(-np.pi, np.pi, 61)  # (G,)
TORQUES = np.linspace(-1, 1, 33)  # (U,)
MAP = np.meshgrid(np.linspace(-np.pi, np.pi, 41), np.linspace(-MAX_SPEED, MAX_SPEED, 31))  # (W, V)
TAIL = 50  # last steps of the exam, whose mean reward estimates all later rewards

Context = Callable[[], AbstractContextManager[None]]


def observations(angle: Array, speed: Array) -> Array:
    """Return the observations (N, 3) of states (N,), in float32."""
    obs: Array = np.stack((np.cos(angle), np.sin(angle), speed), axis=1).astype(np.float32)
    return obs


@np.errstate(all="ignore")  # a run that diverges is shown until it stops
def view(agent: DDPG, speed: float, with_map: bool, correct: Context) -> dict[str, Any]:
    """Return Q(s, a) at one speed, μ(s) and ∇a Q there, and perhaps μ over all states.

    Args:
        correct: a context in which the package's own code runs, whatever bug is planted.
    """
    obs = agent.normalize(observations(ANGLES, np.full(len(ANGLES), speed)))  # (G, 3)
    action, _ = agent.actor.forward(obs)
    torques = np.tile(TORQUES, len(obs))[:, None].astype(obs.dtype)
    q, _ = agent.critic.forward(obs.repeat(len(TORQUES), axis=0), torques)
    slope = _slope(agent, obs, action)
    with correct():
        true_slope = _slope(agent, obs, action)
    states = observations(*(part.ravel() for part in MAP)) if with_map else None
    return {
        "speed": speed,
        "angles": _floats(ANGLES),
        "torques": _floats(TORQUES),
        "q": _floats(q),  # (G U,)
        "mu": _floats(action),  # (G,)
        "slope": _floats(slope),  # (G,), as the code, with its bug, gives it to the actor
        "trueSlope": _floats(true_slope),  # (G,)
        "map": None if states is None else _floats(agent.act(states)),  # (W V,)
    }


def _slope(agent: DDPG, obs: Array, action: Array) -> Array:
    _, cache = agent.critic.forward(obs, action)
    return agent.critic.action_gradient(cache)


def _starts(count: int = 16) -> tuple[Array, Array]:
    """Return angles and speeds (K,): first hanging at rest, then drawn as in the environment."""
    rng = np.random.default_rng(0)
    angle, speed = rng.uniform(-np.pi, np.pi, count), rng.uniform(-1, 1, count)
    angle[0], speed[0] = np.pi, 0
    return angle, speed


STARTS = _starts()


class _Film:
    """A policy that records the observations and torques of its first episode."""

    def __init__(self, agent: DDPG):
        self.agent = agent
        self.frames: list[tuple[float, ...]] = []  # cos, sin, speed, torque

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        torque, state = self.agent.predict(obs, deterministic=deterministic)
        self.frames.append((*obs[0], torque[0, 0] / MAX_TORQUE))
        return torque, state


@np.errstate(all="ignore")
def exam(agent: DDPG) -> dict[str, Any] | None:
    """Follow the policy without noise from K starts for an episode's T steps, by exact physics.

    Returns:
        The film of the first start; the score, which is the mean return; and, as means over the
        starts, the promised Q(s, μ(s)) and the earned discounted return. None if the torques are
        not valid for the pendulum.
    """
    film = _Film(agent)
    try:
        rewards = np.stack([reward for reward, *_ in follow(film, *STARTS, TIME_LIMIT)])  # (T, K)
    except ValueError:  # the policy has diverged
        return None
    obs = agent.normalize(observations(*STARTS))
    promised, _ = agent.critic.forward(obs, agent.actor.forward(obs)[0])
    discounts = agent.config.discount ** np.arange(TIME_LIMIT + 1)
    rest = rewards[-TAIL:].mean() / (1 - agent.config.discount)  # 13 % of it counts at γ = 0.99
    earned = discounts[:-1] @ rewards.mean(axis=1) + discounts[-1] * rest
    cos, sin, speed, torque = np.transpose(film.frames)
    return {
        "angle": _floats(np.arctan2(sin, cos)),
        "speed": _floats(speed),
        "torque": _floats(torque),
        "score": float(rewards.sum(axis=0).mean()),
        "promised": float(promised.mean()),
        "earned": float(earned),
    }


def _floats(array: Array) -> Array:
    """Return a flat copy in float32, as a message takes it."""
    return np.array(array, np.float32).ravel()
