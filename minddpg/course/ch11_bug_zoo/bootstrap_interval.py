"""Exercise 11.3: a bootstrap interval from a few seeds.

K seeds.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Mistake, Observed, arrays, call, exercise

RESAMPLES = 7_000
TOLERANCE = 0.12  # of an end's distance from the statistic: 5 standard errors of two draws

SOLUTION = """
def bootstrap_interval(returns, statistic, resamples, rng):
    k = len(returns)
    values = [statistic(returns[rng.integers(k, size=k)]) for _ in range(resamples)]
    low, high = np.quantile(values, [0.025, 0.975])
    return low, high
"""

MISTAKES = (
    Mistake(
        "drawn without replacement",
        "Without replacement every resample holds the same seeds, and the statistic never changes.",
        {"rng.integers(k, size=k)": "rng.permutation(k)"},
    ),
    Mistake(
        "quantiles of the returns",
        "Those are the quantiles of single seeds. The question is how far their statistic varies.",
        {"np.quantile(values,": "np.quantile(returns,"},
    ),
    Mistake(
        "statistic ignored",
        "You took the mean, whatever statistic was asked for.",
        {"statistic(returns": "np.mean(returns"},
    ),
    Mistake(
        "5 % at either end",
        "That leaves 90 % inside. Cut off 2.5 % at each end.",
        {"[0.025, 0.975]": "[0.05, 0.95]"},
    ),
    Mistake(
        "low and high swapped",
        "The lower end comes first.",
        {"return low, high": "return high, low"},
    ),
    Mistake(
        "too few drawn",
        "Draw as many seeds as there are. Fewer make the interval too wide.",
        {"size=k": "size=4"},
    ),
    Mistake(
        "spread of the returns",
        "The standard deviation says how single seeds spread, not how their statistic does.",
        {
            "values = [statistic(returns[rng.integers(k, size=k)]) for _ in range(resamples)]": (
                "middle, spread = statistic(returns), np.std(returns)"
            ),
            "np.quantile(values, [0.025, 0.975])": (
                "middle - 1.96 * spread, middle + 1.96 * spread"
            ),
        },
    ),
    Mistake(
        "another source of randomness",
        "Draw from the rng that is passed in, so that the interval can be repeated.",
        {"k = len(returns)": "k, rng = len(returns), np.random.default_rng()"},
    ),
)


@exercise(
    "11.3",
    "An interval from a few seeds",
    BEHAVIOUR,
    stub='''
def bootstrap_interval(returns, statistic, resamples, rng):
    """Return (low, high), the 95 % percentile bootstrap interval of statistic(returns).

    returns (K,) is one number per seed; statistic maps (K,) to a number. Draw K seeds with
    replacement, `resamples` times; the interval's ends are the 2.5 and 97.5 % quantiles of the
    statistic.
    """
    low = high = None
    return low, high
''',
    statement="""How different could your result have been with other seeds? Resample the seeds that
    you have, and see how far the statistic moves.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your intervals with those of another bootstrap",
    difficulty=2,
    minutes=10,
    hints=(
        "`rng.integers(K, size=K)` draws K row numbers with replacement. `returns[those]` is one"
        " resample.",
        "Collect the statistic of each resample in a list, and ask"
        " `np.quantile(values, [0.025, 0.975])` for the two ends.",
    ),
)
def check_bootstrap_interval(bootstrap_interval: Any) -> dict[str, Any]:
    """Check bootstrap_interval."""
    returns = -150 - 40 * np.random.default_rng(5).standard_exponential(12)

    def ends(statistic: Any, resamples: int = RESAMPLES) -> list[Array]:
        rng = np.random.default_rng(0)
        result = call(bootstrap_interval, returns, statistic, resamples, rng, changes=(3,))
        return arrays(result, ["low", "high"], bootstrap_interval)

    (low, high), (least, most) = ends(np.sum), ends(np.ptp)
    return {
        "low, of the sum": Observed(low - np.sum(returns), TOLERANCE),
        "high, of the sum": Observed(high - np.sum(returns), TOLERANCE),
        "low, of the range": Observed(least, TOLERANCE),
        "high, of the range": Observed(most, TOLERANCE),
        "repeats with its rng": np.array_equal(ends(np.sum, 20), ends(np.sum, 20)),
    }
