"""Compute a fingerprint of this machine's arithmetic: processors may round differently."""

from functools import cache
from hashlib import sha256

import numpy as np

from ..nn.layers import Array

LAYERS = ((64, 4, 64), (64, 64, 1), (1, 64, 64), (16, 400, 7))  # batch, inputs, outputs


@cache
@np.errstate(all="ignore")  # an environment's module may have set it to raise
def fingerprint() -> str:
    """Return eight digits that depend on the bits of what training and environments compute.

    NumPy and its BLAS choose their code, and so the order of sums, by the processor. Equal bits
    here do not prove equal bits of every run, but different bits here mean different runs.
    """
    digest = sha256()
    for dtype in (np.float32, np.float64):
        for batch, inputs, outputs in LAYERS:
            x, w = _numbers(batch, inputs, dtype), _numbers(inputs, outputs, dtype)
            z = x @ w
            results = z, x.T @ z, z @ w.T, x.sum(axis=0), x.mean(axis=1), z[:, 0] @ z[:, 0]
            functions = np.tanh(z), np.exp(-z), np.sin(z), np.cos(z), np.sqrt(z)
            for array in (*results, *functions):
                digest.update(array.tobytes())
    return digest.hexdigest()[:8]


def _numbers(rows: int, columns: int, dtype: type) -> Array:
    """Return numbers in [0, 1) that are the same on every machine."""
    return (np.arange(1, rows * columns + 1) % 1009 / 1009).astype(dtype).reshape(rows, columns)
