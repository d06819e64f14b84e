"""The pool of a study: a process that dies is replaced, and signals reach no worker.

Here, objects in this process replace the processes; test_run_study.py tests real ones.
"""

import ctypes
import os
import signal
import threading
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import SimpleNamespace

import pytest

from minddpg.experiments import worker_pool
from minddpg.experiments.worker_pool import WorkerPool, last_attempts
from minddpg.training.processors import BLAS_THREADS


class Process:
    """A pool with one process, which runs its calls at once, or dies if its fate says so."""

    def __init__(self, fate, count, context, initializer, arguments):
        assert (count, initializer) == (1, worker_pool._begin)
        self.fate, self.waits, self.workers_end = fate, [], arguments[0]

    def submit(self, function, *args, **kwargs):
        if self.fate == "dies idle":
            raise BrokenProcessPool
        future = Future()
        try:
            if self.fate == "dies at work":
                raise BrokenProcessPool
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait):
        self.waits.append(wait)


@pytest.fixture
def processes(monkeypatch):
    """Return a function that sets the fates of the next processes, and returns those made."""

    def set_fates(*fates):
        made, following = [], iter(fates)

        def make(*arguments):
            made.append(Process(next(following), *arguments))
            return made[-1]

        monkeypatch.setattr(worker_pool, "ProcessPoolExecutor", make)
        return made

    return set_fates


def joined(*args, **kwargs):
    return args, kwargs


class AwkwardError(Exception):
    """An error whose class another process may not have."""


def awkward(*_, **__):
    raise AwkwardError("of a cluster")


def test_while_jobs_run_somebody_looks_at_them(monkeypatch):
    monkeypatch.setattr(worker_pool, "LOOK", 0.01)
    looks, enough = [], threading.Event()

    def look():
        looks.append(1)
        if len(looks) == 3:
            enough.set()

    with ThreadPoolExecutor(2) as pool:
        calls = {0: (60.0,), 1: (60.0,)}
        ended = dict(last_attempts(pool, enough.wait, calls, 0, look))
    assert [ended[i].result() for i in (0, 1)] == [True, True]
    assert len(looks) >= 3


def test_a_process_that_died_while_it_was_idle_is_replaced_before_the_call(processes):
    made = processes("dies idle", "lives")
    with WorkerPool(1) as pool:
        assert pool.submit(joined, 1, name=2).result() == ((1,), {"name": 2})
        with pytest.raises(RuntimeError, match=r"^AwkwardError: of a cluster$"):
            pool.submit(awkward, 1, name=2).result()
    assert [process.waits for process in made] == [[False], [True]]


def warns_and(ends_with):
    warnings.warn("\x1b[33mWARN: no update\nwill be made", stacklevel=1)
    if ends_with == "an error":
        raise ValueError("mine")
    return ends_with


@pytest.mark.filterwarnings("default")
def test_warnings_of_the_processes_are_shown_once_each_in_a_line(processes, capsys):
    processes("lives")
    with WorkerPool(1) as pool:
        assert [pool.submit(warns_and, i).result() for i in range(3)] == [0, 1, 2]
        assert capsys.readouterr() == ("", "minddpg: warning: no update will be made\n")
        with pytest.raises(ValueError, match="mine"):
            pool.submit(warns_and, "an error").result()
        assert capsys.readouterr() == ("", "minddpg: warning: no update will be made\n")


def test_a_process_that_dies_at_work_fails_its_own_call_only(processes):
    made = processes("dies at work", "lives")
    with WorkerPool(1) as pool:
        with pytest.raises(BrokenProcessPool):
            pool.submit(joined).result()
        assert pool.submit(joined, 3).result() == ((3,), {})
        assert pool.submit(joined, 4).result() == ((4,), {})
    assert len(made) == 2


def test_an_error_ends_the_workers_now_and_otherwise_they_finish(processes):
    """Workers read one side of a pipe, and end when the other side closes."""

    ends = []
    for error in (None, KeyError("mine")):
        made = processes("lives")
        pool = WorkerPool(1)
        pool.submit(joined).result()
        shutdown = pool._threads.shutdown

        def noting(wait, cancel_futures, shutdown=shutdown, pool=pool):
            ends.append((pool._our_end.closed, wait, cancel_futures))
            shutdown(wait, cancel_futures=cancel_futures)

        pool._threads.shutdown = noting
        with suppress(KeyError), pool:
            if error:
                raise error
        assert made[0].waits == [True]
        assert made[0].workers_end.closed
    assert ends == [(False, True, False), (True, True, True)]


def test_workers_have_one_thread_of_blas_and_see_no_ctrl_c(processes, monkeypatch):
    monkeypatch.setenv(BLAS_THREADS[0], "3")
    monkeypatch.delenv(BLAS_THREADS[1], raising=False)
    processes("lives")
    with WorkerPool(1) as pool:
        threads = [pool.submit(os.environ.get, name).result() for name in BLAS_THREADS]
        if worker_pool.sys.platform != "win32":
            blocked = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
            assert signal.SIGINT in blocked
    assert threads == ["1"] * len(BLAS_THREADS)
    assert [os.environ.get(name) for name in BLAS_THREADS[:2]] == ["3", None]


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_worker_hears_no_ctrl_c_and_ends_with_its_parent_after_a_grace(platform, monkeypatch):
    notes = []

    def gone():
        raise EOFError

    class Thread:
        def __init__(self, target, args, daemon):
            assert daemon  # it keeps no finished worker
            self.run = lambda: target(*args)

        def start(self):
            self.run()

    monkeypatch.setattr(worker_pool.threading, "Thread", Thread)
    kernel32 = SimpleNamespace(SetConsoleCtrlHandler=lambda *args: notes.append(args))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    monkeypatch.setattr(worker_pool.sys, "platform", platform)
    monkeypatch.setattr(worker_pool.os, "setpgrp", lambda: notes.append("group"), raising=False)
    monkeypatch.setattr(worker_pool.os, "kill", lambda *args: notes.append(("kill", *args)))
    monkeypatch.setattr(signal, "raise_signal", lambda *args: notes.append(("raise", *args)))
    monkeypatch.setattr(worker_pool.os, "_exit", lambda code: notes.append(("exit", code)))
    monkeypatch.setattr(worker_pool.time, "sleep", lambda seconds: notes.append(seconds))
    worker_pool._begin(SimpleNamespace(recv=gone))
    # a training run writes its checkpoint at this SIGTERM; os.kill would give it no time on Windows
    if platform == "win32":
        deaf, term = (None, True), ("raise", signal.SIGTERM)
    else:
        deaf, term = "group", ("kill", os.getpid(), signal.SIGTERM)
    assert notes == [deaf, term, worker_pool.GRACE, ("exit", 1)]
