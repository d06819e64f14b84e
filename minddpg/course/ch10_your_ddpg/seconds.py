"""Measure how long an agent's updates take, before it trains for thousands of them."""

import time
from typing import Any

import numpy as np

from ...verification.random_inputs import sample_batch
from .learning_agents import Arrays

UPDATES = 10


def seconds_of_updates(
    agent_class: Any, networks: tuple[Arrays, Arrays], settings: tuple[float, ...], batch_size: int
) -> float:
    """Return the seconds that one update takes, on minibatches of Pendulum's sizes."""
    agent = agent_class(*networks, *settings)
    rng = np.random.default_rng(0)
    batches = [sample_batch(batch_size, 3, 1, rng) for _ in range(UPDATES)]
    agent.update(batches[0])  # the first is slower
    start = time.perf_counter()
    for batch in batches:
        agent.update(batch)
    return (time.perf_counter() - start) / UPDATES
