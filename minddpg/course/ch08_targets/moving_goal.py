"""Chapter 08's first experiment: train a young agent on single rows of its replay buffer."""

from collections.abc import Callable
from contextlib import closing

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.replay import Batch
from ...nn.layers import Array
from ...training.checkpoint import State
from ...training.environment import make
from ...training.loop import train_from

STEP = 2e-6  # so small that Q(s, a) approaches its goal in some tens of steps


def young_agent(steps: int = 2_500, rows: int = 64) -> tuple[DDPG, list[Batch]]:
    """Train a default agent for some steps, seed 0; return it and rows of its replay buffer."""
    config = Config(total_steps=steps, seed=0)
    with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
        state = State(config, env)
        train_from(state, env, eval_env)
    batch = state.replay.sample(rows, np.random.default_rng(8))
    return state.agent, [Batch(*(part[i : i + 1] for part in batch)) for i in range(rows)]


def descend(agent: DDPG, row: Batch, y: Array) -> None:
    """Take a small step of gradient descent on the critic's loss of one row, towards y (1,)."""
    agent.critic.theta -= STEP * agent.critic_loss(row, y)[1]


def chase(
    agent: DDPG, row: Batch, goal: Callable[[Batch], Array], steps: int = 100
) -> dict[str, tuple[Array, Array]]:
    """Train on one row with a moving goal, then with a fixed one; return Q(s, a) and y of each."""
    theta, chases = agent.critic.theta.copy(), {}
    for name, is_held in (("A goal that moves", False), ("A goal that is held fixed", True)):
        first, path = goal(row), []
        for _ in range(steps):
            y = first if is_held else goal(row)
            path.append((agent.critic.forward(row.obs, row.action)[0][0], y[0]))
            descend(agent, row, y)
        agent.critic.theta[:] = theta
        q_path, y_path = np.array(path).T
        chases[name] = q_path, y_path
    return chases
