"""Exercise 08.4: values that cannot be.

T steps of a log.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, Mistake, Observed, array, call, exercise

STEPS = 60
CLOSE = 1e-5  # float32 has this error where 1 − γ is small

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
        "bound without the discount, and instead of or",
        "A return is a sum of rewards with the weights 1 + γ + γ² + ..., and one broken bound is"
        " enough.",
        {"1 / (1 - discount)": "1", "|": "&"},
    ),
    Mistake(
        "γ/(1 − γ) instead of 1/(1 − γ)",
        "The first reward is not discounted: 1 + γ + γ² + ... = 1/(1 − γ).",
        {"1 / (1 - discount)": "discount / (1 - discount)"},
        {"reward_low * horizon": "reward_low * discount * horizon"},
        {"reward_high * horizon": "reward_high * discount * horizon"},
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
        "An alarm that never stops says nothing. Did you compare each side with its own bound?",
        {"return alarm": "return np.ones_like(alarm)"},
    ),
    Mistake(
        "never an alarm",
        "Values beyond the bounds should raise one.",
        {"return alarm": "return np.zeros_like(alarm)"},
    ),
    Mistake(
        "an alarm at the bound itself",
        "A value that equals the bound is possible: if every reward is the best one, the return is"
        " exactly r / (1 − γ). Use < and >.",
        {"q_min <": "q_min <=", "q_max >": "q_max >="},
        {"q_min <": "q_min <="},
        {"q_max >": "q_max >="},
    ),
    Mistake(
        "bounds of an episode that ends",
        "You summed γ^t over a fixed number of steps. Here episodes never terminate, and a time"
        " limit does not end the sum.",
        *(
            {"1 / (1 - discount)": f"(1 - discount**{steps}) / (1 - discount)"}
            for steps in (100, 199, 200, 201, 500, 1000)
        ),
    ),
    Mistake(
        "fixed horizon",
        "You took a fixed number for 1/(1 − γ). Compute it from discount.",
        *({"1 / (1 - discount)": number} for number in ("10", "100", "200")),
    ),
    Mistake(
        "γ instead of 1/(1 − γ)",
        "1 + γ + γ² + ... = 1/(1 − γ).",
        {"1 / (1 - discount)": "discount"},
        {"1 / (1 - discount)": "1 / discount"},
    ),
    Mistake(
        "a margin around the bounds",
        "The bounds are exact: no return is beyond them. An alarm is due from there on.",
        *({"1 / (1 - discount)": f"{margin} / (1 - discount)"} for margin in (1.01, 1.05, 1.1)),
    ),
    Mistake("factor 2", "Your bounds are twice too wide.", {"1 / (1": "2 / (1"}),
    Mistake(
        "factor 1/2", "Your bounds are half as wide as they should be.", {"1 / (1": "0.5 / (1"}
    ),
    Mistake(
        "1 + γ instead of 1 − γ", "1 + γ + γ² + ... = 1/(1 − γ).", {"1 - discount": "1 + discount"}
    ),
    Mistake(
        "rounded horizon",
        "1/(1 − γ) need not be a whole number.",
        {"1 / (1 - discount)": "1 // (1 - discount)"},
        {"1 / (1 - discount)": "round(1 / (1 - discount))"},
    ),
    Mistake(
        "one side inverted",
        "An alarm is due where q_min is below the lower bound, and where q_max is above the upper"
        " one. One of your two comparisons points the other way.",
        {"q_min <": "q_min >"},
        {"q_max >": "q_max <"},
        {"q_min <": "q_min >="},
        {"q_max >": "q_max <="},
    ),
    Mistake(
        "the alarm of one step given to others",
        "Each step of the log has an alarm of its own.",
        {"return alarm": "return np.full(len(alarm), alarm.any())"},
        {"return alarm": "return np.cumsum(alarm) > 0"},
    ),
    Mistake(
        "both comparisons inverted",
        "An alarm is due where q_min is below the lower bound, and where q_max is above the upper"
        " one. Your two comparisons point the other way.",
        {"q_min <": "q_min >", "q_max >": "q_max <"},
    ),
    Mistake(
        "q_min and q_max swapped",
        "The smallest Q shows first that a value is too low, the largest Q that one is too high.",
        {"q_min <": "q_max <", "q_max >": "q_min >"},
    ),
    Mistake(
        "q_max missing",
        "You compared q_min with both bounds. The largest Q shows first that a value is too high.",
        {"q_max >": "q_min >"},
    ),
    Mistake(
        "q_min missing",
        "You compared q_max with both bounds. The smallest Q shows first that a value is too low.",
        {"q_min <": "q_max <"},
    ),
    Mistake(
        "bounds swapped, and instead of or",
        "The lower bound belongs to reward_low, the upper one to reward_high, and one broken bound"
        " is enough.",
        {"< reward_low": "< reward_high", "> reward_high": "> reward_low", "|": "&"},
    ),
    Mistake(
        "one bound without the discount",
        "One of your two bounds is that of one reward. A return is a sum of rewards with the"
        " weights 1 + γ + γ² + ...",
        {"reward_low * horizon": "reward_low"},
        {"reward_high * horizon": "reward_high"},
    ),
    Mistake(
        "plus instead of times",
        "The bounds are products: reward times 1/(1 − γ).",
        {"reward_low *": "reward_low +", "reward_high *": "reward_high +"},
        {"reward_low *": "reward_low +"},
        {"reward_high *": "reward_high +"},
    ),
    Mistake(
        "one bound divided by the horizon",
        "1 + γ + γ² + ... = 1/(1 − γ) multiplies both rewards.",
        {"reward_low *": "reward_low /"},
        {"reward_high *": "reward_high /"},
    ),
    Mistake(
        "absolute values",
        "The two sides have bounds of their own. |Q| hides the sign.",
        {"q_min <": "np.abs(q_min) <", "q_max >": "np.abs(q_max) >"},
        {"q_max >": "np.abs(q_max) >"},
    ),
    Mistake(
        "either, but not both",
        "Where both bounds are broken, an alarm is due as well: | instead of ^.",
        {"|": "^"},
    ),
    Mistake(
        "brackets missing around 1 − γ",
        "r / 1 - γ is r − γ: division comes before subtraction.",
        {
            "reward_low * horizon": "reward_low / 1 - discount",
            "reward_high * horizon": "reward_high / 1 - discount",
        },
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
    cases=(
        {"reward_low": -3.5, "reward_high": 2.25, "discount": 0.93},
        {"reward_low": -8.0, "reward_high": -1.5, "discount": 0.992},
        {"reward_low": 0.75, "reward_high": 6.0, "discount": 0.6},
    ),
)
def check_q_alarm(
    q_alarm: Any, reward_low: float, reward_high: float, discount: float
) -> dict[str, Any]:
    """Check q_alarm."""
    wanted = "q_alarm should return True or False for each step: it"
    rewards = np.array([reward_low, reward_high])
    low, high = rewards / (1 - discount)
    offsets = np.random.default_rng(8).uniform(-0.6, 1.2, (2, STEPS))
    logged = low + (high - low) * offsets[0], high - (high - low) * offsets[1]
    q_min, q_max = np.minimum(*logged), np.maximum(*logged)

    def alarm(q_min: Array, q_max: Array, discount: float = discount) -> Array:
        result = array(call(q_alarm, q_min, q_max, reward_low, reward_high, discount), wanted)
        others = result[(result != 0) & (result != 1)]
        if result.ndim and others.size:
            raise InvalidAnswer(f"{wanted} returned {others[0]:g}.")
        return result

    alarms = alarm(q_min, q_max)
    if alarms.shape != q_min.shape:
        return {"alarms": alarms}
    wrong = np.flatnonzero(alarms != ((q_min < low) | (q_max > high)))
    scales = np.geomspace(0.01, 20 / (1 - discount), 70)
    tried = np.unique(np.outer(scales, [reward_low, rewards.mean(), reward_high]))
    lowest, highest = _quiet(lambda q: alarm(q, q), tried)
    low_bound, high_bound = 2 * rewards[:, None]  # 1/(1 − 0.5) is exactly 2
    at_bound = alarm(low_bound, high_bound, 0.5)
    return {
        "lowest Q without an alarm": Observed(lowest, CLOSE),
        "highest Q without an alarm": Observed(highest, CLOSE),
        "alarms": Observed(alarms, message=_first(wrong, alarms, q_min, q_max, low, high)),
        "no alarm at the bounds themselves": not at_bound.any(),
    }


def _first(wrong: Array, alarms: Array, q_min: Array, q_max: Array, low: float, high: float) -> str:
    """Say of the first wrong alarm what was logged there."""
    if not wrong.size:
        return ""
    i = wrong[0]
    return (
        f"alarms[{i}]: yours {bool(alarms[i])}, expected {not alarms[i]}; q_min is {q_min[i]:.3g},"
        f" q_max is {q_max[i]:.3g}, and possible are {low:.3g} to {high:.3g}"
    )


def _quiet(alarm: Callable[[Array], Array], tried: Array) -> Array:
    """Return the lowest and the highest Q that raise no alarm where q_min and q_max are this Q.

    0 and 0 if there is none.

    Args:
        tried: values to begin with, in rising order.
    """
    quiet = np.flatnonzero(alarm(tried) == 0)
    if not quiet.size:
        return np.zeros(2)
    ends = quiet[[0, -1]]
    inner, outer = tried[ends], tried[np.clip(ends + np.array([-1, 1]), 0, len(tried) - 1)]
    for _ in range(40):  # halve the gap between a Q without an alarm and one with it
        middle = (inner + outer) / 2
        is_loud = alarm(middle) != 0
        inner, outer = np.where(is_loud, inner, middle), np.where(is_loud, middle, outer)
    return np.asarray(inner)
