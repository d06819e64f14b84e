"""Normalise observations by their running mean and standard deviation.

N observations, S entries of one.
"""

import numpy as np

from ..nn.layers import Array

LIMIT = 10.0  # of a normalised entry, in standard deviations


class Normalizer:
    """Map each entry of an observation to  (s − m) / √v,  between −10 and 10.

    m and v are the mean and the variance of all observations so far, by Welford's recursion:
    δ = s − m,  m ← m + δ / n,  M ← M + δ (s − m),  v = M / n. An entry that never changed, and
    every entry before the first observation, keeps its scale: v = 1.

    Attributes:
        moments: live, (1 + 2 S,): n, then m, then M.
    """

    def __init__(self, obs_dim: int):
        self.moments = np.zeros(1 + 2 * obs_dim)

    def add(self, obs: Array) -> None:
        """Count one observation (S,)."""
        self.moments[0] += 1
        mean, squares = self.moments[1:].reshape(2, -1)  # views
        delta = obs - mean
        mean += delta / self.moments[0]
        squares += delta * (obs - mean)

    def __call__(self, obs: Array) -> Array:
        """Normalise obs (S,) or (N, S), in float64."""
        mean, squares = self.moments[1:].reshape(2, -1)
        deviation = np.sqrt(squares / max(self.moments[0], 1))
        normal: Array = (obs - mean) / np.where(deviation > 0, deviation, 1)
        return np.clip(normal, -LIMIT, LIMIT)
