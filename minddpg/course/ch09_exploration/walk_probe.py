"""Measure the pull and the shocks of a learner's Ornstein–Uhlenbeck noise.

Noises with equal seeds draw equal random numbers, whatever theta, sigma and dt are. The unit walk,
without pull and with sigma = dt = 1, shows these numbers. They explain the steps of other walks.

T steps, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import InvalidAnswer, Observed, arrays, call

NO_PULL = 1e-12  # not zero, because a learner's code may divide by theta
STEPS, AFTER = 20, 6  # before a reset; after it
FAR = 5.0  # a walk without pull goes further than this in some hundred steps
CLOSE, EXACT = 1e-2, 1e-4  # relative errors, above those of float16 and of float32


class Noises:
    """Noises of one learner's class, with A entries each."""

    def __init__(self, cls: Any, action_dim: int):
        self.cls, self.action_dim = cls, action_dim

    def new(self, theta: float, sigma: float, dt: float, seed: int) -> Any:
        """Create a noise with its own generator."""
        settings = self.action_dim, theta, sigma, dt, np.random.default_rng(seed)
        return call(self.cls, *settings, changes=(4,))

    def step(self, noise: Any) -> Array:
        """Return the next sample (A,); a single number is repeated for all entries."""
        x = noise.sample()
        if isinstance(x, np.ndarray) and x.shape == (self.action_dim,):
            return x.copy()
        (x,) = arrays((call(lambda: x),), ["x"], noise.sample)
        if x.shape not in ((), (self.action_dim,)):
            raise InvalidAnswer(
                f"sample should return x of shape ({self.action_dim},), not {x.shape}."
            )
        return np.broadcast_to(x, (self.action_dim,))

    def shape(self, noise: Any) -> tuple[int, ...]:
        """Return the shape of the next sample; () if there is none."""
        try:
            return np.shape(noise.sample())
        except ValueError:  # another noise has changed the shape of x
            return ()

    def paths(self, noises: list[Any], steps: int) -> list[Array]:
        """Return a path (T, A) of each noise; the noises step in turn."""
        samples = np.array([[self.step(noise) for noise in noises] for _ in range(steps)], float)
        return list(samples.swapaxes(0, 1))

    def far(self, noise: Any, path: Array, steps: int) -> Array:
        """Continue a path to this number of steps, without validating the samples."""
        more = [np.zeros(self.action_dim) + noise.sample() for _ in range(steps - len(path))]
        return np.concatenate([path, more])


def fitted(path: Array, unit: Array) -> tuple[Array, float]:
    """Fit a path's steps by x, 1 and the unit walk's numbers; return factors (3,) and the error.

    These numbers are the unit walk's steps, or its values if the noise has no memory.
    """
    best = np.zeros(3), np.inf
    change = np.diff(path, axis=0).ravel()
    for numbers in (np.diff(unit, axis=0), unit[1:]):
        columns = [path[:-1].ravel(), np.ones(change.size), numbers.ravel()]
        factors = np.linalg.lstsq(np.stack(columns, axis=1), change, rcond=None)[0]
        left = float(np.linalg.norm(change - np.stack(columns, axis=1) @ factors))
        error = left / max(float(np.linalg.norm(change)), 1e-9)
        if error < min(best[1], EXACT) or not np.isfinite(best[1]):
            best = factors, error
    return best


def steps_of(path: Array, unit: Array) -> dict[str, Any]:
    """Observe the pull and the shock in each step of a path, if it consists of these two."""
    (pull, push, shock), error = fitted(path, unit)
    found: dict[str, Any] = {
        "each step is a pull and a shock": Observed(
            error < CLOSE,
            message="the steps of x are not a multiple of x plus a multiple of the normal number",
        ),
        "x keeps its digits": Observed(
            error < EXACT or error >= CLOSE, message="x has the few digits of float16"
        ),
    }
    if error < CLOSE:
        found |= {
            "pull per step, θ dt": Observed(-pull, CLOSE if error > EXACT else EXACT),
            "shock per normal number, σ √dt": Observed(shock, CLOSE if error > EXACT else EXACT),
            "pulled to zero": Observed(
                abs(push) < CLOSE * abs(shock), message="x is pulled to a point other than zero"
            ),
        }
    return found


def distribution(unit: Array) -> dict[str, Any]:
    """Observe whether the unit walk moves by independent standard normal numbers."""
    numbers = np.diff(unit, axis=0)
    deviation = numbers - numbers.mean(axis=0)
    spread = float(deviation.std())
    found: dict[str, Any] = {"deviation of the normal numbers": Observed(spread, 0.1)}
    if spread < 1e-6:
        return found
    slack = 5 / np.sqrt(numbers.size)  # a correct answer exceeds it once in two million times
    between = np.corrcoef(numbers.T) - np.eye(numbers.shape[1])
    in_time = np.mean(deviation[1:] * deviation[:-1]) / spread**2
    fourth, distinct = np.mean(deviation**4) / spread**4, len(np.unique(numbers.round(9)))
    return found | {
        "their mean is zero": bool(abs(numbers.mean()) < slack * spread),
        "they are normal": bool(abs(fourth - 3) < 0.6 and distinct > 0.95 * numbers.size),
        "each entry has its own": bool(np.abs(between).max() < 0.3),
        "each step has its own": bool(abs(in_time) < 1.2 * slack),
        "the walk is not held within bounds": bool(np.abs(unit).max() > FAR),
    }
