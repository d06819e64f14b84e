"""One job of a study: done in whatever process this is, its result left beside its run."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..ddpg.config import Config
from ..storage import CheckpointError, write_atomically
from .folder import read_config
from .loop import Run, resume, train

Job = Callable[..., Any]
RESULT = "result.json"


def train_or_resume(config: Config, run_dir: str | Path | None = None) -> Run:
    """Train in silence, or go on with the run that the folder holds; a finished one is read.

    Raises:
        ValueError: the folder holds a run with other settings.
    """
    if run_dir is None or not (Path(run_dir) / "config.json").exists():
        return train(config, run_dir, progress=False, overwrite=True)
    if read_config(Path(run_dir)) != config:
        raise ValueError(f"{run_dir} holds a run with other settings")
    return resume(run_dir, progress=False)


def do_job(job: Job, config: Config, folder: Path | None) -> Any:
    """Call job(config), or job(config, run_dir=folder) if it has such a parameter.

    With a folder the result is written there and returned as it can be read again: lists for
    arrays and tuples. A Run is in the folder already, and returned as it is.
    """
    job = _resumable(job)
    try:
        takes_folder = "run_dir" in inspect.signature(job).parameters
    except ValueError:  # a builtin does not say
        takes_folder = False
    result = job(config, run_dir=folder) if takes_folder else job(config)
    if folder is None:
        return result
    is_run = isinstance(result, Run)
    kept = {"job": _name(job), "is_run": is_run, "result": None if is_run else result}
    text = json.dumps(kept, default=lambda value: value.tolist())  # NumPy's numbers and arrays
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / RESULT, lambda file: file.write(text.encode()))
    return result if is_run else json.loads(text)["result"]


def is_finished(job: Job, folder: Path | None) -> bool:
    """Say whether the folder holds this job's result, not another job's."""
    return folder is not None and (folder / RESULT).exists() and _kept(job, folder) is not None


def read_result(job: Job, config: Config, folder: Path) -> Any:
    """Read what do_job left in the folder."""
    kept = _kept(job, folder)
    return train_or_resume(config, folder) if kept["is_run"] else kept["result"]


def _kept(job: Job, folder: Path) -> Any:
    path = folder / RESULT
    try:
        kept = json.loads(path.read_bytes())
        return kept if kept["job"] == _name(_resumable(job)) and "result" in kept else None
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(path, f"not a job's result ({error}); remove it") from None


def _resumable(job: Job) -> Job:
    return train_or_resume if job is train else job


def _name(job: Job) -> str:
    """Name a function, or a partial with its arguments."""
    if hasattr(job, "func"):
        return f"{_name(job.func)}, {job.args}, {job.keywords}"  # type: ignore[attr-defined]
    return f"{job.__module__}.{getattr(job, '__qualname__', repr(job))}"
