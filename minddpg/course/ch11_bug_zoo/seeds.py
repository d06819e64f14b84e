"""Chapter 11, debugging an agent: what several seeds say together.

K seeds.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, PROPERTY, Row
from ..engine.observations import Observed
from ..engine.submission import arrays, call

RESAMPLES = 7_000
NOISE = 0.12  # of an end, by its distance from the statistic: 5 standard errors of two draws


def middle_half(returns: Any) -> Any:
    values = np.sort(returns)
    cut = len(values) // 4
    return np.mean(values[cut : len(values) - cut])


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
    reference=(middle_half,),
    rows=(
        Row("mean of all", (np.mean,), "One outlier moves it as far as it likes."),
        Row("median", (np.median,), "That is one value or two. Average the whole middle half."),
        Row(
            "not sorted",
            (lambda r: np.mean(r[len(r) // 4 : len(r) - len(r) // 4]),),
            "The first and the last seeds were left out, not the worst and the best.",
        ),
        Row(
            "cut at one end only",
            (lambda r: np.mean(np.sort(r)[len(r) // 4 :]),),
            "The worst were left out and the best kept: that flatters.",
        ),
        Row(
            "cut at one end only",
            (lambda r: np.mean(np.sort(r)[: len(r) - len(r) // 4]),),
            "The best were left out and the worst kept.",
        ),
        Row(
            "a quarter in all",
            (lambda r: np.mean(np.sort(r)[len(r) // 8 : len(r) - len(r) // 8]),),
            "Leave out a quarter at either end, which is half of them in all.",
        ),
        Row(
            "difference of the quartiles",
            (lambda r: np.quantile(r, 0.75) - np.quantile(r, 0.25),),
            "That is the interquartile range, a measure of spread.",
        ),
        Row(
            "middle of the quartiles",
            (lambda r: (np.quantile(r, 0.75) + np.quantile(r, 0.25)) / 2,),
            "Average the returns between the quartiles, not the quartiles.",
        ),
    ),
    compared="your averages with those of the middle halves",
)
def check_interquartile_mean(interquartile_mean: Any) -> dict[str, Any]:
    """Check interquartile_mean."""
    found = {}
    for count in (16, 10, 5):
        returns = -150 - 20 * np.random.default_rng(count).standard_exponential(count) ** 2
        (mean,) = arrays((call(interquartile_mean, returns),), ["a mean"], interquartile_mean)
        found[f"of {count} seeds"] = mean
    return found


def resampled(
    returns: Array,
    statistic: Callable[[Array], Any],
    resamples: int,
    rng: np.random.Generator,
    size: int | None = None,
    replace: bool = True,
    levels: tuple[float, float] = (0.025, 0.975),
) -> Any:
    shape = resamples, size or len(returns)
    order = rng.permuted(np.tile(np.arange(len(returns)), (resamples, 1)), axis=1)
    drawn = rng.integers(len(returns), size=shape) if replace else order
    values = [statistic(returns[i]) for i in drawn]
    return tuple(np.quantile(values, levels))


def _changed(**options: Any) -> Any:
    return lambda r, statistic, n, rng: resampled(r, statistic, n, rng, **options)


@exercise(
    "11.3",
    "An interval from a few seeds",
    BEHAVIOUR,
    stub='''
def bootstrap_interval(returns, statistic, resamples, rng):
    """Return (low, high), the 95 % percentile bootstrap interval of statistic(returns).

    returns (K,) is one number per seed; statistic maps (K,) to a number. Draw K seeds with
    replacement, so many times; the interval's ends are the 2.5 and 97.5 % quantiles of the
    statistic.
    """
    low = high = None
    return low, high
''',
    statement="""How far could your result have been from this one, had chance dealt you other
    seeds? Resample the seeds that you have, and see how far the statistic moves.""",
    reference=(resampled,),
    rows=(
        Row(
            "drawn without replacement",
            (_changed(replace=False),),
            "Without replacement every resample holds the same seeds, and nothing moves.",
        ),
        Row(
            "quantiles of the returns",
            (lambda r, statistic, n, rng: tuple(np.quantile(r, [0.025, 0.975])),),
            "That is where single seeds lie. The question is where their statistic does.",
        ),
        Row(
            "statistic ignored",
            (lambda r, statistic, n, rng: resampled(r, np.mean, n, rng),),
            "The mean was taken, whatever statistic was asked for.",
        ),
        Row(
            "5 % at either end",
            (_changed(levels=(0.05, 0.95)),),
            "That leaves 90 % inside. Cut off 2.5 % at either end.",
        ),
        Row(
            "low and high swapped", (_changed(levels=(0.975, 0.025)),), "The lower end comes first."
        ),
        Row(
            "too few drawn",
            (_changed(size=4),),
            "Draw as many seeds as there are: fewer make the interval too wide.",
        ),
        Row(
            "spread of the returns",
            (lambda r, s, n, rng: (s(r) - 1.96 * np.std(r), s(r) + 1.96 * np.std(r)),),
            "The standard deviation says how single seeds spread, not how their statistic does.",
        ),
        Row(
            "another source of randomness",
            (lambda r, s, n, rng: resampled(r, s, n, np.random.default_rng()),),
            "Draw from the rng that is passed in, so that the interval can be repeated.",
        ),
    ),
    compared="your intervals with those of another bootstrap",
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
        "low, of the sum": Observed(low - np.sum(returns), NOISE),
        "high, of the sum": Observed(high - np.sum(returns), NOISE),
        "low, of the range": Observed(least, NOISE),
        "high, of the range": Observed(most, NOISE),
        "repeats with its rng": np.array_equal(ends(np.sum, 20), ends(np.sum, 20)),
    }
