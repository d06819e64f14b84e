"""The bug zoo: each bug can be planted and is caught, and leaves nothing behind."""

import json
import threading
import warnings
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from minddpg import DDPG, CheckpointError, Config, evaluate, resume, train
from minddpg.cli import main
from minddpg.course.engine.exercise import BEHAVIOUR, GRADIENT, PROPERTY
from minddpg.course.kill_matrix import (
    NO_BUG,
    examine,
    exit_code,
    markdown,
    of_claims,
    of_equations,
    of_exercises,
    row,
    summary,
)
from minddpg.course.precomputed import precomputed
from minddpg.experiments.bug_study import CORRECT, control_of, variants
from minddpg.training.run_dir import read_bug, versions
from minddpg.verification import loop_properties as behaviours_module
from minddpg.verification.bugs import BUGS, active, planted
from minddpg.verification.loop_properties import behaviours
from minddpg.verification.properties import PROPERTIES

ROOT = Path(__file__).parents[2]
SHORT = {"total_steps": 300, "warmup_steps": 100, "eval_every": 150, "eval_episodes": 1}
FLAGS = ["--steps", "300", "--warmup-steps", "100", "--eval-every", "150", "--eval-episodes", "1"]

NAMED = {  # what a check of the course calls it
    "actor-sign": "sign flipped",
    "actor-summed": "factor N",
    "actor-averaged-twice": "factor 1/N",
    "replayed-action": "gradient at the replayed action",
    "broadcast": "(B, B) broadcast",
    "bias-averaged": "factor 1/N",
    "relu-slope-missing": "slope missing",
    "tanh-slope-at-output": "slope at the output, where the input is meant",
    "polyak-reversed": "Polyak reversed",
    "mask-missing": "terminated ignored",
    "mask-flipped": "mask flipped",
    "discount-missing": "discount missing",
    "adam-uncorrected": "no bias correction",
    "unwritten-rows": "unwritten slots sampled",
    "newest-only": "always the newest",
    "wraparound": "wraparound off by one",
    "by-reference": "no copy in the buffer",
    "action-scale": "action scale forgotten",
    "not-clipped": "not clipped",
    "noise-never-reset": "reset missing",
}
SILENT = {  # the kinds that do not see it: of gradients those of the loss that was written
    GRADIENT: ("broadcast", "mask-flipped", "polyak-reversed", "by-reference", "rates-swapped"),
    PROPERTY: ("actor-sign", "by-reference", "noisy-evaluation"),
    BEHAVIOUR: ("actor-sign", "mask-flipped", "targets-apart", "broadcast"),
}


@pytest.fixture(scope="module")
def found():
    """The whole matrix, examined once."""
    return {name: examine(name) for name in (NO_BUG, *BUGS)}


def test_right_code_is_passed_by_every_check():
    assert examine(NO_BUG).objections == ()


@pytest.mark.parametrize("bug", BUGS)
def test_every_bug_is_caught(bug):
    with planted(bug):
        assert next(chain(of_claims(), of_exercises(), of_equations()))


@pytest.mark.slow
@pytest.mark.parametrize(("bug", "mistake"), NAMED.items())
def test_a_bug_that_a_learner_makes_too_is_named(bug, mistake, found):
    assert any(each.text.startswith(f"{mistake} (") for each in found[bug].objections)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SILENT)
def test_no_kind_of_check_is_enough(kind, found):
    for bug in SILENT[kind]:
        assert not found[bug].of(kind), bug
    alone = [name for name, each in found.items() if {o.kind for o in each.objections} == {kind}]
    assert alone  # nor can any be left out


@pytest.mark.slow
def test_each_property_and_each_behaviour_is_broken_by_some_bug(found):
    texts = {each.text for findings in found.values() for each in findings.objections}
    for claim in (*PROPERTIES, *behaviours()):
        if claim.sentence != UPDATES:
            assert f"not so: {claim.sentence}" in texts


UPDATES = "there is one update for every step after the warm-up"


def test_a_loop_that_leaves_updates_out_breaks_a_behaviour(monkeypatch):
    right = DDPG.update
    calls = []

    def every_other(self, batch):
        calls.append(batch)
        zeros = dict.fromkeys(("q_mean", "q_min", "q_max", "critic_loss", "actor_loss"), 0.0)
        return right(self, batch) if len(calls) % 2 else zeros

    monkeypatch.setattr(DDPG, "update", every_other)
    (claim,) = [each for each in behaviours() if each.sentence == UPDATES]
    assert not claim.holds()


def test_a_loop_that_stops_is_an_objection_and_no_crash(monkeypatch):
    def broken():
        raise ZeroDivisionError("of the loop")

    monkeypatch.setattr(behaviours_module, "short_run", broken)
    texts = [each.text for each in examine(NO_BUG).objections]
    assert texts == ["stops with ZeroDivisionError: of the loop"]


@pytest.mark.slow
def test_matrix_and_summary_show_what_was_found(found):
    rows = list(found.values())
    assert exit_code(rows) == 0
    assert exit_code([found["actor-sign"]]) == 0
    assert exit_code([examine_as_right(found["actor-sign"])]) == 1
    line = row(found["actor-sign"])
    assert line.startswith("actor-sign ")
    assert line.count(" x ") == 1
    assert "by none: none" in summary(rows)
    lines = markdown(rows).splitlines()
    assert len(lines) == 2 + 1 + len(BUGS)
    assert all(line.count("|") == 5 for line in lines)


@pytest.mark.slow
def test_the_page_of_the_zoo_is_what_the_zoo_says(found):
    """Written by: python docs/_generate/bug_zoo.py > docs/bug-zoo.md"""
    page = (ROOT / "docs" / "bug-zoo.md").read_text()
    assert markdown(list(found.values())) in page
    assert summary(list(found.values())) in page
    for name, bug in BUGS.items():
        assert f"| `{name}` | {bug.story.replace('|', chr(92) + '|')} | {bug.source} |" in page


@pytest.mark.slow
def test_the_recorded_matrix_of_chapter_11_is_what_the_zoo_says(found):
    """Written by: python -m minddpg.course.precomputed ch11/matrix"""
    kept = precomputed("ch11/matrix")
    assert list(kept["names"]) == list(found)
    for each, counts, first in zip(found.values(), kept["counts"], kept["first"], strict=True):
        assert [len(each.of(kind)) for kind in kept["kinds"]] == counts.tolist()
        assert [(*each.of(kind), "")[0] for kind in kept["kinds"]] == first.tolist()


def examine_as_right(findings):
    return type(findings)(NO_BUG, findings.objections)


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_gone_after_its_block_whatever_happens(bug):
    before = [vars(owner)[name] for owner, name, _ in BUGS[bug].patches]
    with planted(bug):
        now = [vars(owner)[name] for owner, name, _ in BUGS[bug].patches]
        assert all(a is not b for a, b in zip(now, before, strict=True))
    with suppress(KeyError), planted(bug):
        raise KeyError
    after = [vars(owner)[name] for owner, name, _ in BUGS[bug].patches]
    assert all(a is b for a, b in zip(after, before, strict=True))


def test_the_zoo_is_large_and_each_bug_tells_its_story_in_a_line():
    assert len(BUGS) >= 36
    for bug in BUGS.values():
        assert bug.story.endswith(".")
        assert 30 < len(bug.story) < 110
        assert "\n" not in bug.story
        assert not bug.source or bug.source.startswith("github.com/")
    assert sum(bool(bug.source) for bug in BUGS.values()) >= 8
    assert len({bug.story for bug in BUGS.values()}) == len(BUGS)


def test_an_unknown_bug_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"no bug 'polyak'.*polyak-reversed"):
        planted("polyak")


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_changes_a_run_or_the_run_says_why_not(bug):
    """Bit by bit, in 300 steps at the settings that it needs."""
    small = {"hidden_sizes": (8, 6), "batch_size": 16, "replay_capacity": 150}
    config = Config(**{**SHORT, **BUGS[bug].settings, **small})
    right = train(config, progress=False)
    with planted(bug), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        wrong = train(config, progress=False)
    columns = ("eval/mean_reward", "train/critic_loss", "train/actor_loss")
    same = all(np.array_equal(right.history[c], wrong.history[c], equal_nan=True) for c in columns)
    assert same == (bug == "mask-missing")  # Pendulum never terminates


def test_a_run_with_a_bug_says_so_and_goes_on_with_it(tmp_path, capsys, monkeypatch):
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


def test_a_bug_brings_the_settings_that_it_needs_and_flags_come_above(tmp_path):
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
        whole = train(replace(config, total_steps=310), progress=False)
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
    (tmp_path / "checkpoint.npz").rename(tmp_path / "moved")  # then it would begin again
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


def test_bugs_replace_public_names_only():
    for bug in BUGS.values():
        for owner, name, _ in bug.patches:
            assert not name.startswith("_") or name.endswith("__"), f"{owner}: {name}"


def test_the_study_has_right_code_beside_each_bug_at_the_same_settings():
    settings = variants()
    assert set(BUGS) < set(settings)
    for name in BUGS:
        control = control_of(name)
        assert control.startswith(CORRECT)
        assert settings[control] == BUGS[name].settings
        assert settings[name] == {**BUGS[name].settings, "bug": name}


def test_the_command_prints_the_matrix_as_it_goes(capsys, monkeypatch):
    few = {name: BUGS[name] for name in ("actor-sign", "one-start")}
    monkeypatch.setattr("minddpg.course.kill_matrix.BUGS", few)
    assert main(["check", "--bugs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[1:4]] == [NO_BUG, *few]
    assert lines[-1].startswith("2 bugs.")
