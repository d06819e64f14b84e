"""Many runs, on one machine or on many: retried, never done twice, their results in one table."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.config import Config
from .display import JobsDisplay
from .folder import file_name
from .jobs import Job, do_job, is_finished, read_result
from .loop import Run, train
from .tables import write_csv
from .workers import Workers

Labels = Sequence[Mapping[str, Any]]


class StudyError(RuntimeError):
    """Jobs of a study failed for good. What the others found is kept."""


def run_study(
    configs: Iterable[Config],
    job: Job = train,
    executor: Executor | None = None,
    retries: int = 2,
    *,
    study_dir: str | Path | None = None,
    labels: Labels | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> list[Any]:
    """Do one job for each config; return what the jobs returned, in the order of the configs.

    Args:
        job: picklable; called as job(config), or job(config, run_dir=...) if it has such a
            parameter. The default trains, going on with a run that its folder already holds.
        executor: any of concurrent.futures, or a cluster's; it is left running. None starts
            processes on this machine, of one BLAS thread each, and ends them.
        retries: how often a job is tried again that raised, or whose process died.
        study_dir: a folder for a run's folder per config, and for results.csv, the rows of `tidy`.
            A job whose result lies there is not done again; it must return a Run, or what JSON
            can hold. None writes nothing.
        labels: columns to lead each config's rows, instead of those that `tidy` chooses.
        workers: processes to start; None means one for each processor that this one may use.
        progress: show how many jobs are finished.

    Raises:
        StudyError: jobs failed more than `retries` times; all others were finished first.
        ValueError: two configs are equal and would share a folder; a number is out of range.
    """
    if retries < 0 or (workers is not None and workers < 1):
        raise ValueError(f"retries = {retries}, workers = {workers}: must be at least 0 and 1")
    configs = list(configs)
    folders = _folders(configs, study_dir)
    missing = [i for i, folder in enumerate(folders) if not is_finished(job, folder)]
    results: dict[int, Any] = {}
    errors: dict[int, BaseException] = {}
    display = JobsDisplay(len(configs), len(configs) - len(missing), progress)
    count = min(workers or _processors(), max(len(missing), 1))
    own = Workers(count) if executor is None else nullcontext(executor)
    with closing(display), own as pool:
        for i, future in _attempts(pool, job, configs, folders, missing, retries):
            error = _error_of(future)
            if error is None:
                results[i] = future.result()
            else:
                errors[i] = error
            display.job(failed=error is not None)
    if errors:
        raise StudyError(_blame(configs, errors, retries)) from next(iter(errors.values()))
    for i, folder in enumerate(folders):
        if i not in results and folder is not None:
            results[i] = read_result(job, configs[i], folder)
    found = [results[i] for i in range(len(configs))]
    if study_dir is not None:
        write_csv(Path(study_dir) / "results.csv", tidy(configs, found, labels))
    return found


def tidy(
    configs: Sequence[Config], results: Sequence[Any], labels: Labels | None = None
) -> list[dict[str, Any]]:
    """Lay results out as rows: one per evaluation of a Run, per mapping of a list, or per value.

    Each row leads with its config's label; by default the environment, the seed, and all settings
    in which the configs differ.
    """
    if labels is None:
        every = [vars(config) for config in configs]
        differ = [k for k in vars(Config()) if any(each[k] != every[0][k] for each in every)]
        names = dict.fromkeys(("env_id", "seed", *differ))
        labels = [{name: config[name] for name in names} for config in every]
    pairs = zip(labels, results, strict=True)
    return [{**label, **row} for label, result in pairs for row in _rows(result)]


def _rows(result: Any) -> list[Mapping[str, Any]]:
    if isinstance(result, Run):
        clocks = ("time/time_elapsed", "time/fps")  # what no other run would repeat
        columns = {k: v for k, v in result.history.items() if k not in clocks}
        evaluated = np.flatnonzero(np.isfinite(columns["eval/mean_reward"]))
        return [{name: column[i] for name, column in columns.items()} for i in evaluated]
    many = result if isinstance(result, (list, tuple)) else [result]
    return [each if isinstance(each, Mapping) else {"result": each} for each in many]


def _folders(configs: Sequence[Config], study_dir: str | Path | None) -> list[Path | None]:
    """Name each config's folder after all of its settings: another setting, another folder."""
    if study_dir is None:
        return [None for _ in configs]
    names = [
        f"{file_name(each.env_id)}-seed{each.seed}-{sha256(each.to_json().encode()).hexdigest()[:8]}"
        for each in configs
    ]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(f"configs {names.index(name)} and {i} are equal")
    return [Path(study_dir) / name for name in names]


def _attempts(
    pool: Any,
    job: Job,
    configs: Sequence[Config],
    folders: Sequence[Path | None],
    waiting: list[int],
    retries: int,
) -> Iterator[tuple[int, "Future[Any]"]]:
    """Yield each job's index and its last attempt, as they end."""
    tries = dict.fromkeys(waiting, 0)
    pending: dict[Future[Any], int] = {}
    try:
        while waiting or pending:
            for i in waiting:
                tries[i] += 1
                pending[_submit(pool, job, configs[i], folders[i])] = i
            waiting = []
            ended, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in ended:
                i = pending.pop(future)
                if _error_of(future) is not None and tries[i] <= retries:
                    waiting.append(i)
                else:
                    yield i, future
    finally:
        for future in pending:
            future.cancel()


def _submit(pool: Any, *arguments: Any) -> "Future[Any]":
    try:
        future: Future[Any] = pool.submit(do_job, *arguments)
    except RuntimeError as error:  # the executor is broken, or was shut down
        future = Future()
        future.set_exception(error)
    return future


def _error_of(future: "Future[Any]") -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:  # by the executor
        return error


def _blame(configs: Sequence[Config], errors: dict[int, BaseException], retries: int) -> str:
    (i, error), *_ = errors.items()
    why = f"{type(error).__name__}: {error}"
    if isinstance(error, BrokenProcessPool):
        why = (
            "its process died: killed, out of memory, started from a script that does not keep its"
            ' own start behind  if __name__ == "__main__":, or of an error that cannot be pickled'
        )
    return (
        f"{len(errors)} of {len(configs)} jobs failed {retries + 1} times each; the first is"
        f" {configs[i].env_id}, seed {configs[i].seed}: {why}. The others' results are kept where"
        " there is a study_dir; the same call does the failed jobs again"
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
