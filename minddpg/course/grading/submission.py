"""Read one submission, a notebook, and run its cells in a separate process."""

import contextlib
import errno
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

from ...training.processors import BLAS_THREADS
from ..engine.check import EXERCISES, FOLDERS
from ..engine.keep import FOLDER
from ..engine.record import RECORD, SEAL, seal
from .processes import NOBODY, end_family, new_mark

KERNEL_DIED, OUT_OF_TIME, DISK_LIMIT = "kernel died", "time limit", "disk limit"
NOT_POSSIBLE = "could not be run: "  # begins reasons that are this machine's fault
DISK_FULL = f"{NOT_POSSIBLE}full disk"
FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
LARGEST = 10  # MB of a notebook's file
MOST_FILES = 20_000  # files that a submission may write
LEAST_FREE = 2**20  # bytes; a disk with less free space counts as full
LONGEST_LINE = 10_000  # bytes of a verdict's line
POLL = 0.05  # s
FORGED = "verdict not from the check"  # a flag
if sys.platform == "win32":
    NEW_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    NEW_GROUP = 0


@dataclass(frozen=True)
class Submission:
    """The content of a notebook's file."""

    cells: list[str]  # the sources of its code cells
    chapter: str  # from its metadata, or ""


@dataclass(frozen=True)
class Limits:
    """What the processes of a submission may use."""

    seconds: float  # in all
    cell_seconds: float  # for each cell
    memory: float  # GB of address space for each process; 0 for no limit
    disk: int  # bytes in its folder


class Outcome(NamedTuple):
    """The result of running a submission."""

    verdicts: list[dict[str, Any]]  # the last of each exercise
    trouble: str = ""  # the reason if not all cells were run
    slow: tuple[int, ...] = ()  # the indices of the cells that took too long and were stopped
    shown: tuple[str, ...] = ()  # the exercises that the outputs say have passed
    stuck: tuple[int, ...] = ()  # the index of the cell that no interrupt stopped, if there is one


def read(path: Path) -> Submission:
    """Read a notebook without its outputs.

    Raises:
        ValueError: the file is not a notebook, or not in Python.
    """
    text = _bytes(path)
    try:
        content = json.loads(text)
        metadata = content["metadata"]
        sheets = [content, *content.get("worksheets", [])]  # format 3 had sheets
        all_cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
        cells = [_source(cell) for cell in all_cells if cell["cell_type"] == "code"]
        kernel, about = metadata.get("kernelspec", {}), metadata.get("language_info", {})
        language = str(about.get("name") or kernel.get("language") or "python")
        chapter = str(metadata.get("minddpg", {}).get("chapter", ""))
    except (AttributeError, LookupError, TypeError, RecursionError):
        raise ValueError("JSON, but not of Jupyter's format") from None
    except ValueError:
        raise ValueError("not JSON, or damaged") from None
    if language.lower() not in ("python", "ipython"):
        raise ValueError(f"not in Python, but in {language}")
    return Submission(cells, chapter)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ValueError("not a regular file")  # reading a pipe or a device may never end
        with open(path, "rb") as file:
            content = file.read(LARGEST * 10**6 + 1)
    except OSError as error:
        raise ValueError(error.strerror) from None
    if len(content) > LARGEST * 10**6:
        raise ValueError(f"larger than {LARGEST} MB")
    return content


def _source(cell: dict[str, Any]) -> str:
    text = cell["source"] if "source" in cell else cell["input"]
    text = text if isinstance(text, str) else "".join(text)
    return text.encode(errors="replace").decode()  # JSON can contain half a character


def run(
    cells: list[str], limits: Limits, stop: threading.Event, exercises: Path | None = None
) -> Outcome:
    """Run cells in a new process, folder and Jupyter kernel.

    If no interrupt stops a cell, all cells but this one run again, in the time that is left. So
    the cell costs only its own exercises.

    Args:
        stop: set it to end the run early.
        exercises: a folder of the teacher's own exercises, in addition to the package's.

    Raises:
        OSError: the process cannot be started, because of a full disk or too many processes.
    """
    deadline = time.monotonic() + limits.seconds
    outcome = _run(cells, limits, stop, exercises)
    while outcome.stuck and not outcome.trouble and not stop.is_set():
        cells = ["" if i in outcome.stuck else cell for i, cell in enumerate(cells)]
        left = replace(limits, seconds=deadline - time.monotonic())
        outcome = _joined(outcome, _run(cells, left, stop, exercises))
    return outcome


def _joined(first: Outcome, again: Outcome) -> Outcome:
    """Join the outcomes of two runs; the verdicts of the second replace those of the first."""
    verdicts = {verdict["exercise"]: verdict for verdict in (*first.verdicts, *again.verdicts)}
    slow, shown = first.slow + again.slow, first.shown + again.shown
    return again._replace(verdicts=list(verdicts.values()), slow=slow, shown=shown)


def _run(
    cells: list[str], limits: Limits, stop: threading.Event, exercises: Path | None
) -> Outcome:
    """Run cells once, as `run` does."""
    with _new_folder() as home, _new_record(home) as (record, record_path, handles):
        mark = new_mark()
        job = {"cells": cells, "memory": limits.memory, "disk": limits.disk, "mark": mark}
        job["cell_seconds"] = limits.cell_seconds
        key, key_path = secrets.token_hex(), home / "seal"
        key_path.write_text(key, encoding="utf-8")
        job_path = home / "job.json"
        job_path.write_text(json.dumps({**job, "handles": handles}), encoding="utf-8")
        with subprocess.Popen(
            [sys.executable, "-m", "minddpg.course.grading.kernel", str(job_path)],
            cwd=home / "work",
            env={**_environment(home, record_path, exercises), SEAL: str(key_path)},
            stdin=subprocess.PIPE,  # closes when we end, even if we are killed
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that only we receive Ctrl-C; on Windows a group does it
            creationflags=NEW_GROUP,
            pass_fds=handles,
        ) as process:
            try:
                deadline = time.monotonic() + limits.seconds
                trouble, was_full = "", False
                while process.poll() is None and not trouble and not stop.wait(POLL):
                    was_full = was_full or is_full(home)
                    if time.monotonic() >= deadline:
                        trouble = OUT_OF_TIME
                    elif is_above(home, limits.disk):
                        trouble = DISK_LIMIT
            finally:
                is_alive = process.returncode is None  # otherwise its number may be reused
                end_family(process.pid if is_alive else NOBODY, mark)
                process.kill()
            assert process.stdout is not None
            report = _report(process.stdout.read(LONGEST_LINE))
        if not trouble and is_above(home, limits.disk):
            trouble = DISK_LIMIT  # it was written between two of the looks above
        if not trouble:
            ended = report.trouble if process.returncode == 0 else KERNEL_DIED
            trouble = DISK_FULL if was_full else ended
        return report._replace(verdicts=list(_verdicts(record, key)), trouble=trouble)


def _report(line: bytes) -> Outcome:
    """Read the report that the process prints at its end; a killed process prints none."""
    try:
        report = json.loads(line)
        lists = (tuple(report[name]) for name in ("slow", "shown", "stuck"))
        return Outcome([], report["trouble"], *lists)
    except ValueError:
        return Outcome([], KERNEL_DIED)


@contextlib.contextmanager
def _new_folder() -> Iterator[Path]:
    """Make a folder that only this user can enter; delete it afterwards."""
    folder = tempfile.TemporaryDirectory(prefix="minddpg-", ignore_cleanup_errors=True)
    home = Path(folder.name)
    try:
        for name in ("work", "tmp", "jupyter"):
            (home / name).mkdir()
        yield home
    finally:
        with contextlib.suppress(RecursionError):  # a thousand nested folders
            folder.cleanup()
        if home.exists() and sys.platform != "win32":
            subprocess.run(["rm", "-rf", home], stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def _new_record(home: Path) -> Iterator[tuple[IO[bytes], str, tuple[int, ...]]]:
    """Open the file of the verdicts; yield it, the path to append to, the handles to inherit.

    The file has no name in any folder, so no other submission can find it. On Linux it is in
    memory, so a full disk loses no verdict.
    """
    if sys.platform == "win32":  # where no handle can be inherited
        path = home / "verdicts.jsonl"
        with open(path, "w+b") as file:
            yield file, str(path), ()
        return
    if sys.platform == "linux":
        unnamed: IO[bytes] = os.fdopen(os.memfd_create("verdicts"), "w+b")
    else:
        unnamed = tempfile.TemporaryFile()  # noqa: SIM115
    with unnamed as file:
        yield file, f"/dev/fd/{file.fileno()}", (file.fileno(),)


def _environment(home: Path, record: str, exercises: Path | None) -> dict[str, str]:
    """Return our environment with one BLAS thread, and with Jupyter and pip writing to `home`."""
    environment = {"MPLBACKEND": "agg", **os.environ, **dict.fromkeys(BLAS_THREADS, "1")}
    environment.pop("JUPYTER_PATH", None)
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        environment[name] = str(home / "jupyter")
    environment["PIP_TARGET"] = str(home / "pip")  # otherwise a %pip cell would change our Python
    if exercises:
        environment[FOLDERS] = str(exercises.resolve())
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(home / "tmp"))
    return environment | {RECORD: record, FOLDER: ""}


def is_full(folder: Path) -> bool:
    """Return True if the disk of a folder is nearly full."""
    with contextlib.suppress(OSError):  # the cells may have deleted it
        return shutil.disk_usage(folder).free < LEAST_FREE
    return False


def is_above(folder: Path, limit: int) -> bool:
    """Return True if a folder's size reaches the limit, or it contains too many files."""
    size = count = 0
    folders = [str(folder)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):  # deleted meanwhile
                    size += entry.stat(follow_symlinks=False).st_size
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                if size >= limit or count > MOST_FILES:
                    return True
    return False


def _verdicts(record: IO[bytes], key: str) -> Iterator[dict[str, Any]]:
    """Yield the last verdict of each exercise; skip anything else that the cells wrote.

    A verdict is flagged if it, or an earlier verdict on the same exercise, has no valid seal.
    """
    last: dict[str, dict[str, Any]] = {}
    forged = set()
    record.seek(0)
    while line := record.readline(LONGEST_LINE):
        with contextlib.suppress(ValueError, TypeError, LookupError, RecursionError):
            row = json.loads(line)
            number = row["exercise"]
            if number in EXERCISES:
                if row.get("seal") != seal(key, row):
                    forged.add(number)
                last[number] = row
    for number, row in last.items():
        own = row.get("flags")
        flags = [str(flag) for flag in own] if isinstance(own, list) else []
        yield {**row, "flags": [FORGED, *flags] if number in forged else flags}
