"""Compare the parameters of two networks."""

import numpy as np

from ...nn.layers import Array

TOLERANCE = 1e-8  # of the relative error of all parameters of a network


def is_close(observed: Array, expected: Array) -> bool:
    """Say whether two vectors of parameters are equal except for rounding."""
    if observed.shape != expected.shape:
        return False
    error = np.linalg.norm(observed - expected)
    return bool(error <= TOLERANCE * np.linalg.norm(expected))  # False for NaN
