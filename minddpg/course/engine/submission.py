"""Call a learner's code on copies; turn missing answers and exceptions into messages."""

import copy
import inspect
import sysconfig
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...nn.layers import Array

PACKAGE = str(Path(__file__).parents[2])
LIBRARIES = ("site-packages", "dist-packages", sysconfig.get_path("stdlib"), "<frozen ")
LONGEST_MESSAGE = 400  # characters of an error's message


class NotAttempted(Exception):
    """The stub, or part of it, is not filled in."""


class InvalidAnswer(Exception):
    """An answer that cannot be compared: the message explains why, `mistake` is its name."""

    def __init__(self, message: str, mistake: str = "not what was asked for"):
        super().__init__(message)
        self.mistake = mistake


def call(function: Any, *arguments: Any, changes: Sequence[int] = (), returns: bool = True) -> Any:
    """Call a learner's function on copies of its arguments.

    Args:
        changes: places of the arguments that it may change; they are passed without copying.
        returns: False if it need not return anything.

    Raises:
        NotAttempted: it is blank, or returned a blank.
        InvalidAnswer: it is not a function, or changed an argument that it should only read.
    """
    if _is_blank(function):
        raise NotAttempted("The function is not there yet.")
    if not callable(function):
        raise InvalidAnswer(f"{function!r} is not a function.")
    passed = [x if i in changes else copy.deepcopy(x) for i, x in enumerate(arguments)]
    result = function(*passed)
    for i, (before, after) in enumerate(zip(arguments, passed, strict=True)):
        if i not in changes and not _equal(before, after):
            text = f"{name_of(function)} changed its argument {_parameter(function, i)} in place."
            raise InvalidAnswer(text, "argument changed in place")
    parts = result if isinstance(result, tuple) else (result,)
    if returns and any(_is_blank(part) for part in parts):
        blanks = [str(i) for i, part in enumerate(parts, start=1) if _is_blank(part)]
        which = f" as result {', '.join(blanks)} of {len(parts)}" if len(parts) > 1 else ""
        raise NotAttempted(f"{name_of(function)} returned None{which}.")
    return result


def arrays(result: Any, names: Sequence[str], function: Any) -> list[Array]:
    """Split what a function returned into arrays, one for each name, as copies.

    Raises:
        NotAttempted: a part is blank.
        InvalidAnswer: it returned something else.
    """
    wanted = f"{name_of(function)} should return {', '.join(names)}"
    parts: Sequence[Any] = [result]
    if isinstance(result, tuple) or (len(names) > 1 and isinstance(result, list)):
        parts = result
    if len(parts) != len(names):
        raise InvalidAnswer(f"{wanted}: {len(names)} in all, but it returned {len(parts)}.")
    return [array(part, f"{wanted}: {label}") for part, label in zip(parts, names, strict=True)]


def array(value: Any, wanted: str) -> Array:
    """Return a value that should be numbers as an array, a copy; `wanted` begins every message.

    Raises:
        NotAttempted: it is blank.
        InvalidAnswer: it is not made of numbers.
    """
    if _is_blank(value):
        raise NotAttempted(f"{wanted} is None.")
    try:
        copied = np.array(value)
    except ValueError:  # a ragged list
        copied = np.array(None)
    if copied.dtype.kind not in "biufc":
        raise InvalidAnswer(f"{wanted} should be numbers, not {type(value).__name__}.")
    return copied


def name_of(function: Any) -> str:
    """Return the name that the learner gave this function."""
    return getattr(function, "__name__", "your function")


def where(error: BaseException) -> str:
    """Describe an error, with the line of the learner's code where it arose, if there is one."""
    message = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_MESSAGE]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(PACKAGE) and not _is_library(frame.filename):
            line = f":\n    {frame.line}" if frame.line else ""
            return f"in {frame.name}, line {frame.lineno}{line}\n{message}"
    return message


def _is_library(filename: str) -> bool:
    return any(part in filename for part in LIBRARIES)


def _is_blank(value: Any) -> bool:
    return value is None or value is Ellipsis or value is NotImplemented


def _equal(before: Any, after: Any) -> bool:
    """Compare an argument before and after a call; True for types that cannot be compared."""
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(_equal, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_equal(before[k], after[k]) for k in before)
    return True


def _parameter(function: Any, i: int) -> str:
    try:
        return list(inspect.signature(function).parameters)[i]
    except (ValueError, TypeError, IndexError):
        return f"number {i}"
