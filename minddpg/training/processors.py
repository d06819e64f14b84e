"""How many processors a process may use, and whether it may start others; NumPy's threads."""

import os
import sys

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
ALONE = ("emscripten", "wasi")  # platforms without processes, of sys.platform


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def require_processes(task: str, way_out: str) -> None:
    """Refuse a task that runs in other processes, if this Python can start none.

    Raises:
        OSError: it cannot, as in a browser; names the way out.
    """
    if sys.platform in ALONE:
        why = "needs other processes, and this Python can start none, as in a browser"
        raise OSError(f"{task} {why}: {way_out}")
