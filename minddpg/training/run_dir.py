"""Name a run folder; write and read its config.json: everything that the run's bits depend on."""

import json
import os
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..ddpg.config import Config
from ..ddpg.json_object import unique_names
from ..storage import TEMPORARY, CheckpointError, read_bytes, with_path, write_text
from .arithmetic import fingerprint
from .processors import BLAS_THREADS

T = TypeVar("T")
version = cache(metadata.version)  # each look-up reads files, and every checkpoint asks

FILES = (  # all that a run folder may hold; no other file is ever removed
    "config.json",
    "progress.csv",
    "monitor.csv",
    "evaluations.npz",
    "checkpoint.npz",
    "policy.npz",
    "best_policy.npz",
    "learning_curve.png",
    "last.gif",  # of the last policy, as `minddpg watch` writes it
    "best.gif",
    "result.json",
)
MAX_CONFIG = 10**6  # bytes: a config.json has about a thousand
_notes: dict[str, str] = {}  # see noted()


def file_name(name: str) -> str:
    """Return a name for use in a file name: - replaces all but letters, digits, _ . and -."""
    return re.sub(r"[^\w.-]+", "-", name)


def lasting(path: str | Path) -> Callable[[], Path]:
    """Return a function that gives this path, absolute once the working directory has changed.

    The code of an environment can change the working directory.
    """
    path = Path(path)
    if path.is_absolute():
        return lambda: path
    with with_path(path):
        here, absolute = os.stat("."), path.absolute()

    def now() -> Path:
        with suppress(OSError):  # the current folder was deleted
            if os.path.samestat(os.stat("."), here):
                return path
        return absolute

    return now


@contextmanager
def claimed_run_dir(name: str, root: str | Path = "runs") -> Iterator[Path]:
    """Make the run folder <root>/<name>-<n> with the next free number n, for this process alone.

    Afterwards the folder is removed again if nothing was written into it.
    """
    root, stem = Path(root), file_name(name)
    made_root = not root.exists()
    root.mkdir(parents=True, exist_ok=True)
    taken = [p.name.removeprefix(f"{stem}-") for p in root.glob(f"{stem}-*")]
    for n in count(max([int(n) for n in taken if n.isdecimal()], default=0) + 1):
        run_dir = root / f"{stem}-{n}"
        with suppress(FileExistsError):  # another process took it since
            run_dir.mkdir()
            break
    made = run_dir.absolute()
    try:
        yield run_dir
    finally:
        with suppress(OSError):  # rmdir removes empty folders only
            made.rmdir()
            if made_root:
                made.parent.rmdir()


def versions() -> dict[str, str]:
    """Return what the bits of a run depend on besides its config, and the notes of this process."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads = [os.environ[name] for name in BLAS_THREADS if name in os.environ]
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "gymnasium", "minddpg")},
        "blas": f"{blas.get('name')} {blas.get('version')}",
        "blas_threads": threads[0] if threads else f"not set, {os.cpu_count()} processors",
        "arithmetic": fingerprint(),
        **_notes,
    }


@contextmanager
def noted(**notes: str) -> Iterator[None]:
    """Add notes to the versions of every run that this process writes inside the block.

    A planted bug notes its name as `bug`.
    """
    before = dict(_notes)
    _notes.update(notes)
    try:
        yield
    finally:
        _notes.clear()
        _notes.update(before)


def note(name: str) -> str:
    """Return this process's note of a name, "" if there is none."""
    return _notes.get(name, "")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, as far as they are not there.

    Raises:
        NotADirectoryError: a file has the name of one of them; names it.
    """
    for place in (folder, *folder.parents):
        if os.path.lexists(place) and not place.is_dir():
            raise NotADirectoryError(f"{place} is a file, not a folder: choose another name")
    folder.mkdir(parents=True, exist_ok=True)


def prepare(run_dir: Path, overwrite: bool) -> None:
    """Remove the files of an earlier run from a run folder, except its config.json.

    That file is later replaced atomically, so the folder always has one.

    Raises:
        FileExistsError: the folder holds a run and `overwrite` is false, or its config.json is
            another program's.
        IsADirectoryError: one of these files is a folder; nothing is removed.
    """
    present = [name for name in FILES if os.path.lexists(run_dir / name)]
    if present and not overwrite:
        raise FileExistsError(
            f"{run_dir} already holds a run ({present[0]}):"
            " choose another folder, or replace it with overwrite (--overwrite)"
        )
    for name in present:
        if (run_dir / name).is_dir() and not (run_dir / name).is_symlink():
            raise IsADirectoryError(f"{run_dir / name} is a folder, not a file of a run: move it")
    config = run_dir / "config.json"  # of a link only the link is replaced
    if config.exists() and not config.is_symlink() and config.stat().st_size:
        try:
            _read(run_dir, lambda saved: saved["config"]["env_id"])
        except CheckpointError:
            why = "was not written by a run, so nothing here is replaced: choose another folder"
            raise FileExistsError(f"{config} {why}") from None
    for name in reversed(present):  # pictures first: Windows keeps one that a viewer has open
        if name != "config.json":
            (run_dir / name).unlink()


def remove_temporaries(run_dir: Path, names: Sequence[str] = FILES) -> None:
    """Remove the files that a killed process left half written."""
    for name in names:
        for path in run_dir.glob(f".{name}.*{TEMPORARY}"):
            path.unlink(missing_ok=True)


def write_config(run_dir: Path, config: Config) -> None:
    """Write config.json: every setting, and versions()."""
    settings = {"config": json.loads(config.to_json()), "versions": versions()}
    write_text(run_dir / "config.json", json.dumps(settings, indent=2))


def read_config(run_dir: Path) -> Config:
    """Read the settings of a run from its run folder.

    Raises:
        CheckpointError: this is not a run folder, or its config.json cannot be used.
    """
    return _read(run_dir, lambda saved: Config.from_json(json.dumps(saved["config"])))


def read_bug(run_dir: Path) -> str:
    """Read the name of the bug with which a run was trained; "" if there is no bug, or no run."""
    if not (run_dir / "config.json").exists():
        return ""
    return _read(run_dir, lambda saved: str(saved["versions"].get("bug", "")))


def _read(run_dir: Path, part: Callable[[Any], T]) -> T:
    path = run_dir / "config.json"
    if run_dir.is_file():
        raise CheckpointError(run_dir, "this is a file, not a run folder: give the run's folder")
    if not path.exists():
        runs = run_dir / "runs"
        hint = f"the runs of a study are in {runs}" if runs.is_dir() else "minddpg train makes one"
        raise CheckpointError(path, f"not there: this is not a run folder; {hint}")
    content = read_bytes(path, MAX_CONFIG)
    try:
        return part(json.loads(content, object_pairs_hook=unique_names))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CheckpointError(path, f"not a run's settings ({error})") from None
