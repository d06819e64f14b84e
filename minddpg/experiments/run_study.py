"""Run one job for each of many configs, with retries, and collect the results in one table."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..ddpg.config import Config
from ..training.csv_files import write_csv
from ..training.display import announce
from ..training.environment import require_environments
from ..training.loop import Run, train
from ..training.processors import processors
from ..training.run_dir import versions
from ..training.wording import counted
from .cost import announcement
from .jobs import (
    Job,
    do_job,
    is_finished,
    job_name,
    made_under,
    read_result,
    refuse_loss_of_result,
    refuse_other_run,
    run_dir_name,
)
from .jobs_display import JobsDisplay
from .study_folder import StudyLock, refuse_loss_of_runs
from .worker_pool import WorkerPool, error_of, last_attempts, require_pool

Label = Mapping[str, Any]
SHOWN = 3  # jobs, at most, that a message names


class Task(NamedTuple):
    """A job, its config, the columns that lead its rows, and the folder that keeps its result."""

    job: Job
    config: Config
    label: Label
    run_dir: Path | None = None


class StudyError(RuntimeError):
    """Jobs of a study failed in every attempt; `errors` maps indices of the configs to errors.

    The results of the other jobs are in the study_dir, if there is one.
    """

    def __init__(self, labels: Sequence[Label], errors: Mapping[int, BaseException], retries: int):
        self.errors, self._arguments = dict(errors), (labels, dict(errors), retries)
        what = [f"{_named(labels[i])}: {_reason(error)}" for i, error in errors.items()]
        super().__init__(
            f"{len(what)} of {counted(len(labels), 'job')} failed"
            f" {counted(retries + 1, 'time')} each."
            f" {_first_of(what)}. A study_dir keeps the results of the others; the"
            " same call then repeats only these"
        )

    def __reduce__(self) -> Any:
        """Pickle the arguments, so that the error crosses processes whole."""
        return type(self), self._arguments


def run_study(
    configs: Iterable[Config],
    job: Job = train,
    executor: Executor | None = None,
    retries: int = 2,
    *,
    study_dir: str | Path | None = None,
    labels: Sequence[Label] | None = None,
    workers: int | None = None,
    progress: bool = True,
    overwrite: bool = False,
) -> list[Any]:
    """Do one job for each config; return what the jobs returned, in the order of the configs.

    Args:
        job: picklable; called as job(config), or job(config, run_dir=...) if it has such a
            parameter. The default trains, and continues a run that its folder already holds.
        executor: any of concurrent.futures, or a cluster's; it is left running. None starts
            processes on this machine, with one BLAS thread each, and ends them.
        retries: how often a job that raised, or whose process died, is tried again.
        study_dir: where each config gets a folder for its run, and results.csv a row for each
            evaluation or value. A job whose result is there is not repeated. The job must be a
            module's function, or a partial of one, and return a Run or JSON. None writes nothing.
        labels: columns that lead each config's rows, instead of environment, seed and what differs.
        workers: processes to start; None means one for each processor available to this process.
        progress: show how many jobs are finished.
        overwrite: replace a results.csv even if it has rows of other runs, and the results of
            another job.

    Raises:
        StudyError: jobs failed more than `retries` times; all others were finished first.
        FileExistsError: results.csv has such rows, the folder has results of another job, or
            another process is running a study there.
        CheckpointError: a result in a folder is damaged, or of another run.
        TypeError: what it got is not a list of configs.
        ValueError: two configs are equal and would share a folder; the job has no lasting name; a
            number is out of range.
        OSError: executor is None, and this Python cannot start processes.
    """
    require_pool(executor)
    configs = _listed(configs)
    labels = _labels(configs) if labels is None else list(labels)
    if len(labels) != len(configs):
        raise ValueError(f"{len(labels)} labels for {len(configs)} configs")
    options: dict[str, Any] = {"workers": workers, "progress": progress}
    if study_dir is None:
        tasks = [Task(job, *each) for each in zip(configs, labels, strict=True)]
        return run_tasks(tasks, executor, retries, **options)
    folder = Path(study_dir).resolve()  # a worker may have another current folder
    tasks = [
        Task(job, config, label, folder / run_dir_name(config))
        for config, label in zip(configs, labels, strict=True)
    ]
    names = _check_tasks(tasks)
    with closing(StudyLock(folder)) as lock:
        if not overwrite:
            runs = [{**vars(task.config), **task.label} for task in tasks]
            refuse_loss_of_runs(folder / "results.csv", runs)
            for task, name in zip(tasks, names, strict=True):
                refuse_other_run(task.run_dir, name, task.config)
                refuse_loss_of_result(task.run_dir, name)
        results = run_tasks(tasks, executor, retries, **options)
        lock.check()
        write_csv(folder / "results.csv", tidy(configs, results, labels))
    return results


def run_tasks(
    tasks: Sequence[Task],
    executor: Executor | None = None,
    retries: int = 2,
    *,
    workers: int | None = None,
    progress: bool = True,
    title: str = "",
) -> list[Any]:
    """Do the tasks that have no result yet; return all results, in the order of the tasks.

    The other arguments and the errors are those of run_study.

    Args:
        title: the study's name; its tasks are then training runs, and their time is estimated.
    """
    for argument, value, least in (("retries", retries, 0), ("workers", workers, 1)):
        if value is not None and value < least:
            raise ValueError(f"{argument} = {value}: must be at least {least}")
    names = _check_tasks(tasks)
    for task, name in zip(tasks, names, strict=True):
        refuse_other_run(task.run_dir, name, task.config)
    missing = [
        i
        for i, (task, name) in enumerate(zip(tasks, names, strict=True))
        if not is_finished(task.run_dir, name)
    ]
    results: dict[int, Any] = {}
    errors: dict[int, BaseException] = {}
    count = min(workers or processors(), max(len(missing), 1))
    at_a_time = count if executor is None else None
    if title and executor is None:  # another machine's executor may have other packages
        configs = [tasks[i].config for i in missing]
        require_environments({config.env_id: config.env_kwargs for config in configs})
    if progress and tasks:
        announce(announcement(title, [task.config for task in tasks], missing, at_a_time))
    display = JobsDisplay([(task.config, task.run_dir) for task in tasks], missing, progress)
    ours = WorkerPool(count) if executor is None else nullcontext(executor)
    with closing(display), ours as pool:
        _warn_of_other_versions(
            tasks, set(missing), set() if executor is None else {"blas_threads"}
        )
        calls = {i: (tasks[i].job, tasks[i].config, tasks[i].run_dir, names[i]) for i in missing}
        for i, future in last_attempts(pool, do_job, calls, retries, display.look):
            error = error_of(future)
            if error is None:
                results[i] = future.result()
            else:
                errors[i] = error
            display.job(i, failed=error is not None)
    if errors:
        labels = [task.label for task in tasks]
        raise StudyError(labels, errors, retries) from next(iter(errors.values()))
    for i, task in enumerate(tasks):
        if i not in results and task.run_dir is not None:
            results[i] = read_result(task.run_dir)
    return [results[i] for i in range(len(tasks))]


def tidy(
    configs: Sequence[Config], results: Sequence[Any], labels: Sequence[Label] | None = None
) -> list[dict[str, Any]]:
    """Turn results into rows: one for each evaluation of a Run, mapping of a list, or value.

    Each row begins with its config's label; by default the environment, the seed, and all settings
    in which the configs differ.

    Raises:
        ValueError: a result and its label have a column in common.
    """
    rows = []
    for label, result in zip(_labels(configs) if labels is None else labels, results, strict=True):
        for row in _rows(result):
            if both := label.keys() & row.keys():
                raise ValueError(f"{', '.join(sorted(both))}: in a job's result and in its label")
            rows.append({**label, **row})
    return rows


def _listed(configs: Any) -> list[Config]:
    """Return the configs as a list; refuse one that is not in a list, and what is not a config."""
    is_alone = isinstance(configs, (Config, str))
    given = [configs] if is_alone else list(configs)
    for each in given:
        if is_alone or not isinstance(each, Config):
            how = "run_study([Config(seed=0), Config(seed=1)])"
            raise TypeError(f"run_study takes a list of Configs, as in {how}, not {each!r}")
    return given


def _labels(configs: Sequence[Config]) -> list[dict[str, Any]]:
    """Name each config by its environment, its seed, and the settings in which they differ."""
    every = [vars(config) for config in configs]
    differ = [k for k in vars(Config()) if any(each[k] != every[0][k] for each in every)]
    return [{k: each[k] for k in ("env_id", "seed", *differ)} for each in every]


def _rows(result: Any) -> list[Mapping[str, Any]]:
    if isinstance(result, Run):
        clocks = ("time/time_elapsed", "time/fps")  # they differ between identical runs
        columns = {k: v for k, v in result.history.items() if k not in clocks}
        evaluated = np.flatnonzero(np.isfinite(columns["eval/mean_reward"]))
        return [{name: column[i] for name, column in columns.items()} for i in evaluated]
    many = result if isinstance(result, (list, tuple)) else [result]
    return [each if isinstance(each, Mapping) else {"result": each} for each in many]


def _check_tasks(tasks: Sequence[Task]) -> list[str]:
    """Return the names of the jobs; raise ValueError if two tasks would share a folder."""
    first: dict[Path, int] = {}
    for i, task in enumerate(tasks):
        if task.run_dir is not None and first.setdefault(task.run_dir, i) != i:
            raise ValueError(f"configs {first[task.run_dir]} and {i} are equal")
    return ["" if task.run_dir is None else job_name(task.job) for task in tasks]


def _warn_of_other_versions(tasks: Sequence[Task], missing: set[int], unknown: set[str]) -> None:
    """Warn of jobs that were finished under other versions, which may have changed their bits."""
    now, changed, named = versions(), set[str](), []
    for i, task in enumerate(tasks):
        if i in missing or task.run_dir is None:
            continue
        before = made_under(task.run_dir)
        differ = {
            f"{name} {then.get(name)} (now {value})"
            for then in before
            for name, value in now.items()
            if name not in unknown and then.get(name, value) != value
        }
        if differ:
            changed |= differ
            named.append(_named(task.label))
    if named:
        warnings.warn(
            f"{len(named)} of {counted(len(tasks), 'job')} were finished under"
            f" {', '.join(sorted(changed))}:"
            f" {_first_of(named)}; they may not be bit-identical to new runs",
            stacklevel=4,
        )


def _named(label: Label) -> str:
    return ", ".join(f"{name} {value}" for name, value in label.items() if value != "")


def _first_of(names: Sequence[str]) -> str:
    """Join the first few of the names, and say how many more there are."""
    more = f"; and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return "; ".join(names[:SHOWN]) + more


def _reason(error: BaseException) -> str:
    if isinstance(error, BrokenProcessPool):
        return (
            "its process died: killed, out of memory, or unable to import the script that started"
            ' it, which must be a file that does its work below  if __name__ == "__main__":'
        )
    return f"{type(error).__name__}: {error}"
