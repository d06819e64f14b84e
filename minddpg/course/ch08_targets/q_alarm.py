"""Exercise 08.4: values that cannot be.

T steps of a log.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise

SOLUTION = """
def q_alarm(q_min, q_max, reward_low, reward_high, discount):
    horizon = 1 / (1 - discount)
    alarm = (q_min < reward_low * horizon) | (q_max > reward_high * horizon)
    return alarm
"""

MISTAKES = (
    Mistake(
        "upper bound only", "Q can be too low as well.", {"(q_min < reward_low * horizon) | ": ""}
    ),
    Mistake(
        "lower bound only",
        "Q can be too high as well: it is the more frequent mistake.",
        {" | (q_max > reward_high * horizon)": ""},
    ),
    Mistake(
        "bound without the discount",
        "Those are the bounds of one reward. A return is a sum of rewards with the weights 1 + γ +"
        " γ² + ...",
        {"1 / (1 - discount)": "1"},
    ),
    Mistake(
        "γ/(1 − γ) instead of 1/(1 − γ)",
        "The first reward is not discounted: 1 + γ + γ² + ... = 1/(1 − γ).",
        {"1 / (1 - discount)": "discount / (1 - discount)"},
    ),
    Mistake(
        "multiplied by 1 − γ",
        "1 + γ + γ² + ... = 1/(1 − γ): divide by 1 − γ.",
        {"1 / (1 - discount)": "1 - discount"},
    ),
    Mistake(
        "inverted",
        "True means alarm, but you raise it where all is well.",
        {"return alarm": "return ~alarm"},
    ),
    Mistake(
        "always an alarm",
        "An alarm that never stops says nothing.",
        {"return alarm": "return np.ones_like(alarm)"},
    ),
    Mistake("and instead of or", "One broken bound is enough.", {"|": "&"}),
    Mistake(
        "one bound for both sides",
        "You used the largest |r| for both sides. Each side has its own bound.",
        {
            "    horizon =": "    largest = max(-reward_low, reward_high)\n    horizon =",
            "< reward_low": "< -largest",
            "> reward_high": "> largest",
        },
        {"< reward_low": "< -reward_high"},
        {"> reward_high": "> -reward_low"},
    ),
    Mistake(
        "never above 0",
        "If every reward is negative and episodes never end, even 0 is far too high.",
        {"reward_low *": "min(reward_low, 0) *", "reward_high *": "max(reward_high, 0) *"},
    ),
)


@exercise(
    "08.4",
    "Values that cannot be",
    PROPERTY,
    stub='''
def q_alarm(q_min, q_max, reward_low, reward_high, discount):
    """Return True (T,) wherever the logged values are beyond what any policy can have.

    q_min and q_max (T,) are the smallest and the largest Q of a minibatch. No reward is below
    reward_low or above reward_high, two floats; discount is γ < 1. Episodes never terminate, as
    in Pendulum.
    """
    alarm = None
    return alarm
''',
    statement="""A return is a sum of discounted rewards, so it has bounds. Nothing in DDPG keeps Q
    within them, and a Q outside them is certainly wrong. What are these bounds?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your alarms with the correct ones",
    difficulty=2,
    minutes=10,
    hints=(
        "Two bounds, two comparisons, each an array of True and False. One broken bound is enough:"
        ' `|` is "or", entry by entry.',
    ),
)
def check_q_alarm(q_alarm: Any) -> dict[str, Any]:
    """Check q_alarm."""
    wanted = "q_alarm should return True or False for each step: it"
    q_min = np.array([-10, -35, -10, -40, -29, -25, -8, -1, -5, 21, -33, 5, -0.1, -3.2, -2.8])
    q_max = np.array([5, 5, 25, 35, 19, 8, 27, 1, 3, 24, -31, 33, 0.1, 1.9, 1.9])
    low, high = np.array([[-60, -60, -90, -40, -79, -7.0], [-20, -5, -20, 3, -11, -2]])
    return {
        "rewards from −3 to 2": array(call(q_alarm, q_min, q_max, -3.0, 2.0, 0.9), wanted),
        "rewards from −8 to −1": array(call(q_alarm, low, high, -8.0, -1.0, 0.9), wanted),
    }
