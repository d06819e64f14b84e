"""Wait for other threads so that Ctrl-C ends the wait on Windows too.

There a signal does not end a wait for a lock. Python handles it as soon as that wait is over, so
nobody waits for longer than WAKE at a time.
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
