"""Judge mutants in a separate process, which the parent can end if it hangs.

NumPy is not imported at the top: it reads the permitted number of threads during its import.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from ...training.processors import BLAS_THREADS

START = 120.0  # s for the imports at the start
POLL = 0.1  # s
MEMORY = 2.0  # GB for mutants, in addition to what the checks themselves need
TIME_LIMIT, DIED = "time limit", "process died"

Answer = dict[str, Any]  # status, diagnosis, seconds


class Worker:
    """A process that judges answers one after another."""

    def __init__(self, stop: threading.Event):
        """Prepare the worker. Once `stop` is set, `judge` raises InterruptedError."""
        self._stop = stop
        self._process: SpawnProcess | None = None

    def _start(self) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if self._receive(START)["status"] != "ready":  # when it has imported everything
            raise TimeoutError(f"a process of the mutation tests did not start in {START:g} s")

    def judge(self, number: str, source: str, limit: float) -> Answer:
        """Return the status and the diagnosis of an answer.

        The status can also be TIME_LIMIT or DIED; the next call then starts a new process.
        """
        if self._process is None:
            self._start()
        try:
            self._connection.send_bytes(json.dumps([number, source]).encode())
            answer = self._receive(limit)
        except (EOFError, OSError):
            answer = {"status": DIED}
        if answer["status"] in (TIME_LIMIT, DIED):
            self.close()
        return answer

    def _receive(self, limit: float) -> Answer:
        end = time.monotonic() + limit
        while not self._connection.poll(POLL):
            if self._stop.is_set():
                raise InterruptedError("the judging of the mutants was stopped")
            if time.monotonic() > end:
                return {"status": TIME_LIMIT}
        answer: Answer = json.loads(self._connection.recv_bytes())
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process:
            self._process.kill()
            self._process.join()
            self._connection.close()
            self._process = None


def serve(connection: Connection) -> None:
    """Judge answers until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))
    silent = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (1, 2):
        os.dup2(silent.fileno(), stream)
    sys.stdout = sys.stderr = silent

    from .. import checks  # noqa: F401
    from ..engine.known import SEARCHES

    SEARCHES.set(False)
    _limit_memory()
    connection.send_bytes(b'{"status": "ready"}')
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, source = json.loads(connection.recv_bytes())
            connection.send_bytes(json.dumps(judge(number, source)).encode())


def judge(number: str, source: str) -> Answer:
    """Run the check of an exercise on an answer."""
    from .. import checks
    from ..engine.verdict import ERROR

    exercise = checks.EXERCISES[number]
    start = time.process_time()
    try:
        answers = exercise.answers(source, "mutant")
    except Exception:  # a learner's cell would stop here, with nothing to check
        return {"status": ERROR, "diagnosis": "", "seconds": time.process_time() - start}
    try:
        verdict = getattr(checks, exercise.check_name)(*answers)
    except BaseException as error:  # a check should never raise
        return {"status": "raised", "diagnosis": f"{type(error).__name__}: {error}"[:200]}
    return {
        "status": verdict.status,
        "diagnosis": verdict.diagnosis,
        "seconds": time.process_time() - start,
    }


def _end_with_parent() -> None:
    """End when the parent ends, even if it was killed."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _limit_memory() -> None:
    """Limit the address space to its present size plus MEMORY, if the system can."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # macOS has no /proc
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        size = used + int(MEMORY * 1e9)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
