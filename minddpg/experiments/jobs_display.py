"""Show a study's progress and remaining time: as a bar on a terminal, elsewhere as lines."""

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from ..ddpg.config import Config
from ..training.bar import bar_or_none
from ..training.display import say
from ..training.wording import duration
from .cost import PER_RUN, seconds_of_run

SILENCE = 60.0  # s without a line, at most
FIRST_SILENCE = 10.0  # s before the first line
TAIL = 2_000  # bytes of a progress.csv, which hold its last row
MEASURED = 5.0  # s of training, at least, before an estimate is shown

Run = tuple[Config, Path | None]  # and its folder


class JobsDisplay:
    """Count the finished jobs, and read the progress of the others from their folders.

    Args:
        runs: config and folder of every job of the study, finished ones included.
        missing: the indices of the jobs that are not finished.
    """

    def __init__(self, runs: Sequence[Run], missing: Collection[int], visible: bool):
        self.runs, self.visible, self.failures = runs, visible, 0
        self.total, self.count = len(runs), len(runs) - len(missing)
        self.bar, self.seconds = None, [1.0] * len(runs)
        self.shares = [0.0 if i in missing else 1.0 for i in range(len(runs))]
        self.start = time.monotonic()
        self.last_line = self.start - SILENCE + FIRST_SILENCE
        self.first: float | None = None  # share() at the beginning
        self.seen: tuple[float, float] | None = None  # when share() first grew, and to what
        if not visible:
            return
        self.seconds = [seconds_of_run(config) for config, _ in runs]
        self._read_folders()
        self.first = self.share()
        if self.total:
            self.bar = bar_or_none(1.0, "", initial=self.first, speed=False, keep=True)
        if self.bar is None and self.count:
            say(f"{self.count} of {self.total} jobs are finished already")
        self._draw()

    def share(self) -> float:
        """Return the finished share of the study's estimated seconds, 0 to 1."""
        finished = sum(s * share for s, share in zip(self.seconds, self.shares, strict=True))
        return finished / (sum(self.seconds) or 1.0)

    def left(self) -> float | None:
        """Return the seconds that are left at the speed so far; None if that is not known yet."""
        if self.seen is None:
            return None
        when, where = self.seen
        elapsed, grown = time.monotonic() - when, self.share() - where
        return elapsed * (1 - self.share()) / grown if grown and elapsed >= MEASURED else None

    def job(self, i: int, failed: bool) -> None:
        """Count one more finished job."""
        self.count += 1
        self.failures += failed
        self.shares[i] = 1.0
        if self.visible:
            self._read_folders()
            if not self._draw():
                self._line()

    def look(self) -> None:
        """Show how far the running jobs have come; call this about once a second."""
        if self.visible:
            self._read_folders()
            if not self._draw() and time.monotonic() - self.last_line >= SILENCE:
                self._line()

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()

    def _read_folders(self) -> None:
        for i, (config, folder) in enumerate(self.runs):
            if self.shares[i] < 1 and folder is not None:
                training = 1 - PER_RUN / self.seconds[i]  # its share of the run
                share = training * _share_of_training(config, folder)
                self.shares[i] = max(self.shares[i], share)
        if self.seen is None and self.first is not None and self.share() > self.first:
            self.seen = time.monotonic(), self.share()

    def _draw(self) -> bool:
        """Draw the bar; return whether there is one."""
        if self.bar is None:
            return False
        failures = f", {self.failures} failed" if self.failures else ""
        self.bar.count = f"{self.count}/{self.total} jobs{failures}"
        left = self.left()
        self.bar.left = "?" if left is None else self.bar.format_interval(left)
        self.bar.move(self.share())
        return True

    def _line(self) -> None:
        now = self.last_line = time.monotonic()
        failures = f", {self.failures} failed" if self.failures else ""
        parts = [f"{self.count} of {self.total} jobs{failures}", f"{100 * self.share():.0f} %"]
        parts.append(f"{now - self.start:,.0f} s")
        left = self.left()
        if left is not None and self.count < self.total:
            parts.append(f"{duration(left)} left")
        say(" | ".join(parts))


def _share_of_training(config: Config, folder: Path) -> float:
    """Return the share of a run's updates that its progress.csv reports, 0 to 1."""
    try:
        with open(folder / "progress.csv", "rb") as file:
            file.seek(max(0, file.seek(0, 2) - TAIL))
            row = file.read().split(b"\n")[-2]  # what follows the last newline is incomplete
        step = float(row.split(b",")[0])
    except (OSError, ValueError, IndexError):  # no such file, or its header alone
        return 0.0
    warmup = min(config.warmup_steps, config.total_steps - 1)
    return min(max(step - warmup, 0.0) / (config.total_steps - warmup), 1.0)
