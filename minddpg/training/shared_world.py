"""Detect that an evaluation in a second instance of an environment changes the training instance.

Two instances may share a simulator: a robot, a module's globals, a server.
"""

import numpy as np

from .checkpoint import State
from .environment import Environment
from .evaluation import Outcome, retrace
from .own_warnings import warn

CHANGES = "changes the training instance"


class SharedWorldCheck:
    """Check the first evaluation that falls inside a training episode.

    The evaluation instance repeats the actions of this episode: up to the evaluation before it
    runs, and from beginning to end after the episode. If the first repetition gives the same
    observation as in training and the second does not, the evaluation has changed the training
    instance. It may also have changed only its own: so after the episode, the beginning is checked
    again. In a shared simulator the repetitions do no harm: the first one ends in the state of
    training, and after the second the episode is over. In an environment that is not
    deterministic, repetitions differ anyway, and nothing is reported.

    The end of the `with` block, also by an error, counts as the end of the episode.
    """

    def __init__(self, state: State, env: Environment, eval_env: Environment):
        self.state, self.eval_env, self.name = state, eval_env, env.name
        self.watched_seed: int | None = None  # of the episode that the evaluation interrupted
        self.length, self.obs = 0, state.obs  # of that episode, when the evaluation was due
        self.finished = eval_env is env
        if not self.finished and env.env.unwrapped is eval_env.env.unwrapped:
            self._warn("is the same object")

    def before_evaluation(self) -> None:
        """Check that the episode in progress can be repeated up to here."""
        if self.finished:
            return
        self.finished = True
        self.length, self.obs = len(self.state.episode_actions), self.state.obs
        if self._begins_as_it_did():
            self.watched_seed = self.state.episode_seed

    def end_of_episode(self, outcome: Outcome) -> None:
        """Check the whole episode with its last outcome, if the evaluation interrupted it."""
        if self.watched_seed != self.state.episode_seed:
            return
        self.watched_seed = None
        if not self._begins_as_it_did():
            return
        again = self._retrace()
        if again is None or not np.array_equal(again[0], outcome[0]) or again[1:] != outcome[1:]:
            self._warn(CHANGES)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        is_interrupt = error is not None and not isinstance(error, Exception)
        if self.watched_seed != self.state.episode_seed or is_interrupt:
            return
        if not self._begins_as_it_did():
            return
        again = self._retrace()  # with the action at which training failed, if it failed
        if again is not None and not np.array_equal(again[0], self.state.obs):
            self._warn(CHANGES if error is None else "breaks the training instance")

    def _begins_as_it_did(self) -> bool:
        """Return whether the episode can be repeated up to the evaluation."""
        again = self._retrace(self.length)
        return again is not None and np.array_equal(again[0], self.obs)

    def _retrace(self, length: int | None = None) -> Outcome | None:
        actions = self.state.episode_actions[:length]
        box = self.state.agent.action_box
        return retrace(self.eval_env, self.state.episode_seed, actions, box)

    def _warn(self, what: str) -> None:
        self.finished = True
        warn(
            f"{self.name}: a second instance {what}, so that transitions after an"
            ' evaluation are wrong; set eval_env = "training" (--eval-env training)',
            stacklevel=2,
        )
