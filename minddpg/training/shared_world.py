"""Notice when an evaluation in a second instance of an environment moves the training instance.

Instances may share a simulator: a robot, a module's globals, a server.
"""

import warnings

import numpy as np

from .checkpoint import State
from .environment import Environment
from .evaluation import Outcome, retrace


class SharedWorldCheck:
    """Look at the first evaluation that falls inside a training episode.

    The instance of the evaluations takes the actions of this episode again: once before the
    evaluation, and once after the end of the episode. If the first repeats what training saw and
    the second does not, then the evaluation has moved the training instance. In a shared world
    both do no harm: the first leaves it where training left it, and after the second it is reset.
    An environment that does not repeat itself shows nothing.
    """

    def __init__(self, env: Environment, eval_env: Environment):
        self.env, self.eval_env = env, eval_env
        self.watched_seed: int | None = None  # of the episode in which the evaluation fell
        self.finished = eval_env is env
        if not self.finished and env.env.unwrapped is eval_env.env.unwrapped:
            self._warn("is the same object")

    def before_evaluation(self, state: State, episode_ends: bool) -> None:
        """Check that the episode in progress, if there is one, repeats itself up to here."""
        if self.finished or episode_ends or not state.episode_actions:
            return
        self.finished = True
        again = self._retrace(state)
        if again is not None and np.array_equal(again[0], state.obs):
            self.watched_seed = state.episode_seed

    def end_of_episode(self, state: State, outcome: Outcome) -> None:
        """Check the whole episode with its last outcome, if the evaluation fell into it."""
        if self.watched_seed != state.episode_seed:
            return
        self.watched_seed = None
        again = self._retrace(state)
        if again is None or not np.array_equal(again[0], outcome[0]) or again[1:] != outcome[1:]:
            self._warn("moves that of training")

    def _retrace(self, state: State) -> Outcome | None:
        box = state.agent.action_box
        return retrace(self.eval_env, state.episode_seed, state.episode_actions, box)

    def _warn(self, what: str) -> None:
        self.finished = True
        warnings.warn(
            f"{self.env.name}: another instance, made for evaluations, {what}, so that transitions"
            ' after an evaluation are wrong; set eval_env = "training" (--eval-env training)',
            stacklevel=2,
        )
