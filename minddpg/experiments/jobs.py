"""Call a function for one config, and keep its result in the run folder."""

import inspect
import json
import platform
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
from ..training.run_dir import file_name, read_config, versions
from .study_folder import REMEDY, read_object

Job = Callable[..., Any]

LAST_OF_FIRST = "checkpoint_every"  # the last field that Config had in the first version
FORMER_NAMES = {  # a function's name in a result.json of the first version, and its name today
    "minddpg.teaching.studies.measures.learning": "minddpg.experiments.metrics.learning",
    "minddpg.teaching.studies.measures.value_estimates": (
        "minddpg.experiments.metrics.value_estimates"
    ),
    "minddpg.teaching.studies.zoo.bug_run": "minddpg.experiments.bug_study.bug_run",
    "minddpg.training.jobs.train_or_resume": "minddpg.experiments.jobs.train_or_resume",
}


def train_or_resume(config: Config, run_dir: str | Path | None = None) -> Run:
    """Train without output; continue an interrupted run in the folder, or read a finished one.

    Raises:
        ValueError: the folder holds a run with other settings; names them.
    """
    if run_dir is None or not (Path(run_dir) / "config.json").exists():
        return train(config, run_dir, progress=False, overwrite=True)
    if differ := differences(read_config(Path(run_dir)), config):
        raise ValueError(f"{run_dir} holds a run with other settings: {'; '.join(differ)}")
    return resume(run_dir, progress=False)


def differences(found: Config, wanted: Config) -> list[str]:
    """Name the settings in which two configs differ, as "seed 1, not 0"."""
    return [
        f"{name} {value!r}, not {getattr(wanted, name)!r}"
        for name, value in vars(found).items()
        if value != getattr(wanted, name)
    ]


def do_job(job: Job, config: Config, run_dir: Path | None, name: str) -> Any:
    """Call job(config), or job(config, run_dir=run_dir) if it has such a parameter.

    With a folder, write the result there with the job's name, the config, and what else its bits
    depend on. Return it as `read_result` will: with lists for arrays and tuples. A Run is already
    in the folder, and is returned unchanged.

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
        raise TypeError(f"the job's Run is in {result.run_dir}: train it in the run_dir it gets")
    saved = {
        "job": name,
        "is_run": is_run,
        "config": json.loads(config.to_json()),
        "versions": {**versions(), "processor": _processor()},
        "result": None if is_run else result,
    }
    text = json.dumps(saved, default=_plain)
    run_dir.mkdir(parents=True, exist_ok=True)
    write_text(run_dir / "result.json", text)
    return result if is_run else json.loads(text)["result"]


def is_finished(run_dir: Path | None, name: str) -> bool:
    """Return whether the folder holds the result of the job of this name."""
    if run_dir is None or not (run_dir / "result.json").exists():
        return False
    return _job_of(_read(run_dir)) == name


def refuse_other_run(run_dir: Path | None, name: str, config: Config) -> None:
    """Refuse a folder that holds the result of another run, because it was moved or swapped.

    A result of the first version does not name its run; then config.json does, if there is one.

    Raises:
        CheckpointError: the result is of another config or bug; names what differs.
    """
    if run_dir is None or not (run_dir / "result.json").exists():
        return
    saved = _read(run_dir)
    differ = [] if saved["config"] is None else differences(saved["config"], config)
    if (saved["config"] is None or saved["is_run"]) and (run_dir / "config.json").exists():
        differ += differences(read_config(run_dir), config)
    (job, bug), (wanted_job, wanted_bug) = (
        _function_and_bug(_job_of(saved)),
        _function_and_bug(name),
    )
    if job == wanted_job and bug != wanted_bug:
        differ.append(f"bug {bug!r}, not {wanted_bug!r}")
    if differ:
        what = f"holds the result of another run: {'; '.join(dict.fromkeys(differ))}"
        remedy = "put the folders back where they were, or remove this one"
        raise CheckpointError(run_dir / "result.json", f"{what}; {remedy}")


def refuse_loss_of_result(run_dir: Path | None, name: str) -> None:
    """Refuse a folder with another job's result, unless that is a Run, which stays in the folder.

    Raises:
        FileExistsError: the result would be replaced; names the other job.
    """
    if run_dir is None or not (run_dir / "result.json").exists():
        return
    saved = _read(run_dir)
    if not saved["is_run"] and _job_of(saved) != name:
        what = f"{run_dir / 'result.json'} holds the result of the job {_job_of(saved)}, not {name}"
        raise FileExistsError(f"{what}: {REMEDY}")


def made_under(run_dir: Path) -> list[dict[str, str]]:
    """Return the versions under which a run was begun, and those under which it was measured.

    Results of the first version do not have the latter.
    """
    found = [_read(run_dir)["versions"]] if (run_dir / "result.json").exists() else []
    if (run_dir / "config.json").exists():
        found.insert(0, read_object(run_dir / "config.json").get("versions", {}))
    return [each for each in found if each and isinstance(each, dict)]


def read_result(run_dir: Path) -> Any:
    """Read the result that do_job wrote into the folder.

    Raises:
        CheckpointError: the result is damaged, or its run is missing.
    """
    saved = _read(run_dir)
    if not saved["is_run"]:
        return saved["result"]
    if not (run_dir / "checkpoint.npz").exists():  # resume would train it anew
        raise CheckpointError(run_dir / "checkpoint.npz", "missing, although the run was finished")
    return resume(run_dir, progress=False)


def job_name(job: Job) -> str:
    """Return a name that identifies the job in other processes and later sessions.

    Raises:
        ValueError: it is neither a function of a module nor a partial of one with JSON arguments.
    """
    try:
        if isinstance(job, partial):
            return f"{job_name(job.func)} {json.dumps([job.args, job.keywords], sort_keys=True)}"
        if not inspect.isfunction(job) or "<" in job.__qualname__:
            raise TypeError
    except TypeError:
        raise ValueError(
            f"{job!r} has no lasting name: with a study_dir a job must be a function of a module"
            " (no lambda, method or inner function), or a functools.partial of one"
        ) from None
    module = job.__module__
    if module == "__main__":  # two scripts may each have a function of this name
        module = Path(getattr(sys.modules[module], "__file__", None) or module).stem
    return f"{module}.{job.__qualname__}"


def run_dir_name(config: Config) -> str:
    """Return a folder name that depends on all settings.

    A setting that the first version did not have counts only where it differs from its default, so
    that folders of that version keep their names.
    """
    settings, defaults = (json.loads(each.to_json()) for each in (config, Config()))
    names = list(settings)
    for name in names[names.index(LAST_OF_FIRST) + 1 :]:
        if settings[name] == defaults[name]:
            del settings[name]
    digest = sha256(json.dumps(settings, indent=2).encode()).hexdigest()
    return f"{file_name(config.env_id)}-seed{config.seed}-{digest[:8]}"


def _read(run_dir: Path) -> dict[str, Any]:
    """Read and check result.json; "config" is None, and "versions" empty, where it has none."""
    path = run_dir / "result.json"
    try:
        saved = read_object(path)
        for name, kind in (("job", str), ("is_run", bool), ("result", object)):
            if not isinstance(saved[name], kind):
                raise ValueError(f"{name} is {str(saved[name])[:40]!r}")
        config, versions = saved.get("config"), saved.get("versions", {})
        if not isinstance(versions, dict):
            raise ValueError(f"versions is {str(versions)[:40]!r}")
        found = None if config is None else Config.from_json(json.dumps(config))
        return {**saved, "config": found, "versions": versions}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = error.reason if isinstance(error, CheckpointError) else str(error)
        raise CheckpointError(path, f"not a job's result ({reason}); remove it") from None


def _job_of(saved: dict[str, Any]) -> str:
    """Return the name of the job that saved a result, as it is called today."""
    function, *arguments = saved["job"].split(" ", 1)
    return " ".join([FORMER_NAMES.get(function, function), *arguments])


def _function_and_bug(name: str) -> tuple[str, str]:
    """Split a job's name into its function and its argument `bug`, "" if there is none."""
    function, _, arguments = name.partition(" ")
    try:
        return function, str(json.loads(arguments)[1].get("bug", ""))
    except (AttributeError, LookupError, TypeError, ValueError):
        return function, ""


def _processor() -> str:
    """Return the name of this machine's processor, if it is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _plain(value: Any) -> Any:
    """Turn NumPy's arrays and numbers into lists and Python's numbers."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a result must be what JSON can hold, not {type(value).__name__}: {value!r}")
