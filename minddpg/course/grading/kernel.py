"""Run the cells of one submission in a Jupyter kernel; `run` starts this as a separate program.

python -m minddpg.course.grading.kernel JOB  prints a report in JSON. JOB is a JSON file with the
sources of the cells, the limits, and the file handles that the kernel inherits. The checks write
their verdicts to the file that an environment variable names.
"""

import contextlib
import ctypes
import json
import math
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from .processes import end_family, set_mark
from .submission import DISK_FULL, DISK_LIMIT, FULL, KERNEL_DIED, NOT_POSSIBLE, is_above, is_full

PR_SET_CHILD_SUBREAPER = 36  # of Linux's prctl
LONGEST_MESSAGE = 200  # characters of an error's message
LONGEST_SHOWN = 10_000  # characters of an output that are searched for a verdict
FIRST = """from minddpg.course import checks
from minddpg.course.engine.record import start
start()
del checks, start"""  # the first cell, before those of the submission
VERDICT = re.compile(r"\b(\d\d\.\d+) [^\n]{1,80}: passed\b")  # as a verdict's first line shows it
PATIENCE = 5.0  # s for which a cell may ignore that it is interrupted
LONGEST_PATH = 80  # characters of a folder's path: the system limits the names of sockets


def main(path: Path) -> None:
    """Run the cells, then end every process that they started, and this process."""
    job = json.loads(path.read_text(encoding="utf-8"))
    set_mark(job["mark"])
    _limit(job["memory"], job["disk"])
    _adopt_orphans()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    report = _execute(job, path.parent)
    end_family(os.getpid())
    print(json.dumps(report), flush=True)
    os._exit(0)  # a normal exit could wait for the sockets of a killed kernel


def _execute(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run the cells; report what went wrong, cells that took too long, and printed verdicts.

    The trouble is "" if nothing went wrong except errors in the cells. A cell that takes too long
    is interrupted, and the next cell runs. If it does not stop, the kernel is killed, and the cell
    is reported as stuck.
    """
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    disk, seconds = job["disk"], job["cell_seconds"]
    disk_errors: list[str] = []
    slow: list[int] = []
    stuck: list[int] = []
    shown: set[str] = set()
    started = [0.0]
    last_resort = threading.Timer(0, lambda: None)

    def ask_the_disk(**_: Any) -> None:  # a cell could choose the text of its error
        found = DISK_FULL if is_full(folder) else DISK_LIMIT if is_above(folder, disk) else ""
        disk_errors.extend(filter(None, [found]))

    def start_the_clock(cell_index: int, **_: Any) -> None:
        nonlocal last_resort
        started[0] = time.monotonic()
        if cell_index:
            last_resort = threading.Timer(seconds + PATIENCE, give_up, [cell_index - 1])
            last_resort.start()

    def stop_the_clock(cell_index: int, **_: Any) -> None:
        last_resort.cancel()
        if cell_index and time.monotonic() - started[0] >= seconds:
            slow.append(cell_index - 1)

    def give_up(cell: int) -> None:
        stuck.append(cell)
        manager.provisioner.process.kill()

    def look(_: Any, message: dict[str, Any], *__: Any) -> None:  # not kept: it may be huge
        shown.update(verdicts_in(message["content"]))

    sources = [FIRST, *job["cells"]]
    cells: list[Any] = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    client: Any = NotebookClient(
        new_notebook(cells=cells),  # type: ignore[no-untyped-call]
        kernel_name="python3",  # a submission may name a kernel that is not installed here
        allow_errors=True,
        on_cell_error=ask_the_disk,
        on_cell_execute=start_the_clock,
        on_cell_executed=stop_the_clock,
        timeout_func=lambda cell: None if cell.source == FIRST else math.ceil(seconds),
        interrupt_on_timeout=True,
        startup_timeout=86_400,  # the parent process measures the time
        shutdown_kernel="immediate",
    )
    client.output = look
    manager = client.create_kernel_manager()
    if sys.platform != "win32" and len(str(folder)) < LONGEST_PATH:
        # with TCP, two kernels could choose the same port
        manager.transport, manager.connection_file = "ipc", str(folder / "kernel.json")
    # otherwise our own output would mix with what the cells' child processes print
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    trouble = ""
    try:
        client.execute(**streams, pass_fds=job["handles"])
    except RuntimeError:  # nbclient's DeadKernelError, or a kernel that did not start
        trouble = "" if stuck else KERNEL_DIED
    except Exception as error:
        text = f"{NOT_POSSIBLE}{type(error).__name__}: {error}"
        is_full_disk = isinstance(error, OSError) and error.errno in FULL
        trouble = DISK_FULL if is_full_disk else " ".join(text.split())[:LONGEST_MESSAGE]
    last_resort.cancel()
    trouble = trouble or "".join(disk_errors[:1])
    return {"trouble": trouble, "slow": slow + stuck, "stuck": stuck, "shown": sorted(shown)}


def verdicts_in(content: dict[str, Any]) -> list[str]:
    """Return the exercises that an output says have passed, as text, Markdown or HTML."""
    texts = [content.get("text", ""), *content.get("data", {}).values()]
    bare = (re.sub(r"<[^<>]*>|[*_]", "", str(text)[:LONGEST_SHOWN]) for text in texts)
    return [number for text in bare for number in VERDICT.findall(text)]


def _limit(memory: float, disk: int) -> None:
    """Limit the address space (GB) and the size of a file (bytes) of this process and descendants.

    Windows does not have these limits.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, size in (("FSIZE", disk), ("AS", int(memory * 1e9))):
        if size:
            with contextlib.suppress(ValueError, OSError):  # macOS may refuse it
                resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (size, size))


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none escapes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_with_parent() -> None:
    """End when standard input closes, which happens even if the parent is killed."""
    os.read(0, 1)
    end_family(os.getpid())
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
