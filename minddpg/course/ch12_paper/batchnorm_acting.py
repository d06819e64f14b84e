"""Exercise 12.2: batch normalisation while acting.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, arrays, call, exercise
from .batchnorm import FLOAT32
from .batchnorm_acting_mistakes import MISTAKES

CASES = {"batch_size": 7, "inputs": 3}, {"batch_size": 11, "inputs": 4}

SOLUTION = """
def batchnorm_acting(x, gamma, beta, running_mean, running_variance):
    normed = (x - running_mean) / np.sqrt(running_variance + 1e-5)
    y = gamma * normed + beta
    return y
"""


@exercise(
    "12.2",
    "Batch normalisation while acting",
    PROPERTY,
    retired=True,
    stub='''
def batchnorm_acting(x, gamma, beta, running_mean, running_variance):
    """Normalise x (N, I) by running statistics (I,); return y = γ x̂ + β (N, I).

    x̂ = (x − m) / √(v + 1e-5), where m and v are the running mean and variance. gamma, beta (I,).
    """
    y = None
    return y
''',
    statement="""While acting there is one observation, and no batch to take a mean of. The
    statistics are constants, tracked during training. The output for an observation does not
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
    cases=CASES,
    square={"batch_size": 5, "inputs": 5},
    equivalents={"return y → return np.float32(y)": FLOAT32},
)
def check_batchnorm_acting(batchnorm_acting: Any, batch_size: int, inputs: int) -> dict[str, Any]:
    """Check batchnorm_acting."""
    x = 1 + sample_array(batch_size, inputs)
    gamma, beta = sample_array(inputs, seed=1), sample_array(inputs, seed=2)
    mean = np.abs(sample_array(inputs, seed=3))  # its root exists, if taken for the variance
    variance = np.append(np.linspace(0.3, 2.1, inputs - 1), 3e-5)  # the last is as small as ε

    def acting(x: Array) -> Array:
        result = call(batchnorm_acting, x, gamma, beta, mean, variance)
        return arrays(result, ["y"], batchnorm_acting)[0]

    return {"y of a batch": acting(x), "y of one row": acting(x[:1])}
