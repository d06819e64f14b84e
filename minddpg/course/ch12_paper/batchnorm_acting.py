"""Exercise 12.2: batch normalisation while acting.

N batch, I inputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, arrays, call, exercise
from .batchnorm import FLOAT32
from .batchnorm_forward_mistakes import OTHER_EPSILONS

CASES = {"batch_size": 7, "inputs": 3}, {"batch_size": 11, "inputs": 4}

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
        "the batch's statistics instead of the running ones",
        "What becomes of a row must not depend on the rest of its batch: use the running statistics"
        " for a batch, too.",
        {
            "x - running_mean": "x - (x.mean(axis=0) if len(x) > 1 else running_mean)",
            "running_variance +": "(x.var(axis=0) if len(x) > 1 else running_variance) +",
        },
    ),
    Mistake(
        "running statistics updated",
        "They move while training. While acting they are constants.",
        *(
            {
                "x - running_mean": f"x - ({keep} * running_mean + {add} * x.mean(axis=0))",
                "running_variance +": f"{keep} * running_variance + {add} * x.var(axis=0) +",
            }
            for keep, add in ((0.9, 0.1), (0.99, 0.01), (0.999, 0.001), (0.1, 0.9))
        ),
        *(
            {"x - running_mean": f"x - ({keep} * running_mean + {add} * x.mean(axis=0))"}
            for keep, add in ((0.9, 0.1), (0.99, 0.01), (0.999, 0.001), (0.1, 0.9))
        ),
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
        {"np.sqrt(running_variance + 1e-5)": "running_variance"},
    ),
    Mistake(
        "divided by the squared variance",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(running_variance + 1e-5)": "(running_variance + 1e-5) ** 2"},
        {"np.sqrt(running_variance + 1e-5)": "running_variance**2"},
    ),
    Mistake(
        "root taken twice",
        "The argument is the variance already, and √(v + ε) has one root.",
        {"np.sqrt(running_variance + 1e-5)": "np.sqrt(np.sqrt(running_variance) + 1e-5)"},
        {"np.sqrt(running_variance + 1e-5)": "np.sqrt(np.sqrt(running_variance + 1e-5))"},
    ),
    Mistake(
        "ε subtracted",
        "Divide by √(v + ε).",
        {"running_variance + 1e-5": "abs(running_variance - 1e-5)"},
    ),
    Mistake(
        "ε added outside as well as inside",
        "Divide by √(v + ε): ε occurs once.",
        {"np.sqrt(running_variance + 1e-5)": "(np.sqrt(running_variance + 1e-5) + 1e-5)"},
    ),
    Mistake(
        "normalised over the columns",
        "Each column has running statistics of its own. No mean over the columns is asked for.",
        {
            "x - running_mean": "x - x.mean(axis=1, keepdims=True)",
            "running_variance +": "x.var(axis=1, keepdims=True) +",
        },
        {
            "x - running_mean": "x - running_mean.mean()",
            "running_variance +": "running_variance.mean() +",
        },
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
    Mistake("another ε", "ε is 1e-5 here.", *({"1e-5": other} for other in OTHER_EPSILONS)),
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
        {"running_variance + 1e-5": "1 + 1e-5"},
    ),
    Mistake(
        "multiplied by the deviation",
        "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        {"/ np.sqrt": "* np.sqrt"},
    ),
    Mistake("β subtracted", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed - beta"}),
    Mistake(
        "γ applied to β as well",
        "y = γ x̂ + β: γ stretches x̂ alone.",
        {"gamma * normed + beta": "gamma * (normed + beta)"},
    ),
    Mistake(
        "γ added",
        "y = γ x̂ + β: γ multiplies x̂.",
        {"gamma * normed + beta": "gamma + normed + beta"},
    ),
    Mistake(
        "1 + γ instead of γ",
        "y = γ x̂ + β.",
        {"gamma * normed + beta": "(1 + gamma) * normed + beta"},
    ),
    Mistake(
        "divided by γ",
        "y = γ x̂ + β: γ multiplies x̂.",
        {"gamma * normed + beta": "normed / gamma + beta"},
    ),
    Mistake(
        "mean added",
        "x̂ is the distance from the mean: x − m.",
        {"x - running_mean": "x + running_mean"},
    ),
    Mistake(
        "sign of x̂ flipped",
        "x̂ = (x − m)/√(v + ε): the mean is subtracted from x.",
        {"x - running_mean": "running_mean - x"},
    ),
    Mistake(
        "brackets missing",
        "Subtract the mean first, then divide the difference.",
        {"(x - running_mean)": "x - running_mean"},
    ),
    Mistake(
        "clipped",
        "y has no bounds: clip neither x̂ nor y.",
        *({"gamma * normed": f"gamma * np.clip(normed, -{c}, {c})"} for c in (1, 3, 5, 10)),
        *({"return y": f"return np.clip(y, -{c}, {c})"} for c in (1, 3, 5, 10)),
    ),
    Mistake(
        "normalised back",
        "That is the inverse map, from y to x. Return y = γ x̂ + β.",
        {
            "(x - running_mean) / np.sqrt(running_variance + 1e-5)": "(x - beta) / gamma",
            "gamma * normed + beta": "normed * np.sqrt(running_variance + 1e-5) + running_mean",
        },
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
    cases=CASES,
    square={"batch_size": 5, "inputs": 5},
    equivalents={"return y → return np.float32(y)": FLOAT32},
)
def check_batchnorm_acting(batchnorm_acting: Any, batch_size: int, inputs: int) -> dict[str, Any]:
    """Check batchnorm_acting."""
    x = 1 + sample_array(batch_size, inputs)
    gamma, beta = sample_array(inputs, seed=1), sample_array(inputs, seed=2)
    mean = np.abs(
        sample_array(inputs, seed=3)
    )  # has a root, even where it is swapped with the variance
    variance = np.append(np.linspace(0.3, 2.1, inputs - 1), 3e-5)  # the last is as small as ε

    def acting(x: Array) -> Array:
        result = call(batchnorm_acting, x, gamma, beta, mean, variance)
        return arrays(result, ["y"], batchnorm_acting)[0]

    return {"y of a batch": acting(x), "y of one row": acting(x[:1])}
