"""Format numbers, times and paths for messages, as "50 runs" or "about 5 to 10 minutes"."""

import re
import shlex
import sys
from pathlib import Path

LARGEST = {"second": 90.0, "minute": 90.0 * 60}  # s: shorter times have this unit
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
COLOUR = re.compile("\x1b\\[[0-9;]*m")


def without_colours(text: str) -> str:
    """Return a text without terminal colours, such as those in Gymnasium's warnings."""
    return COLOUR.sub("", text)


def quoted(path: Path) -> str:
    """Return a path as a shell takes it, for a command that can be copied."""
    text = str(path)
    if sys.platform == "win32":
        return text if re.fullmatch(r"[\w.:\\/~-]+", text) else f'"{text}"'
    return shlex.quote(text)


def counted(count: int, unit: str, units: str = "") -> str:
    """Return a number with its unit, as in "1 process" and "2,000 processes"."""
    return f"{count:,} {unit if count == 1 else units or unit + 's'}"


def duration(low: float, high: float | None = None) -> str:
    """Return an estimate in words, of a number of seconds or of a span from low to high."""
    high = low if high is None else high
    unit = next((name for name, most in LARGEST.items() if high < most), "hour")
    ends = [_rounded(each / SECONDS[unit], is_fine=unit == "hour") for each in (low, high)]
    span = ends[1] if ends[0] == ends[1] else " to ".join(ends)
    return f"about {span} {unit}" + "s" * (span != "1")


def _rounded(number: float, is_fine: bool) -> str:
    """Round a number to the few digits of an estimate."""
    if is_fine and number < 10:
        return f"{number:.1f}".removesuffix(".0")
    return f"{max(1, 5 * round(number / 5) if number > 20 else round(number))}"
