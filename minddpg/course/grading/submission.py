"""One submission: read a notebook, and run its cells in a process apart."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...training.processors import BLAS_THREADS
from ..engine.check import FOLDERS, RECORD

KERNEL_DIED, OUT_OF_TIME = "kernel died", "time limit"
LARGEST = 100  # MB of a notebook's file
LONGEST_LINE = 10_000  # bytes of a verdict's line
POLL = 0.05  # s
NOBODY = -1  # not the number of any process
PROC = Path("/proc")
ROUNDS = 200  # of killing: a fork bomb starts new processes meanwhile


@dataclass(frozen=True)
class Submission:
    """The content of a notebook's file."""

    cells: list[str]  # the sources of its code cells
    chapter: str  # from its metadata, or ""


def read(path: Path) -> Submission:
    """Read a notebook without its outputs.

    Raises:
        ValueError: the file is not a notebook, or not one of Python.
    """
    try:
        if path.stat().st_size > LARGEST * 10**6:
            raise ValueError(f"larger than {LARGEST} MB")
        content = json.loads(path.read_bytes())
        metadata = content["metadata"]
        sheets = [content, *content.get("worksheets", [])]  # format 3 had sheets
        all_cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
        cells = [_source(cell) for cell in all_cells if cell["cell_type"] == "code"]
        kernel, about = metadata.get("kernelspec", {}), metadata.get("language_info", {})
        language = str(about.get("name") or kernel.get("language") or "python")
        chapter = str(metadata.get("minddpg", {}).get("chapter", ""))
    except OSError as error:
        raise ValueError(error.strerror) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError("not JSON, or damaged") from None
    except (AttributeError, LookupError, TypeError, RecursionError):
        raise ValueError("JSON, but not of Jupyter's format") from None
    if language.lower() not in ("python", "ipython"):
        raise ValueError(f"not in Python, but in {language}")
    return Submission(cells, chapter)


def _source(cell: dict[str, Any]) -> str:
    text = cell["source"] if "source" in cell else cell["input"]
    text = text if isinstance(text, str) else "".join(text)
    return text.encode(errors="replace").decode()  # JSON can hold half a character


def run(
    cells: list[str],
    timeout: float,
    memory: float,
    stop: threading.Event,
    exercises: Path | None = None,
) -> tuple[list[dict[str, Any]], str]:
    """Run cells in a new process, folder and Jupyter kernel.

    Args:
        timeout: total seconds.
        memory: GB of address space for each process; 0 for no limit.
        stop: set it to end the run early.
        exercises: a folder of the teacher's own exercises, in addition to the package's.

    Returns the verdicts in order, and why not all cells were run ("" if they were).
    """
    with tempfile.TemporaryDirectory(prefix="minddpg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        for folder in ("work", "tmp", "jupyter"):
            (home / folder).mkdir()
        record = home / "verdicts.jsonl"
        (home / "cells.json").write_text(json.dumps(cells))
        command = [sys.executable, "-m", "minddpg.course.grading.kernel", str(home / "cells.json")]
        with subprocess.Popen(
            [*command, str(memory)],
            cwd=home / "work",
            env=_environment(home, record, exercises),
            stdin=subprocess.PIPE,  # closes when we end, however we end
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C reaches us alone
        ) as process:
            try:
                deadline = time.monotonic() + timeout
                while process.poll() is None and time.monotonic() < deadline:
                    if stop.wait(POLL):
                        break
                is_late = process.poll() is None
            finally:
                is_alive = process.returncode is None  # else its number may have been reused
                end_family(process.pid if is_alive else NOBODY, os.fsencode(record))
                process.kill()
            assert process.stdout is not None
            output = process.stdout.read().decode(errors="replace").strip()
        trouble = OUT_OF_TIME if is_late else output if process.returncode == 0 else KERNEL_DIED
        return list(_verdicts(record)), trouble


def _environment(home: Path, record: Path, exercises: Path | None) -> dict[str, str]:
    """Return our environment with one BLAS thread, and Jupyter and pip redirected to `home`."""
    environment = {"MPLBACKEND": "agg", **os.environ, **dict.fromkeys(BLAS_THREADS, "1")}
    environment.pop("JUPYTER_PATH", None)
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        environment[name] = str(home / "jupyter")
    environment["PIP_TARGET"] = str(home / "pip")  # otherwise a %pip cell would change our Python
    if exercises:
        environment[FOLDERS] = str(exercises.resolve())
    return environment | {"TMPDIR": str(home / "tmp"), RECORD: str(record)}


def _verdicts(record: Path) -> Iterator[dict[str, Any]]:
    """Yield the verdicts in the file; skip anything else that the cells wrote there."""
    if record.is_symlink() or not record.is_file():
        return
    with contextlib.suppress(OSError), open(record, "rb") as file:
        while line := file.readline(LONGEST_LINE):
            with contextlib.suppress(ValueError, RecursionError):
                row = json.loads(line)
                if isinstance(row, dict):
                    yield row


def end_family(root: int, mark: bytes = b"") -> None:
    """Kill every descendant of a process, and every process with the mark in its environment.

    The process itself is not killed. The mark finds descendants whose parent has died before.
    """
    if sys.platform == "win32":
        return  # a kernel ends by itself when its parent has ended
    for _ in range(ROUNDS):
        family = _family(root, mark)
        if not family:
            return
        for pid in family:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL / 5)


def _family(root: int, mark: bytes) -> set[int]:
    parents = dict(_processes() if PROC.is_dir() else _processes_of_ps())
    family = {pid for pid in parents if mark and _carries(pid, mark)}
    grown = {root}
    while grown:
        family |= grown
        grown = {pid for pid, parent in parents.items() if parent in family} - family
    return family - {root, os.getpid()}


def _processes() -> Iterator[tuple[int, int]]:
    """Yield the number of each living process and of its parent."""
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":  # killed, but not yet reaped
                yield int(folder.name), int(parent)


def _processes_of_ps() -> Iterator[tuple[int, int]]:
    """Yield what _processes yields, where there is no /proc."""
    command = ["ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "state="]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ps:
        text = ps.communicate()[0]
    for line in text.splitlines():
        pid, parent, state = line.split()
        if state[0] != "Z" and int(pid) != ps.pid:
            yield int(pid), int(parent)


def _carries(pid: int, mark: bytes) -> bool:
    with contextlib.suppress(OSError):  # another user's, or ended
        return mark in (PROC / str(pid) / "environ").read_bytes()
    return False
