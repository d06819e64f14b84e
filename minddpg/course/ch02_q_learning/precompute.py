"""Precompute for chapter 02: a trained agent whose critic is searched.

K states.
"""

from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...training.loop import train
from ...verification.exact_pendulum import follow

EPISODES, EARLY = 50, 24  # EARLY: steps before the pendulum comes to rest


def agent() -> dict[str, Any]:
    """Return θ of actor and critic after a default run with seed 0, and K states that it visits."""
    trained = train(Config(seed=0), progress=False).agent
    obs = _visited(trained, np.random.default_rng(0))
    return {"actor": trained.actor.theta, "critic": trained.critic.theta, "obs": obs}


def _visited(trained: DDPG, rng: np.random.Generator) -> Any:
    """Return every fourth observation (K, 3) of the first steps of episodes without noise."""
    angle, speed = rng.uniform(-np.pi, np.pi, EPISODES), rng.uniform(-1, 1, EPISODES)
    states = [(angle, speed), *((a, v) for _, a, v in follow(trained, angle, speed, EARLY - 1))]
    angle, speed = (np.concatenate(part) for part in zip(*states[::4], strict=True))
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=1).astype(trained.config.dtype)


RESULTS = (agent,)
