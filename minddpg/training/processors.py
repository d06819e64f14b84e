"""Count the processors that a process may use; check that it can start other processes."""

import os
import sys

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
ALONE = ("emscripten", "wasi")  # values of sys.platform where no process can be started


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def require_processes(task: str, way_out: str) -> None:
    """Refuse a task that runs in other processes, if this Python cannot start any.

    Raises:
        OSError: it cannot, as in a browser; the message ends with `way_out`.
    """
    if sys.platform in ALONE:
        why = "needs other processes, which this Python cannot start, as in a browser"
        raise OSError(f"{task} {why}: {way_out}")
