"""Run a named study and write its results, its table and its figure."""

import json
import platform
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from ..ddpg.config import Config
from ..storage import write_text
from ..training.csv_files import write_csv
from ..training.run_dir import file_name, versions
from .jobs import run_dir_name
from .named_studies import STUDIES
from .run_study import Task, run_tasks, tidy
from .study import Changes, Study
from .tables import read_rows


def run_named_study(
    name: str,
    study_dir: str | Path,
    seeds: Sequence[int],
    workers: int | None = None,
    executor: Executor | None = None,
    changes: Changes | None = None,
    progress: bool = True,
) -> str:
    """Run a named study, or what is missing of it, and draw it; return its table.

    The study's folder then holds `results.csv`, `about.json`, `table.md`, `figure.png`, and under
    `runs` a folder for each run. An interrupted study continues from these.

    Args:
        workers, executor: as of run_study.
        changes: settings for every run, which replace the study's; not `env_id` or `seed`.

    Raises:
        ValueError: there is no study of this name, no seed, or another study in the folder.
        StudyError: jobs failed in every attempt.
    """
    if not seeds:
        raise ValueError("seeds is empty: a study needs at least one")
    study, study_dir = find_study(name), Path(study_dir)
    changes = json.loads(json.dumps(changes or {}))  # as about.json gives them back
    before = _read_about(study_dir, name)
    is_same = before.get("changes", changes) == changes  # the runs before were of these settings
    spent = before.get("seconds", 0.0) if is_same else 0.0
    start = time.monotonic()
    tasks = named_tasks(study, study_dir, seeds, changes)
    try:
        results = run_tasks(tasks, executor, workers=workers, progress=progress)
    except BaseException:  # Ctrl-C, too: the next call adds its seconds to these
        if is_same and study_dir.is_dir():
            seconds = {"seconds": _seconds(spent, start)}
            _write_about(study_dir, {"study": name, "changes": changes, **before, **seconds})
        raise
    rows = tidy([task.config for task in tasks], results, [task.label for task in tasks])
    write_csv(study_dir / "results.csv", rows)
    about = {
        "study": name,
        **_command(name, seeds, changes),
        "seeds": list(seeds),
        "changes": changes,
        "date": time.strftime("%Y-%m-%d"),
        "seconds": _seconds(spent, start),
        "processor": _processor(),
        **versions(),
    }
    _write_about(study_dir, about)
    return redraw(name, study_dir)


def find_study(name: str) -> Study:
    """Return the study of this name.

    Raises:
        ValueError: there is none; names all.
    """
    if name not in STUDIES:
        raise ValueError(f"there is no study {name!r}; there are {', '.join(STUDIES)}")
    return STUDIES[name]


def named_tasks(
    study: Study, study_dir: Path, seeds: Sequence[int], changes: Changes
) -> list[Task]:
    """Return a task for each run of a study, with the folder that keeps its result."""
    runs = (study_dir / "runs").resolve()  # a worker's current folder may be another one
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
    """
    study, study_dir = find_study(name), Path(study_dir)
    _read_about(study_dir, name)
    results = study_dir / "results.csv"
    if not results.exists():
        raise FileNotFoundError(f"{results} is not there: run `minddpg study {name}` first")
    rows = read_rows(results)
    study.draw(rows, study_dir / "figure.png")
    table = study.table(rows)
    write_text(study_dir / "table.md", table)
    return table


def _read_about(study_dir: Path, name: str) -> dict[str, Any]:
    """Read about.json, or return {} where there is none; refuse another study's folder."""
    path = study_dir / "about.json"
    if not path.exists():
        return {}
    about: dict[str, Any] = json.loads(path.read_bytes())
    if about.get("study") != name:
        raise ValueError(f"{study_dir} holds the study {about.get('study')}, not {name}")
    return about


def _write_about(study_dir: Path, about: dict[str, Any]) -> None:
    write_text(study_dir / "about.json", json.dumps(about, indent=2))


def _command(name: str, seeds: Sequence[int], changes: Changes) -> dict[str, str]:
    """Return {"command": what does the same on the command line}, or {} if no command does."""
    consecutive = list(seeds) == list(range(seeds[0], seeds[0] + len(seeds)))
    if not consecutive or changes.keys() - {"total_steps"}:
        return {}
    steps = "".join(f" --steps {value}" for value in changes.values())
    command = f"minddpg study {name} --seeds {len(seeds)} --first-seed {seeds[0]}{steps}"
    return {"command": command}


def _seconds(spent: float, start: float) -> float:
    """Return the wall time of the calls before and of this one, in s."""
    return round(spent + time.monotonic() - start, 1)


def _processor() -> str:
    """Return the name of this machine's processor, as far as the machine gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
