"""NumPy's rule for indices in a 32-bit Python, for tests on any machine."""

import numpy as np


class Narrow(np.ndarray):
    """An array whose take() accepts only what it accepts when indices have 32 bits."""

    def take(self, indices, *args, **kwargs):
        if isinstance(indices, np.ndarray) and not np.can_cast(indices.dtype, np.int32, "safe"):
            rule = "dtype('int32') according to the rule 'safe'"
            raise TypeError(f"Cannot cast array data from {indices.dtype!r} to {rule}")
        return super().take(indices, *args, **kwargs)


def let_indices_be_narrow(monkeypatch):
    """Give np.intp its type in a 32-bit Python."""
    monkeypatch.setattr(np, "intp", np.int32)
