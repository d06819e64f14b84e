"""The command line's standard streams, which may be closed, full or of another encoding."""

import errno
import io
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

from ..training.display import Display, say, stderr, wrapped
from .plain_text import PLAIN, keep_names

STDOUT = "standard output"  # the path in its errors


def show(text: str) -> None:
    """Print results, without the control characters that a file may hold.

    Raises:
        OSError: standard output cannot take them; a BrokenPipeError, if its reader has gone.
    """
    from ..storage import printable, with_path  # slow: NumPy

    try:
        with with_path(STDOUT):
            print("\n".join(map(printable, text.split("\n"))), flush=True)
    except OSError as error:
        _let_go(sys.stdout)
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # the reader has gone
            raise BrokenPipeError(errno.EPIPE, error.strerror, STDOUT) from None
        raise


def fitted(line: str) -> str:
    """Return a line wrapped to the width of standard output's terminal."""
    return wrapped(line, Display(sys.stdout).columns() - 1)


def as_shown(text: str) -> str:
    """Return a text as standard output will show it, so that a table can be aligned."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, PLAIN).decode(encoding)


def show_json(document: dict[str, Any]) -> None:
    """Print results as one JSON document, in ASCII. NaN and infinities become null.

    Raises:
        OSError: as in show.
    """
    show(json.dumps(_as_json(document), indent=2, allow_nan=False))


def report(text: str) -> None:
    """Print a summary of written files; if the stream fails, only warn."""
    try:
        show(text)
    except BrokenPipeError:
        pass
    except OSError as error:
        say(f"minddpg: warning: {STDOUT}: {error.strerror}; the files are complete")


@contextmanager
def dependable_streams(words: Sequence[str] = ()) -> Iterator[None]:
    """Keep the block running if a standard stream is closed, full or cannot encode a `∇`.

    Args:
        words: of the command line, which may be file names.
    """
    _fill_closed_descriptors()
    keep_names(words)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.closed:
            stream.reconfigure(errors=PLAIN)  # a Windows file or pipe has cp1252: no θ, no −
    before, sys.stderr = sys.stderr, stderr()
    try:
        yield
    finally:
        sys.stderr = before
        for stream in (sys.stdout, sys.stderr):
            _let_go(stream)
        keep_names([])


def _as_json(value: Any) -> Any:
    value = value.tolist() if hasattr(value, "tolist") else value  # a NumPy array or number
    if isinstance(value, dict):
        return {name: _as_json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _fill_closed_descriptors() -> None:
    """Open the null device where standard input, output or error is closed (`2>&-`).

    Otherwise the next opened file would get its number, and what a library prints.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _let_go(stream: IO[str] | None) -> None:
    """Flush a stream; if that fails, discard the rest, because the flush at exit would fail too."""
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
