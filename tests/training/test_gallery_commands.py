"""Ten odd environments from the first command to the last: train, resume, evaluate, watch."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import gallery
import numpy as np
import pytest

from minddpg import evaluate, resume, run_study, train
from minddpg.cli import main
from minddpg.training.video import record_here


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder, and record videos in this process, where `now` is set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("minddpg.training.video.record", record_here)
    monkeypatch.setattr(gallery, "now", gallery.Plain)


def bits(run):
    return b"".join(array.tobytes() for array in run.agent.arrays().values())


def played(agent, make, seed):
    """Return the sum of rewards and the number of steps of one episode, computed directly."""
    env, rewards, over = make(), [], False
    obs, _ = env.reset(seed=seed)
    while not over:
        action = agent.predict(np.array(obs))[0].reshape(env.action_space.shape)
        obs, reward, terminated, truncated, _ = env.step(action)
        rewards.append(float(reward))
        over = bool(terminated or truncated)
    return sum(rewards), len(rewards)


@pytest.mark.slow
def test_usable_environments_resume_evaluate_draw_and_study_to_the_same_numbers():
    for name, make in gallery.USABLE.items():
        gallery.now = make
        whole = train(gallery.CONFIG, progress=False)
        stopped = train(gallery.CONFIG, f"run of {name}", progress=False, on_row=lambda row: True)
        assert bits(stopped) != bits(whole), name
        assert bits(resume(stopped.run_dir, progress=False)) == bits(whole), name
        total, steps = played(whole.agent, make, 5)
        found = evaluate(whole.agent, gallery.ODD, episodes=1, seed=5)
        assert (found.returns[0], found.lengths[0]) == (total, steps), name
        assert record_here(whole.agent, gallery.ODD, 5, f"{name}.gif") == (total, steps), name
        with ThreadPoolExecutor(1) as pool:
            configs = [gallery.CONFIG, replace(gallery.CONFIG, seed=1)]
            runs = run_study(configs, executor=pool, study_dir=f"study of {name}", progress=False)
        assert bits(runs[0]) == bits(whole) != bits(runs[1]), name


def line(capsys, *command):
    """Run a command that must fail with one line; return this line."""
    assert main(list(command)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("minddpg: error: ").rstrip("\n")


def trained():
    train(replace(gallery.CONFIG, total_steps=12), "run", progress=False)


def test_every_command_names_what_an_environment_raised_and_how_to_see_where(capsys):
    """Here an environment fails only after training."""
    trained()
    gallery.now = lambda **options: gallery.Fails(KeyError("sensor"), **options)
    raised = "Odd-v0 stopped with KeyError: 'sensor' (--debug shows where)"
    assert line(capsys, "train", gallery.ODD, "--quiet", "--run-dir", "new") == f"step 3: {raised}"
    at = "step 3 of the episode with seed 7: "
    assert line(capsys, "evaluate", "run", "--policy", "last", "--seed", "7") == at + raised
    watch = ("watch", "run", "--policy", "last", "--seed", "7", "--gif", "odd.gif")
    assert line(capsys, *watch) == at + raised


def test_every_command_names_the_old_interface(capsys):
    trained()
    gallery.now = gallery.four_values
    _, words = gallery.REMEDIES["four values in a time limit"]
    returned = f"{words.removeprefix('step 1: ')} (--debug shows where)"
    assert line(capsys, "train", gallery.ODD, "--run-dir", "n", "--quiet") == f"step 1: {returned}"
    at = "step 1 of the episode with seed 7: "
    assert line(capsys, "evaluate", "run", "--policy", "last", "--seed", "7") == at + returned


@pytest.mark.filterwarnings("default")
def test_every_command_warns_of_statistics_by_the_wrappers_name(capsys):
    make, (warning,) = gallery.STATISTICS["NormalizeObservation"]
    gallery.now = make
    shape = ("--hidden-sizes", "4", "--batch-size", "8", "--steps", "12", "--warmup-steps", "8")
    for command in (
        ("train", gallery.ODD, "--quiet", "--run-dir", "run", *shape, "--eval-episodes", "1"),
        ("resume", "run", "--quiet", "--steps", "12"),
        ("evaluate", "run", "--episodes", "2"),
        ("watch", "run", "--gif", "odd.gif"),
    ):
        assert main(list(command)) == 0
        assert capsys.readouterr().err.count(f"minddpg: warning: {warning}\n") == 1, command[0]


@pytest.mark.filterwarnings("default")
def test_an_error_in_close_spoils_no_command(capsys):
    gallery.now = gallery.ClosesBadly
    shape = ("--hidden-sizes", "4", "--batch-size", "8", "--steps", "12", "--warmup-steps", "8")
    for command in (
        ("train", gallery.ODD, "--quiet", "--run-dir", "run", *shape, "--eval-episodes", "1"),
        ("evaluate", "run", "--episodes", "2"),
        ("watch", "run", "--gif", "odd.gif"),
    ):
        assert main(list(command)) == 0
        warning = "warning: closing Odd-v0 failed: OSError: the port is gone\n"
        assert warning in capsys.readouterr().err, command[0]
