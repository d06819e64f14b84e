"""A replacement for a module of the standard library that a browser's Python lacks.

With it, Gymnasium can import `multiprocessing`, but nothing can start a process.
"""

from typing import NoReturn


class SemLock:
    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_: object) -> None:
        sem_unlink()


def sem_unlink(*_: object) -> NoReturn:
    raise OSError("a browser's Python has no processes")
