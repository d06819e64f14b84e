"""Raise an exception on SIGINT (Ctrl-C), SIGTERM (kill) and SIGHUP; restore earlier handlers.

Windows has no SIGHUP, kills a process without calling SIGTERM's handler, and has SIGBREAK
(Ctrl-Break).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn, Self

URGENT = [signal.SIGINT, signal.SIGTERM]  # a person, or a queue, sends them on purpose
if sys.platform == "win32":
    URGENT.append(signal.SIGBREAK)
HANGUP = getattr(signal, "SIGHUP", None)  # the terminal was closed, or ssh lost; not on Windows


class Terminated(SystemExit):
    """A signal other than SIGINT came; uncaught, it ends the process with 128 + its number."""

    def __init__(self, signum: int, why: str):
        self.code: int = 128 + signum
        self.why = why

    def __str__(self) -> str:
        return self.why


def as_exception(signum: int, why: str = "interrupted") -> KeyboardInterrupt | Terminated:
    """Return KeyboardInterrupt for SIGINT, Terminated for the others."""
    return KeyboardInterrupt(why) if signum == signal.SIGINT else Terminated(signum, why)


def end_at_once(signum: int, frame: FrameType | None = None) -> NoReturn:
    """Raise the exception of this signal."""
    raise as_exception(signum)


class Handlers:
    """Install one handler for all these signals inside a `with` block.

    An ignored SIGHUP stays ignored, as `nohup` requires. Python accepts handlers only in its main
    thread; in other threads this changes nothing.
    """

    def __init__(self, handler: Callable[[int, FrameType | None], None] = end_at_once):
        self.handler, self.previous = handler, dict[int, Any]()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for signum in URGENT:
                self.previous[signum] = signal.signal(signum, self.handler)
            if HANGUP is not None and signal.getsignal(HANGUP) != signal.SIG_IGN:
                self.previous[HANGUP] = signal.signal(HANGUP, self.handler)
        _installed.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self in _installed:  # not in a process that was forked meanwhile
            _installed.remove(self)
            self.put_back()

    def put_back(self) -> None:
        """Restore the earlier handlers."""
        for signum, handler in self.previous.items():
            # None: code outside Python had installed it, and Python cannot restore it
            signal.signal(signum, signal.SIG_DFL if handler is None else handler)


_installed: list[Handlers] = []  # from the outermost in


def _block() -> None:
    if _installed and sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])


def _unblock() -> None:
    if _installed and sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def _put_all_back() -> None:
    for handlers in reversed(_installed):
        handlers.put_back()
    _unblock()
    _installed.clear()


if hasattr(os, "register_at_fork"):
    # A worker that an environment forks must end when it is terminated, even right after the fork.
    os.register_at_fork(before=_block, after_in_parent=_unblock, after_in_child=_put_all_back)
