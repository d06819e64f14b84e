"""Summarise several seeds: interquartile mean, confidence interval, worst seed.

K seeds, E episodes (or starts) of each. A seed is one training run. Its episodes share one network
and are not independent, so an interval resamples whole seeds.
"""

from dataclasses import dataclass

import numpy as np

from ..nn.layers import Array
from ..training.evaluation import short
from ..training.wording import counted

RESAMPLES = 10_000
FEWEST, ENOUGH = 5, 10  # seeds: below 5 no interval, below 10 an approximate one


@dataclass(frozen=True, eq=False)
class Summary:
    """A summary of several seeds; str() gives it in one line."""

    means: Array  #: (K,), one per seed
    worst: float  #: the lowest of them, or the highest where lower is better
    interval: tuple[float, float] | None  #: 95 %, of the interquartile mean

    @property
    def mean(self) -> float:
        """The mean over seeds."""
        return float(self.means.mean())

    @property
    def iqm(self) -> float:
        """The interquartile mean over seeds."""
        return float(iqm(self.means))

    @property
    def is_approximate(self) -> bool:
        """Whether the seeds are too few to take the interval's 95 % literally."""
        return self.interval is not None and len(self.means) < ENOUGH

    def __str__(self) -> str:
        spread = f"no interval below {FEWEST} seeds"
        if self.interval is not None:
            about = "about " if self.is_approximate else ""
            spread = f"{about}95 %: {short(self.interval[0])} to {short(self.interval[1])}"
        return (
            f"IQM {short(self.iqm)} ({spread}), mean {short(self.mean)}, worst {short(self.worst)},"
            f" {counted(len(self.means), 'seed')}"
        )


def summarise(values: Array, higher_is_better: bool = True) -> Summary:
    """Summarise (K,) numbers of K seeds, or (K, E) of their episodes, which are averaged first.

    The interval is the percentile bootstrap over seeds (Efron & Tibshirani, 1993, chapter 13) of
    the interquartile mean (Agarwal et al., 2021, arXiv:2108.13264), with a fixed random stream.

    Raises:
        ValueError: no seed, more than two dimensions, or a value that is not finite.
    """
    values = np.asarray(values, np.float64)
    if values.ndim not in (1, 2) or not values.size:
        raise ValueError(f"values have shape {values.shape}, not (seeds,) or (seeds, episodes)")
    if not np.isfinite(values).all():
        raise ValueError("a value is NaN or infinite: do not leave out a failed run, but repair it")
    means = values if values.ndim == 1 else values.mean(axis=1)
    worst = float(means.min() if higher_is_better else means.max())
    if len(means) < FEWEST:
        return Summary(means, worst, None)
    draws = np.random.default_rng(0).integers(len(means), size=(RESAMPLES, len(means)))
    low, high = np.quantile(iqm(means[draws]), [0.025, 0.975])
    return Summary(means, worst, (float(low), float(high)))


def iqm(values: Array) -> Array:
    """Average the middle half along the last axis, without n // 4 of n values at each end."""
    values = np.sort(values, axis=-1)
    cut = values.shape[-1] // 4
    return np.asarray(values[..., cut : values.shape[-1] - cut].mean(axis=-1))
