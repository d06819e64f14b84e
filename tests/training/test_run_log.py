"""The files of a run: their columns, their formats, and what is refused."""

import csv
import json

import numpy as np
import pytest
from strange_envs import register

from minddpg import DDPG, Config, evaluate, train
from minddpg.training.run_dir import FILES, claimed_run_dir

CONFIG = Config(
    total_steps=450, warmup_steps=350, eval_every=200, eval_episodes=3, hidden_sizes=(8, 6)
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(CONFIG, tmp_path_factory.mktemp("runs") / "one", progress=False)


def test_the_folder_holds_the_files_and_nothing_else(run):
    later = {"learning_curve.png", "result.json", "last.gif", "best.gif"}  # drawn, studied, watched
    expected = set(FILES) - later
    assert {path.name for path in run.run_dir.iterdir()} == expected


def test_config_json_holds_every_setting_and_the_versions(run):
    saved = json.loads((run.run_dir / "config.json").read_text())
    assert Config.from_json(json.dumps(saved["config"])) == CONFIG
    assert set(saved["versions"]) == {
        *("python", "numpy", "gymnasium", "minddpg", "blas", "blas_threads", "arithmetic")
    }
    assert saved["versions"]["numpy"] == np.__version__


def test_progress_csv_is_the_history(run):
    with open(run.run_dir / "progress.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == set(run.history)
    for name, values in run.history.items():
        np.testing.assert_array_equal(
            [float(row[name]) if row[name] else np.nan for row in rows], values
        )


def test_monitor_csv_has_a_header_and_a_row_per_training_episode(run):
    header, names, *rows = (run.run_dir / "monitor.csv").read_text().splitlines()
    assert json.loads(header.removeprefix("#"))["env_id"] == "Pendulum-v1"
    assert "t_start" in header
    assert names == "r,l,t,step"
    assert len(rows) == 2  # 450 steps of 200
    rewards, lengths, times, steps = np.array([row.split(",") for row in rows], float).T
    assert (rewards < 0).all()
    np.testing.assert_array_equal(lengths, [200, 200])
    np.testing.assert_array_equal(steps, [200, 400])
    assert 0 < times[0] < times[1]


def test_evaluations_npz_has_a_row_per_evaluation(run):
    saved = np.load(run.run_dir / "evaluations.npz")
    np.testing.assert_array_equal(saved["timesteps"], [200, 400, 450])
    assert saved["results"].shape == saved["ep_lengths"].shape == (3, 3)
    means = run.history["eval/mean_reward"]
    np.testing.assert_array_equal(saved["results"].mean(axis=1), means[~np.isnan(means)])


def test_the_saved_policies_are_the_runs_agents(run):
    obs = np.random.default_rng(1).standard_normal((5, 3))
    for name, agent in (("policy", run.agent), ("best_policy", run.best_agent)):
        loaded = DDPG.load(run.run_dir / f"{name}.npz")
        np.testing.assert_array_equal(loaded.predict(obs)[0], agent.predict(obs)[0])
        assert evaluate(loaded, "Pendulum-v1", 1).mean == evaluate(agent, "Pendulum-v1", 1).mean


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert train(Config(**SETTINGS), progress=False).run_dir is None
    assert not list(tmp_path.iterdir())


def test_an_existing_run_is_refused_untouched_and_replaced_only_on_demand(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    first = train(Config(**SETTINGS), tmp_path, progress=False)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FileExistsError, match=r"already holds a run.*overwrite"):
        train(Config(**SETTINGS), tmp_path, progress=False)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    drawn = [tmp_path / name for name in ("learning_curve.png", "last.gif", "best.gif")]
    for path in drawn:
        path.write_text("of the old run")
    second = train(Config.preset("pendulum", **{**SETTINGS, "seed": 1}), tmp_path, False, True)
    assert (first.agent.actor.theta != second.agent.actor.theta).any()
    assert [path.name for path in drawn if path.exists()] == []
    assert (tmp_path / "notes.txt").read_text() == "mine"


SETTINGS = {"total_steps": 90, "warmup_steps": 70, "eval_episodes": 1, "hidden_sizes": (8, 6)}


@pytest.mark.parametrize(
    "settings", [{"env_id": "Pendulun-v1"}, {"env_id": "CartPole-v1"}, {"dtype": "complex128"}]
)
def test_a_run_that_cannot_start_leaves_no_folder(settings, tmp_path):
    with pytest.raises((ValueError, TypeError)):
        train(Config(**settings), tmp_path / "run", progress=False)
    assert not (tmp_path / "run").exists()


def test_a_run_that_breaks_off_keeps_its_rows_and_closes_its_files(tmp_path):
    env_id = register("breaks-at-300", truncate_at=50, trouble={300: (np.zeros(4), np.inf)})
    config = Config(env_id, log_every=100, eval_every=250, eval_episodes=2, hidden_sizes=(8,))
    with pytest.raises(ValueError, match="step 300"):
        train(config, tmp_path, progress=False)
    rows = (tmp_path / "progress.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["100", "200", "250"]
    assert len((tmp_path / "monitor.csv").read_text().splitlines()) == 2 + 5
    assert DDPG.load(tmp_path / "policy.npz").config == config


def test_the_default_folder_is_the_next_free_number(tmp_path):
    def next_name(name):
        with claimed_run_dir(name, tmp_path) as run_dir:
            return run_dir.name

    assert next_name("Pendulum-v1") == "Pendulum-v1-1"
    for name in ("Pendulum-v1-1", "Pendulum-v1-9", "Pendulum-v1-old", "Pendulum-v10-20"):
        (tmp_path / name).mkdir()
    assert next_name("Pendulum-v1") == "Pendulum-v1-10"
    assert next_name("mine:ns/Env-v0") == "mine-ns-Env-v0-1"
