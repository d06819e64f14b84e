"""A bug that is not in the zoo and that no check of the course catches."""

from ...training.checkpoint import State
from ...verification.bugs import Bug, edit

FORGETFUL = Bug(
    "Adam's two averages are reset at the start of every episode.",
    edit(
        State.begin_episode,
        "self.agent.observe(self.obs)",
        "self.agent.observe(self.obs)",
        "for adam in (self.agent.actor_optimizer, self.agent.critic_optimizer):",
        "    adam.first_moment[:] = adam.second_moment[:] = 0",
    ),
)
