"""Signals: what SIGINT (Ctrl-C) and SIGTERM (kill) raise, and handlers that are put back."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn, Self


class Terminated(SystemExit):
    """SIGTERM came; if nothing catches this, the process exits with 128 + 15, as is usual."""

    def __init__(self, why: str):
        super().__init__(128 + signal.SIGTERM)
        self.why = why

    def __str__(self) -> str:
        return self.why


def as_exception(signum: int, why: str = "interrupted") -> KeyboardInterrupt | Terminated:
    """Return KeyboardInterrupt for SIGINT, Terminated for SIGTERM."""
    return KeyboardInterrupt(why) if signum == signal.SIGINT else Terminated(why)


def end_at_once(signum: int, frame: FrameType | None = None) -> NoReturn:
    """Raise what this signal means."""
    raise as_exception(signum)


class Handlers:
    """Install one handler for SIGINT and SIGTERM for the time of a `with` block.

    Python accepts handlers in its main thread only; in other threads this changes nothing.
    """

    def __init__(self, handler: Callable[[int, FrameType | None], None] = end_at_once):
        self.handler, self.previous = handler, dict[int, Any]()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for signum in (signal.SIGINT, signal.SIGTERM):
                self.previous[signum] = signal.signal(signum, self.handler)
        return self

    def __exit__(self, *_: object) -> None:
        for signum, handler in self.previous.items():
            signal.signal(signum, handler)
