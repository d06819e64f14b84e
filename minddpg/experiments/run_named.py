"""A named study from its command to its folder: the runs, the table, the figure."""

import json
import platform
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from ..ddpg.config import Config
from ..storage import write_text
from ..training.csv_files import write_csv
from ..training.run_dir import file_name, versions
from ..verification.bugs import BUGS
from .bug_study import bug_run, draw_zoo, zoo_table
from .metrics import learning, value_estimates
from .named_studies import STUDIES, Changes, Study
from .plots import draw_estimates, draw_learning
from .run_study import run_study, tidy
from .tables import estimates_table, learning_table, read_rows

Jobs = list[tuple[Changes, Config]]

KINDS: dict[str, tuple[Any, Any, Any]] = {  # the job of each run, the table, the figure
    "learning": (learning, learning_table, draw_learning),
    "estimates": (value_estimates, estimates_table, draw_estimates),
    "zoo": (bug_run, zoo_table, draw_zoo),
}


def conduct(
    name: str,
    folder: str | Path,
    seeds: Sequence[int],
    workers: int | None = None,
    executor: Executor | None = None,
    changes: Changes | None = None,
    progress: bool = True,
) -> str:
    """Run a named study, or what is missing of it; leave table and figure in its folder.

    The folder then holds `results.csv`, `about.json`, `table.md`, `figure.png`, and under `runs`
    a folder per run, in which an interrupted study goes on.

    Args:
        executor: as of run_study.
        changes: settings for every run, over the study's own; not `env_id` or `seed`.

    Returns the table.

    Raises:
        ValueError: there is no study of this name, or no seed.
    """
    if name not in STUDIES:
        raise ValueError(f"there is no study {name!r}; there are {', '.join(STUDIES)}")
    if not seeds:
        raise ValueError("seeds is empty: a study needs at least one")
    study, folder = STUDIES[name], Path(folder)
    rows: list[dict[str, Any]] = []
    for job, subfolder, jobs in _groups(study, study.jobs(seeds)):
        labels = [label for label, _ in jobs]
        configs = [Config.of({**vars(config), **(changes or {})}) for _, config in jobs]
        found = run_study(
            configs,
            job,
            executor,
            study_dir=folder / "runs" / subfolder,
            labels=labels,
            workers=workers,
            progress=progress,
        )
        rows += tidy(configs, found, labels)
    steps = f" --steps {changes['total_steps']}" if changes and "total_steps" in changes else ""
    about = {
        "study": name,
        "command": f"minddpg study {name} --seeds {len(seeds)} --first-seed {seeds[0]}{steps}",
        "seeds": list(seeds),
        "changes": changes or {},
        "date": time.strftime("%Y-%m-%d"),
        "processor": _processor(),
        **versions(),
    }
    write_csv(folder / "results.csv", rows)
    write_text(folder / "about.json", json.dumps(about, indent=2))
    return redraw(name, folder)


def _groups(study: Study, jobs: Jobs) -> Iterator[tuple[Any, str, Jobs]]:
    """Split the jobs by what is to be called: one function, or that of each planted bug."""
    function = KINDS[study.kind][0]
    if study.kind != "zoo":
        yield function, "", jobs
        return
    for variant in dict.fromkeys(label["variant"] for label, _ in jobs):
        bug = variant if variant in BUGS else ""
        mine = [job for job in jobs if job[0]["variant"] == variant]
        yield partial(function, bug=bug), file_name(variant), mine


def redraw(name: str, folder: str | Path) -> str:
    """Draw a study's figure and table again from its results.csv; return the table.

    Raises:
        ValueError: the folder holds another study.
        FileNotFoundError: there is no results.csv in it.
    """
    folder = Path(folder)
    about = folder / "about.json"
    if about.exists() and (its := json.loads(about.read_bytes()).get("study")) != name:
        raise ValueError(f"{folder} holds the study {its}, not {name}")
    _, tabulate, draw = KINDS[STUDIES[name].kind]
    rows = read_rows(folder / "results.csv")
    draw(rows, STUDIES[name].question, folder / "figure.png")
    table: str = tabulate(rows)
    write_text(folder / "table.md", table)
    return table


def _processor() -> str:
    """Name this machine's processor, as well as it says."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
