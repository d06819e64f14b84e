"""Properties that every correct DDPG has, whatever its weights: sentences, each with a test.

N batch.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

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
WITH_BATCH_NORM = replace(CONFIG, batch_norm=True, action_layer=1)


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


def _agents() -> list[tuple[DDPG, Batch]]:
    """Make an agent without batch norm and one with it, whose statistics are arrays too."""
    return [_agent(), _agent(WITH_BATCH_NORM)]


def _pairs(agent: DDPG) -> list[tuple[Array, Array]]:
    """Return each array of actor and critic, θ and statistics, with its target's."""
    arrays = agent.arrays()
    return [(arrays[name], arrays[f"target_{name}"]) for name in arrays if "target" not in name]


def _state(agent: DDPG) -> list[Any]:
    """Return copies of all that an update or a noisy action moves."""
    optimizers = agent.actor_optimizer, agent.critic_optimizer
    moments = [moment for each in optimizers for moment in (each.first_moment, each.second_moment)]
    arrays = [array.tolist() for array in (*agent.arrays().values(), *moments)]
    steps = [each.steps for each in optimizers]
    return [arrays, steps, agent.exploration_rng.bit_generator.state]


def _targets_start_as_copies() -> bool:
    return all(
        np.array_equal(online, target) for agent, _ in _agents() for online, target in _pairs(agent)
    )


def _targets_have_memory_of_their_own() -> bool:
    return not any(
        np.shares_memory(online, target)
        for agent, _ in _agents()
        for online, target in _pairs(agent)
    )


def _target_ignores_online_networks() -> bool:
    before, after = [], []
    for agent, batch in _agents():
        before.append(agent.td_target(batch))
        for online, _ in _pairs(agent):
            online += 1.0
        after.append(agent.td_target(batch))
    return np.array_equal(before, after)


def _losses_move_nothing() -> bool:
    before, after = [], []
    for agent, batch in _agents():
        before.append(_state(agent))
        agent.critic_loss(batch, agent.td_target(batch))
        agent.actor_loss(batch.obs)
        after.append(_state(agent))
    return before == after


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
    gone = []
    for agent, batch in _agents():
        before = [target.copy() for _, target in _pairs(agent)]
        agent.update(batch)
        for (online, target), start in zip(_pairs(agent), before, strict=True):
            end = CONFIG.tau * online + (1 - CONFIG.tau) * start
            gone.append(np.allclose(target, end, atol=1e-12))
    return all(gone)


def _training_uses_batch_statistics() -> bool:
    agent, batch = _agent(WITH_BATCH_NORM)
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
