"""Intervals cover what they claim to cover, and seeds are never pooled."""

import numpy as np
import pytest

from minddpg.experiments.statistics import iqm, summarise


def nested(kind, seeds, episodes, rng):
    """Draw different means for seeds, and episodes around the mean of each seed."""
    of_seed = rng.standard_normal(seeds) if kind == "gaussian" else rng.exponential(1.0, seeds)
    return of_seed[:, None] + rng.standard_normal((seeds, episodes))


def coverage(kind, summarised, rng, repeats=400):
    """Return how often the interval contains the interquartile mean of the population of seeds."""
    truth = iqm(nested(kind, 200_000, 20, rng).mean(axis=1))
    intervals = (summarised(nested(kind, 10, 20, rng)).interval for _ in range(repeats))
    return np.mean([low <= truth <= high for low, high in intervals])


@pytest.mark.parametrize("kind", ["gaussian", "skewed"])
def test_ten_seeds_cover_the_true_value_nine_times_in_ten_and_pooled_episodes_do_not(
    kind, monkeypatch
):
    monkeypatch.setattr("minddpg.experiments.statistics.RESAMPLES", 1_000)
    rng = np.random.default_rng(4)
    assert coverage(kind, summarise, rng) >= 0.90
    pooled = coverage(kind, lambda values: summarise(values.ravel()), rng, repeats=100)
    assert pooled < 0.7


def test_a_seed_counts_once_however_many_episodes_it_has(rng):
    values = rng.standard_normal((12, 30))
    assert summarise(values).interval == summarise(values.mean(axis=1)).interval
    np.testing.assert_array_equal(summarise(values).means, values.mean(axis=1))


def test_few_seeds_get_no_interval_and_some_an_approximate_one():
    assert summarise(np.arange(4.0)).interval is None
    assert "no interval below 5 seeds" in str(summarise(np.arange(4.0)))
    for count, approximate in ((5, True), (9, True), (10, False)):
        found = summarise(np.arange(float(count)))
        assert found.interval is not None
        assert found.is_approximate is approximate
        assert ("about 95 %" in str(found)) is approximate


def test_the_summary_shows_iqm_mean_and_worst_in_either_direction():
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    found = summarise(values, higher_is_better=False)
    assert (found.iqm, found.mean, found.worst) == (3.0, 22.0, 100.0)
    assert summarise(values).worst == 1.0
    low, high = found.interval
    assert low < found.iqm < high
    assert str(found) == (
        f"IQM 3.0 (about 95 %: {low:.1f} to {high:.1f}), mean 22.0, worst 100.0, 5 seeds"
    )
    ten = summarise(np.arange(10.0))
    low, high = ten.interval
    assert str(ten) == f"IQM 4.5 (95 %: {low:.1f} to {high:.1f}), mean 4.5, worst 0.0, 10 seeds"


def test_the_same_values_always_have_the_same_interval_that_of_many_resamples():
    """The width is close to theory: the IQM of 200 normal values has a deviation of 0.077."""
    values = np.random.default_rng(3).standard_normal(200)
    low, high = summarise(values).interval
    assert (low, high) == summarise(values.copy()).interval
    assert high - low == pytest.approx(2 * 1.96 * 1.09 / np.sqrt(200), rel=0.15)
    assert iqm(values) == pytest.approx((low + high) / 2, abs=0.02)


def test_the_interquartile_mean_leaves_out_a_quarter_at_each_end():
    assert iqm(np.array([9.0, 1.0, 2.0, 3.0])) == 2.5
    assert iqm(np.arange(3.0)) == 1.0
    np.testing.assert_array_equal(iqm(np.array([[0, 1, 2, 30], [5, 5, 5, 5]])), [1.5, 5])


def test_the_interval_scales_and_shifts_with_the_values(rng):
    values = rng.standard_normal(10)
    low, high = summarise(values).interval
    assert summarise(3 * values + 7).interval == pytest.approx((3 * low + 7, 3 * high + 7))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "shape"),
        (3.0, "shape"),
        (np.zeros((2, 2, 2)), "shape"),
        ([1.0, np.nan], "^a value is NaN or"),
    ],
)
def test_what_is_not_a_result_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        summarise(values)
