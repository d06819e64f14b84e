"""Exercise 01.5: the smallest discount at which an effort that pays off later is worth it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import PROPERTY, InvalidAnswer, Mistake, Observed, array, call, exercise

ACCURACY = 1e-5  # a numerical search for the discount passes, too

SOLUTION = """
def least_discount(rest_cost, push_cost, pushes):
    power = max(0, 1 - rest_cost / push_cost)
    discount = power ** (1 / pushes)
    return discount
"""

SEARCH = """
def least_discount(rest_cost, push_cost, pushes):
    low, high = 0, 1
    for _ in range(50):
        discount = (low + high) / 2
        weights = discount ** np.arange(pushes)
        if {}:
            high = discount
        else:
            low = discount
    return discount
"""
NEAREST = """
def least_discount(rest_cost, push_cost, pushes):
    grid = np.linspace(0, 1, 100001)[:-1]
    of_pushes = push_cost * (1 - grid**pushes) / (1 - grid)
    discount = grid[np.argmin(np.abs(of_pushes - rest_cost))]
    return discount
"""
POWER = "max(0, 1 - rest_cost / push_cost)"
ROOT = "power ** (1 / pushes)"

MISTAKES = (
    Mistake(
        "the root missing",
        "You found γ to the power of the number of pushes. Take the root of it.",
        {ROOT: "power"},
    ),
    Mistake(
        "pushes not discounted",
        "The second push comes one step later than the first, so it counts γ times its cost, and"
        " the third γ² times.",
        {ROOT: "max(0, 1 - rest_cost / (push_cost * pushes))"},
        {ROOT: "1 - rest_cost / (push_cost * pushes)"},
        {ROOT: "max(0, 1 - rest_cost / (push_cost * pushes)) ** (1 / pushes)"},
    ),
    Mistake(
        "first push discounted, too",
        "The first push comes now and counts in full: the sum begins with 1, not with γ.",
        SEARCH.format("push_cost * discount * weights.sum() <= rest_cost / (1 - discount)"),
    ),
    Mistake(
        "first rest discounted, too",
        "The first rest comes now and counts in full: C + γ C + γ² C + ... = C / (1 − γ).",
        SEARCH.format("push_cost * weights.sum() <= discount * rest_cost / (1 - discount)"),
    ),
    Mistake(
        "only the last push counted",
        "Every push costs, the first in full, the second γ times, and so on.",
        SEARCH.format("push_cost * weights[-1] <= rest_cost / (1 - discount)"),
    ),
    Mistake(
        "power instead of the root",
        "You know γⁿ and need γ: take the n-th root.",
        {ROOT: "power**pushes"},
    ),
    Mistake(
        "one push too many or too few",
        "The pushes come at steps 0 to n − 1. Their sum is (1 − γⁿ) / (1 − γ).",
        {ROOT: "power ** (1 / (pushes + 1))"},
        {ROOT: "power ** (1 / max(pushes - 1, 1))"},
        {ROOT: "power ** (1 / (pushes - 1)) if pushes > 1 else 0"},
    ),
    Mistake(
        "costs swapped",
        "Divide the cost of resting by the cost of a push.",
        {"rest_cost / push_cost": "push_cost / rest_cost"},
    ),
    Mistake(
        "share of the costs instead of what is missing to 1",
        "Going up costs P (1 − γⁿ) / (1 − γ), and resting costs C / (1 − γ). Where both are equal,"
        " γⁿ is 1 − C/P.",
        {POWER: "min(1, rest_cost / push_cost)"},
        {POWER: "rest_cost / push_cost"},
        {POWER: "push_cost / rest_cost"},
    ),
    Mistake(
        "signs mixed up",
        "C / (1 − γ) = P (1 − γⁿ) / (1 − γ), so that γⁿ = 1 − C/P.",
        {"1 - rest_cost": "1 + rest_cost"},
        {POWER: "max(0, rest_cost / push_cost - 1)"},
        {POWER: "abs(1 - rest_cost / push_cost)"},
    ),
    Mistake(
        "1 instead of 0 where going up is cheap",
        "Where a push costs no more than a rest, even the least patient agent goes up: the least γ"
        " is 0.",
        {ROOT: "power ** (1 / pushes) if rest_cost < push_cost else 1"},
    ),
    Mistake(
        "a single rest",
        "The plan to rest means to rest for ever. It costs C (1 + γ + γ² + ...) = C / (1 − γ).",
        {ROOT: "min(1, rest_cost / push_cost) if pushes > 1 else 0"},
        {ROOT: "max(0, rest_cost / push_cost - 1) ** (1 / max(pushes - 1, 1))"},
        NEAREST,
    ),
    Mistake(
        "rests counted for a limited time",
        "The plan to rest means to rest for ever: C + γ C + γ² C + ... = C / (1 − γ).",
        *(
            SEARCH.format(f"push_cost * weights.sum() <= rest_cost * sum(discount**k for k in {r})")
            for r in map(range, (10, 20, 50, 100, 200))
        ),
    ),
    Mistake(
        "1 − γ instead of γ",
        "Return the discount itself.",
        {"return discount": "return 1 - discount"},
    ),
    Mistake(
        "1/(1 − γ) instead of γ",
        "That is the number of steps for which rewards count. Return the discount itself.",
        {"return discount": "return 1 / (1 - discount)"},
    ),
    Mistake(
        "divided by the number of pushes",
        "The number of pushes is an exponent of γ: take the root. In code, ** comes before /, so"
        " the exponent 1 / pushes needs brackets.",
        {ROOT: "power / pushes"},
        {ROOT: "min(1, rest_cost / (push_cost * pushes))"},
        {ROOT: "rest_cost / (push_cost * pushes)"},
        {ROOT: "power * pushes"},
    ),
    Mistake(
        "divided by the number of pushes, and nothing for γⁿ below 0",
        "The number of pushes is an exponent of γ: take the root, power ** (1 / pushes), with"
        " brackets. And where γⁿ would be negative every γ is enough: return 0.",
        {POWER: "1 - rest_cost / push_cost", ROOT: "power / pushes"},
    ),
    Mistake(
        "always the square root",
        "The root depends on the number of pushes.",
        {ROOT: "power ** (1 / 2)"},
        {ROOT: "power ** (1 / 3)"},
    ),
    Mistake(
        "not divided by the cost of a push, or brackets missing",
        "Where both plans are equal, P (1 − γⁿ) = C. Divide all of it by P: 1 − γⁿ = C/P.",
        {"1 - rest_cost / push_cost": "push_cost - rest_cost"},
        {"1 - rest_cost / push_cost": "push_cost - rest_cost / push_cost"},
        {"1 - rest_cost / push_cost": "(1 - rest_cost) / push_cost"},
    ),
    Mistake(
        "0 or 1",
        "All your answers are 0 or 1. // cuts fractions off: divide with /. And count the rests for"
        " ever, not only for as many steps as there are pushes.",
        {"1 / pushes": "1 // pushes"},
        {"rest_cost / push_cost": "rest_cost // push_cost"},
    ),
    Mistake(
        "rounded, or the nearest point of a grid",
        "Solve for γ, or search with finer steps: give at least six digits.",
        *({"return discount": f"return np.round(discount, {digits})"} for digits in (1, 2, 3, 4)),
        *(
            {"return discount": f"return np.ceil(discount * {n}) / {n}"}
            for n in (100, 1_000, 10_000)
        ),
    ),
)


@exercise(
    "01.5",
    "How patient must it be?",
    PROPERTY,
    stub='''
def least_discount(rest_cost, push_cost, pushes):
    """Return the smallest γ at which going up is worth at least as much as resting for ever.

    A rest costs rest_cost, and the rod stays hanging. A push costs push_cost. After `pushes`
    pushes in a row the rod stands, and there are no further costs. Return 0 if every γ is enough.
    """
    discount = None
    return discount
''',
    statement="""Take the world above with other costs and any number of pushes. Compare two plans,
    both from hanging: rest for ever, or push until the rod stands. For which γ are both
    worth the same? Where a push costs no more than a rest the answer is 0. Six digits are enough.
    You know already that for costs of 2 and 3 and for 2 pushes, 0.9 is more than enough.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your discounts with the correct ones",
    difficulty=2,
    minutes=8,
    hints=(
        r"Resting for ever costs $C + \gamma C + \gamma^2 C + \dots = C/(1-\gamma)$. What do n"
        " pushes cost, the first of them now?",
        r"$1 + \gamma + \dots + \gamma^{n-1} = (1 - \gamma^n)/(1 - \gamma)$. Both costs have the"
        r" same denominator: it cancels, and $\gamma^n$ remains.",
    ),
    cases=(
        {"worlds": ((2.0, 3.0, 2), (1.0, 7.0, 5), (4.0, 2.5, 3), (1.5, 6.0, 1))},
        {"worlds": ((0.3, 0.9, 4), (5.0, 2.0, 2), (6.0, 50.0, 12), (2.0, 3.5, 3))},
    ),
    equivalents={"return discount → return np.float32(discount)": "float32 is accurate enough"},
)
def check_least_discount(
    least_discount: Any, worlds: Sequence[tuple[float, float, int]]
) -> dict[str, Any]:
    """Check least_discount."""
    return {
        f"rest {rest:g}, push {push:g}, {pushes} pushes": _number(
            call(least_discount, rest, push, pushes)
        )
        for rest, push, pushes in worlds
    }


def _number(result: Any) -> Observed:
    """Return the learner's number; a number within ACCURACY of 0 counts as 0."""
    found = array(result, "least_discount should return a number: it")
    if found.dtype == bool:
        raise InvalidAnswer("least_discount should return a number, not True or False.")
    if found.dtype.kind == "c":  # Python's root of a negative number
        found = np.full(found.shape, np.nan)
    return Observed(np.where(np.abs(found) < ACCURACY, 0, found), ACCURACY)
