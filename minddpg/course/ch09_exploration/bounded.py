"""Exercise 09.5, retired: map an actor's output to the bounds, and take the gradient of this map.

N batch, A action entries.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise, layer_pair

SOLUTION = """
def bounded_forward(z, low, high):
    action = (low + high) / 2 + (high - low) / 2 * np.tanh(z)
    return action, (z, low, high)


def bounded_backward(grad_action, cache):
    z, low, high = cache
    grad_z = grad_action * (high - low) / 2 * (1 - np.tanh(z) ** 2)
    return grad_z
"""

FORWARD = "(low + high) / 2 + (high - low) / 2 * np.tanh(z)"

MISTAKES = (
    Mistake(
        "half-range missing",
        "Your gradient ignores the map to the bounds. By what does that map multiply tanh(z)?",
        {"grad_action * (high - low) / 2": "grad_action"},
    ),
    Mistake(
        "range instead of half-range",
        "tanh(z) is multiplied by half the range, not by all of it.",
        {"grad_action * (high - low) / 2": "grad_action * (high - low)"},
    ),
    Mistake(
        "half-range twice",
        "The half-range is a factor of the chain once.",
        {"grad_action * (high - low) / 2": "grad_action * ((high - low) / 2) ** 2"},
    ),
    Mistake(
        "divided by the half-range",
        "To map an action back you would divide, but the chain rule multiplies by the slope.",
        {"grad_action * (high - low) / 2": "grad_action / (high - low) * 2"},
    ),
    Mistake(
        "middle instead of half-range",
        "The middle is only added to the action. The factor is half the range, (high − low) / 2.",
        {"grad_action * (high - low)": "grad_action * (high + low)"},
    ),
    Mistake(
        "high instead of half-range",
        "high is half the range only if the bounds are symmetrical.",
        {"grad_action * (high - low) / 2": "grad_action * high"},
    ),
    Mistake(
        "half-range of the first dimension",
        "Each dimension has its own range.",
        {"grad_action * (high - low)": "grad_action * (high[0] - low[0])"},
        {"/ 2 + (high - low)": "/ 2 + (high[0] - low[0])"},
    ),
    Mistake(
        "slope missing",
        "tanh is a factor of the chain rule, too. Its slope is 1 − y².",
        {" * (1 - np.tanh(z) ** 2)": ""},
    ),
    Mistake(
        "slope at the output, where the input is meant",
        "",
        {"np.tanh(z) ** 2": "np.tanh(np.tanh(z)) ** 2"},
    ),
    Mistake("slope at the input, where the output is meant", "", {"np.tanh(z) ** 2": "z**2"}),
    Mistake(
        "slope at the scaled action",
        "1 − y² holds for y = tanh(z), but you inserted the scaled action.",
        {"np.tanh(z) ** 2": "bounded_forward(z, low, high)[0] ** 2"},
    ),
    Mistake(
        "1 − y instead of 1 − y²",
        "The slope of tanh is 1 − y²: the square is missing.",
        {"np.tanh(z) ** 2": "np.tanh(z)"},
    ),
    Mistake(
        "y² instead of 1 − y²",
        "The slope of tanh is 1 where y is 0, and decreases on both sides: 1 − y².",
        {"(1 - np.tanh(z) ** 2)": "np.tanh(z) ** 2"},
    ),
    Mistake(
        "range instead of half-range",
        "The action leaves its bounds. From −1 to 1 the distance is 2, so multiply tanh by half the"
        " range.",
        {"/ 2 + (high - low) / 2 *": "/ 2 + (high - low) *"},
        {
            "/ 2 + (high - low) / 2 *": "/ 2 + (high - low) *",
            "grad_action * (high - low) / 2": "grad_action * (high - low)",
        },
    ),
    Mistake(
        "middle without a half",
        "The middle is half the sum of the bounds.",
        {"(low + high) / 2 +": "(low + high) +"},
    ),
    Mistake(
        "from low on",
        "z = 0 gives low. It should give the middle.",
        {"(low + high) / 2 +": "low +"},
    ),
    Mistake(
        "minus before tanh",
        "The action decreases where z grows. Add the half-range times tanh(z).",
        {"/ 2 + (high": "/ 2 - (high"},
        {"/ 2 + (high": "/ 2 - (high", "grad_action * (high": "-grad_action * (high"},
    ),
    Mistake(
        "another function than tanh",
        "The formula above contains tanh.",
        {"* np.tanh(z)": "* np.sin(z)"},
        {"* np.tanh(z)": "* np.arctan(z)"},
        {FORWARD: "low + (high - low) / (1 + np.exp(-z))"},
    ),
    Mistake(
        "1 + y² instead of 1 − y²",
        "The slope of tanh is largest at 0 and decreases on both sides: 1 − y².",
        {"(1 - np.tanh(z) ** 2)": "(1 + np.tanh(z) ** 2)"},
    ),
    Mistake(
        "slope squared",
        "The slope of tanh is a factor of the chain once.",
        {"(1 - np.tanh(z) ** 2)": "(1 - np.tanh(z) ** 2) ** 2"},
    ),
    Mistake("arriving gradient missing", "", {"grad_action * (high": "(high"}),
    Mistake(
        "half-range and slope missing",
        "Two factors of the chain are missing: half the range, and the slope of tanh.",
        {"grad_action * (high - low) / 2 * (1 - np.tanh(z) ** 2)": "grad_action + 0"},
    ),
    Mistake(
        "tanh forgotten",
        "Without tanh the action leaves the bounds.",
        {"* np.tanh(z)": "* z"},
        {"* np.tanh(z)": "* z", " * (1 - np.tanh(z) ** 2)": ""},
    ),
    Mistake(
        "clipped instead of squashed",
        "Clipping has no slope outside the bounds. Use tanh.",
        {FORWARD: "np.clip(z, low, high)"},
        {FORWARD: "np.clip((low + high) / 2 + (high - low) / 2 * z, low, high)"},
    ),
    Mistake(
        "added instead of multiplied",
        "The chain rule multiplies the arriving gradient by the slope.",
        {"grad_action * (high": "grad_action + (high"},
    ),
    Mistake(
        "parentheses missing",
        "Multiplication and division come before sums: put each sum in parentheses.",
        {"grad_action * (high - low) / 2": "grad_action * high - low / 2"},
        {"* (1 - np.tanh(z) ** 2)": "* 1 - np.tanh(z) ** 2"},
        {"(low + high) / 2 +": "low + high / 2 +"},
    ),
    Mistake(
        "multiplied by y as well",
        "The slope of tanh is 1 − y², without another factor y.",
        {"(1 - np.tanh(z) ** 2)": "(1 - np.tanh(z) ** 2) * np.tanh(z)"},
    ),
    Mistake(
        "(1 − y)² instead of 1 − y²",
        "Only y is squared.",
        {"(1 - np.tanh(z) ** 2)": "(1 - np.tanh(z)) ** 2"},
    ),
    Mistake(
        "1 − tanh(z²) instead of 1 − y²",
        "Square tanh(z), not z.",
        {"np.tanh(z) ** 2": "np.tanh(z**2)"},
    ),
    Mistake(
        "the sigmoid's slope",
        "y (1 − y) is the slope of the sigmoid. The slope of tanh is 1 − y².",
        {"(1 - np.tanh(z) ** 2)": "np.tanh(z) * (1 - np.tanh(z))"},
    ),
    Mistake(
        "root of the slope",
        "The slope of tanh is 1 − y², or 1 / cosh² z, without a root.",
        {"(1 - np.tanh(z) ** 2)": "np.sqrt(1 - np.tanh(z) ** 2)"},
    ),
    Mistake(
        "action in the cache instead of z",
        "The cache holds the action, but backward expects z and takes the tanh of it.",
        {"return action, (z,": "return action, (action,"},
    ),
    Mistake(
        "tanh of everything",
        "Only z is squashed: the map to the bounds comes after tanh.",
        {FORWARD: "np.tanh((low + high) / 2 + (high - low) / 2 * z)"},
    ),
    Mistake(
        "bounds ignored",
        "The action should lie between low and high.",
        {FORWARD: "np.tanh(z)"},
        {FORWARD: "2 * np.tanh(z)"},
    ),
    Mistake(
        "output instead of its slope",
        "You multiplied by y itself. The slope is 1 − y².",
        {"(1 - np.tanh(z) ** 2)": "np.tanh(z)"},
    ),
    Mistake(
        "centre added to the gradient",
        "The middle is added to the action and does not change with z: its derivative is 0.",
        {"grad_z = ": "grad_z = (low + high) / 2 + "},
    ),
    Mistake(
        "centre forgotten",
        "The action's range is right, but its middle is 0.",
        {"(low + high) / 2 + ": ""},
    ),
    Mistake(
        "symmetrical bounds taken for granted",
        "−1 becomes −high, which is low only if the bounds are symmetrical.",
        {FORWARD: "high * np.tanh(z)"},
    ),
)


@exercise(
    "09.5",
    "An actor that ends in the bounds",
    GRADIENT,
    retired=True,
    stub='''
def bounded_forward(z, low, high):
    """Map z (N, A) to actions (N, A) within the bounds low and high (A,); also return a cache.

    action = (low + high) / 2 + (high − low) / 2 · tanh(z)
    """
    action = None
    return action, (z, low, high)


def bounded_backward(grad_action, cache):
    """Given dL/daction (N, A), return dL/dz (N, A)."""
    z, low, high = cache
    grad_z = None
    return grad_z
''',
    statement="""Some actors return actions in the environment's units. Then the chain rule also
    contains the slope of the map to the bounds. Which parts of this map change with z?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN,
    difficulty=2,
    minutes=10,
    hints=(
        "Three functions in a row: tanh, times the half-range, plus the middle. What is the slope"
        " of each? The backward pass is the product of the three.",
        r"The slope of tanh is $1 - y^2$ for $y = \tanh z$. The action is not this $y$, because it"
        " is already scaled.",
    ),
    cases=(
        {"batch_size": 5, "action_dim": 3, "low": (-1.1, -2.3, 0.4), "high": (2.3, 3.2, 3.9)},
        {"batch_size": 7, "action_dim": 2, "low": (0.37, -4.3), "high": (1.9, -0.7), "far": 400.0},
    ),
    equivalents={
        "return (action, (z, low, high)) → return (np.float32(action), (z, low, high))": (
            "float32 is accepted"
        ),
        "return grad_z → return np.float32(grad_z)": "float32 is accepted",
    },
)
def check_bounded(
    forward: Any,
    backward: Any,
    batch_size: int,
    action_dim: int,
    low: Sequence[float],
    high: Sequence[float],
    far: float = 0.0,
) -> dict[str, Any]:
    """Check bounded_forward and bounded_backward.

    Args:
        far: added to one entry of z, so that its action is at the bound.
    """
    z = sample_array(batch_size, action_dim)
    z[0, 0] += far
    inputs = {"z": z, "low": np.array(low), "high": np.array(high)}
    return layer_pair(forward, backward, inputs, "action", wrt=("z",))
