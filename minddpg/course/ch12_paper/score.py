"""Chapter 12, beyond: the paper's score, with which tasks can be compared."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

RETURNS = np.array([-1500.0, -900, -320, -150, -90, 40])  # from below random to above the planner


def score(policy: Array, random: float, planner: float) -> Any:
    return (policy - random) / (planner - random)


@exercise(
    "12.5",
    "A score for every task",
    PROPERTY,
    stub='''
def normalised_score(policy_return, random_return, planner_return):
    """Return a score that is 0 for a random policy's return, and 1 for a planner's.

    policy_return is a number or an array of any shape, the others are numbers. It is linear in the
    return, and may be below 0 or above 1.
    """
    score = None
    return score
''',
    statement="""A return of −300 says nothing before you know what is possible. The paper puts two
    marks on the scale of each task, and measures between them.""",
    reference=(score,),
    rows=(
        Row(
            "ratio of returns",
            (lambda policy, random, planner: policy / planner,),
            "A random policy has to score 0. For negative returns the ratio is even larger where"
            " the policy is worse.",
        ),
        Row(
            "ratio of returns",
            (lambda policy, random, planner: policy / random,),
            "A random policy has to score 0, and the planner 1.",
        ),
        *(
            Row("upside down", (answer,), "The policy's return stands above the line.")
            for answer in (
                lambda policy, random, planner: (planner - random) / (policy - random),
                lambda policy, random, planner: planner / policy,
            )
        ),
        *(
            Row(
                "divided by the random return's size",
                (answer,),
                "That is by how much it is better than random, as a share of that. The planner has"
                " to score 1: divide by its distance from random.",
            )
            for answer in (
                lambda policy, random, planner: (policy - random) / abs(random),
                lambda policy, random, planner: (policy - random) / random,
            )
        ),
        *(
            Row(
                "divided by the planner's return",
                (answer,),
                "Divide by the planner's distance from random, not by its return.",
            )
            for answer in (
                lambda policy, random, planner: (policy - random) / planner,
                lambda policy, random, planner: (policy - random) / abs(planner),
            )
        ),
        Row(
            "difference not divided",
            (lambda policy, random, planner: policy - random,),
            "That is in units of return. Divide it by the same difference of the planner.",
        ),
        Row(
            "random return not subtracted above",
            (lambda policy, random, planner: policy / (planner - random),),
            "A random policy has to score 0.",
        ),
        Row(
            "random return not subtracted below",
            (lambda policy, random, planner: (policy - random) / (planner + random),),
            "Below the line is the distance from random to planner, a difference.",
        ),
        Row(
            "brackets missing",
            (lambda policy, random, planner: policy - random / (planner - random),),
            "A division comes before a difference. Bracket what is above the line.",
        ),
        Row(
            "brackets missing",
            (lambda policy, random, planner: (policy - random) / planner - random,),
            "A division comes before a difference. Bracket what is below the line.",
        ),
        Row(
            "random and planner swapped",
            (lambda policy, random, planner: score(policy, planner, random),),
            "Random scores 1 and the planner 0: it is the other way round.",
        ),
        Row(
            "clipped to [0, 1]",
            (lambda policy, random, planner: np.clip(score(policy, random, planner), 0, 1),),
            "A policy may be worse than random, and better than the planner. Let it show.",
        ),
        Row(
            "in percent",
            (lambda policy, random, planner: 100 * score(policy, random, planner),),
            "The planner has to score 1.",
        ),
    ),
    compared="your scores with the paper's",
)
def check_normalised_score(normalised_score: Any) -> dict[str, Any]:
    """Check normalised_score."""
    wanted = "normalised_score should return a score: it"
    return {
        "of negative returns": array(call(normalised_score, RETURNS, -1200.0, -150.0), wanted),
        "of positive returns": array(call(normalised_score, -2.0 * RETURNS, 130.0, 850.0), wanted),
        "of one return": array(call(normalised_score, -320.0, -1200.0, -150.0), wanted),
    }
