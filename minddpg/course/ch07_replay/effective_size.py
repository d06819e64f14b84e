"""Exercise 07.4: the number of independent draws that correlated neighbours are worth.

n successive values.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, edited, exercise

SOLUTION = """
def effective_size(correlations):
    n = len(correlations)
    lags = np.arange(1, n)
    pairs = 2 * (n - lags)
    average = (n + np.sum(pairs * correlations[1:])) / n**2
    size = 1 / average
    return size
"""

TABLE = """
def effective_size(correlations):
    n = len(correlations)
    t = np.arange(n)
    apart = abs(t[:, None] - t)
    average = np.mean(correlations[apart])
    size = 1 / average
    return size
"""  # another correct answer, for the mistakes that a table of all pairs invites

AVERAGE = "(n + np.sum(pairs * correlations[1:])) / n**2"
SIZE = "size = 1 / average"

MISTAKES = (
    Mistake(
        "each pair counted once",
        "You counted the pairs (t, u) with t < u only. The square of a sum holds both (t, u) and"
        " (u, t): n · n pairs in all.",
        {"2 * (n - lags)": "(n - lags)"},
        edited(
            TABLE, {"np.mean(correlations[apart])": "np.mean(correlations[apart][t[:, None] <= t])"}
        ),
        edited(
            TABLE, {"np.mean(correlations[apart])": "np.sum(np.triu(correlations[apart])) / n**2"}
        ),
    ),
    Mistake(
        "n pairs at every lag",
        "You counted n pairs at every lag. Of n values, only n − k have a partner k steps later.",
        {"2 * (n - lags)": "2 * n"},
    ),
    Mistake(
        "number of pairs grows with the lag",
        "Your weight of lag k is k. Of n values, n − k have a partner k steps later: the further"
        " apart, the fewer the pairs.",
        {"2 * (n - lags)": "2 * lags"},
    ),
    Mistake(
        "1 − the mean correlation as a share of n",
        "n independent values are worth n, and n equal values are worth 1, but the size is not a"
        " straight line between the two: ask for which m the average of all pairs is 1/m.",
        {SIZE: "size = n * (1 - average)"},
        {SIZE: "size = n * (1 - np.mean(correlations))"},
        {SIZE: "size = n * (1 - np.mean(correlations[1:]))"},
    ),
    Mistake(
        "every lag counted once",
        "You took the plain mean of the correlations. Among the n · n pairs, small lags are more"
        " frequent than large ones: count how often each lag occurs.",
        {AVERAGE: "np.mean(correlations)"},
    ),
    Mistake(
        "pairs of a value with itself left out",
        "The n pairs (t, t) have lag 0 and correlation 1. They are among the n · n pairs.",
        {"n + np.sum": "np.sum"},
        {AVERAGE: "np.sum(pairs * correlations[1:]) / (n * (n - 1))"},
    ),
    Mistake(
        "lag 0 counted twice",
        "A pair of two different values occurs twice, as (t, u) and (u, t). The pair (t, t) occurs"
        " once: there are n pairs of lag 0.",
        {"n + np.sum": "2 * n + np.sum"},
    ),
    Mistake(
        "number of pairs off by one",
        "At lag 1 there are n − 1 pairs of neighbours, at lag k there are n − k.",
        {"(n - lags)": "(n - lags - 1)"},
        {"(n - lags)": "(n - lags + 1)"},
    ),
    Mistake(
        "lag off by one",
        "correlations[0] is for lag 0 and correlations[k] for lag k. You gave the pairs of one lag"
        " the correlation of another.",
        {"correlations[1:]": "correlations[:-1]"},
        {"correlations[1:]": "np.roll(correlations, -1)[1:]"},
    ),
    Mistake(
        "upside down",
        "That is the variance of the mean, divided by one value's variance. With m independent"
        " values it would be 1/m: which m fits?",
        {SIZE: "size = average"},
    ),
    Mistake(
        "growth of the variance",
        "That is the factor by which the variance exceeds that of n independent values. The size is"
        " n divided by this factor.",
        {SIZE: "size = n * average"},
    ),
    Mistake(
        "share of n instead of the size",
        "That is the size as a share of n. Multiply it by n.",
        {SIZE: "size = 1 / (n * average)"},
    ),
    Mistake(
        "sum instead of the mean",
        "The variance of a mean is an average over all n · n pairs. You divided their sum by"
        " another number, or did not divide it.",
        {" / n**2": ""},
        {"n**2": "(2 * n)"},
    ),
    Mistake(
        "root of the size",
        "The square root of a variance is a standard deviation. Compare the variances themselves.",
        {SIZE: "size = 1 / np.sqrt(average)"},
    ),
    Mistake(
        "neighbours only",
        "You used lag 1 only. Values that are further apart are correlated too.",
        {AVERAGE: "(n + 2 * (n - 1) * correlations[1]) / n**2"},
        {AVERAGE: "(1 + 2 * correlations[1]) / n"},
        {SIZE: "size = n * (1 - correlations[1]) / (1 + correlations[1])"},
    ),
    Mistake(
        "first lag left out",
        "Neighbours, at lag 1, are missing from your sum. It begins with correlations[1].",
        {"pairs * correlations[1:]": "pairs[1:] * correlations[2:]"},
    ),
    Mistake(
        "last lag left out",
        "The first and the last value are n − 1 steps apart. That pair is missing from your sum.",
        {"pairs * correlations[1:]": "pairs[:-1] * correlations[1:-1]"},
    ),
    Mistake(
        "absolute values of the correlations",
        "A negative correlation makes the mean more certain, since errors cancel. Keep its sign.",
        {"pairs * correlations[1:]": "pairs * abs(correlations[1:])"},
    ),
    Mistake(
        "negative correlations left out",
        "A negative correlation makes the mean more certain, since errors cancel. Keep it in.",
        {"pairs * correlations[1:]": "pairs * np.maximum(correlations[1:], 0)"},
        {"pairs * correlations[1:]": "(pairs * correlations[1:])[correlations[1:] > 0]"},
        {
            "    average =": """    below = np.flatnonzero(correlations < 0)
    stop = below[0] - 1 if len(below) else n
    pairs[stop:] = 0
    average ="""
        },
    ),
    Mistake(
        "correlations squared",
        "The variance of the mean contains the correlations themselves, not their squares.",
        {"pairs * correlations[1:]": "pairs * correlations[1:] ** 2"},
    ),
    Mistake(
        "never more than n",
        "If values alternate about their mean, n of them are worth more than n independent ones."
        " Do not cut the result off.",
        {SIZE: "size = min(n, 1 / average)"},
    ),
    Mistake(
        "rounded to a whole number",
        "The result need not be whole. Return it as it is.",
        {SIZE: "size = round(1 / average)"},
        {SIZE: "size = 1 // average"},
    ),
)


@exercise(
    "07.4",
    "What neighbours are worth",
    PROPERTY,
    stub='''
def effective_size(correlations):
    """Return how many independent values n successive ones are worth, a float.

    correlations (n,) are the autocorrelations of a series at the lags 0 ... n - 1; the first is 1.
    The mean of this number of independent values has the variance of the mean of n successive ones.
    """
    size = None
    return size
''',
    statement="""How many independent values have a mean with the same variance as the mean of n
    successive values? First count how many of the n · n pairs (t, u) are k steps apart, for each
    lag k. Then ask: for which m is 1/m the average of all their correlations?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your sizes with the correct ones",
    cases=(
        {"decay": 0.8, "turn": 0.0, "sizes": (7, 12)},
        {"decay": 0.93, "turn": 0.55, "sizes": (9, 5)},
        {"decay": 0.45, "turn": np.pi, "sizes": (6, 11)},
    ),
    equivalents={
        "return size → return np.float32(size)": "float32 is accepted",
        "pairs = 2 * (n - lags) → pairs = np.float16(2 * (n - lags))": "small whole numbers",
        "pairs = 2 * (n - lags) → pairs = np.int64(2 * (n - lags))": "they are whole",
    },
    difficulty=2,
    importance=2,
    minutes=10,
    hints=(
        "Draw an n × n table with a row and a column for each value. Write into each cell how many"
        " steps apart the two values are. How often does 0 occur, how often 1, how often k?",
        "Lag 0 occurs n times, and a lag k > 0 occurs 2 (n − k) times. Add up the correlations with"
        " these weights and divide by n². With m independent values you would get 1/m.",
    ),
)
def check_effective_size(
    effective_size: Any, decay: float, turn: float, sizes: tuple[int, ...]
) -> dict[str, Any]:
    """Check effective_size on correlations that decay, oscillate and alternate.

    Args:
        decay, turn: the correlation at lag k is decay^k cos(turn · k).
    """
    found = {}
    for n in sizes:
        k = np.arange(n)
        correlations = decay**k * np.cos(turn * k)
        wanted = "effective_size should return a number: it"
        found[f"of {n} values"] = array(call(effective_size, correlations), wanted)
    return found
