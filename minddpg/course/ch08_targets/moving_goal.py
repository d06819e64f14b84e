"""Chapter 08's first experiment: an agent that has trained for a moment, and single rows of it."""

from contextlib import closing

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.replay import Batch
from ...training.checkpoint import State
from ...training.environment import make
from ...training.loop import train_from


def young_agent(steps: int = 2_500, rows: int = 64) -> tuple[DDPG, list[Batch]]:
    """Train a default agent for some steps, seed 0; return it, and rows of its replay buffer."""
    config = Config(total_steps=steps, seed=0)
    with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
        state = State(config, env)
        train_from(state, env, eval_env)
    batch = state.replay.sample(rows, np.random.default_rng(8))
    return state.agent, [Batch(*(part[i : i + 1] for part in batch)) for i in range(rows)]
