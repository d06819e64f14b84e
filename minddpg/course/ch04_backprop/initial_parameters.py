"""Exercise 04.5: how a layer starts.

I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Mistake, Observed, arrays, call, exercise

SOLUTION = """
def initial_parameters(inputs, outputs, rng):
    bound = 1 / np.sqrt(inputs)
    weight = rng.uniform(-bound, bound, (inputs, outputs))
    bias = rng.uniform(-bound, bound, outputs)
    return weight, bias
"""

MISTAKES = (
    Mistake(
        "all zeros",
        "With zeros, all units of the layer are alike.",
        {
            "rng.uniform(-bound, bound, (inputs, outputs))": "np.zeros((inputs, outputs))",
            "rng.uniform(-bound, bound, outputs)": "np.zeros(outputs)",
        },
    ),
    Mistake(
        "1/I instead of 1/√I",
        "The root is missing: signals would shrink from layer to layer.",
        {"np.sqrt(inputs)": "inputs"},
    ),
    Mistake(
        "fan-out instead of fan-in",
        "The bound depends on I, the number of inputs that a unit sums, not on O.",
        {"np.sqrt(inputs)": "np.sqrt(outputs)"},
    ),
    Mistake(
        "normal instead of uniform",
        "The paper draws uniform numbers; yours have a normal distribution.",
        {
            "uniform(-bound, bound, (inputs": "normal(0, bound, (inputs",
            "uniform(-bound, bound, outputs": "normal(0, bound, outputs",
        },
    ),
    Mistake(
        "positive numbers only",
        "Both signs are needed: the lower bound is −1/√I.",
        {
            "-bound, bound, (inputs": "0, bound, (inputs",
            "-bound, bound, outputs": "0, bound, outputs",
        },
    ),
    Mistake(
        "bias left at zero",
        "In the paper, biases are drawn like weights.",
        {"rng.uniform(-bound, bound, outputs)": "np.zeros(outputs)"},
    ),
    Mistake(
        "the same numbers at every call",
        "Draw from the rng that is passed in, so that each layer starts differently.",
        {"    bound =": "    rng = np.random.default_rng(0)\n    bound ="},
    ),
    Mistake(
        "another source of randomness",
        "",
        {"    bound =": "    rng = np.random.default_rng()\n    bound ="},
    ),
)


@exercise(
    "04.5",
    "How a layer starts",
    BEHAVIOUR,
    stub='''
def initial_parameters(inputs, outputs, rng):
    """Draw weight (I, O) and bias (O,) from U(-1/sqrt(I), 1/sqrt(I)), as in the paper.

    rng is a np.random.Generator; use no other source of randomness.
    """
    weight = bias = None
    return weight, bias
''',
    statement="""Section 7 of the paper: the weights and biases of each layer but the last start
    uniformly between ±1/√I, where I is the layer's fan-in.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the range and the distribution of your numbers with the paper's",
    difficulty=1,
    minutes=5,
    hints=("`rng.uniform(low, high, shape)` draws an array of that shape.",),
)
def check_initial_parameters(initial_parameters: Any) -> dict[str, Any]:
    """Check initial_parameters."""
    inputs, outputs = 100, 400

    def draw(rng: np.random.Generator) -> list[Array]:
        result = call(initial_parameters, inputs, outputs, rng, changes=(2,))
        return arrays(result, ["weight", "bias"], initial_parameters)

    rng = np.random.default_rng(4)
    weight, bias = draw(rng)
    again, _ = draw(rng)
    repeated, _ = draw(np.random.default_rng(4))
    return {
        "weight's shape": np.shape(weight),
        "bias's shape": np.shape(bias),
        "largest |weight|": Observed(np.abs(weight).max(), 1e-2),
        "smallest weight": Observed(weight.min(), 1e-2),
        "weight's standard deviation": Observed(weight.std(), 1e-2),
        "bias's standard deviation": Observed(bias.std(), 0.15),
        "calls that differ": np.shape(again) != np.shape(weight) or (again != weight).any(),
        "repeats with its seed": np.array_equal(repeated, weight),
    }
