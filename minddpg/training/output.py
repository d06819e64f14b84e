"""Pass a run's reports to the files of its run folder and to the terminal."""

from .checkpoint import State
from .evaluation import Evaluation
from .progress import ProgressBar
from .run_files import RunFiles
from .run_log import Episode, Row, RunLog


class Output:
    """Pass reports to the files and the progress bar of a run, as far as it has them."""

    def __init__(self, files: RunFiles | None = None, bar: ProgressBar | None = None):
        self.files, self.bar = files, bar

    def say(self, line: str) -> None:
        """Show one line of text."""
        if self.bar:
            self.bar.say(line)

    def step(self) -> None:
        """Report one environment step."""
        if self.bar:
            self.bar.step()

    def row(self, row: Row) -> None:
        """Report a row of the log."""
        if self.files:
            self.files.append_row(row)

    def episode(self, episode: Episode) -> None:
        """Report a training episode that has ended."""
        if self.files:
            self.files.append_episode(episode)

    def evaluation(self, state: State, evaluations: list[tuple[int, Evaluation]]) -> None:
        """Report the last of these evaluations, and save the policies."""
        if self.bar:
            step, evaluation = evaluations[-1]
            self.bar.evaluation(step, evaluation.mean)
        if self.files:
            self.files.save_results(state, evaluations)

    def checkpoint(self, state: State, log: RunLog) -> None:
        """Save all that a resume needs."""
        if self.files:
            self.files.save_checkpoint(state, log.state())
            self.files.save_results(state, log.evaluations)

    def close(self) -> None:
        """Close the files and remove the bar."""
        for each in (self.files, self.bar):
            if each:
                each.close()
