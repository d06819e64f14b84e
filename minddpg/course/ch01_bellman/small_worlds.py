"""The worlds of chapter 01: its policies, its tries from one state, the Pendulum as a table.

S states, A actions; T steps.
"""

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import MAX_SPEED, grid, step

SIZE = 41  # number of angles in the table, and of speeds


class Spring:
    """Pull towards upright, and brake; obs is (cosine, sine, speed)."""

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torques for one observation, or for many."""
        return np.clip(-3 * obs[..., 1] - 0.5 * obs[..., 2], -2, 2)[..., None], None


class Table:
    """A policy that looks up the action of the nearest state: policy (S,) of 0, 1 or 2."""

    def __init__(self, policy: Array) -> None:
        self.policy = policy

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torque for one observation."""
        state = nearest_state(np.arctan2(obs[1], obs[0]), obs[2])
        return np.array([2.0 * self.policy[state] - 2.0]), None


def nearest_state(angle: Array, speed: Array) -> Array:
    """Return the row of the table that is nearest to an angle and a speed."""
    row = np.rint(angle / (2 * np.pi) * SIZE).astype(int) % SIZE
    column = np.rint((speed + MAX_SPEED) / (2 * MAX_SPEED) * (SIZE - 1)).astype(int)
    state: Array = row * SIZE + column
    return state


def spring_in_the_table() -> Array:
    """Return the spring as a policy (S,) of the table, rounded to three torques."""
    angle, speed = grid(SIZE)
    torque = np.clip(-3 * np.sin(angle) - 0.5 * speed, -2, 2)
    return np.rint(torque / 2).astype(int).ravel() + 1


def pendulum_table(discount: float = 0.99, hold: int = 4) -> tuple[Array, Array, float]:
    """Return reward (S, A), next_state (S, A), and the discount of one decision.

    An action is held for `hold` steps, and the state after them is rounded to the nearest one.
    """
    angle, speed = (part.reshape(-1, 1) for part in grid(SIZE))
    angle, speed, action = np.broadcast_arrays(angle, speed, np.array([-1.0, 0.0, 1.0]))
    total, weight = np.zeros(angle.shape), 1.0
    for _ in range(hold):
        reward, angle, speed = step(angle, speed, action)
        total, weight = total + weight * reward, weight * discount
    return total, nearest_state(angle, speed), weight


def three_worlds() -> dict[str, Array]:
    """Return the rewards (tries, T) of the spring in worlds with chance in different places."""
    return {
        "nothing random": tries(0, 0),
        "random policy": tries(1, 0),
        "random world: gusts": tries(0, 0.3),
    }


def tries(policy_noise: float, gusts: float, count: int = 60, steps: int = 300) -> Array:
    """Return the rewards (count, T) of the spring's tries, from rest, 0.1 rad from upright."""
    rng = np.random.default_rng(1)
    angle, speed = np.full(count, 0.1), np.zeros(count)
    rewards = []
    for _ in range(steps):
        torque = -3 * np.sin(angle) - 0.5 * speed + policy_noise * rng.standard_normal(count)
        reward, angle, speed = step(angle, speed, np.clip(torque, -2, 2) / 2)
        speed = np.clip(speed + gusts * rng.standard_normal(count), -MAX_SPEED, MAX_SPEED)
        rewards.append(reward)
    return np.transpose(rewards)


def explore(
    usual: Array, randomness: float, next_state: Array, episodes: int = 4000, length: int = 50
) -> Array:
    """Count the visits (S, A) of a policy that takes a share of its actions at random."""
    rng, visits = np.random.default_rng(7), np.zeros(next_state.shape)
    angle, speed = rng.uniform(-np.pi, np.pi, episodes), rng.uniform(-1, 1, episodes)
    state = nearest_state(angle, speed)
    for _ in range(length):
        is_random = rng.random(episodes) < randomness
        action = np.where(is_random, rng.integers(3, size=episodes), usual[state])
        np.add.at(visits, (state, action), 1)
        state = next_state[state, action]
    return visits


def known(visits: Array, policy: Array, next_state: Array) -> Array:
    """Return which pairs (S, A) are known: visited, as are all that the policy meets later."""
    seen = visits > 0
    while True:
        still = seen & seen[next_state, policy[next_state]]
        if (still == seen).all():
            return seen
        seen = still


def as_map(values: Array) -> Array:
    """Turn values (S,) into a map (speeds, angles) with upright in the middle."""
    return np.roll(values.reshape(SIZE, SIZE), SIZE // 2, axis=0).T


def map_axes() -> tuple[Array, Array]:
    """Return the angles and the speeds of a map."""
    angles = (np.arange(SIZE) - SIZE // 2) * 2 * np.pi / SIZE
    return angles, np.linspace(-MAX_SPEED, MAX_SPEED, SIZE)
