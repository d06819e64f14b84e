"""Standard error as a display: if it is closed, full or missing, the run continues."""

import io
import os
import sys
import textwrap
from typing import IO, Any

FIXED = "\N{NO-BREAK SPACE}"  # a space at which no line is broken


class Display(io.TextIOBase):
    """Write to a stream until it fails once; from then on write nothing, and never raise.

    Args:
        stream: usually sys.stderr, which is None if standard error is closed (`2>&-`).
    """

    def __init__(self, stream: IO[str] | None):
        self.stream = stream

    def write(self, text: str) -> int:
        """Show a text immediately."""
        self._attempt("write", text)
        self._attempt("flush")
        return len(text)

    def flush(self) -> None:
        """Do nothing: write() has flushed."""

    def isatty(self) -> bool:
        """Return whether this is a terminal that still accepts output."""
        return bool(self._attempt("isatty"))

    def fileno(self) -> int:
        """Return the stream's descriptor, which gives the terminal's width."""
        if self.stream is None:
            raise io.UnsupportedOperation("fileno")
        return self.stream.fileno()

    def columns(self) -> int:
        """Return the terminal's width; 0 if it is not known."""
        try:
            return os.get_terminal_size(self.fileno()).columns
        except (OSError, ValueError):  # not a terminal
            return 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's encoding: tqdm draws its bar with the characters it has."""
        return getattr(self.stream, "encoding", None) or "ascii"

    def _attempt(self, method: str, *arguments: Any) -> Any:
        if self.stream is not None:
            try:
                return getattr(self.stream, method)(*arguments)
            except (OSError, ValueError, AttributeError):  # ValueError: it was closed
                self.stream = None
        return None


def stderr() -> Display:
    """Return what sys.stderr is now, as a Display."""
    return sys.stderr if isinstance(sys.stderr, Display) else Display(sys.stderr)


def say(line: str) -> None:
    """Print a line on standard error."""
    stderr().write(f"{line}\n")


def announce(line: str) -> None:
    """Print a line on standard error, wrapped to the width of its terminal."""
    say(wrapped(line, stderr().columns() - 1))


def wrapped(line: str, width: int) -> str:
    """Wrap a line to a width: between the parts separated by |, if they fit, else between words."""
    if len(line) <= width or width < 1:
        return line
    line = " ".join(line.split())  # without the spaces that align columns
    for text in (line.replace(" ", FIXED).replace(f"|{FIXED}", "| "), line):
        lines = textwrap.wrap(
            text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
        if max(map(len, lines)) <= width:
            break
    return "\n".join(lines).replace(FIXED, " ")
