"""Exercise 04.5: how a layer starts.

I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Observed, arrays, call, exercise
from .initial_parameters_mistakes import MISTAKES

SOLUTION = """
def initial_parameters(inputs, outputs, rng):
    bound = 1 / np.sqrt(inputs)
    weight = rng.uniform(-bound, bound, (inputs, outputs))
    bias = rng.uniform(-bound, bound, outputs)
    return weight, bias
"""


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
    statement="""Write section 7 of the paper: in every layer but the last, weights and biases start
    as uniform random numbers between −1/√I and 1/√I, where I is the layer's fan-in.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="range, spread and source of your numbers with the paper's",
    cases=({"inputs": 20, "outputs": 900, "seed": 4}, {"inputs": 90, "outputs": 70, "seed": 5}),
    equivalents={
        "weight = rng.uniform(-bound, bound, (inputs, outputs)) moved after"
        " bias = rng.uniform(-bound, bound, outputs)": "any order of draws is right",
        "return (weight, bias) → return (np.float32(weight), np.float32(bias))": (
            "float32 is accepted"
        ),
    },
    difficulty=1,
    minutes=4,
    hints=("`rng.uniform(low, high, shape)` draws an array of that shape.",),
)
def check_initial_parameters(
    initial_parameters: Any, inputs: int, outputs: int, seed: int
) -> dict[str, Any]:
    """Check initial_parameters."""

    def draw(rng: np.random.Generator) -> list[Array]:
        result = call(initial_parameters, inputs, outputs, rng, changes=(2,))
        return arrays(result, ["weight", "bias"], initial_parameters)

    rng = np.random.default_rng(seed)
    first, second = draw(rng), draw(rng)
    if [part.ndim for part in first] == [1, 2]:
        raise InvalidAnswer("Return weight first, then bias.", "results in another order")
    _check_axes("weight", first[0], (inputs, outputs), "another shape")
    _check_axes("bias", first[1], (outputs,), "bias of another shape")
    repeated, other = draw(np.random.default_rng(seed)), draw(np.random.default_rng(seed + 1))
    observed: dict[str, Any] = {"weight's shape": first[0].shape, "bias's shape": first[1].shape}
    for name, drawn in zip(("weight", "bias"), first, strict=True):
        observed |= _range(name, drawn * np.sqrt(inputs))
    observed["the numbers differ"] = all(np.unique(part).size > 0.99 * part.size for part in first)
    observed["bias independent of weight"] = _are_independent(*first)
    observed["two calls differ"] = _differ(first, second)
    observed["the same rng, the same numbers"] = all(map(np.array_equal, first, repeated))
    observed["another rng, other numbers"] = _differ(first, other)
    return observed


def _check_axes(name: str, drawn: Array, shape: tuple[int, ...], mistake: str) -> None:
    """Raise InvalidAnswer if an array has no entries, or not as many axes as this shape."""
    if drawn.ndim != len(shape) or not drawn.size:
        raise InvalidAnswer(f"{name} should have shape {shape}, but has {drawn.shape}.", mistake)


def _range(name: str, drawn: Array) -> dict[str, Any]:
    """Observe the range and the spread of an array that is given in units of 1/√I.

    Of e^15 arrays of n uniform numbers, one leaves a gap above 30/n of the bound at an end. The
    standard deviation has a relative standard error of 0.45/√n.
    """
    gap, spread = 30 / drawn.size, 3 / np.sqrt(drawn.size)
    return {
        f"{name} between ±1/√I": bool(np.abs(drawn).max() < 1 + 1e-6),
        f"√I · range of {name}": Observed([drawn.min(), drawn.max()], gap),
        f"√I · standard deviation of {name}": Observed(drawn.std(), spread),
    }


def _are_independent(weight: Array, bias: Array) -> bool:
    """Say whether no row of the weights looks like the bias."""
    if weight.ndim != 2 or weight.shape[1:] != bias.shape:
        return True  # the shapes are compared as well, and say what is wrong
    lengths = np.linalg.norm(weight, axis=1) * np.linalg.norm(bias)
    return bool((np.abs(weight @ bias) <= 0.5 * lengths).all())


def _differ(first: list[Array], second: list[Array]) -> bool:
    """Say whether both arrays differ between two draws."""
    return not any(map(np.array_equal, first, second))
