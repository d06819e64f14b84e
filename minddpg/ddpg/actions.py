"""Map the agent's actions from [−1, 1] to the environment's units; no other file does this.

N actions, A action entries.
"""

import numpy as np

from ..nn.layers import Array

FEW_STEPS = 4096  # if fewer floats lie between two bounds, compute in float64


class ActionBox:
    """The environment's bounds, (A,) each, finite, low below high; the arrays are copied.

    Raises:
        ValueError: the bounds are not finite, not both (A,), low is not below high, or they are
            too close together, or too far from 0, for double precision.
    """

    def __init__(self, low: Array, high: Array):
        low, high = np.array(low), np.array(high)
        if low.dtype.kind != "f" or high.dtype != low.dtype:
            low, high = low.astype(np.float64), high.astype(np.float64)
        if low.ndim != 1 or low.shape != high.shape or not low.size:
            raise ValueError(f"action bounds have shapes {low.shape}, {high.shape}: not both (A,)")
        if not (np.isfinite(low) & np.isfinite(high) & (low < high)).all():
            raise ValueError(f"action bounds must be finite, low below high: {low} and {high}")
        self.low, self.high, self.dim = low, high, len(low)
        self.dtype = self._precision()

    def to_env(self, action: Array) -> Array:
        """Map actions (A,) or (N, A) from [−1, 1] to the bounds; ±1 maps to a bound exactly."""
        action = action.astype(self.dtype)
        action = 0.5 * ((1 - action) * self.low + (1 + action) * self.high)
        # rounding may slightly exceed a bound
        inside: Array = np.minimum(np.maximum(action, self.low), self.high)
        return inside.astype(self.low.dtype, copy=False)

    def _precision(self) -> np.dtype[np.floating]:
        """Return the bounds' dtype to compute in, or float64 where that lacks digits or range."""
        dtype, largest = self.low.dtype, np.maximum(abs(self.low), abs(self.high))
        too_far = largest > 0.5 * np.finfo(dtype).max  # twice a bound would be infinite
        steps = (0.5 * self.high - 0.5 * self.low) / np.spacing(0.5 * largest)
        odd = too_far | (steps < FEW_STEPS)
        if not odd.any():
            return dtype
        double = np.promote_types(dtype, np.float64)
        if double == dtype:
            i = int(np.argmax(odd))
            raise ValueError(
                f"action bounds {self.low[i]!s} and {self.high[i]!s} (dimension {i}) are too"
                f" {'far from 0' if too_far[i] else 'close'} for {dtype}"
            )
        return double
