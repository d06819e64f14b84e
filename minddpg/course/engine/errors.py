"""Describe an exception: the learner's line, the shapes of its arrays, and a hint."""

import linecache
import re
import sysconfig
import traceback
from collections.abc import Iterator
from difflib import get_close_matches
from types import FrameType
from typing import Any

import numpy as np

PACKAGE = f"{__package__.split('.')[0]}."
LIBRARIES = ("site-packages", "dist-packages", sysconfig.get_path("stdlib"), "<frozen ")
LONGEST_MESSAGE = 400  # characters of an error's message
MOST_OPERANDS = 5

HINTS = {  # part of an error's message, and what it means here
    "to Python scalars": "An array with several entries is not one number: float and int need a"
    " single entry.",
    "truth value of an array": "An array as a whole is neither true nor false. Entry by entry,"
    " write &, | and ~ for and, or and not, np.maximum for max, and np.where for if; for a single"
    " True or False, use .all() or .any().",
    "could not be broadcast": "The shapes of two arrays do not fit together.",
    "could not broadcast": "The array does not fit into the slice or row that it is assigned to.",
    "mismatch in its core dimension": "In x @ y the last axis of x must be as long as the first of"
    " y.",
    "not have enough dimensions": "@ multiplies arrays. A number has no axes, and neither has the"
    " None that a stub returns.",
    "bitwise_xor' not supported": "Powers are written with **: x**2 instead of x^2.",
    "for ^: ": "Powers are written with **: x**2 instead of x^2.",
    "boolean negative": "A boolean array has no negative. Entry by entry, ~x is not x, and 1 - x is"
    " 0 where x is True.",
    "boolean subtract": "Booleans cannot be subtracted. 1 - x is 0 where x is True; ~x is not x.",
    "out of bounds for array": "The array has fewer axes: a vector (N,) has axis 0 only.",
    "too many indices": "The array has fewer axes than you gave indices: x[i, j] needs a matrix.",
    "out of bounds": "Indices begin at 0, so the last is the length minus 1. A loop that uses"
    " x[i + 1] must stop one step earlier: range(len(x) - 1).",
    "index out of range": "Indices begin at 0, so the last is the length minus 1. A loop that uses"
    " x[i + 1] must stop one step earlier: range(len(x) - 1).",
    "is not defined": "If the name is spelt right, run the cell that defines it. After a restart,"
    " begin with the first cell: it has the imports.",
    "not associated with a value": "Python reached this line before any line had given the name a"
    " value: is it assigned only inside an if or a loop?",
    "multiply sequence by": "A list is not an array: * and + repeat and join lists. Make an array"
    " of it first, with np.array.",
    "operand type(s) for -: 'list'": "A list is not an array. Make an array of it first, with"
    " np.array.",
    "bitwise_and' not supported": "& binds more tightly than < and ==: put each comparison in"
    " brackets, as in (a < x) & (x < b).",
    "bitwise_or' not supported": "| binds more tightly than < and ==: put each comparison in"
    " brackets, as in (x < a) | (x > b).",
    "for &: ": "& binds more tightly than < and ==: put each comparison in brackets, as in"
    " (a < x) & (x < b).",
    "for |: ": "| binds more tightly than < and ==: put each comparison in brackets, as in"
    " (x < a) | (x > b).",
    "only integer scalar arrays": "NumPy read your second array as an axis or a size. Functions"
    " that join arrays take them in one tuple, as in np.concatenate((a, b), axis=1).",
    "only 0-dimensional arrays": "NumPy read your second array as an axis or a size. Functions"
    " that join arrays take them in one tuple, as in np.concatenate((a, b), axis=1).",
    "array dimensions": "Only the axis along which arrays are joined may differ in length."
    " np.concatenate joins along axis 0 if no axis is given; columns are joined by axis=1.",
    "same number of dimensions": "Arrays that are joined need the same number of axes. x[:, None]"
    " turns (N,) into a column (N, 1).",
    "Unable to allocate": "An array of this size does not fit into memory. Is one of its"
    " dimensions too large?",
    "as a data type": "NumPy read your second number as a data type. A shape is one tuple, as in"
    " np.zeros((3, 4)).",
    "data type": "NumPy read your second argument as a data type. A shape is one tuple, as in"
    " np.zeros((3, 4)).",
    "Cannot cast ufunc": "An array of whole numbers cannot hold fractions, and one in a narrower"
    " type cannot hold a wider one. Make the array that you change in float64, as in"
    " np.array([1.0, 2.0]) or np.zeros(n).",
    "must be of integer (or boolean) type": "An index must be made of whole numbers or of True and"
    " False.",
    "only integers, slices": "An index must be made of whole numbers. Division with / makes a"
    " fraction; use // for a whole number.",
    "cannot be interpreted as an integer": "A whole number is needed here. Division with / makes a"
    " fraction; use // for a whole number.",
    "inhomogeneous shape": "The rows of a list have different lengths, so it cannot become an"
    " array.",
    "read-only": "This array may only be read. Make a copy of it, and change the copy.",
    "'numpy.ndarray' object is not callable": "Square brackets select entries of an array: x[i]"
    " instead of x(i).",
    "with 'NoneType'": "One of the two is None. Does the function that made it lack a return? Or"
    " is it still a stub?",
    "NoneType": "Something is None here. Does the function that made it lack a return? Or is it"
    " still a stub?",
    "unpack": "The number of values on the right differs from the number of names on the left.",
    "Singular matrix": "The matrix has no inverse.",
    "maximum recursion depth": "The function calls itself again and again, and never stops.",
}


def hint(error: BaseException) -> str:
    """Return a hint for an error with a well-known message; "" for others."""
    return next((text for part, text in HINTS.items() if part in str(error)), "")


def where(error: BaseException) -> list[str]:
    """Describe an error in lines: the place in the learner's code, the message, the operands."""
    message = one_line(error)
    for frame, lineno, lasti in reversed(list(_frames(error))):
        name = frame.f_code.co_name
        place = f"in {name}, line {lineno}" if name != "<module>" else f"line {lineno}"
        line = linecache.getline(frame.f_code.co_filename, lineno, frame.f_globals).strip()
        lines = [f"{place}:", f"    {line}"] if line else [place]
        operands = _operands(frame, lasti, line) if isinstance(error, TROUBLE_WITH_ARRAYS) else ""
        return [text for text in (*lines, message, operands) if text]
    return [message]


TROUBLE_WITH_ARRAYS = (ValueError, TypeError, IndexError)  # shapes and dtypes explain such errors


def is_own(error: BaseException) -> bool:
    """Return True if an error arose in a line of the learner's code, or in what it called."""
    return any(True for _ in _frames(error))


def one_line(error: BaseException) -> str:
    """Return the type and message on one line, with a suggestion such as "Did you mean ...?"."""
    try:
        lines = list(traceback.TracebackException.from_exception(error).format_exception_only())
        text = " ".join("".join(lines).split())
    except Exception:  # the error's own __str__ fails
        text = type(error).__name__
    if "Did you mean" not in text and (name := _similar_name(error)):
        text += f". Did you mean: {name!r}?"
    return text[:LONGEST_MESSAGE]


def _similar_name(error: BaseException) -> str:
    """Return the most similar known name, as Python itself suggests it from version 3.12 on."""
    if not isinstance(error, NameError | AttributeError) or not isinstance(error.name, str):
        return ""
    if isinstance(error, AttributeError):
        known = dir(error.obj)
    else:
        frames = [frame for frame, _, _ in _frames(error)][-1:]
        known = [name for frame in frames for name in (*frame.f_locals, *frame.f_globals)]
    return next(iter(get_close_matches(error.name, known, 1)), "")


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int, int]]:
    """Yield the frames of the learner's code, with the line and the last instruction of each."""
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        is_compiled = filename.endswith((".pyx", ".pxd", ".pxi"))
        is_package = str(trace.tb_frame.f_globals.get("__name__")).startswith(PACKAGE)
        is_library = any(part in filename for part in LIBRARIES)
        if not is_compiled and not is_package and not is_library:
            yield trace.tb_frame, trace.tb_lineno, trace.tb_lasti
        trace = trace.tb_next


def _operands(frame: FrameType, lasti: int, line: str) -> str:
    """Describe the shapes and dtypes of the values in the failing expression."""
    positions = list(frame.f_code.co_positions())[lasti // 2]
    start, end, left, right = positions
    if start is not None and start == end and left is not None and right is not None:
        whole = linecache.getline(frame.f_code.co_filename, start, frame.f_globals)
        line = whole.encode()[left:right].decode(errors="ignore") or line
    found: dict[str, str] = {}
    for name in re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?!\w|\()", line):
        known, value = _lookup(name, frame)
        if described := _described(value):
            found[known] = described
    return "; ".join(f"{name} is {text}" for name, text in list(found.items())[:MOST_OPERANDS])


def _lookup(name: str, frame: FrameType) -> tuple[str, Any]:
    """Return the value of a name such as x or self.x; for x.T and x.shape, the array x."""
    known, *attributes = name.split(".")
    value = frame.f_locals.get(known, frame.f_globals.get(known, _described))
    for attribute in attributes:
        if attribute not in getattr(value, "__dict__", ()):
            break
        known, value = f"{known}.{attribute}", vars(value)[attribute]
    return known, value


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if value is None:
        return "None"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, bool | int | float | np.generic):
        return f"the number {value}"
    return ""
