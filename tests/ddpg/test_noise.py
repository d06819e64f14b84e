"""Noise has the correct mean, size and autocorrelation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minddpg import Config, GaussianNoise, OrnsteinUhlenbeckNoise
from minddpg.ddpg.noise import make_noise

DRAWS = 40_000


def path(noise, steps=DRAWS):
    return np.array([noise.sample() for _ in range(steps)])


def autocorrelation(x, lag):
    return (x[lag:] * x[:-lag]).mean() / (x * x).mean()


def test_gaussian_noise_has_its_scale_no_mean_no_memory_and_normal_tails(rng):
    x = path(GaussianNoise(2, 0.3, rng))
    assert x.shape == (DRAWS, 2)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(x.std(axis=0), 0.3, rtol=0.02)
    assert abs(autocorrelation(x[:, 0], 1)) < 0.02
    assert abs(np.corrcoef(x.T)[0, 1]) < 0.02
    assert (np.abs(x) > 0.6).mean() == pytest.approx(0.0455, rel=0.1)  # beyond two sigma


@pytest.mark.parametrize(("theta", "dt"), [(0.15, 1.0), (0.5, 0.5), (1.5, 1.0)])
def test_ornstein_uhlenbeck_is_the_ar1_process_it_claims_to_be(theta, dt, rng):
    x = path(OrnsteinUhlenbeckNoise(2, 0.2, rng, theta, dt))
    c = 1 - theta * dt
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(x.std(axis=0), 0.2 * np.sqrt(dt / (1 - c * c)), rtol=0.06)
    for lag in (1, 3):
        assert autocorrelation(x[:, 0], lag) == pytest.approx(c**lag, abs=0.03)
    assert abs(np.corrcoef(x.T)[0, 1]) < 0.1


def test_the_papers_noise_has_standard_deviation_0_380_and_correlation_time_6_15(rng):
    x = path(OrnsteinUhlenbeckNoise(8, 0.2, rng))
    assert x.std() == pytest.approx(0.380, rel=0.02)
    lag_1 = np.mean([autocorrelation(x[:, i], 1) for i in range(8)])
    assert -1 / np.log(lag_1) == pytest.approx(6.15, rel=0.04)


def test_its_shocks_are_normal_and_not_uniform(rng):
    x = path(OrnsteinUhlenbeckNoise(1, 1.0, rng))[:, 0]
    shocks = x[1:] - 0.85 * x[:-1]
    assert (np.abs(shocks) > 2).mean() == pytest.approx(0.0455, rel=0.15)  # uniform: none
    kurtosis = (shocks**4).mean() / (shocks**2).mean() ** 2
    assert kurtosis == pytest.approx(3, rel=0.05)  # uniform: 1.8


def test_a_reset_returns_to_zero_and_forgets_the_path(rng):
    noise = OrnsteinUhlenbeckNoise(3, 0.2, rng)
    path(noise, 50)
    noise.reset()
    np.testing.assert_array_equal(noise.state, np.zeros(3))
    first = np.array([(noise.reset(), noise.sample())[1] for _ in range(4000)])
    assert first.std() == pytest.approx(0.2, rel=0.05)  # one shock from zero


def test_a_sample_is_a_copy(rng):
    noise = OrnsteinUhlenbeckNoise(3, 0.0, rng)
    noise.sample()[:] = 9
    np.testing.assert_array_equal(noise.sample(), np.zeros(3))


@pytest.mark.parametrize("name", ["gaussian", "ou"])
def test_the_config_builds_the_noise_that_it_names(name, rng):
    config = Config(noise=name, noise_scale=0.4, ou_theta=0.3, ou_dt=0.5)
    noise = make_noise(config, 2, np.random.default_rng(1))
    twin = np.random.default_rng(1)
    expected = (
        GaussianNoise(2, 0.4, twin)
        if name == "gaussian"
        else OrnsteinUhlenbeckNoise(2, 0.4, twin, 0.3, 0.5)
    )
    np.testing.assert_array_equal(path(noise, 9), path(expected, 9))


def test_no_noise_is_zero(rng):
    noise = make_noise(Config(noise="none", noise_scale=5.0), 2, rng)
    assert not path(noise, 9).any()
    noise.reset()


def test_ornstein_uhlenbeck_follows_its_recursion_draw_by_draw():
    noise = OrnsteinUhlenbeckNoise(2, 0.3, np.random.default_rng(5), theta=0.2, dt=0.5)
    twin, x = np.random.default_rng(5), np.zeros(2)
    for _ in range(4):
        x = x - 0.2 * 0.5 * x + 0.3 * np.sqrt(0.5) * twin.standard_normal(2)
        np.testing.assert_allclose(noise.sample(), x)
    noise.reset()
    np.testing.assert_array_equal(noise.state, np.zeros(2))
    assert noise.state.dtype == np.float64


@settings(max_examples=20)
@given(st.floats(0.05, 1.0), st.floats(0.1, 1.0), st.floats(0.05, 3.0), st.integers(0, 2**32))
def test_ornstein_uhlenbeck_statistics_are_the_docstrings(theta, dt, scale, seed):
    noise = OrnsteinUhlenbeckNoise(400, scale, np.random.default_rng(seed), theta, dt)
    c = 1 - theta * dt
    path = np.array([noise.sample() for _ in range(60)])
    steps = np.arange(1, 61)
    variance = scale**2 * dt * (1 - c ** (2 * steps)) / (1 - c**2)
    # 400 independent walks: a mean square has a relative deviation of √(2/400) = 0.07
    np.testing.assert_allclose((path**2).mean(axis=1), variance, rtol=0.45)
    lagged = (path[1:] * path[:-1]).sum() / (path[:-1] ** 2).sum()
    assert abs(lagged - c) < 0.05
