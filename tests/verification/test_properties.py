"""Correct code has every property that bugs are tested against, and mistakes violate them.

The package's bugs violate most of them (tests/course/test_kill_matrix.py); these are others.
"""

import copy
from types import SimpleNamespace

import numpy as np
from helpers import for_each

from minddpg import DDPG
from minddpg.ddpg import agent as agent_module
from minddpg.ddpg.networks import Actor, Critic, Network
from minddpg.nn.adam import Adam, polyak_update
from minddpg.nn.batchnorm import BatchNorm
from minddpg.nn.mlp import MLP
from minddpg.verification.bugs.bug import patched
from minddpg.verification.properties import PROPERTIES

LOSS = "the actor's loss depends on θ^μ and θ^Q, not on θ^Q'"
DECAY = "weight decay moves the critic's weights, and no bias"
STEP = "each network's step follows the gradient of its own loss"
TARGET = "each target moves τ of the way to its network"
COPIES = "the targets start as copies of the networks"
MEMORY = "the targets share no memory with the networks"
RATES = "each network's first step is as large as its learning rate"
STATISTICS = "an update moves the running statistics towards the minibatch's"
ACTING = "acting moves the noise alone"


def untrue():
    return [claim.sentence for claim in PROPERTIES if not claim.holds()]


def test_the_agent_has_every_property():
    assert untrue() == []


def loss_of(value_critic, slope_critic):
    def loss(self, obs):
        action, actor_cache = self.actor.forward(obs, training=True)
        q, _ = getattr(self, value_critic).forward(obs, action, training=True)
        critic = getattr(self, slope_critic)
        _, cache = critic.forward(obs, action, training=True)
        grad = self.actor.backward(-critic.action_gradient(cache) / len(obs), actor_cache)
        return -q.sum() / len(obs), grad

    return ((DDPG, "actor_loss", loss),)


def following(change):
    def follow(self, online, tau):
        polyak_update(self.theta, online.theta, tau)
        change(self, online, tau)

    return ((Network, "follow", follow),)


def of_one_kind(kind):
    def change(self, online, tau):
        if isinstance(self, kind):
            polyak_update(self.statistics, online.statistics, tau)

    return following(change)


def hard_copy(self, online, tau):
    self.statistics[:] = online.statistics


def decaying(change):
    original = DDPG.__init__

    def begin(self, obs_dim, action_low, action_high, config, rng):
        original(self, obs_dim, action_low, action_high, config, rng)
        if config.critic_weight_decay:
            change(self, config.critic_weight_decay)

    return ((DDPG, "__init__", begin),)


def on_actor(agent, decay):
    agent.actor_optimizer.decay = np.full(agent.actor.theta.shape, decay)


def outwards(agent, decay):
    agent.critic_optimizer.decay *= -1


def without(agent, decay):
    agent.critic_optimizer.decay = None


def without_unless_batch_norm(agent, decay):
    if not agent.config.batch_norm:
        agent.critic_optimizer.decay = None


def clipped_unless_batch_norm():
    original = DDPG.critic_loss

    def loss(self, batch, y, forward=None):
        value, grad = original(self, batch, y, forward)
        asked = forward is None or self.config.batch_norm  # `update` passes on what it has computed
        return value, grad if asked else np.clip(grad, -1, 1)

    return ((DDPG, "critic_loss", loss),)


def clipping(norm):
    class Clipping(Adam):
        def step(self, grad):
            super().step(grad / max(1, np.linalg.norm(grad) / norm))

    return ((agent_module, "Adam", Clipping),)


class Faster(Adam):
    def __init__(self, theta, learning_rate, weight_decay=0.0):
        super().__init__(theta, 1.01 * learning_rate, weight_decay)


def swapped_rates():
    original = DDPG.__init__

    def begin(self, *arguments):
        original(self, *arguments)
        actor, critic = self.actor_optimizer, self.critic_optimizer
        actor.learning_rate, critic.learning_rate = critic.learning_rate, actor.learning_rate

    return ((DDPG, "__init__", begin),)


def copying(deepcopy):
    return ((agent_module, "copy", SimpleNamespace(deepcopy=deepcopy)),)


def other_weights(network):
    other = copy.deepcopy(network)
    other.theta += 0.1
    return other


def biased(self, cache):
    _, mean, variance, _ = cache
    polyak_update(self.mean, mean, 0.01)
    polyak_update(self.variance, variance, 0.01)


def measuring():
    original = DDPG.act

    def act(self, obs, explore=False):
        if np.ndim(obs) == 2:
            self.actor.update_running_statistics(np.asarray(obs))
        return original(self, obs, explore)

    return ((DDPG, "act", act),)


def moving(when):
    """Let a noisy action change a parameter, for one observation or for a batch."""
    original = DDPG.act

    def act(self, obs, explore=False):
        if explore and np.ndim(obs) == when:
            self.actor.theta += 1e-9
        return original(self, obs, explore)

    return ((DDPG, "act", act),)


MISTAKES = {
    "the slope is the target critic's": (LOSS, loss_of("critic", "target_critic")),
    "the loss is the target critic's": (LOSS, loss_of("target_critic", "critic")),
    "decay of the actor": (DECAY, decaying(on_actor)),
    "decay away from zero": (DECAY, decaying(outwards)),
    "no decay": (DECAY, decaying(without)),
    "no decay without batch norm": (DECAY, decaying(without_unless_batch_norm)),
    "clipped without batch norm": (STEP, clipped_unless_batch_norm()),
    "decay of γ and β": (
        DECAY,
        ((MLP, "weight_mask", lambda self: np.ones(self.theta.shape, bool)),),
    ),
    "clipped gradients": (STEP, clipping(1)),
    "gradients clipped at a thousand": (STEP, clipping(1_000)),
    "a rate of 1 % more": (RATES, ((agent_module, "Adam", Faster),)),
    "swapped rates": (RATES, swapped_rates()),
    "one object": (MEMORY, copying(lambda network: network)),
    "other networks": (COPIES, copying(other_weights)),
    "statistics copied at once": (TARGET, following(hard_copy)),
    "statistics of the target actor alone": (TARGET, of_one_kind(Actor)),
    "statistics of the target critic alone": (TARGET, of_one_kind(Critic)),
    "no statistics": (STATISTICS, ((MLP, "update_running_statistics", lambda self, x: None),)),
    "no statistics of the actor": (
        STATISTICS,
        ((Actor, "update_running_statistics", lambda self, obs: None),),
    ),
    "biased variance": (STATISTICS, ((BatchNorm, "update_running_statistics", biased),)),
    "acting measures": (ACTING, measuring()),
    "exploring moves the actor": (ACTING, moving(when=1)),
    "exploring with a batch moves the actor": (ACTING, moving(when=2)),
}


@for_each(MISTAKES)
def test_a_mistake_breaks_its_property(name):
    sentence, patches = MISTAKES[name]
    (claim,) = (each for each in PROPERTIES if each.sentence == sentence)
    with patched(patches):
        assert not claim.holds()
