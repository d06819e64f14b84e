"""Find and kill every process of a submission, also those that left their parent.

A mark identifies them: a random number, set as a resource limit that ordinary processes never use.
Every descendant inherits it, and neither an empty environment nor a new session removes it.
"""

import contextlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

NOBODY = -1  # no process has this number
NO_MARK = 0
RAREST = 2**20  # a mark is drawn from at least this many numbers
PROC = Path("/proc")
ROUNDS = 200  # rounds of killing: a fork bomb starts new processes meanwhile
PAUSE = 0.01  # s
if sys.platform == "win32":
    KILL = signal.SIGTERM  # which no process can handle there
else:
    KILL = signal.SIGKILL

# A mutation test of these lines could kill every process of its user.
# pragma: no mutate block
if sys.platform == "linux":
    import resource

    LIMIT = resource.RLIMIT_RTTIME  # limits only real-time scheduling, which needs root

    def new_mark() -> int:
        """Draw a mark below this process's own limit; NO_MARK if that limit is too low."""
        own = resource.getrlimit(LIMIT)[1]
        numbers = 2**62 if own == resource.RLIM_INFINITY else own
        return secrets.randbelow(numbers - 1) + 1 if numbers > RAREST else NO_MARK

    def set_mark(mark: int) -> None:
        """Mark this process and all processes that it will start."""
        if mark != NO_MARK:
            resource.setrlimit(LIMIT, (mark, mark))

    def _carries(pid: int, mark: int) -> bool:
        with contextlib.suppress(OSError):  # it belongs to another user, or has ended
            return resource.prlimit(pid, LIMIT)[1] == mark
        return False

else:

    def new_mark() -> int:
        """Return NO_MARK: this system cannot read another process's limits."""
        return NO_MARK

    def set_mark(mark: int) -> None:
        """Do nothing."""

    def _carries(pid: int, mark: int) -> bool:
        return False


def end_family(root: int, mark: int = NO_MARK) -> None:
    """Kill every descendant of a process, and every process with the mark.

    The process itself is not killed. The mark finds descendants whose parent has died before.
    """
    for _ in range(ROUNDS):
        family = _family(root, mark)
        if not family:
            return
        for pid in family:
            with contextlib.suppress(OSError):  # it has ended, or belongs to another user
                os.kill(pid, KILL)
        time.sleep(PAUSE)


def _family(root: int, mark: int) -> set[int]:
    if sys.platform != "linux":
        return _descendants(root) - {os.getpid()}
    parents = dict(_processes())
    family = {pid for pid in parents if mark != NO_MARK and _carries(pid, mark)}
    grown = {root}
    while grown:
        family |= grown
        grown = {pid for pid, parent in parents.items() if parent in family} - family
    return family - {root, os.getpid()}


def _processes() -> Iterator[tuple[int, int]]:
    """Yield the number of each living process and of its parent."""
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            # the process's name in brackets can contain any bytes
            state, parent = (folder / "stat").read_bytes().rpartition(b")")[2].split()[:2]
            if state not in b"ZX":  # killed, but not yet reaped
                yield int(folder.name), int(parent)


def _descendants(root: int) -> set[int]:
    """Return the living descendants of a process, where there is no /proc."""
    import psutil  # type: ignore[import-untyped]  # its stubs are not among our tools

    found = set()
    if root != NOBODY:
        with contextlib.suppress(psutil.Error):  # it has ended
            # on Windows another process may have the number of a dead parent by now: psutil
            # compares the times of their start
            for child in psutil.Process(root).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if child.status() != psutil.STATUS_ZOMBIE:
                        found.add(child.pid)
    return found
