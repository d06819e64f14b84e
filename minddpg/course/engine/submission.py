"""Call a learner's code on copies of the arguments; turn missing answers into messages."""

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ...nn.layers import Array

MOST_KEPT = 200  # results of calls that are watched for later changes


class NotAttempted(Exception):
    """A function, its result or a part of the result is missing: None, ... or NotImplemented."""


class InvalidAnswer(Exception):
    """An answer that cannot be compared: the message says why, `mistake` names the mistake."""

    def __init__(self, message: str, mistake: str = "not what was asked for"):
        super().__init__(message)
        self.mistake = mistake


class Owner(NamedTuple):
    """One of the learner's functions, or a method of the learner's class."""

    answer: int  # the index of the function or class in the submission
    method: str = ""  # "" for a function; "__init__" if the class itself is called


Arguments = tuple[Any, ...]


class Replaced(NamedTuple):
    """A function whose arguments are replaced in every call, and what replaces them."""

    owner: Owner
    other: Callable[[Arguments], Arguments]


@dataclass
class Session:
    """Watch what a submission does while probes run on it.

    It keeps the arrays that the learner's functions return. It can replace the arguments that the
    probe passes, in every call.
    """

    answers: tuple[Any, ...]
    replaced: Replaced | None = None
    calls: dict[Owner, Arguments] = field(default_factory=dict)  # the first of each
    kept: list[Array] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def owner(self, function: Any) -> Owner | None:
        """Return the index of a function in the submission, and the method's name."""
        method = getattr(function, "__name__", "")
        this = getattr(function, "__self__", None)
        for i, answer in enumerate(self.answers):
            if function is answer:
                return Owner(i, "__init__" if isinstance(answer, type) else "")
            if isinstance(answer, type) and this is not None and isinstance(this, answer):
                return Owner(i, method)
        return None

    def keep(self, result: Sequence[Any]) -> None:
        """Keep the arrays of a result, each distinct array once."""
        if len(self.kept) < MOST_KEPT:
            found = [part for part in result if isinstance(part, np.ndarray) and part.size]
            self.kept += [part for i, part in enumerate(found) if not _shares(part, found[:i])]

    def shares_results(self) -> bool:
        """Return True if two calls returned arrays that share memory."""
        return any(_shares(part, self.kept[:i]) for i, part in enumerate(self.kept))


def _shares(array: Array, others: Sequence[Array]) -> bool:
    return array.flags.writeable and any(np.may_share_memory(array, other) for other in others)


_session: ContextVar[Session | None] = ContextVar("session", default=None)


@contextmanager
def session(answers: tuple[Any, ...], replaced: Replaced | None = None) -> Iterator[Session]:
    """Open a session that watches every `call` inside the block."""
    opened = Session(answers, replaced)
    token = _session.set(opened)
    try:
        yield opened
    finally:
        _session.reset(token)


def call(function: Any, *arguments: Any, changes: Sequence[int] = (), returns: bool = True) -> Any:
    """Call a learner's function on copies of its arguments.

    Args:
        changes: indices of the arguments that it may change; they are passed without copying.
        returns: False if the function need not return anything.

    Raises:
        NotAttempted: the function is missing, or returned None or another blank.
        InvalidAnswer: it is not a function, or it changed an argument that it should only read.
    """
    if _is_blank(function):
        raise NotAttempted("The function is not there yet.")
    if not callable(function):
        raise InvalidAnswer(_no_function(function))
    current = _session.get()
    owner = current.owner(function) if current else None
    if current and owner:
        current.calls.setdefault(owner, arguments)
        if current.replaced and current.replaced.owner == owner:
            others = current.replaced.other(arguments)
            pairs = enumerate(zip(arguments, others, strict=True))
            arguments = tuple(old if i in changes else new for i, (old, new) in pairs)
    passed = [x if i in changes else copy.deepcopy(x) for i, x in enumerate(arguments)]
    result = function(*passed)
    for i, (before, after) in enumerate(zip(arguments, passed, strict=True)):
        if i not in changes and not same(before, after):
            text = f"{name_of(function)} changed its argument {_parameter(function, i)} in place."
            raise InvalidAnswer(text, "argument changed in place")
    parts = result if isinstance(result, tuple) else (result,)
    if returns and any(_is_blank(part) for part in parts):
        blanks = [str(i) for i, part in enumerate(parts, start=1) if _is_blank(part)]
        if len(parts) == 1:
            raise NotAttempted(f"{name_of(function)} returned None. Did you forget return?")
        which = f"result {', '.join(blanks)} of {len(parts)}"
        raise NotAttempted(f"{name_of(function)} returned None as {which}.")
    if current and owner and returns and not changes:
        current.keep(parts)
    return result


def remark(function: Any, text: str) -> None:
    """Add a sentence about one of the learner's functions to the verdict, passed or not."""
    current = _session.get()
    if current and current.owner(function) and text not in current.remarks:
        current.remarks.append(text)


def another(value: Any) -> Any:
    """Return a value of the same kind that differs in every part; the same value if none exists."""
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, int | np.integer):
        return value + 1
    if isinstance(value, float | np.floating):
        return 0.83 * value + 0.0617
    if isinstance(value, np.ndarray):
        if value.dtype == bool:
            return ~value
        if value.dtype.kind in "iu":
            return value[::-1].copy() if value.ndim else value
        wave = 0.1 * np.cos(np.arange(value.size)).reshape(value.shape)
        return (1.1 * value[::-1] + wave).astype(value.dtype) if value.ndim else 1.1 * value + wave
    if isinstance(value, tuple | list):
        parts = [another(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        return {key: another(part) for key, part in value.items()}
    if isinstance(value, np.random.Generator):
        return np.random.default_rng(int(copy.deepcopy(value).integers(2**32)))
    return _never_called if callable(value) and not isinstance(value, type) else value


def _never_called(*arguments: Any, **options: Any) -> Any:
    raise InvalidAnswer("This function is not ignored: it is called.")


def arrays(result: Any, names: Sequence[str], function: Any) -> list[Array]:
    """Split what a function returned into arrays, one for each name, as copies.

    One array with a row for each of several names also counts.

    Raises:
        NotAttempted: a part is blank.
        InvalidAnswer: the number of parts is wrong, or a part is not made of numbers.
    """
    wanted = f"{name_of(function)} should return {', '.join(names)}"
    parts: Sequence[Any] = [result]
    if isinstance(result, tuple) or (len(names) > 1 and isinstance(result, list)):
        parts = result
    elif len(names) > 1 and isinstance(result, np.ndarray) and result.shape[:1] == (len(names),):
        parts = list(result)
    if len(parts) != len(names):
        count = f"{len(names)} {'result' if len(names) == 1 else 'results'}"
        raise InvalidAnswer(f"{wanted}: {count}, but it returned {len(parts)}.")
    return [array(part, f"{wanted}: {label}") for part, label in zip(parts, names, strict=True)]


def array(value: Any, wanted: str) -> Array:
    """Copy a value that should be numbers into an array; `wanted` begins every error message.

    Raises:
        NotAttempted: the value is blank.
        InvalidAnswer: the value is not made of numbers.
    """
    if _is_blank(value):
        raise NotAttempted(f"{wanted} is None.")
    try:
        copied = np.array(value)
    except ValueError:  # a ragged list
        copied = np.array(None)
    if copied.dtype.kind not in "biufc":
        raise InvalidAnswer(f"{wanted} should be made of numbers, but is {_described(value)}.")
    return copied


def name_of(function: Any) -> str:
    """Return the name that the learner gave this function."""
    function = getattr(function, "func", function)  # of a functools.partial
    name = getattr(function, "__name__", "your function")
    return "your function" if name == "<lambda>" else str(name)


def _described(value: Any) -> str:
    if isinstance(value, list | tuple) and any(part is None for part in value):
        return f"a {type(value).__name__} with None in it"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _no_function(value: Any) -> str:
    kind = type(value).__name__
    if isinstance(value, str | int | float | list | tuple | dict | np.ndarray):
        return f"The check needs your function itself, but got {_described(value)}."
    return (
        f"The check needs your function or class itself, but got an object of {kind}."
        " Remove the brackets after its name."
    )


def _is_blank(value: Any) -> bool:
    return value is None or value is Ellipsis or value is NotImplemented


def same(before: Any, after: Any) -> bool:
    """Compare a value before and after a call; True for types that cannot be compared."""
    if before is after:
        return True
    if isinstance(before, np.ndarray) and before.dtype == object:
        return isinstance(after, np.ndarray) and same(before.tolist(), after.tolist())
    if isinstance(before, np.ndarray):
        has_bytes = isinstance(after, np.ndarray) and after.dtype == before.dtype
        if has_bytes and before.shape == after.shape and before.tobytes() == after.tobytes():
            return True  # the usual case, ten times faster than the next line
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, bool | int | float | complex | np.generic):
        return bool(np.array_equal(before, after, equal_nan=True))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(same(before[k], after[k]) for k in before)
    return True


def _parameter(function: Any, i: int) -> str:
    try:
        return list(inspect.signature(function).parameters)[i]
    except (ValueError, TypeError, IndexError):
        return f"number {i + 1}"
