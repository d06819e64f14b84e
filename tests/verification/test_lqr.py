"""Equation (6) and its four gaps, one at a time, on a problem with known Q and ∇J."""

from pathlib import Path

import numpy as np
import pytest

from minddpg.nn.adam import Adam
from minddpg.nn.gradcheck import complex_step_gradient, numerical_gradient
from minddpg.verification import lqr


@pytest.fixture(autouse=True)
def unlike_weights(monkeypatch, request):
    """Different weights of the state, so that a division cannot pass as a product."""
    if "gain" in request.fixturenames:
        monkeypatch.setattr(lqr, "W", np.array([0.7, 1.6]))


GAINS = pytest.mark.parametrize("gain", [0.4, 1.5, 4.0])


def follow(state, gain, steps):
    """Yield each visited state (N, 2) and its reward (N,)."""
    for _ in range(steps):
        action = -gain * state @ lqr.W
        yield state, -(((state @ lqr.C) * state).sum(axis=1) + lqr.D * action**2)
        state = state @ lqr.A.T + action[:, None] * lqr.B


@GAINS
def test_q_is_the_return_of_one_action_and_then_the_policy(gain, rng):
    state, action = rng.standard_normal((20, 2)), rng.standard_normal(20)
    expected = -(((state @ lqr.C) * state).sum(axis=1) + lqr.D * action**2)
    after = state @ lqr.A.T + action[:, None] * lqr.B
    for t, (_, reward) in enumerate(follow(after, gain, 1500), start=1):
        expected += lqr.DISCOUNT**t * reward
    np.testing.assert_allclose(lqr.q_value(gain, state, action), expected, rtol=1e-10)


@GAINS
def test_the_moments_are_sums_over_the_way(gain):
    root = np.linalg.cholesky(lqr.START).T  # two states with START as the sum of their s sᵀ
    discounted, total = np.zeros((2, 2)), 0.0
    for t, (state, reward) in enumerate(follow(root, gain, 1500)):
        discounted += lqr.DISCOUNT**t * state.T @ state
        total += lqr.DISCOUNT**t * reward.sum()
    np.testing.assert_allclose(lqr.discounted_moment(gain), discounted, rtol=1e-10)
    assert lqr.objective(gain) == pytest.approx(total, rel=1e-10)


def test_the_replays_moment_is_that_of_noisy_episodes(rng):
    state = rng.multivariate_normal(np.zeros(2), lqr.START, size=20_000)
    total = np.zeros((2, 2))
    for _ in range(lqr.STEPS):
        total += state.T @ state / len(state)
        action = -lqr.GAIN * state @ lqr.W + lqr.NOISE * rng.standard_normal(len(state))
        state = state @ lqr.A.T + action[:, None] * lqr.B
    np.testing.assert_allclose(lqr.replay_moment(lqr.GAIN), total / lqr.STEPS, rtol=0.03, atol=2e-3)


@GAINS
def test_equation_6_is_the_derivative_of_j_itself(gain):
    """It uses exact Q^μ and the discounted ρ^μ; the tolerance is that of each derivative."""
    gain = np.array(gain)
    formula = lqr.policy_gradient(gain, lqr.discounted_moment(gain), lqr.value_matrix(gain))
    assert formula == pytest.approx(complex_step_gradient(lqr.objective, gain), rel=1e-11)
    assert formula == pytest.approx(numerical_gradient(lqr.objective, gain), rel=1e-6)


@GAINS
def test_grad_a_q_is_the_slope_of_q_at_the_policys_action(gain, rng):
    state = rng.standard_normal((7, 2))
    action = -gain * state @ lqr.W
    slope = complex_step_gradient(lambda a: lqr.q_value(gain, state, a).sum(), action)
    value = lqr.value_matrix(gain)
    np.testing.assert_allclose(state @ lqr.action_slope(gain, value), slope, rtol=1e-12)


def test_what_gap_2_drops_is_the_gradient_of_q_in_theta():
    gain = np.array(lqr.GAIN)
    moment, value = lqr.discounted_moment(gain), lqr.value_matrix(gain)
    states = np.linalg.cholesky(moment).T
    action = -lqr.GAIN * states @ lqr.W
    dropped = complex_step_gradient(lambda t: lqr.q_value(t, states, action).sum(), gain)
    whole = complex_step_gradient(lambda t: lqr.objective(t, moment), gain)
    assert whole == pytest.approx(lqr.policy_gradient(gain, moment, value) + dropped, rel=1e-11)
    gap = lqr.check_truth()[2]
    assert gap.reference == pytest.approx((1 - lqr.DISCOUNT) * whole, rel=1e-6)
    assert gap.formula == lqr.check_truth()[0].formula


def test_only_the_exact_row_is_judged_and_each_gap_has_an_error():
    exact, *gaps = lqr.check_truth()
    assert exact.passed
    assert exact.error <= 1e-6
    assert [row.name for row in (exact, *gaps)] == [
        "exact Q^μ, discounted ρ^μ",
        "gap 1: states of the replay, undiscounted ρ^β",
        "gap 2: ∇θ Q^μ dropped, states fixed",
        "gap 3: a critic that lags, Q^μ of θ = 1.3",
        "gap 4: minibatches of 64, ∇J plus their typical error",
    ]
    assert lqr.check_truth() == [exact, *gaps]  # the same random numbers at each call
    assert len(gaps) == 4
    assert all(gap.error > 0.01 and gap.tolerance is None for gap in gaps)


def error_of(number):
    return lqr.check_truth()[number].error


def test_each_gap_closes_when_its_cause_goes(monkeypatch):
    monkeypatch.setattr(lqr, "OLD_GAIN", lqr.GAIN)
    assert error_of(3) < 1e-6
    small = error_of(4)
    monkeypatch.setattr(lqr, "BATCH", 16 * lqr.BATCH)
    monkeypatch.setattr(lqr, "DRAWS", 500)
    assert error_of(4) == pytest.approx(small / 4, rel=0.15)
    states = (1 - lqr.DISCOUNT) * lqr.discounted_moment(np.array(lqr.GAIN))
    monkeypatch.setattr(lqr, "replay_moment", lambda gain: states)
    assert error_of(1) < 1e-6


def test_minibatches_are_unbiased(monkeypatch):
    monkeypatch.setattr(lqr, "DRAWS", 10 * lqr.DRAWS)
    gain = np.array(lqr.GAIN)
    estimates = lqr._minibatch_gradients(gain, lqr.value_matrix(gain))
    reference = lqr.check_truth()[0].reference
    assert abs(estimates.mean() - reference) < 4 * estimates.std() / np.sqrt(len(estimates))


def test_a_minibatch_errs_by_the_root_of_its_known_variance():
    """For a Gaussian with covariance S, E[(g·s)² (w·s)²] = (g S g) (w S w) + 2 (g S w)²."""
    gain = np.array(lqr.GAIN)
    slope, moment = lqr.action_slope(gain, lqr.value_matrix(gain)), lqr.START
    square, weight = 0.0, 1 - lqr.DISCOUNT
    for _ in range(1500):
        g, w, both = slope @ moment @ slope, lqr.W @ moment @ lqr.W, slope @ moment @ lqr.W
        square += weight * (g * w + 2 * both**2)
        weight *= lqr.DISCOUNT
        moment = lqr.closed_loop(gain) @ moment @ lqr.closed_loop(gain).T
    exact, *_, minibatch = lqr.check_truth()
    error = np.sqrt((square - exact.formula**2) / lqr.BATCH)
    assert minibatch.formula - minibatch.reference == pytest.approx(error, rel=0.08)


def test_a_wrong_formula_fails(monkeypatch):
    original = lqr.policy_gradient
    monkeypatch.setattr(lqr, "policy_gradient", lambda *args: 1.001 * original(*args))
    rows = lqr.check_truth()
    assert not rows[0].passed
    assert "FAILED" in lqr.truth_table(rows)


def test_the_table_shows_each_row_with_both_numbers_error_and_verdict():
    rows = [lqr.Row("exact", 1.25, 1.0, 0.25), lqr.Row("off by two", 3.0, 1.0, 0.1)]
    rows.append(lqr.Row("a gap", -0.5, -2.0))
    assert lqr.truth_table(rows).splitlines() == [
        "(6)           formula  reference  relative error",
        "exact         1.25000    1.00000         2.5e-01  passed",
        "off by two    3.00000    1.00000         2.0e+00  FAILED",
        "a gap        -0.50000   -2.00000         7.5e-01",
    ]


def zeros_of(weights, monkeypatch):
    """Return the gains at which ∇J, gap 1 and the derivative over fixed states are zero."""
    monkeypatch.setattr(lqr, "W", np.array(weights))
    gains = np.linspace(1.8, 3.0, 13)
    tables = [lqr.check_truth(gain) for gain in gains]
    columns = (
        [rows[0].reference for rows in tables],
        [rows[1].formula for rows in tables],
        [rows[2].reference for rows in tables],
    )
    return [round(float(np.interp(0, -np.array(column), gains)), 2) for column in columns]


def test_replayed_states_move_the_goal_only_of_an_actor_that_must_compromise(monkeypatch):
    """This is the table of docs/policy-gradient.md, with the numbers of chapter 06."""
    monkeypatch.setattr(lqr, "DRAWS", 2)  # for gap 4, which this test does not use
    assert zeros_of((1.0, 1.0), monkeypatch) == [2.20, 2.20, 2.20]
    assert zeros_of((1.0, 0.5), monkeypatch) == [2.27, 2.58, 2.77]
    page = (Path(__file__).parents[2] / "docs" / "policy-gradient.md").read_text(encoding="utf-8")
    assert "| $(1, 1)$ | 2.20 | 2.20 | 2.20 |" in page
    assert "| $(1, 0.5)$ | 2.27 | 2.58 | 2.77 |" in page


def climbed(slopes_of):
    """Return the gain after 400 updates along the slopes that `slopes_of` returns, over ρ^μ."""
    gain = np.array([0.6])
    adam = Adam(gain, 0.02)
    for _ in range(400):
        (theta,) = gain
        moment = (1 - lqr.DISCOUNT) * lqr.discounted_moment(theta)
        adam.step(np.array([slopes_of(theta, lqr.value_matrix(theta)) @ moment @ lqr.W]))
    return round(float(gain[0]), 1)


def test_an_actor_with_slopes_at_old_actions_runs_past_its_goal():
    """The other table of docs/policy-gradient.md; old actions have a mean of zero."""

    def at_old_actions(_, value):
        return -2 * lqr.DISCOUNT * lqr.B @ value @ lqr.A

    assert climbed(lqr.action_slope) == 2.2
    assert climbed(at_old_actions) == 5.1
