"""Studies distinguish runs by the arguments of their environments."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import study_jobs
from pendulums import GEARED, Geared

from minddpg import Config, run_study
from minddpg.experiments import metrics
from minddpg.experiments.jobs import run_dir_name
from minddpg.experiments.results_csv import read_cells
from minddpg.experiments.study import Study
from minddpg.experiments.tables import metric_of

TINY = {"total_steps": 40, "warmup_steps": 20, "eval_every": 20, "eval_episodes": 1}
TINY |= {"hidden_sizes": (4,), "batch_size": 4}
GIVEN = ({}, {"gain": 2}, {"gain": 2.0}, {"gain": 2, "parts": [1, "a,b"]})
CONFIGS = [Config(GEARED, env_kwargs=each, **TINY) for each in GIVEN]


def studied(folder, configs=CONFIGS, **options):
    with ThreadPoolExecutor(1) as pool:
        job = study_jobs.square_of_seed
        return run_study(configs, job, pool, study_dir=folder, progress=False, **options)


def test_each_set_of_arguments_has_a_folder_of_its_own_and_none_has_the_one_it_always_had():
    names = [run_dir_name(config) for config in CONFIGS]
    assert len(set(names)) == len(names)
    assert run_dir_name(Config()) == "Pendulum-v1-seed0-dfac4a2a", "new fields of Config go last"


def test_results_csv_names_them_as_json_and_the_study_goes_on_with_it(tmp_path):
    for _ in range(2):  # the second time, results.csv and the jobs' results exist
        assert studied(tmp_path) == [0] * 4
    header, rows = read_cells(tmp_path / "results.csv")
    assert header == ["env_id", "seed", "env_kwargs", "result"]
    wanted = ["{}", '{"gain": 2}', '{"gain": 2.0}', '{"gain": 2, "parts": [1, "a,b"]}']
    assert [cells[2] for _, cells in rows] == wanted
    with pytest.raises(FileExistsError, match=r'results of a run that was not requested .*"gain"'):
        studied(tmp_path, CONFIGS[:2])


def test_a_variant_of_a_study_may_set_them(monkeypatch):
    study = Study(
        "?", {GEARED: {"env_kwargs": {"gain": 4}}}, {"own": {}, "two": {"env_kwargs": {}}}
    )
    jobs = study.jobs([0])
    assert [dict(config.env_kwargs) for _, config in jobs] == [{"gain": 4}, {}]
    monkeypatch.setattr(Geared, "given", [])
    monkeypatch.setattr(metrics, "EPISODES", 1)
    monkeypatch.setattr(metrics, "FEW", 1)
    monkeypatch.setattr(metrics, "BEYOND", 3)
    (_, config), _ = study.jobs([0])
    for measure in (metrics.learning, metrics.value_estimates):
        measure(replace(config, **TINY))
    assert {gain for gain, _ in Geared.given} == {4}


def test_the_exact_solution_is_that_of_pendulum_as_it_is_by_default(monkeypatch):
    monkeypatch.setattr(metrics, "EPISODES", 1)
    monkeypatch.setattr(metrics, "FEW", 1)
    monkeypatch.setattr(metrics, "BEYOND", 3)
    changed = Config(env_kwargs={"g": 5, "max_episode_steps": 16}, **TINY)
    rows = [{**row, "variant": "changed"} for row in metrics.learning(changed)]
    assert {row["measure"] for row in rows} == {"return", "highest q"}
    estimates = metrics.value_estimates(changed)
    assert [row["step"] for row in estimates] == [0, 1, 2, 4]  # of the time limit's 16 steps
    assert all("exact" not in row for row in estimates)
    solved = [{**row, "variant": "own", "measure": "regret"} for row in rows[:1]]
    assert metric_of(solved) == "regret"
    assert metric_of(rows) == metric_of(rows + solved) == metric_of([]) == "return"
