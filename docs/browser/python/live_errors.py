"""Describe an error for the page: the lines of the learner's cells, and the message."""

from collections.abc import Mapping
from contextlib import suppress
from linecache import getline
from pathlib import Path
from traceback import extract_tb
from typing import Any

from minddpg.course.engine import errors

MOST_PLACES = 6  # of a long recursion, only the first and the last calls are shown
MAGIC = (
    "Lines that begin with % or ! are commands of Jupyter. This page runs only Python:"
    " delete the line."
)


def describe(error: BaseException, name: str, cells: Mapping[str, int]) -> dict[str, Any]:
    """Return the places in cells from the outermost to the innermost, message and hint.

    Args:
        name: the name of the text of the cell that was run.
        cells: the number of each cell, by the name of its text.
    """
    if isinstance(error, SyntaxError) and error.filename in cells:
        return _of_syntax(error, cells[error.filename])
    frames = extract_tb(error.__traceback__)
    places = [
        {
            "cell": cells[frame.filename],
            "line": frame.lineno,
            "function": "" if frame.name == "<module>" else frame.name,
            "code": getline(frame.filename, frame.lineno or 0).strip(),
        }
        for frame in frames
        if frame.filename in cells
    ]
    if len(places) > MOST_PLACES:
        places = places[: MOST_PLACES // 2] + places[-MOST_PLACES // 2 :]
    message, *operands = _message(error)
    last = frames[-1].filename if frames else name
    return {
        "places": places,
        "inside": "" if last in cells else _short(last),
        "message": message,
        "hint": " ".join([*operands, _hint(error)]).strip(),
    }


def _message(error: BaseException) -> list[str]:
    """Return the message, and then a description of each array in the failing line."""
    if isinstance(error, SystemExit):
        return ["SystemExit: the cell asked Python to exit."]
    with suppress(BaseException):  # the message of a learner's own exception may fail, too
        lines, message = errors.where(error), errors.one_line(error)
        after = lines[lines.index(message) + 1 :] if message in lines else []
        return [message, *(f"{line}." for line in after)]
    return [f"{type(error).__name__}, whose message cannot be shown"]


def _hint(error: BaseException) -> str:
    with suppress(BaseException):
        return errors.hint(error)
    return ""


def _of_syntax(error: SyntaxError, cell: int) -> dict[str, Any]:
    line = error.text or getline(error.filename or "", error.lineno or 0)
    code = line.rstrip("\n")
    place = {"cell": cell, "line": error.lineno, "function": "", "code": code.strip()}
    column = (error.offset or 0) - 1 - (len(code) - len(code.lstrip()))
    if 0 <= column <= len(code):
        place["column"] = column
    hint = MAGIC if code.lstrip().startswith(("%", "!")) else ""
    message = f"{type(error).__name__}: {error.msg}"
    return {"places": [place], "inside": "", "message": message, "hint": hint}


def _short(filename: str) -> str:
    """Return the part of a file's path that begins with its package."""
    parts = Path(filename).parts
    start = parts.index("site-packages") + 1 if "site-packages" in parts else -2
    if "minddpg" in parts:
        start = max(i for i, part in enumerate(parts) if part == "minddpg")
    return "/".join(parts[start:])
