"""Exercise 12.2: batch normalisation while acting.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise

BATCH, INPUTS = 7, 3

SOLUTION = """
def batchnorm_acting(x, gamma, beta, running_mean, running_variance):
    normed = (x - running_mean) / np.sqrt(running_variance + 1e-5)
    y = gamma * normed + beta
    return y
"""

MISTAKES = (
    Mistake(
        "the batch's statistics instead of the running ones",
        "A single row minus its own mean is 0, so every observation becomes β.",
        {"x - running_mean": "x - x.mean(axis=0)", "running_variance +": "x.var(axis=0) +"},
    ),
    Mistake(
        "the batch's mean instead of the running one",
        "A single row minus its own mean is 0, so every observation becomes β.",
        {"x - running_mean": "x - x.mean(axis=0)"},
    ),
    Mistake(
        "the batch's variance instead of the running one",
        "A single row has variance 0.",
        {"running_variance +": "x.var(axis=0) +"},
    ),
    Mistake(
        "variance not rooted",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(running_variance + 1e-5)": "(running_variance + 1e-5)"},
    ),
    Mistake(
        "variance not rooted",
        "Divide by the root of v + ε.",
        {"np.sqrt(running_variance + 1e-5)": "running_variance"},
    ),
    Mistake(
        "ε outside the root",
        "Divide by √(v + ε), not by √v + ε.",
        {"np.sqrt(running_variance + 1e-5)": "(np.sqrt(running_variance) + 1e-5)"},
    ),
    Mistake(
        "ε missing",
        "A column that never changed has variance 0: without ε, you divide by 0.",
        {" + 1e-5": ""},
    ),
    Mistake(
        "another ε",
        "ε is 1e-5 here.",
        *({"1e-5": other} for other in ("1e-3", "1e-4", "1e-6", "1e-7", "1e-8")),
    ),
    Mistake(
        "γ and β swapped",
        "y = γ x̂ + β: γ stretches, β shifts.",
        {"gamma * normed + beta": "beta * normed + gamma"},
    ),
    Mistake(
        "mean and variance swapped",
        "Subtract the mean, and divide by the root of the variance.",
        {"x - running_mean": "x - running_variance", "sqrt(running_variance": "sqrt(running_mean"},
    ),
    Mistake(
        "mean not subtracted",
        "x̂ is the distance from the mean, in standard deviations.",
        {"(x - running_mean)": "x"},
    ),
    Mistake(
        "not divided",
        "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        {" / np.sqrt(running_variance + 1e-5)": ""},
    ),
    Mistake(
        "multiplied by the deviation",
        "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        {"/ np.sqrt": "* np.sqrt"},
    ),
    Mistake("γ missing", "y = γ x̂ + β.", {"gamma * normed + beta": "normed + beta"}),
    Mistake("β missing", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed"}),
    Mistake(
        "γ and β missing", "That is x̂. Return y = γ x̂ + β.", {"gamma * normed + beta": "normed"}
    ),
)


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
    statistics are constants, tracked during training. What becomes of an observation does not
    depend on the rest of its batch.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your y with the correct one",
    difficulty=1,
    minutes=5,
    hints=(
        "The same formula as while training, with two arguments in place of `x.mean(axis=0)` and"
        " the variance. Where is ε?",
    ),
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
