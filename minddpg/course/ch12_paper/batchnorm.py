"""Exercise 12.1: batch normalisation while training.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, arrays, call, exercise, layer_pair
from ..engine.observations import upstream
from . import batchnorm_backward_mistakes, batchnorm_forward_mistakes

CASES = {"batch_size": 7, "inputs": 3}, {"batch_size": 11, "inputs": 4}

FLOAT32 = "float32 is accepted"

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
    statement="""First on paper: multiply the derivative of x̂_i with respect to x_j by γ g_i, and
    add over i. You get three terms, one for each path. Then write both passes.""",
    solution=SOLUTION,
    mistakes=batchnorm_backward_mistakes.MISTAKES + batchnorm_forward_mistakes.MISTAKES,
    compared="your y and its gradients with the correct ones",
    difficulty=3,
    minutes=15,
    hints=(
        r"Forward first, and put into the cache what the last formula needs: $\hat x$, $s$ and γ."
        " All sums and means run over the batch, `axis=0`.",
        r"In the sum over i the direct path gives $g_j$, the mean's path the mean of all $g_i$,"
        r" and the variance's path $\hat x_j$ times the mean of $g_i \hat x_i$. All three are"
        r" multiplied by $\gamma / s$.",
        r"$\frac1N\sum_i g_i$ is `grad_y.mean(axis=0)`, (I,). NumPy broadcasts it over the rows.",
    ),
    cases=CASES,
    square={"batch_size": 5, "inputs": 5},
    equivalents={
        "return (y, (normed, s, gamma)) → return (np.float32(y), (normed, s, gamma))": FLOAT32,
        "return (grad_x, grad_gamma, grad_beta) → return (np.float32(grad_x),"
        " np.float32(grad_gamma), np.float32(grad_beta))": FLOAT32,
    },
)
def check_batchnorm(forward: Any, backward: Any, batch_size: int, inputs: int) -> dict[str, Any]:
    """Check batchnorm_forward and batchnorm_backward."""
    gamma, beta = sample_array(inputs, seed=3), sample_array(inputs, seed=4)
    x = sample_array(batch_size, inputs, seed=2)
    wide = x * np.linspace(0.5, 1.5, inputs) + np.arange(inputs)
    found = layer_pair(forward, backward, {"x": wide, "gamma": gamma, "beta": beta}, "y")
    y, cache = call(forward, 0.003 * x, gamma, beta)  # a variance as small as ε
    (found["y of narrow columns"],) = arrays(y, ["y"], forward)
    names = ["grad_x", "grad_gamma", "grad_beta"]
    grads = arrays(call(backward, upstream(x.shape), cache), names, backward)
    return {**found, "grad_x of narrow columns": grads[0]}
