"""The named studies: what they vary, what they measure, and that a table says what the data do."""

import csv
import json
from functools import partial

import numpy as np
import pytest

from minddpg import Config, evaluate, run_study, train
from minddpg.cli import main
from minddpg.experiments import metrics as measures
from minddpg.experiments.baselines import PUBLISHED
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.run_named import conduct, redraw
from minddpg.experiments.statistics import summarise
from minddpg.experiments.tables import agreement, learning_table, pick, read_rows
from minddpg.verification.exact_pendulum import exact_q, solve

SHORT = {"total_steps": 300, "warmup_steps": 150, "eval_every": 150, "eval_episodes": 2}


@pytest.fixture(scope="module")
def solved():
    return solve(51)


@pytest.fixture(autouse=True)
def coarse(monkeypatch, solved):
    """A coarser exact solution and fewer starts; nothing here depends on their number."""
    monkeypatch.setattr(measures, "_solved", lambda: solved)
    monkeypatch.setattr(measures, "exact_q", partial(exact_q, size=51))
    monkeypatch.setattr(measures, "STARTS", 6)
    monkeypatch.setattr(measures, "EPISODES", 3)
    measures._exact_returns.cache_clear()
    yield
    measures._exact_returns.cache_clear()


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
        runs = {(study.kind == "zoo" and label["variant"], c.to_json()) for label, c in jobs}
        assert len(runs) == len(jobs)  # in the zoo, bugs differ where settings do not
        assert len(jobs) == 3 * len(study.environments) * len(study.settings())


def test_figure_2_takes_away_targets_and_replay_by_settings_alone():
    variants = STUDIES["figure2"].variants
    assert variants["neither"] == {"tau": 1.0}
    assert variants["targets, no replay"] == {"replay_capacity": Config().batch_size}
    for env_id, settings in STUDIES["figure2"].environments.items():
        config = Config.of({**settings, "env_id": env_id})
        assert config.hidden_sizes == (64, 64)
        assert config.total_steps <= 20_000


def test_regret_is_the_exact_policys_return_minus_the_runs_own_from_the_same_starts(solved):
    config = Config(seed=3, **SHORT)
    rows = measures.learning(config)
    run = train(config, progress=False)
    for when, agent in (("last", run.agent), ("best", run.best_agent)):
        mine = evaluate(agent, "Pendulum-v1", 6, 20_000).returns
        theirs = evaluate(solved, "Pendulum-v1", 6, 20_000).returns
        (row,) = pick(rows, when=when, measure="regret")
        assert row["value"] == pytest.approx((theirs - mine).mean(), rel=1e-4)
        assert row["step"] == 300
    (first, second) = pick(rows, when="training", measure="regret")
    theirs = evaluate(solved, "Pendulum-v1", 2, run.eval_seed).mean
    assert first["value"] == pytest.approx(theirs - run.history["eval/mean_reward"][0], rel=1e-4)
    assert (first["step"], second["step"]) == (150, 300)
    (highest,) = pick(rows, measure="highest q", step=300)
    assert highest["value"] == pytest.approx(np.nanmax(run.history["train/q_max"]), rel=1e-5)


def test_without_an_exact_solution_the_metric_is_the_return():
    config = Config(env_id="MountainCarContinuous-v0", **SHORT)
    rows = measures.learning(config)
    assert {row["measure"] for row in rows} == {"return", "highest q"}


def test_estimates_stand_beside_returns_that_go_on_past_the_time_limit():
    """On Pendulum, where a step's return can also be had from the exact Q of the actor."""
    config = Config(seed=1, **SHORT)
    rows = measures.value_estimates(config)
    assert len(rows) == 40
    agent = train(config, progress=False).agent
    exact = exact_q(agent, 51)
    found, known = (np.array([row[name] for row in rows]) for name in ("return", "exact"))
    assert np.abs(found - known).mean() <= 0.01 * np.ptp(exact.values)
    assert {row["step"] for row in rows} == {0, 12, 25, 50}


def test_a_return_goes_on_past_the_time_limit(monkeypatch):
    """From the same pairs, with no step beyond it, less is lost."""
    config = Config(seed=1, **SHORT)
    whole = measures.value_estimates(config)
    monkeypatch.setattr(measures, "BEYOND", 0)
    cut = measures.value_estimates(config)
    lost = [short["return"] - full["return"] for short, full in zip(cut, whole, strict=True)]
    assert np.mean(lost) > 10  # a novice loses 3 to 16 in every step, and 0.87 of 100 are left


def test_an_episode_that_ends_has_no_value_after_it():
    config = Config.preset("mujoco", env_id="InvertedPendulum-v5", **SHORT)
    rows = measures.value_estimates(config)  # an untrained pole falls within a second
    assert all(0 <= row["return"] < 100 for row in rows)
    assert "exact" not in rows[0]


def test_bias_and_correlation_are_those_of_the_pairs(rng):
    truth = rng.standard_normal(50)
    bias, correlation, error = agreement(2 - 3 * truth, truth)
    assert bias == pytest.approx((2 - 4 * truth).mean())
    assert correlation == pytest.approx(-1)
    assert error == pytest.approx(np.abs(2 - 4 * truth).mean())
    assert np.isnan(agreement(truth, np.full(50, 100.0))[1])


ENDS = [(when, "return") for when in ("last", "best", "training")] + [("training", "highest q")]


def make_rows(seeds, **values):
    """Rows of a study in which each variant's seeds end with these returns."""
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


def test_a_study_runs_tabulates_draws_and_goes_on_with_more_seeds(tmp_path, monkeypatch):
    monkeypatch.setattr("minddpg.experiments.run_named.run_study", in_threads)
    table = conduct("tau", tmp_path, range(5, 7), changes=SHORT, progress=False)
    rows = read_rows(tmp_path / "results.csv")
    assert {row["variant"] for row in rows} == set(STUDIES["tau"].variants)
    assert {row["seed"] for row in rows} == {5, 6}
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "table.md").read_text() == table
    about = json.loads((tmp_path / "about.json").read_text())
    assert about["command"] == "minddpg study tau --seeds 2 --first-seed 5 --steps 300"
    assert about["changes"] == SHORT
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/policy.npz")}
    conduct("tau", tmp_path, range(5, 8), changes=SHORT, progress=False)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/policy.npz")}
    assert len(after) == 15
    assert before.items() <= after.items()
    again = read_rows(tmp_path / "results.csv")
    assert [row for row in again if row["seed"] < 7] == rows
    assert redraw("tau", tmp_path) == (tmp_path / "table.md").read_text()


def in_threads(configs, job, executor=None, **options):
    """run_study in this process, where the exact solution is the coarse one."""
    from concurrent.futures import ThreadPoolExecutor

    options.pop("workers")
    with ThreadPoolExecutor(1) as one:
        return run_study(configs, job, one, **options)


def test_figure_3_is_tabulated_and_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr("minddpg.experiments.run_named.run_study", in_threads)
    monkeypatch.setattr(measures, "BEYOND", 300)
    table = conduct("figure3", tmp_path, range(1), changes=SHORT, progress=False)
    assert "| Pendulum-v1 | exact Q^μ | 1 × 40 |" in table
    assert "| Reacher-v5 | return | 1 × 40 |" in table
    assert (tmp_path / "figure.png").stat().st_size > 10_000


def test_the_command_redraws_results_without_running(tmp_path, capsys):
    with open(tmp_path / "results.csv", "w", newline="") as file:
        rows = make_rows(5, a=np.arange(5.0), b=np.arange(5.0) ** 2)
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert main(["study", "tau", "--dir", str(tmp_path), "--redraw"]) == 0
    out = capsys.readouterr().out
    assert "| b | 4.7 " in out
    assert str(tmp_path / "figure.png") in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["study", "figure9"], 2, "figure9"),
        (["study", "tau", "--seeds", "0"], 1, "seeds = 0: must be at least 1"),
        (["study", "tau", "--jobs", "0", "--dir", "nowhere"], 1, "workers = 0"),
        (["study", "tau", "--redraw", "--dir", "nowhere"], 1, "nowhere"),
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


def test_a_study_without_updates_or_of_another_name_is_no_trouble(tmp_path, monkeypatch):
    monkeypatch.setattr("minddpg.experiments.run_named.run_study", in_threads)
    changes = {**SHORT, "warmup_steps": 300}
    assert " | – |" in conduct("tau", tmp_path, range(1), changes=changes, progress=False)
    about = json.loads((tmp_path / "about.json").read_text())
    assert about["command"] == "minddpg study tau --seeds 1 --first-seed 0 --steps 300"
    with pytest.raises(ValueError, match="holds the study tau, not noise"):
        redraw("noise", tmp_path)


@pytest.mark.slow
def test_the_command_runs_a_study_on_processes(tmp_path, capsys):
    command = ["study", "pendulum", "--seeds", "2", "--jobs", "2", "--steps", "1500"]
    assert main([*command, "--dir", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert "seeds 1000–1001" in out
    assert "2 of 2 jobs" in err
    assert (tmp_path / "figure.png").exists()


def test_every_published_number_has_its_source():
    for published in PUBLISHED.values():
        assert "github.com/" in published.source
        assert published.steps
        assert published.over in ("episodes", "seeds")


def test_a_study_without_a_name_or_a_seed_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"^there is no study 'nope'; there are pendulum, figure2"):
        conduct("nope", tmp_path, [0])
    with pytest.raises(ValueError, match=r"^seeds is empty"):
        conduct("tau", tmp_path, [])
    assert not list(tmp_path.iterdir())
