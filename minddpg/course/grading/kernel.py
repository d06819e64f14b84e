"""Run the cells of one submission in a Jupyter kernel, inside the process made for it.

python -m minddpg.course.grading.kernel CELLS MEMORY  prints what went wrong, or nothing. CELLS is
a JSON file, a list of sources; the verdicts go where the environment says.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .submission import KERNEL_DIED, end_family

PR_SET_CHILD_SUBREAPER = 36  # of Linux's prctl
LONGEST_MESSAGE = 200  # characters of an error's message
LONGEST_PATH = 80  # characters of a folder in which a socket can have a name: the system's limit


def main(path: Path, memory: float) -> None:
    """Run the cells with so many GB for each process (0: no limit).

    End every process that they started, and this one.
    """
    _limit(memory)
    _adopt_orphans()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    trouble = _execute(json.loads(path.read_text()), path.parent)
    end_family(os.getpid())
    print(trouble, flush=True)
    os._exit(0)  # whatever the sockets of a killed kernel still wait for


def _execute(sources: list[str], folder: Path) -> str:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    cells: list[Any] = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    client: Any = NotebookClient(
        new_notebook(cells=cells),  # type: ignore[no-untyped-call]
        kernel_name="python3",  # not the submission's own choice, which this machine may not know
        allow_errors=True,
        startup_timeout=86_400,  # the parent has the only clock
        shutdown_kernel="immediate",
    )
    client.output = lambda *_: None  # nobody reads it, and it may be huge
    manager = client.create_kernel_manager()
    if sys.platform != "win32" and len(str(folder)) < LONGEST_PATH:
        # TCP ports are guessed, and two kernels may guess the same
        manager.transport, manager.connection_file = "ipc", str(folder / "kernel.json")
    try:
        # otherwise what the cells' children print would end up among our own words
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except RuntimeError:  # nbclient's DeadKernelError is one, so is a kernel that did not start
        return KERNEL_DIED
    except Exception as error:
        text = f"could not be run: {type(error).__name__}: {error}"
        return " ".join(text.split())[:LONGEST_MESSAGE]
    return ""


def _limit(memory: float) -> None:
    """Limit the address space of this process and of each one that it starts, in GB."""
    with contextlib.suppress(ImportError):  # Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            size = int(memory * 1e9)
            with contextlib.suppress(ValueError, OSError):  # macOS knows it, and may refuse it
                resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own, so that none gets lost."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_with_parent() -> None:
    """Wait for the other end of standard input to close, which even a killed parent's does."""
    os.read(0, 1)
    end_family(os.getpid())
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
