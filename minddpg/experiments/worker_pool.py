"""A process pool in which one crashed worker fails only its own job, and calls with retries."""

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from queue import Empty, SimpleQueue
from typing import Any

from ..training.display import announce
from ..training.own_warnings import line_of
from ..training.processors import BLAS_THREADS, require_processes

GRACE = 60.0  # s that a worker has to write a checkpoint after its study has ended
LOOK = 1.0  # s between two looks at jobs that are running; on Windows Ctrl-C waits for the next


class WorkerPool(Executor):
    """A pool of processes, one BLAS thread each, that replaces a process that dies.

    In a ProcessPoolExecutor one killed process fails every job in flight. Here each of `count`
    threads has a pool of one process, and starts another one when that process dies.

    Warnings in the processes are printed by this one, each text once.
    """

    def __init__(self, count: int):
        self._context = get_context("spawn")
        self._thread = threading.local()
        self._pools: list[ProcessPoolExecutor] = []
        self._warned, self._one_at_a_time = set[str](), threading.Lock()
        # workers read one end of a pipe: when the other end closes, even because this process was
        # killed, they end
        self._workers_end, self._our_end = self._context.Pipe(duplex=False)
        self._environ = {name: os.environ.get(name) for name in BLAS_THREADS}
        # read when a worker first imports NumPy
        os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))
        self._threads = ThreadPoolExecutor(count, initializer=block_interrupts)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function in one of the processes.

        The future raises BrokenProcessPool if that process dies.
        """
        return self._threads.submit(self._call, function, *args, **kwargs)

    def _call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            future = self._pool().submit(_guarded, function, *args, **kwargs)
        except BrokenProcessPool:  # it died while it was idle
            self._drop_pool()
            future = self._pool().submit(_guarded, function, *args, **kwargs)
        try:
            result, warned = future.result()
        except BrokenProcessPool:
            self._drop_pool()
            raise
        self._show(warned)
        return result

    def _show(self, lines: Iterable[str]) -> None:
        with self._one_at_a_time:
            for line in lines:
                if line not in self._warned:
                    self._warned.add(line)
                    announce(line)

    def _pool(self) -> ProcessPoolExecutor:
        """Return this thread's pool of one process."""
        if getattr(self._thread, "pool", None) is None:
            self._thread.pool = ProcessPoolExecutor(1, self._context, _begin, (self._workers_end,))
            self._pools.append(self._thread.pool)
        pool: ProcessPoolExecutor = self._thread.pool
        return pool

    def _drop_pool(self) -> None:
        self._thread.pool.shutdown(wait=False)
        self._pools.remove(self._thread.pool)
        self._thread.pool = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when their jobs have ended; with cancel_futures now, as by SIGTERM."""
        if cancel_futures:
            self._our_end.close()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait)
        for end in (self._workers_end, self._our_end):
            end.close()
        for name, value in self._environ.items():
            os.environ.pop(name, None)
            os.environ.update({} if value is None else {name: value})

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        """End the processes when their jobs have ended, or now after an error."""
        self.shutdown(cancel_futures=kind is not None)


def require_pool(executor: Executor | None) -> None:
    """Refuse a study without an executor, if this Python cannot start a pool of processes.

    Raises:
        OSError: it cannot, as in a browser; says what to do instead.
    """
    if executor is None:
        here = "call minddpg.train for one config after another, pass an executor that works here"
        require_processes("a study", f"{here}, or run it on a computer (pip install minddpg)")


def last_attempts(
    pool: Executor,
    function: Callable[..., Any],
    calls: Mapping[int, tuple[Any, ...]],
    retries: int,
    look: Callable[[], object] = lambda: None,
) -> Iterator[tuple[int, Future[Any]]]:
    """Try each call up to `retries` + 1 times; yield its index and its last future as it ends.

    While it waits, it calls `look` every LOOK seconds. A callback reports each future:
    concurrent.futures.wait misses those that a shutdown cancels.
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
            try:
                future = ended.get(timeout=LOOK)
            except Empty:
                look()
                continue
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


def block_interrupts() -> None:
    """Block Ctrl-C in the processes that this thread starts, from their first moment on."""
    if sys.platform != "win32" and hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker  # a browser's Python has none

        resource_tracker.ensure_running()  # its start would unblock SIGINT in this thread again
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _begin(workers_end: Any) -> None:
    """Begin a worker: it ignores the terminal's signals and ends when its parent does."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetConsoleCtrlHandler(None, True)  # ignore Ctrl-C
    elif hasattr(os, "setpgrp"):
        os.setpgrp()
    threading.Thread(target=_end_with_parent, args=(workers_end,), daemon=True).start()


def _end_with_parent(workers_end: Any) -> None:
    """Wait until the pipe's other end closes, by shutdown or because the parent died."""
    try:
        workers_end.recv()
    except EOFError:
        # a training run writes its checkpoint first
        if sys.platform == "win32":  # where os.kill lets no handler run
            signal.raise_signal(signal.SIGTERM)
        else:
            os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)


def _guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[str]]:
    """Call the function; return its result, and its warnings as lines for the terminal.

    An error whose class may not unpickle is replaced by a RuntimeError.
    """
    with warnings.catch_warnings(record=True) as caught:
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            for warning in caught:  # nothing else would show them
                announce(line_of(warning.message))
            if type(error).__module__.split(".")[0] in ("builtins", "minddpg"):
                raise
            raise RuntimeError(f"{type(error).__qualname__}: {error}") from error
    return result, [line_of(warning.message) for warning in caught]
