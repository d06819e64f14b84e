"""Exercise 07.3: the autocorrelation of a series.

T values.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, Observed, array, call, exercise

SOLUTION = """
def autocorrelation(series, lag):
    x = series - series.mean()
    correlation = np.sum(x[: len(x) - lag] * x[lag:]) / np.sum(x**2)
    return correlation
"""

PRODUCTS = "np.sum(x[: len(x) - lag] * x[lag:])"

MISTAKES = (
    Mistake(
        "mean not removed",
        "Two positive numbers always have a positive product. Subtract the mean first.",
        {"series - series.mean()": "series"},
    ),
    Mistake(
        "mean not removed",
        "The mean is still in the sum of products.",
        {"series - series.mean()": "series", "x**2": "(x - x.mean()) ** 2"},
    ),
    Mistake(
        "factor T",
        "You divided a sum of products by a variance, which is a mean of squares. Divide by the"
        " sum of squares.",
        {"np.sum(x**2)": "np.var(series)"},
    ),
    Mistake(
        "divided by T − lag",
        "The mean of the products is divided by the sum of squares. Both should be sums.",
        {"np.sum(x[:": "np.mean(x[:"},
    ),
    Mistake(
        "paired with itself",
        "Both factors are the same slice. Shift one of them by lag.",
        {"x[: len(x) - lag] *": "x[lag:] *"},
        {"* x[lag:]": "* x[: len(x) - lag]"},
        {"x[: len(x) - lag] * x[lag:]": "x * x"},
    ),
    Mistake(
        "paired in reverse",
        "The second slice runs backwards. Pair x_t with x_{t+lag}, both in order of time.",
        {"x[: len(x) - lag] * x[lag:]": "x[: len(x) - lag] * x[::-1][: len(x) - lag]"},
        {"x[lag:]": "x[lag:][::-1]"},
    ),
    Mistake(
        "absolute value",
        "A correlation may be negative: values that far apart tend to lie on opposite sides of the"
        " mean.",
        {"correlation = np.sum(": "correlation = np.abs(np.sum(", "x[lag:])": "x[lag:]))"},
    ),
    Mistake(
        "squared",
        "That is the square of the correlation, which has no sign.",
        {f"{PRODUCTS} / np.sum(x**2)": f"({PRODUCTS} / np.sum(x**2)) ** 2"},
    ),
    Mistake(
        "one pair only",
        "You multiplied one pair of values. Sum over all pairs that are lag apart.",
        {PRODUCTS: "x[0] * x[lag]"},
        {PRODUCTS: "x[len(x) - 1 - lag] * x[-1]"},
    ),
    Mistake(
        "absolute value",
        "A product is negative where one value is above the mean and the other below it.",
        {PRODUCTS: "np.sum(abs(x[: len(x) - lag] * x[lag:]))"},
    ),
    Mistake(
        "median removed instead of the mean",
        "Subtract the mean of the series.",
        {"series.mean()": "np.median(series)"},
    ),
    Mistake(
        "lag fixed at 1",
        "You compare neighbours, whatever lag is.",
        {"len(x) - lag] * x[lag:]": "len(x) - 1] * x[1:]"},
    ),
    Mistake(
        "every lag-th value only",
        "x[::lag] keeps every lag-th value only. Use all pairs that are lag apart.",
        {PRODUCTS: "np.sum(x[: len(x) - lag : max(lag, 1)] * x[lag :: max(lag, 1)])"},
    ),
    Mistake(
        "differences instead of products",
        "That measures how far values move apart. Multiply the deviations from the mean.",
        {"x[: len(x) - lag] * x[lag:]": "(x[: len(x) - lag] - x[lag:]) ** 2"},
        {"x[: len(x) - lag] * x[lag:]": "x[: len(x) - lag] - x[lag:]"},
    ),
    Mistake(
        "mean not removed",
        "The mean is still in one of the two factors, or in the sum of squares.",
        {"np.sum(x[:": "np.sum(series[:"},
        {"* x[lag:]": "* series[lag:]"},
        {"x**2": "series**2"},
    ),
    Mistake(
        "rounded to a whole number",
        "A correlation lies between −1 and 1, so rounding loses almost everything. Divide by /.",
        {") / np.sum(x**2)": ") // np.sum(x**2)"},
        {f"{PRODUCTS} / np.sum(x**2)": f"int({PRODUCTS} / np.sum(x**2))"},
    ),
    Mistake(
        "upside down",
        "You divided the sum of squares by the sum of products. Swap them.",
        {f"{PRODUCTS} / np.sum(x**2)": f"np.sum(x**2) / {PRODUCTS}"},
    ),
    Mistake(
        "not normalised",
        "That is a sum of products, in units of x². Divide it by the same sum at lag 0.",
        {" / np.sum(x**2)": ""},
    ),
    Mistake(
        "not normalised",
        "That is an autocovariance, in units of x². Divide it by the one at lag 0.",
        {"np.sum(x**2)": "len(x)"},
        {"np.sum(x**2)": "(len(x) - lag)"},
    ),
    Mistake(
        "lag off by one",
        "Your pairs are lag + 1 or lag − 1 steps apart. At lag 0 each value is paired with itself.",
        {"len(x) - lag]": "len(x) - lag - 1]", "x[lag:]": "x[lag + 1 :]"},
        {"len(x) - lag]": "len(x) - lag + 1]", "x[lag:]": "x[lag - 1 :]"},
    ),
    Mistake(
        "wraps around the end",
        "np.roll moves the end to the start, which makes pairs that are not lag apart.",
        {"x[: len(x) - lag] * x[lag:]": "x * np.roll(x, lag)"},
    ),
    Mistake(
        "divided by T − lag",
        "You averaged both sums, each over its own number of terms. The definition above divides"
        " the sums themselves.",
        {"np.sum(x[:": "np.mean(x[:", "np.sum(x**2)": "np.mean(x**2)"},
    ),
    Mistake(
        "divided by n − 1 in the variance",
        "With ddof=1 the variance is the sum of squares divided by T − 1. Divide by the sum of"
        " squares itself.",
        {"np.sum(x**2)": "(len(x) * np.var(x, ddof=1))"},
        {"np.sum(x**2)": "((len(x) - lag) * np.var(x, ddof=1))"},
    ),
    Mistake(
        "divided by the standard deviation",
        "Divide by the sum of squares, not by its root.",
        {"np.sum(x**2)": "np.sqrt(np.sum(x**2))"},
    ),
    Mistake(
        "divided by the standard deviation",
        "Divide by the variance, not by its root.",
        {"np.sum(x**2)": "(len(x) * np.std(x))"},
    ),
    Mistake(
        "each slice minus its own mean",
        "You subtracted from each slice its own mean, as np.corrcoef does. Here the mean and the"
        " sum of squares are those of the whole series.",
        {f"{PRODUCTS} / np.sum(x**2)": "np.corrcoef(x[: len(x) - lag], x[lag:])[0, 1]"},
        {
            f"correlation = {PRODUCTS}": """early, late = x[: len(x) - lag], x[lag:]
    correlation = np.sum((early - early.mean()) * (late - late.mean()))"""
        },
    ),
    Mistake(
        "last pair left out",
        "There are T − lag pairs: t runs from 0 to T − lag − 1.",
        {"len(x) - lag]": "len(x) - lag - 1]", "x[lag:]": "x[lag:-1]"},
    ),
    Mistake(
        "squares of a part only",
        "The sum of squares runs over the whole series, at every lag.",
        {"x**2": "x[: len(x) - lag] ** 2"},
        {"x**2": "x[lag:] ** 2"},
        {"x**2": "x[1:] ** 2"},
        {"np.sum(x**2)": "np.sqrt(np.sum(x[: len(x) - lag] ** 2) * np.sum(x[lag:] ** 2))"},
    ),
    Mistake(
        "product of sums",
        "You multiplied two sums. Multiply the values pair by pair, then sum.",
        {PRODUCTS: "np.sum(x[: len(x) - lag]) * np.sum(x[lag:])"},
    ),
    Mistake(
        "absolute values instead of squares",
        "Divide by the sum of squares: then lag 0 gives 1.",
        {"x**2": "abs(x)"},
    ),
    Mistake(
        "divided by the sum of deviations",
        "Deviations from the mean add up to zero, so you divide by a rounding error. Square each"
        " of them, then sum.",
        {"x**2": "x"},
        {"np.sum(x**2)": "np.sum(x) ** 2"},
    ),
    Mistake(
        "T − 1 instead of T",
        "The sum of squares is T times the variance, not T − 1 times.",
        {"np.sum(x**2)": "((len(x) - 1) * np.var(x))"},
    ),
    Mistake(
        "sum of squares starts at 1",
        "1 is added to the sum of squares. A sum starts at 0.",
        {"np.sum(x**2)": "(1 + np.sum(x**2))"},
    ),
    Mistake(
        "added instead of multiplied",
        "The correlation is a sum of products, not of sums.",
        {"x[: len(x) - lag] * x[lag:]": "x[: len(x) - lag] + x[lag:]"},
    ),
    Mistake(
        "negative correlations cut off",
        "A correlation may be negative. Return it as it is.",
        {PRODUCTS: f"max({PRODUCTS}, 0)"},
    ),
    Mistake(
        "first value removed instead of the mean",
        "Subtract the mean of the series.",
        {"series.mean()": "series[0]"},
    ),
    Mistake(
        "differences instead of the series",
        "np.diff returns the steps of the series, which have another correlation.",
        {"series - series.mean()": "np.diff(series)"},
    ),
    Mistake(
        "mean of a part only",
        "The mean is that of the whole series, at every lag.",
        {"series.mean()": "series[lag:].mean()"},
        {"series.mean()": "series[: len(series) - lag].mean()"},
    ),
    Mistake(
        "rounded to few digits",
        "Return the correlation with all its digits.",
        {"return correlation": "return round(correlation, 2)"},
        {"return correlation": "return round(correlation, 3)"},
    ),
    Mistake(
        "first pairs left out",
        "The first pair is that of x_0 and x_lag: t runs from 0.",
        {PRODUCTS: "np.sum(x[1 : len(x) - lag] * x[lag + 1 :])"},
        {PRODUCTS: "np.sum(x[lag : len(x) - lag] * x[2 * lag :])"},
    ),
    Mistake(
        "lag added to the value",
        "Add lag to the index, x[t + lag], not to the value.",
        {"* x[lag:]": "* (x[: len(x) - lag] + lag)"},
    ),
    Mistake(
        "parentheses missing",
        "Without parentheses only the mean is multiplied. Subtract it from each factor first.",
        {PRODUCTS: "np.sum(series[: len(x) - lag] - series.mean() * series[lag:] - series.mean())"},
    ),
    Mistake(
        "nothing left at lag 0",
        "x[:-lag] is empty if lag is 0. x[:len(x) - lag] is not.",
        {"x[: len(x) - lag]": "x[:-lag]"},
    ),
)


@exercise(
    "07.3",
    "How similar neighbours are",
    PROPERTY,
    stub='''
def autocorrelation(series, lag):
    """Return the autocorrelation of a series (T,) at a lag of 0 or more, a float.

    Sum (x_t − m)(x_{t+lag} − m) over all T − lag pairs, and divide by the sum of (x_t − m)² over
    all T values; m is the mean of all T values. At lag 0 the result is 1.
    """
    correlation = None
    return correlation
''',
    statement="""Write the autocorrelation. It should work at lag 0, too.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your correlations with the correct ones",
    cases=(
        {"horizon": 23, "lags": (1, 3, 7), "middle": 5.0},
        {"horizon": 17, "lags": (2, 5, 11), "middle": -31.7},
    ),
    equivalents={
        "x = series - series.mean() → x = series.mean() - series": "the signs cancel",
        "return correlation → return np.float32(correlation)": "float32 is accepted",
    },
    difficulty=1,
    importance=1,
    minutes=8,
    hints=(
        "Subtract the mean once, from the whole series. Then take two slices of it: all but the"
        " last `lag` values, and all but the first `lag` values.",
        "`x[:-lag]` is empty if `lag` is 0. `x[:len(x) - lag]` is not.",
    ),
)
def check_autocorrelation(
    autocorrelation: Any, horizon: int, lags: Sequence[int], middle: float
) -> dict[str, Any]:
    """Check autocorrelation on a random walk about `middle`, in float64."""
    walk = middle + np.cumsum(np.random.default_rng(horizon).normal(0.1, 1.3, horizon))
    wanted = "autocorrelation should return a number: it"
    found: dict[str, Any] = {
        f"at lag {lag}": array(call(autocorrelation, walk, lag), wanted) for lag in lags
    }
    try:
        found["at lag 0"] = array(call(autocorrelation, walk, 0), wanted)
    except (ValueError, ZeroDivisionError) as error:  # x[:-0] is empty, but x[0:] is not
        found["at lag 0"] = Observed(0.0, message=f"at lag 0 your code stopped: {error}")
    return found
