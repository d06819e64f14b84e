"""Chapter 12, beyond: batch normalisation while acting.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call
from .passes import EPSILON

BATCH, INPUTS = 7, 3


def acting(x: Array, gamma: Array, beta: Array, mean: Any, variance: Any) -> Any:
    return gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta


def _divided(divisor: Any) -> Any:
    return lambda x, gamma, beta, m, v: gamma * (x - m) / divisor(v) + beta


@exercise(
    "12.2",
    "Batch normalisation while acting",
    PROPERTY,
    stub='''
def batchnorm_acting(x, gamma, beta, running_mean, running_variance):
    """Normalise x (N, I) by running statistics (I,); return y = γ x̂ + β (N, I).

    x̂ = (x − m) / √(v + 1e-5), m and v being the running mean and variance. gamma, beta (I,).
    """
    y = None
    return y
''',
    statement="""While acting there is one observation, and no batch to take a mean of. The
    statistics are those that were tracked during training: constants. What an observation becomes
    does not depend on its company.""",
    reference=(acting,),
    rows=(
        Row(
            "the batch's statistics instead of the running ones",
            (lambda x, g, b, m, v: acting(x, g, b, x.mean(axis=0), x.var(axis=0)),),
            "A single row minus its own mean is 0, so every observation becomes β.",
        ),
        Row(
            "the batch's mean instead of the running one",
            (lambda x, g, b, m, v: acting(x, g, b, x.mean(axis=0), v),),
            "A single row minus its own mean is 0, so every observation becomes β.",
        ),
        Row(
            "the batch's variance instead of the running one",
            (lambda x, g, b, m, v: acting(x, g, b, m, x.var(axis=0)),),
            "A single row has variance 0.",
        ),
        Row(
            "variance not rooted",
            (_divided(lambda v: v + EPSILON),),
            "Divide by the standard deviation, the root of the variance.",
        ),
        Row("variance not rooted", (_divided(lambda v: v),), "Divide by the root of v + ε."),
        Row(
            "ε outside the root",
            (_divided(lambda v: np.sqrt(v) + EPSILON),),
            "√(v + ε), not √v + ε.",
        ),
        Row("ε missing", (_divided(np.sqrt),), "A column that never changed has variance 0."),
        *(
            Row("another ε", (_divided(lambda v, e=e: np.sqrt(v + e)),), "ε is 1e-5 here.")
            for e in (1e-3, 1e-4, 1e-6, 1e-7, 1e-8)
        ),
        Row(
            "γ and β swapped",
            (lambda x, g, b, m, v: acting(x, b, g, m, v),),
            "y = γ x̂ + β: γ stretches, β shifts.",
        ),
        Row(
            "mean and variance swapped",
            (lambda x, g, b, m, v: acting(x, g, b, v, m),),
            "The mean is subtracted, the variance divides.",
        ),
        Row(
            "mean not subtracted",
            (lambda x, g, b, m, v: acting(x, g, b, 0, v),),
            "x̂ is the distance from the mean, in standard deviations.",
        ),
        Row(
            "not divided",
            (_divided(lambda v: 1),),
            "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        ),
        Row(
            "multiplied by the deviation",
            (_divided(lambda v: 1 / np.sqrt(v + EPSILON)),),
            "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        ),
        Row("γ missing", (lambda x, g, b, m, v: acting(x, 1 + 0 * g, b, m, v),), "y = γ x̂ + β."),
        Row("β missing", (lambda x, g, b, m, v: acting(x, g, 0 * b, m, v),), "y = γ x̂ + β."),
        Row(
            "γ and β missing",
            (lambda x, g, b, m, v: acting(x, 1 + 0 * g, 0 * b, m, v),),
            "That is x̂. Return y = γ x̂ + β.",
        ),
    ),
    compared="your y with the right one",
)
def check_batchnorm_acting(batchnorm_acting: Any) -> dict[str, Any]:
    """Check batchnorm_acting."""
    wanted = "batchnorm_acting should return an array y: it"
    x = 1 + sample_array(BATCH, INPUTS)
    gamma, beta = sample_array(INPUTS, seed=1), sample_array(INPUTS, seed=2)
    rest = gamma, beta, np.array([0.4, 1.5, 2.1]), np.array([0.02, 0.5, 3.0])
    return {
        "y of a batch": array(call(batchnorm_acting, x, *rest), wanted),
        "y of one row": array(call(batchnorm_acting, x[:1], *rest), wanted),
    }
