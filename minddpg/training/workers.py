"""Processes for a study: spawned, one BLAS thread each, and a death costs only its own job."""

import os
import signal
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
GRACE = 60.0  # s that a worker has to write a checkpoint once its study has ended


class Workers(Executor):
    """A process pool that outlives its workers.

    In a ProcessPoolExecutor one killed process fails every job in flight. Here each of `count`
    threads has a pool of one process, and starts another when it dies.
    """

    def __init__(self, count: int):
        self._context = get_context("spawn")
        self._own = threading.local()
        self._pools: list[ProcessPoolExecutor] = []
        self._held, self._lifeline = self._context.Pipe(duplex=False)
        self._environ = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))  # read when a worker first imports NumPy
        self._threads = ThreadPoolExecutor(count)

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Call the function in one of the processes.

        The future raises BrokenProcessPool if that process dies.
        """
        return self._threads.submit(self._call, function, *args, **kwargs)

    def _call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(self._own, "pool", None) is None:
            self._own.pool = ProcessPoolExecutor(1, self._context, _begin, (self._held,))
            self._pools.append(self._own.pool)
        try:
            return self._own.pool.submit(function, *args, **kwargs).result()
        except BrokenProcessPool:
            self._own.pool = None
            raise

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with cancel_futures at once, jobs in flight as by SIGTERM."""
        if cancel_futures:
            self._lifeline.close()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait)
        for end in (self._held, self._lifeline):
            end.close()
        for name, value in self._environ.items():
            os.environ.pop(name, None)
            os.environ.update({} if value is None else {name: value})

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        """End when all jobs have, or at once after an error."""
        self.shutdown(cancel_futures=kind is not None)


def _begin(held: Any) -> None:
    """Begin a worker: leave the terminal's signals to the parent, and end when it does."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    threading.Thread(target=_end_with, args=(held,), daemon=True).start()


def _end_with(held: Any) -> None:
    """Wait for the other end of the pipe to close, by shutdown or by the parent's own death."""
    try:
        held.recv()
    except EOFError:
        os.kill(os.getpid(), signal.SIGTERM)  # a training run writes its checkpoint first
        time.sleep(GRACE)
        os._exit(1)
