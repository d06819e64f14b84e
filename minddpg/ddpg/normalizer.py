"""Normalise observations by their running mean and standard deviation.

N observations, S entries of one.
"""

import numpy as np

from ..nn.layers import Array

LIMIT = 10.0  # of a normalised entry, in standard deviations


class Normalizer:
    """Map each entry of an observation to  (s − m) / √v,  between −10 and 10.

    m and v are the mean and the variance of all observations so far, by Welford's recursion:
    δ = s − m,  m ← m + δ / n,  M ← M + δ (s − m),  v = M / n. But v = 1 for an entry
    that is constant up to rounding, and for all entries before the first observation.

    Args:
        dtype: of the observations; it decides which variation is rounding.

    Attributes:
        moments: live, (1 + 2 S,): n, then m, then M.
    """

    def __init__(self, obs_dim: int, dtype: str):
        self.moments = np.zeros(1 + 2 * obs_dim)
        self.rounding = 8 * np.finfo(dtype).eps  # relative to the mean

    def add(self, obs: Array) -> None:
        """Count one observation (S,)."""
        self.moments[0] += 1
        mean, squares = self.moments[1:].reshape(2, -1)  # views
        delta = obs - mean
        mean += delta / self.moments[0]
        squares += delta * (obs - mean)

    def scale(self) -> Array:
        """Return √v (S,), with 1 for an entry that is constant up to rounding."""
        mean, squares = self.moments[1:].reshape(2, -1)
        deviation = np.sqrt(squares / max(self.moments[0], 1))
        has_changed = deviation > self.rounding * np.abs(mean)
        return np.where(has_changed, deviation, 1)

    def __call__(self, obs: Array) -> Array:
        """Normalise obs (S,) or (N, S), in float64."""
        mean, _ = self.moments[1:].reshape(2, -1)
        normal: Array = (obs - mean) / self.scale()
        return np.clip(normal, -LIMIT, LIMIT)
