"""A run folder may name a module: it is printed before it is imported, or refused."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import gymnasium as gym
import pytest

from minddpg import DDPG
from minddpg.cli import main
from minddpg.cli.env_import import announce_import

TINY = ["--steps", "30", "--warmup-steps", "25", "--eval-every", "30", "--eval-episodes", "1"]
TINY += ["--hidden-sizes", "4", "--batch-size", "4", "--quiet"]
STRANGER = """
import gymnasium as gym
from gymnasium.envs.classic_control.pendulum import PendulumEnv
open("ran", "w").close()
gym.register("Stranger-v0", entry_point=PendulumEnv, max_episode_steps=20)
"""


@pytest.fixture
def stranger(tmp_path, monkeypatch, no_figure):
    """A run folder with a module that it names; importing the module makes the file `ran`."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "stranger.py").write_text(STRANGER)
    assert main(["train", "stranger:Stranger-v0", *TINY, "--run-dir", "run"]) == 0
    forget(tmp_path)
    return tmp_path / "run"


def forget(folder):
    sys.modules.pop("stranger", None)
    gym.registry.pop("Stranger-v0", None)
    (folder / "ran").unlink()


def test_what_a_file_names_is_printed_before_it_is_imported(stranger, capsys, monkeypatch):
    folder = stranger.parent
    said_first = []
    monkeypatch.setattr(
        "minddpg.cli.env_import.say",
        lambda line: said_first.append((line, (folder / "ran").exists())),
    )
    monkeypatch.setattr("minddpg.training.video.record", lambda *_: (0.0, 0))
    for arguments, file in (
        (["evaluate", "run", "--episodes", "1"], "policy.npz"),
        (["evaluate", "run", "--episodes", "1", "--policy", "best"], "best_policy.npz"),
        (["watch", "run"], "policy.npz"),
        (["resume", "run", "--quiet"], "config.json"),
    ):
        assert main(arguments) == 0
        [(line, had_run)] = said_first
        assert not had_run, arguments
        assert f"importing stranger ({folder / 'stranger.py'})" in line
        assert str(Path("run") / file) in line
        said_first.clear()
        (folder / "ran").touch()
        forget(folder)


def test_no_env_import_refuses_it(stranger, capsys):
    before = {path.name: path.read_bytes() for path in stranger.iterdir()}
    for command in ("evaluate", "watch", "resume"):
        assert main([command, "run", "--no-env-import"]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        for part in ("--no-env-import", "stranger.py", "stranger:Stranger-v0", "run"):
            assert part in err, (command, part)
    assert not (stranger.parent / "ran").exists()
    assert {path.name: path.read_bytes() for path in stranger.iterdir()} == before


def test_an_id_without_a_module_or_typed_by_the_user_is_not_announced(stranger, capsys):
    folder = stranger.parent
    assert main(["train", "stranger:Stranger-v0", *TINY, "--run-dir", "typed"]) == 0
    assert main(["train", *TINY, "--run-dir", "plain"]) == 0
    path = list(sys.path)
    for command in (["evaluate", "plain", "--episodes", "1"], ["resume", "plain", "--quiet"]):
        assert main([*command, "--no-env-import"]) == 0
    assert "importing" not in capsys.readouterr().err
    assert sys.path == path  # so nothing in the current folder can be imported by accident
    forget(folder)
    assert main(["plot", "run"]) == 0
    assert not (folder / "ran").exists()


def test_the_file_is_found_without_importing_the_packages_above_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", [*sys.path])
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").write_text("raise AssertionError")
    (inner / "worlds.py").write_text("raise AssertionError")
    (tmp_path / "bare" / "deep").mkdir(parents=True)
    (tmp_path / "bare" / "deep" / "time.py").write_text("raise AssertionError")
    for module, found in (
        ("outer.inner.worlds", inner / "worlds.py"),
        ("outer.inner", inner / "__init__.py"),
        ("outer.nothing", "no file found"),
        ("outer.inner.worlds.nothing", "no file found"),
        ("nowhere", "no file found"),
        ("bare.deep", "no file found"),
        ("bare.deep.time", tmp_path / "bare" / "deep" / "time.py"),
        ("", "no file found"),
        (".outer", "no file found"),
        ("gymnasium", sys.modules["gymnasium"].__file__),
        ("sys", "no file found"),
    ):
        announce_import(f"{module}:X-v0", Path("run/policy.npz"), allowed=True)
        assert f"importing {module} ({found})" in capsys.readouterr().err, module
    assert "outer" not in sys.modules


def test_escapes_in_a_file_reach_no_terminal(stranger, tmp_path, capsys):
    agent = DDPG.load(stranger / "policy.npz")
    shutil.copytree(stranger, tmp_path / "other")
    for env_id in ("\x1b[2J\x9b1mgone:X-v0", "\x1b]0;title\x07-v0", "a\r\nb-v0"):
        agent.config = replace(agent.config, env_id=env_id)
        agent.save(tmp_path / "other" / "policy.npz")
        for flags in ([], ["--no-env-import"]):
            assert main(["evaluate", "other", *flags]) == 1
            out, err = capsys.readouterr()
            assert (out + err).replace("\n", "").isprintable(), env_id
            assert err.splitlines()[-1].startswith("minddpg: error: ")
