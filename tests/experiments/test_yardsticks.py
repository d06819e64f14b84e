"""A random and an exact policy's returns on Pendulum, from the starts of a run's evaluations."""

import gymnasium as gym
import numpy as np
import pytest

from minddpg import evaluate
from minddpg.experiments import yardsticks as module
from minddpg.experiments.metrics import pendulum_starts
from minddpg.experiments.yardsticks import UNIT, RandomPolicy, load_exact, save_exact, yardsticks
from minddpg.verification.exact_pendulum import follow, solve


def test_both_are_the_returns_of_gymnasiums_episodes_on_these_starts(monkeypatch):
    monkeypatch.setattr(module, "RANDOM_EPISODES", 2)  # one for each start
    exact, random = yardsticks(7, 2)
    assert exact == pytest.approx(evaluate(load_exact(), "Pendulum-v1", 2, 7).mean, abs=1e-2)
    policy, totals, env = RandomPolicy(), [], gym.make("Pendulum-v1")
    torques = np.array([policy.predict(np.zeros((2, 3)))[0] for _ in range(200)])
    for i in range(2):
        env.reset(seed=7 + i)
        totals.append(sum(float(env.step(torque)[1]) for torque in torques[:, i]))
    assert random == pytest.approx(np.mean(totals), abs=1e-2)


def test_a_file_keeps_v_star_within_half_a_unit(monkeypatch, tmp_path):
    exact = solve(31, discount=0.9)
    monkeypatch.setattr(module, "FILE", tmp_path / "values.npz")
    save_exact(exact, module.FILE)
    np.testing.assert_allclose(load_exact().values, exact.values, rtol=0, atol=0.51 * UNIT)
    assert load_exact().discount == 0.9


@pytest.mark.slow
def test_the_file_holds_what_solve_finds():
    found, kept = solve(), load_exact()
    np.testing.assert_allclose(kept.values, found.values, rtol=0, atol=0.6 * UNIT)
    assert kept.discount == found.discount
    starts = pendulum_starts(0, 100)
    mine, other = (sum(r for r, *_ in follow(each, *starts, 200)) for each in (kept, found))
    means = [np.reshape(returns, (10, 10)).mean(axis=1) for returns in (mine, other)]
    np.testing.assert_allclose(*means, rtol=0, atol=0.1)  # from ten starts, as in a run
