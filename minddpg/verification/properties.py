"""Test properties that every correct DDPG has, whatever its weights: sentences, each with a test.

N batch.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.networks import Critic
from ..ddpg.replay import Batch
from ..nn.adam import Adam
from ..nn.batchnorm import RATE, BatchNorm
from ..nn.layers import Array
from ..nn.mlp import MLP
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
NORM: dict[str, Any] = {"batch_norm": True, "action_layer": 1}
WITH_BATCH_NORM = replace(CONFIG, **NORM)
DECAY = 0.1
STILL: dict[str, Any] = {
    "actor_learning_rate": 1e-12,
    "critic_learning_rate": 1e-12,
}  # an update hardly moves θ
RUNNING = {"actor_statistics", "critic_statistics"}


@dataclass(frozen=True, eq=False)
class Claim:
    """A sentence that is true of correct code, and its test."""

    sentence: str
    holds: Callable[[], bool]


def _agent(config: Config = CONFIG) -> tuple[DDPG, Batch]:
    n, obs_dim, action_dim = SHAPE
    rng = np.random.default_rng(3)
    agent = DDPG(obs_dim, LOW, HIGH, config, rng)
    return agent, sample_batch(n, obs_dim, action_dim, rng)


def _agents(**settings: Any) -> list[tuple[DDPG, Batch]]:
    """Make an agent without batch norm and one with it, whose statistics are arrays too."""
    return [_agent(replace(config, **settings)) for config in (CONFIG, WITH_BATCH_NORM)]


def _pairs(agent: DDPG) -> list[tuple[Array, Array]]:
    """Return each array of actor and critic, θ and statistics, with its target's."""
    arrays = agent.arrays()
    return [(arrays[name], arrays[f"target_{name}"]) for name in arrays if "target" not in name]


def _state(agent: DDPG) -> list[Any]:
    """Return copies of everything that an update or a noisy action changes."""
    optimizers = agent.actor_optimizer, agent.critic_optimizer
    moments = [moment for each in optimizers for moment in (each.first_moment, each.second_moment)]
    arrays = [array.tolist() for array in (*agent.arrays().values(), *moments)]
    steps = [each.steps for each in optimizers]
    return [arrays, steps, agent.exploration_rng.bit_generator.state]


def _influences(agent: DDPG, results: Callable[[], Any]) -> list[set[str]]:
    """Return, for each of several results, the names of the agent's arrays on which it depends."""
    before = results()
    names: list[set[str]] = [set() for _ in before]
    for name, array in agent.arrays().items():
        original = array.copy()
        array += 0.1
        for influences, old, new in zip(names, before, results(), strict=True):
            if not np.array_equal(old, new):
                influences.add(name)
        array[:] = original
    return names


def _of_losses(agent: DDPG, batch: Batch) -> tuple[list[set[str]], list[set[str]]]:
    """Return what influences the critic's loss and its gradient, then the actor's."""
    critic = _influences(agent, partial(agent.critic_loss, batch, agent.td_target(batch)))
    return critic, _influences(agent, partial(agent.actor_loss, batch.obs))


def _weights_alone(critic: Critic) -> Array:
    """Return θ^Q with zeros for biases, and for γ and β of batch norms."""
    other = copy.deepcopy(critic)
    for linear in (*other.trunk.linears, *other.head.linears):
        linear.bias[:] = 0
    for norm in other.trunk.batch_norms:
        norm.scale[:] = norm.shift[:] = 0
    return other.theta


def _norm_inputs(mlp: MLP, x: Array) -> list[Array]:
    """Return what each batch norm of an MLP gets, first to last, while training on x."""
    inputs = []
    for layer in mlp.layers:
        if isinstance(layer, BatchNorm):
            inputs.append(x)
        x, _ = layer.forward(x, training=True)
    return inputs


def _gradients(agent: DDPG, batch: Batch) -> tuple[Array, Array]:
    """Update once; return the gradients that Adam got for the actor and for the critic."""
    agent.update(batch)
    optimizers = agent.actor_optimizer, agent.critic_optimizer
    actor, critic = (each.first_moment / (1 - Adam.beta1) for each in optimizers)
    return actor, critic


def _targets_start_as_copies() -> bool:
    return all(
        np.array_equal(online, target) for agent, _ in _agents() for online, target in _pairs(agent)
    )


def _targets_share_no_memory() -> bool:
    return not any(
        np.shares_memory(online, target)
        for agent, _ in _agents()
        for online, target in _pairs(agent)
    )


def _target_depends_on_targets() -> bool:
    targets, found = [], []
    for agent, batch in _agents():
        targets.append({name for name in agent.arrays() if "target" in name})
        found.append(set().union(*_influences(agent, partial(agent.td_target, batch))))
    return found == targets


def _critic_loss_depends_on_critic() -> bool:
    found = [of_critic for agent, batch in _agents() for of_critic in _of_losses(agent, batch)[0]]
    return all(names - RUNNING == {"critic"} for names in found)


def _actor_loss_depends_on_both() -> bool:
    found = [of_actor for agent, batch in _agents() for of_actor in _of_losses(agent, batch)[1]]
    return all(names - RUNNING == {"actor", "critic"} for names in found)


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
            gone.append(np.allclose(target, end))
    return all(gone)


def _training_uses_batch_statistics() -> bool:
    of_critic, of_actor = _of_losses(*_agent(WITH_BATCH_NORM))
    return not any(names & RUNNING for names in (*of_critic, *of_actor))


def _steps_follow_their_losses() -> bool:
    follow = []
    for agent, batch in _agents(**STILL):
        agent.critic.theta *= 100  # gradients so large that a clipped one shows
        batch = batch._replace(reward=1_000 * batch.reward)
        wanted = agent.actor_loss(batch.obs)[1], agent.critic_loss(batch, agent.td_target(batch))[1]
        pairs = zip(_gradients(agent, batch), wanted, strict=True)
        follow += [np.allclose(got, grad) for got, grad in pairs]
    return all(follow)


def _decay_is_of_weights() -> bool:
    """Compare the gradients that Adam gets with decay and without."""
    as_expected = []
    for plain, decaying in zip(
        _agents(**STILL), _agents(**STILL, critic_weight_decay=DECAY), strict=True
    ):
        for agent, _ in (plain, decaying):
            agent.critic.theta += 0.5  # otherwise each new β is 0, and its decay too
        penalty = DECAY * _weights_alone(decaying[0].critic)
        without, with_decay = _gradients(*plain), _gradients(*decaying)
        of_actor, of_critic = (b - a for a, b in zip(without, with_decay, strict=True))
        as_expected += [np.allclose(of_actor, 0), np.allclose(of_critic, penalty)]
    return all(as_expected)


def _statistics_follow_the_batch() -> bool:
    agent, batch = _agent(replace(WITH_BATCH_NORM, **STILL))
    pairs = (agent.actor, agent.actor.mlp), (agent.critic, agent.critic.trunk)
    wanted = []
    for network, mlp in pairs:
        inputs = _norm_inputs(mlp, batch.obs)
        means, variances = [x.mean(axis=0) for x in inputs], [x.var(axis=0, ddof=1) for x in inputs]
        measured = np.concatenate((*means, *variances))
        wanted.append((1 - RATE) * network.statistics + RATE * measured)
    agent.update(batch)
    return all(
        np.allclose(network.statistics, end)
        for (network, _), end in zip(pairs, wanted, strict=True)
    )


def _acting_moves_noise_alone() -> bool:
    still = []
    for agent, batch in _agents():
        before = _state(agent)
        agent.act(batch.obs)
        agent.predict(batch.obs[0])
        still.append(_state(agent) == before)
        agent.act(batch.obs, explore=True)
        agent.act(batch.obs[0], explore=True)
        still.append(_state(agent)[:2] == before[:2])
    return all(still)


PROPERTIES = (
    Claim("the targets start as copies of the networks", _targets_start_as_copies),
    Claim("the targets share no memory with the networks", _targets_share_no_memory),
    Claim("y depends on the target networks alone, and on both", _target_depends_on_targets),
    Claim("the critic's loss depends on θ^Q alone, given y", _critic_loss_depends_on_critic),
    Claim("the actor's loss depends on θ^μ and θ^Q, not on θ^Q'", _actor_loss_depends_on_both),
    Claim("computing a loss moves no parameter", _losses_move_nothing),
    Claim("acting moves the noise alone", _acting_moves_noise_alone),
    Claim(
        "each network's first step is as large as its learning rate",
        _first_steps_are_the_learning_rates,
    ),
    Claim("each network's step follows the gradient of its own loss", _steps_follow_their_losses),
    Claim("weight decay moves the critic's weights, and no bias", _decay_is_of_weights),
    Claim("each target moves τ of the way to its network", _targets_go_tau_of_the_way),
    Claim("training normalises by the minibatch's own statistics", _training_uses_batch_statistics),
    Claim(
        "an update moves the running statistics towards the minibatch's",
        _statistics_follow_the_batch,
    ),
)
