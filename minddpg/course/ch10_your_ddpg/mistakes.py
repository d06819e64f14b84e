"""Chapter 10, your DDPG: the one-page agent with one thing wrong."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from .one_page import Arrays, OnePageDDPG, backward, forward


def but(**methods: Any) -> Any:
    """The agent of one page with methods of its replaced: a mistake."""
    return type("Mistaken", (OnePageDDPG,), methods)


class SharedTargets(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.target_actor, self.target_critic = self.actor, self.critic


class TargetsTheSame(SharedTargets):
    def follow(self, target: Arrays, online: Arrays) -> None:
        """Leave both as they are, as target = τ θ + (1 − τ) θ does."""


class SharedUntilFollowed(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.target_actor, self.target_critic = list(self.actor), list(self.critic)

    def follow(self, target: Arrays, online: Arrays) -> None:
        target[:] = [
            (1 - self.tau) * slow + self.tau * fast
            for slow, fast in zip(target, online, strict=True)
        ]


class NotCopied(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.actor, self.critic = start[:2]


class SwappedRates(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.rates = {"actor": self.rates["critic"], "critic": self.rates["actor"]}


def scaled(self: Any, batch: Any, y: Array, factor: float) -> Any:
    return [factor * grad for grad in OnePageDDPG.critic_gradient(self, batch, y)]


def table(self: Any, batch: Any, y: Array) -> Any:
    q, inputs = self.q(self.critic, batch.obs, batch.action)
    error = (q - y[:, 0]).mean(axis=1, keepdims=True)
    return backward(self.critic, inputs, 2 / len(q) * error)[1]


def moving_critic(self: Any, batch: Any) -> Any:
    q, inputs = self.q(self.critic, batch.obs, self.act(batch.obs))
    _, grads = backward(self.critic, inputs, -np.ones_like(q) / len(q))
    found = OnePageDDPG.actor_gradient(self, batch)
    self.adam("critic", self.critic, grads)
    return found


def online_target(self: Any, batch: Any) -> Any:
    next_q, _ = self.q(self.critic, batch.next_obs, self.act(batch.next_obs))
    return self.bootstrap(batch, next_q)


def no_correction(self: Any, mean: Array, square: Array) -> Any:
    return mean / (np.sqrt(square) + self.epsilon)


def one_count(self: Any, name: str, network: Arrays, grads: Arrays) -> None:
    """Count both networks' steps together."""
    updates = self.steps
    self.steps = 2 * updates - (name == "critic")
    OnePageDDPG.adam(self, name, network, grads)
    self.steps = updates


def polyak_reversed(self: Any, target: Arrays, online: Arrays) -> None:
    for slow, fast in zip(target, online, strict=True):
        slow[:] = (1 - self.tau) * fast + self.tau * slow


def critic_alone(self: Any, target: Arrays, online: Arrays) -> None:
    if target is self.target_critic:
        OnePageDDPG.follow(self, target, online)


def residual(self: Any, batch: Any, y: Array) -> Any:
    grads = OnePageDDPG.critic_gradient(self, batch, y)
    q, _ = self.q(self.critic, batch.obs, batch.action)
    next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
    _, inputs = self.q(self.critic, batch.next_obs, next_action)
    upstream = 2 / len(q) * (y - q) * self.discount * (1.0 - batch.terminated[:, None])
    through_y = backward(self.critic, inputs, upstream)[1]
    return [grad + more for grad, more in zip(grads, through_y, strict=True)]


def actor_first(self: Any, batch: Any) -> None:
    self.steps += 1
    self.adam("actor", self.actor, self.actor_gradient(batch))
    self.adam("critic", self.critic, self.critic_gradient(batch, self.target(batch)))
    self.follow(self.target_critic, self.critic)
    self.follow(self.target_actor, self.actor)


def follow_first(self: Any, batch: Any) -> None:
    self.follow(self.target_critic, self.critic)
    self.follow(self.target_actor, self.actor)
    self.steps += 1
    self.adam("critic", self.critic, self.critic_gradient(batch, self.target(batch)))
    self.adam("actor", self.actor, self.actor_gradient(batch))


def unsquashed(self: Any, batch: Any) -> Any:
    next_action, _ = forward(self.target_actor, batch.next_obs)
    return self.bootstrap(batch, self.q(self.target_critic, batch.next_obs, next_action)[0])


def rooted(self: Any, mean: Array, square: Array) -> Any:
    mean, square = mean / (1 - self.beta1**self.steps), square / (1 - self.beta2**self.steps)
    return mean / np.sqrt(square + self.epsilon)
