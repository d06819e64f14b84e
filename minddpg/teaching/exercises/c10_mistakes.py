"""Chapter 10, your DDPG: the one-page agent with one thing wrong."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..checking.exercise import Row
from .c10_one_page import Arrays, OnePageDDPG, backward, forward


def _but(**methods: Any) -> Any:
    """The agent of one page with methods of its replaced: a mistake."""
    return type("Mistaken", (OnePageDDPG,), methods)


class _SharedTargets(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.target_actor, self.target_critic = self.actor, self.critic


class _SwappedRates(OnePageDDPG):
    def __init__(self, *start: Any):
        super().__init__(*start)
        self.rates = {"actor": self.rates["critic"], "critic": self.rates["actor"]}


def _halved(self: Any, batch: Any, y: Array) -> Any:
    return [grad / 2 for grad in OnePageDDPG.critic_gradient(self, batch, y)]


def _table(self: Any, batch: Any, y: Array) -> Any:
    q, inputs = self.q(self.critic, batch.obs, batch.action)
    error = (q - y[:, 0]).mean(axis=1, keepdims=True)
    return backward(self.critic, inputs, 2 / len(q) * error)[1]


def _moving_critic(self: Any, batch: Any) -> Any:
    q, inputs = self.q(self.critic, batch.obs, self.act(batch.obs))
    _, grads = backward(self.critic, inputs, -np.ones_like(q) / len(q))
    found = OnePageDDPG.actor_gradient(self, batch)
    self.adam("critic", self.critic, grads)
    return found


def _online_target(self: Any, batch: Any) -> Any:
    next_q, _ = self.q(self.critic, batch.next_obs, self.act(batch.next_obs))
    return self.bootstrap(batch, next_q)


def _no_correction(self: Any, mean: Array, square: Array) -> Any:
    return mean / (np.sqrt(square) + self.epsilon)


def _reversed(self: Any, target: Arrays, online: Arrays) -> None:
    for slow, fast in zip(target, online, strict=True):
        slow[:] = (1 - self.tau) * fast + self.tau * slow


def _critic_alone(self: Any, target: Arrays, online: Arrays) -> None:
    if target is self.target_critic:
        OnePageDDPG.follow(self, target, online)


def _residual(self: Any, batch: Any, y: Array) -> Any:
    grads = OnePageDDPG.critic_gradient(self, batch, y)
    q, _ = self.q(self.critic, batch.obs, batch.action)
    next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
    _, inputs = self.q(self.critic, batch.next_obs, next_action)
    upstream = 2 / len(q) * (y - q) * self.discount * (1.0 - batch.terminated[:, None])
    through_y = backward(self.critic, inputs, upstream)[1]
    return [grad + more for grad, more in zip(grads, through_y, strict=True)]


def _actor_first(self: Any, batch: Any) -> None:
    self.steps += 1
    self.adam("actor", self.actor, self.actor_gradient(batch))
    self.adam("critic", self.critic, self.critic_gradient(batch, self.target(batch)))
    self.follow(self.target_critic, self.critic)
    self.follow(self.target_actor, self.actor)


HIDDEN_BY_ADAM = "Adam hides a factor, until gradients come near its ε."
ROWS = (
    Row(
        "sign flipped",
        (_but(into_actor=lambda self, g, a: g / len(a) * (1 - a**2)),),
        "The actor descends Q. Its loss is −Q: climb.",
    ),
    Row("factor N", (_but(into_actor=lambda self, g, a: -g * (1 - a**2)),), HIDDEN_BY_ADAM),
    Row(
        "factor 1/N",
        (_but(into_actor=lambda self, g, a: -g / len(a) ** 2 * (1 - a**2)),),
        HIDDEN_BY_ADAM,
    ),
    Row(
        "factor 1/2 in the critic's gradient",
        (
            _but(
                critic_gradient=lambda s, b, y: [
                    x / 2 for x in OnePageDDPG.critic_gradient(s, b, y)
                ]
            ),
        ),
        "The square's 2 is missing. " + HIDDEN_BY_ADAM,
    ),
    Row("slope missing", (_but(into_actor=lambda self, g, a: -g / len(a)),)),
    Row(
        "gradient at the replayed action",
        (_but(looked_at=lambda self, batch, action: batch.action),),
        "∇a Q is taken at the action in the buffer. Take it at μ(s).",
    ),
    Row(
        "slice of the wrong input",
        (_but(of_action=lambda self, dq_dx, action_dim: dq_dx[:, :action_dim]),),
        "∂Q/∂s goes for ∂Q/∂a: the action's columns come last.",
    ),
    Row(
        "the actor's step moves the critic",
        (_but(actor_gradient=_moving_critic),),
        "The gradient passes through the critic, and should leave its θ alone.",
    ),
    Row(
        "actor before critic",
        (_but(update=_actor_first),),
        "Algorithm 1 improves the critic first.",
    ),
    Row(
        "mask flipped",
        (
            _but(
                bootstrap=lambda s, b, q: b.reward[:, None] + s.discount * b.terminated[:, None] * q
            ),
        ),
        "y bootstraps where the episode has ended, and nowhere else.",
    ),
    Row("(B, B) broadcast", (_but(critic_gradient=_table),)),
    Row(
        "terminated ignored",
        (_but(bootstrap=lambda s, b, q: b.reward[:, None] + s.discount * q),),
        "y bootstraps past the end.",
    ),
    Row(
        "discount missing",
        (_but(bootstrap=lambda s, b, q: b.reward[:, None] + (1 - b.terminated[:, None]) * q),),
        "γ is not in y.",
    ),
    Row("target networks not asked", (_but(target=_online_target),), "y needs μ' and Q'."),
    Row(
        "target not held constant",
        (_but(critic_gradient=_residual),),
        "The gradient flows through y as well. y is a number.",
    ),
    Row("no bias correction", (_but(step_of=_no_correction),), "Adam's averages start at zero."),
    Row("learning rates swapped", (_SwappedRates,), "Each network moves at the other's rate."),
    Row("Polyak reversed", (_but(follow=_reversed),), "The target keeps only τ of itself."),
    Row(
        "target actor not updated",
        (_but(follow=_critic_alone),),
        "Both targets follow their networks.",
    ),
    Row("aliasing", (_SharedTargets,), "The targets are the networks themselves. Copy the arrays."),
)
