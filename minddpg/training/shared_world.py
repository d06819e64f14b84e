"""Notice when an evaluation in a second instance of an environment moves the training instance.

Instances may share a simulator: a robot, a module's globals, a server.
"""

import numpy as np

from .checkpoint import State
from .environment import Environment
from .evaluation import Outcome, retrace
from .own_warnings import warn


class SharedWorldCheck:
    """Look at the first evaluation that falls inside a training episode.

    The instance of the evaluations takes the actions of this episode again: once before the
    evaluation, and once when the episode has ended. If the first repeats what training saw and the
    second does not, then the evaluation has moved the training instance, unless it has changed its
    own: then the beginning of the episode does not repeat itself any more. In a shared world this
    does no harm: the first time leaves it where training left it, and at the end it is reset. An
    environment that does not repeat itself shows nothing.

    The end of `with`, also by an error, is an end of the episode too.
    """

    def __init__(self, state: State, env: Environment, eval_env: Environment):
        self.state, self.eval_env, self.name = state, eval_env, env.name
        self.watched_seed: int | None = None  # of the episode in which the evaluation fell
        self.length, self.obs = 0, state.obs  # of that episode, when the evaluation was due
        self.finished = eval_env is env
        if not self.finished and env.env.unwrapped is eval_env.env.unwrapped:
            self._warn("is the same object")

    def before_evaluation(self) -> None:
        """Check that the episode in progress repeats itself up to here."""
        if self.finished:
            return
        self.finished = True
        self.length, self.obs = len(self.state.episode_actions), self.state.obs
        if self._begins_as_it_did():
            self.watched_seed = self.state.episode_seed

    def end_of_episode(self, outcome: Outcome) -> None:
        """Check the whole episode with its last outcome, if the evaluation fell into it."""
        if self.watched_seed != self.state.episode_seed:
            return
        self.watched_seed = None
        if not self._begins_as_it_did():
            return
        again = self._retrace()
        if again is None or not np.array_equal(again[0], outcome[0]) or again[1:] != outcome[1:]:
            self._warn("moves that of training")

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        is_interrupt = error is not None and not isinstance(error, Exception)
        if self.watched_seed != self.state.episode_seed or is_interrupt:
            return
        if not self._begins_as_it_did():
            return
        again = self._retrace()  # with the action at which training failed, if it did at one
        if again is not None and not np.array_equal(again[0], self.state.obs):
            self._warn("moves that of training" if error is None else "breaks that of training")

    def _begins_as_it_did(self) -> bool:
        """Return whether the episode repeats itself up to the evaluation."""
        again = self._retrace(self.length)
        return again is not None and np.array_equal(again[0], self.obs)

    def _retrace(self, length: int | None = None) -> Outcome | None:
        actions = self.state.episode_actions[:length]
        box = self.state.agent.action_box
        return retrace(self.eval_env, self.state.episode_seed, actions, box)

    def _warn(self, what: str) -> None:
        self.finished = True
        warn(
            f"{self.name}: another instance {what}, so that transitions after an"
            ' evaluation are wrong; set eval_env = "training" (--eval-env training)',
            stacklevel=2,
        )
