"""An interrupted run resumes to the same bits; what cannot be resumed says why."""

import copy
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import fields, replace
from pathlib import Path

import gymnasium as gym
import numpy as np
import pendulums
import pytest
from gymnasium.spaces import Box
from strange_envs import Strange, register

import minddpg.training.loop as loop
import minddpg.training.progress as progress
import minddpg.training.run_files as run_files
from minddpg import DDPG, CheckpointError, Config, DivergenceError, resume, train
from minddpg.storage import load_arrays, save_arrays
from minddpg.training.arithmetic import fingerprint
from minddpg.training.checkpoint import MAY_CHANGE_ON_RESUME, load_checkpoint, rebuild_episode
from minddpg.training.environment import Environment, make
from minddpg.training.evaluation import Evaluation
from minddpg.training.lock import Lock
from minddpg.training.read_logs import read_episodes

SMALL = Config(
    total_steps=430,
    warmup_steps=140,
    hidden_sizes=(8, 6),
    batch_size=16,
    eval_every=200,
    eval_episodes=1,
    log_every=30,
    checkpoint_every=100,
    noise="ou",
    noise_scale=0.2,
    replay_capacity=300,
)


def remains(run_dir):
    """Return everything that a run left behind, except what depends on a clock."""
    found = {}
    for name in ("checkpoint", "policy", "best_policy", "evaluations"):
        arrays = load_arrays(run_dir / f"{name}.npz")
        found |= {f"{name}/{k}": v.tobytes() for k, v in arrays.items() if "time" not in k}
    with open(run_dir / "progress.csv") as file:
        clocks = ("time/time_elapsed", "time/fps")
        found["progress"] = [
            {k: v for k, v in row.items() if k not in clocks} for row in csv.DictReader(file)
        ]
    lines = (run_dir / "monitor.csv").read_text().splitlines()
    found["monitor"] = [line.split(",")[:2] for line in lines[2:]]
    return found


def interrupt_at(steps, monkeypatch, signum=signal.SIGINT):
    """Send a signal to this process at the end of each of these steps."""

    class Interrupting(loop.RunLog):
        def end_of_step(self):
            if self.steps in steps:
                steps.remove(self.steps)
                signal.raise_signal(signum)
            return super().end_of_step()

    monkeypatch.setattr(loop, "RunLog", Interrupting)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "whole"
    return train(SMALL, run_dir, progress=False)


@pytest.fixture(scope="module")
def halted_once(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "halted"
    with pytest.MonkeyPatch.context() as patch:
        interrupt_at([310], patch)
        with pytest.raises(KeyboardInterrupt):
            train(SMALL, run_dir, progress=False)
    return run_dir


@pytest.fixture
def halted(halted_once, tmp_path):
    """Return the folder of a run that was stopped at step 310, in the middle of an episode."""
    return shutil.copytree(halted_once, tmp_path / "halted")


@pytest.mark.parametrize("steps", [[1, 139, 333], [150, 151, 200, 400], [429, 430]])
def test_an_interrupted_run_ends_with_the_bits_of_an_uninterrupted_one(
    steps, whole, tmp_path, monkeypatch
):
    interrupt_at(list(steps), monkeypatch)
    with pytest.raises(KeyboardInterrupt, match=f"step {steps[0]}; continue with: minddpg resume"):
        train(SMALL, tmp_path / "run", progress=False)
    for step in steps[1:]:
        with pytest.raises(KeyboardInterrupt, match=f"step {step}"):
            resume(tmp_path / "run", progress=False)
    run = resume(tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole.run_dir)
    for name, column in run.history.items():
        if name not in ("time/time_elapsed", "time/fps"):
            np.testing.assert_array_equal(column, whole.history[name])
    for mine, other in ((run.agent, whole.agent), (run.best_agent, whole.best_agent)):
        assert mine.actor.theta.tobytes() == other.actor.theta.tobytes()
        assert (
            mine.critic_optimizer.second_moment.tobytes()
            == other.critic_optimizer.second_moment.tobytes()
        )
        obs = np.ones(3)
        mine, other = copy.deepcopy((mine, other))  # noise advances an agent's random stream
        noisy = [agent.predict(obs, deterministic=False)[0] for agent in (mine, other)]
        np.testing.assert_array_equal(*noisy)


def test_an_evaluation_that_waits_for_the_episodes_end_is_made_after_a_resume_too(
    tmp_path, monkeypatch
):
    """It is due at 150, and made at 200, where the episode ends."""
    config = replace(SMALL, eval_every=150, eval_env="training", total_steps=230)
    whole = train(config, tmp_path / "whole", progress=False)
    assert [step for step, _ in evaluations_of(whole.run_dir)] == [200, 230]
    interrupt_at([150, 177, 200], monkeypatch)
    with pytest.raises(KeyboardInterrupt, match="step 150"):
        train(config, tmp_path / "run", progress=False)
    for step in (177, 200):
        with pytest.raises(KeyboardInterrupt, match=f"step {step}"):
            resume(tmp_path / "run", progress=False)
    resume(tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole.run_dir)


def evaluations_of(run_dir):
    saved = load_arrays(run_dir / "evaluations.npz")
    return list(zip(saved["timesteps"].tolist(), saved["results"].tolist(), strict=True))


def test_running_statistics_survive_an_interruption(tmp_path, monkeypatch):
    config = replace(SMALL, batch_norm=True, action_layer=1, total_steps=200)
    whole = train(config, tmp_path / "whole", progress=False)
    interrupt_at([170], monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(config, tmp_path / "run", progress=False)
    resume(tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole.run_dir)
    assert whole.agent.target_actor.statistics.any()


def test_the_best_agent_from_before_the_interruption_is_kept(tmp_path, monkeypatch):
    """Evaluations only get worse, so the first one stays the best."""
    original = loop.evaluate

    def worsening(agent, *args):
        found = original(agent, *args)
        return replace(found, returns=found.returns - 1e6 * agent.actor_optimizer.steps)

    monkeypatch.setattr(loop, "evaluate", worsening)
    config = replace(SMALL, eval_every=150)
    whole = train(config, progress=False)
    interrupt_at([350], monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(config, tmp_path / "run", progress=False)
    run = resume(tmp_path / "run", progress=False)
    assert run.best_agent.critic.theta.tobytes() == whole.best_agent.critic.theta.tobytes()
    assert run.best_agent.critic.theta.tobytes() != run.agent.critic.theta.tobytes()
    assert run.best_agent.actor_optimizer.steps == 150 - SMALL.warmup_steps


def test_rows_written_after_the_checkpoint_are_neither_doubled_nor_lost(whole, halted):
    for name in ("progress.csv", "monitor.csv"):
        with open(halted / name, "a") as file:
            file.write("1,2,3\n4,5")  # the process continued, and was killed while it wrote a row
    resume(halted, progress=False)
    assert remains(halted) == remains(whole.run_dir)


def test_a_finished_run_is_returned_and_left_as_it_is(whole):
    def files():
        return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in whole.run_dir.iterdir()}

    before = files()
    run = resume(whole.run_dir, progress=False)
    assert files() == before
    assert run.agent.actor.theta.tobytes() == whole.agent.actor.theta.tobytes()
    np.testing.assert_array_equal(
        run.history["eval/mean_reward"], whole.history["eval/mean_reward"]
    )


def test_a_resumed_runs_files_say_what_its_checkpoint_says_from_the_beginning(halted, tmp_path):
    """This is also true if the process continued after the checkpoint and the bits now differ."""
    saved = load_arrays(halted / "checkpoint.npz")
    later = resume(shutil.copytree(halted, tmp_path / "later"), progress=False).run_dir
    for name in ("policy.npz", "best_policy.npz", "evaluations.npz"):
        shutil.copy(later / name, halted / name)  # later than the checkpoint
    stop_at_once(halted)
    assert evaluations_of(halted) == evaluations_of(later)[:1]
    assert DDPG.load(halted / "policy.npz").actor.theta.tobytes() == saved["actor"].tobytes()
    best = DDPG.load(halted / "best_policy.npz")
    assert best.actor.theta.tobytes() == saved["best_actor"].tobytes()
    assert best.actor.theta.tobytes() != saved["actor"].tobytes()


def test_a_resume_writes_a_policy_anew_that_differs_in_anything(whole, tmp_path):
    """Equal weights are not enough: bounds and dtypes also affect actions."""
    run_dir = shutil.copytree(whole.run_dir, tmp_path / "run")
    for path in (run_dir / "policy.npz", run_dir / "best_policy.npz"):
        before, saved = path.read_bytes(), load_arrays(path)
        for name, wrong in (
            ("action_high", saved["action_high"] / 2),
            ("format", np.asarray(99)),
            ("obs_dim", saved["obs_dim"] + 1),
            ("actor", saved["actor"].astype(np.float64)),
            ("more", np.zeros(3)),
        ):
            save_arrays(path, **{**saved, name: wrong})
            resume(run_dir, progress=False)
            assert path.read_bytes() == before, (path.name, name)


def test_before_the_first_evaluation_a_resume_leaves_no_best_policy(whole, tmp_path, monkeypatch):
    interrupt_at([150], monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(SMALL, tmp_path / "run", progress=False)
    for name in ("best_policy.npz", "evaluations.npz"):
        shutil.copy(whole.run_dir / name, tmp_path / "run" / name)
    stop_at_once(tmp_path / "run")
    assert not (tmp_path / "run" / "best_policy.npz").exists()
    assert evaluations_of(tmp_path / "run") == []


def stop_at_once(run_dir):
    """Resume, and end the process before the first step, like SIGKILL."""

    def killed(*_, **__):
        raise BrokenPipeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "train_from", killed)
        with pytest.raises(BrokenPipeError):
            resume(run_dir, progress=False)


def test_a_finished_run_can_be_lengthened(tmp_path):
    run_dir = train(replace(SMALL, total_steps=200), tmp_path / "run", progress=False).run_dir
    run = resume(run_dir, more_steps=150, progress=False)
    steps = run.history["time/total_timesteps"]
    assert steps[-1] == 350
    assert np.all(np.diff(steps) > 0)
    assert json.loads((run_dir / "config.json").read_text())["config"]["total_steps"] == 350


def test_the_clock_of_a_run_goes_on_after_a_resume_and_is_not_that_of_the_wall(halted, monkeypatch):
    path = halted / "checkpoint.npz"
    save_arrays(path, **{**load_arrays(path), "log_time_elapsed": np.float64(1000)})
    hours_back = iter(range(10**9, 0, -3600))
    monkeypatch.setattr("minddpg.training.run_log.time.time", lambda: float(next(hours_back)))
    history = resume(halted, progress=False).history
    elapsed, steps = history["time/time_elapsed"], history["time/total_timesteps"]
    later = steps > 310
    assert ((elapsed[later] >= 1000) & (elapsed[later] < 2000)).all()
    assert (np.diff(elapsed[later]) >= 0).all()
    np.testing.assert_allclose(history["time/fps"][later], steps[later] / elapsed[later], atol=0.06)


def test_the_speed_that_is_shown_is_that_of_this_process(monkeypatch, capsys):
    clock = iter((100.0, 104.0))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    bar = progress.ProgressBar(2_000, steps_before=1_000)
    bar.evaluation(1_200, -3.0)  # 200 steps in 4 s
    assert "|     50 steps/s |" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:.*has no checkpoint")
def test_a_run_without_a_checkpoint_is_lengthened_too(tmp_path):
    run_dir = train(replace(SMALL, total_steps=200), tmp_path / "run", progress=False).run_dir
    (run_dir / "checkpoint.npz").unlink()
    run = resume(run_dir, more_steps=30, progress=False)
    assert run.history["time/total_timesteps"][-1] == 230
    assert json.loads((run_dir / "config.json").read_text())["config"]["total_steps"] == 230


@pytest.mark.filterwarnings("ignore:.*has no checkpoint")
def test_a_run_killed_before_its_first_checkpoint_starts_again(whole, tmp_path):
    run_dir = tmp_path / "run"
    train(SMALL, run_dir, progress=False)
    for name in ("checkpoint.npz", "policy.npz", "best_policy.npz", "evaluations.npz"):
        (run_dir / name).unlink()
    for name in ("checkpoint.npz", "result.json"):
        (run_dir / f".{name}.123.tmp").write_bytes(b"half")
    resume(run_dir, progress=False)
    assert remains(run_dir) == remains(whole.run_dir)
    assert not list(run_dir.glob(".*"))


def test_the_best_return_that_is_shown_is_that_of_the_whole_run(tmp_path, monkeypatch, capsys):
    worse = iter(range(-1, -9, -1))
    once = np.ones(1)
    monkeypatch.setattr(loop, "evaluate", lambda *_, **__: Evaluation(once * next(worse), once))
    interrupt_at([310], monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(SMALL, tmp_path / "run", progress=False)
    resume(tmp_path / "run")
    assert re.findall(r"return (\S+), best (\S+)", capsys.readouterr().err) == [
        ("-2.0", "-1.0"),
        ("-3.0", "-1.0"),
    ]


def test_two_processes_never_write_one_run(whole, halted):
    """A lock belongs to an open file, so a second open file here acts like another process."""
    before = remains(halted)
    with closing(Lock(halted)):
        with pytest.raises(FileExistsError, match="another process is writing this run"):
            resume(halted, progress=False)
        settings = (halted / "config.json").read_bytes()
        with pytest.raises(FileExistsError, match="another process is writing this run"):
            resume(halted, more_steps=100, progress=False)
        assert (halted / "config.json").read_bytes() == settings
        with pytest.raises(FileExistsError, match="another process is writing this run"):
            train(SMALL, halted, progress=False, overwrite=True)
        assert remains(halted) == before
    resume(halted, progress=False)
    assert remains(halted) == remains(whole.run_dir)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json: not there"):
        resume(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("discount", 0.9),
        ("hidden_sizes", [8, 8]),
        ("env_id", "MountainCarContinuous-v0"),
        ("seed", 3),
    ],
)
def test_a_resume_under_other_settings_names_the_field_and_both_values(field, value, halted):
    path = halted / "config.json"
    settings = json.loads(path.read_text())
    settings["config"][field] = value
    path.write_text(json.dumps(settings))
    mine, theirs = getattr(SMALL, field), getattr(Config(**{field: value}), field)
    before = (halted / "progress.csv").read_bytes()
    with pytest.raises(CheckpointError) as caught:
        resume(halted, progress=False)
    assert f"{field} is {mine!r} in the checkpoint and {theirs!r} in config.json" in str(
        caught.value
    )
    assert (halted / "progress.csv").read_bytes() == before


OTHER = {"env_id": "MountainCarContinuous-v0", "noise": "none", "dtype": "float64"}
OTHER |= {
    "total_steps": 700,
    "hidden_sizes": (8, 8),
    "batch_norm": True,
    "eval_env": "training",
    "action_layer": 1,
    "env_kwargs": {"g": 9.81},
}


def test_every_setting_but_three_is_compared_on_a_resume(halted):
    compared = []
    for item in fields(Config):
        value = getattr(SMALL, item.name)
        default = {float: 0.4, bool: not value}.get(type(value), 299)
        other = OTHER.get(item.name, default)
        more = {"action_layer": 1} if item.name == "batch_norm" else {}
        changed = replace(SMALL, **{item.name: other, **more})
        with suppress(CheckpointError):
            load_checkpoint(halted / "checkpoint.npz", changed, make("Pendulum-v1"))
            continue
        compared.append(item.name)
    assert {item.name for item in fields(Config)} - set(compared) == {
        *("total_steps", "checkpoint_every", "log_every")
    }
    assert set(MAY_CHANGE_ON_RESUME).isdisjoint(compared)


def test_a_resume_under_other_action_bounds_is_refused_and_names_both(tmp_path):
    """Other observations are also refused; an older version's file without bounds is not."""
    path, bounds = tmp_path / "run" / "checkpoint.npz", np.float32([[-1, 0], [3, 10]])
    config = replace(
        SMALL, env_id=register("bounds", truncate_at=50), total_steps=80, warmup_steps=40
    )
    train(config, tmp_path / "run", progress=False)

    def loaded(bounds=bounds, obs_dim=4):
        box, numbers = Box(*bounds, dtype=bounds.dtype), Box(-9, 9, (obs_dim,))
        env = Environment(Strange(numbers, box, truncate_at=50))
        return load_checkpoint(path, config, env)[0]

    loaded()
    loaded(bounds.astype(np.float64))
    with pytest.raises(CheckpointError, match=r"in \[0.0, 5.0\] in dimension 1; .*\[0.0, 10.0\]"):
        loaded(np.float32([[-1, 0], [3, 5]]))
    with pytest.raises(CheckpointError, match=r"in \[-0.5, 3.0\] in dimension 0; .*\[-1.0, 3.0\]"):
        loaded(np.float32([[-0.5, 0], [3, 10]]))
    with pytest.raises(CheckpointError, match=r"5 observation entries and 2 action .* for 4 and 2"):
        loaded(obs_dim=5)
    with pytest.raises(CheckpointError, match=r"4 observation entries and 1 action .* for 4 and 2"):
        loaded(bounds[:, :1])
    old = load_arrays(path)
    for name in ("action_low", "action_high", "obs_dim"):
        del old[name]
    save_arrays(path, **old)
    loaded()
    loaded(np.float32([[-1, 0], [3, 5]]))


UNFIT = [
    ({"format": np.int64(2)}, "format is 2"),
    ({"replay_rows": None}, "replay_rows"),
    ({"replay_rows": np.zeros((300, 8), np.float32)}, "replay_rows is float32 of shape"),
    ({"step": np.int64(10**12)}, "step is 1,000,000,000,000: must be at most 430"),
    ({"step": np.int64(-1)}, "step is -1: must be at least 0"),
    ({"step": np.int64(7)}, "adam_steps holds 170: must be at most 7"),
    ({"replay_added": np.int64(7)}, "replay_rows is float32 of shape"),
    ({"replay_added": np.int64(-7)}, "replay_added is -7: must be at least 0"),
    ({"critic_adam_mean": np.zeros(3, np.float32)}, "critic_adam_mean"),
    (
        {"adam_steps": np.zeros(3, int)},
        r"adam_steps is int64 of shape \(3,\), not integers of shape \(2,\)",
    ),
    ({"noise": np.zeros(2)}, "noise"),
    ({"env_rng": np.str_("{}")}, "env_rng is not the state of a random generator"),
    ({"replay_rng": np.str_("no json")}, "replay_rng is not the state of a random generator"),
    ({"episode_actions": np.zeros((3, 2))}, r"episode_actions is .* not numbers of shape \(any, 1"),
    ({"obs": np.zeros(4)}, r"obs is float64 of shape \(4,\), not numbers of shape \(3,\)"),
    ({"log_counts": np.zeros(2, int)}, r"log_counts is int64 of shape \(2,\), not integers"),
    ({"log_counts": np.array([311, 1, 111])}, "log_counts holds 311: must be at most 310"),
    ({"log_counts": np.array([309, 1, 110])}, "its log is at step 309, its state at 310"),
    ({"log_counts": np.array([310, 1, 7])}, "log_counts contradicts the other counts"),
    ({"log_counts": np.array([310, 0, 110])}, "log_recent contradicts the other counts"),
    ({"log_rows": np.int64(0)}, "log_rows contradicts the other counts"),
    ({"log_time_elapsed": np.float64(1e300)}, r"log_time_elapsed is .*: must be at most 1"),
    ({"episode_actions": np.zeros((200_000, 1))}, "log_counts contradicts the other counts"),
    ({"log_rows": np.int64(10**6)}, "log_rows is 1,000,000: must be at most 310"),
    ({"log_rows": np.int64(300)}, "lines, but the checkpoint counts 301"),
    ({"log_rows": np.int64(-5)}, "log_rows is -5: must be at least 0"),
    (
        {"log_metrics": np.zeros((2, 3))},
        r"log_metrics is float64 of shape \(2, 3\), not numbers of shape \(5, any\)",
    ),
    ({"versions": np.str_("[]")}, "versions is not a JSON object"),
    ({"env_rng": np.str_("[" * 100_000)}, "nested too deeply"),
    ({"step": np.str_("seven")}, r"step is <U5 of shape \(\), not integers"),
    ({"config": np.str_("{}")}, "total_steps|hidden_sizes|seed|noise|warmup"),
    ({"best_return": np.float64(np.nan)}, "best_return is nan, the best of"),
    ({"best_return": np.float64(np.inf)}, "best_return is inf, the best of"),
    ({"best_return": np.float64(5)}, "best_return is 5.0, the best of its evaluations has -"),
    ({"best_return": np.str_("x")}, "best_return is x, the best of"),
    ({"best_return": np.zeros(2)}, r"best_return is \[0. 0.\], the best of"),
    ({"log_time_elapsed": np.float64(np.inf)}, "log_time_elapsed holds a number that is not"),
    ({"episode_seed": np.int64(-1)}, "episode_seed is -1: must be at least 0"),
    ({"episode_seed": np.float64(3)}, r"episode_seed is float64 of shape \(\), not int"),
    ({"adam_steps": np.array([170, -5])}, "adam_steps holds -5: must be at least 0"),
    ({"best_adam_steps": np.array([-1, 0])}, "best_adam_steps holds -1: must be at least 0"),
    ({"log_counts": np.array([310, -1, 110])}, "log_counts holds -1: must be at least 0"),
    ({"log_evaluated": np.array([-200])}, "log_evaluated holds -200: must be at least 1"),
    (
        {"log_returns": np.zeros((1, 2))},
        r"log_returns is float64 of shape \(1, 2\), not numbers .*1, 1\)",
    ),
    ({"log_recent": np.zeros(3)}, r"log_recent is float64 of shape \(3,\), not numbers"),
    ({"log_recent": np.full((1, 2), np.nan)}, "log_recent holds a number that is not finite"),
    ({"episode_actions": np.zeros(3)}, r"episode_actions is float64 of shape \(3,\), not"),
    ({"episode_actions": np.str_("x")}, "episode_actions is <U1"),
    ({"obs_dim": np.int64(4)}, "has 3 observation entries and 1 action entries; .* for 4 and 1"),
    ({"action_low": np.float32([-2, -2])}, r"action_high is float32 of shape \(1,\), not"),
    (
        {"action_high": np.float32([1])},
        r"actions in \[-2.0, 2.0\] in dimension 0; .* \[-2.0, 1.0\]",
    ),
    ({"action_high": np.str_("x")}, r"action_high is <U1 of shape \(\), not numbers"),
    ({"obs": np.zeros((1, 3))}, r"obs is float64 of shape \(1, 3\), not numbers"),
    ({"obs": np.full(3, np.nan)}, "obs holds a number that is not finite"),
    ({"episode_actions": np.full((110, 1), 1.5)}, "episode_actions holds 1.5: must be at most 1"),
    ({"episode_seed": np.int64(2**31)}, "episode_seed is 2,147,483,648: must be at most"),
    ({"adam_steps": np.array([2**64 - 1] * 2, np.uint64)}, "adam_steps holds 18,.* at most 310"),
    ({"log_rows": np.uint64(2**64 - 1)}, "log_rows is 18,.* at most 310"),
    ({"log_evaluated": np.array([2**63], np.uint64)}, "log_evaluated holds 9,.* at most 310"),
    ({"log_lengths": np.array([[0]])}, "log_lengths holds 0: must be at least 1"),
    ({"log_metrics": np.full((5, 2), np.inf)}, "log_metrics holds a number that is not finite"),
    ({"log_time_elapsed": np.float64(-1)}, "log_time_elapsed is -1.0: must be at least 0"),
    ({"versions": np.str_("no json")}, "versions is not JSON"),
    ({"versions": np.zeros(2)}, "versions is float64 of shape .2,., not text"),
    ({"rng": np.zeros(2)}, "rng is not the state of a random generator .rng is float64"),
    ({"best_critic_adam_square": np.float32([-1])}, "best_critic_adam_square holds -1.0: must be"),
    ({"action_low": None, "obs_dim": None, "critic": np.zeros(3)}, "critic is float64 of shape"),
]


def test_a_checkpoint_that_does_not_fit_is_refused_with_path_and_reason(halted):
    path, wrong = halted / "checkpoint.npz", []
    saved, before = load_arrays(path), (halted / "progress.csv").read_bytes()
    for change, reason in UNFIT:
        save_arrays(path, **{k: v for k, v in {**saved, **change}.items() if v is not None})
        try:
            resume(halted, progress=False)
            said = "nothing"
        except CheckpointError as error:
            said = str(error)
        if not (said.startswith(str(halted)) and re.search(reason, said)):
            wrong.append(f"{change}: wanted {reason}, it said {said}")
    assert wrong == []
    assert (halted / "progress.csv").read_bytes() == before


def test_a_log_shorter_than_the_checkpoint_knows_is_refused(halted):
    path = halted / "monitor.csv"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(CheckpointError, match=r"monitor\.csv: has \d+ complete lines"):
        resume(halted, progress=False)


def test_a_log_that_holds_no_numbers_is_named(halted):
    path = halted / "progress.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], "garbage\n", *lines[2:]]))
    with pytest.raises(
        CheckpointError, match=r"progress\.csv: line 2 has 1 cells, not 15"
    ) as caught:
        resume(halted, progress=False)
    assert caught.value.path == path


@pytest.mark.parametrize("text", ["", "{", "[]", '{"config": 3}', '{"config": {"tau": 7}}', "\0"])
def test_settings_that_cannot_be_read_are_named(text, halted):
    (halted / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"config\.json: not a run's settings") as caught:
        resume(halted, progress=False)
    assert caught.value.path == halted / "config.json"


@pytest.mark.filterwarnings("ignore:.*has no checkpoint")
def test_a_new_run_in_an_old_folder_has_settings_at_every_moment(whole, tmp_path, monkeypatch):
    """A run that is killed while it removes the old one can still be started again."""
    run_dir = tmp_path / "run"
    shutil.copytree(whole.run_dir, run_dir)
    monkeypatch.setattr(
        run_files, "write_config", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        train(SMALL, run_dir, progress=False, overwrite=True)
    monkeypatch.undo()
    assert [path.name for path in run_dir.iterdir()] == ["config.json"]
    resume(run_dir, progress=False)
    assert remains(run_dir) == remains(whole.run_dir)


def test_other_versions_are_warned_of(halted):
    path = halted / "checkpoint.npz"
    arrays = load_arrays(path)
    versions = json.loads(str(arrays["versions"]))
    changed = json.dumps({**versions, "blas_threads": "7", "numpy": "1.0"})
    save_arrays(path, **{**arrays, "versions": changed})
    with pytest.warns(UserWarning, match=r"numpy 1\.0 \(now .*blas_threads 7 \(now "):
        resume(halted, progress=False)
    save_arrays(path, **{**load_arrays(path), "versions": changed})
    resume(halted, progress=False)  # a finished run computes no more bits: no warning


def test_another_processors_arithmetic_is_warned_of_and_an_older_file_that_notes_none_is_not(
    halted,
):
    path = halted / "checkpoint.npz"
    arrays = load_arrays(path)
    versions = json.loads(str(arrays["versions"]))
    assert versions["arithmetic"] == fingerprint()
    del versions["arithmetic"]
    save_arrays(path, **{**arrays, "versions": json.dumps(versions)})
    load_checkpoint(path, SMALL, make("Pendulum-v1"))
    changed = json.dumps({**versions, "arithmetic": "0badc0de"})
    save_arrays(path, **{**arrays, "versions": changed})
    with pytest.warns(UserWarning, match=rf"arithmetic 0badc0de \(now {fingerprint()}\)"):
        load_checkpoint(path, SMALL, make("Pendulum-v1"))


class Forgetful(Strange):
    """Every reset begins at another state, whatever its seed is."""

    resets = 0

    def reset(self, *, seed=None, options=None):
        Forgetful.resets += 1
        return super().reset(seed=Forgetful.resets)


class Breaking(Forgetful):
    """It raises an error when an episode is repeated, whatever the values are."""

    def step(self, action):
        if len(self.seeds) == 2 and self.at_step == 7:
            raise ConnectionError("the robot is gone")
        return super().step(action)


def test_an_environment_that_raises_when_it_is_rebuilt_begins_the_episode_again(halted):
    config = replace(SMALL, env_id="Pendulum-v1")
    state, arrays = load_checkpoint(halted / "checkpoint.npz", config, make("Pendulum-v1"))
    env = Environment(Breaking(Box(-9, 9, (3,)), Box(-2, 2, (1,))))
    env.reset(1)
    with pytest.warns(UserWarning, match="is not deterministic: .* 110 steps, begins again"):
        assert not rebuild_episode(state, env, arrays)
    assert env.steps == 310


def test_an_environment_that_does_not_repeat_itself_begins_the_episode_again(tmp_path, monkeypatch):
    env_id = "minddpg-tests/Forgetful-v0"
    gym.register(env_id, Forgetful, kwargs={"truncate_at": 50}, max_episode_steps=1000)
    config = replace(SMALL, env_id=env_id, total_steps=300)
    interrupt_at([130], monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train(config, tmp_path / "run", progress=False)
    with pytest.warns(UserWarning, match="is not deterministic: .* 30 steps, begins again"):
        run = resume(tmp_path / "run", progress=False)
    assert run.history["time/total_timesteps"][-1] == 300
    rows = (tmp_path / "run" / "monitor.csv").read_text().splitlines()[2:]
    assert [int(row.split(",")[1]) for row in rows] == [50, 50, 50, 50, 50]
    ends = [50, 100, 180, 230, 280]  # the episode of steps 101 to 130 began again
    assert [int(row.split(",")[3]) for row in rows] == ends
    assert read_episodes(tmp_path / "run" / "monitor.csv")[1].tolist() == ends


class Limited(Strange):
    """A wrapper sets its time limit: code that ignores the limit can continue to step."""

    limit = 200

    def step(self, action):
        *outcome, _, info = super().step(action)
        return *outcome, self.episode_step >= self.limit, info


def test_an_episode_that_ends_earlier_than_it_did_begins_again(tmp_path, monkeypatch):
    """Here the limit was lowered before the resume."""
    env_id = "minddpg-tests/Limited-v0"
    gym.register(env_id, Limited, max_episode_steps=1000)
    config = replace(SMALL, env_id=env_id, total_steps=30, warmup_steps=9, eval_every=0)
    for limit in (10, 14, 15):
        run_dir = tmp_path / f"{limit}"
        monkeypatch.setattr(Limited, "limit", 20)
        with monkeypatch.context() as patch:
            interrupt_at([15], patch)
            with pytest.raises(KeyboardInterrupt):
                train(config, run_dir, progress=False)
        monkeypatch.setattr(Limited, "limit", limit)
        with pytest.warns(UserWarning, match="is not deterministic: .* 15 steps, begins again"):
            resume(run_dir, more_steps=45, progress=False)
        rows = (run_dir / "monitor.csv").read_text().splitlines()[2:]
        assert [int(row.split(",")[1]) for row in rows] == [limit] * (60 // limit), limit


def test_noise_starts_anew_with_an_episode_that_begins_again(halted):
    env = make("Pendulum-v1")
    state, arrays = load_checkpoint(halted / "checkpoint.npz", SMALL, env)
    assert np.any(state.agent.noise.state)
    with pytest.warns(UserWarning, match="110 steps, begins again"):
        assert not rebuild_episode(state, env, {**arrays, "obs": arrays["obs"] + 1})
    assert not np.any(state.agent.noise.state)
    assert state.episode_actions == []
    np.testing.assert_array_equal(state.obs, env.reset(state.episode_seed))


def test_the_place_of_the_next_transition_in_the_replay_buffer_is_kept(halted):
    """The file stores it, because not every step need add one transition."""
    path = halted / "checkpoint.npz"
    arrays = load_arrays(path)
    assert arrays["replay_added"] == 310
    save_arrays(path, **{**arrays, "replay_added": np.int64(450)})
    state, _ = load_checkpoint(path, SMALL, make("Pendulum-v1"))
    assert (state.replay.added, state.step) == (450, 310)


def test_the_checkpoint_can_be_asked_for_by_sigterm(tmp_path, monkeypatch):
    interrupt_at([77], monkeypatch, signal.SIGTERM)
    with pytest.raises(SystemExit, match="step 77") as caught:
        train(SMALL, tmp_path / "run", progress=False)
    assert caught.value.code == 143
    assert load_arrays(tmp_path / "run" / "checkpoint.npz")["step"] == 77


def test_handlers_are_put_back():
    def mine(signum, frame):
        raise AssertionError

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(signum, mine) for signum in signals]
    try:
        train(replace(SMALL, total_steps=150), progress=False)
        assert [signal.getsignal(signum) for signum in signals] == [mine, mine]
    finally:
        for signum, handler in zip(signals, before, strict=True):
            signal.signal(signum, handler)


def test_a_huge_reward_is_divergence_with_the_updates_number_and_the_checkpoint_kept(tmp_path):
    trouble = {step: (np.zeros(4), 1e30) for step in range(250, 400)}
    env_id = register("Exploding", truncate_at=50, trouble=trouble)
    with pytest.raises(DivergenceError, match=r"update 1\d\d: critic_loss is inf"):
        train(replace(SMALL, env_id=env_id), tmp_path / "run", progress=False)
    saved = load_arrays(tmp_path / "run" / "checkpoint.npz")
    assert saved["step"] == 200
    assert all(np.isfinite(a).all() for k, a in saved.items() if a.dtype == np.float32)


@pytest.mark.parametrize("network", ["actor", "critic", "target_actor", "target_critic"])
def test_a_nan_in_any_network_is_divergence_before_it_reaches_a_checkpoint(
    network, tmp_path, monkeypatch
):
    class Planting(loop.RunLog):
        def end_of_step(self):
            if self.steps == 260:
                planted[-1][network].theta[5] = np.nan
            return super().end_of_step()

    planted = []

    def noting(agent, *args):
        original(agent, *args)
        planted.append(vars(agent))

    original = DDPG.__init__
    monkeypatch.setattr(DDPG, "__init__", noting)
    monkeypatch.setattr(loop, "RunLog", Planting)
    with pytest.raises(ValueError, match=r"update 121|the action is") as caught:
        train(SMALL, tmp_path / "run", progress=False)
    assert isinstance(caught.value, DivergenceError)
    assert load_arrays(tmp_path / "run" / "checkpoint.npz")["step"] == 200


def test_a_parameter_that_went_astray_after_the_last_update_reaches_no_checkpoint(
    tmp_path, monkeypatch
):
    original = DDPG.update

    def poisoning(agent, batch):
        metrics = original(agent, batch)
        if agent.actor_optimizer.steps == 300 - SMALL.warmup_steps:
            agent.target_critic.theta[0] = np.inf
        return metrics

    monkeypatch.setattr(DDPG, "update", poisoning)
    wanted = "step 300: target_critic is no longer finite; .*when-it-does-not-learn"
    with pytest.raises(DivergenceError, match=wanted):
        train(SMALL, tmp_path / "run", progress=False)
    assert load_arrays(tmp_path / "run" / "checkpoint.npz")["step"] == 200


def test_a_bad_learning_rate_is_accepted_but_its_stuck_actor_is_warned_of():
    with pytest.warns(UserWarning, match="lie at a bound"):
        train(replace(SMALL, actor_learning_rate=10.0, total_steps=300), progress=False)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_the_environment_breaks_reaches_neither_buffer_nor_checkpoint(value, tmp_path):
    trouble = {130: (np.full(4, value), 1.0)}
    env_id = register(f"Broken{value}", truncate_at=50, trouble=trouble)
    with pytest.raises(ValueError, match=r"step 130: .* observation\[0\]"):
        train(replace(SMALL, env_id=env_id), tmp_path / "run", progress=False)
    saved = load_arrays(tmp_path / "run" / "checkpoint.npz")
    assert saved["step"] == len(saved["replay_rows"]) == 129
    assert np.isfinite(saved["replay_rows"]).all()


# Real processes

PAUSED = replace(SMALL, env_id=pendulums.PAUSED)


def command(run_dir, config):
    """Return the command that trains with this config, as arguments of a process."""
    settings = {k: v for k, v in vars(config).items() if v != getattr(Config(), k)}
    flags = []
    for name, value in settings.items():
        values = value if isinstance(value, tuple) else [value]
        flags += [f"--{name.replace('_', '-')}", *map(str, values)]
    return [sys.executable, "-m", "minddpg", "train", "--quiet", "--run-dir", str(run_dir), *flags]


def go_on(run_dir):
    process = subprocess.run(
        [sys.executable, "-m", "minddpg", "resume", str(run_dir)],
        capture_output=True,
        text=True,
        env=with_tests_on_the_path(),
    )
    assert process.returncode == 0, process.stderr


def with_tests_on_the_path(**more):
    path = [str(Path(pendulums.__file__).parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path)), **more}


@pytest.fixture(scope="module")
def whole_paused(tmp_path_factory):
    """A run of PAUSED without interruption."""
    return train(PAUSED, tmp_path_factory.mktemp("runs") / "whole", progress=False)


@pytest.fixture
def waiting(tmp_path):
    """A process that trains with PAUSED and waits in step 350; its last checkpoint is at 300."""
    environment = with_tests_on_the_path(PAUSE_AT="350", PAUSE_IN=str(tmp_path))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command(tmp_path / "run", PAUSED), env=environment, **pipes) as process:
        try:
            while not (tmp_path / "reached").exists():
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.01)
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("signum", "code"),
    [pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow), (signal.SIGTERM, 143)],
)
def test_a_signal_leaves_a_checkpoint_one_line_and_its_exit_code(
    signum, code, waiting, whole_paused, tmp_path
):
    waiting.send_signal(signum)
    (tmp_path / "go").touch()
    out, err = waiting.communicate()
    assert (waiting.returncode, out) == (code, "")
    assert err.startswith("minddpg: stopped after step 350; continue with: minddpg resume ")
    assert err.count("\n") == 1
    assert load_arrays(tmp_path / "run" / "checkpoint.npz")["step"] == 350
    resume(tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole_paused.run_dir)


def test_a_killed_run_resumes_to_the_same_bits(waiting, whole_paused, tmp_path):
    waiting.kill()
    waiting.wait()
    assert load_arrays(tmp_path / "run" / "checkpoint.npz")["step"] == 300
    rows = (tmp_path / "run" / "progress.csv").read_text().splitlines()
    assert any(row.startswith("330,") for row in rows)  # written after the checkpoint
    resume(tmp_path / "run", progress=False)
    assert remains(tmp_path / "run") == remains(whole_paused.run_dir)


@pytest.mark.slow
def test_a_run_killed_at_twenty_random_times_goes_on_to_the_same_bits(tmp_path):
    config = replace(SMALL, total_steps=2000)
    start = time.monotonic()
    subprocess.run(command(tmp_path / "whole", config), check=True)
    seconds = time.monotonic() - start
    rng = np.random.default_rng()
    killed = tries = 0
    while killed < 20:
        tries += 1
        assert tries < 100
        run_dir = tmp_path / f"run{tries}"
        with subprocess.Popen(command(run_dir, config)) as process:
            time.sleep(rng.uniform(0.1, 1.0) * seconds)
            finished = process.poll() is not None
            process.kill()
        if finished or not (run_dir / "config.json").exists():
            continue
        killed += 1
        if (run_dir / "checkpoint.npz").exists():
            load_arrays(run_dir / "checkpoint.npz")
        go_on(run_dir)
        assert remains(run_dir) == remains(tmp_path / "whole")
        assert not list(run_dir.glob(".*"))


@pytest.mark.posix
def test_a_full_disk_is_named_and_the_earlier_checkpoint_survives(tmp_path):
    import resource

    run_dir = tmp_path / "run"
    config = replace(SMALL, total_steps=2000, warmup_steps=1900, replay_capacity=2000)
    process = subprocess.run(
        command(run_dir, config),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
    )
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith(
        f"minddpg: error: {run_dir / 'checkpoint.npz'}: File too large"
    )
    assert "Traceback" not in process.stderr
    step = int(load_arrays(run_dir / "checkpoint.npz")["step"])
    assert 200 <= step < 2000
    assert not list(run_dir.glob(".*"))
    assert resume(run_dir, progress=False).history["time/total_timesteps"][-1] == 2000


def test_a_damaged_checkpoint_is_refused_or_is_the_saved_one(halted):
    path, env = halted / "checkpoint.npz", make("Pendulum-v1")
    whole, expected = path.read_bytes(), load_arrays(path)
    rng = np.random.default_rng()
    ends = [*range(250), *range(len(whole) - 250, len(whole))]  # the archive's own records
    for position in (*rng.permutation(ends)[:150], *rng.integers(len(whole), size=90)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        try:
            state, _ = load_checkpoint(path, SMALL, env)
        except CheckpointError:
            continue
        rows = state.replay.rows[: len(state.replay)]
        assert rows.tobytes() == expected["replay_rows"].tobytes()
        assert state.agent.actor.theta.tobytes() == expected["actor"].tobytes()
        assert state.step == expected["step"]
    for size in rng.integers(len(whole), size=30):
        path.write_bytes(whole[:size])
        with pytest.raises(CheckpointError):
            load_checkpoint(path, SMALL, env)
