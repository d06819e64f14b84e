"""The study of bugs consists of ordinary jobs; each bug is planted only while its job runs."""

from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from studies_in_process import SHORT, run_quietly

from minddpg import CheckpointError, Config, train
from minddpg.experiments import bug_study
from minddpg.experiments.bug_study import CORRECT, bug_run, control_of, variants
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.run_named import named_tasks
from minddpg.experiments.study import Study
from minddpg.experiments.tables import distinct, pick, read_rows
from minddpg.training.run_dir import note, read_bug
from minddpg.verification.bugs import BUGS, planted

pytestmark = pytest.mark.usefixtures("coarse")
FEW = {name: BUGS[name] for name in ("actor-sign", "batch-norm-acting")}
WITH_BATCH_NORM = "correct batch_norm=True action_layer=1"


@pytest.fixture
def few_bugs(monkeypatch):
    monkeypatch.setattr(bug_study, "BUGS", FEW)


def test_every_run_is_labelled_with_its_bug_and_no_other_study_has_that_column(few_bugs):
    labels = [label for label, _ in STUDIES["zoo"].jobs([7])]
    assert labels == [
        {"variant": variant, "env_id": "Pendulum-v1", "seed": 7, "bug": bug}
        for variant, bug in (("correct", ""), (WITH_BATCH_NORM, ""), *((bug, bug) for bug in FEW))
    ]
    others = [study for name, study in STUDIES.items() if name != "zoo"]
    assert not any("bug" in label for study in others for label, _ in study.jobs([7]))


def test_the_study_has_correct_code_beside_each_bug_at_the_same_settings():
    settings = variants()
    assert set(BUGS) < set(settings)
    for name in BUGS:
        control = control_of(name)
        assert control.startswith(CORRECT)
        assert settings[control] == BUGS[name].settings
        assert settings[name] == {**BUGS[name].settings, "bug": name}


@pytest.mark.slow
def test_a_bug_is_planted_in_its_own_runs_alone(few_bugs, tmp_path):
    """This is true even on several threads of one process: there the runs wait for each other."""
    table = run_quietly("zoo", tmp_path, [3], threads=3, changes=SHORT)
    rows = read_rows(tmp_path / "results.csv")
    assert distinct(rows, "variant") == ["correct", WITH_BATCH_NORM, *FEW]
    for task in named_tasks(STUDIES["zoo"], tmp_path, [3], SHORT):
        variant, bug = task.label["variant"], task.label["bug"]
        assert read_bug(task.run_dir) == bug
        assert {row.get("bug", "") for row in pick(rows, variant=variant)} == {bug}
        with planted(bug) if bug else nullcontext():
            config = replace(task.config, eval_episodes=1)
            losses = train(config, progress=False).history["train/actor_loss"]
        found = pick(rows, variant=variant, measure="actor loss")
        assert [row["value"] for row in found] == pytest.approx([losses[-1]], rel=1e-3)
        assert f"| {variant} |" in table


def test_every_evaluation_of_a_run_with_a_bug_becomes_rows(monkeypatch):
    """The run's numbers are invented: row 0 is before all updates, row 1 has no evaluation."""
    nan = np.nan
    history = {
        "time/total_timesteps": np.array([100.0, 150.0, 200.0]),
        "eval/mean_reward": np.array([-1234.56, nan, -30.0]),
        "train/q_max": np.array([nan, 7.5, 6.0]),
        "train/q_min": np.array([nan, -8.5, -9.25]),
        "train/critic_loss": np.array([nan, 0.5, 0.123456]),
        "train/actor_loss": np.array([nan, 0.5, 1.5]),
    }
    run, planted_at = SimpleNamespace(agent="the agent", history=history), []

    def trained(config, run_dir):
        planted_at.append((run_dir, note("bug")))
        return run

    def evaluated(agent, *arguments, env_kwargs):
        planted_at.append((agent, *arguments, env_kwargs, note("bug")))
        return SimpleNamespace(mean=-21.1234567)

    monkeypatch.setattr(bug_study, "train_or_resume", trained)
    monkeypatch.setattr(bug_study, "evaluate", evaluated)
    config = Config(env_id="Some-v0", total_steps=210, env_kwargs={"g": 2})
    rows = bug_run(config, "here", bug="actor-sign")
    assert planted_at == [
        ("here", "actor-sign"),
        ("the agent", "Some-v0", 3, 20_000, {"g": 2}, "actor-sign"),
    ]
    assert {(r["when"], r["step"], r["measure"]): r["value"] for r in rows} == {
        ("training", 100, "return"): -1235.0,
        ("training", 200, "return"): -30.0,
        ("training", 200, "q_max"): 6.0,
        ("training", 200, "q_min"): -9.25,
        ("training", 200, "critic loss"): 0.1235,
        ("training", 200, "actor loss"): 1.5,
        ("last", 210, "return"): -21.1235,
    }
    assert len(rows) == 7


def test_a_variant_of_any_study_may_carry_a_bug(monkeypatch, tmp_path):
    """This one measures regret."""
    variants = {"as it is": {}, "sign": {"bug": "actor-sign"}, "slow": {"tau": 0.001}}
    monkeypatch.setitem(STUDIES, "mine", Study("?", {"Pendulum-v1": {}}, variants))
    monkeypatch.setattr(Study, "draw", lambda self, rows, path: path)  # other tests draw
    table = run_quietly("mine", tmp_path, [0], changes=SHORT)
    rows = read_rows(tmp_path / "results.csv")
    ends = {
        variant: pick(rows, variant=variant, when="last", measure="regret")[0]["value"]
        for variant in variants
    }
    assert len(set(ends.values())) == 3
    assert all(f"| {variant} | {value:.1f} " in table for variant, value in ends.items())
    assert {row["variant"] for row in rows if row.get("bug")} == {"sign"}


def test_a_finished_run_with_a_bug_is_read_with_the_bug_planted_again(tmp_path):
    """For example, a noisy evaluation is also noisy the second time."""
    config = Config(**SHORT)
    rows = bug_run(config, tmp_path, bug="noisy-evaluation")
    assert bug_run(config, tmp_path, bug="noisy-evaluation") == rows
    with pytest.raises(CheckpointError, match="noisy-evaluation"):
        bug_run(config, tmp_path)
