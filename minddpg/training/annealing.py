"""Annealing: both learning rates as functions of the step."""

from ..ddpg.agent import DDPG
from ..ddpg.config import Config


def rate_scale(config: Config, step: int) -> float:
    """Return the factor of both learning rates at a step: 1, then falling linearly to 0."""
    if config.anneal_from == 1:
        return 1.0
    left = 1 - step / config.total_steps
    return min(1.0, left / (1 - config.anneal_from))


class ScaledRates:
    """Multiply both learning rates of an agent by `scale` inside a `with` block.

    A generator with @contextmanager would add 2 % to a step of a small network.
    """

    def __init__(self, agent: DDPG, scale: float):
        self.agent, self.scale = agent, scale

    def __enter__(self) -> None:
        self._set(self.scale)

    def __exit__(self, *_: object) -> None:
        self._set(1.0)

    def _set(self, scale: float) -> None:
        agent, config = self.agent, self.agent.config
        agent.actor_optimizer.learning_rate = scale * config.actor_learning_rate
        agent.critic_optimizer.learning_rate = scale * config.critic_learning_rate
