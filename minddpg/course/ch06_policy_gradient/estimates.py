"""Compare the scatter of two estimates of a policy gradient: from Q's values, and from its slope.

Q(a) = g · a − |a − a₀|² / 2, a₀ the mean action; all A dimensions are alike.
"""

import numpy as np

DRAWS, ESTIMATES = 64, 2_000  # actions in an estimate; estimates


def scatter_table() -> str:
    """Return a table of the scatter of both estimates, in units of the slope, as text.

    Scatter is the standard deviation of one entry of the gradient. Q(a₀) is the baseline.
    """
    rng = np.random.default_rng(0)
    lines = ["scatter / slope, for A =      1      4     16"]
    for sigma in (1.0, 0.3, 0.1):
        scatters = []
        for dims in (1, 4, 16):
            z = rng.standard_normal((ESTIMATES, DRAWS, dims))
            change = sigma * z
            q = change.sum(axis=2) - (change**2).sum(axis=2) / 2  # Q(a) − Q(a₀), for g = 1
            estimate = (z[..., 0] / sigma * q).mean(axis=1)
            scatters.append(float(estimate.std()))
        numbers = "".join(f"{x:7.2f}" for x in scatters)
        lines.append(f"{'from values, σ = ' + str(sigma):24}{numbers}")
    lines.append(f"{'from the slope':24}" + 3 * f"{0:7.2f}")
    return "\n".join(lines)
