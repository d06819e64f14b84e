"""Map Q*, exact Q^μ and learned Q, the hills that an actor climbs, and compute their slopes.

N states. A map has a row for each of ACTIONS and a column for each of ANGLES, at speed 0.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_TORQUE, exact_q
from ..engine import run
from .learning_agents import Arrays
from .my_ddpg import SOLUTION

ANGLES, ACTIONS = np.linspace(-np.pi, np.pi, 41), np.linspace(-1, 1, 11)
SLICE = np.stack((np.cos(ANGLES), np.sin(ANGLES), 0 * ANGLES), axis=1)  # observations of a map
GRID = 151  # points per axis of exact Q^μ
NEAR = 0.1  # Q has cliffs, so a true slope is a difference of Q at a ± this, not a derivative
STEEP = 1.0  # return per unit of action
TENTHS = 10  # maps are stored as whole tenths, so that the file is small


class Greedy:
    """The policy of an actor's arrays [W1, b1, W2, b2, ...], without noise."""

    def __init__(self, actor: Arrays):
        self.actor = actor

    def act(self, obs: Array) -> Array:
        """Return μ(s) (N, 1)."""
        (forward,) = run(SOLUTION, ["forward"], {}, "10.1 solution")
        action: Array = np.tanh(forward(self.actor, obs)[0])
        return action

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torque (N, 1) in N m, and None."""
        return MAX_TORQUE * self.act(obs), None


def moment(actor: Arrays, critic: Arrays, obs: Array, q_star: Array) -> dict[str, Any]:
    """Return maps, actions and slopes of a pair of networks, and how often the slopes agree.

    Args:
        obs: replayed observations (N, 3), on which the slopes are compared.
        q_star: the map of Q*.
    """
    policy = Greedy(actor)
    exact = exact_q(policy, GRID)
    on_map, on_states = (_slopes(policy, critic, states, exact) for states in (SLICE, obs))
    agree = np.sign(on_states[0]) == np.sign(on_states[1])
    is_steep = np.abs(on_states[1]) > STEEP
    action = policy.act(SLICE)[:, 0]
    return {
        "q_mu": exact.q(ANGLES, 0 * ANGLES, ACTIONS[:, None]),
        "q_theta": np.array([learned(critic, SLICE, 0 * ANGLES + a)[0] for a in ACTIONS]),
        "action": action,  # μ at the states of the map
        "slope_theta": on_map[0],
        "slope_mu": on_map[1],
        "slope_star": _slopes_of_map(q_star, action),
        "agree": agree.mean(),  # share of replayed states with slopes of one sign
        "agree_steep": agree[is_steep].mean() if is_steep.any() else np.nan,
        "steep": is_steep.mean(),
    }


def learned(critic: Arrays, obs: Array, action: Array) -> tuple[Array, Array]:
    """Return Q (N,) and dQ/da (N,) of a critic's arrays."""
    forward, backward = run(SOLUTION, ["forward", "backward"], {}, "10.1 solution")
    q, inputs = forward(critic, np.column_stack((obs, action)))
    grad_joint, _ = backward(critic, inputs, np.ones_like(q))
    return q[:, 0], grad_joint[:, -1]


def _slopes(policy: Greedy, critic: Arrays, obs: Array, exact: Any) -> tuple[Array, Array]:
    """Return the learned slope in a at μ(s), and the true one: both (N,)."""
    action = policy.act(obs)[:, 0]
    angle, speed = np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]
    low, high = _around(action)
    true = (exact.q(angle, speed, high) - exact.q(angle, speed, low)) / (high - low)
    return learned(critic, obs, action)[1], true


def _slopes_of_map(q: Array, action: Array) -> Array:
    """Return the slope of a map in a, at one action for each of its columns."""
    low, high = _around(action)
    rise = [
        np.interp(b, ACTIONS, column) - np.interp(a, ACTIONS, column)
        for a, b, column in zip(low, high, q.T, strict=True)
    ]
    slopes: Array = np.array(rise) / (high - low)
    return slopes


def _around(action: Array) -> tuple[Array, Array]:
    return np.maximum(action - NEAR, -1), np.minimum(action + NEAR, 1)
