"""Exercise 08.4: an alarm for impossible values of Q.

T steps of a log.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, Observed, array, call, exercise
from .q_alarm_mistakes import MISTAKES

STEPS = 60
CLOSE = 1e-5  # the error of float32 if 1 − γ is small

SOLUTION = """
def q_alarm(q_min, q_max, reward_low, reward_high, discount):
    horizon = 1 / (1 - discount)
    alarm = (q_min < reward_low * horizon) | (q_max > reward_high * horizon)
    return alarm
"""


@exercise(
    "08.4",
    "Impossible values",
    PROPERTY,
    stub='''
def q_alarm(q_min, q_max, reward_low, reward_high, discount):
    """Return alarms (T,), True at each step with a logged Q that no policy can have.

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
    minutes=6,
    hints=(
        "There are two bounds and two comparisons, each an array of True and False. One broken"
        ' bound is enough: `|` is "or", entry by entry.',
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
    """Describe the first wrong alarm and the values that were logged there."""
    if not wrong.size:
        return ""
    i = wrong[0]
    return (
        f"alarms[{i}]: yours {bool(alarms[i])}, expected {not alarms[i]}; q_min is {q_min[i]:.3g},"
        f" q_max is {q_max[i]:.3g}, and values from {low:.3g} to {high:.3g} are possible"
    )


def _quiet(alarm: Callable[[Array], Array], tried: Array) -> Array:
    """Return the lowest and the highest Q without an alarm if q_min and q_max are both this Q.

    Return 0 and 0 if every Q raises one.

    Args:
        tried: the values to try first, in rising order.
    """
    quiet = np.flatnonzero(alarm(tried) == 0)
    if not quiet.size:
        return np.zeros(2)
    ends = quiet[[0, -1]]
    inner, outer = tried[ends], tried[np.clip(ends + np.array([-1, 1]), 0, len(tried) - 1)]
    for _ in range(40):  # halve the gap between a Q without an alarm and a Q with one
        middle = (inner + outer) / 2
        is_loud = alarm(middle) != 0
        inner, outer = np.where(is_loud, inner, middle), np.where(is_loud, middle, outer)
    return np.asarray(inner)
