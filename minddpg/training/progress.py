"""Show the progress of a run on standard error."""

import time

from .bar import bar_or_none
from .display import say
from .evaluation import short


class ProgressBar:
    """Print a line at each evaluation; on a terminal, show a bar below them.

    Args:
        steps_before: the steps that earlier processes of the run have made.
        best: the highest mean return that they have reached.
    """

    def __init__(self, total_steps: int, steps_before: int = 0, best: float = -float("inf")):
        self.total_steps, self.steps_before, self.best = total_steps, steps_before, best
        self.start = time.monotonic()
        self.bar = bar_or_none(total_steps, "steps", initial=steps_before)

    def say(self, line: str) -> None:
        """Print a line, above the bar if there is one."""
        if self.bar is not None:
            self.bar.say(line)
        else:
            say(line)

    def step(self) -> None:
        """Move the bar by one environment step."""
        if self.bar is not None:
            self.bar.update()

    def evaluation(self, step: int, mean_return: float) -> None:
        """Print the return of this evaluation and the best so far."""
        self.best = max(self.best, mean_return)
        seconds = max(time.monotonic() - self.start, 1e-3)  # Windows' clock moves by 15 ms
        speed = (step - self.steps_before) / seconds
        self.say(
            f"step {step:>8,} of {self.total_steps:,} | {speed:6,.0f} steps/s"
            f" | return {short(mean_return)}, best {short(self.best)}"
        )

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()
