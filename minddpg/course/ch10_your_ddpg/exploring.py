"""Give an agent of exercise 10.1 the methods that the loop and minddpg.evaluate need."""

from typing import Any

import numpy as np

from ...ddpg.actions import ActionBox
from ...nn.layers import Array


def on_pendulum(agent: Any, noise: Any, rng: np.random.Generator) -> "Exploring":
    """Wrap an agent for Pendulum-v1, whose torque is within ±2 N m."""
    return Exploring(agent, ActionBox(np.array([-2.0]), np.array([2.0])), noise, rng)


class Exploring:
    """An agent with noise (equation 7), random actions, and torques in N m.

    Args:
        agent: anything with act(obs (N, S)) -> action (N, A) and update(batch).
        noise: anything with sample() -> (A,) and reset().
        rng: draws the random actions.
    """

    def __init__(self, agent: Any, action_box: ActionBox, noise: Any, rng: np.random.Generator):
        self.agent, self.action_box, self.noise, self.rng = agent, action_box, noise, rng
        self.update = agent.update

    def random_action(self) -> Array:
        """Draw an action (A,) uniformly from [−1, 1]."""
        return self.rng.uniform(-1, 1, self.action_box.dim)

    def act(self, obs: Array, explore: bool = False) -> Array:
        """Return μ(s) in [−1, 1], noisy if exploring: obs (S,) to (A,), or (N, S) to (N, A)."""
        action: Array = np.asarray(self.agent.act(np.atleast_2d(obs)))
        action = action.reshape(*np.shape(obs)[:-1], -1)
        return np.clip(action + self.noise.sample(), -1, 1) if explore else action

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the action in the environment's units, and None."""
        return self.action_box.to_env(self.act(obs)), None
