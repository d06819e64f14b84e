"""Exercise 08.5: where a regression on a fixed target ends, and when the target diverges.

N rows of a memory.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, array, call, exercise
from .regression_factor_mistakes import MISTAKES

SOLUTION = """
def regression_factor(features, next_features, terminated, shares, discount):
    slopes = discount * (1 - terminated) * next_features
    factor = np.sum(shares * features * slopes) / np.sum(shares * features**2)
    return factor


def diverges(factor, tau):
    growth = 1 - tau + tau * factor
    grows = abs(growth) > 1
    return grows
"""

FACTORS = (  # (f, τ); at (−3, 0.5), w' changes its sign and keeps its size
    *((1.1, 0.02), (1.1, 1.0), (2.0, 0.001), (30.0, 0.1), (0.96, 0.02), (0.5, 1.0), (0.0, 0.3)),
    *((0.0, 1.0), (-0.9, 1.0), (-1.5, 1.0), (-1.5, 0.02), (-1.5, 0.5), (-3.0, 0.5), (-3.0, 0.6)),
    *((-50.0, 0.02), (-150.0, 0.02), (-0.2, 0.9), (0.999, 0.4), (1.0001, 0.5)),
)


@exercise(
    "08.5",
    "When does it diverge?",
    PROPERTY,
    stub='''
def regression_factor(features, next_features, terminated, shares, discount):
    """Return the number f in  w = f w',  where w solves the regression while w' is held fixed.

    Q = x w, with one parameter; all rewards are 0. features x (N,) and next_features x' (N,);
    terminated (N,), bools; shares (N,), with sum 1: how often each row is drawn.
    """
    factor = None
    return factor


def diverges(factor, tau):
    """Return True if |w'| grows without limit, with one update by τ after each regression."""
    grows = None
    return grows
''',
    statement="""One round has three steps. (1) Compute the target y of each row with w'. (2) Let w
    minimise the mean of (x w − y)², each row weighted with its share: this w is a multiple of w'.
    (3) Set w' ← τ w + (1 − τ) w'. Find the factor of step 2. Then decide from the factor and τ
    whether w' diverges if the round is repeated again and again. Remember negative factors.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your factors, and your decisions, with the correct ones",
    difficulty=3,
    importance=3,
    minutes=12,
    hints=(
        "For each row, y is a number times w'. Where is the derivative of the weighted sum of"
        " (x w − y)² zero?",
        "w = Σ share x y / Σ share x², and every y contains w': take it out of the sum.",
        "One round multiplies w' by 1 − τ + τ f. Which numbers have powers that grow?",
    ),
    cases=(
        {"rows": 7, "discount": 0.8, "seed": 1},
        {"rows": 5, "discount": 0.97, "seed": 11},
        {"rows": 4, "discount": 0.5, "seed": 21},
    ),
    equivalents={
        "return factor → return np.float32(factor)": "float32 is precise enough for a factor"
    },
)
def check_regression_factor(
    regression_factor: Any, diverges: Any, rows: int, discount: float, seed: int
) -> dict[str, Any]:
    """Check regression_factor and diverges."""
    x, after = (2 * sample_array(rows, seed=seed + i) for i in range(2))
    shares = np.abs(sample_array(rows, seed=seed + 2)) + 0.1
    shares /= shares.sum()
    ends = np.arange(rows) % 3 == 1

    def factor(terminated: Any, shares: Any) -> Any:
        wanted = "regression_factor should return a number: it"
        return array(call(regression_factor, x, after, terminated, shares, discount), wanted)

    wanted = "diverges should return True or False: it"
    decisions = {
        f"diverges at f = {f:g}, τ = {tau:g}": array(call(diverges, f, tau), wanted)
        for f, tau in FACTORS
    }
    return {
        "factor": factor(ends, shares),
        "factor if no row terminates": factor(ends & False, shares),
        "factor if all rows are drawn equally often": factor(ends, np.full(rows, 1 / rows)),
        **decisions,
    }
