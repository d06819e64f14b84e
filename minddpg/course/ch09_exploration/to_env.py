"""Exercise 09.3: actions in the environment's units.

N batch, A action entries.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, Mistake, array, call, exercise

CASES: tuple[dict[str, Any], ...] = (
    {"batch_size": 5, "action_dim": 3, "low": (-1.1, -5.3, 0.4), "high": (2.3, 2.2, 3.9)},
    {"batch_size": 7, "action_dim": 2, "low": (0.37, -41.3), "high": (1.9, -7.7)},
)

SOLUTION = """
def to_env(action, low, high):
    return 0.5 * ((1 - action) * low + (1 + action) * high)
"""

FORMULA = "0.5 * ((1 - action) * low + (1 + action) * high)"
ONE_DIMENSION = (
    "You used the bounds of the first dimension for every dimension. low and high are arrays (A,):"
    " use them as they are."
)

MISTAKES = (
    Mistake(
        "action scale forgotten",
        "You returned the action unchanged. In the environment's units it is another number.",
        {FORMULA: "action"},
    ),
    Mistake(
        "action scale forgotten",
        "You clipped the action to the bounds. Scale it, so that 1 becomes high.",
        {FORMULA: "np.clip(action, low, high)"},
    ),
    Mistake(
        "action scale forgotten",
        "You added the middle, but did not scale the action.",
        {FORMULA: "(low + high) / 2 + action"},
    ),
    Mistake(
        "centre forgotten",
        "The range is right, but its middle is 0. It should be (low + high) / 2.",
        {FORMULA: "(high - low) / 2 * action"},
    ),
    Mistake(
        "high[0] for every dimension",
        ONE_DIMENSION,
        {FORMULA: "high[0] * action"},
        {"* low": "* low[0]", "* high": "* high[0]"},
        {"* high": "* high[0]"},
    ),
    Mistake(
        "symmetrical bounds taken for granted",
        "−1 becomes −high, which is the lower bound only if the bounds are symmetrical.",
        {FORMULA: "high * action"},
    ),
    Mistake(
        "symmetrical bounds taken for granted",
        "−1 becomes minus the larger bound. It should become low.",
        {FORMULA: "np.maximum(abs(low), abs(high)) * action"},
    ),
    Mistake(
        "range instead of half-range",
        "The distance from −1 to 1 is 2 already, so the factor is half the range.",
        {FORMULA: "(low + high) / 2 + (high - low) * action"},
    ),
    Mistake(
        "range instead of half-range",
        "That maps the interval [0, 1]. From −1 to 1 the distance is 2: add 1 to the action, and"
        " take half the range.",
        {FORMULA: "low + (high - low) * action"},
    ),
    Mistake(
        "range instead of half-range",
        "action + 1 runs from 0 to 2, so the factor is half the range.",
        {FORMULA: "low + (high - low) * (action + 1)"},
    ),
    Mistake(
        "low and high swapped",
        "−1 becomes high, and 1 becomes low.",
        {FORMULA: "0.5 * ((1 + action) * low + (1 - action) * high)"},
    ),
    Mistake(
        "middle and half-range mixed up",
        "Add the middle, half the sum of the bounds. Multiply the action by half the range, half"
        " their difference.",
        {FORMULA: "(high - low) / 2 * (1 + action)"},
        {FORMULA: "(low + high) / 2 * (1 + action)"},
        {FORMULA: "(high - low) / 2 + (low + high) / 2 * action"},
    ),
    Mistake(
        "factor 2", "The two weights 1 − a and 1 + a have the sum 2: take half.", {"0.5 * (": "("}
    ),
    Mistake(
        "rounded to whole numbers",
        "// rounds down. Divide by /, or multiply by 0.5.",
        {FORMULA: "((1 - action) * low + (1 + action) * high) // 2"},
        {FORMULA: "low + (high - low) * (action + 1) // 2"},
        {FORMULA: "low + (high - low) * ((action + 1) // 2)"},
    ),
    Mistake(
        "high above 0, low below",
        "Those are two lines that meet at 0, so 0 becomes 0. Use one straight line from low to"
        " high.",
        {FORMULA: "np.where(action > 0, action * high, -action * low)"},
    ),
    Mistake(
        "from high on",
        "0 becomes high. It should become the middle.",
        {FORMULA: "high + (high - low) / 2 * action"},
    ),
    Mistake(
        "middle without a half",
        "The middle is half the sum of the bounds.",
        {FORMULA: "(low + high) + (high - low) / 2 * action"},
    ),
    Mistake(
        "middle subtracted",
        "Add the middle, so that 0 becomes the middle.",
        {FORMULA: "(high - low) / 2 * action - (low + high) / 2"},
    ),
    Mistake(
        "clipped as well",
        "Do not clip: the action is already in [−1, 1].",
        {FORMULA: f"np.clip({FORMULA}, -1, 1)"},
        {FORMULA: f"np.clip({FORMULA}, -2, 2)"},
    ),
    Mistake(
        "from low on",
        "0 becomes low. It should become the middle.",
        {FORMULA: "low + (high - low) / 2 * action"},
    ),
    Mistake(
        "parentheses missing",
        "Multiplication and division come before sums: put each sum in parentheses.",
        {FORMULA: "0.5 * (1 - action * low + 1 + action * high)"},
        {FORMULA: "(low + high) / 2 + (high - low / 2) * action"},
        {FORMULA: "low + high / 2 + (high - low) / 2 * action"},
    ),
    Mistake(
        "high instead of the range",
        "The distance from low to high is high − low.",
        {FORMULA: "low + (action + 1) / 2 * high"},
    ),
    Mistake(
        "1 subtracted instead of added",
        "Use action + 1, which runs from 0 to 2, so that −1 becomes low.",
        {FORMULA: "low + (action - 1) / 2 * (high - low)"},
    ),
    Mistake(
        "one range for every dimension",
        "Each dimension has its own bounds. low and high are arrays (A,): use them as they are.",
        {FORMULA: "0.5 * ((1 - action) * low.min() + (1 + action) * high.max())"},
        {FORMULA: "0.5 * ((1 - action) * low.mean() + (1 + action) * high.mean())"},
        {FORMULA: "np.mean(low + high) / 2 + (high - low) / 2 * action"},
        {FORMULA: "(low + high) / 2 + np.max(high - low) / 2 * action"},
    ),
    Mistake(
        "rounded to few digits",
        "Return the actions with all their digits.",
        {FORMULA: f"np.round({FORMULA}, 2)"},
    ),
    Mistake(
        "added instead of multiplied",
        "Multiply the action by half the range.",
        {FORMULA: "(low + high) / 2 + (high - low) / 2 + action"},
    ),
    Mistake(
        "inverse instead",
        "That maps the other way, from the environment's units to [−1, 1].",
        {FORMULA: "(2 * action - low - high) / (high - low)"},
    ),
)


@exercise(
    "09.3",
    "Actions in the environment's units",
    PROPERTY,
    stub='''
def to_env(action, low, high):
    """Map actions (N, A) from [−1, 1] to the environment's units (N, A).

    low and high (A,) are the bounds of each dimension: −1 becomes low, 1 becomes high.
    """
    env_action = None
    return env_action
''',
    statement="""The actor's tanh is between −1 and 1, but a joint may turn from −1 to 2. Map one
    range to the other: −1 becomes low, 1 becomes high, and 0 becomes the middle between them.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your actions with the correct ones",
    cases=CASES,
    equivalents={
        "return 0.5 * ((1 - action) * low + (1 + action) * high)"
        " → return np.float32(0.5 * ((1 - action) * low + (1 + action) * high))": (
            "float32 is accepted"
        )
    },
    difficulty=1,
    importance=2,
    minutes=5,
    hints=(
        "`action` is (N, A), `low` is (A,). Broadcasting gives each column its own bound: no loop,"
        " no index.",
    ),
)
def check_to_env(
    to_env: Any, batch_size: int, action_dim: int, low: Sequence[float], high: Sequence[float]
) -> dict[str, Any]:
    """Check to_env."""
    wanted = "to_env should return an array of actions: it"
    bounds = np.array(low), np.array(high)
    ends = np.ones((batch_size - 2, action_dim))
    given = {"inside": inside(batch_size, action_dim), "at −1": -ends, "at 1": ends}
    return {name: array(call(to_env, a, *bounds), wanted) for name, a in given.items()}


def inside(batch_size: int, action_dim: int) -> Array:
    """Return actions (N, A) between −1 and 1, all different."""
    numbers: Array = 0.97 * np.sin(0.3 + 1.7 * np.arange(batch_size * action_dim))
    return numbers.reshape(batch_size, action_dim)
