"""Chapter 08, target networks: how slowly they follow, and when Q cannot be right.

T steps of a log.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

TAUS = (0.7, 0.3, 0.02)


def half_life(tau: float) -> Any:
    return np.log(0.5) / np.log(1 - tau)


@exercise(
    "08.3",
    "The target's half-life",
    PROPERTY,
    stub='''
def half_life(tau):
    """Return after how many updates the distance of θ' from a θ that stays has halved.

    0 < τ < 1. The number need not be whole.
    """
    updates = None
    return updates
''',
    statement="""Each Polyak step leaves 1 − τ of the distance. After how many steps is half of it
    left? Be exact: the check asks at large τ too.""",
    reference=(half_life,),
    rows=(
        Row(
            "1/τ",
            (lambda tau: 1 / tau,),
            "1/τ is about the time until 1/e of the distance is left, if τ is small.",
        ),
        Row("1/(2τ)", (lambda tau: 0.5 / tau,), "Each step takes τ of what is still left."),
        Row(
            "ln 2 / τ",
            (lambda tau: np.log(2) / tau,),
            "That holds for small τ, where ln(1 − τ) ≈ −τ. Solve (1 − τ)^n = 1/2 itself.",
        ),
        Row(
            "τ instead of 1 − τ",
            (lambda tau: np.log(0.5) / np.log(tau),),
            "τ is what is gone after a step. What is left is 1 − τ.",
        ),
        *(
            Row(
                "two kinds of logarithm",
                (lambda tau, up=up, down=down: up(0.5) / down(1 - tau),),
                "Any logarithm will do, but the same one above and below.",
            )
            for up, down in ((np.log10, np.log), (np.log, np.log10), (np.log, np.log2))
        ),
        Row(
            "time until 1/e is left",
            (lambda tau: -1 / np.log(1 - tau),),
            "After so many updates 1/e is left, which is 37 %. Ask for a half.",
        ),
        Row(
            "logarithm missing",
            (lambda tau: 0.5 / (1 - tau),),
            "The distance is multiplied at each step, so the number of steps is an exponent.",
        ),
        Row(
            "1 + τ instead of 1 − τ",
            (lambda tau: np.log(2) / np.log(1 + tau),),
            "The distance shrinks by the factor 1 − τ.",
        ),
        Row("upside down", (lambda tau: np.log(1 - tau) / np.log(0.5),), "That is 1/n."),
        *(
            Row(
                "rounded to whole updates",
                (lambda tau, whole=whole: whole(half_life(tau)),),
                "Return the number as it is. It need not be whole.",
            )
            for whole in (np.ceil, np.floor, np.rint)
        ),
    ),
    compared="your half-lives with the exact ones",
)
def check_half_life(half_life: Any) -> dict[str, Any]:
    """Check half_life."""
    wanted = "half_life should return a number: it"
    return {f"at τ = {tau}": array(call(half_life, tau), wanted) for tau in TAUS}


def _outside(
    bound: Any = lambda reward, discount: reward / (1 - discount),
    judge: Any = lambda below, above: below | above,
    pair: Any = lambda low, high: (low, high),
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def q_alarm(q_min: Array, q_max: Array, low: float, high: float, discount: float) -> Any:
        low, high = pair(bound(low, discount), bound(high, discount))
        return judge(q_min < low, q_max > high)

    return q_alarm


@exercise(
    "08.4",
    "Values that cannot be",
    PROPERTY,
    stub='''
def q_alarm(q_min, q_max, reward_low, reward_high, discount):
    """Return True (T,) wherever the logged values are beyond what any policy can have.

    q_min and q_max (T,) are the smallest and the largest Q of a minibatch. No reward is below
    reward_low or above reward_high, two floats; discount is γ < 1. Episodes never end for good,
    as in Pendulum.
    """
    alarm = None
    return alarm
''',
    statement="""A return is a sum of discounted rewards, so it has bounds. Nothing in DDPG keeps Q
    within them; when it leaves them, it is wrong for certain. Which are they?""",
    reference=(_outside(),),
    rows=(
        Row(
            "upper bound only",
            (_outside(judge=lambda below, above: above),),
            "Q can be too low as well.",
        ),
        Row(
            "lower bound only",
            (_outside(judge=lambda below, above: below),),
            "Q can be too high as well: it is the more frequent mistake.",
        ),
        Row(
            "bound without the discount",
            (_outside(lambda reward, discount: reward),),
            "Those are the bounds of one reward. A return sums 1 + γ + γ² + ... of them.",
        ),
        Row(
            "γ/(1 − γ) instead of 1/(1 − γ)",
            (_outside(lambda reward, discount: discount * reward / (1 - discount)),),
            "The first reward is not discounted: 1 + γ + γ² + ... = 1/(1 − γ).",
        ),
        Row(
            "multiplied by 1 − γ",
            (_outside(lambda reward, discount: reward * (1 - discount)),),
            "1 + γ + γ² + ... = 1/(1 − γ): divide.",
        ),
        Row(
            "inverted",
            (_outside(judge=lambda below, above: ~(below | above)),),
            "True means alarm, and you raise it where all is well.",
        ),
        Row(
            "always an alarm",
            (_outside(judge=lambda below, above: below | True),),
            "An alarm that never stops says nothing.",
        ),
        Row(
            "and instead of or",
            (_outside(judge=lambda below, above: below & above),),
            "One bound that is broken is enough.",
        ),
        *(
            Row(
                "one bound for both sides",
                (_outside(pair=pair),),
                "The largest |r| was taken for both sides. Each has a bound of its own.",
            )
            for pair in (
                lambda low, high: (-max(-low, high), max(-low, high)),
                lambda low, high: (-high, high),
                lambda low, high: (low, -low),
            )
        ),
        Row(
            "never above 0",
            (_outside(pair=lambda low, high: (min(low, 0), max(high, 0))),),
            "If every reward is negative and there is always another one, 0 is far too high.",
        ),
    ),
    compared="your alarms with those that are due",
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
