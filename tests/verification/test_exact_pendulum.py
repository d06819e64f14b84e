"""The exact Pendulum equals Gymnasium's, and its values equal the returns of rollouts."""

import inspect

import gymnasium as gym
import numpy as np
import pytest
from narrow import Narrow, let_indices_be_narrow

from minddpg import Config, evaluate, train
from minddpg.verification import exact_pendulum
from minddpg.verification.exact_pendulum import ExactPendulum, exact_q, grid, policy_value, solve

DISCOUNT = 0.9


@pytest.fixture(scope="module")
def exact():
    return solve(151, 0.99)


def test_the_dynamics_are_gymnasiums(rng):
    env = gym.make("Pendulum-v1").unwrapped
    env.reset(seed=1)
    for _ in range(300):
        angle, speed = rng.uniform(-9, 9), rng.uniform(-8, 8)
        action = rng.uniform(-1, 1)
        env.state = np.array([angle, speed])
        obs, reward, *_ = env.step(np.array([2 * action]))
        found, next_angle, next_speed = exact_pendulum.step(angle, speed, action)
        assert found == pytest.approx(reward, rel=1e-12)
        mine = [np.cos(next_angle), np.sin(next_angle), next_speed]
        np.testing.assert_allclose(mine, obs, atol=1e-5)


def rollout(policy, angle, speed, steps=2000, discount=DISCOUNT):
    """Return the discounted returns from many states at once."""
    total = 0.0
    for t in range(steps):
        reward, angle, speed = exact_pendulum.step(angle, speed, policy(angle, speed))
        total = total + discount**t * reward
    return total


@pytest.mark.parametrize(
    "policy",
    [
        lambda angle, speed: 0 * angle,
        lambda angle, speed: np.clip(-np.sin(angle) - 0.3 * speed, -1, 1),
    ],
    ids=["zero", "linear"],
)
def test_the_value_of_a_policy_is_its_discounted_return(policy, rng):
    solved = policy_value(policy(*grid(201)), DISCOUNT)
    angle, speed = rng.uniform(-np.pi, np.pi, 300), rng.uniform(-8, 8, 300)
    returns = rollout(policy, angle, speed, steps=300)
    error = np.abs(solved.value(angle, speed) - returns)
    assert error.mean() <= 0.01 * np.ptp(returns)


def test_the_optimal_value_solves_bellmans_equation_at_the_grids_points(exact):
    angle, speed = (part.ravel() for part in grid(151))
    best = exact.q(angle, speed, exact_pendulum.ACTIONS[:, None]).max(axis=0)
    np.testing.assert_allclose(exact.value(angle, speed), best, atol=0.05)


def test_the_greedy_policy_earns_what_its_value_promises(exact, rng):
    angle, speed = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-1, 1, 200)
    returns = rollout(exact.greedy, angle, speed, steps=600, discount=0.99)
    error = exact.value(angle, speed) - returns
    assert np.abs(error).mean() <= 0.01 * np.ptp(returns)


@pytest.mark.parametrize("best", [0.337, -0.61, 0.0, 0.9999, -0.98, 1.3, -7.0])
def test_between_the_torques_that_it_tries_the_greedy_action_is_exact(best):
    """With V = c θ̇, Q is a parabola in the action with a known vertex."""
    discount = 0.9
    slope = 2 * 0.001 * 2**2 * best / (discount * 0.05 * 3 * 2)  # c of a vertex at `best`
    values = slope * np.linspace(-8, 8, 9) * np.ones((5, 1))
    angle, speed = np.array([0.0, 0.4, -2.0]), np.array([0.0, -3.0, 5.0])
    found = ExactPendulum(values, discount).greedy(angle, speed)
    np.testing.assert_allclose(found, np.clip(best, -1, 1), atol=1e-9)


def test_values_are_within_a_ten_thousandth_of_their_limit(exact):
    """If  |r + γ V(s') − V(s)| <= (1 − γ) ε  everywhere, V is within ε of the fixed point."""
    angle, speed = grid(31)
    action = np.clip(-np.sin(angle) - 0.3 * speed, -1, 1)
    solved = policy_value(action, DISCOUNT)
    residual = solved.q(angle, speed, action) - solved.values
    assert np.abs(residual).max() <= (1 - DISCOUNT) * 1e-4
    angle, speed = (part.ravel() for part in grid(151))
    residual = exact.q(angle, speed, exact.greedy(angle, speed)) - exact.values.ravel()
    assert np.abs(residual).max() <= 1e-4


def test_value_and_policy_have_the_pendulums_mirror_symmetry(exact, rng):
    angle, speed = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-8, 8, 200)
    np.testing.assert_allclose(
        exact.value(angle, speed), exact.value(-angle, -speed), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        exact.value(angle, speed), exact.value(angle + 4 * np.pi, speed), rtol=1e-9
    )


@pytest.mark.parametrize("find", [solve, exact_q])
def test_the_reference_discounts_as_an_agent_does_by_default(find):
    assert inspect.signature(find).parameters["discount"].default == Config().discount


def test_interpolation_is_exact_at_grid_points_and_linear_in_the_speed_between(rng):
    values = rng.standard_normal((7, 5))
    field = ExactPendulum(values, 0.9)
    angle, speed = 2 * np.pi / 7 * np.arange(7), np.linspace(-8, 8, 5)
    at_points = field.value(*np.meshgrid(angle, speed, indexing="ij"))
    np.testing.assert_allclose(at_points, values, atol=1e-12)
    between = field.value(angle, np.full(7, (speed[1] + speed[2]) / 2))
    np.testing.assert_allclose(between, (values[:, 1] + values[:, 2]) / 2, atol=1e-12)
    wrapped = field.value(np.array([2 * np.pi * 6.5 / 7]), np.array([speed[0]]))
    np.testing.assert_allclose(wrapped, (values[6, 0] + values[0, 0]) / 2, atol=1e-12)


def test_it_predicts_like_an_agent_and_swings_up(exact):
    obs = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    batch, _ = exact.predict(obs)
    assert batch.shape == (2, 1)
    np.testing.assert_array_equal(exact.predict(obs[0])[0], batch[0])
    assert np.abs(batch).max() <= 2
    single = np.array([[np.cos(2.5), np.sin(2.5), 1.3]], np.float32)
    np.testing.assert_array_equal(exact.predict(single)[0], exact.predict(single.astype(float))[0])
    result = evaluate(exact, "Pendulum-v1", episodes=5, seed=20_000)
    assert result.mean > -190


class Policy:
    """A policy of the observation, in N m, with the `predict` of agents."""

    def __init__(self, torque):
        self.torque = torque

    def predict(self, obs, deterministic=True):
        return self.torque(obs)[:, None], None


def followed(policy, angle, speed, action, steps=1000, discount=0.99):
    """Return the discounted return of one action followed by the policy, without a grid."""
    total, angle, speed = exact_pendulum.step(angle, speed, action)
    for t in range(1, steps):
        obs = np.stack((np.cos(angle), np.sin(angle), speed), axis=-1)
        torque, _ = policy.predict(obs, deterministic=True)
        reward, angle, speed = exact_pendulum.step(angle, speed, torque[:, 0] / 2)
        total = total + discount**t * reward
    return total


def errors(solved, policy, rng, states=150):
    """Return |Q^μ − return| / range of the returns at random states and actions."""
    angle, speed = rng.uniform(-np.pi, np.pi, states), rng.uniform(-8, 8, states)
    action = rng.uniform(-1, 1, states)
    returns = followed(policy, angle, speed, action)
    return np.abs(solved.q(angle, speed, action) - returns) / np.ptp(returns)


@pytest.fixture(scope="module")
def trained():
    return train(Config(total_steps=1_500, anneal_from=1.0, eval_every=0), progress=False).agent


@pytest.fixture(scope="module")
def trained_q(trained):
    return exact_q(trained, 101)


@pytest.fixture(scope="module")
def greedy_q(exact):
    """Return Q^μ of the greedy policy in Q*; it is slow, because it tries 41 actions per step."""
    return exact_q(exact, 71)


ZERO = Policy(lambda obs: np.zeros(len(obs)))
LINEAR = Policy(lambda obs: np.clip(-3 * obs[:, 1] - 0.5 * obs[:, 2], -2, 2))


def test_exact_q_is_the_return_of_any_policy(exact, greedy_q, trained, trained_q, rng):
    """It is within 1 % of the range of the returns, except for the few states near a cliff."""
    solutions = {
        "zero": (exact_q(ZERO, 151), ZERO),
        "linear": (exact_q(LINEAR, 151), LINEAR),
        "trained": (trained_q, trained),
        "greedy": (greedy_q, exact),
    }
    for name, (solved, policy) in solutions.items():
        error = errors(solved, policy, rng)
        assert np.mean(error) <= 0.003, name
        assert np.quantile(error, 0.95) <= 0.01, name
        if name in ("linear", "greedy"):  # the others have cliffs that are not smoothed
            assert error.max() <= 0.01, name


def test_exact_q_converges_with_the_grid():
    coarse, middle, fine = (
        errors(exact_q(LINEAR, size), LINEAR, np.random.default_rng(1), 400).mean()
        for size in (51, 101, 301)
    )
    assert fine < middle / 2 < coarse / 4


def test_exact_q_of_the_greedy_policy_is_q_star(exact, greedy_q, rng):
    angle, speed = rng.uniform(-np.pi, np.pi, 400), rng.uniform(-8, 8, 400)
    action = rng.uniform(-1, 1, 400)
    best = exact.q(angle, speed, action)
    difference = np.abs(greedy_q.q(angle, speed, action) - best)
    assert difference.mean() <= 0.01 * np.ptp(best)  # Q* interpolates at every step


def test_values_keep_the_shape_of_the_states(trained):
    solved = exact_q(trained, 51)
    angle, speed = np.full((2, 3), 0.3), np.full((2, 3), -0.2)
    assert solved.value(angle, speed).shape == (2, 3)
    assert solved.value(np.float64(0.3), np.float64(-0.2)) == pytest.approx(
        solved.value(angle, speed)[1, 2], rel=1e-6
    )
    assert solved.q(0.3, -0.2, np.linspace(-1, 1, 5)).shape == (5,)


def test_exact_q_solves_the_bellman_equation_of_its_policy(trained, trained_q, rng):
    """Q^μ(s, μ(s)), a reward and the value of the next state, is V^μ(s)."""
    angle, speed = rng.uniform(-np.pi, np.pi, 300), rng.uniform(-6, 6, 300)
    obs = np.stack((np.cos(angle), np.sin(angle), speed), axis=-1)
    own = trained.predict(obs)[0][:, 0] / 2
    gap = np.abs(trained_q.q(angle, speed, own) - trained_q.value(angle, speed))
    assert gap.mean() <= 0.01 * np.ptp(trained_q.values)


@pytest.mark.parametrize(
    ("torque", "message"),
    [
        (lambda obs: np.full(len(obs), 2.1), "not within 2.0 N m"),
        (lambda obs: np.full(len(obs), np.nan), "not within 2.0 N m"),
        (lambda obs: np.zeros((len(obs), 2)), r"maps obs \(81, 3\) to"),
    ],
)
def test_a_policy_of_other_torques_is_refused(torque, message):
    with pytest.raises(ValueError, match=message):
        exact_q(Policy(torque), 9)


def test_values_are_the_same_in_a_32_bit_python(rng, monkeypatch):
    values = rng.normal(size=(7, 5))
    states = rng.uniform(-9, 9, 50), rng.uniform(-8, 8, 50)
    expected = ExactPendulum(values, 0.99).value(*states)
    let_indices_be_narrow(monkeypatch)
    found = ExactPendulum(values.view(Narrow), 0.99).value(*states)
    np.testing.assert_array_equal(found, expected)
