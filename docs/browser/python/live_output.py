"""Send the printed text of a cell to the page, in pieces, while the cell runs."""

import io
import time
from collections.abc import Callable
from typing import Any

BURST = 10  # pieces that are sent at once
RATE = 10.0  # pieces a second after that
LONGEST = 20_000  # characters of a piece; of a longer one, only the end is sent


class Output:
    """The pieces of standard output and standard error that wait to be sent, in order."""

    def __init__(
        self, post: Callable[[str, Any], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.post, self.clock = post, clock
        self.pieces: list[_Piece] = []
        self.allowed, self.last = float(BURST), clock()

    def writer(self, stream: str) -> "Writer":
        """Return a file to which a cell can print."""
        return Writer(self, stream)

    def add(self, stream: str, text: str) -> None:
        """Take a text, and send it now if few pieces were sent recently."""
        if not self.pieces or self.pieces[-1].stream != stream:
            self.pieces.append(_Piece(stream))
        self.pieces[-1].add(text)
        if "\n" in text or "\r" in text:
            self.offer()

    def offer(self) -> None:
        """Send the waiting pieces, unless many were sent recently."""
        now = self.clock()
        self.allowed = min(BURST, self.allowed + RATE * (now - self.last))
        self.last = now
        if self.allowed >= 1:
            self.allowed -= 1
            self.send()

    def send(self) -> None:
        """Send all waiting pieces."""
        for piece in self.pieces:
            self.post("stream", piece.message())
        self.pieces.clear()


class Writer(io.TextIOBase):
    """A text file, to replace sys.stdout or sys.stderr."""

    encoding = "utf-8"

    def __init__(self, output: Output, stream: str) -> None:
        self.output, self.stream = output, stream

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self.output.add(self.stream, text)
        return len(text)

    def flush(self) -> None:
        self.output.offer()


class _Piece:
    """A text of one stream; of a long text, only the end."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.parts: list[str] = []
        self.length = self.left_out = 0

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        if self.length > 2 * LONGEST:
            self._shorten()

    def _shorten(self) -> None:
        text = "".join(self.parts)
        if len(text) > LONGEST:
            self.left_out += len(text) - LONGEST
            text = text[-LONGEST:]
        self.parts, self.length = [text], len(text)

    def message(self) -> dict[str, Any]:
        self._shorten()
        return {"stream": self.stream, "text": self.parts[0], "leftOut": self.left_out}
