"""Chapter 10's recordings: the agent on one page, several seeds, and with a piece taken away.

K seeds, T evaluations.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT, follow, solve
from ..study_results import last, rows_of
from .hills import hills
from .one_page import forward
from .one_page_runs import BATCH, EVALUATED_ON, pieces

PIECE = 1_000  # steps between evaluations: five episodes
PATHS_FROM = ((np.pi, 0.0), (2.2, 0.0), (-1.0, -3.0))  # rad, rad/s
BROKEN: dict[str, dict[str, Any]] = {
    "no target networks": {"tau": 1.0},
    "no replay": {"capacity": BATCH},
    "no exploration": {"noise_scale": 0.0, "warmup_steps": BATCH},
}
LOOK_ALIKES = ("correct", "actor-summed", "replayed-action", "bias-averaged")


def curves() -> dict[str, Array]:
    """Train the agent on one page ten times on Pendulum-v1, 8,000 steps, seeds 0–9."""
    runs = [_run(seed) for seed in range(10)]
    returns, highest = ([run[i] for run in runs] for i in (0, 1))
    return {
        "steps": PIECE * np.arange(1, len(returns[0]) + 1),
        "returns": np.array(returns, np.float32),  # (K, T), means of ten episodes without noise
        "highest_q": np.array(highest, np.float32),  # (K, T), of 1,000 replayed pairs
    }


def broken() -> dict[str, Array]:
    """Train it without targets (τ = 1), replay (64 transitions), exploration: seeds 0–4 each."""
    runs = [[_run(seed, **settings) for seed in range(5)] for settings in BROKEN.values()]
    returns, highest = ([[run[i] for run in each] for each in runs] for i in (0, 1))
    return {
        "names": np.array(list(BROKEN)),
        "steps": PIECE * np.arange(1, len(returns[0][0]) + 1),
        "returns": np.array(returns, np.float32),  # (pieces taken away, K, T)
        "highest_q": np.array(highest, np.float32),
    }


def exact() -> dict[str, Array]:
    """Follow the exact policy (301 × 301 points): returns of the starts, three paths."""
    policy = solve()
    angle, speed = np.transpose(PATHS_FROM)
    path = list(follow(policy, angle, speed, TIME_LIMIT))
    return {
        "returns": evaluate(policy, PENDULUM, 10, EVALUATED_ON).returns.astype(np.float32),
        "path_returns": np.array([each[0] for each in path], np.float32).sum(axis=0),  # (starts,)
        "angle": np.array([angle, *(each[1] for each in path)], np.float32),  # (201, starts)
        "speed": np.array([speed, *(each[2] for each in path)], np.float32),
    }


def look_alikes() -> dict[str, Array]:
    """Read the study `zoo`, seeds 1000–1004: last returns of right code and of three bugs."""
    ends = [last(rows_of("zoo", variant=name), "return") for name in LOOK_ALIKES]
    return {"names": np.array(LOOK_ALIKES), "returns": np.array(ends)}  # (4, 5)


def _run(seed: int, **settings: Any) -> tuple[list[float], list[float]]:
    """Train; return the mean return and the highest Q of replayed pairs after each piece."""
    returns, highest = [], []
    for agent, replay in pieces(seed, PIECE, **settings):
        returns.append(evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean)
        pairs = replay.sample(1_000, np.random.default_rng(0))
        q, _ = forward(agent.page.critic, np.concatenate((pairs.obs, pairs.action), axis=1))
        highest.append(float(q.max()))
    return returns, highest


RESULTS = (curves, broken, exact, look_alikes, hills)
