"""What named studies measure of a run: returns, regrets, and estimates of returns."""

from functools import cache
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.classic_control.continuous_mountain_car import Continuous_MountainCarEnv
from studies_in_process import SHORT

from minddpg import Config, evaluate, train
from minddpg.experiments import bug_study, metrics
from minddpg.experiments.tables import pick
from minddpg.verification.exact_pendulum import exact_q

pytestmark = pytest.mark.usefixtures("coarse")


def test_regret_is_the_exact_policys_return_minus_the_runs_own_from_the_same_starts(solved):
    config = Config(seed=3, **SHORT)
    rows = metrics.learning(config)
    run = train(config, progress=False)
    for when, agent in (("last", run.agent), ("best", run.best_agent)):
        mine = evaluate(agent, "Pendulum-v1", 3, 20_000).returns
        theirs = evaluate(solved, "Pendulum-v1", 3, 20_000).returns
        (row,) = pick(rows, when=when, measure="regret")
        assert row["value"] == pytest.approx((theirs - mine).mean(), rel=1e-4)
        assert row["step"] == 200
    (first, second) = pick(rows, when="training", measure="regret")
    theirs = evaluate(solved, "Pendulum-v1", 2, run.eval_seed).mean
    assert first["value"] == pytest.approx(theirs - run.history["eval/mean_reward"][0], rel=1e-4)
    assert (first["step"], second["step"]) == (100, 200)
    (highest,) = pick(rows, measure="highest q", step=200)
    assert highest["value"] == pytest.approx(np.nanmax(run.history["train/q_max"]), rel=1e-5)


@pytest.mark.parametrize("env_id", ["Pendulum-v1", "Some-v0"])
def test_every_evaluation_and_both_ends_of_a_run_become_rows(monkeypatch, env_id):
    """The run's numbers are invented: rows 0, 2 and 3 of its log are evaluations."""
    nan = np.nan
    history = {
        "time/total_timesteps": np.array([100.0, 150.0, 200.0, 300.0]),
        "eval/mean_reward": np.array([-10.12345678, nan, -30.0, -20.0]),
        "train/q_max": np.array([nan, 7.5, 6.0, 8.25]),
    }
    ends = {"last policy": -21.5, "best policy": -9.75}
    agents = {"agent": "last policy", "best_agent": "best policy"}
    run = SimpleNamespace(**agents, history=history, eval_seed=77)
    evaluated, solved = [], []

    def evaluate(agent, *arguments, env_kwargs):
        evaluated.append((*arguments, env_kwargs))
        return SimpleNamespace(mean=ends[agent])

    @cache
    def exact_returns(first_start, starts):
        solved.append((first_start, starts))
        return np.array([-1.0, -3.0]) - (first_start == 20_000)

    config = Config(env_id=env_id, total_steps=321, eval_episodes=4)
    trained = []
    monkeypatch.setattr(metrics, "evaluate", evaluate)
    monkeypatch.setattr(metrics, "_exact_returns", exact_returns)
    monkeypatch.setattr(metrics, "train_or_resume", lambda *args: trained.append(args) or run)
    rows = metrics.learning(config, "here")
    assert trained == [(config, "here")]
    found = {(r["when"], r["step"], r["measure"]): r["value"] for r in rows}
    assert len(found) == len(rows)
    wanted = {
        ("training", 100, "return"): -10.1235, ("training", 200, "return"): -30.0,
        ("training", 300, "return"): -20.0, ("training", 200, "highest q"): 7.5,
        ("training", 300, "highest q"): 8.25, ("last", 321, "return"): -21.5,
        ("best", 321, "return"): -9.75,
    }  # fmt: skip
    if env_id == "Pendulum-v1":  # the exact policy earns −2 in training, −3 at the end
        wanted |= {
            ("training", 100, "regret"): 8.12346, ("training", 200, "regret"): 28.0,
            ("training", 300, "regret"): 18.0, ("last", 321, "regret"): 18.5,
            ("best", 321, "regret"): 6.75,
        }  # fmt: skip
        assert set(solved) == {(77, 4), (20_000, 3)}  # the run's own starts, and the study's
    assert found == wanted
    episodes = 3 if env_id == "Pendulum-v1" else 2
    assert evaluated == [(env_id, episodes, 20_000, {})] * 2


def test_a_run_without_evaluations_is_refused_before_it_is_trained():
    for job in (metrics.learning, bug_study.bug_run):
        with pytest.raises(
            ValueError, match=r"^eval_every = 0: a learning curve needs evaluations"
        ):
            job(Config(eval_every=0))


def test_a_pair_is_where_the_agent_was_and_its_estimate_is_the_critics(monkeypatch):
    """Its return continues 40 steps past the time limit of 200; all is computed by hand."""
    monkeypatch.setattr(metrics, "FEW", 2)
    monkeypatch.setattr(metrics, "BEYOND", 40)
    config = Config(seed=1, **SHORT)
    rows = metrics.value_estimates(config)
    agent = train(config, progress=False).agent
    exact = exact_q(agent, 51, discount=config.discount)
    assert [(row["episode"], row["step"]) for row in rows] == [
        (episode, step) for episode in (0, 1) for step in (0, 12, 25, 50)
    ]
    env = gym.make("Pendulum-v1", max_episode_steps=1_000)
    for episode in (0, 1):
        obs, _ = env.reset(seed=20_000 + episode)
        states, angles, rewards = [], [], []
        for _ in range(240):
            action = np.clip(agent.act(np.float32(obs)), -1, 1)
            states.append((np.float32(obs), action))
            angles.append(env.unwrapped.state.copy())
            obs, reward, *_ = env.step(2 * action)
            rewards.append(reward)
        for row in rows[4 * episode : 4 * episode + 4]:
            t = row["step"]
            q = agent.critic.forward(states[t][0][None], np.float32(states[t][1])[None])[0]
            assert row["estimated"] == pytest.approx(float(q[0]), rel=1e-4)
            after = sum(0.99**k * r for k, r in enumerate(rewards[t:]))
            assert row["return"] == pytest.approx(after, rel=1e-4)
            at = np.array([*angles[t], states[t][1][0]]).reshape(3, 1)
            at[0] = np.arctan2(np.sin(at[0]), np.cos(at[0]))
            assert row["exact"] == pytest.approx(exact.q(*at)[0], rel=1e-3)


def test_an_episode_shorter_than_its_moments_counts_no_pair_twice(monkeypatch):
    """With an untrained agent a pole falls after a few steps, here always after 7."""
    config = Config.preset("mujoco", env_id="InvertedPendulum-v5", **SHORT)
    long_episode = metrics._long_episode

    def short(*arguments):
        obs, actions, rewards = long_episode(*arguments)
        return np.repeat(obs[:1], 8, axis=0), np.repeat(actions[:1], 7, axis=0), rewards[:1] * 7

    monkeypatch.setattr(metrics, "_long_episode", short)
    rows = metrics.value_estimates(config)
    assert [row["step"] for row in rows if row["episode"] == 0] == [0, 1]
    assert [row["step"] for row in rows if row["episode"] == 9] == [0, 1]


def test_without_an_exact_solution_the_metric_is_the_return():
    config = Config(env_id="MountainCarContinuous-v0", **{**SHORT, "eval_episodes": 1})
    rows = metrics.learning(config)
    assert {row["measure"] for row in rows} == {"return", "highest q"}


def test_estimates_stand_beside_returns_that_go_on_past_the_time_limit(monkeypatch, tmp_path):
    """On Pendulum, a step's return can also be computed from the exact Q of the actor."""
    monkeypatch.setattr(metrics, "FEW", 4)
    monkeypatch.setattr(metrics, "BEYOND", 600)  # γ^600 = 0.2 %
    config = Config(seed=1, **SHORT)
    rows = metrics.value_estimates(config, tmp_path / "run")
    assert (tmp_path / "run" / "checkpoint.npz").exists()
    assert len(rows) == 16
    agent = train(config, progress=False).agent
    exact = exact_q(agent, 51)
    found, known = (np.array([row[name] for row in rows]) for name in ("return", "exact"))
    assert np.abs(found - known).mean() <= 0.01 * np.ptp(exact.values)
    assert {row["step"] for row in rows} == {0, 12, 25, 50}


def test_estimates_of_an_environment_without_a_time_limit_are_refused():
    if "minddpg-tests/endless-v0" not in gym.registry:
        gym.register("minddpg-tests/endless-v0", entry_point=EndsByItself)
    config = Config(env_id="minddpg-tests/endless-v0", **SHORT)
    with pytest.raises(ValueError, match=r"endless-v0 has no time limit.*max_episode_steps"):
        metrics.value_estimates(config)


class EndsByItself(Continuous_MountainCarEnv):
    """Each episode terminates after 20 steps."""

    def step(self, action):
        self.ended = getattr(self, "ended", 0) + 1
        obs, reward, _, truncated, info = super().step(action)
        return obs, reward, self.ended % 20 == 0, truncated, info


def test_an_episode_that_ends_has_no_value_after_it():
    config = Config.preset("mujoco", env_id="InvertedPendulum-v5", **SHORT)
    rows = metrics.value_estimates(config)  # with an untrained agent the pole falls within a second
    assert all(0 <= row["return"] < 100 for row in rows)
    assert "exact" not in rows[0]
