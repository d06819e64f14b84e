"""Adam follows its paper, and the Polyak average its formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minddpg.nn import Adam, polyak_update


def test_adam_follows_the_papers_recursion(rng):
    """Algorithm 1 of Kingma & Ba, one scalar at a time."""
    theta = rng.standard_normal(5)
    expected, grads = theta.copy(), rng.standard_normal((4, 5))
    adam = Adam(theta, learning_rate=0.01)
    for grad in grads:
        adam.step(grad)
    for i in range(5):
        m = v = 0.0
        for t, g in enumerate(grads[:, i], start=1):
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
            expected[i] -= 0.01 * m_hat / (np.sqrt(v_hat) + 1e-8)
    np.testing.assert_allclose(theta, expected, rtol=1e-12)


def test_the_first_step_has_the_length_of_the_learning_rate_whatever_the_gradients_scale(rng):
    for scale in (1e-3, 1.0, 1e6):
        theta = np.zeros(6)
        grad = scale * np.array([1, -2, 3, -4, 5, -6.0])
        Adam(theta, learning_rate=0.02).step(grad)
        np.testing.assert_allclose(theta, -0.02 * np.sign(grad), rtol=1e-4)


def test_adam_comes_to_rest_at_the_minimum_of_a_quadratic(rng):
    minimum = rng.standard_normal(4)
    theta = np.zeros(4)
    adam = Adam(theta, learning_rate=0.01)
    for _ in range(3000):
        adam.step(np.array([1, 10, 100, 1000]) * (theta - minimum))
    np.testing.assert_allclose(theta, minimum, atol=1e-4)


def test_weight_decay_is_an_l2_penalty_on_the_masked_entries_only(rng):
    theta, grad = rng.standard_normal((2, 6))
    mask = np.array([True, True, False, True, False, False])
    plain, decayed = theta.copy(), theta.copy()
    Adam(plain, 0.1).step(grad + 0.3 * mask * theta)
    Adam(decayed, 0.1, weight_decay=0.3 * mask).step(grad)
    np.testing.assert_allclose(decayed, plain, rtol=1e-14)


def test_weight_decay_without_a_mask_acts_everywhere():
    theta = np.array([1.0, -2.0])
    Adam(theta, 0.1, weight_decay=0.5).step(np.zeros(2))
    np.testing.assert_allclose(theta, [0.9, -1.9], rtol=1e-6)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_step_moves_theta_in_place_keeps_its_dtype_and_spares_the_gradient(weight_decay, rng):
    theta = rng.standard_normal(4).astype(np.float32)
    alias, grad = theta, rng.standard_normal(4).astype(np.float32)
    before, theta_before = grad.copy(), theta.copy()
    adam = Adam(theta, 0.1, weight_decay=weight_decay)
    adam.step(grad)
    assert alias is adam.theta
    assert (alias != theta_before).all()
    assert {theta.dtype, adam.first_moment.dtype, adam.second_moment.dtype} == {np.dtype("float32")}
    np.testing.assert_array_equal(grad, before)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(1,\).*\(3,\)"):
        Adam(np.zeros(3), 0.1).step(np.ones(1))


def test_polyak_moves_the_target_towards_the_online_vector_in_place(rng):
    target, online = rng.standard_normal((2, 5))
    alias, before, online_before = target, target.copy(), online.copy()
    polyak_update(target, online, 0.1)
    np.testing.assert_allclose(alias, 0.1 * online_before + 0.9 * before, rtol=1e-14)
    np.testing.assert_array_equal(online, online_before)


def test_polyak_with_tau_one_copies_exactly_and_with_zero_moves_nothing(rng):
    target, online = rng.standard_normal((2, 5)).astype(np.float32)
    before = target.copy()
    polyak_update(target, online, 0.0)
    np.testing.assert_array_equal(target, before)
    polyak_update(target, online, 1.0)
    np.testing.assert_array_equal(target, online)


def test_polyak_closes_the_gap_geometrically(rng):
    online = rng.standard_normal(5)
    target = np.zeros(5)
    for _ in range(7):
        polyak_update(target, online, 0.25)
    np.testing.assert_allclose(online - target, 0.75**7 * online, rtol=1e-12)


def test_weight_decay_keeps_the_parameters_dtype():
    assert Adam(np.ones(3, np.float32), 0.1, weight_decay=0.5).decay.dtype == np.float32


VECTORS = hnp.arrays(np.float64, 3, elements=st.floats(-1e3, 1e3))


@given(VECTORS, VECTORS, st.floats(0, 1))
def test_polyak_stays_between_target_and_online_and_never_moves_away(target, online, tau):
    before, twin = target.copy(), online.copy()
    polyak_update(target, online, tau)
    np.testing.assert_array_equal(online, twin)
    gap = abs(before - online)
    np.testing.assert_allclose(abs(target - online), (1 - tau) * gap, atol=1e-9)
    slack = 1e-9
    assert np.all(target <= np.maximum(before, online) + slack)
    assert np.all(target >= np.minimum(before, online) - slack)
