"""Ctrl-C and kill: a run ends between two steps, after its checkpoint; all else ends at once."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn, Self


class Terminated(SystemExit):
    """SIGTERM came; uncaught, it ends the process with 128 + 15, as shells report it."""

    def __init__(self, why: str):
        super().__init__(128 + signal.SIGTERM)
        self.why = why

    def __str__(self) -> str:
        return self.why


def end_at_once(signum: int, frame: FrameType | None = None, why: str = "interrupted") -> NoReturn:
    """Raise what a signal means: KeyboardInterrupt for SIGINT, Terminated for SIGTERM."""
    raise KeyboardInterrupt(why) if signum == signal.SIGINT else Terminated(why)


class Handlers:
    """Install one handler for SIGINT and SIGTERM while the context lasts.

    Python takes handlers in its main thread alone; elsewhere this changes nothing.
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


class StopRequest(Handlers):
    """Note the first signal, for the loop to obey between two steps; a second one ends at once."""

    def __init__(self) -> None:
        super().__init__(self._note)
        self.signum: int | None = None

    def _note(self, signum: int, frame: FrameType | None) -> None:
        if self.signum is not None:
            end_at_once(signum)
        self.signum = signum

    def obey(self, why: str) -> None:
        """End now, as the signal asked."""
        if self.signum is not None:
            end_at_once(self.signum, why=why)
