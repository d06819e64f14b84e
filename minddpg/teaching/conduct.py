"""A named study from its command to its folder: the runs, the table, the figure."""

import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..ddpg.config import Config
from ..storage import write_atomically
from ..training.folder import versions
from ..training.study import run_study
from .measures import learning, value_estimates
from .studies import STUDIES
from .study_figures import draw_estimates, draw_learning
from .study_tables import estimates_table, learning_table, read_rows

KINDS: dict[str, tuple[Any, Any, Any]] = {  # the job of each run, the table, the figure
    "learning": (learning, learning_table, draw_learning),
    "estimates": (value_estimates, estimates_table, draw_estimates),
}


def conduct(
    name: str,
    folder: str | Path,
    seeds: Sequence[int],
    workers: int | None = None,
    executor: Any = None,
    changes: dict[str, Any] | None = None,
    progress: bool = True,
) -> str:
    """Run a named study, or what is missing of it; leave table and figure in its folder.

    The folder then holds `results.csv`, `about.json`, `table.md`, `figure.png`, and under `runs`
    a folder per run, in which an interrupted study goes on.

    Args:
        executor: as of run_study.
        changes: settings for every run, over the study's own; not `env_id` or `seed`.

    Returns the table.
    """
    study, folder = STUDIES[name], Path(folder)
    jobs = study.jobs(seeds)
    configs = [Config.of({**vars(config), **(changes or {})}) for _, config in jobs]
    run_study(
        configs,
        KINDS[study.kind][0],
        executor,
        study_dir=folder / "runs",
        labels=[label for label, _ in jobs],
        workers=workers,
        progress=progress,
    )
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
    rows = (folder / "runs" / "results.csv").read_bytes()
    write_atomically(folder / "results.csv", lambda file: file.write(rows))
    text = json.dumps(about, indent=2).encode()
    write_atomically(folder / "about.json", lambda file: file.write(text))
    return redraw(name, folder)


def redraw(name: str, folder: str | Path) -> str:
    """Draw a study's figure and table again from its results.csv; return the table."""
    folder = Path(folder)
    about = folder / "about.json"
    if about.exists() and (its := json.loads(about.read_bytes()).get("study")) != name:
        raise ValueError(f"{folder} holds the study {its}, not {name}")
    _, tabulate, draw = KINDS[STUDIES[name].kind]
    rows = read_rows(folder / "results.csv")
    draw(rows, STUDIES[name].question, folder / "figure.png")
    table: str = tabulate(rows)
    write_atomically(folder / "table.md", lambda file: file.write(table.encode()))
    return table


def _processor() -> str:
    """Name this machine's processor, as well as it says."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
