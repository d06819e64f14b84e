"""Chapter 04, backprop by hand: how a layer starts.

I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import arrays, call


def uniform_start(inputs: int, outputs: int, rng: np.random.Generator) -> Any:
    bound = inputs**-0.5
    return rng.uniform(-bound, bound, (inputs, outputs)), rng.uniform(-bound, bound, outputs)


def _start(draw: Any) -> Any:
    """A start whose weights and biases are `draw(rng, inputs, outputs, shape)`."""
    return lambda i, o, rng: (draw(rng, i, o, (i, o)), draw(rng, i, o, (o,)))


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
    statement="""Section 7 of the paper: each layer but the last starts uniformly between ±1/√I, I
    being its fan-in, weights and biases alike.""",
    reference=(uniform_start,),
    rows=(
        Row("all zeros", (_start(lambda rng, i, o, s: np.zeros(s)),), "All units are then alike."),
        Row(
            "1/I instead of 1/√I",
            (_start(lambda rng, i, o, s: rng.uniform(-1 / i, 1 / i, s)),),
            "The root is missing: signals would shrink from layer to layer.",
        ),
        Row(
            "fan-out instead of fan-in",
            (_start(lambda rng, i, o, s: rng.uniform(-(o**-0.5), o**-0.5, s)),),
            "The bound is set by I, the number of inputs that a unit sums, not by O.",
        ),
        Row(
            "normal instead of uniform",
            (_start(lambda rng, i, o, s: i**-0.5 * rng.standard_normal(s)),),
            "The paper draws uniform numbers; yours have a normal distribution.",
        ),
        Row(
            "positive numbers only",
            (_start(lambda rng, i, o, s: rng.uniform(0, i**-0.5, s)),),
            "Both signs are needed: the lower bound is −1/√I.",
        ),
        Row(
            "bias left at zero",
            (lambda i, o, rng: (uniform_start(i, o, rng)[0], np.zeros(o)),),
            "In the paper, biases are drawn like weights.",
        ),
        Row(
            "the same numbers at every call",
            (lambda i, o, rng: uniform_start(i, o, np.random.default_rng(0)),),
            "Draw from the rng that is passed in, so that each layer starts differently.",
        ),
        Row(
            "another source of randomness",
            (lambda i, o, rng: uniform_start(i, o, np.random.default_rng()),),
        ),
    ),
    compared="the range and the distribution of your numbers with the paper's",
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
