"""Run the cells of one submission in a Jupyter kernel; a program of its own, started by `run`.

python -m minddpg.course.grading.kernel CELLS MEMORY  prints what went wrong, or nothing. CELLS is
a JSON file, a list of sources. The checks write their verdicts to the file that an environment
variable names.
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
LONGEST_PATH = 80  # characters of a folder's path: the system limits the name of a socket in it


def main(path: Path, memory: float) -> None:
    """Run the cells, then end every process that they started, and this one.

    Args:
        memory: GB of address space for each process; 0 for no limit.
    """
    _limit(memory)
    _adopt_orphans()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    trouble = _execute(json.loads(path.read_text()), path.parent)
    end_family(os.getpid())
    print(trouble, flush=True)
    os._exit(0)  # at once: sockets of a killed kernel may still be waiting


def _execute(sources: list[str], folder: Path) -> str:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    cells: list[Any] = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    client: Any = NotebookClient(
        new_notebook(cells=cells),  # type: ignore[no-untyped-call]
        kernel_name="python3",  # a submission may name a kernel that is not installed here
        allow_errors=True,
        startup_timeout=86_400,  # the parent process measures the time
        shutdown_kernel="immediate",
    )
    client.output = lambda *_: None  # nobody reads it, and it may be huge
    manager = client.create_kernel_manager()
    if sys.platform != "win32" and len(str(folder)) < LONGEST_PATH:
        # TCP ports are guessed, and two kernels may guess the same
        manager.transport, manager.connection_file = "ipc", str(folder / "kernel.json")
    try:
        # otherwise our own output would mix with what the cells' child processes print
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except RuntimeError:  # nbclient's DeadKernelError, or a kernel that did not start
        return KERNEL_DIED
    except Exception as error:
        text = f"could not be run: {type(error).__name__}: {error}"
        return " ".join(text.split())[:LONGEST_MESSAGE]
    return ""


def _limit(memory: float) -> None:
    """Limit the address space, in GB, of this process and of each one that it starts."""
    with contextlib.suppress(ImportError):  # Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            size = int(memory * 1e9)
            with contextlib.suppress(ValueError, OSError):  # macOS may refuse it
                resource.setrlimit(resource.RLIMIT_AS, (size, size))


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
    main(Path(sys.argv[1]), float(sys.argv[2]))
