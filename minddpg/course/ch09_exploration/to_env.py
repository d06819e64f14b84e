"""Exercise 09.3: actions in the environment's units.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise

LOW, HIGH = np.array([-1.0, -2.0, 0.5]), np.array([2.0, 5.0, 4.0])
INSIDE = np.array([
    *([0.3, -0.7, 0.9], [-0.2, 0.5, -0.6], [0.8, 0.1, -0.4], [-0.9, 0.6, 0.2], [0.7, -0.3, 0.4]),
])  # fmt: skip

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
        "You clipped the action to the bounds. Stretch it, so that 1 becomes high.",
        {FORMULA: "np.clip(action, low, high)"},
    ),
    Mistake(
        "action scale forgotten",
        "You added the middle, but did not stretch the action.",
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
        "from low on",
        "0 becomes low. It should become the middle.",
        {FORMULA: "low + (high - low) / 2 * action"},
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
    statement="""The actor's tanh lies between −1 and 1; a joint may turn from −1 to 2. Map one
    range to the other, so that both bounds are met and the middle becomes the middle.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your actions with the correct ones",
    difficulty=1,
    minutes=5,
    hints=(
        "`action` is (N, A), `low` is (A,). Broadcasting gives each column its own bound: no loop,"
        " no index.",
    ),
)
def check_to_env(to_env: Any) -> dict[str, Any]:
    """Check to_env."""
    wanted = "to_env should return an array of actions: it"
    given = {"inside": INSIDE, "at −1": -np.ones((2, 3)), "at 1": np.ones((2, 3))}
    return {name: array(call(to_env, a, LOW, HIGH), wanted) for name, a in given.items()}
