"""The environment boundary: what DDPG cannot use is refused in one line, before any step."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from strange_envs import Strange

from minddpg.training.environment import Environment, make

VECTOR = spaces.Box(-1, 1, (3,))


def unit_box(low, high, dtype=np.float32):
    return spaces.Box(np.array(low, dtype), np.array(high, dtype), dtype=dtype)


REVERSED = unit_box([-1, 2], [1, 2])
REVERSED.high[1] = -2  # Box checks what it is made of, and not what becomes of it


@pytest.mark.parametrize(
    ("env_id", "hint"),
    [
        ("Pendulun-v1", "Pendulum-v1"),
        ("Pendulum-v7", "Pendulum-v1"),
        ("Xyzzyx-v0", "gymnasium.registry"),
        ("Pendulum-v0", "Pendulum-v1"),
        ("not an id", "Malformed"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_unknown_id_is_refused_with_the_nearest(env_id, hint):
    with pytest.raises(ValueError, match=hint) as caught:
        make(env_id)
    assert env_id in str(caught.value)


def test_a_module_that_is_not_there_is_named():
    with pytest.raises(ImportError, match="no_such_module"):
        make("no_such_module:Env-v0")


@pytest.mark.parametrize(
    ("env_id", "extra"), [("LunarLanderContinuous-v3", "box2d"), ("InvertedPendulum-v5", "mujoco")]
)
def test_a_missing_package_names_the_extra_that_installs_it(env_id, extra, monkeypatch):
    def missing(*args, **kwargs):
        raise gym.error.DependencyNotInstalled("not here")

    monkeypatch.setattr(gym, "make", missing)
    with pytest.raises(ImportError, match=rf"pip install 'minddpg\[{extra}\]'"):
        make(env_id)


@pytest.mark.parametrize(
    ("spaces_", "error", "hint"),
    [
        ({"action_space": spaces.Discrete(3)}, TypeError, "Discrete actions"),
        ({"action_space": spaces.MultiDiscrete([3, 2])}, TypeError, "MultiDiscrete actions"),
        ({"action_space": spaces.MultiBinary(3)}, TypeError, "MultiBinary actions"),
        ({"action_space": spaces.Dict(a=VECTOR)}, TypeError, "Dict actions"),
        ({"action_space": spaces.Tuple([VECTOR])}, TypeError, "Tuple actions"),
        ({"action_space": spaces.Box(0, 9, (2,), np.int64)}, TypeError, "int64 actions"),
        ({"action_space": spaces.Box(-np.inf, np.inf, (2,))}, ValueError, "unbounded.*dimension 0"),
        ({"action_space": unit_box([-1, -1], [1, np.inf])}, ValueError, "unbounded.*dimension 1"),
        ({"action_space": unit_box([-1, 2], [1, 2])}, ValueError, "degenerate.*dimension 1"),
        ({"action_space": REVERSED}, ValueError, "reversed in dimension 1"),
        ({"observation_space": spaces.Discrete(3)}, TypeError, "Discrete observations"),
        ({"observation_space": spaces.Dict(a=VECTOR)}, TypeError, "FlattenObservation"),
        ({"observation_space": spaces.Tuple([VECTOR])}, TypeError, "Tuple observations"),
        ({"observation_space": spaces.Box(0, 255, (8, 8, 3), np.uint8)}, ValueError, "images"),
        ({"observation_space": spaces.Box(-1, 1, (2, 3))}, ValueError, r"\(2, 3\)"),
        ({"observation_space": spaces.Box(-1, 1, ())}, ValueError, r"\(\)"),
    ],
)
def test_a_space_that_ddpg_cannot_use_is_refused_with_a_hint(spaces_, error, hint):
    with pytest.raises(error, match=hint) as caught:
        Environment(Strange(**spaces_))
    assert "Strange" in str(caught.value)


def test_a_vector_environment_is_refused():
    with pytest.raises(TypeError, match="vector environment"):
        Environment(gym.make_vec("Pendulum-v1", num_envs=2))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(2,), (2, 3)])
def test_the_environment_receives_its_declared_shape_and_dtype(shape, dtype):
    strange = Strange(action_space=spaces.Box(-2, 5, shape, dtype))
    env = Environment(strange)
    env.reset(0)
    env.step(np.linspace(0, 1, env.action_low.size))
    assert strange.actions[0].shape == shape
    assert strange.actions[0].dtype == dtype


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39])
def test_an_observation_that_is_not_finite_is_named_with_step_and_entry(bad):
    obs = np.array([0.0, 0.0, bad, 0.0])
    env = Environment(Strange(trouble={3: (obs, 0.0)}))
    env.reset(0)
    for _ in range(2):
        env.step(np.zeros(2))
    with pytest.raises(ValueError, match=r"step 3: Strange returned observation\[2\] = "):
        env.step(np.zeros(2))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39, np.float64("nan")])
def test_a_reward_that_is_not_finite_is_named_with_step_and_value(bad):
    env = Environment(Strange(trouble={2: (np.zeros(4), bad)}))
    env.reset(0)
    env.step(np.zeros(2))
    with pytest.raises(ValueError, match="step 2: Strange returned reward"):
        env.step(np.zeros(2))


def test_an_observation_of_another_shape_is_refused():
    env = Environment(Strange(trouble={1: (np.zeros((4, 1)), 0.0)}))
    env.reset(0)
    with pytest.raises(ValueError, match=r"step 1.*\(4, 1\).*\(4,\)"):
        env.step(np.zeros(2))


def test_an_action_that_is_not_finite_never_reaches_the_environment():
    """Pendulum takes a NaN without a word and is poisoned by it."""
    strange = Strange()
    env = Environment(strange)
    env.reset(0)
    with pytest.raises(ValueError, match=r"step 1: the action is .*diverged") as caught:
        env.step(np.array([0.0, np.nan]))
    assert "when-it-does-not-learn" in str(caught.value)
    assert not strange.actions


def test_reset_seeds_the_episode_and_both_flags_are_told_apart():
    env = Environment(Strange(truncate_at=2, terminate_at=3))
    np.testing.assert_array_equal(env.reset(5), env.reset(5))
    assert (env.reset(5) != env.reset(6)).any()
    flags = [env.step(np.zeros(2))[2:] for _ in range(3)]
    assert flags == [(False, False), (False, True), (True, True)]


@pytest.mark.parametrize("bad", [np.array([1.0]), None, "much"])
def test_a_reward_that_is_not_a_scalar_is_named_with_step_and_field(bad):
    env = Environment(Strange(trouble={1: (np.zeros(4), bad)}))
    env.reset(0)
    with pytest.raises(ValueError, match="step 1: Strange returned reward") as caught:
        env.step(np.zeros(2))
    assert "a real number is wanted" in str(caught.value)


def test_an_action_of_another_size_and_a_step_of_the_old_kind_are_refused(monkeypatch):
    env = Environment(Strange())
    env.reset(0)
    with pytest.raises(ValueError, match=r"the action has shape \(3,\), Strange takes 2 numbers"):
        env.step(np.zeros(3))
    monkeypatch.setattr(Strange, "step", lambda self, action: (np.zeros(4), 0.0, False, {}))
    five = r"Gymnasium's are a tuple of five: observation, reward, terminated, truncated, info"
    for outcome, what in (
        ((np.zeros(4), 0.0, False, {}), "4 values"),
        (None, "None"),
        ([np.zeros(4), 0.0, False, False, {}], "a list"),
        (np.zeros(5), "a ndarray"),
    ):
        monkeypatch.setattr(Strange, "step", lambda self, action, outcome=outcome: outcome)
        with pytest.raises(ValueError, match=rf"^step \d: Strange.step returned {what}; {five}"):
            env.step([0.0, 1.0])


def test_what_is_not_an_environment_is_refused():
    with pytest.raises(TypeError, match="None is not a Gymnasium environment"):
        Environment(None)


def test_a_reset_of_the_old_kind_is_refused(monkeypatch):
    monkeypatch.setattr(Strange, "reset", lambda self, *, seed=None: np.zeros(4))
    with pytest.raises(
        ValueError, match=r"Strange.reset did not return an .observation, info. pair"
    ):
        Environment(Strange()).reset(0)


def test_an_environment_may_write_each_observation_into_the_same_memory(monkeypatch):
    memory, original = np.zeros(4), Strange._obs

    def reusing(self):
        memory[:] = original(self)
        return memory

    monkeypatch.setattr(Strange, "_obs", reusing)
    env = Environment(Strange())
    first = env.reset(0)
    before = first.copy()
    second, *_ = env.step([0.0, 1.0])
    np.testing.assert_array_equal(first, before)
    assert not np.array_equal(first, second)
