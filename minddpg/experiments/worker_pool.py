"""Processes for a study, whose death costs only their own job; and calls that are tried again."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from queue import SimpleQueue
from typing import Any

from ..training.processors import BLAS_THREADS

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
        self._environ = {name: os.environ.get(name) for name in BLAS_THREADS}
        # read when a worker first imports NumPy
        os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))
        self._threads = ThreadPoolExecutor(count)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function in one of the processes.

        The future raises BrokenProcessPool if that process dies.
        """
        return self._threads.submit(self._call, function, *args, **kwargs)

    def _call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            future = self._pool().submit(_guarded, function, *args, **kwargs)
        except BrokenProcessPool:  # it died while it had nothing to do
            self._drop_pool()
            future = self._pool().submit(_guarded, function, *args, **kwargs)
        try:
            return future.result()
        except BrokenProcessPool:
            self._drop_pool()
            raise

    def _pool(self) -> ProcessPoolExecutor:
        """Return this thread's pool of one process."""
        if getattr(self._own, "pool", None) is None:
            self._own.pool = ProcessPoolExecutor(1, self._context, _begin, (self._held,))
            self._pools.append(self._own.pool)
        pool: ProcessPoolExecutor = self._own.pool
        return pool

    def _drop_pool(self) -> None:
        self._own.pool.shutdown(wait=False)
        self._pools.remove(self._own.pool)
        self._own.pool = None

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


def last_attempts(
    pool: Executor, function: Callable[..., Any], calls: Mapping[int, tuple[Any, ...]], retries: int
) -> Iterator[tuple[int, Future[Any]]]:
    """Do each call until it succeeds or has failed too often; yield the last attempts as they end.

    Futures report themselves: concurrent.futures.wait overlooks those that a shutdown cancels.
    """
    tries = dict.fromkeys(calls, 0)
    pending: dict[Future[Any], int] = {}
    ended: SimpleQueue[Future[Any]] = SimpleQueue()

    def attempt(i: int) -> None:
        tries[i] += 1
        try:
            future = pool.submit(function, *calls[i])
        except RuntimeError as error:  # the executor is broken, or was shut down
            future = Future()
            future.set_exception(error)
        pending[future] = i
        future.add_done_callback(ended.put)

    try:
        for i in calls:
            attempt(i)
        while pending:
            future = ended.get()
            i = pending.pop(future)
            if error_of(future) is not None and tries[i] <= retries:
                attempt(i)
            else:
                yield i, future
    finally:
        for future in pending:
            future.cancel()


def error_of(future: Future[Any]) -> BaseException | None:
    """Return what a finished future raised, or None; a cancelled one raised CancelledError."""
    try:
        return future.exception()
    except CancelledError as error:  # by the executor
        return error


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


def _guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call it; an error of a class that may not survive the way home travels as a RuntimeError."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("builtins", "minddpg"):
            raise
        raise RuntimeError(f"{type(error).__qualname__}: {error}") from error
