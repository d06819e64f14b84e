"""The arguments of an environment reach every instance that a run makes."""

import json
import warnings
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest
from pendulums import GEARED, Geared

from minddpg import DDPG, Config, EnvError, evaluate, resume, train
from minddpg.training.environment import make
from minddpg.training.video import record_here

pytestmark = pytest.mark.filterwarnings("ignore:no update will be made")

TINY = {"total_steps": 40, "warmup_steps": 40, "eval_every": 20, "eval_episodes": 1}
TINY |= {"hidden_sizes": (4,), "batch_size": 4, "checkpoint_every": 20}
DOUBLE = Config(GEARED, env_kwargs={"gain": 2, "parts": [1, {"mass": 2}]}, **TINY)


@pytest.fixture(autouse=True)
def new_list(monkeypatch):
    monkeypatch.setattr(Geared, "given", [])


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    """Return a run with gain 2."""
    return train(DOUBLE, tmp_path_factory.mktemp("runs") / "double", progress=False)


def test_training_and_evaluations_are_in_the_environment_that_the_arguments_make(double):
    run = train(replace(DOUBLE, env_kwargs={}), progress=False)
    for name in ("rollout/ep_rew_mean", "eval/mean_reward"):  # no update: equal policies
        np.testing.assert_allclose(2 * run.history[name], double.history[name])


def test_a_run_names_them_beside_its_environment(double):
    assert f'environment {GEARED} {{"gain": 2, "parts": [1, ' in repr(double)


def test_each_instance_gets_arguments_of_its_own():
    train(replace(DOUBLE, total_steps=20), progress=False)
    assert Geared.given == [(2, [1, {"mass": 2}])] * 2  # each emptied its list


def test_run_folder_and_policy_remember_them_and_a_resume_goes_on_with_them(tmp_path):
    whole = train(replace(DOUBLE, total_steps=60), tmp_path / "whole", progress=False)
    begun = train(DOUBLE, tmp_path / "begun", progress=False)
    for name in ("policy.npz", "best_policy.npz"):
        assert DDPG.load(begun.run_dir / name).config == DOUBLE
    saved = json.loads((begun.run_dir / "config.json").read_text())["config"]
    assert saved["env_kwargs"] == {"gain": 2, "parts": [1, {"mass": 2}]}
    Geared.given.clear()
    resumed = resume(begun.run_dir, 20, progress=False)
    assert {gain for gain, _ in Geared.given} == {2}
    np.testing.assert_array_equal(
        resumed.history["rollout/ep_rew_mean"], whole.history["rollout/ep_rew_mean"]
    )


def test_an_evaluation_makes_exactly_the_environment_it_is_told_to(double):
    agent = double.agent
    with pytest.warns(UserWarning, match=r'without the agent\'s env_kwargs \{"gain": 2') as caught:
        plain = evaluate(agent, GEARED, 2)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for env_kwargs, gain in (({}, 1), ({"gain": 3}, 3), (DOUBLE.env_kwargs, 2)):
            found = evaluate(agent, GEARED, 2, env_kwargs=env_kwargs).returns
            np.testing.assert_allclose(found, gain * plain.returns)
        evaluate(agent, "pendulums:Brief-v0", 1)
        np.testing.assert_array_equal(evaluate(agent, Geared_short(), 2).returns, plain.returns)
    with pytest.raises(ValueError, match="env_kwargs need an id"):
        evaluate(agent, Geared_short(), 2, env_kwargs={"gain": 3})


def test_without_an_environment_an_agent_is_evaluated_in_its_own(double):
    wanted = evaluate(double.agent, GEARED, 2, env_kwargs=DOUBLE.env_kwargs).returns
    np.testing.assert_array_equal(evaluate(double.agent, episodes=2).returns, wanted)
    with pytest.raises(TypeError, match="a Still does not name its environment"):
        evaluate(Still())
    with pytest.raises(ValueError, match="env_kwargs need an id"):
        evaluate(double.agent, env_kwargs={"gain": 3})


class Still:
    def predict(self, obs, deterministic=True):
        return np.zeros(1), None


def test_the_environment_gets_the_names_in_the_callers_order(monkeypatch, tmp_path):
    """Some environments order their observation by it."""
    seen = []

    class Ordered(Geared):
        def __init__(self, parts=(), **kwargs):
            seen.append((list(kwargs), list(parts[0]), list(parts[0]["x"])))
            super().__init__(**kwargs)

    given = {"gain": 2, "parts": [{"x": {"d": 1, "c": 2}, "goal": 1}], "env_id": "e"}
    spec = gym.envs.registration.EnvSpec("O-v0", entry_point=Ordered, max_episode_steps=20)
    monkeypatch.setitem(gym.registry, "O-v0", spec)
    run = train(Config("O-v0", env_kwargs=given, **TINY), tmp_path / "run", progress=False)
    resume(run.run_dir, 20, progress=False)
    evaluate(DDPG.load(run.run_dir / "policy.npz"), episodes=1)
    assert len(seen) == 5
    for top, inner, innermost in seen:
        assert top == ["gain", "env_id"]
        assert (inner, innermost) == (["x", "goal"], ["d", "c"])


def Geared_short():
    return gym.make(GEARED)


def test_a_video_is_of_the_environment_that_the_arguments_make(tmp_path, double):
    env_kwargs = {"gain": 3, "max_episode_steps": 2}
    path = tmp_path / "video.gif"
    total, steps = record_here(double.agent, GEARED, 5, path, env_kwargs=env_kwargs)
    wanted = evaluate(double.agent, GEARED, 1, 5, env_kwargs=env_kwargs)
    assert (total, steps) == (wanted.returns[0], 2)


def test_a_time_limit_may_be_among_them():
    config = replace(DOUBLE, env_kwargs={"max_episode_steps": 7}, total_steps=20)
    assert train(config, progress=False).history["eval/mean_ep_length"][-1] == 7


class Inner(Geared):
    """Pass on unknown arguments, as many environments do."""

    def __init__(self, gear=1, **kwargs):
        super().__init__(**kwargs)


for name, entry_point in {
    "Inner": Inner,
    "Lambda": lambda *, only: Geared(only),
    "Nameless": Geared.__new__,
}.items():
    gym.register(f"{name}-v0", entry_point=entry_point, max_episode_steps=20)


def test_an_argument_that_the_environment_does_not_take_is_named_with_the_nearest():
    nearest = "; did you mean 'gain'?"
    for env_id, env_kwargs, message in (
        (GEARED, {"gian": 2}, f"env_kwargs: {GEARED} takes no argument 'gian'{nearest}"),
        (GEARED, {"x": 2}, "takes no argument 'x'; it takes gain, parts, env_id"),
        ("Inner-v0", {"x": 2}, "env_kwargs: Inner-v0 takes no argument 'x'; it takes gear"),
        ("Lambda-v0", {"xy": 1}, "Lambda-v0 takes no argument 'xy'; it takes only"),
        ("Pendulum-v1", {"gravity": 1}, "Pendulum-v1 takes no argument 'gravity'; it takes g"),
    ):
        with pytest.raises(ValueError, match="takes no argument") as caught:
            train(Config(env_id, env_kwargs=env_kwargs, **TINY), progress=False)
        assert str(caught.value).endswith(message), message


def test_an_argument_that_is_missing_or_of_the_wrong_kind_is_an_error_that_names_env_kwargs():
    for env_id, env_kwargs, words in (
        ("Lambda-v0", {}, "missing 1 required keyword-only argument: 'only'"),
        (GEARED, {"parts": 1}, f"{GEARED} with env_kwargs {{'parts': 1}} stopped with Attrib"),
        (GEARED, {"gain": [3] * 999}, "its arguments are given in env_kwargs"),
    ):
        with pytest.raises(EnvError) as caught:
            train(Config(env_id, env_kwargs=env_kwargs, **TINY), progress=False)
        assert words in str(caught.value)
        assert "env_kwargs" in str(caught.value)
        assert len(str(caught.value)) < 1_300


def test_an_argument_may_have_the_name_of_a_parameter_of_ours():
    make(GEARED, env_id="x").close()
