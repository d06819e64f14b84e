"""Evaluations use a separate instance of the environment, the training instance, or none."""

import csv
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest

from minddpg import Config, resume, train
from minddpg.cli import main
from minddpg.experiments.metrics import learning
from minddpg.storage import load_arrays
from minddpg.training import plots
from minddpg.training.read_logs import read_episodes
from minddpg.training.shared_world import SharedWorldCheck
from minddpg.training.style import GREY

SPAN = 50  # steps of an episode
CONFIG = Config(
    total_steps=330,
    warmup_steps=300,
    hidden_sizes=(8, 6),
    batch_size=16,
    eval_every=115,
    eval_episodes=2,
)


class Cart(gym.Env):
    """A position that moves by a tenth of each action; instances may share `world`."""

    observation_space = gym.spaces.Box(-10, 10, (2,))
    action_space = gym.spaces.Box(-1, 1, (1,))
    made = 0

    def __init__(self):
        type(self).made += 1
        self.world, self.resets = {"x": 0.0, "t": 0}, []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.resets.append(seed)
        self.world.update(x=float(self.np_random.uniform(-1, 1)), t=0)
        return self.observe(), {}

    def step(self, action):
        self.world["x"] += 0.1 * float(action[0])
        self.world["t"] += 1
        return self.observe(), -abs(self.world["x"]), False, self.world["t"] >= SPAN, {}

    def observe(self):
        return np.float32([self.world["x"], self.world["t"] / SPAN])


class Robot(Cart):
    """All instances move the same robot."""

    robot: dict = {}  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.world = self.robot


class Clock(Cart):
    """Instances share only the clock of their episodes, which is not observable."""

    clock = 0

    def reset(self, *, seed=None, options=None):
        Clock.clock = 0
        return super().reset(seed=seed)

    def step(self, action):
        Clock.clock += 1
        obs, reward, *_ = super().step(action)
        return obs, reward, False, Clock.clock >= SPAN, {}

    def observe(self):
        return np.float32([self.world["x"], 0])


class Licence(Cart):
    """There is only one licence, and the instance that was reset last has it."""

    holder = None

    def reset(self, *, seed=None, options=None):
        Licence.holder = self
        return super().reset(seed=seed)

    def step(self, action):
        if Licence.holder is not self:
            raise IndexError("index 0 is out of bounds")
        return super().step(action)


class Port(Cart):
    """A port that can be opened only once."""

    is_open = False

    def __init__(self):
        if Port.is_open:
            raise OSError("/dev/ttyUSB0 is busy")
        super().__init__()
        Port.is_open = True

    def close(self):
        Port.is_open = False


class Wild(Robot):
    """A robot that never repeats itself."""

    rng = np.random.default_rng(7)

    def step(self, action):
        return super().step(action + 0.1 * self.rng.standard_normal(1))


class Breaking(Cart):
    """It fails at its 130th step, independently of other instances."""

    steps = 0

    def step(self, action):
        self.steps += 1
        if self.world["t"] == 20 and len(self.resets) == 3:
            raise RuntimeError("a cable broke")
        return super().step(action)


class Loose(Cart):
    """A contact fails 10 steps into its sixth episode."""

    def step(self, action):
        obs, reward, *flags = super().step(action)
        return obs, np.nan if len(self.resets) == 6 and self.world["t"] == 10 else reward, *flags


class Wearing(Cart):
    """With each episode, an instance moves further for the same action, as in a curriculum."""

    def step(self, action):
        return super().step(action * (1 + 0.1 * max(len(self.resets) - 1, 0)))


ONE = Cart()


def the_one():
    return ONE


for kind in (Cart, Robot, Clock, Licence, Port, Wild, Breaking, Loose, Wearing):
    gym.register(f"evals/{kind.__name__}-v0", kind, max_episode_steps=1000)
gym.register("evals/One-v0", the_one, max_episode_steps=1000)


def config(name, **settings):
    return replace(CONFIG, env_id=f"evals/{name}-v0", **settings)


def false_transitions(run_dir):
    """Count the rows of the replay memory that are not transitions of Cart."""
    rows = load_arrays(run_dir / "checkpoint.npz")["replay_rows"].astype(float)
    (x, _), action, (next_x, _) = rows[:, :2].T, rows[:, 2], rows[:, -3:-1].T
    return int(np.sum(np.abs(x + 0.1 * action - next_x) > 1e-5))


def test_the_layout_of_the_memory_is_as_false_transitions_reads_it(tmp_path):
    train(config("Cart"), tmp_path / "run", progress=False)
    assert false_transitions(tmp_path / "run") == 0


def test_a_world_that_instances_share_is_noticed_once_and_not_where_training_evaluates(tmp_path):
    with pytest.warns(UserWarning, match="a second instance") as caught:
        train(config("Robot"), tmp_path / "own", progress=False)
    (warning,) = caught
    assert str(warning.message) == (
        "evals/Robot-v0: a second instance changes the training instance, so that transitions after"
        ' an evaluation are wrong; set eval_env = "training" (--eval-env training)'
    )
    assert false_transitions(tmp_path / "own") > 0
    train(config("Robot", eval_env="training"), tmp_path / "training", progress=False)
    assert false_transitions(tmp_path / "training") == 0
    train(config("Robot", eval_every=0), tmp_path / "never", progress=False)
    assert false_transitions(tmp_path / "never") == 0


def test_a_shared_clock_and_one_object_for_all_are_noticed_too():
    for name, words in (("Clock", "changes the training instance"), ("One", "is the same object")):
        with pytest.warns(UserWarning, match=f"a second instance {words}"):
            train(config(name), progress=False)
        train(config(name, eval_env="training"), progress=False)


def test_a_shared_world_is_noticed_in_an_episode_that_lasts_until_the_end_of_the_run():
    with pytest.warns(UserWarning, match="a second instance changes the training instance"):
        train(config("Robot", eval_every=310), progress=False)  # 10 steps into the last episode
    train(config("Cart", eval_every=310), progress=False)


def test_an_evaluation_that_breaks_the_training_instance_is_named_beside_the_error():
    with (
        pytest.warns(UserWarning, match="a second instance breaks the training instance"),
        pytest.raises(Exception, match="index 0 is out of bounds"),
    ):
        train(config("Licence"), progress=False)
    train(config("Licence", eval_env="training"), progress=False)


def test_an_instance_that_cannot_be_made_twice_says_what_to_set():
    wanted = r"a second instance.*ttyUSB0 is busy.*eval_env = .training. \(--eval-env training\)"
    with pytest.raises(ValueError, match=wanted):
        train(config("Port"), progress=False)
    assert not Port.is_open
    train(config("Port", eval_env="training"), progress=False)


def test_worlds_that_are_not_shared_or_never_repeat_themselves_give_no_warning():
    for name in ("Cart", "Wild"):
        train(config(name), progress=False)  # a warning is an error here
    train(config("Wearing", eval_every=20), progress=False)
    with pytest.raises(Exception, match="a cable broke"):
        train(config("Breaking"), progress=False)


def test_evaluations_that_fall_between_episodes_cost_no_steps_of_a_check(monkeypatch):
    monkeypatch.setattr(SharedWorldCheck, "_retrace", None)
    train(config("Cart", eval_every=2 * SPAN, total_steps=8 * SPAN), progress=False)


@pytest.mark.parametrize("settings", [{"eval_env": "training"}, {"eval_every": 0}])
def test_one_instance_is_made_for_all(settings, tmp_path):
    Cart.made = 0
    train(config("Cart", **settings), tmp_path / "run", progress=False)
    assert Cart.made == 1
    resume(tmp_path / "run", 20, progress=False)
    assert Cart.made == 2


def test_training_is_the_same_wherever_evaluations_are_made(tmp_path):
    rows = []
    for settings in ({}, {"eval_env": "training"}, {"eval_every": 0}):
        run_dir = tmp_path / str(len(rows))
        train(config("Cart", total_steps=350, **settings), run_dir, progress=False)
        saved = load_arrays(run_dir / "checkpoint.npz")
        rows.append((saved["replay_rows"].tobytes(), saved["critic"].tobytes()))
        assert saved["env_rng"] == load_arrays(tmp_path / "0" / "checkpoint.npz")["env_rng"]
    assert rows[0] == rows[1] == rows[2]


def test_in_the_training_instance_an_evaluation_waits_for_the_end_of_the_episode(tmp_path):
    """Each has the step at which it was made; several that are due in one episode become one."""
    for every, steps in ((115, [150, 250, 330]), (20, [50, 100, 150, 200, 250, 300, 330])):
        run_dir = tmp_path / str(every)
        run = train(config("Cart", eval_env="training", eval_every=every), run_dir, progress=False)
        assert load_arrays(run_dir / "evaluations.npz")["timesteps"].tolist() == steps
        evaluated = ~np.isnan(run.history["eval/mean_reward"])
        assert run.history["time/total_timesteps"][evaluated].tolist() == steps
        with open(run_dir / "monitor.csv") as file:
            lengths = [int(row["l"]) for row in csv.DictReader(list(file)[1:])]
        assert lengths == [50] * 6  # the last evaluation cuts off the last episode


def test_after_an_evaluation_in_the_training_instance_errors_count_the_steps_of_training():
    """The sixth reset is the fourth of training, because the evaluations at step 150 made two."""
    with pytest.raises(ValueError, match=r"^step 160: evals/Loose-v0 returned reward nan"):
        train(config("Loose", eval_env="training"), progress=False)


def test_a_finished_run_that_is_lengthened_begins_an_episode(tmp_path):
    train(config("Cart", eval_env="training"), tmp_path / "run", progress=False)
    saved = load_arrays(tmp_path / "run" / "checkpoint.npz")
    assert (len(saved["episode_actions"]), saved["log_counts"][2]) == (0, 0)
    assert saved["obs"][1] == 0  # the clock of Cart
    run = resume(tmp_path / "run", 70, progress=False)
    assert run.history["time/episodes"][-1] == 7  # its first one ended at step 380
    ends = read_episodes(tmp_path / "run" / "monitor.csv")[1]
    assert ends.tolist() == [50, 100, 150, 200, 250, 300, 380]
    assert false_transitions(tmp_path / "run") == 0


@pytest.fixture(scope="module")
def never(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("never") / "run"
    return train(config("Cart", eval_every=0), run_dir, progress=False)


def test_without_evaluations_the_files_are_well_formed_and_no_policy_is_the_best(never):
    run = never
    assert run.best_agent is run.agent
    assert np.isnan(run.history["eval/mean_reward"]).all()
    saved = load_arrays(run.run_dir / "evaluations.npz")
    shapes = {name: array.shape for name, array in saved.items()}
    assert shapes == {"timesteps": (0,), "results": (0, 2), "ep_lengths": (0, 2)}
    names = {path.name for path in run.run_dir.iterdir()}
    assert "policy.npz" in names
    assert "best_policy.npz" not in names
    again = resume(run.run_dir, progress=False)
    assert again.best_agent is again.agent
    assert again.agent.actor.theta.tobytes() == run.agent.actor.theta.tobytes()


def test_without_evaluations_a_curve_is_drawn_from_training_episodes(never, tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(plots, "save", lambda figure, path: figures.append(figure) or path)
    plots.learning_curve(never.run_dir, tmp_path / "one.png")
    axes = figures[0].axes[0]
    (dots,) = axes.lines
    np.testing.assert_array_equal(dots.get_xdata(), 50 * np.arange(1, 7))
    np.testing.assert_allclose(dots.get_ydata(), read_returns(never.run_dir))
    assert dots.get_color() == GREY
    assert axes.get_legend_handles_labels()[1] == ["training episode, with noise"]


def read_returns(run_dir):
    with open(run_dir / "monitor.csv") as file:
        return [float(row["r"]) for row in csv.DictReader(list(file)[1:])]


def test_without_evaluations_the_command_line_says_so(never, tmp_path, capsys):
    run_dir = str(never.run_dir)
    assert main(["resume", run_dir]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"last policy    not evaluated   {run_dir}/policy.npz"
    assert "best" not in out
    assert main(["evaluate", run_dir, "--policy", "best"]) == 1
    assert "eval_every = 0: use --policy last" in capsys.readouterr().err
    assert main(["evaluate", run_dir, "--episodes", "2"]) == 0


def test_a_study_of_learning_curves_needs_evaluations():
    with pytest.raises(ValueError, match="eval_every = 0: a learning curve needs evaluations"):
        learning(config("Cart", eval_every=0))
