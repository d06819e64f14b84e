"""Capture what a learner's code prints: a check shows the first lines, not thousands."""

import io

MOST_LINES, WIDEST = 10, 200


class Prints(io.TextIOBase):
    """A stream that keeps the first lines written to it, and counts the others."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = 0
        self.is_open = True  # False once the first run is over: what is repeated is not shown
        self._line = ""

    def writable(self) -> bool:
        """Return True: any text may be written."""
        return True

    def write(self, text: str) -> int:
        """Take text; keep the first whole lines."""
        if self.is_open:
            *whole, self._line = (self._line + text).split("\n")
            for line in whole:
                self._keep(line)
            self._line = self._line[:WIDEST]
        return len(text)

    def _keep(self, line: str) -> None:
        if len(self.lines) < MOST_LINES:
            self.lines.append(line[:WIDEST])
        else:
            self.more += 1

    def finish(self) -> None:
        """Keep the last line, and take no more."""
        if self.is_open and self._line:
            self._keep(self._line)
        self.is_open = False

    def shown(self) -> tuple[str, ...]:
        """Return the lines that were kept, and how many there were besides."""
        more = (f"... and {self.more:,} more lines",) if self.more else ()
        return (*self.lines, *more)
