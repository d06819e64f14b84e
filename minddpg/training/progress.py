"""Progress on standard error: of the steps of a run, and of the jobs of a study."""

import time

from tqdm import tqdm

from .display import stderr
from .evaluation import short


class ProgressBar:
    """Show a bar on a terminal; elsewhere print a line at each evaluation.

    Args:
        steps_before: the steps that earlier processes of the run have made.
        best: the highest mean return that they have reached.
    """

    def __init__(self, total_steps: int, steps_before: int = 0, best: float = -float("inf")):
        self.total_steps, self.steps_before, self.best = total_steps, steps_before, best
        self.start = time.monotonic()
        self.display, self.bar = stderr(), None
        if self.display.isatty():
            self.bar = tqdm(
                file=self.display,
                total=total_steps,
                initial=steps_before,
                unit=" steps",
                dynamic_ncols=True,
                smoothing=0.05,
            )

    def say(self, line: str) -> None:
        """Print a line, above the bar if there is one."""
        if self.bar is not None:
            tqdm.write(line, file=self.display)
        else:
            print(line, file=self.display)

    def step(self) -> None:
        """Move the bar by one environment step."""
        if self.bar is not None:
            self.bar.update()

    def evaluation(self, step: int, mean_return: float) -> None:
        """Show the return of this evaluation and the best so far."""
        self.best = max(self.best, mean_return)
        returns = f"return {short(mean_return)}, best {short(self.best)}"
        if self.bar is not None:
            self.bar.set_postfix_str(returns)
        else:
            seconds = max(time.monotonic() - self.start, 1e-3)  # Windows' clock moves by 15 ms
            speed = (step - self.steps_before) / seconds
            self.say(f"step {step:>8,} of {self.total_steps:,} | {speed:6,.0f} steps/s | {returns}")

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()


class JobsDisplay:
    """Show how many jobs of a study are finished: a bar on a terminal, elsewhere lines."""

    def __init__(self, total: int, finished: int, visible: bool):
        self.total, self.count, self.failures = total, finished, 0
        self.visible, self.display, self.bar = visible, stderr(), None
        self.start = time.monotonic()
        if visible and self.display.isatty():
            self.bar = tqdm(
                file=self.display, total=total, initial=finished, unit=" jobs", dynamic_ncols=True
            )
        elif visible and finished:
            print(f"{finished} of {total} jobs were finished before", file=self.display)

    def job(self, failed: bool) -> None:
        """Count one more job that is over."""
        self.count += 1
        self.failures += failed
        failures = f", {self.failures} failed" if self.failures else ""
        if self.bar is not None:
            self.bar.set_postfix_str(failures.removeprefix(", "))
            self.bar.update()
        elif self.visible:
            seconds = f"{time.monotonic() - self.start:,.0f} s"
            print(f"{self.count} of {self.total} jobs{failures} | {seconds}", file=self.display)

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()
