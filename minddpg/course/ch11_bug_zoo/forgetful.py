"""A bug that is not in the zoo, and that no check of the course objects to."""

from ...training.checkpoint import State
from ...training.environment import Environment
from ...verification.bugs import Bug

_begin_episode = State.begin_episode


def _begin_and_forget(self: State, env: Environment) -> None:
    _begin_episode(self, env)
    for adam in (self.agent.actor_optimizer, self.agent.critic_optimizer):
        adam.first_moment[:] = adam.second_moment[:] = 0


FORGETFUL = Bug(
    "Adam's two averages begin anew with every episode.",
    ((State, "begin_episode", _begin_and_forget),),
)
