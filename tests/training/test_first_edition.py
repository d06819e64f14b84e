"""Folders that the first edition wrote are still runs and studies: see tests/fixtures."""

import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

from minddpg import DDPG, evaluate, resume, run_study, train
from minddpg.storage import load_arrays
from minddpg.training.plots import learning_curve
from minddpg.training.read_logs import read_episodes
from minddpg.training.run_dir import read_bug, read_config

WRITTEN = Path(__file__).parents[1] / "fixtures" / "first_edition"


@pytest.fixture
def written(tmp_path):
    """Return a copy of a folder from the first edition."""
    return Path(shutil.copytree(WRITTEN, tmp_path / "written"))


def test_a_run_goes_on_as_if_this_edition_had_trained_it_from_its_first_step(written):
    run_dir = written / "run"
    assert load_arrays(run_dir / "checkpoint.npz")["step"] == 230
    assert "replay_added" not in load_arrays(run_dir / "checkpoint.npz")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # from another NumPy or BLAS than the fixture's
        resumed = resume(run_dir, progress=False)
    whole = train(read_config(run_dir), progress=False)
    samples = ("train/actor_saturation", "train/td_error_std")  # newer columns
    names = (run_dir / "progress.csv").read_text().splitlines()[0].split(",")
    assert names == [name for name in resumed.history if name not in samples]  # as it began
    for name, column in resumed.history.items():
        if name in samples:
            assert np.isnan(column[resumed.history["time/total_timesteps"] <= 230]).all()
            assert np.isfinite(column[-1])
        elif name not in ("time/time_elapsed", "time/fps"):
            np.testing.assert_allclose(
                column, whole.history[name], rtol=1e-6, atol=1e-9, err_msg=name
            )
    for mine, other in ((resumed.agent, whole.agent), (resumed.best_agent, whole.best_agent)):
        for name, array in mine.arrays().items():
            np.testing.assert_allclose(array, other.arrays()[name], rtol=1e-6, atol=1e-9)
    assert load_arrays(run_dir / "checkpoint.npz")["replay_added"] == 320
    assert (run_dir / "monitor.csv").read_text().splitlines()[1] == "r,l,t"  # as it began
    assert len(read_episodes(run_dir / "monitor.csv")[1]) == resumed.history["time/episodes"][-1]


def test_a_run_can_be_evaluated_and_drawn(written, tmp_path):
    run_dir = written / "run"
    assert read_bug(run_dir) == ""
    for name in ("policy", "best_policy"):
        agent = DDPG.load(run_dir / f"{name}.npz")
        assert agent.config == read_config(run_dir)
        assert evaluate(agent, agent.config.env_id, 1).lengths == 200
    assert learning_curve(run_dir, tmp_path / "curve.png").stat().st_size > 10_000


@pytest.mark.filterwarnings("ignore:.* jobs were finished under")  # with other versions
def test_a_finished_study_is_recognised_and_nothing_of_it_is_done_again(written):
    study = written / "study"
    run_dirs = sorted(study.glob("Pendulum-v1-seed*"))
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    configs = [read_config(run_dir) for run_dir in run_dirs]
    runs = run_study(configs, study_dir=study, workers=1, progress=False)
    assert [run.run_dir for run in runs] == run_dirs
    assert [run.history["time/total_timesteps"].tolist() for run in runs] == 2 * [[50, 60]]
    after = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    old, new = (files.pop(study / "results.csv").split(b"\n") for files in (before, after))
    added = b",train/actor_saturation,train/td_error_std", b",,", b",,", b""
    assert new == [line + more for line, more in zip(old, added, strict=True)]
    assert after == before
