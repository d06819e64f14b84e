"""Keep what a run has learned when its environment fails: write a checkpoint, then let it end."""

from types import TracebackType

from .checkpoint import State
from .env_errors import EnvError
from .output import Output
from .run_log import RunLog
from .wording import quoted


class Rescue:
    """Write a checkpoint of the last whole step if the environment fails inside a `with` block.

    It fails if it raises, or if it returns what the boundary refuses. A step that failed is taken
    back: the resumed run draws a new action there. If its evaluation failed, or the reset after it,
    the step is kept, and the resumed run begins with that.
    """

    def __init__(self, state: State, log: RunLog, output: Output):
        self.state, self.log, self.output = state, log, output

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # the boundary's refusals are plain ValueErrors; a DivergenceError is not the environment's
        if not (isinstance(error, EnvError) or kind is ValueError):
            return
        state = self.state
        if state.step > self.log.steps:
            state.step = self.log.steps
            state.episode_actions.pop()
        state.check_finite()
        self.output.checkpoint(state, self.log)
        if self.output.files and state.step:  # after nothing, a new run does as well
            where = quoted(self.output.files.run_dir)
            self.output.say(f"kept step {state.step:,}; go on with: minddpg resume {where}")
