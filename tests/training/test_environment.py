"""Environments that DDPG cannot use are refused in one line, before any step."""

import json

import gallery
import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from strange_envs import Strange, register

from minddpg import Config, EnvError, evaluate, train
from minddpg.training import env_values
from minddpg.training.environment import Environment, make, require_environments, with_version
from minddpg.training.signals import Terminated

VECTOR = spaces.Box(-1, 1, (3,))


def unit_box(low, high, dtype=np.float32):
    return spaces.Box(np.array(low, dtype), np.array(high, dtype), dtype=dtype)


REVERSED = unit_box([-1, 2], [1, 2])
REVERSED.high[1] = -2  # Box checks its arguments, but not later changes


@pytest.mark.parametrize(
    ("env_id", "hint"),
    [
        ("Pendulun-v1", "Pendulum-v1"),
        ("Pendulum-v7", "Pendulum-v1"),
        ("Xyzzyx-v0", "gymnasium.registry"),
        ("Pendulum-v0", "Pendulum-v1"),
        ("not an id", "write Name-v0"),
        ("", "write Name-v0"),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_unknown_id_is_refused_with_the_nearest(env_id, hint):
    with pytest.raises(ValueError, match=hint) as caught:
        make(env_id)
    assert env_id in str(caught.value)


def test_an_error_names_what_is_missing_and_what_to_write(tmp_path, monkeypatch):
    (tmp_path / "tank_in_folder.py").write_text("import no_such_library.part")
    (tmp_path / "unnamed.py").write_text("raise ModuleNotFoundError('no camera')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    nowhere = "is neither in the current folder nor installed"
    cases = {
        "no_such_module:X-v0": f"no_such_module:X-v0: the module no_such_module {nowhere}",
        "json.nothing:X-v0": f"json.nothing:X-v0: the module json.nothing {nowhere}",
        "tank_in_folder:X-v0": "tank_in_folder:X-v0: the module tank_in_folder was found, but it"
        " imports no_such_library, which is not installed",
        "json.py:X-v0": "json.py:X-v0: leave out .py: write json:X-v0",
        "unnamed:X-v0": "unnamed:X-v0: no camera. Environment registration via importing a module"
        " failed. Check whether 'unnamed' contains env registration and can be imported.",
        **dict.fromkeys(
            ("tank_in_folder", "tank_in_folder.py"),
            "tank_in_folder.py is here: write tank_in_folder:ID, with an id that it registers",
        ),
    }
    for env_id, words in cases.items():
        for call in (make, lambda env_id: require_environments({env_id: {}})):
            with pytest.raises((ImportError, ValueError)) as caught:
                call(env_id)
            start = "" if ":" in env_id else f"environment {env_id!r} is not registered; "
            assert str(caught.value) == start + words, env_id


@pytest.mark.parametrize(
    ("env_id", "extra"), [("LunarLanderContinuous-v3", "box2d"), ("InvertedPendulum-v5", "mujoco")]
)
def test_a_missing_package_names_the_extra_that_installs_it(env_id, extra, monkeypatch):
    def missing(*args, **kwargs):
        raise gym.error.DependencyNotInstalled("not here")

    monkeypatch.setattr(gym, "make", missing)
    with pytest.raises(ImportError, match=rf"pip install 'minddpg\[{extra}\]'"):
        make(env_id)
    with pytest.raises(ImportError, match=rf"pip install 'minddpg\[{extra}\]'"):
        make(env_id.rpartition("-v")[0])
    wanted = {"Reacher-v5": {}, "LunarLanderContinuous-v3": {"gravity": -9.0}}
    with pytest.raises(ImportError, match=r"^Reacher-v5, Lunar.* need .*\[box2d,mujoco\]"):
        require_environments(wanted)


def test_an_id_without_a_version_means_the_latest():
    for env_id, wanted in (
        ("Pendulum", "Pendulum-v1"),
        ("Pendulum-v1", "Pendulum-v1"),
        ("HalfCheetah", "HalfCheetah-v5"),
        ("Pend.*", "Pend.*"),
        ("module:Pendulum", "module:Pendulum"),
        ("", ""),
    ):
        assert with_version(env_id) == wanted


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
        ({"action_space": unit_box([-1, 2], [1, 2])}, ValueError, "equal bounds in dimension 1"),
        ({"action_space": REVERSED}, ValueError, "reversed bounds in dimension 1"),
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


def test_a_value_is_told_in_one_line_of_at_most_eighty_characters():
    lengths = set()
    for n in range(90):
        value = np.array(["x" * n], object)
        whole = " ".join(repr(value).split())
        assert env_values.shown(value) == (whole if len(whole) <= 80 else f"{whole[:77]}..."), n
        lengths.add(len(whole))
    assert {80, 81} <= lengths


def test_an_observation_of_another_shape_is_refused():
    env = Environment(Strange(trouble={1: (np.zeros((4, 1)), 0.0)}))
    env.reset(0)
    with pytest.raises(ValueError, match=r"step 1.*\(4, 1\).*\(4,\)"):
        env.step(np.zeros(2))


def test_an_action_that_is_not_finite_never_reaches_the_environment():
    """Pendulum accepts a NaN without an error, and all its later states are NaN."""
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
    assert "it must be a real number" in str(caught.value)


def test_an_action_of_another_size_and_a_step_of_the_old_kind_are_refused(monkeypatch):
    env = Environment(Strange())
    env.reset(0)
    with pytest.raises(ValueError, match=r"the action has shape \(3,\), Strange takes 2 numbers"):
        env.step(np.zeros(3))
    monkeypatch.setattr(Strange, "step", lambda self, action: (np.zeros(4), 0.0, False, {}))
    five = r"Gymnasium expects a tuple of five: observation, reward, terminated, truncated, info"
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


LOW = np.arange(6, dtype=np.float32).reshape(2, 3)
HIGH = (LOW + 1) ** 2 + 9


def test_entries_of_a_matrix_of_actions_keep_their_order():
    for order in "CF":
        strange = Strange(action_space=spaces.Box(LOW.copy(order), HIGH.copy(order)))
        env = Environment(strange)
        env.reset(0)
        np.testing.assert_array_equal(env.action_low, [0, 1, 2, 3, 4, 5])
        np.testing.assert_array_equal(env.action_high, [10, 13, 18, 25, 34, 45])
        env.step(np.arange(10, 16))
        np.testing.assert_array_equal(strange.actions[0], [[10, 11, 12], [13, 14, 15]])


def test_training_and_evaluation_hand_over_matrices_within_the_bounds_of_each_entry(monkeypatch):
    """The bounds of any two entries differ so much that exchanged entries would violate them."""
    low = 10 * np.arange(6, dtype=np.float32).reshape(2, 3)
    box, made = spaces.Box(low, low + 2), []

    def keep(**options):
        made.append(Strange(action_space=box, truncate_at=5))
        return made[-1]

    monkeypatch.setattr(gallery, "now", keep)
    settings = {"total_steps": 20, "warmup_steps": 10, "batch_size": 5, "hidden_sizes": (4,)}
    run = train(Config(gallery.ODD, eval_episodes=1, eval_every=10, **settings), progress=False)
    evaluate(run.agent, gallery.ODD, episodes=1)
    assert [len(env.actions) for env in made] == [20, 10, 5]
    assert all(box.contains(action) for env in made for action in env.actions)
    action, _ = run.agent.predict(np.zeros(4))
    np.testing.assert_array_equal(run.agent.action_box.low, low.ravel())
    assert box.contains(action.reshape(2, 3))


def test_an_action_that_is_no_number_is_refused():
    env = Environment(Strange())
    env.reset(0)
    for bad, shown in ((None, "array(None, dtype=object)"), ([1j, 0], "array([0.+1.j, 0.+0.j])")):
        with pytest.raises(ValueError, match="the action is") as caught:
            env.step(bad)
        assert str(caught.value).endswith(f": the action is {shown}, Strange takes 2 numbers")


def test_an_unknown_id_is_refused_with_at_most_three_that_are_near():
    """The module in front of the id exists, but does not register it."""
    with pytest.raises(ValueError, match="not registered") as caught:
        make("json:InvertedPendulun-v5")
    about, near = str(caught.value).split("; nearest: ")
    near, _, file = near.partition("; json was imported from ")
    assert file == json.__file__
    assert about == "environment 'json:InvertedPendulun-v5' is not registered"
    names = near.split(", ")
    assert names[0] == "InvertedPendulum-v5"
    assert len(names) == 3
    assert set(names) <= set(gym.registry)
    with pytest.raises(
        ValueError,
        match=r"not registered; gymnasium\.registry lists all; if a mod"
        r"ule of yours registers it, write module:Xyzzyx-v0, or in Python import",
    ):
        make("Xyzzyx-v0")


def test_the_largest_numbers_of_float32_are_let_through():
    largest = float(np.finfo(np.float32).max)
    env = Environment(Strange(trouble={1: (np.full(4, largest), largest), 2: ([-largest] * 4, 0)}))
    env.reset(0)
    assert env.step(np.zeros(2))[1] == largest
    assert (env.step(np.zeros(2))[0] == -largest).all()


def test_every_instance_is_closed_and_an_error_in_close_is_only_warned_of(monkeypatch):
    closed = []

    def close(self):
        closed.append(self)
        if len(closed) > 2:
            raise OSError("the port is gone")

    monkeypatch.setattr(Strange, "close", close)
    short = {"total_steps": 9, "batch_size": 5, "warmup_steps": 2, "eval_episodes": 1}
    config = Config(register("Closed", truncate_at=5), **short)
    train(config, progress=False)
    assert len(set(closed)) == len(closed) == 2  # training and evaluation
    with pytest.warns(UserWarning, match="^closing") as caught:
        run = train(config, progress=False)
    assert run.history["eval/mean_reward"][-1] == 5
    assert sorted(str(warning.message) for warning in caught) == [
        f"closing {config.env_id} (evaluation) failed: OSError: the port is gone",
        f"closing {config.env_id} failed: OSError: the port is gone",
    ]


def test_a_signal_inside_an_environment_stays_what_it_is(monkeypatch):
    env = Environment(Strange())
    env.reset(0)
    for signal in (KeyboardInterrupt("interrupted"), Terminated(15, "terminated")):
        for name, call in (
            ("step", lambda: env.step(np.zeros(2))),
            ("reset", lambda: env.reset(0)),
            ("close", env.close),
        ):
            monkeypatch.setattr(Strange, name, gallery.raising(signal))
            with pytest.raises(type(signal)) as caught:
                call()
            assert caught.value is signal


def test_an_interrupt_of_its_own_in_close_is_only_warned_of(monkeypatch):
    monkeypatch.setattr(Strange, "close", gallery.raising(KeyboardInterrupt()))
    with pytest.warns(UserWarning, match="^closing Strange failed: KeyboardInterrupt"):
        Environment(Strange()).close()


def test_statistics_behind_another_name_or_a_switch_that_raises_are_warned_of(monkeypatch):
    class Bridge(gallery.Plain):
        """It stores the inner environment as _env, as other libraries do."""

        def __init__(self):
            super().__init__()
            self._env = gym.wrappers.NormalizeObservation(gallery.Plain())

    class Moody(gym.wrappers.NormalizeObservation):
        training = property(gallery.raising(RuntimeError("call set_mode first")))

    for env in (Bridge(), Moody(gallery.Plain())):
        with pytest.warns(UserWarning, match=r"running statistics \(obs_rms\)"):
            Environment(env).reset(0)


def test_an_interrupt_of_the_environments_own_says_where(monkeypatch):
    monkeypatch.setattr(Strange, "step", gallery.raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt, match=r"^step 1 of the .* seed 7: Strange was inter"):
        evaluate(Standing(), Strange(), episodes=1, seed=7)


class Standing:
    def predict(self, obs, deterministic):
        return np.zeros(2), None


def test_an_error_in_reset_or_in_an_evaluation_says_so(monkeypatch):
    with pytest.raises(EnvError) as caught:
        evaluate(Standing(), gallery.Fails(ZeroDivisionError("by 0")), episodes=2, seed=52)
    at = "step 3 of the episode with seed 52"
    assert str(caught.value) == f"{at}: Fails stopped with ZeroDivisionError: by 0"
    monkeypatch.setattr(Strange, "reset", gallery.raising(LookupError("no goal")))
    with pytest.raises(EnvError) as caught:
        evaluate(Standing(), Strange(), episodes=1, seed=5)
    at = "step 0 of the episode with seed 5, in reset"
    assert str(caught.value) == f"{at}: Strange stopped with LookupError: no goal"
    with pytest.raises(EnvError) as caught:
        train(
            Config(register("Resets"), total_steps=2, warmup_steps=0, batch_size=1), progress=False
        )
    wanted = "step 0, in reset: minddpg-tests/Resets-v0 stopped with LookupError: no goal"
    assert str(caught.value) == wanted


def test_a_module_that_breaks_when_it_is_imported_is_named(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for name, text, words in (
        ("breaks", "1 / 0", "ZeroDivisionError: division by zero"),
        ("leaves", "raise SystemExit('usage')", "SystemExit: usage"),
        ("stutters", "def", "SyntaxError: invalid syntax"),
    ):
        (tmp_path / f"{name}.py").write_text(text)
        with pytest.raises(EnvError, match=f"^making the environment {name}:X-v0 ") as caught:
            make(f"{name}:X-v0")
        assert str(caught.value).endswith(words)


def test_an_environment_of_the_old_gym_is_named_when_it_is_made(monkeypatch):
    base = type("Env", (), {"__module__": "gym.core"})
    monkeypatch.setattr(gallery, "now", type("Cart", (base,), {}))
    with pytest.raises(EnvError, match=r"Gym is incompatible with Gymnasium.*gymnasium\.Env"):
        make(gallery.ODD)


def test_statistics_are_warned_of_at_the_first_reset_alone():
    env = Environment(gym.wrappers.NormalizeObservation(gallery.Plain()))
    with pytest.warns(UserWarning, match=r"^Plain: NormalizeObservation .*--normalize-obs"):
        env.reset(0)
    env.reset(1)  # a warning would be an error
    with pytest.warns(UserWarning, match="NormalizeObservation"):
        evaluate(Standing(), gym.wrappers.NormalizeObservation(gallery.Plain()), episodes=2)


def test_the_longest_episode_is_evaluated_and_one_longer_by_a_step_is_refused(monkeypatch):
    monkeypatch.setattr("minddpg.training.evaluation.LONGEST_EPISODE", 5)
    assert evaluate(Standing(), Strange(truncate_at=5), episodes=1).lengths[0] == 5
    longer = Strange(truncate_at=6)
    with pytest.raises(ValueError, match="did not end within 5 steps"):
        evaluate(Standing(), longer, episodes=1)
    assert longer.at_step == 5
