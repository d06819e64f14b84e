"""Exercise 09.4, retired: map actions from the environment's units back to [−1, 1].

N batch, A action entries.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise
from .to_env import CASES, ONE_DIMENSION, inside

SOLUTION = """
def from_env(env_action, low, high):
    middle, half_range = (low + high) / 2, (high - low) / 2
    return (env_action - middle) / half_range
"""

FORMULA = "(env_action - middle) / half_range"

MISTAKES = (
    Mistake(
        "inverse forgotten",
        "That is to_env again. Undo it: subtract the middle, then divide.",
        {FORMULA: "middle + half_range * env_action"},
    ),
    Mistake(
        "action scale forgotten", "You returned the action unchanged.", {FORMULA: "env_action"}
    ),
    Mistake(
        "action scale forgotten",
        "You clipped the action, which makes all large actions equal. Scale it instead.",
        {FORMULA: "np.clip(env_action, -1, 1)"},
    ),
    Mistake(
        "action scale forgotten",
        "You subtracted the middle, but did not scale the range to [−1, 1].",
        {FORMULA: "env_action - middle"},
    ),
    Mistake(
        "centre forgotten",
        "Subtract the middle first, so that it becomes 0.",
        {FORMULA: "env_action / half_range"},
    ),
    Mistake(
        "centre subtracted last",
        "to_env multiplies, then adds. Undo the last step first: subtract, then divide.",
        {FORMULA: "env_action / half_range - middle"},
    ),
    Mistake(
        "high[0] for every dimension",
        ONE_DIMENSION,
        {FORMULA: "env_action / high[0]"},
        {FORMULA: "(env_action - middle[0]) / half_range[0]"},
    ),
    Mistake(
        "symmetrical bounds taken for granted",
        "low becomes low/high, which is −1 only if the bounds are symmetrical.",
        {FORMULA: "env_action / high"},
    ),
    Mistake(
        "multiplied instead of divided",
        "to_env multiplies by half the range; its inverse divides.",
        {"/ half_range": "* half_range"},
        {FORMULA: "2 * (env_action - low) * (high - low) - 1"},
    ),
    Mistake(
        "range instead of half-range",
        "The result runs from −1/2 to 1/2. Divide by half the range.",
        {"(high - low) / 2": "high - low"},
    ),
    Mistake(
        "1 added instead of subtracted",
        "2 (a − low) / (high − low) runs from 0 to 2. Subtract 1.",
        {FORMULA: "2 * (env_action - low) / (high - low) + 1"},
    ),
    Mistake(
        "rounded to whole numbers",
        "// rounds down, so that almost all actions become −1 or 0. Divide by /.",
        {"middle) / half_range": "middle) // half_range"},
    ),
    Mistake(
        "middle added",
        "to_env adds the middle; its inverse subtracts it.",
        {FORMULA: "(env_action + middle) / half_range"},
    ),
    Mistake(
        "middle without a half",
        "The middle is half the sum of the bounds.",
        {"middle, half_range = (low + high) / 2": "middle, half_range = (low + high)"},
    ),
    Mistake(
        "mapped to [−2, 0]",
        "The result runs from −2 to 0: high becomes 0. The middle should become 0.",
        {FORMULA: "(env_action - high) / half_range"},
    ),
    Mistake(
        "mapped to [−3, −1]",
        "The result runs from −3 to −1. Subtract low instead of high.",
        {FORMULA: "2 * (env_action - high) / (high - low) - 1"},
    ),
    Mistake(
        "parentheses missing",
        "Multiplication and division come before sums: put each sum in parentheses.",
        {FORMULA: "2 * env_action - low / (high - low) - 1"},
        {FORMULA: "2 * (env_action - low) / high - low - 1"},
        {FORMULA: "env_action - middle / half_range"},
        {"(low + high) / 2": "low + high / 2"},
        {"(low + high) / 2": "high + low / 2"},
    ),
    Mistake(
        "middle and half-range mixed up",
        "Subtract the middle, half the sum of the bounds. Divide by half the range, half their"
        " difference.",
        {FORMULA: "(env_action - half_range) / middle"},
    ),
    Mistake(
        "1 subtracted from the range",
        "Subtract 1 from the fraction, after the division.",
        {FORMULA: "2 * (env_action - low) / (high - low - 1)"},
    ),
    Mistake(
        "low added",
        "Subtract low, so that low becomes 0 first, then −1.",
        {FORMULA: "2 * (env_action + low) / (high - low) - 1"},
    ),
    Mistake(
        "sign of the range",
        "The range is high − low; low − high is negative.",
        {FORMULA: "2 * (env_action - low) / (low - high) - 1"},
    ),
    Mistake(
        "sum instead of the range",
        "Divide by the distance between the bounds, high − low.",
        {FORMULA: "2 * (env_action - low) / (high + low) - 1"},
    ),
    Mistake(
        "one range for every dimension",
        "Each dimension has its own bounds. low and high are arrays (A,): use them as they are.",
        {FORMULA: "2 * (env_action - low.min()) / (high.max() - low.min()) - 1"},
        {FORMULA: "2 * (env_action - low) / (high - low).sum() - 1"},
        {FORMULA: "2 * (env_action - low) / (high - low).max() - 1"},
        {FORMULA: "2 * (env_action - low) / np.linalg.norm(high - low) - 1"},
    ),
    Mistake(
        "only the sign kept",
        "Every action is at a bound, or 0. Divide by half the range instead.",
        {FORMULA: "np.sign(env_action - middle)"},
    ),
    Mistake(
        "rounded to few digits",
        "Return the actions with all their digits.",
        {FORMULA: f"np.round({FORMULA}, 1)"},
        {FORMULA: f"np.round({FORMULA}, 2)"},
    ),
    Mistake(
        "mapped to [0, 1]",
        "The result runs from 0 to 1. Stretch it by 2, then subtract 1.",
        {FORMULA: "(env_action - low) / (high - low)"},
    ),
    Mistake(
        "mapped to [−1, 0]",
        "The result runs from −1 to 0. Divide by half the range instead of the range.",
        {FORMULA: "(env_action - low) / (high - low) - 1"},
    ),
    Mistake(
        "mapped to [0, 2]",
        "The result runs from 0 to 2. Subtract 1.",
        {FORMULA: "(env_action - low) / half_range"},
    ),
    Mistake(
        "low and high swapped",
        "low becomes 1, and high becomes −1.",
        {"(high - low)": "(low - high)"},
    ),
)


@exercise(
    "09.4",
    "And back",
    PROPERTY,
    retired=True,
    stub='''
def from_env(env_action, low, high):
    """Map actions (N, A) from the environment's units back to [−1, 1]: the inverse of to_env.

    low and high (A,) are the bounds of each dimension: low becomes −1, high becomes 1.
    """
    action = None
    return action
''',
    statement="""Some actions are given in the environment's units, for example those of a human
    teacher. The buffer holds actions in [−1, 1], so these actions have to be mapped back.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your actions with the correct ones",
    cases=CASES,
    equivalents={
        "return (env_action - middle) / half_range"
        " → return np.float32((env_action - middle) / half_range)": "float32 is accepted"
    },
    difficulty=1,
    minutes=5,
    hints=(r"Solve $a^{\text{env}} = \text{middle} + \text{half-range} \cdot a$ for $a$.",),
)
def check_from_env(
    from_env: Any, batch_size: int, action_dim: int, low: Sequence[float], high: Sequence[float]
) -> dict[str, Any]:
    """Check from_env."""
    wanted = "from_env should return an array of actions: it"
    bounds = np.array(low), np.array(high)
    within = bounds[0] + (1 + inside(batch_size, action_dim)) * (bounds[1] - bounds[0]) / 2
    given = {"inside": within, "at low": bounds[0][None], "at high": bounds[1][None]}
    return {name: array(call(from_env, a, *bounds), wanted) for name, a in given.items()}
