"""Chapter 12, beyond: batch normalisation while training.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, layer_pair
from ..engine.submission import arrays, call
from .passes import EPSILON, backward_pass, forward_pass

BATCH, INPUTS = 7, 3


def _row(mistake: str, why: str, **parts: Any) -> Row:
    return Row(mistake, (None, backward_pass(**parts)), why)


@exercise(
    "12.1",
    "Batch normalisation",
    GRADIENT,
    stub='''
def batchnorm_forward(x, gamma, beta):
    """Normalise each column of x (N, I) by the batch; return y = γ x̂ + β (N, I) and a cache.

    x̂ = (x − m) / √(v + 1e-5), with m and v the column's mean and variance; v divides by N.
    gamma and beta are (I,).
    """
    y = None
    return y, ()


def batchnorm_backward(grad_y, cache):
    """Given dL/dy (N, I), return dL/dx (N, I), dL/dgamma (I,) and dL/dbeta (I,)."""
    grad_x = grad_gamma = grad_beta = None
    return grad_x, grad_gamma, grad_beta
''',
    statement="""Each x_j moves every row of y: directly in its own, and in all through the mean and
    the variance. Three paths, three terms. Derive them on paper first.""",
    reference=(forward_pass(), backward_pass()),
    rows=(
        _row(
            "mean held constant",
            "x also moves the batch's mean, and with it every row. That term is missing.",
            inside=lambda g, normed: g - normed * (g * normed).mean(axis=0),
        ),
        _row(
            "variance held constant",
            "x also moves the batch's variance, and with it every row. That term is missing.",
            inside=lambda g, normed: g - g.mean(axis=0),
        ),
        _row(
            "missing chain term",
            "Mean and variance were both held constant. That is right while acting; while training"
            " they depend on x.",
            inside=lambda g, normed: g,
        ),
        _row(
            "sums instead of means inside",
            "The terms of mean and variance hold 1/N each.",
            inside=lambda g, normed: g - g.sum(axis=0) - normed * (g * normed).sum(axis=0),
        ),
        _row(
            "sums instead of means inside",
            "The term of the mean holds 1/N, too.",
            inside=lambda g, normed: g - g.sum(axis=0) - normed * (g * normed).mean(axis=0),
        ),
        _row(
            "sums instead of means inside",
            "The term of the variance holds 1/N, too.",
            inside=lambda g, normed: g - g.mean(axis=0) - normed * (g * normed).sum(axis=0),
        ),
        _row(
            "sums over the wrong axis inside",
            "Each column is normalised by itself, so its means run over the batch, axis 0.",
            inside=lambda g, normed: (
                g - g.mean(axis=1)[:, None] - normed * (g * normed).mean(axis=1)[:, None]
            ),
        ),
        _row(
            "x̂ missing in the variance's term",
            "The path through the variance ends in x̂_j: that row's own share of it.",
            inside=lambda g, normed: g - g.mean(axis=0) - (g * normed).mean(axis=0),
        ),
        _row(
            "wrong sign of the terms",
            "Mean and variance take away from the direct path.",
            inside=lambda g, normed: g + g.mean(axis=0) + normed * (g * normed).mean(axis=0),
        ),
        _row(
            "γ missing in grad_x",
            "γ stands between x̂ and y: it multiplies the gradient on its way to x.",
            factor=lambda gamma, s: 1 / s,
        ),
        _row(
            "1/√(v + ε) missing in grad_x",
            "x was divided by √(v + ε), so the gradient is, too.",
            factor=lambda gamma, s: gamma,
        ),
        _row(
            "divided by the variance",
            "x was divided by √(v + ε), not by v + ε.",
            factor=lambda gamma, s: gamma / s**2,
        ),
        _row(
            "grad_gamma without x̂",
            "y holds γ times x̂: that is what the gradient is multiplied by, before the sum.",
            gamma_from=lambda x, normed: 1,
        ),
        _row(
            "grad_gamma with x instead of x̂",
            "γ multiplies x̂, the normalised x.",
            gamma_from=lambda x, normed: x,
        ),
        Row(
            "unbiased variance",
            (forward_pass(lambda x: x.var(axis=0, ddof=1)), None),
            "The variance was divided by N − 1. While training, divide by N.",
        ),
        Row(
            "ε missing",
            (forward_pass(divisor=np.sqrt), None),
            "Without ε, a column that is constant is divided by 0.",
        ),
        Row(
            "ε outside the root",
            (forward_pass(divisor=lambda v: np.sqrt(v) + EPSILON), None),
            "√(v + ε), not √v + ε.",
        ),
        *(
            Row(
                "another ε",
                (forward_pass(divisor=lambda v, e=e: np.sqrt(v + e)), None),
                "ε is 1e-5 here.",
            )
            for e in (1e-3, 1e-4, 1e-6, 1e-7, 1e-8)
        ),
        Row(
            "variance not rooted",
            (forward_pass(divisor=lambda v: v + EPSILON), None),
            "Divide by the standard deviation, the root of the variance.",
        ),
        Row(
            "mean not subtracted",
            (forward_pass(centre=lambda x: 0), None),
            "x̂ has mean 0 in every column.",
        ),
        Row(
            "normalised over the wrong axis",
            (
                forward_pass(
                    lambda x: x.var(axis=1)[:, None], centre=lambda x: x.mean(axis=1)[:, None]
                ),
                None,
            ),
            "Each row was normalised over its columns. Normalise each column over the batch.",
        ),
        Row(
            "normalised over all entries",
            (forward_pass(np.var, centre=np.mean), None),
            "All columns share one mean and one variance. Each has its own: axis 0.",
        ),
        Row(
            "β missing", (forward_pass(last=lambda x, gamma, beta: gamma * x), None), "y = γ x̂ + β."
        ),
        Row(
            "γ missing", (forward_pass(last=lambda x, gamma, beta: x + beta), None), "y = γ x̂ + β."
        ),
        Row(
            "γ and β swapped",
            (forward_pass(last=lambda x, gamma, beta: beta * x + gamma), None),
            "y = γ x̂ + β.",
        ),
    ),
    compared=OWN,
    batch_size=BATCH,
    can_be_square=True,
)
def check_batchnorm(forward: Any, backward: Any, square: bool = False) -> dict[str, Any]:
    """Check batchnorm_forward and batchnorm_backward."""
    n, i = (4, 4) if square else (BATCH, INPUTS)
    x = sample_array(n, i, seed=2) * np.linspace(0.5, 1.5, i) + np.arange(i)
    inputs = {"x": x, "gamma": sample_array(i, seed=3), "beta": sample_array(i, seed=4)}
    found = layer_pair(forward, backward, inputs, "y")
    narrow = {**inputs, "x": 0.003 * sample_array(n, i, seed=5)}  # a variance as small as ε
    (found["y of narrow columns"],) = arrays(call(forward, *narrow.values())[0], ["y"], forward)
    return found
