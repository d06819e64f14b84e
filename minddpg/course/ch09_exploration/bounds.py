"""Chapter 09, from the actor to the environment: the bounds of its actions.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

LOW, HIGH = np.array([-1.0, -2.0, 0.5]), np.array([2.0, 5.0, 4.0])
INSIDE = np.array([
    *([0.3, -0.7, 0.9], [-0.2, 0.5, -0.6], [0.8, 0.1, -0.4], [-0.9, 0.6, 0.2], [0.7, -0.3, 0.4]),
])  # fmt: skip


def middle(low: Any, high: Any) -> Any:
    return (low + high) / 2


def half(low: Any, high: Any) -> Any:
    return (high - low) / 2


def to_env(action: Array, low: Any, high: Any) -> Any:
    return middle(low, high) + half(low, high) * action


def from_env(action: Array, low: Any, high: Any) -> Any:
    return (action - middle(low, high)) / half(low, high)


ONE_DIMENSION = (
    "Every dimension was given the bounds of the first. low and high are arrays (A,): use them as"
    " they are."
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
    statement="""The actor's tanh ends at −1 and 1; a joint may turn from −1 to 2. Map one on the
    other, so that both bounds are met and the middle is the middle.""",
    reference=(to_env,),
    rows=(
        Row(
            "action scale forgotten",
            (lambda a, low, high: a + 0,),
            "The action is as it was. In the environment's units it is another number.",
        ),
        Row(
            "action scale forgotten",
            (lambda a, low, high: np.clip(a, low, high),),
            "The action was clipped to the bounds. Stretch it, so that 1 becomes high.",
        ),
        Row(
            "action scale forgotten",
            (lambda a, low, high: a + middle(low, high),),
            "The middle was added, but the action was not stretched.",
        ),
        Row(
            "centre forgotten",
            (lambda a, low, high: half(low, high) * a,),
            "The range is right, but around 0. Its middle is (low + high) / 2.",
        ),
        *(
            Row("high[0] for every dimension", (answer,), ONE_DIMENSION)
            for answer in (
                lambda a, low, high: a * high[0],
                lambda a, low, high: to_env(a, low[0], high[0]),
                lambda a, low, high: to_env(a, low, high[0]),
            )
        ),
        Row(
            "symmetrical bounds taken for granted",
            (lambda a, low, high: a * high,),
            "−1 becomes −high, which is the lower bound only where the two are symmetrical.",
        ),
        Row(
            "symmetrical bounds taken for granted",
            (lambda a, low, high: a * np.maximum(abs(low), abs(high)),),
            "−1 becomes minus the larger bound, and should become low.",
        ),
        Row(
            "range instead of half-range",
            (lambda a, low, high: middle(low, high) + (high - low) * a,),
            "From −1 to 1 it is 2 already: the factor is half the range.",
        ),
        Row(
            "range instead of half-range",
            (lambda a, low, high: low + (high - low) * a,),
            "That maps [0, 1]. From −1 to 1 it is 2: add 1 to the action, and take half the range.",
        ),
        Row(
            "range instead of half-range",
            (lambda a, low, high: low + (high - low) * (a + 1),),
            "a + 1 runs from 0 to 2: the factor is half the range.",
        ),
        Row(
            "low and high swapped",
            (lambda a, low, high: to_env(-a, low, high),),
            "−1 becomes high, and 1 becomes low.",
        ),
        *(
            Row(
                "middle and half-range mixed up",
                (answer,),
                "The middle, half the sum of the bounds, is added. Half the range, half their"
                " difference, multiplies the action.",
            )
            for answer in (
                lambda a, low, high: half(low, high) * (1 + a),
                lambda a, low, high: middle(low, high) * (1 + a),
                lambda a, low, high: half(low, high) + middle(low, high) * a,
            )
        ),
        Row(
            "from low on",
            (lambda a, low, high: low + half(low, high) * a,),
            "0 becomes low. It is to become the middle.",
        ),
        Row("inverse instead", (from_env,), "That maps from the environment's units to [−1, 1]."),
    ),
    compared="your actions with the right ones",
)
def check_to_env(to_env: Any) -> dict[str, Any]:
    """Check to_env."""
    wanted = "to_env should return an array of actions: it"
    given = {"inside": INSIDE, "at −1": -np.ones((2, 3)), "at 1": np.ones((2, 3))}
    return {name: array(call(to_env, a, LOW, HIGH), wanted) for name, a in given.items()}
