"""Exercise 11.3: a bootstrap interval from a few seeds.

K seeds.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, arrays, call, exercise, name_of

SOLUTION = """
def bootstrap_interval(returns, statistic, resamples, rng):
    k = len(returns)
    values = [statistic(returns[rng.integers(k, size=k)]) for _ in range(resamples)]
    low, high = np.quantile(values, [0.025, 0.975])
    return low, high
"""

SHARES = (0.025, 0.975)
FEW = 12  # resamples, where only the use of the rng is observed
METHODS: tuple[Any, ...] = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "midpoint",
)


LINE = "values = [statistic(returns[rng.integers(k, size=k)]) for _ in range(resamples)]"
ENDS = "np.quantile(values, [0.025, 0.975])"
MISTAKES = (
    Mistake(
        "drawn without replacement",
        "Without replacement every resample holds the same seeds, and the statistic never changes.",
        {"rng.integers(k, size=k)": "rng.permutation(k)"},
        {"returns[rng.integers(k, size=k)]": "returns"},
    ),
    Mistake(
        "one draw for all resamples",
        "Draw anew for each resample.",
        {
            LINE: "picks = rng.integers(k, size=k)\n"
            "    values = [statistic(returns[picks]) for _ in range(resamples)]"
        },
    ),
    Mistake(
        "quantiles of the returns",
        "Those are the quantiles of the returns. Take the quantiles of the statistic's values.",
        {"np.quantile(values,": "np.quantile(returns,"},
    ),
    Mistake(
        "statistic ignored",
        "Your code never calls statistic. Call it on each resample, whatever it is.",
        {"statistic(returns": "np.mean(returns"},
    ),
    Mistake(
        "statistic called once",
        "One call of statistic cannot show how far it varies. Call it on each resample.",
        {
            LINE: "middle, spread = statistic(returns), np.std(returns)",
            ENDS: "middle - 1.96 * spread, middle + 1.96 * spread",
        },
    ),
    Mistake(
        "not one call for each resample",
        "Draw `resamples` times, and call statistic once on each draw.",
        {"in range(resamples)": "in range(resamples // 2)"},
    ),
    Mistake(
        "5 % at either end",
        "That leaves 90 % inside. Cut off 2.5 % at each end.",
        {"[0.025, 0.975]": "[0.05, 0.95]"},
    ),
    Mistake(
        "percent taken for shares",
        "np.quantile takes shares from 0 to 1, np.percentile takes percent: 2.5 and 97.5.",
        {"np.quantile(values": "np.percentile(values"},
    ),
    Mistake(
        "other shares than 2.5 % at each end",
        "The interval's ends are the 2.5 and the 97.5 % quantile.",
        *(
            {"[0.025, 0.975]": f"[{share}, {1 - share}]"}
            for share in (0.005, 0.0125, 0.1, 0.16, 0.25)
        ),
        {"[0.025, 0.975]": "[0.05, 0.975]"},
        {"[0.025, 0.975]": "[0.025, 0.95]"},
        {"[0.025, 0.975]": "[0.025, 0.9]"},
        {"[0.025, 0.975]": "[0.025, 0.99]"},
        {"[0.025, 0.975]": "[0, 1]"},
        {"[0.025, 0.975]": "[0.05, 1]"},
        {"[0.025, 0.975]": "[0, 0.95]"},
    ),
    Mistake(
        "low and high swapped",
        "The lower end comes first.",
        {"return low, high": "return high, low"},
    ),
    Mistake(
        "one end twice",
        "low is the 2.5 %, high is the 97.5 % quantile.",
        {"return low, high": "return low, low"},
        {"return low, high": "return high, high"},
    ),
    Mistake(
        "rounded to whole numbers",
        "Do not round: an array of whole numbers cuts off the values' fractions.",
        {"return low, high": "return round(low), round(high)"},
        {"[statistic(returns[": "[int(statistic(returns[", "size=k)])": "size=k)]))"},
    ),
    Mistake(
        "another number of seeds drawn",
        "Draw as many seeds as there are. Fewer make the interval too wide, more too narrow.",
        *({"size=k": f"size={size}"} for size in ("4", "k - 1", "k + 1", "k // 2", "resamples")),
        {"returns[rng.integers(k, size=k)]": "returns[[rng.integers(k)]]"},
        {"returns[rng.integers(k, size=k)]": "returns[rng.random(k) < 0.7]"},
    ),
    Mistake(
        "all resamples at once",
        "statistic maps one resample (K,) to a number. You passed it the table of all of them.",
        {
            LINE: "draws = rng.integers(k, size=(resamples, k))\n"
            "    values = [statistic(returns[draws]) for _ in range(resamples)]"
        },
    ),
    Mistake(
        "resamples as columns",
        "statistic maps (K,) to a number: a resample has one axis.",
        {"rng.integers(k, size=k)": "rng.integers(k, size=(k, 1))"},
        {"rng.integers(k, size=k)": "rng.integers(k, size=(1, k))"},
    ),
    Mistake(
        "each resample drawn from the one before",
        "Draw every resample from the returns. If each is drawn from the one before, they soon hold"
        " a single seed.",
        {
            LINE: "values, sample = [], returns\n"
            "    for _ in range(resamples):\n"
            "        sample = sample[rng.integers(k, size=k)]\n"
            "        values.append(statistic(sample))"
        },
    ),
    Mistake(
        "resamples of other numbers",
        "A resample is made of the returns: returns[rows] with rows = rng.integers(K, size=K).",
        {"returns[rng.integers(k, size=k)]": "rng.integers(k, size=k)"},
        {"returns[rng.integers(k, size=k)]": "rng.normal(returns.mean(), returns.std(), k)"},
        {"returns[rng.integers(k, size=k)]": "rng.uniform(returns.min(), returns.max(), k)"},
    ),
    Mistake(
        "not every seed can be drawn",
        "rng.integers(K) draws from 0 to K − 1, which are all K seeds.",
        {"rng.integers(k, size=k)": "rng.integers(k - 1, size=k)"},
        {"rng.integers(k, size=k)": "rng.integers(1, k, size=k)"},
    ),
    Mistake(
        "normal approximation",
        "Take the quantiles of the values, not 1.96 standard deviations around their mean.",
        {ENDS: "np.mean(values) + 1.96 * np.std(values) * np.array([-1, 1])"},
        {ENDS: "statistic(returns) + 1.96 * np.std(values) * np.array([-1, 1])"},
    ),
    Mistake(
        "around the statistic instead of the quantiles",
        "The percentile interval's ends are the quantiles themselves.",
        {ENDS: "2 * statistic(returns) - np.quantile(values, [0.975, 0.025])"},
        {ENDS: "np.quantile(values, [0.025, 0.975]) - statistic(returns)"},
    ),
    Mistake(
        "another source of randomness",
        "Draw from the rng that is passed in, so that the interval can be repeated.",
        {"k = len(returns)": "k, rng = len(returns), np.random.default_rng()"},
        {"rng.integers": "np.random.default_rng().integers"},
    ),
    Mistake(
        "the rng passed in is not used",
        "Draw from the rng that is passed in: another one should give another interval.",
        {"k = len(returns)": "k, rng = len(returns), np.random.default_rng(0)"},
    ),
)

EQUIVALENTS = {
    f"{LINE} → {LINE.replace('size=k)]', 'size=k) - 1]')}": "index −1 is the last seed",
    "return (low, high) → return (np.float32(low), np.float32(high))": "float32 will do",
}


def _mean(returns: Array) -> float:  # np.mean takes longer, and this is called often
    return float(returns.sum() / returns.size)


def _root_mean_square(returns: Array) -> float:
    return float(np.sqrt(np.vdot(returns, returns) / returns.size))


@exercise(
    "11.3",
    "An interval from a few seeds",
    BEHAVIOUR,
    retired=True,
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
    you have, and see how far the statistic varies.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    cases=(
        {"seeds": 12, "resamples": 210, "measure": _mean},
        {"seeds": 17, "resamples": 170, "measure": _root_mean_square},
    ),
    equivalents=EQUIVALENTS,
    compared="what you drew, and where your interval's ends are among the values of statistic",
    difficulty=2,
    minutes=10,
    hints=(
        "`rng.integers(K, size=K)` draws K row numbers with replacement. `returns[those]` is one"
        " resample.",
        "Collect the statistic of each resample in a list, and ask"
        " `np.quantile(values, [0.025, 0.975])` for the two ends.",
    ),
)
def check_bootstrap_interval(
    bootstrap_interval: Any, seeds: int, resamples: int, measure: Callable[[Array], float]
) -> dict[str, Any]:
    """Check bootstrap_interval with a statistic that records its resamples and values."""
    returns = -1.5 - np.random.default_rng(seeds).standard_exponential(seeds)

    def run(seed: int, resamples: int = FEW) -> tuple[list[float], list[Array], list[float]]:
        """Return the two ends, the resamples on which statistic was called, and its values."""
        drawn: list[Array] = []
        values: list[float] = []

        def statistic(resample: Any) -> float:
            drawn.append(np.array(resample, float))
            values.append(float(measure(drawn[-1])))
            return values[-1]

        rng = np.random.default_rng(seed)
        given = returns.copy()
        arguments = given, statistic, resamples, rng
        result = call(bootstrap_interval, *arguments, changes=range(4))
        if not np.array_equal(given, returns):
            text = f"{name_of(bootstrap_interval)} changed its argument returns in place."
            raise InvalidAnswer(text, "argument changed in place")
        ends = arrays(result, ["low", "high"], bootstrap_interval)
        for name, end in zip(("low", "high"), ends, strict=True):
            if end.shape:
                text = f"{name} is an array {end.shape}, but should be one number."
                raise InvalidAnswer(text, "another shape")
        return [end.item() for end in ends], drawn, values

    ends, drawn, values = run(0, resamples)
    found = _of_calls(len(drawn), resamples)
    if not all(row.value for row in found.values()):
        return found
    if len(drawn) > resamples:  # one call was on the returns themselves
        originals = [i for i, resample in enumerate(drawn) if np.array_equal(resample, returns)]
        extra = originals[0] if originals else 0
        drawn.pop(extra)
        values.pop(extra)
    first, again, other = (run(seed)[0] for seed in (1, 1, 2))
    return (
        found
        | _of_draws(returns, drawn)
        | _of_ends(ends, np.array(values))
        | {
            "the interval repeats with the rng": first == again,
            "the interval changes with the rng": not np.allclose(first, other),
        }
    )


def _of_calls(calls: int, resamples: int) -> dict[str, Observed]:
    text = f"statistic was called {calls} times, for {resamples} resamples"
    rows = {"statistic is called": Observed(calls > 0, message=text)}
    if calls:
        rows["statistic is called more than once"] = Observed(calls > 1, message=text)
    if calls > 1:
        one_for_each = calls in (resamples, resamples + 1)
        rows["statistic is called for each resample"] = Observed(one_for_each, message=text)
    return rows


def _of_draws(returns: Array, drawn: list[Array]) -> dict[str, Any]:
    """Observe sizes and entries of the resamples."""
    seeds = len(returns)
    entries = [resample.ravel()[: 2 * seeds] for resample in drawn]  # more are wrong in any case
    everything, first = np.concatenate(entries), set(entries[0])
    sizes = {resample.size for resample in drawn}
    text = f"a resample had {max(sizes - {seeds}, default=seeds)} entries, of {seeds} seeds"
    often = np.sum(everything == returns[:, None], axis=1)
    mean = len(everything) / seeds
    spread = np.sqrt(mean * (1 - 1 / seeds))  # standard deviation of a count
    counted = f"the seeds were drawn {often.min()} to {often.max()} times, {mean:.0f} expected"
    return {
        "each resample has as many entries as there are seeds": Observed(
            sizes == {seeds}, message=text
        ),
        "each resample has one axis": all(resample.ndim < 2 for resample in drawn),
        "the resamples are made of the returns": bool(np.isin(everything, returns).all()),
        "a seed can be drawn more than once": any(len(set(x)) < len(x) for x in entries),
        "the resamples differ": any(set(x) != first for x in entries),
        "every seed is drawn equally often": Observed(
            np.abs(often - mean).max() < 5.5 * spread, message=counted
        ),
    }


def _of_ends(ends: list[float], values: Array) -> dict[str, Any]:
    """Observe where the ends are among the values of the statistic."""
    low, high = ends
    expected = [f"{np.quantile(values, share):.6g}" for share in SHARES]
    text = f"low, high are {low:.6g}, {high:.6g}; your values' quantiles are {', '.join(expected)}"
    interpolated = [np.quantile(values, SHARES, method=method) for method in METHODS]
    both = all(
        np.isclose(end, [*_nearest(values, share), *quantiles], rtol=1e-6, atol=0).any()
        for end, share, quantiles in zip(ends, SHARES, np.transpose(interpolated), strict=True)
    )
    same = f"low and high are both {low:.6g}"
    return {
        "low and high are two numbers": Observed(low != high, message=same),
        "share of the values below low": Observed(np.mean(values < low), 0.25),
        "share of the values above high": Observed(np.mean(values > high), 0.25),
        "the ends are the 2.5 and 97.5 % quantiles": Observed(both, message=text),
    }


def _nearest(values: Array, share: float) -> Array:
    """Return the values around this quantile; the usual definitions take different ones."""
    place = int(share * len(values))
    nearest: Array = np.sort(values)[[place - 1, place, min(place + 1, len(values) - 1)]]
    return nearest
