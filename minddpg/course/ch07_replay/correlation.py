"""Chapter 07, the replay memory: how alike neighbours are.

T steps.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.observations import Observed
from ..engine.submission import array, call

STEPS = 23


def autocorrelation(series: Array, lag: int) -> Any:
    x = series - series.mean()
    return np.sum(x[: len(x) - lag] * x[lag:]) / np.sum(x**2)


def _divided_by(size: Any, centre: Any = np.mean) -> Any:
    """The sum of products, divided by something else."""

    def answer(series: Array, lag: int) -> Any:
        x = series - centre(series)
        return np.sum(x[: len(x) - lag] * x[lag:]) / size(x, lag)

    return answer


def _squares(x: Array) -> Any:
    return np.sum(x**2)


def _rolled(series: Array, lag: int) -> Any:
    x = series - series.mean()
    return np.sum(x * np.roll(x, lag)) / np.sum(x**2)


def _own_means(series: Array, lag: int) -> Any:
    early, late = series[: len(series) - lag], series[lag:]
    products = (early - early.mean()) * (late - late.mean())
    return np.sum(products) / np.sum((series - series.mean()) ** 2)


def _last_pair_left_out(series: Array, lag: int) -> Any:
    x = series - series.mean()
    return np.sum(x[: len(x) - lag - 1] * x[lag:-1]) / np.sum(x**2)


def _two_parts(series: Array, lag: int) -> Any:
    return np.corrcoef(series[: len(series) - lag], series[lag:])[0, 1]


def _nothing_at_0(series: Array, lag: int) -> Any:
    return autocorrelation(series, lag) if lag else 0.0


@exercise(
    "07.3",
    "How alike neighbours are",
    PROPERTY,
    stub='''
def autocorrelation(series, lag):
    """Return how alike values `lag` steps apart are, a float; lag is 0 or more.

    series is x (T,), m its mean, of all T values. The autocorrelation is the sum over t of
    (x_t − m)(x_{t+lag} − m), as far as there are pairs, divided by the sum over all t of
    (x_t − m)². At lag 0 it is 1.
    """
    correlation = None
    return correlation
''',
    statement="""Successive observations are almost copies of each other; a minibatch should not be.
    Write the number that says so. Let it work at lag 0, too.""",
    reference=(autocorrelation,),
    rows=(
        Row(
            "mean not removed",
            (_divided_by(lambda x, lag: _squares(x), lambda series: 0),),
            "Any two positive numbers have a positive product. Subtract the mean first.",
        ),
        Row(
            "mean not removed",
            (_divided_by(lambda x, lag: _squares(x - x.mean()), lambda series: 0),),
            "The mean is still in the sum of products.",
        ),
        Row(
            "not normalised",
            (_divided_by(lambda x, lag: 1),),
            "That is a sum of products, in units of x². Divide it by that at lag 0.",
        ),
        *(
            Row(
                "not normalised",
                (_divided_by(size),),
                "That is an autocovariance, in units of x². Divide it by that at lag 0.",
            )
            for size in (lambda x, lag: len(x), lambda x, lag: len(x) - lag)
        ),
        *(
            Row(
                "lag off by one",
                (lambda series, lag, step=step: autocorrelation(series, abs(lag + step)),),
                "These are pairs lag + 1 or lag − 1 steps apart. At lag 0 each value meets itself.",
            )
            for step in (1, -1)
        ),
        Row(
            "wraps around the end",
            (_rolled,),
            "np.roll brings the end back to the start, and makes pairs that are not neighbours.",
        ),
        Row(
            "divided by T − lag",
            (_divided_by(lambda x, lag: (len(x) - lag) * np.mean(x**2)),),
            "Both sums are averaged here, each over its own number of terms. The definition above"
            " divides the sums themselves.",
        ),
        Row(
            "divided by the standard deviation",
            (_divided_by(lambda x, lag: np.sqrt(_squares(x))),),
            "The sum of squares belongs below, not its root.",
        ),
        Row(
            "divided by the standard deviation",
            (_divided_by(lambda x, lag: len(x) * np.std(x)),),
            "The variance belongs below, not its root.",
        ),
        *(
            Row(
                "each part with a mean of its own",
                (answer,),
                "The two shortened series have means of their own, and np.corrcoef takes those."
                " Here m and the sum of squares are those of the whole series.",
            )
            for answer in (_two_parts, _own_means)
        ),
        Row(
            "last pair left out",
            (_last_pair_left_out,),
            "There are T − lag pairs; range(T − lag) counts them all.",
        ),
        *(
            Row(
                "squares of a part only",
                (_divided_by(size),),
                "The sum of squares runs over the whole series, at every lag.",
            )
            for size in (
                lambda x, lag: _squares(x[: len(x) - lag]),
                lambda x, lag: _squares(x[lag:]),
            )
        ),
        Row(
            "nothing left at lag 0",
            (_nothing_at_0,),
            "x[:-lag] ends before 0 if lag is 0, so it is empty. x[:len(x) - lag] is not.",
        ),
    ),
    compared="your correlations with the right ones",
)
def check_autocorrelation(autocorrelation: Any) -> dict[str, Any]:
    """Check autocorrelation."""
    series = 5 + np.cumsum(np.random.default_rng(1).standard_normal(STEPS))
    wanted = "autocorrelation should return a number: it"
    found: dict[str, Any] = {
        f"at lag {lag}": array(call(autocorrelation, series, lag), wanted) for lag in (1, 3, 7)
    }
    try:
        found["at lag 0"] = array(call(autocorrelation, series, 0), wanted)
    except (ValueError, ZeroDivisionError) as error:  # x[:-0] is empty, and x[0:] is not
        found["at lag 0"] = Observed(0.0, says=f"at lag 0 your code stopped: {error}")
    return found
