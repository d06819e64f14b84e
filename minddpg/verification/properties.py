"""Properties that every correct DDPG has, whatever its weights: sentences, each with a test.

N batch.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.replay import Batch
from ..nn.layers import Array
from .random_inputs import sample_batch

SHAPE = (7, 4, 2)  # N, S, A
LOW, HIGH = np.array([-1.0, -2.0]), np.array([2.0, 3.0])
CONFIG = Config(
    hidden_sizes=(6, 5),
    tau=0.25,
    actor_learning_rate=1e-3,
    critic_learning_rate=5e-3,
    dtype="float64",
)


@dataclass(frozen=True, eq=False)
class Claim:
    """A sentence that is true of correct code, and the test of it."""

    sentence: str
    holds: Callable[[], bool]


def _agent(config: Config = CONFIG) -> tuple[DDPG, Batch]:
    n, obs_dim, action_dim = SHAPE
    rng = np.random.default_rng(3)
    agent = DDPG(obs_dim, LOW, HIGH, config, rng)
    return agent, sample_batch(n, obs_dim, action_dim, rng)


def _pairs(agent: DDPG) -> list[tuple[Array, Array]]:
    """Return θ and θ' of the actor, and of the critic."""
    return [
        (agent.actor.theta, agent.target_actor.theta),
        (agent.critic.theta, agent.target_critic.theta),
    ]


def _targets_start_as_copies() -> bool:
    agent, _ = _agent()
    return all(np.array_equal(online, target) for online, target in _pairs(agent))


def _targets_have_memory_of_their_own() -> bool:
    agent, _ = _agent()
    return not any(np.shares_memory(online, target) for online, target in _pairs(agent))


def _target_ignores_online_networks() -> bool:
    agent, batch = _agent()
    before = agent.td_target(batch)
    agent.actor.theta += 1.0
    agent.critic.theta += 1.0
    return np.array_equal(agent.td_target(batch), before)


def _losses_move_nothing() -> bool:
    agent, batch = _agent()
    before = {name: array.copy() for name, array in agent.arrays().items()}
    agent.critic_loss(batch, agent.td_target(batch))
    agent.actor_loss(batch.obs)
    return all(np.array_equal(array, before[name]) for name, array in agent.arrays().items())


def _first_steps_are_the_learning_rates() -> bool:
    """Adam's first step moves each entry by α, whatever its gradient, if that is far above ε."""
    agent, batch = _agent()
    before = agent.actor.theta.copy(), agent.critic.theta.copy()
    agent.update(batch)
    rates = CONFIG.actor_learning_rate, CONFIG.critic_learning_rate
    after = agent.actor.theta, agent.critic.theta
    largest = [np.abs(x - y).max() for x, y in zip(after, before, strict=True)]
    return bool(np.allclose(largest, rates, rtol=1e-3))


def _targets_go_tau_of_the_way() -> bool:
    agent, batch = _agent()
    targets = [target.copy() for _, target in _pairs(agent)]
    agent.update(batch)
    return all(
        np.allclose(now, CONFIG.tau * online + (1 - CONFIG.tau) * before, atol=1e-12)
        for (online, now), before in zip(_pairs(agent), targets, strict=True)
    )


def _training_uses_batch_statistics() -> bool:
    agent, batch = _agent(replace(CONFIG, batch_norm=True, action_layer=1))
    y = agent.td_target(batch)
    before = agent.critic_loss(batch, y)[0], agent.actor_loss(batch.obs)[0]
    agent.actor.statistics += 1.0  # the running ones
    agent.critic.statistics += 1.0
    after = agent.critic_loss(batch, y)[0], agent.actor_loss(batch.obs)[0]
    return before == after


PROPERTIES = (
    Claim("the targets start as copies of the networks", _targets_start_as_copies),
    Claim("the targets have memory of their own", _targets_have_memory_of_their_own),
    Claim("y depends on the target networks alone", _target_ignores_online_networks),
    Claim("computing a loss moves no parameter", _losses_move_nothing),
    Claim(
        "each network's first step is as large as its learning rate",
        _first_steps_are_the_learning_rates,
    ),
    Claim("each target goes τ of the way to its network", _targets_go_tau_of_the_way),
    Claim("training normalises by the minibatch's own statistics", _training_uses_batch_statistics),
)
