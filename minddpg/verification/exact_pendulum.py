"""Pendulum-v1 solved on a grid: the reference for what DDPG learns.

The state has two dimensions, angle θ (0 is upright, periodic) and speed θ̇ in rad/s, so dynamic
programming is exact up to the grid. Values between grid points are interpolated linearly. The
environment's time limit of 200 steps is ignored: returns are infinite sums.

K states, N observations of a batch, n points per axis of the grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..ddpg.config import Config
from ..nn.layers import Array

GRAVITY, MASS, LENGTH, DT = 10.0, 1.0, 1.0, 0.05  # as in Gymnasium: m/s², kg, m, s
MAX_SPEED, MAX_TORQUE = 8.0, 2.0  # rad/s, N m
PENDULUM, TIME_LIMIT = "Pendulum-v1", 200  # Gymnasium's id; steps
ACTIONS = np.linspace(-1, 1, 41)  # torques tried by the greedy policy, in units of the largest
LOOKAHEAD = 50  # steps for which a policy is followed between two interpolations of its value
TOLERANCE = 1e-4  # of V, in units of return


def is_solved(config: Config) -> bool:
    """Return whether this is a config's environment: Pendulum-v1 with its default arguments."""
    return config.env_id == PENDULUM and not config.env_kwargs


def step(angle: Array, speed: Array, action: Array) -> tuple[Array, Array, Array]:
    """Return reward, next angle and next speed after an action in [−1, 1]. Broadcasts."""
    torque = MAX_TORQUE * action
    from_upright = (angle + np.pi) % (2 * np.pi) - np.pi
    reward = -(from_upright**2 + 0.1 * speed**2 + 0.001 * torque**2)
    acceleration = 1.5 * GRAVITY / LENGTH * np.sin(angle) + 3 / (MASS * LENGTH**2) * torque
    speed = np.clip(speed + DT * acceleration, -MAX_SPEED, MAX_SPEED)
    return reward, angle + DT * speed, speed


@dataclass(frozen=True, eq=False)
class ExactPendulum:
    """A value function on the grid, and the policy that is greedy with respect to it."""

    values: Array  # (angles, speeds): V at the grid's points
    discount: float

    def value(self, angle: Array, speed: Array) -> Array:
        """Interpolate V at any states; arrays of one shape."""
        return _interpolate(self.values, *_corners(self.values.shape, angle, speed))

    def q(self, angle: Array, speed: Array, action: Array) -> Array:
        """Return r + γ V(s') for actions in [−1, 1]. Broadcasts."""
        reward, next_angle, next_speed = step(angle, speed, action)
        q: Array = reward + self.discount * self.value(next_angle, next_speed)
        return q

    def greedy(self, angle: Array, speed: Array) -> Array:
        """Return the best action in each state (K,): the best of ACTIONS, refined by a parabola."""
        q = self.q(angle, speed, ACTIONS[:, None])
        best, states = q.argmax(axis=0), np.arange(len(angle))
        middle = np.clip(best, 1, len(ACTIONS) - 2)
        left, centre, right = (q[middle + i, states] for i in (-1, 0, 1))
        curvature = np.minimum(left - 2 * centre + right, -1e-12)
        shift = np.clip((left - right) / (2 * curvature), -1, 1)
        vertex = np.clip(ACTIONS[middle] + shift * (ACTIONS[1] - ACTIONS[0]), -1, 1)
        is_better = self.q(angle, speed, vertex) > q[best, states]
        action: Array = np.where(is_better, vertex, ACTIONS[best])
        return action

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the greedy torque in N m, (1,) or (N, 1), for obs (3,) or (N, 3), and None."""
        rows = np.atleast_2d(np.asarray(obs, np.float64))
        torque = MAX_TORQUE * self.greedy(np.arctan2(rows[:, 1], rows[:, 0]), rows[:, 2])
        return torque[:, None].reshape(*np.shape(obs)[:-1], 1), None


def solve(size: int = 301, discount: float = 0.99) -> ExactPendulum:
    """Find V* by policy iteration on grids of growing size, each begun with the V* before."""
    sizes = [n for n in (51, 151) if n < size] + [size]
    exact = ExactPendulum(np.zeros((sizes[0], sizes[0])), discount)
    for n in sizes:
        angle, speed = grid(n)
        exact = ExactPendulum(exact.value(angle, speed), discount)
        change = np.inf
        while change > TOLERANCE:
            greedy = np.stack([exact.greedy(*row) for row in zip(angle, speed, strict=True)])
            improved = policy_value(greedy, discount, exact.values)
            change = float(np.abs(improved.values - exact.values).max())
            exact = improved
    return exact


def follow(policy: Any, angle: Array, speed: Array, steps: int) -> Iterator[tuple[Array, ...]]:
    """Follow a policy without noise from K states at once; yield reward, next angle, next speed.

    Raises:
        ValueError: the policy returns another shape, or a torque that is not finite or too large.
    """
    for _ in range(steps):
        obs = np.stack((np.cos(angle), np.sin(angle), speed), axis=-1)
        torque, _ = policy.predict(obs, deterministic=True)
        if np.shape(torque) != (len(obs), 1):
            raise ValueError(f"the policy maps obs {obs.shape} to {np.shape(torque)}, not (N, 1)")
        if not (np.abs(torque) <= MAX_TORQUE).all():
            raise ValueError(f"the policy's torques are not within {MAX_TORQUE} N m")
        reward, angle, speed = step(angle, speed, np.asarray(torque[:, 0], float) / MAX_TORQUE)
        yield reward, angle, speed


@dataclass(frozen=True, eq=False)
class ExactPolicyValue(ExactPendulum):
    """V^μ and Q^μ of a policy, followed for LOOKAHEAD steps before V is read off the grid."""

    policy: Any

    def value(self, angle: Array, speed: Array) -> Array:
        """Return V^μ at any states; arrays of one shape."""
        returns, *ends, weight = _lookahead(
            self.policy, np.ravel(angle), np.ravel(speed), self.discount
        )
        return np.reshape(returns + weight * super().value(*ends), np.shape(angle))


def exact_q(policy: Any, size: int = 301, discount: float = 0.99) -> ExactPolicyValue:
    """Find Q^μ of any policy: the fixed point of  Q(s, a) ← r + γ Q(s', μ(s'))  (eq. 3).

    Each backup follows the policy for LOOKAHEAD steps before it interpolates, so that the error of
    interpolation enters a few times instead of at every step.

    Args:
        policy: an agent, or anything with  predict(obs (N, 3)) -> (torque (N, 1) in N m, state);
            exploration noise is left out.

    Returns an object with .q(angle, speed, action), Q^μ for actions in [−1, 1], and .value, V^μ.

    Raises:
        ValueError: as in `follow`.
    """
    angle, speed = (part.ravel() for part in grid(size))
    *parts, weight = _lookahead(policy, angle, speed, discount)
    returns, angle, speed = (part.reshape(size, size) for part in parts)
    return ExactPolicyValue(_fixed_point(returns, angle, speed, weight), discount, policy)


def _lookahead(policy: Any, angle: Array, speed: Array, discount: float) -> Any:
    """Return the return of LOOKAHEAD steps from states (K,), where they end, and γ^LOOKAHEAD."""
    returns, weight = np.zeros(len(angle)), 1.0
    path = follow(policy, angle, speed, LOOKAHEAD)
    for reward, angle, speed in path:  # noqa: B007
        returns += weight * reward
        weight *= discount
    return returns, angle, speed, weight


def policy_value(action: Array, discount: float, start: Array | None = None) -> ExactPendulum:
    """Find V^μ of the policy that takes `action` (n, n) at the points of the grid (eq. 3)."""
    return ExactPendulum(_fixed_point(*step(*grid(len(action)), action), discount, start), discount)


def _fixed_point(
    reward: Array, angle: Array, speed: Array, discount: float, start: Array | None = None
) -> Array:
    """Iterate  V ← reward + discount V(angle, speed)  until V is within TOLERANCE of its limit.

    Args:
        reward: (n, n), the return from each point of the grid until its value is read again.
        angle, speed: (n, n), the state in which it is read.
        start: (n, n), the first V; default 0.
    """
    where, weights = _corners(reward.shape, angle, speed)
    values = np.zeros(reward.shape) if start is None else start
    change = np.inf
    while change > TOLERANCE * (1 - discount):
        updated = reward + discount * _interpolate(values, where, weights)
        change = float(np.abs(updated - values).max())
        values = updated
    return values


def _corners(shape: tuple[int, ...], angle: Array, speed: Array) -> tuple[Array, Array]:
    """Return the four grid points around each state, flat indices (4, ·), and their weights."""
    angles, speeds = shape
    x = angle / (2 * np.pi) * angles % angles
    y = (speed + MAX_SPEED) / (2 * MAX_SPEED) * (speeds - 1)
    i, j = x.astype(np.intp) % angles, np.minimum(y.astype(np.intp), speeds - 2)
    fx, fy = x - np.floor(x), y - j
    k = (i + 1) % angles
    where = np.stack([i * speeds + j, i * speeds + j + 1, k * speeds + j, k * speeds + j + 1])
    weights = np.stack([(1 - fx) * (1 - fy), (1 - fx) * fy, fx * (1 - fy), fx * fy])
    return where, weights


def _interpolate(values: Array, where: Array, weights: Array) -> Array:
    interpolated: Array = (values.ravel().take(where) * weights).sum(axis=0)
    return interpolated


def grid(size: int) -> tuple[Array, Array]:
    """Return the angles and speeds (size, size) of the grid's points."""
    angles = 2 * np.pi / size * np.arange(size)
    return tuple(np.meshgrid(angles, np.linspace(-MAX_SPEED, MAX_SPEED, size), indexing="ij"))
