"""Give warnings that an environment's code can neither hide nor turn into errors."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..storage import printable
from .wording import without_colours

_callers: ContextVar[Any] = ContextVar("_callers", default=None)  # their filters and showwarning


@contextmanager
def callers_filters() -> Iterator[None]:
    """Make warn() use the current filters inside the block.

    Modules of research code often contain  warnings.filterwarnings("ignore").
    """
    with warnings.catch_warnings():
        token = _callers.set((list(warnings.filters), warnings.showwarning))
        try:
            yield
        finally:
            _callers.reset(token)


def one_line(text: str) -> str:
    """Return a text in one line, without colours and control characters."""
    return printable(" ".join(without_colours(text).split()))


def line_of(message: Warning | str) -> str:
    """Return a warning as the line that a terminal shows."""
    text = one_line(str(message)).removeprefix("WARN: ")  # Gymnasium's prefix
    return f"minddpg: warning: {text}"


def warn(message: str, stacklevel: int = 1) -> None:
    """Warn as warnings.warn does, with the filters of callers_filters()."""
    with warnings.catch_warnings():
        if (callers := _callers.get()) is not None:
            warnings.filters, warnings.showwarning = callers
        warnings.warn(message, stacklevel=stacklevel + 1)
