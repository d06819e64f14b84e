"""Chapter 09, from the actor to the environment: back from the bounds of its actions.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call
from .bounds import HIGH, INSIDE, LOW, ONE_DIMENSION, from_env, half, middle, to_env


@exercise(
    "09.4",
    "And back",
    PROPERTY,
    stub='''
def from_env(env_action, low, high):
    """Map actions (N, A) from the environment's units back to [−1, 1]: the inverse of to_env.

    low and high (A,) are the bounds of each dimension: low becomes −1, high becomes 1.
    """
    action = None
    return action
''',
    statement="""Some actions come in the environment's units, such as a teacher's or a random one.
    The buffer holds the agent's own, so they have to be mapped back.""",
    reference=(from_env,),
    rows=(
        Row(
            "inverse forgotten",
            (to_env,),
            "That is to_env again. Undo it: take the middle away, then divide.",
        ),
        Row("action scale forgotten", (lambda a, low, high: a + 0,), "The action is as it was."),
        Row(
            "action scale forgotten",
            (lambda a, low, high: np.clip(a, -1, 1),),
            "The action was clipped, which makes all large ones alike. Shrink it.",
        ),
        Row(
            "action scale forgotten",
            (lambda a, low, high: a - middle(low, high),),
            "The middle was taken away, but the range was not made that of [−1, 1].",
        ),
        Row(
            "centre forgotten",
            (lambda a, low, high: a / half(low, high),),
            "Take the middle away first: it becomes 0.",
        ),
        Row(
            "centre subtracted last",
            (lambda a, low, high: a / half(low, high) - middle(low, high),),
            "to_env multiplies, then adds. Undo the last step first: subtract, then divide.",
        ),
        *(
            Row("high[0] for every dimension", (answer,), ONE_DIMENSION)
            for answer in (
                lambda a, low, high: a / high[0],
                lambda a, low, high: from_env(a, low[0], high[0]),
            )
        ),
        Row(
            "symmetrical bounds taken for granted",
            (lambda a, low, high: a / high,),
            "low becomes low/high, which is −1 only where the two are symmetrical.",
        ),
        Row(
            "multiplied instead of divided",
            (lambda a, low, high: (a - middle(low, high)) * half(low, high),),
            "to_env multiplies by half the range; its inverse divides.",
        ),
        Row(
            "range instead of half-range",
            (lambda a, low, high: (a - middle(low, high)) / (high - low),),
            "The result runs from −1/2 to 1/2. Divide by half the range.",
        ),
        Row(
            "mapped to [0, 1]",
            (lambda a, low, high: (a - low) / (high - low),),
            "That runs from 0 to 1. Stretch it by 2, then take 1 away.",
        ),
        Row(
            "mapped to [0, 2]",
            (lambda a, low, high: 2 * (a - low) / (high - low),),
            "That runs from 0 to 2. Take 1 away.",
        ),
        Row(
            "low and high swapped",
            (lambda a, low, high: -from_env(a, low, high),),
            "low becomes 1, and high becomes −1.",
        ),
    ),
    compared="your actions with the right ones",
)
def check_from_env(from_env: Any) -> dict[str, Any]:
    """Check from_env."""
    wanted = "from_env should return an array of actions: it"
    given = {
        "inside": to_env(INSIDE, LOW, HIGH),
        "at low": np.array([LOW]),
        "at high": np.array([HIGH]),
    }
    return {name: array(call(from_env, a, LOW, HIGH), wanted) for name, a in given.items()}
