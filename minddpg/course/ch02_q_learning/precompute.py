"""Precomputed for chapter 02: a trained critic to search; how close actors come to the argmax.

K states.
"""

from collections import defaultdict
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...training.loop import train
from ...verification.exact_pendulum import follow

SEEDS = range(5)
EPISODES, EARLY, POINTS = 50, 24, 201  # EARLY: steps before the pendulum comes to rest


def agent() -> dict[str, Any]:
    """Return θ of actor and critic after a default run with seed 0, and K states that it visits."""
    trained = train(Config(seed=0), progress=False).agent
    obs = _visited(trained, np.random.default_rng(0))
    return {"actor": trained.actor.theta, "critic": trained.critic.theta, "obs": obs}


def argmax() -> dict[str, Any]:
    """Return μ(s) and the argmax of Q(s, ·) at K states, after default runs with seeds 0–4."""
    found: dict[str, list[Any]] = defaultdict(list)
    for seed in SEEDS:
        trained = train(Config(seed=seed), progress=False).agent
        obs = _visited(trained, np.random.default_rng(seed))
        grid = np.linspace(-1, 1, POINTS, dtype=np.float32)
        q = np.stack([_values(trained, obs, np.full((len(obs), 1), a)) for a in grid], axis=1)
        action = trained.act(obs)
        found["actor"].append(action[:, 0])
        found["best"].append(grid[q.argmax(axis=1)])
        found["q_actor"].append(_values(trained, obs, action))
        found["q_best"].append(q.max(axis=1))
        found["q_low"].append(q.min(axis=1))
    return {name: np.array(values, np.float32) for name, values in found.items()}


def _visited(trained: DDPG, rng: np.random.Generator) -> Any:
    """Return every fourth observation (K, 3) of the first steps of episodes without noise."""
    angle, speed = rng.uniform(-np.pi, np.pi, EPISODES), rng.uniform(-1, 1, EPISODES)
    states = [(angle, speed), *((a, v) for _, a, v in follow(trained, angle, speed, EARLY - 1))]
    angle, speed = (np.concatenate(part) for part in zip(*states[::4], strict=True))
    return np.stack((np.cos(angle), np.sin(angle), speed), axis=1).astype(trained.config.dtype)


def _values(trained: DDPG, obs: Any, action: Any) -> Any:
    return trained.critic.forward(obs, action)[0]


RESULTS = (agent, argmax)
