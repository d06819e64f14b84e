"""Exercise 11.2: the interquartile mean.

K seeds.
"""

import warnings
from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, Observed, arrays, call, exercise

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
        "You left out the worst and kept the best, which makes the result too good.",
        {"cut : len(ordered) - cut": "cut:"},
    ),
    Mistake(
        "cut at one end only",
        "You left out the best and kept the worst.",
        {"cut : len(ordered) - cut": ": len(ordered) - cut"},
    ),
    Mistake(
        "both quarters cut at one end",
        "Leave out K // 4 at either end, not 2 (K // 4) at one end.",
        {"cut : len(ordered) - cut": ": len(ordered) - 2 * cut"},
        {"cut : len(ordered) - cut": "2 * cut :"},
    ),
    Mistake(
        "a quarter instead of the middle half",
        "Average all that is left between the two quarters.",
        {"cut : len(ordered) - cut": ":cut"},
        {"cut : len(ordered) - cut": "len(ordered) - cut :"},
        {"cut : len(ordered) - cut": "cut : 2 * cut"},
        {"cut : len(ordered) - cut": "2 * cut : 3 * cut"},
    ),
    Mistake(
        "a quarter in all",
        "Leave out a quarter at either end, which is half of them in all.",
        {"// 4": "// 8"},
    ),
    Mistake(
        "another share than a quarter",
        "Leave out a quarter at either end, K // 4.",
        {"// 4": "// 2"},
        {"// 4": "// 3"},
        {"// 4": "// 5"},
        {"// 4": "// 10"},
    ),
    Mistake(
        "rounded to whole numbers",
        "Return the mean as it is.",
        {"return mean": "return round(mean)"},
        {"return mean": "return int(mean)"},
        {"return mean": "return mean // 1"},
    ),
    Mistake(
        "rounded",
        "Return the mean as it is.",
        {"return mean": "return round(mean, 1)"},
        {"return mean": "return round(mean, 2)"},
    ),
    Mistake(
        "a quarter of another number",
        "Leave out K // 4 at either end, where K is the number of returns.",
        {"len(ordered) // 4": "(len(ordered) - 1) // 4"},
        {"len(ordered) // 4": "(len(ordered) + 1) // 4"},
    ),
    Mistake(
        "at least one left out",
        "Of 3 seeds none is left out: 3 // 4 is 0.",
        {"len(ordered) // 4": "max(1, len(ordered) // 4)"},
    ),
    Mistake(
        "one too few left out",
        "Leave out K // 4 at either end.",
        {"len(ordered) // 4": "max(0, len(ordered) // 4 - 1)"},
    ),
    Mistake(
        "rest instead of quotient",
        "% gives the rest of a division, // the quotient.",
        {"len(ordered) // 4": "len(ordered) % 4"},
    ),
    Mistake(
        "rounded to the nearest",
        "K // 4 rounds down: of 7 seeds one is left out at either end, not two.",
        {"len(ordered) // 4": "round(len(ordered) / 4)"},
        {"len(ordered) // 4": "int(len(ordered) / 4 + 0.5)"},
    ),
    Mistake(
        "rounded up",
        "K // 4 rounds down: of 7 seeds one is left out at either end, not two.",
        {"len(ordered) // 4": "-(-len(ordered) // 4)"},
    ),
    Mistake(
        "upper end too low",
        "Leave out K // 4 at the upper end, too: the slice ends at K − K // 4.",
        {"len(ordered) - cut]": "3 * len(ordered) // 4]"},
        {"len(ordered) - cut]": "3 * cut]"},
        {"len(ordered) - cut]": "cut + len(ordered) // 2]"},
        {"len(ordered) - cut]": "len(ordered) - cut - 1]"},
    ),
    Mistake(
        "one too many at the upper end",
        "A slice leaves out its end: it ends at K − K // 4.",
        {"len(ordered) - cut]": "len(ordered) - cut + 1]"},
    ),
    Mistake(
        "one too many left out at the lower end",
        "Indices begin with 0: the slice begins at K // 4.",
        {"ordered[cut :": "ordered[cut + 1 :"},
    ),
    Mistake(
        "an empty slice",
        "The mean of nothing is NaN. [cut:-cut] is empty where cut is 0; [cut : K − cut] is not.",
        {"cut : len(ordered) - cut": "cut:-cut"},
        {"cut : len(ordered) - cut": "cut:cut"},
    ),
    Mistake(
        "only the best and the worst left out",
        "Leave out K // 4 at either end, not one.",
        {"len(ordered) // 4": "1"},
        {"len(ordered) // 4": "min(1, len(ordered) // 4)"},
    ),
    Mistake(
        "a fixed number left out",
        "Leave out K // 4 at either end: how many that are depends on K.",
        {"len(ordered) // 4": "2"},
        {"len(ordered) // 4": "4"},
        {"cut : len(ordered) - cut": "2:-2"},
        {"cut : len(ordered) - cut": "4:-4"},
    ),
    Mistake(
        "the middle half left out",
        "You averaged both ends, and left out the middle half.",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "np.concatenate((ordered[:cut], ordered[len(ordered) - cut :])).mean()"
            )
        },
    ),
    Mistake(
        "divided by K",
        "Divide by the number of values that are left, K − 2 (K // 4).",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "ordered[cut : len(ordered) - cut].sum() / len(ordered)"
            )
        },
    ),
    Mistake(
        "divided by another number",
        "Divide by the number of values that are left, K − 2 (K // 4).",
        {"cut].mean()": "cut].sum() / (len(ordered) - cut)"},
        {"cut].mean()": "cut].sum() / (len(ordered) / 2)"},
        {"cut].mean()": "cut].sum() / (len(ordered) // 2)"},
    ),
    Mistake(
        "standard deviation instead of mean",
        "Average the middle half.",
        {"cut].mean()": "cut].std()"},
    ),
    Mistake(
        "sum instead of mean",
        "Divide the sum by the number of values that are left.",
        {"cut].mean()": "cut].sum()"},
    ),
    Mistake(
        "the values between the quartiles",
        "np.quantile puts the quartiles between two seeds, so this does not always leave out"
        " K // 4 seeds at either end.",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "ordered[(ordered >= np.quantile(ordered, 0.25))"
                " & (ordered <= np.quantile(ordered, 0.75))].mean()"
            )
        },
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "ordered[(ordered > np.quantile(ordered, 0.25))"
                " & (ordered < np.quantile(ordered, 0.75))].mean()"
            )
        },
    ),
    Mistake(
        "ends replaced, not left out",
        "Leave out the values at the ends. You moved them to the middle half's edge instead.",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "np.clip(ordered, ordered[cut], ordered[len(ordered) - cut - 1]).mean()"
            )
        },
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "np.clip(ordered, *np.quantile(ordered, [0.25, 0.75])).mean()"
            )
        },
    ),
    Mistake(
        "equal returns counted once",
        "np.unique and set drop equal returns. Two seeds with the same return are two seeds.",
        {"np.sort(returns)": "np.unique(returns)"},
        {"np.sort(returns)": "np.unique(returns)", "len(ordered) // 4": "len(returns) // 4"},
        {
            "np.sort(returns)": "np.unique(returns)",
            "len(ordered) // 4": "len(returns) // 4",
            "len(ordered) - cut": "len(returns) - cut",
        },
    ),
    Mistake(
        "places instead of returns",
        "np.argsort returns the indices of the sorted returns. Average the returns themselves.",
        {"np.sort(returns)": "np.argsort(returns)"},
    ),
    Mistake(
        "argsort taken for ranks",
        "np.argsort returns the indices of the sorted returns. Apply it a second time to get"
        " ranks.",
        {
            "ordered[cut : len(ordered) - cut].mean()": "returns["
            "(np.argsort(returns) >= cut) & (np.argsort(returns) < len(ordered) - cut)].mean()"
        },
    ),
    Mistake(
        "sorted by size without sign",
        "Sort the returns as they are.",
        {"np.sort(returns)": "np.array(sorted(returns, key=abs))"},
        {"np.sort(returns)": "np.sort(np.abs(returns))"},
    ),
    Mistake(
        "difference of the quartiles",
        "That is the interquartile range, a measure of spread.",
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "np.quantile(returns, 0.75) - np.quantile(returns, 0.25)"
            )
        },
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "ordered[len(ordered) - cut - 1] - ordered[cut]"
            )
        },
    ),
    Mistake(
        "middle of the quartiles",
        "Average the returns between the quartiles, not the quartiles.",
        {"ordered[cut : len(ordered) - cut].mean()": "np.quantile(returns, [0.25, 0.75]).mean()"},
        {
            "ordered[cut : len(ordered) - cut].mean()": (
                "(ordered[cut] + ordered[len(ordered) - cut - 1]) / 2"
            )
        },
    ),
)


@exercise(
    "11.2",
    "The interquartile mean",
    PROPERTY,
    retired=True,
    stub='''
def interquartile_mean(returns):
    """Average the middle half of (K,) returns: leave out K // 4 of them at either end."""
    mean = None
    return mean
''',
    statement="""In a mean, one failed seed can outweigh ten good ones. A median ignores almost all
    seeds. Average the middle half.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    cases=(
        {"counts": (16, 10, 5, 3), "offset": -150.7, "equal": False},
        {"counts": (7, 9, 12, 6), "offset": 31.4, "equal": True},
    ),
    equivalents={"return mean → return np.float32(mean)": "float32 is accurate enough"},
    compared="your averages with those of the middle halves",
    difficulty=1,
    minutes=5,
    hints=(
        "Sort first. With K = 10, `10 // 4` is 2: leave out two at the bottom and two at the top.",
        "A slice `[cut:-cut]` is empty when `cut` is 0. `[cut : K - cut]` is not.",
    ),
)
def check_interquartile_mean(
    interquartile_mean: Any, counts: tuple[int, ...], offset: float, equal: bool
) -> dict[str, Any]:
    """Check interquartile_mean."""
    found: dict[str, Any] = {}
    for count in counts:
        rng = np.random.default_rng(count)
        returns = offset - 20.3 * rng.standard_exponential(count) ** 2
        if equal:
            returns[[0, -1]] = returns.min()  # two seeds that failed alike
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mean of nothing, which has a row of its own
            result = call(interquartile_mean, returns)
        (mean,) = arrays((result,), ["a mean"], interquartile_mean)
        row = f"of {count} seeds"
        text = f"the mean {row} is not a number"
        found[f"{row}, a number"] = Observed(not np.isnan(mean).any(), message=text)
        if found[f"{row}, a number"].value:
            found[row] = mean
    return found
