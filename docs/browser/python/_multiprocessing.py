"""Stands in for a part of the standard library that a browser's Python lacks.

With it `multiprocessing` can be imported, as Gymnasium does. Nothing can start a process.
"""

from typing import NoReturn


class SemLock:
    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_: object) -> None:
        sem_unlink()


def sem_unlink(*_: object) -> NoReturn:
    raise OSError("a browser's Python has no processes")
