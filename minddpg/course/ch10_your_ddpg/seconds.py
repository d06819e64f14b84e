"""Measure how long an agent's updates take, before it trains for thousands of them."""

import time
from typing import Any

import numpy as np

from ...verification.random_inputs import sample_batch
from ..engine import EXERCISES
from ..list_networks import new_network

MEASURED = 10  # updates
BATCH_SIZE = 64
SETTINGS = 0.99, 0.02, 1e-3, 2e-3
SLOWER = 5  # an agent at most this many times slower than the package's is always trained


def trained_in_time(who: str, agent_class: Any, updates: int, seconds: float) -> tuple[str, Any]:
    """Return the agent if its updates fit this time; otherwise say so and return the package's.

    On a slow machine, such as a browser, the time is SLOWER times that of the package's agent.
    """
    packages: Any = EXERCISES["10.1"].reference[0]
    needed = updates * seconds_per_update(agent_class)
    if needed <= seconds or needed <= SLOWER * updates * seconds_per_update(packages):
        return who, agent_class
    print(
        f"The updates of {who} would take {needed:.0f} s, and you allow {seconds:g} s."
        " The package's agent is trained instead; to train yours, raise `seconds` in this cell."
    )
    return "the package's agent", packages


def seconds_per_update(agent_class: Any) -> float:
    """Time updates of two hidden layers of 64 units, on minibatches of Pendulum's sizes."""
    rng = np.random.default_rng(0)
    networks = new_network((3, 64, 64, 1), rng), new_network((4, 64, 64, 1), rng)
    agent = agent_class(*networks, *SETTINGS)
    batches = [sample_batch(BATCH_SIZE, 3, 1, rng) for _ in range(MEASURED)]
    agent.update(batches[0])  # the first is slower
    start = time.perf_counter()
    for batch in batches:
        agent.update(batch)
    return (time.perf_counter() - start) / MEASURED
