"""Exercise 12.1: batch normalisation while training.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, arrays, call, exercise, layer_pair

BATCH, INPUTS = 7, 3

SOLUTION = """
def batchnorm_forward(x, gamma, beta):
    mean = x.mean(axis=0)
    variance = ((x - mean) ** 2).mean(axis=0)
    s = np.sqrt(variance + 1e-5)
    normed = (x - mean) / s
    y = gamma * normed + beta
    return y, (normed, s, gamma)


def batchnorm_backward(grad_y, cache):
    normed, s, gamma = cache
    grad_gamma = (grad_y * normed).sum(axis=0)
    grad_beta = grad_y.sum(axis=0)
    inside = grad_y - grad_y.mean(axis=0) - normed * (grad_y * normed).mean(axis=0)
    grad_x = gamma / s * inside
    return grad_x, grad_gamma, grad_beta
"""

MISTAKES = (
    Mistake(
        "mean held constant",
        "x also moves the batch's mean, and with it every row. The term of the mean is missing.",
        {" - grad_y.mean(axis=0)": ""},
    ),
    Mistake(
        "variance held constant",
        "x also moves the batch's variance, and with it every row. The term of the variance is"
        " missing.",
        {" - normed * (grad_y * normed).mean(axis=0)": ""},
    ),
    Mistake(
        "missing chain term",
        "You held both mean and variance constant. That is correct while acting; while training"
        " they depend on x.",
        {" - grad_y.mean(axis=0) - normed * (grad_y * normed).mean(axis=0)": ""},
    ),
    Mistake(
        "sums instead of means inside",
        "The terms of mean and variance each contain 1/N.",
        {
            "grad_y.mean(axis=0)": "grad_y.sum(axis=0)",
            "normed).mean(axis=0)": "normed).sum(axis=0)",
        },
    ),
    Mistake(
        "sums instead of means inside",
        "The term of the mean contains 1/N, too.",
        {"grad_y.mean(axis=0)": "grad_y.sum(axis=0)"},
    ),
    Mistake(
        "sums instead of means inside",
        "The term of the variance contains 1/N, too.",
        {"normed).mean(axis=0)": "normed).sum(axis=0)"},
    ),
    Mistake(
        "sums over the wrong axis inside",
        "Each column is normalised by itself, so its means run over the batch, axis 0.",
        {
            "grad_y.mean(axis=0)": "grad_y.mean(axis=1, keepdims=True)",
            "normed).mean(axis=0)": "normed).mean(axis=1, keepdims=True)",
        },
    ),
    Mistake(
        "x̂ missing in the variance's term",
        "The path through the variance ends in the factor x̂_j, the row's own share of it.",
        {"normed * (grad_y": "(grad_y"},
    ),
    Mistake(
        "wrong sign of the terms",
        "The terms of mean and variance are subtracted from the direct one.",
        {"- grad_y.mean": "+ grad_y.mean", "- normed *": "+ normed *"},
    ),
    Mistake(
        "γ missing in grad_x",
        "γ stands between x̂ and y: it multiplies the gradient on its way to x.",
        {"gamma / s * inside": "inside / s"},
    ),
    Mistake(
        "1/√(v + ε) missing in grad_x",
        "x was divided by √(v + ε), so the gradient is, too.",
        {"gamma / s * inside": "gamma * inside"},
    ),
    Mistake(
        "divided by the variance",
        "x was divided by √(v + ε), not by v + ε.",
        {"gamma / s * inside": "gamma / s**2 * inside"},
    ),
    Mistake(
        "grad_gamma without x̂",
        "y contains γ times x̂: multiply the gradient by x̂ before the sum.",
        {"(grad_y * normed).sum(axis=0)": "grad_y.sum(axis=0)"},
    ),
    Mistake(
        "grad_gamma with x instead of x̂",
        "γ multiplies x̂, the normalised x.",
        {
            "return y, (normed,": "return y, (x, normed,",
            "normed, s, gamma = cache": "x, normed, s, gamma = cache",
            "grad_gamma = (grad_y * normed)": "grad_gamma = (grad_y * x)",
        },
    ),
    Mistake(
        "unbiased variance",
        "You divided the variance by N − 1. While training, divide by N.",
        {"((x - mean) ** 2).mean(axis=0)": "x.var(axis=0, ddof=1)"},
    ),
    Mistake(
        "ε missing",
        "Without ε, a column that is constant is divided by 0.",
        {"variance + 1e-5": "variance"},
    ),
    Mistake(
        "ε outside the root",
        "Divide by √(v + ε), not by √v + ε.",
        {"np.sqrt(variance + 1e-5)": "np.sqrt(variance) + 1e-5"},
    ),
    Mistake(
        "another ε",
        "ε is 1e-5 here.",
        *({"1e-5": other} for other in ("1e-3", "1e-4", "1e-6", "1e-7", "1e-8")),
    ),
    Mistake(
        "variance not rooted",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(variance + 1e-5)": "variance + 1e-5"},
    ),
    Mistake(
        "mean not subtracted",
        "x̂ has mean 0 in every column.",
        {"normed = (x - mean) / s": "normed = x / s"},
    ),
    Mistake(
        "normalised over the wrong axis",
        "You normalised each row over its columns. Normalise each column over the batch.",
        {
            "x.mean(axis=0)": "x.mean(axis=1, keepdims=True)",
            "** 2).mean(axis=0)": "** 2).mean(axis=1, keepdims=True)",
        },
    ),
    Mistake(
        "normalised over all entries",
        "All columns share one mean and one variance. Each has its own: axis 0.",
        {"x.mean(axis=0)": "x.mean()", "** 2).mean(axis=0)": "** 2).mean()"},
    ),
    Mistake("β missing", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed"}),
    Mistake("γ missing", "y = γ x̂ + β.", {"gamma * normed + beta": "normed + beta"}),
    Mistake("γ and β swapped", "y = γ x̂ + β.", {"gamma * normed + beta": "beta * normed + gamma"}),
)


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
    statement="""Each x_j moves every row of y: its own row directly, and all rows through the mean
    and the variance. Three paths, three terms. Derive them on paper first.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN,
    difficulty=3,
    minutes=20,
    hints=(
        r"Forward first, and put into the cache what the last formula needs: $\hat x$, $s$ and γ."
        " All sums and means run over the batch, `axis=0`.",
        r"In the formula, $\frac1N\sum_i g_i$ is `grad_y.mean(axis=0)`, (I,). And"
        r" $\frac1N\sum_i g_i \hat x_i$ is a mean, too. NumPy spreads both over the rows.",
    ),
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
