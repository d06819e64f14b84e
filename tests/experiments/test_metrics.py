"""What named studies measure of a run: returns, regrets, and estimates of returns."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.classic_control.continuous_mountain_car import Continuous_MountainCarEnv
from studies_in_process import SHORT

from minddpg import Config, evaluate, train
from minddpg.experiments import metrics
from minddpg.experiments.tables import pick
from minddpg.verification.exact_pendulum import exact_q

pytestmark = pytest.mark.usefixtures("coarse")


def test_regret_is_the_exact_policys_return_minus_the_runs_own_from_the_same_starts(solved):
    config = Config(seed=3, **SHORT)
    rows = metrics.learning(config)
    run = train(config, progress=False)
    for when, agent in (("last", run.agent), ("best", run.best_agent)):
        mine = evaluate(agent, "Pendulum-v1", 6, 20_000).returns
        theirs = evaluate(solved, "Pendulum-v1", 6, 20_000).returns
        (row,) = pick(rows, when=when, measure="regret")
        assert row["value"] == pytest.approx((theirs - mine).mean(), rel=1e-4)
        assert row["step"] == 300
    (first, second) = pick(rows, when="training", measure="regret")
    theirs = evaluate(solved, "Pendulum-v1", 2, run.eval_seed).mean
    assert first["value"] == pytest.approx(theirs - run.history["eval/mean_reward"][0], rel=1e-4)
    assert (first["step"], second["step"]) == (150, 300)
    (highest,) = pick(rows, measure="highest q", step=300)
    assert highest["value"] == pytest.approx(np.nanmax(run.history["train/q_max"]), rel=1e-5)


def test_without_an_exact_solution_the_metric_is_the_return():
    config = Config(env_id="MountainCarContinuous-v0", **SHORT)
    rows = metrics.learning(config)
    assert {row["measure"] for row in rows} == {"return", "highest q"}


def test_estimates_stand_beside_returns_that_go_on_past_the_time_limit():
    """On Pendulum, where a step's return can also be had from the exact Q of the actor."""
    config = Config(seed=1, **SHORT)
    rows = metrics.value_estimates(config)
    assert len(rows) == 40
    agent = train(config, progress=False).agent
    exact = exact_q(agent, 51)
    found, known = (np.array([row[name] for row in rows]) for name in ("return", "exact"))
    assert np.abs(found - known).mean() <= 0.01 * np.ptp(exact.values)
    assert {row["step"] for row in rows} == {0, 12, 25, 50}


def test_a_return_goes_on_past_the_time_limit(monkeypatch):
    """From the same pairs, with no step beyond it, less is lost."""
    config = Config(seed=1, **SHORT)
    whole = metrics.value_estimates(config)
    monkeypatch.setattr(metrics, "BEYOND", 0)
    cut = metrics.value_estimates(config)
    lost = [short["return"] - full["return"] for short, full in zip(cut, whole, strict=True)]
    assert np.mean(lost) > 10  # a novice loses 3 to 16 in every step, and 0.87 of 100 are left


def test_estimates_of_an_environment_without_a_time_limit_are_refused():
    if "minddpg-tests/endless-v0" not in gym.registry:
        gym.register("minddpg-tests/endless-v0", entry_point=EndsByItself)
    config = Config(env_id="minddpg-tests/endless-v0", **SHORT)
    with pytest.raises(ValueError, match=r"endless-v0 has no time limit.*max_episode_steps"):
        metrics.value_estimates(config)


class EndsByItself(Continuous_MountainCarEnv):
    """Each episode ends after 20 steps, by itself."""

    def step(self, action):
        self.ended = getattr(self, "ended", 0) + 1
        obs, reward, _, truncated, info = super().step(action)
        return obs, reward, self.ended % 20 == 0, truncated, info


def test_an_episode_that_ends_has_no_value_after_it():
    config = Config.preset("mujoco", env_id="InvertedPendulum-v5", **SHORT)
    rows = metrics.value_estimates(config)  # an untrained pole falls within a second
    assert all(0 <= row["return"] < 100 for row in rows)
    assert "exact" not in rows[0]
