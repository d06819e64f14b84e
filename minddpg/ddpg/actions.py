"""The only place that maps the agent's actions in [−1, 1] to the environment's units.

N actions, A action entries.
"""

import numpy as np

from ..nn.layers import Array


class ActionBox:
    """The environment's bounds, (A,) each, finite, low below high; copies of the arrays given.

    Raises:
        ValueError: the bounds are not finite, not (A,) both, or low is not below high.
    """

    def __init__(self, low: Array, high: Array):
        low, high = np.array(low), np.array(high)
        if low.dtype.kind != "f" or high.dtype != low.dtype:
            low, high = low.astype(np.float64), high.astype(np.float64)
        if low.ndim != 1 or low.shape != high.shape or not low.size:
            raise ValueError(f"action bounds have shapes {low.shape}, {high.shape}: not (A,) both")
        if not (np.isfinite(low) & np.isfinite(high) & (low < high)).all():
            raise ValueError(f"action bounds must be finite, low below high: {low} and {high}")
        self.low, self.high, self.dim = low, high, len(low)

    def to_env(self, action: Array) -> Array:
        """Map actions (A,) or (N, A) from [−1, 1] to the bounds, which ±1 meets exactly."""
        action = action.astype(self.low.dtype)
        action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)
        # between the bounds, rounding may exceed one by a bit
        return np.minimum(np.maximum(action, self.low), self.high)
