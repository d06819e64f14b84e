"""Named studies: what they vary and measure, and how tables and figures follow from the data."""

import csv
import json
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest
from studies_in_process import QUICK, SHORT, run_quietly

from minddpg import Config
from minddpg.cli import main
from minddpg.experiments import metrics, run_named
from minddpg.experiments.baselines import PUBLISHED
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.run_named import redraw
from minddpg.experiments.statistics import summarise
from minddpg.experiments.tables import agreement, learning_table, read_rows

pytestmark = pytest.mark.usefixtures("coarse")


def test_each_study_varies_what_its_question_names_and_nothing_else_in_one_environment():
    expected = {
        "figure2": {"batch_norm", "tau", "replay_capacity", "action_layer"},
        "action-layer": {"action_layer", "hidden_sizes"},
        "tau": {"tau"},
        "learning-rates": {"actor_learning_rate", "critic_learning_rate"},
        "noise": {"noise", "noise_scale"},
    }
    for name, wanted in expected.items():
        for env_id in STUDIES[name].environments:
            jobs = [config for _, config in STUDIES[name].jobs([0]) if config.env_id == env_id]
            differ = {n for n in vars(jobs[0]) if len({getattr(c, n) for c in jobs}) > 1}
            assert differ == wanted, (name, env_id)
    for study in STUDIES.values():
        jobs = study.jobs(range(3))
        runs = {(label.get("bug", ""), config.to_json()) for label, config in jobs}
        assert len(runs) == len(jobs)
        assert len(jobs) == 3 * len(study.environments) * len(study.settings())


def test_figure_2_takes_away_targets_and_replay_by_settings_alone():
    variants = STUDIES["figure2"].variants
    assert variants["neither"] == {"tau": 1.0}
    assert variants["targets, no replay"] == {"replay_capacity": Config().batch_size}
    for env_id, settings in STUDIES["figure2"].environments.items():
        config = Config.of({**settings, "env_id": env_id})
        assert config.hidden_sizes == (64, 64)
        assert config.total_steps <= 20_000


def test_bias_and_correlation_are_those_of_the_pairs(rng):
    truth = rng.standard_normal(50)
    bias, correlation, error = agreement(2 - 3 * truth, truth)
    assert bias == pytest.approx((2 - 4 * truth).mean())
    assert correlation == pytest.approx(-1)
    assert error == pytest.approx(np.abs(2 - 4 * truth).mean())
    assert np.isnan(agreement(truth, np.full(50, 100.0))[1])


ENDS = [(when, "return") for when in ("last", "best", "training")] + [("training", "highest q")]


def make_rows(seeds, **values):
    """Return the rows of a study in which the seeds of each variant end with these returns."""
    return [
        {"variant": variant, "env_id": "Some-v0", "seed": seed, "when": when, "measure": measure,
         "step": 500, "value": value[seed]}
        for variant, value in values.items()
        for seed in reversed(range(seeds))
        for when, measure in ENDS
    ]  # fmt: skip


def test_the_table_gives_iqm_interval_mean_worst_and_every_seed(rng):
    values = rng.normal(50, 10, 12)
    text = learning_table(make_rows(12, only=values))
    found = summarise(values)
    low, high = found.interval
    assert f"| only | {found.iqm:.1f} ({low:.1f} to {high:.1f}) | {values.mean():.1f}" in text
    assert f"| {values.min():.1f} |" in text
    assert ", ".join(f"{value:.1f}" for value in values) in text


def test_few_seeds_have_an_approximate_interval_or_none(rng):
    values = rng.normal(50, 10, 12)
    assert "(about " in learning_table(make_rows(7, only=values))
    assert "(too few seeds)" in learning_table(make_rows(4, only=values))


def test_a_study_runs_tabulates_draws_and_takes_more_seeds_later(tmp_path, monkeypatch):
    two = dict(list(STUDIES["tau"].variants.items())[:2])
    monkeypatch.setitem(STUDIES, "tau", replace(STUDIES["tau"], variants=two))
    table = run_quietly("tau", tmp_path, [5], changes=SHORT)
    rows = read_rows(tmp_path / "results.csv")
    assert {row["variant"] for row in rows} == set(two)
    assert {row["seed"] for row in rows} == {5}
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "table.md").read_text() == table
    about = json.loads((tmp_path / "about.json").read_text())
    assert about["changes"] == SHORT
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/policy.npz")}
    run_quietly("tau", tmp_path, [5, 6], changes=SHORT)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/policy.npz")}
    assert len(after) == 4
    assert before.items() <= after.items()
    again = read_rows(tmp_path / "results.csv")
    assert [row for row in again if row["seed"] == 5] == rows
    assert redraw("tau", tmp_path) == (tmp_path / "table.md").read_text()


@pytest.mark.slow
def test_figure_3_is_tabulated_and_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "BEYOND", 300)
    table = run_quietly("figure3", tmp_path, range(1), changes=SHORT)
    assert "| Pendulum-v1 | exact Q^μ | 1 × 40 |" in table
    assert "| Reacher-v5 | return | 1 × 40 |" in table
    assert (tmp_path / "figure.png").stat().st_size > 10_000


def test_the_command_redraws_results_without_running(tmp_path, capsys):
    with open(tmp_path / "results.csv", "w", newline="") as file:
        *others, last = STUDIES["tau"].variants
        ends = {**dict.fromkeys(others, np.arange(5.0)), last: np.arange(5.0) ** 2}
        rows = [{**row, "env_id": "Pendulum-v1"} for row in make_rows(5, **ends)]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert main(["study", "tau", "--dir", str(tmp_path), "--redraw"]) == 0
    out = capsys.readouterr().out
    assert f"| {last} | 4.7 " in out
    assert str(tmp_path / "figure.png") in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["study", "figure9"], 2, "figure9"),
        (["study", "tau", "--seeds", "0"], 1, "seeds = 0: must be at least 1"),
        (["study", "tau", "--jobs", "0", "--dir", "nowhere"], 1, "workers = 0"),
        (["study", "tau", "--redraw", "--dir", "nowhere"], 1, "run `minddpg study tau` first"),
        (
            ["study", "tau", "--redraw", "--seeds", "3"],
            1,
            "--redraw runs nothing: leave out --seeds",
        ),
        (["study", "tau", "--redraw", "--first-seed", "0"], 1, "leave out --first-seed"),
        (
            ["study", "tau", "--redraw", "--steps", "9", "--jobs", "1"],
            1,
            "leave out --jobs, --steps",
        ),
    ],
)
def test_a_wrong_study_is_refused_in_one_line(arguments, code, message, capsys, tmp_path):
    arguments = [a if a != "nowhere" else str(tmp_path / a) for a in arguments]
    if code == 2:
        with pytest.raises(SystemExit, match="2"):
            main(arguments)
    else:
        assert main(arguments) == code
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:no update will be made")
def test_a_study_without_updates_or_of_another_name_runs_too(tmp_path):
    changes = {**SHORT, "warmup_steps": 300}
    assert " | – |" in run_quietly("tau", tmp_path, range(1), changes=changes)
    with pytest.raises(ValueError, match="holds the study tau, not noise"):
        redraw("noise", tmp_path)


@pytest.mark.slow
def test_the_command_runs_a_study_on_processes(tmp_path, capsys):
    command = ["study", "pendulum", "--seeds", "2", "--jobs", "2", "--steps", "1500"]
    assert main([*command, "--dir", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert "seeds 1000–1001" in out
    assert "study pendulum: 2 runs of 1,500 steps, 2 at a time: about " in err
    assert "2 of 2 jobs" in err
    assert (tmp_path / "figure.png").exists()


def test_every_published_number_has_its_source():
    for published in PUBLISHED.values():
        assert "github.com/" in published.source
        assert published.steps
        assert published.over in ("episodes", "seeds")


def test_packages_that_are_missing_are_named_before_anything_runs(tmp_path, monkeypatch, capsys):
    def missing(*_, **__):
        raise gym.error.DependencyNotInstalled("not here")

    monkeypatch.setattr(gym, "make", missing)
    monkeypatch.setattr("minddpg.experiments.run_study.WorkerPool", None)  # no run may start
    for name, extras in (("environments", "box2d,mujoco,render"), ("cheetah", "mujoco")):
        assert main(["study", name, "--dir", str(tmp_path / name)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert f"pip install 'minddpg[{extras}]'" in line
        assert not (tmp_path / name / "runs").exists()


def test_about_json_has_a_command_only_if_that_command_does_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(run_named, "run_tasks", lambda tasks, *_, **__: [[] for _ in tasks])
    monkeypatch.setattr(run_named, "_draw", lambda *_: "")
    steps = {"total_steps": 300}
    for seeds, changes, command in (
        ([5, 6], {}, "minddpg study tau --seeds 2 --first-seed 5"),
        (range(3), steps, "minddpg study tau --seeds 3 --first-seed 0 --steps 300"),
        ([7], steps, "minddpg study tau --seeds 1 --first-seed 7 --steps 300"),
        ([5, 7], {}, None),
        ([6, 5], {}, None),
        ([5, 6], {"tau": 0.1}, None),
        ([5, 6], SHORT, None),
    ):
        run_quietly("tau", tmp_path, seeds, changes=changes, overwrite=True)
        assert about(tmp_path).get("command") == command, (seeds, changes)


def test_an_unknown_study_is_refused_when_it_is_drawn_too(tmp_path):
    with pytest.raises(ValueError, match=r"^there is no study 'typo'; choose from pendulum, "):
        redraw("typo", tmp_path)
    with pytest.raises(FileNotFoundError, match="run `minddpg study tau` first") as caught:
        redraw("tau", tmp_path)
    assert str(tmp_path / "results.csv") in str(caught.value)


def test_a_study_without_a_name_or_a_seed_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"^there is no study 'nope'; choose from pendulum, "):
        run_quietly("nope", tmp_path, [0])
    with pytest.raises(ValueError, match=r"^seeds is empty"):
        run_quietly("tau", tmp_path, [])
    assert not list(tmp_path.iterdir())


def about(folder):
    return json.loads((folder / "about.json").read_text())


@pytest.fixture
def ticking(monkeypatch):
    """A clock that advances 10 s whenever a study reads it."""
    clock = iter(range(0, 1_000, 10))
    times = SimpleNamespace(monotonic=lambda: next(clock), strftime=time.strftime)
    monkeypatch.setattr(run_named, "time", times)


def test_the_seconds_of_a_study_add_up_over_interruptions_and_more_seeds(
    ticking, tmp_path, monkeypatch
):
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    changes = {"total_steps": 300}

    def stop(*arguments, **options):
        raise KeyboardInterrupt

    def interrupted(seeds):
        with monkeypatch.context() as patch:
            patch.setattr(run_named, "run_tasks", stop)
            with pytest.raises(KeyboardInterrupt):
                run_quietly("quick", tmp_path, seeds, changes=changes)

    interrupted([0])
    assert about(tmp_path) == {"study": "quick", "changes": changes, "seconds": 10}
    run_quietly("quick", tmp_path, [0], changes=changes)
    assert about(tmp_path)["seconds"] == 20
    interrupted([0, 1])
    assert about(tmp_path)["seconds"] == 30
    assert about(tmp_path)["seeds"] == [0]  # as in results.csv
    run_quietly("quick", tmp_path, [0, 1], changes=changes)
    assert (about(tmp_path)["seconds"], about(tmp_path)["seeds"]) == (40, [0, 1])
    run_quietly("quick", tmp_path, [0], changes={**changes, "batch_size": 32}, overwrite=True)
    assert about(tmp_path)["seconds"] == 10  # other settings, other runs


def test_results_are_written_once(tmp_path, monkeypatch):
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    run_quietly("quick", tmp_path, [0])
    assert list(tmp_path.rglob("results.csv")) == [tmp_path / "results.csv"]


def test_a_folder_that_holds_another_study_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setitem(STUDIES, "quick", QUICK)
    run_quietly("quick", tmp_path, [0])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match="holds the study quick, not tau"):
        run_quietly("tau", tmp_path, [0], changes=SHORT)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_listing_the_studies_loads_neither_environments_nor_figures():
    code = (
        "import sys, minddpg.experiments.named_studies\n"
        "assert not {'gymnasium', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
