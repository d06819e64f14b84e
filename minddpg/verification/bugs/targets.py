"""Bugs of the targets and of the optimiser.

N batch.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...ddpg import agent as agent_module
from ...ddpg.agent import DDPG
from ...ddpg.networks import Actor, Critic, Network
from ...ddpg.replay import Batch
from ...nn.adam import Adam, polyak_update
from ...nn.layers import Array
from .bug import NORM, Bug, Patch


def td_target(change: Callable[[Any, Batch, Array], Array]) -> tuple[Patch, ...]:
    """Replace the target y; `change` makes it of the config, the batch and Q'(s', μ'(s'))."""

    def target(self: DDPG, batch: Batch) -> Array:
        next_action, _ = self.target_actor.forward(batch.next_obs)
        next_q, _ = self.target_critic.forward(batch.next_obs, next_action)
        return change(self.config, batch, next_q)

    return ((DDPG, "td_target", target),)


def _online_target(self: DDPG, batch: Batch) -> Array:
    next_q, _ = self.critic.forward(batch.next_obs, self.actor.forward(batch.next_obs)[0])
    return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)


def _reversed() -> tuple[Patch, ...]:
    correct = Network.follow

    def follow(self: Network, online: Network, tau: float) -> None:
        correct(self, online, 1 - tau)

    return ((Network, "follow", follow),)


def _theta_alone(self: Network, online: Network, tau: float) -> None:
    polyak_update(self.theta, online.theta, tau)


def _training_target(self: DDPG, batch: Batch) -> Array:
    next_action, _ = self.target_actor.forward(batch.next_obs, training=True)
    next_q, _ = self.target_critic.forward(batch.next_obs, next_action, training=True)
    return batch.reward + self.config.discount * np.where(batch.terminated, 0, next_q)


def _frozen_target_actor() -> tuple[Patch, ...]:
    original = DDPG.update

    def update(self: DDPG, batch: Batch) -> dict[str, float]:
        before = self.target_actor.theta.copy()
        metrics = original(self, batch)
        self.target_actor.theta[:] = before
        return metrics

    return ((DDPG, "update", update),)


def _targets_of_their_own() -> tuple[Patch, ...]:
    original = DDPG.__init__

    def begin(
        self: DDPG, obs_dim: int, action_low: Array, action_high: Array, config: Any, rng: Any
    ) -> None:
        original(self, obs_dim, action_low, action_high, config, rng)
        other = self.exploration_rng.spawn(1)[0]
        self.target_actor = Actor(obs_dim, self.action_dim, config, other)
        self.target_critic = Critic(obs_dim, self.action_dim, config, other)

    return ((DDPG, "__init__", begin),)


def _rates_swapped() -> tuple[Patch, ...]:
    original = DDPG.update

    def swap(self: DDPG) -> None:
        actor, critic = self.actor_optimizer, self.critic_optimizer
        rates = actor.learning_rate, critic.learning_rate
        critic.learning_rate, actor.learning_rate = rates

    def update(self: DDPG, batch: Batch) -> dict[str, float]:
        swap(self)
        try:
            return original(self, batch)
        finally:
            swap(self)

    return ((DDPG, "update", update),)


def _uncorrected(self: Adam, grad: Array) -> None:
    if self.decay is not None:
        grad = grad + self.decay * self.theta
    self.steps += 1
    self.first_moment += (1 - self.beta1) * (grad - self.first_moment)
    self.second_moment += (1 - self.beta2) * (grad * grad - self.second_moment)
    root = np.sqrt(self.second_moment)
    self.theta -= self.learning_rate * self.first_moment / (root + self.epsilon)


_alias = SimpleNamespace(deepcopy=lambda network: network)

BUGS = {
    "polyak-reversed": Bug(
        "θ' ← (1 − τ) θ + τ θ': the target jumps to the network and keeps only τ of itself.",
        _reversed(),
    ),
    "target-shared": Bug(
        "The target is no copy but the same object, which the Polyak step then shrinks.",
        ((agent_module, "copy", _alias),),
    ),
    "targets-apart": Bug(
        "The targets start from random numbers of their own, not as copies.",
        _targets_of_their_own(),
        "github.com/mimoralea/gdrl, pull request 14",
    ),
    "target-online": Bug(
        "y is computed with the learning networks: there are targets, and nobody asks them.",
        ((DDPG, "td_target", _online_target),),
    ),
    "target-actor-frozen": Bug(
        "The target actor is never updated.",
        _frozen_target_actor(),
        "github.com/kakaoenterprise/JORLDY, issue 120",
    ),
    "target-statistics": Bug(
        "The targets follow in θ alone: their batch norms keep the statistics of the start.",
        ((Network, "follow", _theta_alone),),
        "github.com/DLR-RM/stable-baselines3, issue 996 (in DQN)",
        NORM,
    ),
    "target-in-training-mode": Bug(
        "The targets' batch norms use the minibatch's statistics: y of a row depends on all rows.",
        ((DDPG, "td_target", _training_target),),
        "github.com/DLR-RM/stable-baselines3, pull request 553",
        NORM,
    ),
    "mask-missing": Bug(
        "y bootstraps past the end of an episode that has ended for good.",
        td_target(lambda config, batch, q: batch.reward + config.discount * q),
    ),
    "mask-flipped": Bug(
        "y bootstraps only where the episode has ended: everywhere else it is the reward alone.",
        td_target(
            lambda config, batch, q: (
                batch.reward + config.discount * np.where(batch.terminated, q, 0)
            )
        ),
    ),
    "discount-missing": Bug(
        "y = r + Q', without γ: nothing keeps the values bounded.",
        td_target(lambda config, batch, q: batch.reward + np.where(batch.terminated, 0, q)),
    ),
    "rates-swapped": Bug(
        "The actor learns at the critic's rate, and the critic at the actor's.",
        _rates_swapped(),
        settings={"actor_learning_rate": 1e-4, "critic_learning_rate": 1e-3},  # the paper's
    ),
    "adam-uncorrected": Bug(
        "Adam's averages are not corrected for their start at zero.",
        ((Adam, "step", _uncorrected),),
    ),
    "decay-on-biases": Bug(
        "Weight decay pulls on every parameter of the critic, its biases included.",
        ((Critic, "weight_mask", lambda self: np.ones(self.theta.shape, bool)),),
        "github.com/udacity/deep-reinforcement-learning, ddpg-bipedal/ddpg_agent.py",
        {"critic_weight_decay": 0.01},  # the paper's
    ),
}
