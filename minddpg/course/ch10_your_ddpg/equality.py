"""Measure how far agents of exercise 10.1 differ after the same updates."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.bugs import planted
from ...verification.random_inputs import sample_batch
from ..list_networks import new_network
from .package_agent import PackageDDPG

SETTINGS = 0.99, 0.02, 1e-3, 2e-3  # γ, τ, the actor's learning rate, the critic's
UPDATES = 1_000
BUGS = ("actor-summed", "replayed-action", "bias-averaged")  # of minddpg.verification.bugs


def distances(agents: Mapping[str, Any]) -> dict[str, Array]:
    """Return max |θ − θ of minddpg.DDPG| after each update, for these agents and for three bugs."""
    correct = _path(PackageDDPG)
    paths = {name: _path(agent_class) for name, agent_class in agents.items()}
    for bug in BUGS:
        with planted(bug):
            paths[bug] = _path(PackageDDPG)
    return {name: np.abs(path - correct).max(axis=1) for name, path in paths.items()}


def _path(agent_class: Any) -> Array:
    """Return all parameters of actor and critic after each update, (UPDATES, parameters)."""
    rng = np.random.default_rng(0)
    networks = new_network((3, 6, 5, 2), rng), new_network((5, 6, 5, 1), rng)
    batches = [sample_batch(8, 3, 2, rng) for _ in range(50)]
    agent, path = agent_class(*networks, *SETTINGS), []
    for i in range(UPDATES):
        agent.update(batches[i % len(batches)])
        path.append(np.concatenate([*agent.actor, *agent.critic], axis=None))
    return np.array(path)
