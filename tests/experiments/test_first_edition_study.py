"""Folders of named studies that minddpg 0.1 wrote: finished runs count, and more seeds can follow.

Made by `minddpg study pendulum --seeds 2 --steps 300` and `minddpg study zoo --seeds 1 --steps
1100`; checkpoints, policies and most bugs were removed.
"""

import json
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from studies_in_process import run_quietly

from minddpg import Config
from minddpg.experiments.jobs import FORMER_NAMES, is_finished, job_name, run_dir_name
from minddpg.experiments.named_studies import STUDIES
from minddpg.experiments.run_named import named_tasks

FIXTURE = Path(__file__).parents[1] / "fixtures" / "first_edition_study"
pytestmark = [
    pytest.mark.usefixtures("coarse"),
    # on any other Python or NumPy than that of the fixture
    pytest.mark.filterwarnings("ignore:.* jobs were finished under"),
]


def test_a_finished_study_is_read_not_run_and_has_the_same_results(tmp_path):
    shutil.copytree(FIXTURE / "pendulum", tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "results.csv").read_bytes()
    table = run_quietly("pendulum", tmp_path, [1000, 1001], changes={"total_steps": 300})
    assert table == (FIXTURE / "pendulum" / "table.md").read_text()
    assert (tmp_path / "results.csv").read_bytes() == before
    assert not list(tmp_path.glob("runs/*/progress.csv"))  # which training writes
    assert "seconds" in json.loads((tmp_path / "about.json").read_text())


@pytest.mark.filterwarnings("ignore:no update will be made")
def test_more_seeds_are_added_to_it(tmp_path):
    shutil.copytree(FIXTURE / "pendulum", tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "results.csv").read_text()
    run_quietly("pendulum", tmp_path, range(1000, 1003), changes={"total_steps": 300})
    assert (tmp_path / "results.csv").read_text().startswith(before)
    (trained,) = tmp_path.glob("runs/*/progress.csv")
    assert "seed1002" in trained.parent.name


def test_runs_with_a_bug_are_recognised_by_bug_and_settings():
    tasks = named_tasks(STUDIES["zoo"], FIXTURE / "zoo", [1000], {"total_steps": 1100})
    finished = [
        task.label["variant"] for task in tasks if is_finished(task.run_dir, job_name(task.job))
    ]
    kept = ["correct", "correct batch_norm=True action_layer=1", "batch-norm-acting", "actor-sign"]
    assert sorted(finished) == sorted(kept)
    assert len(tasks) > len(finished)


def test_a_run_folder_is_named_after_every_setting():
    """A setting that was added later changes the name only if it is used."""
    names = {run_dir_name(Config(seed=1000, **changes)) for changes in (
        {}, {"total_steps": 300}, {"eval_episodes": 3}, {"checkpoint_every": 4_000}
    )}  # fmt: skip
    assert len(names) == 4
    assert "Pendulum-v1-seed1000-a606ab13" in names, "new fields of Config go last"


def test_every_former_name_stands_for_a_function_that_there_is():
    for name in FORMER_NAMES.values():
        module, function = name.rsplit(".", 1)
        assert job_name(getattr(import_module(module), function)) == name
