"""The bugs: each can be planted, changes a run, and leaves nothing behind."""

import inspect
import json
import sys
import threading
import warnings
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from pendulums import BRIEF

from minddpg import DDPG, CheckpointError, Config, evaluate, resume, train
from minddpg.cli import main
from minddpg.training.run_dir import read_bug, versions
from minddpg.verification.bugs import BUGS, active, planted

SHORT = {"total_steps": 150, "warmup_steps": 50, "eval_every": 75, "eval_episodes": 1}
FLAGS = ["--steps", "300", "--warmup-steps", "100", "--eval-every", "150", "--eval-episodes", "1"]


def test_a_bug_is_gone_after_its_block_whatever_happens():
    for name, bug in BUGS.items():
        modules = [sys.modules[edit.function.__module__] for edit in bug.edits]
        owners = [*(owner for owner, *_ in bug.patches), *modules]
        before = [dict(vars(owner)) for owner in owners]
        with planted(name):
            for owner, attribute, replacement in bug.patches:
                assert vars(owner)[attribute] is replacement, name
                assert replacement is not before[owners.index(owner)][attribute], name
        assert [dict(vars(owner)) for owner in owners] == before, name
        with suppress(KeyError), planted(name):
            raise KeyError
        assert [dict(vars(owner)) for owner in owners] == before, name


def test_there_are_many_bugs_and_each_has_its_story_in_a_line():
    assert len(BUGS) >= 42
    for bug in BUGS.values():
        assert bug.story.endswith(".")
        assert 30 < len(bug.story) < 110
        assert "\n" not in bug.story
        assert not bug.source or bug.source.startswith("github.com/")
    assert sum(bool(bug.source) for bug in BUGS.values()) >= 14
    assert len({bug.story for bug in BUGS.values()}) == len(BUGS)


def test_an_unknown_bug_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"^there is no bug 'polyak'; the nearest: polyak-rev\w+$"):
        planted("polyak")
    with pytest.raises(ValueError, match="no bug 'xyzzy'; `minddpg check --bugs` lists all"):
        planted("xyzzy")  # nothing is near


@pytest.mark.slow  # test_bug_effects.py tests the effect of each bug in the fast suite
def test_every_bug_changes_a_run_except_one_that_needs_termination():
    """The bits are compared at the settings that the bug needs."""
    small = {"hidden_sizes": (8, 6), "batch_size": 16, "replay_capacity": 150}
    steps = {"total_steps": 240, "warmup_steps": 100, "eval_every": 240, "eval_episodes": 1}
    columns = ("eval/mean_reward", "train/critic_loss", "train/actor_loss")

    @cache
    def values(bug, **settings):
        config = Config(**steps, **{**settings, **small})
        with planted(bug) if bug else nullcontext(), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            history = train(config, progress=False).history
        return np.array([history[column] for column in columns])

    unchanged = []
    for name, bug in BUGS.items():
        if np.array_equal(values("", **bug.settings), values(name, **bug.settings), equal_nan=True):
            unchanged.append(name)
    assert unchanged == ["mask-missing"]  # Pendulum never terminates


@pytest.mark.slow
def test_a_run_with_a_bug_says_so_and_is_resumed_with_it(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["train", "--bug", "action-scale", *FLAGS, "--anneal-from", "1"]
    assert main(arguments) == 0
    assert "with the bug action-scale: The action scale is forgotten" in capsys.readouterr().err
    folder = tmp_path / "runs" / "Pendulum-v1-action-scale-1"
    assert read_bug(folder) == "action-scale"
    assert main(["resume", str(folder), "--steps", "100"]) == 0
    assert "with the bug action-scale" in capsys.readouterr().err
    assert main([*arguments, "--steps", "400", "--run-dir", "whole", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    resumed, whole = DDPG.load(folder / "policy.npz"), DDPG.load("whole/policy.npz")
    assert np.array_equal(resumed.actor.theta, whole.actor.theta)

    assert main(["evaluate", str(folder), "--episodes", "2"]) == 0
    captured = capsys.readouterr()
    assert "with the bug action-scale" in captured.err
    with planted("action-scale"):
        mean = evaluate(resumed, "Pendulum-v1", 2, 10_000).mean
    assert f"return {mean:.1f}" in captured.out
    assert mean != evaluate(resumed, "Pendulum-v1", 2, 10_000).mean

    resumed.config = replace(resumed.config, env_id=BRIEF)  # a short video
    resumed.save(folder / "policy.npz")
    assert main(["watch", str(folder), "--seed", "10000", "--gif", "video.gif"]) == 0
    captured = capsys.readouterr()
    assert "with the bug action-scale" in captured.err
    with planted("action-scale"):
        alone = evaluate(resumed, BRIEF, 1, 10_000).mean
    assert f"return {alone:.1f}" in captured.out
    assert f"{alone:.1f}" != f"{evaluate(resumed, BRIEF, 1, 10_000).mean:.1f}"


def test_a_bug_brings_the_settings_that_it_needs_and_flags_override_them(tmp_path):
    folder = tmp_path / "run"
    arguments = ["train", "--bug", "ou-uniform", *FLAGS, "--noise-scale", "0.4", "--quiet"]
    assert main([*arguments, "--run-dir", str(folder)]) == 0
    config = DDPG.load(folder / "policy.npz").config
    assert (config.noise, config.noise_scale) == ("ou", 0.4)


def versions_of(run_dir):
    return json.loads((run_dir / "config.json").read_text())["versions"]


def test_a_run_with_a_bug_is_resumed_in_python_only_while_that_bug_is_planted(tmp_path):
    config = Config(**SHORT, anneal_from=1.0)
    with planted("actor-sign"):
        whole = train(replace(config, total_steps=160), progress=False)
        train(config, tmp_path, progress=False)
    assert versions_of(tmp_path)["bug"] == "actor-sign"
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    wanted = rf"trained with the bug actor-sign: .* minddpg resume {tmp_path} .*actor-sign"
    with pytest.raises(CheckpointError, match=wanted) as caught:
        resume(tmp_path, more_steps=10, progress=False)
    assert "\n" not in str(caught.value)
    assert 'with planted("actor-sign")' in str(caught.value)
    with planted("actor-summed"), pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    (tmp_path / "checkpoint.npz").rename(tmp_path / "moved")  # without it a resume begins again
    with pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    (tmp_path / "moved").rename(tmp_path / "checkpoint.npz")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    with planted("actor-sign"):
        resumed = resume(tmp_path, more_steps=10, progress=False)
    assert np.array_equal(resumed.agent.actor.theta, whole.agent.actor.theta)
    assert versions_of(tmp_path)["bug"] == "actor-sign"


def test_a_correct_run_is_not_resumed_while_a_bug_is_planted(tmp_path):
    train(Config(**SHORT), tmp_path, progress=False)
    assert "bug" not in versions_of(tmp_path)
    wanted = "trained without the bug actor-sign, which is planted now"
    with planted("actor-sign"), pytest.raises(CheckpointError, match=wanted):
        resume(tmp_path, more_steps=10, progress=False)
    resume(tmp_path, more_steps=10, progress=False)


def test_a_run_without_a_bug_has_none(tmp_path):
    train(Config(**SHORT), tmp_path, progress=False)
    assert read_bug(tmp_path) == ""
    assert read_bug(tmp_path / "nothing") == ""


def test_the_active_bug_is_the_innermost_one_and_every_thread_sees_it(tmp_path):
    seen = []
    assert active() == ""
    with planted("actor-sign"):
        with planted("one-start"):
            assert active() == "one-start"
            thread = threading.Thread(target=lambda: seen.extend([active(), versions()["bug"]]))
            thread.start()
            thread.join()
        assert active() == "actor-sign"
        with suppress(KeyError), planted("one-start"):
            raise KeyError
        assert active() == "actor-sign"
    assert active() == ""
    assert "bug" not in versions()
    assert seen == ["one-start", "one-start"]


def test_a_planted_function_is_called_as_the_original_is():
    """It has the same names and defaults, so that a call with keywords also works with a bug."""
    wrong = []
    for bug, owner, name, replacement in patches():
        kept, new = [
            [(p.name, p.default) for p in inspect.signature(each).parameters.values()]
            for each in (vars(owner)[name], replacement)
        ]
        more = new[len(kept) :]  # a parameter that the bug adds for its own use
        if new[: len(kept)] != kept or any(
            default is inspect.Parameter.empty for _, default in more
        ):
            wrong.append(f"{bug}: {name} has {new}, not {kept}")
    assert not wrong


def patches():
    return [(bug, *patch) for bug, each in BUGS.items() for patch in each.patches]


def test_bugs_replace_public_names_only():
    for bug in BUGS.values():
        for owner, name, _ in bug.patches:
            assert not name.startswith("_") or name.endswith("__"), f"{owner}: {name}"
