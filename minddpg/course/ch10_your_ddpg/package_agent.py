"""Give minddpg.DDPG the interface of exercise 10.1."""

from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from .learning_agents import NETWORKS, Arrays


class PackageDDPG:
    """minddpg.DDPG that starts with these arrays [W1, b1, W2, b2, ...] of actor and critic."""

    def __init__(self, actor: Arrays, critic: Arrays, *settings: float):
        discount, tau, actor_rate, critic_rate = settings
        config = Config(
            hidden_sizes=tuple(len(bias) for bias in actor[1:-1:2]),
            dtype="float64",
            discount=discount,
            tau=tau,
            actor_learning_rate=actor_rate,
            critic_learning_rate=critic_rate,
        )
        obs_dim, bound = len(actor[0]), np.ones(len(actor[-1]))
        self.agent = DDPG(obs_dim, -bound, bound, config, np.random.default_rng(0))
        for name in NETWORKS:
            arrays = actor if name.endswith("actor") else critic
            getattr(self.agent, name).theta[:] = np.concatenate(arrays, axis=None)
        self.act, self.update = self.agent.act, self.agent.update

    def __getattr__(self, name: str) -> Any:
        return [getattr(self.agent, name).theta]
