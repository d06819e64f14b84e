import gymnasium as gym
import numpy as np
import pytest

from minddpg import evaluate
from minddpg.teaching import exact_pendulum
from minddpg.teaching.exact_pendulum import ExactPendulum, grid, policy_value, solve

DISCOUNT = 0.9


@pytest.fixture(scope="module")
def exact():
    return solve(201, 0.99)


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
    """Discounted return from many states at once."""
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
    angle, speed = (part.ravel() for part in grid(201))
    best = exact.q(angle, speed, exact_pendulum.ACTIONS[:, None]).max(axis=0)
    np.testing.assert_allclose(exact.value(angle, speed), best, atol=0.05)


def test_the_greedy_policy_earns_what_its_value_promises(exact, rng):
    angle, speed = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-1, 1, 200)
    returns = rollout(exact.greedy, angle, speed, steps=600, discount=0.99)
    error = exact.value(angle, speed) - returns
    assert np.abs(error).mean() <= 0.01 * np.ptp(returns)


def test_value_and_policy_have_the_pendulums_mirror_symmetry(exact, rng):
    angle, speed = rng.uniform(-np.pi, np.pi, 200), rng.uniform(-8, 8, 200)
    np.testing.assert_allclose(
        exact.value(angle, speed), exact.value(-angle, -speed), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        exact.value(angle, speed), exact.value(angle + 4 * np.pi, speed), rtol=1e-9
    )


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
    result = evaluate(exact, "Pendulum-v1", episodes=5, seed=20_000)
    assert result.mean > -190
