"""Exercise 11.2: the interquartile mean.

K seeds.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, arrays, call, exercise

SOLUTION = """
def interquartile_mean(returns):
    ordered = np.sort(returns)
    cut = len(ordered) // 4
    mean = ordered[cut : len(ordered) - cut].mean()
    return mean
"""

MISTAKES = (
    Mistake(
        "mean of all",
        "A single outlier can move the mean of all seeds arbitrarily far.",
        {"ordered[cut : len(ordered) - cut].mean()": "ordered.mean()"},
    ),
    Mistake(
        "median",
        "The median uses one value or two. Average the whole middle half.",
        {"ordered[cut : len(ordered) - cut].mean()": "np.median(ordered)"},
    ),
    Mistake(
        "not sorted",
        "You left out the first and the last seeds, not the worst and the best.",
        {"np.sort(returns)": "np.array(returns)"},
    ),
    Mistake(
        "cut at one end only",
        "You left out the worst and kept the best, which flatters.",
        {"cut : len(ordered) - cut": "cut:"},
    ),
    Mistake(
        "cut at one end only",
        "You left out the best and kept the worst.",
        {"cut : len(ordered) - cut": ": len(ordered) - cut"},
    ),
    Mistake(
        "a quarter in all",
        "Leave out a quarter at either end, which is half of them in all.",
        {"// 4": "// 8"},
    ),
    Mistake(
        "difference of the quartiles",
        "That is the interquartile range, a measure of spread.",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "np.quantile(returns, 0.75) - np.quantile(returns, 0.25)"
            )
        },
    ),
    Mistake(
        "middle of the quartiles",
        "Average the returns between the quartiles, not the quartiles.",
        {"ordered[cut : len(ordered) - cut].mean()": "np.quantile(returns, [0.25, 0.75]).mean()"},
    ),
)


@exercise(
    "11.2",
    "The interquartile mean",
    PROPERTY,
    stub='''
def interquartile_mean(returns):
    """Average the middle half of (K,) returns: leave out K // 4 of them at either end."""
    mean = None
    return mean
''',
    statement="""A mean lets one failed seed drown ten good ones; a median ignores almost all of
    them. Average the middle half.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your averages with those of the middle halves",
    difficulty=1,
    minutes=5,
    hints=(
        "Sort first. With K = 10, `10 // 4` is 2: leave out two at the bottom and two at the top.",
        "A slice `[cut:-cut]` is empty when `cut` is 0. `[cut : K - cut]` is not.",
    ),
)
def check_interquartile_mean(interquartile_mean: Any) -> dict[str, Any]:
    """Check interquartile_mean."""
    found = {}
    for count in (16, 10, 5):
        returns = -150 - 20 * np.random.default_rng(count).standard_exponential(count) ** 2
        (mean,) = arrays((call(interquartile_mean, returns),), ["a mean"], interquartile_mean)
        found[f"of {count} seeds"] = mean
    return found
