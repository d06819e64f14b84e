"""Capture what a learner's code prints, so that a check shows only the first lines."""

import io

MOST_LINES, WIDEST = 10, 200


class Prints(io.TextIOBase):
    """A stream that keeps the first lines written to it, and counts the others."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = 0
        self.is_open = True  # False after the first run: later runs print the same again
        self._line = ""

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep the first whole lines of the text."""
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
        """Keep the last line, and ignore all later text."""
        if self.is_open and self._line:
            self._keep(self._line)
        self.is_open = False

    def shown(self) -> tuple[str, ...]:
        """Return the kept lines, and the number of further lines."""
        more = (f"... and {self.more:,} more lines",) if self.more else ()
        return (*self.lines, *more)
