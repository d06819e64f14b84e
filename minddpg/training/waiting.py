"""Wait for other threads so that Ctrl-C ends the wait on Windows too.

On Windows a signal does not interrupt a wait for a lock. Python handles the signal when the wait
ends, so each wait here lasts at most WAKE.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

WAKE = 0.2  # s

T = TypeVar("T")


def as_ended(futures: Iterable[Future[T]]) -> Iterator[Future[T]]:
    """Yield futures as they end."""
    pending = set(futures)
    while pending:
        ended, pending = wait(pending, WAKE, FIRST_COMPLETED)
        yield from ended
