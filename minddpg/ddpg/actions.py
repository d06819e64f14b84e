"""The only place that maps the agent's actions in [−1, 1] to the environment's units.

N actions, A action entries.
"""

import numpy as np

from ..nn.layers import Array

FEW_STEPS = 4096  # of a dtype: rounding, which errs by one or two of them, would show


class ActionBox:
    """The environment's bounds, (A,) each, finite, low below high; copies of the arrays given.

    Raises:
        ValueError: the bounds are not finite, not (A,) both, low is not below high, or double
            precision has too few numbers between them.
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
        self.dtype = self._precision()

    def to_env(self, action: Array) -> Array:
        """Map actions (A,) or (N, A) from [−1, 1] to the bounds, which ±1 meets exactly."""
        action = action.astype(self.dtype)
        # halves of the bounds, because the sum of both may be beyond the largest number
        action = 0.5 * (1 - action) * self.low + 0.5 * (1 + action) * self.high
        # between the bounds, rounding may exceed one by a bit
        inside: Array = np.minimum(np.maximum(action, self.low), self.high)
        return inside.astype(self.low.dtype, copy=False)

    def _precision(self) -> np.dtype[np.floating]:
        """Return the dtype to compute in: the bounds', or double precision for few steps."""
        largest = np.maximum(abs(self.low), abs(self.high))
        steps = (0.5 * self.high - 0.5 * self.low) / np.spacing(0.5 * largest)
        if (steps >= FEW_STEPS).all():
            return self.low.dtype
        double = np.promote_types(self.low.dtype, np.float64)
        if double == self.low.dtype:
            i = int(np.argmin(steps))
            raise ValueError(
                f"action bounds {self.low[i]!s} and {self.high[i]!s} (dimension {i}) are too close"
                f" for {double}, which has {steps[i]:.0f} steps between them"
            )
        return double
