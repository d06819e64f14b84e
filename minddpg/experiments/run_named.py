"""Run a named study and write its results, its table and its figure."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from copy import deepcopy
from functools import partial
from operator import index
from pathlib import Path
from typing import Any

from ..ddpg.config import Config
from ..storage import CheckpointError, write_text
from ..training.csv_files import write_csv
from ..training.run_dir import file_name, versions
from .jobs import made_under, run_dir_name
from .named_studies import STUDIES
from .results_csv import Rows, cell_text, check_row, check_rows, named_seeds, read_rows
from .run_study import Task, run_tasks, tidy
from .study import Changes, Study
from .study_folder import REMEDY, StudyLock, read_about, refuse_loss_of_runs
from .worker_pool import require_pool


def run_named_study(
    name: str,
    study_dir: str | Path,
    seeds: Sequence[int],
    workers: int | None = None,
    executor: Executor | None = None,
    changes: Changes | None = None,
    progress: bool = True,
    overwrite: bool = False,
) -> str:
    """Run a named study, or its missing runs, and draw it; return its table.

    The study's folder then holds `results.csv`, `about.json`, `table.md`, `figure.png`, and under
    `runs` a folder for each run. An interrupted study continues from these.

    Args:
        workers, executor: as in run_study.
        changes: settings for every run, which replace the study's; not `env_id` or `seed`.
        overwrite: replace results of another study, of other changes, or of seeds that are not
            among these. The old ones stay until the new ones are complete.

    Raises:
        ValueError: there is no study of this name, no seed, or another study in the folder.
        FileExistsError: the folder has results that would be lost, or a study runs there.
        CheckpointError: a file in the folder is damaged, or does not fit the others.
        StudyError: jobs failed in every attempt.
        OSError: executor is None, and this Python cannot start processes.
    """
    if not seeds:
        raise ValueError("seeds is empty: a study needs at least one")
    require_pool(executor)
    study, study_dir, seeds = find_study(name), Path(study_dir), [index(seed) for seed in seeds]
    changes = json.loads(json.dumps(deepcopy(changes or {})))  # as about.json gives them back
    for setting in ("env_id", "seed"):
        if setting in changes:
            raise ValueError(f"changes name {setting}, which the study sets for each run")
    tasks = named_tasks(study, study_dir, seeds, changes)
    with closing(StudyLock(study_dir)) as lock:
        before = read_about(study_dir)
        if not overwrite:
            _refuse_loss(study_dir, before, name, seeds, changes, tasks)
        is_same = before.get("study", name) == name and before.get("changes", changes) == changes
        spent = before.get("seconds", 0.0) if is_same else 0.0  # the runs before were the same
        start = time.monotonic()
        try:
            results = run_tasks(
                tasks, executor, workers=workers, progress=progress, title=f"study {name}"
            )
        except BaseException:  # Ctrl-C, too: the next call adds its seconds to these
            if is_same and lock.is_in_place():
                seconds = {"seconds": _seconds(spent, start)}
                _write_about(study_dir, {"study": name, "changes": changes, **before, **seconds})
            raise
        rows = _checked_rows(study, tasks, results)
        lock.check()
        if not overwrite:
            _refuse_change(study_dir / "results.csv", rows)
        write_csv(study_dir / "results.csv", rows)
        about = {
            "study": name,
            **_command(name, seeds, changes),
            "seeds": seeds,
            "changes": changes,
            "date": time.strftime("%Y-%m-%d"),
            "seconds": _seconds(spent, start),
            **_made_under(tasks),
        }
        _write_about(study_dir, about)
        return _draw(study, study_dir, seeds)


def find_study(name: str) -> Study:
    """Return the study of this name.

    Raises:
        ValueError: there is none; names all.
    """
    if name not in STUDIES:
        raise ValueError(f"there is no study {name!r}; choose from {', '.join(STUDIES)}")
    return STUDIES[name]


def named_tasks(
    study: Study, study_dir: Path, seeds: Sequence[int], changes: Changes
) -> list[Task]:
    """Return a task for each run of a study, with the folder that keeps its result."""
    runs = (study_dir / "runs").resolve()  # a worker may have another current folder
    tasks = []
    for label, config in study.jobs(seeds):
        config = Config.of({**vars(config), **changes})
        job, home = study.measure(), runs
        if "bug" in label:  # bugs with equal settings need different folders
            job, home = partial(job, bug=label["bug"]), runs / file_name(label["variant"])
        tasks.append(Task(job, config, label, home / run_dir_name(config)))
    return tasks


def redraw(name: str, study_dir: str | Path) -> str:
    """Draw a study's figure and table again from its results.csv; return the table.

    Raises:
        ValueError: there is no study of this name, or the folder holds another one.
        FileNotFoundError: there is no results.csv in it.
        CheckpointError: results.csv is damaged, has a row twice or lacks one, or does not match the
            about.json beside it.
        FileExistsError: a study runs in the folder.
    """
    study, study_dir = find_study(name), Path(study_dir)
    results = study_dir / "results.csv"
    _refuse_other_study(study_dir, read_about(study_dir), name)
    if not results.exists():
        raise FileNotFoundError(f"{results} is not there: run `minddpg study {name}` first")
    with closing(StudyLock(study_dir)):
        about = read_about(study_dir)
        _refuse_other_steps(study, results, about.get("changes", {}))
        return _draw(study, study_dir, about.get("seeds"))


def _refuse_other_steps(study: Study, results: Path, changes: Changes) -> None:
    """Raise CheckpointError if policies of results.csv were trained for other steps than these."""
    rows = [row for row in read_rows(results) if row.get("when") == "last"]
    last = {row["step"] for row in rows if "step" in row}
    if "total_steps" in changes and last - {changes["total_steps"]}:
        what = f"its policies had {max(last):,.0f} steps; the about.json beside it says"
        raise CheckpointError(results, f"{what} total_steps = {changes['total_steps']!r}")


def _draw(study: Study, study_dir: Path, seeds: Sequence[int] | None) -> str:
    """Draw the figure and write the table of results.csv; return the table."""
    results = study_dir / "results.csv"
    rows = read_rows(results)
    check_rows(study, rows, results, seeds)
    study.draw(rows, study_dir / "figure.png")
    table = study.table(rows)
    write_text(study_dir / "table.md", table)
    return table


def _refuse_other_study(
    study_dir: Path, about: Mapping[str, Any], name: str, more: str = ""
) -> None:
    """Raise ValueError, with more to its message, if about.json is another study's."""
    if about.get("study", name) != name:
        raise ValueError(f"{study_dir} holds the study {about['study']}, not {name}{more}")


def _refuse_loss(
    study_dir: Path,
    about: Mapping[str, Any],
    name: str,
    seeds: Sequence[int],
    changes: Changes,
    tasks: Sequence[Task],
) -> None:
    """Refuse to replace results that this call will not make again.

    Raises:
        ValueError: they are another study's.
        FileExistsError: they are of other changes or of more seeds; names both.
    """
    there = _described(about.get("seeds", []), about.get("changes", {}))
    requested = _described(seeds, changes)
    both = f"there {there}; requested {requested}. To continue, {REMEDY}"
    _refuse_other_study(study_dir, about, name, f": {both}")
    if not (study_dir / "results.csv").exists():
        return
    is_kept = set(about.get("seeds", [])) <= set(seeds)
    if about.get("changes", changes) != changes or not is_kept:
        raise FileExistsError(f"{study_dir} holds other results of {name}: {both}")
    refuse_loss_of_runs(study_dir / "results.csv", [task.label for task in tasks])


def _described(seeds: Sequence[int], changes: Changes) -> str:
    """Describe the runs of a study, as "seeds 1000–1009, total_steps 300"."""
    settings = (f"{setting} {cell_text(value)}" for setting, value in changes.items())
    return ", ".join((named_seeds(seeds) if seeds else "no results yet", *settings))


def _checked_rows(study: Study, tasks: Sequence[Task], results: Sequence[Any]) -> Rows:
    """Return the results as rows; if a row is invalid, name its result.json."""
    rows: Rows = []
    variants = study.settings()
    for task, result in zip(tasks, results, strict=True):
        try:
            of_run = tidy([task.config], [result], [task.label])
            for row in of_run:
                check_row(study, variants, row)
        except ValueError as error:
            path = Path(task.run_dir or "") / "result.json"
            raise CheckpointError(path, f"not a result of this study ({error})") from None
        rows += of_run
    return rows


def _refuse_change(results: Path, rows: Rows) -> None:
    """Refuse to replace rows of results.csv by other numbers for the same runs.

    Raises:
        FileExistsError: a row would change: the runs were made again, under other versions.
    """
    if not results.exists():
        return
    old = read_rows(results)
    columns = {name for row in old for name in row}  # the first version had no column `bug`
    new = {frozenset((k, v) for k, v in row.items() if k in columns and v != "") for row in rows}
    for line, row in enumerate(old, start=2):
        if frozenset(row.items()) not in new:
            what = f"{results} has other numbers for the same runs (line {line})"
            why = "which were repeated, or are from another version"
            raise FileExistsError(f"{what}, {why}: {REMEDY}; no run will be repeated")


def _made_under(tasks: Sequence[Task]) -> dict[str, str]:
    """Return processor and versions of the study's runs.

    Where they differ, this is each value with the number of runs.
    """
    made = [made_under(task.run_dir) for task in tasks if task.run_dir is not None]
    found = {}
    for name in ("processor", *versions()):
        of_runs = [{each[name] for each in of_run if name in each} for of_run in made]
        counts = Counter(value for values in of_runs for value in values or {"not recorded"})
        parts = [f"{value} ({count} of {len(made)} runs)" for value, count in counts.items()]
        found[name] = next(iter(counts)) if len(counts) == 1 else ", ".join(parts)
    return found


def _write_about(study_dir: Path, about: dict[str, Any]) -> None:
    write_text(study_dir / "about.json", json.dumps(about, indent=2))


def _command(name: str, seeds: Sequence[int], changes: Changes) -> dict[str, str]:
    """Return {"command": the equivalent command}, or {} if there is none."""
    consecutive = list(seeds) == list(range(seeds[0], seeds[0] + len(seeds)))
    if not consecutive or changes.keys() - {"total_steps"}:
        return {}
    steps = "".join(f" --steps {value}" for value in changes.values())
    command = f"minddpg study {name} --seeds {len(seeds)} --first-seed {seeds[0]}{steps}"
    return {"command": command}


def _seconds(spent: float, start: float) -> float:
    """Return the wall time of the calls before and of this one, in s."""
    return round(spent + time.monotonic() - start, 1)
