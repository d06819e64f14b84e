"""Many runs, on one machine or on many: retried, never repeated, their results in one table."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.config import Config
from ..training.csv_files import write_csv
from ..training.loop import Run, train
from ..training.processors import processors
from ..training.progress import JobsDisplay
from ..training.run_dir import file_name
from .jobs import Job, do_job, is_finished, job_name, read_result
from .worker_pool import Workers, error_of, last_attempts

Labels = Sequence[Mapping[str, Any]]
SHOWN = 3  # failed jobs, at most, in an error's message


class StudyError(RuntimeError):
    """Jobs of a study failed for good; `errors` has each one's last, by the config's index.

    What the others found is kept in the study_dir, if there is one.
    """

    def __init__(self, labels: Labels, errors: Mapping[int, BaseException], retries: int):
        self.errors, self._about = dict(errors), (labels, dict(errors), retries)
        names = {
            i: ", ".join(f"{name} {value}" for name, value in labels[i].items()) for i in errors
        }
        what = [f"{names[i]}: {_reason(error)}" for i, error in errors.items()]
        more = f"; and {len(what) - SHOWN} more" if len(what) > SHOWN else ""
        super().__init__(
            f"{len(what)} of {len(labels)} jobs failed {retries + 1} times each."
            f" {'; '.join(what[:SHOWN])}{more}. A study_dir keeps the results of the others; the"
            " same call then does these again"
        )

    def __reduce__(self) -> Any:
        """Let a worker process send it home: by default only its text would be."""
        return type(self), self._about


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
        study_dir: a folder for a run's folder per config, and for results.csv, a row per evaluation
            or value. A job whose result lies there is not repeated. It must be a module's function,
            or a partial of one, and return a Run or what JSON can hold. None writes nothing.
        labels: columns to lead each config's rows, instead of environment, seed and what differs.
        workers: processes to start; None means one for each processor that this one may use.
        progress: show how many jobs are finished.

    Raises:
        StudyError: jobs failed more than `retries` times; all others were finished first.
        ValueError: two configs are equal and would share a folder; a job has no lasting name; a
            number is out of range.
    """
    for name, value, least in (("retries", retries, 0), ("workers", workers, 1)):
        if value is not None and value < least:
            raise ValueError(f"{name} = {value}: must be at least {least}")
    configs = list(configs)
    labels = _labels(configs) if labels is None else list(labels)
    if len(labels) != len(configs):
        raise ValueError(f"{len(labels)} labels for {len(configs)} configs")
    run_dirs = _run_dirs(configs, study_dir)
    name = "" if study_dir is None else job_name(job)
    missing = [i for i, run_dir in enumerate(run_dirs) if not is_finished(run_dir, name)]
    results: dict[int, Any] = {}
    errors: dict[int, BaseException] = {}
    display = JobsDisplay(len(configs), len(configs) - len(missing), progress)
    count = min(workers or processors(), max(len(missing), 1))
    own = Workers(count) if executor is None else nullcontext(executor)
    with closing(display), own as pool:
        calls = {i: (job, configs[i], run_dirs[i], name) for i in missing}
        for i, future in last_attempts(pool, do_job, calls, retries):
            error = error_of(future)
            if error is None:
                results[i] = future.result()
            else:
                errors[i] = error
            display.job(failed=error is not None)
    if errors:
        raise StudyError(labels, errors, retries) from next(iter(errors.values()))
    for i, run_dir in enumerate(run_dirs):
        if i not in results and run_dir is not None:
            results[i] = read_result(run_dir)
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

    Raises:
        ValueError: a column stands both in a result and in its label.
    """
    rows = []
    for label, result in zip(_labels(configs) if labels is None else labels, results, strict=True):
        for row in _rows(result):
            if both := label.keys() & row.keys():
                raise ValueError(f"{', '.join(sorted(both))}: in a job's result and in its label")
            rows.append({**label, **row})
    return rows


def _labels(configs: Sequence[Config]) -> list[dict[str, Any]]:
    """Name each config by its environment, its seed, and the settings in which they differ."""
    every = [vars(config) for config in configs]
    differ = [k for k in vars(Config()) if any(each[k] != every[0][k] for each in every)]
    return [{name: each[name] for name in ("env_id", "seed", *differ)} for each in every]


def _rows(result: Any) -> list[Mapping[str, Any]]:
    if isinstance(result, Run):
        clocks = ("time/time_elapsed", "time/fps")  # what no other run would repeat
        columns = {k: v for k, v in result.history.items() if k not in clocks}
        evaluated = np.flatnonzero(np.isfinite(columns["eval/mean_reward"]))
        return [{name: column[i] for name, column in columns.items()} for i in evaluated]
    many = result if isinstance(result, (list, tuple)) else [result]
    return [each if isinstance(each, Mapping) else {"result": each} for each in many]


def _run_dirs(configs: Sequence[Config], study_dir: str | Path | None) -> list[Path | None]:
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
    home = Path(study_dir).resolve()  # a worker may stand elsewhere
    home.mkdir(parents=True, exist_ok=True)
    return [home / name for name in names]


def _reason(error: BaseException) -> str:
    if isinstance(error, BrokenProcessPool):
        return (
            "its process died: killed, out of memory, or unable to import the script that started"
            ' it, which must be a file and keep its own start behind  if __name__ == "__main__":'
        )
    return f"{type(error).__name__}: {error}"
