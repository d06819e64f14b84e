"""A run's folder: its name, who may write into it, and what its bits depend on."""

import json
import os
import platform
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

import numpy as np

from ..ddpg.config import Config
from ..storage import TEMPORARY, CheckpointError, write_text
from .processors import BLAS_THREADS

T = TypeVar("T")

FILES = (
    *("config.json", "progress.csv", "monitor.csv", "evaluations.npz", "checkpoint.npz"),
    *("policy.npz", "best_policy.npz", "learning_curve.png", "result.json"),
)
planted_bug = ""  # the bug of the zoo that this process trains with, if any


def file_name(name: str) -> str:
    """Return a name as part of a file's, its / and : turned into -."""
    return re.sub(r"[^\w.-]+", "-", name)


def next_run_dir(name: str, root: str | Path = "runs") -> Path:
    """Return <root>/<name>-<n> with the next free n."""
    stem = file_name(name)
    taken = [p.name.removeprefix(f"{stem}-") for p in Path(root).glob(f"{stem}-*")]
    return Path(root) / f"{stem}-{max([int(n) for n in taken if n.isdecimal()], default=0) + 1}"


def versions() -> dict[str, str]:
    """Say what this run's bits depend on besides the config."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads = [os.environ[name] for name in BLAS_THREADS if name in os.environ]
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "gymnasium", "minddpg")},
        "blas": f"{blas.get('name')} {blas.get('version')}",
        "blas_threads": threads[0] if threads else f"not set, {os.cpu_count()} processors",
        **({"bug": planted_bug} if planted_bug else {}),
    }


def claim(run_dir: Path, overwrite: bool) -> None:
    """Make the folder ready for a new config.json; only files of a run are ever removed.

    Raises:
        FileExistsError: the folder holds a run and `overwrite` is false.
    """
    present = [name for name in FILES if (run_dir / name).exists()]
    if present and not overwrite:
        raise FileExistsError(
            f"{run_dir} already holds a run ({present[0]}):"
            " choose another folder, or replace it with overwrite (--overwrite)"
        )
    for name in present:
        if name != "config.json":  # replaced in one go, so that no moment is without one
            (run_dir / name).unlink()


class Lock:
    """Keeps other processes from writing into a run's folder, until it is closed or this one ends.

    Does nothing where the system, or its disk, has no such locks.

    Raises:
        FileExistsError: another process has the lock.
    """

    def __init__(self, run_dir: Path):
        self.descriptor = os.open(run_dir, os.O_RDONLY) if fcntl else None
        if self.descriptor is None:
            return
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            why = "another process is writing this run; wait for its end, or stop it"
            raise FileExistsError(f"{run_dir}: {why}") from None
        except OSError:  # a network disk
            self.close()

    def close(self) -> None:
        """Let others in."""
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = None


def sweep(run_dir: Path) -> None:
    """Remove what a killed process left half written."""
    for name in FILES:
        for path in run_dir.glob(f".{name}.*{TEMPORARY}"):
            path.unlink(missing_ok=True)


def write_config(run_dir: Path, config: Config) -> None:
    """Write config.json: every setting, and the versions that the run's bits depend on."""
    settings = {"config": json.loads(config.to_json()), "versions": versions()}
    write_text(run_dir / "config.json", json.dumps(settings, indent=2))


def read_config(run_dir: Path) -> Config:
    """Read the settings of a run.

    Raises:
        CheckpointError: the folder holds no run, or its config.json cannot be used.
    """
    return _read(run_dir, lambda saved: Config.from_json(json.dumps(saved["config"])))


def read_bug(run_dir: Path) -> str:
    """Read the name of the bug that was planted in a run; "" if there is none, or no run."""
    if not (run_dir / "config.json").exists():
        return ""
    return _read(run_dir, lambda saved: str(saved["versions"].get("bug", "")))


def _read(run_dir: Path, part: Callable[[Any], T]) -> T:
    path = run_dir / "config.json"
    if not path.exists():
        runs = run_dir / "runs"
        hint = f"; the runs of a study lie in {runs}" if runs.is_dir() else ""
        raise CheckpointError(path, f"not there: this is not a run's folder{hint}")
    try:
        return part(json.loads(path.read_bytes()))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CheckpointError(path, f"not a run's settings ({error})") from None
