"""Write a checkpoint when the environment of a run fails, so that resume() can continue it."""

from types import TracebackType

from .checkpoint import State
from .env_errors import EnvError
from .output import Output
from .run_log import RunLog
from .wording import quoted


class Rescue:
    """Write a checkpoint of the last complete step if the environment fails in a `with` block.

    The environment fails if it raises an error, or returns a value that Environment refuses. A
    failed step is undone: the resumed run draws a new action there. If the evaluation or the reset
    after a step failed, the step is kept, and the resumed run begins with that evaluation or reset.
    """

    def __init__(self, state: State, log: RunLog, output: Output):
        self.state, self.log, self.output = state, log, output

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Environment refuses with a plain ValueError; a DivergenceError is the agent's failure
        if not (isinstance(error, EnvError) or kind is ValueError):
            return
        state = self.state
        if state.step > self.log.steps:
            state.step = self.log.steps
            state.episode_actions.pop()
        state.check_finite()
        self.output.checkpoint(state, self.log)
        if self.output.files and state.step:  # at step 0, a new run does as well
            where = quoted(self.output.files.run_dir)
            self.output.say(f"saved step {state.step:,}; continue with: minddpg resume {where}")
