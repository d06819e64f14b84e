"""Exercise 12.5: compute the paper's score, which makes tasks comparable."""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise

RETURNS = np.array([-1500.0, -900, -320, -150, -90, 40])  # from below random to above the planner

SOLUTION = """
def normalised_score(policy_return, random_return, planner_return):
    score = (policy_return - random_return) / (planner_return - random_return)
    return score
"""
SCORE = "(policy_return - random_return) / (planner_return - random_return)"

MISTAKES = (
    Mistake(
        "ratio of returns",
        "A random policy has to score 0. For negative returns the ratio is even larger where the"
        " policy is worse.",
        {SCORE: "policy_return / planner_return"},
    ),
    Mistake(
        "ratio of returns",
        "A random policy has to score 0, and the planner 1.",
        {SCORE: "policy_return / random_return"},
    ),
    Mistake(
        "upside down",
        "The policy's return must be in the numerator.",
        {SCORE: "(planner_return - random_return) / (policy_return - random_return)"},
        {SCORE: "planner_return / policy_return"},
    ),
    Mistake(
        "divided by the random return's size",
        "That is the improvement over random, as a share of the random return. The planner has to"
        " score 1: divide by its distance from random.",
        {"(planner_return - random_return)": "abs(random_return)"},
        {"(planner_return - random_return)": "random_return"},
    ),
    Mistake(
        "divided by the planner's return",
        "Divide by the planner's distance from random, not by its return.",
        {"(planner_return - random_return)": "planner_return"},
        {"(planner_return - random_return)": "abs(planner_return)"},
    ),
    Mistake(
        "difference not divided",
        "This difference is in units of return. Divide it by the planner's difference from random.",
        {SCORE: "policy_return - random_return"},
    ),
    Mistake(
        "random return not subtracted above",
        "A random policy has to score 0.",
        {"(policy_return - random_return)": "policy_return"},
    ),
    Mistake(
        "random return not subtracted below",
        "The denominator is the distance from random to planner, a difference.",
        {"planner_return - random_return": "planner_return + random_return"},
    ),
    Mistake(
        "brackets missing",
        "Division comes before subtraction. Put the numerator in brackets.",
        {"(policy_return - random_return)": "policy_return - random_return"},
    ),
    Mistake(
        "brackets missing",
        "Division comes before subtraction. Put the denominator in brackets.",
        {"(planner_return - random_return)": "planner_return - random_return"},
    ),
    Mistake(
        "random and planner swapped",
        "In your formula random scores 1 and the planner 0. It should be the other way round.",
        {SCORE: "(policy_return - planner_return) / (random_return - planner_return)"},
    ),
    Mistake(
        "clipped to [0, 1]",
        "A policy may be worse than random, or better than the planner. The score should show it.",
        {SCORE: f"np.clip({SCORE}, 0, 1)"},
    ),
    Mistake("in percent", "The planner has to score 1.", {SCORE: f"100 * {SCORE}"}),
)


@exercise(
    "12.5",
    "A score for every task",
    PROPERTY,
    retired=True,
    stub='''
def normalised_score(policy_return, random_return, planner_return):
    """Return a score that is 0 for a random policy's return, and 1 for a planner's.

    policy_return is a number or an array of any shape, the others are numbers. It is linear in the
    return, and may be below 0 or above 1.
    """
    score = None
    return score
''',
    statement="""A return of −300 says nothing until you know what is possible. The paper fixes two
    marks on each task's scale, a random policy and a planner, and measures between them.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    equivalents={"return score → return np.float32(score)": "float32 is accepted"},
    compared="your scores with the paper's",
    difficulty=1,
    minutes=5,
    hints=(
        "Check the two marks: set policy_return to random_return, then to planner_return. What"
        " comes out?",
    ),
)
def check_normalised_score(normalised_score: Any) -> dict[str, Any]:
    """Check normalised_score."""
    wanted = "normalised_score should return a score: it"
    return {
        "of negative returns": array(call(normalised_score, RETURNS, -1200.0, -150.0), wanted),
        "of positive returns": array(call(normalised_score, -2.0 * RETURNS, 130.0, 850.0), wanted),
        "of one return": array(call(normalised_score, -320.0, -1200.0, -150.0), wanted),
    }
