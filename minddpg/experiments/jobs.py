"""Jobs: call a function for one config, and keep what it returns in the run folder."""

import inspect
import json
import sys
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.config import Config
from ..storage import CheckpointError, write_text
from ..training.loop import Run, resume, train
from ..training.run_dir import file_name, read_config

Job = Callable[..., Any]

LAST_OF_FIRST = "checkpoint_every"  # the last field that Config had in the first edition
FORMER_NAMES = {  # what result.json of the first edition calls a function, and its name today
    "minddpg.teaching.studies.measures.learning": "minddpg.experiments.metrics.learning",
    "minddpg.teaching.studies.measures.value_estimates": (
        "minddpg.experiments.metrics.value_estimates"
    ),
    "minddpg.teaching.studies.zoo.bug_run": "minddpg.experiments.bug_study.bug_run",
    "minddpg.training.jobs.train_or_resume": "minddpg.experiments.jobs.train_or_resume",
}


def train_or_resume(config: Config, run_dir: str | Path | None = None) -> Run:
    """Train without output; continue an interrupted run in the folder, read a finished one.

    Raises:
        ValueError: the folder holds a run with other settings; names them.
    """
    if run_dir is None or not (Path(run_dir) / "config.json").exists():
        return train(config, run_dir, progress=False, overwrite=True)
    saved, wanted = vars(read_config(Path(run_dir))), vars(config)
    differ = [f"{k} {saved[k]!r}, not {wanted[k]!r}" for k in wanted if saved[k] != wanted[k]]
    if differ:
        raise ValueError(f"{run_dir} holds a run with other settings: {'; '.join(differ)}")
    return resume(run_dir, progress=False)


def do_job(job: Job, config: Config, run_dir: Path | None, name: str) -> Any:
    """Call job(config), or job(config, run_dir=run_dir) if it has such a parameter.

    With a folder, write the result there under the job's name, and return it as `read_result` will:
    with lists for arrays and tuples. A Run is in the folder already, and returned as it is.

    Raises:
        TypeError: the result is not JSON, or is a Run in another folder.
    """
    job = train_or_resume if job is train else job
    try:
        takes_run_dir = "run_dir" in inspect.signature(job).parameters
    except ValueError:  # a builtin has no signature
        takes_run_dir = False
    result = job(config, run_dir=run_dir) if takes_run_dir else job(config)
    if run_dir is None:
        return result
    is_run = isinstance(result, Run)
    if is_run and (result.run_dir is None or result.run_dir.resolve() != run_dir.resolve()):
        raise TypeError(f"the job's Run lies in {result.run_dir}: train it in the run_dir it gets")
    saved = {"job": name, "is_run": is_run, "result": None if is_run else result}
    text = json.dumps(saved, default=_plain)
    run_dir.mkdir(parents=True, exist_ok=True)
    write_text(run_dir / "result.json", text)
    return result if is_run else json.loads(text)["result"]


def is_finished(run_dir: Path | None, name: str) -> bool:
    """Return whether the folder holds the result of the job of this name."""
    if run_dir is None or not (run_dir / "result.json").exists():
        return False
    function, *arguments = _read(run_dir)["job"].split(" ", 1)
    return " ".join([FORMER_NAMES.get(function, function), *arguments]) == name


def read_result(run_dir: Path) -> Any:
    """Read the result that do_job wrote into the folder.

    Raises:
        CheckpointError: the result is damaged, or its run is missing.
    """
    saved = _read(run_dir)
    if not saved["is_run"]:
        return saved["result"]
    if not (run_dir / "checkpoint.npz").exists():  # resume would train it anew
        raise CheckpointError(run_dir / "checkpoint.npz", "not there, though the run was finished")
    return resume(run_dir, progress=False)


def job_name(job: Job) -> str:
    """Return a name by which another process, on another day, recognises the job.

    Raises:
        ValueError: it is no function of a module, nor a partial of one with JSON arguments.
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


def run_dir_name(config: Config) -> str:
    """Name a run folder after all settings, so that other settings have another folder.

    A setting that the first edition did not have counts only where it differs from its default. So
    the folders of that edition keep their names.
    """
    settings, defaults = (json.loads(each.to_json()) for each in (config, Config()))
    names = list(settings)
    for name in names[names.index(LAST_OF_FIRST) + 1 :]:
        if settings[name] == defaults[name]:
            del settings[name]
    digest = sha256(json.dumps(settings, indent=2).encode()).hexdigest()
    return f"{file_name(config.env_id)}-seed{config.seed}-{digest[:8]}"


def _read(run_dir: Path) -> dict[str, Any]:
    path = run_dir / "result.json"
    try:
        saved = json.loads(path.read_bytes())
        return {"job": str(saved["job"]), "is_run": saved["is_run"], "result": saved["result"]}
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(path, f"not a job's result ({error}); remove it") from None


def _plain(value: Any) -> Any:
    """Turn NumPy's arrays and numbers into lists and Python's numbers."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a result must be what JSON can hold, not {type(value).__name__}: {value!r}")
