"""Run source text like a learner's cell: a solution, or an edit of it that makes a mistake."""

import linecache
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

Edit = Mapping[str, str] | str  # {old text: new text}, or a text that replaces the whole


def cleaned(source: str) -> str:
    """Return source text without its common indentation and outer blank lines."""
    return textwrap.dedent(source).strip("\n") + "\n"


def edited(source: str, edit: Edit) -> str:
    """Return the source after an edit.

    Raises:
        ValueError: an old text does not occur exactly once in the source; the message quotes it.
    """
    if isinstance(edit, str):
        return cleaned(edit)
    for old, new in edit.items():
        count = source.count(old)
        if count != 1:
            raise ValueError(
                f"an edit's old text must occur once in the source, not {count} times:\n{old}"
            )
        source = source.replace(old, new)
    return source


def remember_lines(source: str, label: str) -> str:
    """Let tracebacks show the lines of a source text; return the file name that they show."""
    filename = f"<{label}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    return filename


@lru_cache(maxsize=8_000)
def compiled(source: str, names: tuple[str, ...], label: str) -> CodeType:
    """Compile source text, without running it.

    Args:
        label: shown in tracebacks as the file's name.

    Raises:
        ValueError: the text is not Python, or does not define one of the names.
    """
    filename = remember_lines(source, label)
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            code = compile(source, filename, "exec")
    except SyntaxError as error:
        raise ValueError(f"{label}: {error.msg} in line {error.lineno}: {error.text}") from None
    missing = [name for name in names if name not in code.co_names]
    if missing:
        raise ValueError(f"{label}: {', '.join(missing)} is not defined there")
    return code


def run(source: str, names: Sequence[str], given: Mapping[str, Any], label: str) -> tuple[Any, ...]:
    """Execute source text and return the functions and classes with these names.

    Args:
        given: the values, by name, that the text can use besides `np`.
        label: as in `compiled`.

    Raises:
        ValueError: as in `compiled`.
    """
    namespace: dict[str, Any] = {"np": np, "__name__": label, **given}
    exec(compiled(source, tuple(names), label), namespace)
    return tuple(namespace[name] for name in names)
