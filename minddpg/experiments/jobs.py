"""One job of a study: run in whatever process this is, its result left beside its run."""

import inspect
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.config import Config
from ..storage import CheckpointError, write_text
from ..training.loop import Run, resume, train
from ..training.run_dir import read_config

Job = Callable[..., Any]


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


def do_job(job: Job, config: Config, run_dir: Path | None, name: str) -> Any:
    """Call job(config), or job(config, run_dir=run_dir) if it has such a parameter.

    With a folder the result is written there under the job's name, and returned as it can be read
    again: lists for arrays and tuples. A Run is in the folder already, and returned as it is.

    Raises:
        TypeError: the result cannot be kept: not of JSON, or a Run that lies elsewhere.
    """
    job = train_or_resume if job is train else job
    try:
        takes_run_dir = "run_dir" in inspect.signature(job).parameters
    except ValueError:  # a builtin does not say
        takes_run_dir = False
    result = job(config, run_dir=run_dir) if takes_run_dir else job(config)
    if run_dir is None:
        return result
    is_run = isinstance(result, Run)
    if is_run and (result.run_dir is None or result.run_dir.resolve() != run_dir.resolve()):
        raise TypeError(f"the job's Run lies in {result.run_dir}: train it in the run_dir it gets")
    kept = {"job": name, "is_run": is_run, "result": None if is_run else result}
    text = json.dumps(kept, default=_plain)
    run_dir.mkdir(parents=True, exist_ok=True)
    write_text(run_dir / "result.json", text)
    return result if is_run else json.loads(text)["result"]


def is_finished(run_dir: Path | None, name: str) -> bool:
    """Say whether the folder holds the result of the job of this name."""
    if run_dir is None or not (run_dir / "result.json").exists():
        return False
    return bool(_kept(run_dir)["job"] == name)


def read_result(run_dir: Path) -> Any:
    """Read what do_job left in the folder.

    Raises:
        CheckpointError: the result is damaged, or its run is gone.
    """
    kept = _kept(run_dir)
    if not kept["is_run"]:
        return kept["result"]
    if not (run_dir / "checkpoint.npz").exists():  # resume would train it anew
        raise CheckpointError(run_dir / "checkpoint.npz", "not there, though the run was finished")
    return resume(run_dir, progress=False)


def job_name(job: Job) -> str:
    """Name a job so that another process, and another day, can tell it from others.

    Raises:
        ValueError: it is no function of a module, nor a partial of one with arguments of JSON.
    """
    try:
        if isinstance(job, partial):
            return f"{job_name(job.func)} {json.dumps([job.args, job.keywords], sort_keys=True)}"
        if not inspect.isfunction(job) or "<" in job.__qualname__:
            raise TypeError
    except TypeError:
        raise ValueError(
            f"{job!r} has no name that lasts: with a study_dir a job must be a function of a module"
            " (no lambda, method or inner function), or a functools.partial of one"
        ) from None
    module = job.__module__
    if module == "__main__":  # two scripts may each have a function of this name
        module = Path(getattr(sys.modules[module], "__file__", None) or module).stem
    return f"{module}.{job.__qualname__}"


def _kept(run_dir: Path) -> dict[str, Any]:
    path = run_dir / "result.json"
    try:
        kept = json.loads(path.read_bytes())
        return {name: kept[name] for name in ("job", "is_run", "result")}
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(path, f"not a job's result ({error}); remove it") from None


def _plain(value: Any) -> Any:
    """Make lists and numbers of NumPy's."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a result must be what JSON can hold, not {type(value).__name__}: {value!r}")
