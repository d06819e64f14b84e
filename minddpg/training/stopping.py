"""Why a run ends before its last step: a signal came, or the caller's `on_row` asked for it."""

from collections.abc import Callable
from types import FrameType

import numpy as np

from .run_log import Row, complete
from .signals import Handlers, end_at_once

OnRow = Callable[[dict[str, float]], object]


class StopRequest(Handlers):
    """Note what asks a run to end; the loop ends it between two steps, after a checkpoint.

    The first SIGINT or SIGTERM asks for it; a second one ends the process at once. `on_row` asks
    for it by returning True or by raising an exception.
    """

    def __init__(self, on_row: OnRow | None = None):
        super().__init__(self._note_signal)
        self.on_row = on_row
        self.signum: int | None = None
        self.error: BaseException | None = None  # what on_row raised
        self.requested = False

    def show(self, row: Row) -> None:
        """Give on_row a copy of a row with all columns, and note its answer."""
        if self.on_row is None:
            return
        try:
            answer = self.on_row(complete(row))
        except BaseException as error:  # raise_if_requested raises it after the checkpoint
            self.error, self.requested = error, True
        else:
            if isinstance(answer, (bool, np.bool_)) and answer:
                self.requested = True

    def raise_if_requested(self, why: str) -> None:
        """Raise what on_row raised, or what a signal means; after a mere True, do nothing."""
        if self.error is not None:
            raise self.error
        if self.signum is not None:
            end_at_once(self.signum, why=why)

    def _note_signal(self, signum: int, frame: FrameType | None) -> None:
        if self.signum is not None:
            end_at_once(signum)
        self.signum, self.requested = signum, True
