"""A progress bar on a terminal, with lines of other output above it."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from tqdm import tqdm

from .display import Display, stderr, wrapped

LAYOUTS = (  # the first one that fits is drawn; numbers are never cut
    "{percentage:3.0f}%|{bar}| {count} [{elapsed}<{remaining}{speed}]",
    "{percentage:3.0f}% {count} [{elapsed}<{remaining}{speed}]",
    "{percentage:3.0f}% {count} [{elapsed}<{remaining}]",
    "{percentage:3.0f}% {count}",
    "{percentage:3.0f}%",
)
BESIDE = 3  # columns that stay free: two for ^C, and the last one


class Bar(tqdm):  # type: ignore[type-arg]
    """Draw a bar, and the lines that other code prints above it.

    Args:
        screen: a terminal, on which it is drawn.
        speed: show the mean number of units per second.
        keep: leave the bar on the screen at the end.
    """

    def __init__(
        self,
        screen: Display,
        total: float,
        unit: str,
        initial: float = 0,
        speed: bool = True,
        keep: bool = False,
    ):
        self.screen, self.shows_speed = screen, speed
        self.count = ""  # a text to show instead of the number of units
        self.left = ""  # the time left, instead of an estimate from the speed so far
        self.streams = ExitStack()
        super().__init__(
            file=screen,
            total=total,
            initial=initial,
            unit=f" {unit}",
            leave=keep,
            smoothing=0,  # the mean speed, as in the lines of evaluations
        )
        for stream, redirect in ((sys.stdout, redirect_stdout), (sys.stderr, redirect_stderr)):
            if Display(stream).isatty():
                above = _Above(stream, self)
                self.streams.callback(above.end)
                self.streams.enter_context(redirect(above))

    def __str__(self) -> str:
        """Return what fits into the terminal's width."""
        facts, width = self.format_dict, self.screen.columns() - BESIDE
        rate = facts["rate"]
        if rate is None and facts["elapsed"]:
            rate = (self.n - self.initial) / facts["elapsed"]
        facts["count"] = self.count or f"{self.n:,}/{self.total:,}{self.unit}"
        if self.left:
            facts["remaining"] = self.left
        decimals = 0 if not rate or rate >= 10 else 1
        speed = f", {rate:,.{decimals}f}{self.unit}/s" if rate else ""
        facts["speed"] = speed if self.shows_speed else ""
        for layout in LAYOUTS:
            facts.update(bar_format=layout, ncols=None)  # the bar has 10 cells then
            text = self.format_meter(**facts)
            if width < 0:  # not known
                return text
            if len(text) <= width:
                return self.format_meter(**{**facts, "ncols": width})
        return ""

    @staticmethod
    def status_printer(file: Any) -> Any:
        """Return a function that replaces the text on the terminal's last line."""
        length = 0

        def draw(text: str) -> None:
            nonlocal length
            width = file.columns() - 1  # more spaces would begin a new line
            file.write("\r" + " " * (width if width > 0 else length) + "\r" + text)
            length = len(text)

        return draw

    def move(self, to: float) -> None:
        """Draw the bar at this number of units."""
        self.n = to
        self.refresh()

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self.above(self.screen, wrapped(line, self.screen.columns() - 1) + "\n")

    def above(self, stream: Any, text: str) -> None:
        """Print lines above the bar."""
        with self.get_lock():  # type: ignore[no-untyped-call]  # tqdm has a thread that draws
            self.clear()
            stream.write(text)
            stream.flush()
            self.refresh()

    def close(self) -> None:
        """Restore the streams; remove the bar, or leave it as it is."""
        self.streams.close()
        super().close()


class _Above:
    """A terminal stream whose complete lines appear above the bar."""

    def __init__(self, stream: Any, bar: Bar):
        self.stream, self.bar, self.rest = stream, bar, ""

    def write(self, text: str) -> int:
        """Show the complete lines, and keep the rest."""
        lines, newline, self.rest = (self.rest + text).rpartition("\n")
        if newline:
            self.bar.above(self.stream, lines + newline)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Do nothing: the bar would be drawn over half a line."""

    def end(self) -> None:
        """Show the unfinished last line."""
        if self.rest:
            self.write("\n")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def bar_or_none(total: float, unit: str, **options: Any) -> Bar | None:
    """Return a bar on standard error if that is a terminal that can draw one."""
    screen = stderr()
    is_able = screen.isatty() and os.environ.get("TERM") != "dumb"
    return Bar(screen, total, unit, **options) if is_able else None


@contextmanager
def counting(total: int, unit: str, visible: bool = True) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; return a function that counts one more unit."""
    bar = bar_or_none(total, unit, speed=False) if visible else None
    try:
        yield lambda: None if bar is None else bar.move(bar.n + 1)
    finally:
        if bar is not None:
            bar.close()
