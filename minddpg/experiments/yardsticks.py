"""Measure the exact and a random policy on Pendulum, for comparison with a run's return.

V* takes seconds to compute, so it is kept in a file;  python -m minddpg.experiments.yardsticks
writes it again. K starts.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..nn.layers import Array
from ..storage import load_arrays, save_arrays
from ..verification.exact_pendulum import MAX_TORQUE, TIME_LIMIT, ExactPendulum, follow, solve
from .metrics import pendulum_starts

FILE = Path(__file__).with_name("pendulum_values.npz")
UNIT = 1 / 256  # of return, to which the file rounds: a mean over ten starts is off by about 0.01
RANDOM_EPISODES = 1_000  # so that the mean of random policies is off by about 10


class Yardsticks(NamedTuple):
    """Mean returns within the time limit, undiscounted."""

    exact: float
    random: float


def yardsticks(first_start: int, starts: int) -> Yardsticks:
    """Measure both policies on Pendulum's resets with the seeds first_start, first_start + 1, …"""
    states = pendulum_starts(first_start, starts)
    repeats = -(-RANDOM_EPISODES // starts)
    several = [np.tile(state, repeats) for state in states]
    return Yardsticks(_mean_return(load_exact(), *states), _mean_return(RandomPolicy(), *several))


class RandomPolicy:
    """A policy that draws every torque uniformly, with the same seed in each process."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return a torque in N m for each obs (N, 3): (N, 1)."""
        return self.rng.uniform(-MAX_TORQUE, MAX_TORQUE, (len(obs), 1)), None


def _mean_return(policy: object, angle: Array, speed: Array) -> float:
    rewards = [reward for reward, *_ in follow(policy, angle, speed, TIME_LIMIT)]
    return float(np.sum(rewards) / len(angle))


def load_exact() -> ExactPendulum:
    """Read V* as solve() finds it, rounded."""
    arrays = load_arrays(FILE)
    half = arrays["units"] * -UNIT
    # the pendulum's mirror image has the same value: V(−θ, −θ̇) = V(θ, θ̇)
    return ExactPendulum(np.concatenate((half, half[:0:-1, ::-1])), float(arrays["discount"]))


def save_exact(exact: ExactPendulum, path: Path = FILE) -> None:
    """Write V* as load_exact() reads it: in units, for angles from 0 to half a turn."""
    half = exact.values[: len(exact.values) // 2 + 1]
    units = np.rint(half / -UNIT).astype(np.uint16)
    save_arrays(path, units=units, discount=exact.discount)


if __name__ == "__main__":
    save_exact(solve())
