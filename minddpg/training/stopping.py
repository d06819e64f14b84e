"""Requests to end a run before its last step, by a signal or by the caller's `on_row`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import FrameType

import numpy as np

from .run_log import Row, complete
from .signals import HANGUP, Handlers, as_exception, end_at_once

OnRow = Callable[[dict[str, float]], object]


def refuse_no_callback(on_row: object) -> None:
    """Refuse an on_row that cannot be called with a row.

    Raises:
        TypeError: it is not callable, or an async function or a generator, whose body would never
            run.
    """
    if on_row is None:
        return
    if not callable(on_row):
        raise TypeError(f"on_row = {on_row!r}: must be a function that takes a row, or None")
    for each in (on_row, getattr(on_row, "__call__", None)):  # noqa: B004
        if iscoroutinefunction(each) or isgeneratorfunction(each) or isasyncgenfunction(each):
            what = "must be a plain function, without async or yield"
            raise TypeError(f"on_row = {on_row!r}: {what}")


class StopRequest(Handlers):
    """Note a request to end a run; the loop ends it between two steps, after a checkpoint.

    The first signal is such a request; a second SIGINT or SIGTERM ends the process at once.
    `on_row` requests the end by returning True or by raising an exception.
    """

    def __init__(self, on_row: OnRow | None = None):
        super().__init__(self._note_signal)
        self.on_row = on_row
        self.signum: int | None = None  # the first
        self.is_urgent = False  # whether a person or a queue has asked, by SIGINT or SIGTERM
        self.error: BaseException | None = None  # what on_row raised
        self.requested = False

    def ask_on_row(self, row: Row) -> None:
        """Give on_row a copy of a row with all columns, and note its answer."""
        if self.on_row is None:
            return
        try:
            answer = self.on_row(complete(row))
        except BaseException as error:  # raise_if_requested raises it after the checkpoint
            self.error, self.requested = error, True
        else:
            # only True itself, because a callback may return something else by accident
            if isinstance(answer, (bool, np.bool_)) and answer:
                self.requested = True

    @contextmanager
    def as_cause(self) -> Iterator[None]:
        """Make the stop's reason the cause of an error inside the block, so that it is not lost."""
        try:
            yield
        except Exception as error:
            if (cause := self._exception("interrupted")) is None:
                raise
            raise error from cause

    def raise_if_requested(self, why: str) -> None:
        """Raise on_row's exception or the signal's; if on_row returned True, do nothing."""
        if (error := self._exception(why)) is not None:
            raise error

    def _exception(self, why: str) -> BaseException | None:
        if self.error is not None or self.signum is None:
            return self.error
        return as_exception(self.signum, why)

    def _note_signal(self, signum: int, frame: FrameType | None) -> None:
        # A closing terminal may send SIGHUP twice, once through its shell, and then SIGTERM: none
        # of these may interrupt the checkpoint.
        is_urgent = signum != HANGUP
        if is_urgent and self.is_urgent:
            end_at_once(signum)
        self.is_urgent = self.is_urgent or is_urgent
        self.signum, self.requested = self.signum or signum, True
