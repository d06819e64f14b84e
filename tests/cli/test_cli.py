"""The command line as a user calls it, in a separate process where that matters."""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from gymnasium import spaces
from pendulums import BRIEF
from PIL import Image
from strange_envs import register

from minddpg import DDPG, Config, __version__
from minddpg.cli import main
from minddpg.training.run_dir import write_config
from minddpg.training.video import record_here
from minddpg.verification import gradient_checks
from minddpg.verification.bugs import planted
from minddpg.verification.gradient_checks import check_equations, table

SHORT = ["--steps", "450", "--warmup-steps", "380", "--eval-every", "200", "--eval-episodes", "2"]
SHORT += ["--hidden-sizes", "8", "6"]
MINIMAL = ["--steps", "80", "--warmup-steps", "64", "--eval-every", "80", "--eval-episodes", "1"]
MINIMAL += ["--quiet"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "one"
    assert main(["train", *SHORT, "--quiet", "--run-dir", str(folder)]) == 0
    return folder


def die(*_):
    """Imitate a renderer without a display, which may abort its process."""
    os._exit(1)


def fails(capsys, *arguments):
    """Run a command that must fail with one clear line, and return that line."""
    assert main(list(arguments)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("minddpg: error: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_train_writes_policies_logs_and_a_figure_and_says_where(tmp_path, capfd):
    assert main(["train", *SHORT]) == 0
    out, err = capfd.readouterr()
    folder = tmp_path / "runs" / "Pendulum-v1-1"
    for name in ("policy.npz", "best_policy.npz", "learning_curve.png"):
        assert (folder / name).exists()
        assert os.path.join("runs", "Pendulum-v1-1", name) in out
    lines = err.splitlines()  # not a terminal: a plain line per evaluation
    assert "3.6 MB when 100,000 transitions" in lines[0]  # 9 float32 numbers each
    assert len(lines) == 4
    for part in ("200 of 450", "steps/s", "return", "best"):
        assert part in lines[1]


def test_a_finished_run_says_that_it_is_and_how_to_lengthen_it(run, capsys, no_figure):
    for quiet, told in (([], True), (["--quiet"], False)):
        assert main(["resume", str(run), *quiet]) == 0
        out, err = capsys.readouterr()
        line = "this run is finished: 450 of 450 steps; --steps N (in Python more_steps=N)"
        assert err == f"{line} extends it\n" * told
        assert ("last policy" in out) == told


def test_quiet_prints_nothing_and_each_run_gets_a_folder_of_its_own(capfd, no_figure):
    for n in (1, 2):
        assert main(["train", *SHORT, "--quiet"]) == 0
        assert os.path.exists(f"runs/Pendulum-v1-{n}/learning_curve.png")
    assert capfd.readouterr() == ("", "")


def test_every_setting_is_a_flag(no_figure):
    values = {
        "env_id": "Pendulum-v1",
        "total_steps": "120",
        "hidden_sizes": "7 5 4",
        "action_layer": "2",
        "noise": "ou",
        "dtype": "float64",
        "discount": "0.5",
        "tau": "0.25",
        "ou_dt": "0.5",
        "warmup_steps": "100",
        "eval_every": "60",
        "eval_episodes": "1",
    }
    flags = []
    for item in fields(Config):
        flag, value = item.name.replace("_", "-"), values.get(item.name, str(item.default))
        is_switch = isinstance(item.default, bool)  # set to true, which is not the default
        flags += [f"--{flag}"] if is_switch else [f"--{flag}", *value.split()]
    assert main(["train", *flags, "--quiet", "--run-dir", "all"]) == 0
    config = DDPG.load("all/policy.npz").config
    assert config == Config(
        total_steps=120,
        hidden_sizes=(7, 5, 4),
        action_layer=2,
        batch_norm=True,
        noise="ou",
        dtype="float64",
        discount=0.5,
        tau=0.25,
        ou_dt=0.5,
        warmup_steps=100,
        eval_every=60,
        eval_episodes=1,
        normalize_obs=True,
    )


def test_flags_override_the_preset(no_figure):
    arguments = ["train", *SHORT, "--preset", "paper", "--tau", "0.5", "--batch-size", "8"]
    assert main([*arguments, "--quiet", "--run-dir", "p"]) == 0
    config = DDPG.load("p/policy.npz").config
    assert (config.noise, config.critic_weight_decay, config.action_layer) == ("ou", 1e-2, 1)
    assert (config.tau, config.hidden_sizes) == (0.5, (8, 6))


def test_the_command_finds_a_module_in_this_folder_which_shadows_no_library(tmp_path):
    (tmp_path / "fractions.py").write_text("raise RuntimeError('shadowed')")
    (tmp_path / "mine.py").write_text(
        "import gymnasium as gym\n"
        "from gymnasium.envs.classic_control.pendulum import PendulumEnv\n"
        "gym.register('Mine-v0', entry_point=PendulumEnv, max_episode_steps=50)\n"
    )
    command = os.path.join(os.path.dirname(sys.executable), "minddpg")
    result = subprocess.run(
        [command, "train", "mine:Mine-v0", *MINIMAL], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "runs" / "mine-Mine-v0-1" / "policy.npz").exists()


def test_plot_draws_one_run_or_several(run, capsys):
    assert main(["plot", str(run)]) == 0
    assert capsys.readouterr().out.strip() == str(run / "learning_curve.png")
    shutil.copytree(run, "another")
    config = Path("another/config.json")
    config.write_text(config.read_text().replace('"tau": 0.02', '"tau": 1.0'))
    assert main(["plot", str(run), "another", "--out", "both.png"]) == 0
    header, first, second, path = capsys.readouterr().out.splitlines()
    assert header == "Pendulum-v1, return, evaluation without noise:"
    assert first.startswith("tau = 0.02, seed 0: -")
    assert second == first.replace("0.02", "1")
    assert path == "both.png"
    one, both = (np.asarray(Image.open(each)) for each in (run / "learning_curve.png", path))
    assert min(one.std(), both.std()) > 10  # not blank
    assert one.shape != both.shape  # a legend follows


@pytest.fixture
def brief(run, tmp_path):
    """A run folder with a policy for an environment whose episodes have 20 steps."""
    agent = DDPG.load(run / "policy.npz")
    agent.config = replace(agent.config, env_id=BRIEF, env_kwargs={"g": 9.5})
    (tmp_path / "brief").mkdir()
    agent.save(tmp_path / "brief" / "policy.npz")
    return tmp_path / "brief"


def test_watch_records_one_episode_as_a_video(brief, capsys):
    assert main(["watch", str(brief), "--gif", "video.gif", "--seed", "3"]) == 0
    assert 'video.gif: pendulums:Brief-v0 {"g": 9.5}, 20 steps, return -' in capsys.readouterr().out
    with Image.open("video.gif") as video:
        assert video.n_frames == 21
        first = np.asarray(video.convert("L"))
        video.seek(15)
        assert (np.asarray(video.convert("L")) != first).any()
    assert (first[-20:] < 128).any()  # the caption


@pytest.fixture
def quick_check(monkeypatch):
    """Let `check` use one small shape instead of all: another test makes the full table."""
    monkeypatch.setattr(gradient_checks, "check_equations", partial(check_equations, quick=True))


def test_check_prints_a_table_and_succeeds(quick_check, capsys):
    rows = check_equations(quick=True)
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert out == f"{table(rows)}\n{len(rows)} passed, 0 failed\n"
    for part in ("(4)", "(5)", "(6)", "∇a Q", "Linear", "complex", "rel. error", "tolerance"):
        assert part in out


def test_check_asks_for_the_full_table(monkeypatch):
    asked = []
    monkeypatch.setattr(
        gradient_checks, "check_equations", lambda *a, **k: asked.append((a, k)) or []
    )
    main(["check"])
    assert [(args, list(options)) for args, options in asked] == [((), ["finished"])]


def test_check_fails_when_a_gradient_is_wrong(quick_check, capsys):
    with planted("tanh-slope-at-output"):
        assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert out.count("FAILED") == int(out.splitlines()[-1].split()[-2]) > 0


# Bad input: one clear line, exit 1, nothing started


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["train", "Pendulun-v1"], ["Pendulun-v1", "Pendulum-v1"]),
        (["train", "CartPole-v1"], ["CartPole-v1", "Discrete"]),
        (["train", "--tau", "0"], ["tau = 0.0", "(0, 1]"]),
        (["train", "--hidden-sizes", "64", "-3"], ["hidden_sizes[1] = -3", "[1, inf)"]),
        (["train", "--dtype", "complex128"], ["complex128"]),
        (["train", "--replay-capacity", "99000000000"], ["replay_capacity", "memory"]),
        (["train", "A-v0", "--env-id", "B-v0"], ["A-v0", "B-v0"]),
        (["evaluate", "nowhere"], ["nowhere"]),
        (["watch", "nowhere"], ["nowhere"]),
        (["plot", "nowhere"], ["nowhere"]),
    ],
)
def test_wrong_input_gets_one_line_and_starts_nothing(arguments, parts, tmp_path, capsys):
    line = fails(capsys, *arguments)
    assert all(part in line for part in parts)
    assert not list(tmp_path.iterdir())


def test_a_space_of_another_kind_and_a_nan_get_one_line(capsys):
    unbounded = spaces.Box(-np.inf, np.inf, (2,))
    assert "unbounded" in fails(capsys, "train", register("unbounded", action_space=unbounded))
    trouble = {7: (np.array([0, np.nan, 0, 0]), 0.0)}
    line = fails(capsys, "train", register("nan-obs", trouble=trouble), "--quiet")
    assert "step 7" in line
    assert "observation[1] = nan" in line


def test_a_folder_that_holds_a_run_is_refused_unless_told_to_overwrite(run, capsys):
    before = (run / "policy.npz").read_bytes()
    line = fails(capsys, "train", *SHORT, "--seed", "1", "--run-dir", str(run))
    assert "already holds a run" in line
    assert "--overwrite" in line
    assert (run / "policy.npz").read_bytes() == before


def test_a_figure_or_video_is_not_replaced_silently_and_needs_a_folder(run, tmp_path, capsys):
    nowhere = Path("nowhere")
    for command, name in ((["plot", "--out"], "mine.png"), (["watch", "--gif"], "mine.gif")):
        (tmp_path / name).write_text("mine")
        assert f"{name} exists" in fails(capsys, command[0], str(run), command[1], name)
        assert (tmp_path / name).read_text() == "mine"
        line = fails(capsys, command[0], str(run), command[1], str(nowhere / name))
        assert f"{nowhere / name}: there is no folder nowhere" in line
    for runs in ([str(run), str(nowhere)], [str(nowhere)]):  # runs are checked first
        assert "not a run folder" in fails(capsys, "plot", *runs, "--out", "mine.png")
    assert not nowhere.exists()
    assert main(["plot", str(run), "--out", "mine.png", "--overwrite"]) == 0


def test_a_gif_is_not_written_under_the_name_of_another_format(run, tmp_path, capsys):
    for name in ("video.mp4", "video"):
        assert "must end in .gif" in fails(capsys, "watch", str(run), "--gif", name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for command in (["train", *SHORT, "--run-dir"], ["study", "tau", "--quiet", "--dir"]):
        for folder in ("file", os.path.join("file", "folder")):
            line = fails(capsys, *command, folder)
            assert "file is a file, not a folder: choose another name" in line, command


def test_a_damaged_policy_is_named_with_its_path(tmp_path, run, capsys):
    (tmp_path / "broken").mkdir()
    whole = (run / "policy.npz").read_bytes()
    (tmp_path / "broken" / "policy.npz").write_bytes(whole[: len(whole) // 2])
    assert os.path.join("broken", "policy.npz") in fails(capsys, "evaluate", "broken")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("config.json", "{"), ("config.json", "{}"), ("evaluations.npz", "x")),
        *(("monitor.csv", ""), ("monitor.csv", "#{}\nr,l,t\n-1.5,oops,1\n")),
        ("progress.csv", "time/total_timesteps,train/q_mean\n200,oops\n"),
    ],
)
def test_a_damaged_run_is_named_when_it_is_drawn(name, content, run, tmp_path, capsys):
    shutil.copytree(run, tmp_path / "broken")
    (tmp_path / "broken" / name).write_text(content)
    assert "broken" in fails(capsys, "plot", "broken", "--out", "new.png")


def test_a_study_folder_is_not_taken_for_a_run_folder(tmp_path, capsys):
    (tmp_path / "study" / "runs").mkdir(parents=True)
    line = fails(capsys, "plot", "study", "--out", "new.png")
    assert f"the runs of a study are in {os.path.join('study', 'runs')}" in line
    assert "study" not in fails(capsys, "plot", "nowhere")


def test_a_renderer_that_dies_is_reported_in_one_line(run, capsys, monkeypatch):
    monkeypatch.setattr("minddpg.training.video.record_here", die)
    assert main(["watch", str(run), "--gif", "video.gif"]) == 1
    before, line = capsys.readouterr().err.splitlines()
    assert before == "recording one episode of Pendulum-v1"
    assert line.startswith("minddpg: error: the renderer of Pendulum-v1 died")


def test_a_video_is_written_whole_or_not_at_all(brief, tmp_path, monkeypatch):
    def save_half(self, file, **_):
        with open(file, "wb") if isinstance(file, Path) else file as half:
            half.write(b"GIF89a")
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("MUJOCO_GL", "egl")
    monkeypatch.setattr(Image.Image, "save", save_half)
    agent, folder = DDPG.load(brief / "policy.npz"), tmp_path / "videos"
    folder.mkdir()
    with pytest.raises(OSError, match="No space"):
        record_here(agent, agent.config.env_id, 0, folder / "video.gif")
    assert not list(folder.iterdir())


def test_a_policy_that_was_never_saved_is_explained(tmp_path, capsys):
    (tmp_path / "early").mkdir()
    write_config(tmp_path / "early", Config())
    assert "first evaluation" in fails(capsys, "evaluate", "early")


def test_a_folder_of_runs_and_a_file_of_a_run_are_not_taken_for_a_run_folder(run, capsys):
    file = run / "policy.npz"
    for command in ("evaluate", "watch", "export", "plot", "resume"):
        assert "this is not a run folder" in fails(capsys, command, str(run.parent)), command
        line = fails(capsys, command, str(file))
        assert f"{file}: this is a file, not a run folder: give the run's folder\n" in line, command


def test_debug_lets_the_error_through_with_its_traceback():
    with pytest.raises(TypeError, match="CartPole-v1"):
        main(["train", "CartPole-v1", "--debug"])


def test_arguments_that_cannot_be_parsed_exit_2(capsys):
    for arguments in ([], ["fly"], ["train", "--tau", "fast"], ["train", "--noise", "pink"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2, arguments
        assert "usage: minddpg" in capsys.readouterr().err


def test_version_and_help(monkeypatch, capsys):
    version = subprocess.run([sys.executable, "-m", "minddpg", "--version"], capture_output=True)
    assert version.stdout.decode().split() == ["minddpg", __version__]
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as caught:
        main(["train", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for item in fields(Config):
        assert f"--{item.name.replace('_', '-')}" in text
        assert item.metadata["help"] in text
    assert "default 0.99" in text


def test_one_blas_thread_unless_the_user_says_otherwise():
    code = "import minddpg.cli, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
        result = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={**environment, **given},
        )
        assert result.stdout.strip() == expected


def test_check_truth_prints_the_exact_row_and_four_gaps(capsys):
    assert main(["check", "--truth"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert lines[1].endswith("passed")
    assert [line.split(":")[0] for line in lines[2:]] == ["gap 1", "gap 2", "gap 3", "gap 4"]


def test_an_empty_name_is_not_the_current_folder(tmp_path, capsys):
    """As in --run-dir "$UNSET"."""
    for arguments in (["train", "--run-dir", ""], ["resume", ""], ["study", "tau", "--dir", ""]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert "the name is empty" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_picture_that_does_not_fit_on_the_disk_makes_no_finished_run_fail(monkeypatch, capsys):
    def full(run, path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("minddpg.training.plots.learning_curve", full)
    assert main(["train", *MINIMAL, "--run-dir", "r"]) == 0
    assert "finished and saved, but its picture is not" in capsys.readouterr().err
    assert main(["resume", "r"]) == 0
    assert capsys.readouterr().out.startswith("last policy    return ")
