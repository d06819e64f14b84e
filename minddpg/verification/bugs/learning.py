"""Bugs of the networks and the two losses.

N batch, A action entries.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.networks import Actor, Critic
from ...ddpg.replay import Batch
from ...nn.layers import Array, Linear, ReLU, Tanh
from .bug import Bug, Patch

Gradients = tuple[Array, Array, Array]  # dL/dx, dL/dW and dL/db of a linear layer


def actor_loss(grad_action: Callable[[Array, Array], Array]) -> tuple[Patch, ...]:
    """Replace the actor's loss; `grad_action` makes its dL/da (N, A) of ∇a Q and the action."""

    def loss(self: DDPG, obs: Array) -> tuple[Any, Array]:
        action, actor_cache = self.actor.forward(obs, training=True)
        q, critic_cache = self.critic.forward(obs, action, training=True)
        dq_da = self.critic.action_gradient(critic_cache)
        return -q.sum() / len(obs), self.actor.backward(grad_action(dq_da, action), actor_cache)

    return ((DDPG, "actor_loss", loss),)


def critic_loss(change: Callable[[Array, Array], tuple[Any, Array]]) -> tuple[Patch, ...]:
    """Replace the critic's loss; `change` makes the loss and its dL/dq (N,) of q and y."""

    def loss(
        self: DDPG, batch: Batch, y: Array, forward: tuple[Array, Any] | None = None
    ) -> tuple[Any, Array]:
        q, cache = forward or self.critic.forward(batch.obs, batch.action, training=True)
        value, grad_q = change(q, y)
        return value, self.critic.backward(grad_q, cache)

    return ((DDPG, "critic_loss", loss),)


def linear(change: Callable[[Gradients, Array, Array], Gradients]) -> tuple[Patch, ...]:
    """Replace a linear layer's backward; `change` gets the correct gradients, dL/dz and x."""
    correct = Linear.backward

    def backward(
        self: Linear, grad_z: Array, x: Array, wrt_x: bool = True, wrt_theta: bool = True
    ) -> tuple[Any, tuple[Array, ...]]:
        grad_x, (grad_weight, grad_bias) = correct(self, grad_z, x)
        grad_x, *grads = change((grad_x, grad_weight, grad_bias), grad_z, x)
        return grad_x if wrt_x else None, tuple(grads) if wrt_theta else ()

    return ((Linear, "backward", backward),)


def _replayed_action() -> tuple[Patch, ...]:
    original = DDPG.update

    def update(self: Any, batch: Batch) -> dict[str, float]:
        self.replayed = batch.action
        return original(self, batch)

    def loss(self: Any, obs: Array) -> tuple[Any, Array]:
        action, actor_cache = self.actor.forward(obs, training=True)
        q, _ = self.critic.forward(obs, action, training=True)
        replayed = getattr(self, "replayed", action)
        replayed = replayed if len(replayed) == len(obs) else np.zeros_like(action)
        _, critic_cache = self.critic.forward(obs, replayed, training=True)
        grad = -self.critic.action_gradient(critic_cache) / len(obs)
        return -q.sum() / len(obs), self.actor.backward(grad, actor_cache)

    return (DDPG, "update", update), (DDPG, "actor_loss", loss)


def _loss_that_moves(self: DDPG, obs: Array) -> tuple[Any, Array]:
    action, actor_cache = self.actor.forward(obs, training=True)
    q, critic_cache = self.critic.forward(obs, action, training=True)
    grad = self.actor.backward(-self.critic.action_gradient(critic_cache) / len(obs), actor_cache)
    self.critic_optimizer.step(self.critic.backward(-np.ones_like(q) / len(obs), critic_cache))
    return -q.sum() / len(obs), grad


def _at_target_critic(self: DDPG, obs: Array) -> tuple[Any, Array]:
    action, actor_cache = self.actor.forward(obs, training=True)
    q, critic_cache = self.target_critic.forward(obs, action, training=True)
    grad_action = -self.target_critic.action_gradient(critic_cache) / len(obs)
    return -q.sum() / len(obs), self.actor.backward(grad_action, actor_cache)


def _without_tanh(self: Actor, grad_action: Array, cache: Any) -> Array:
    slope = 1 - cache[-1] ** 2
    _, grad = self.mlp.backward(grad_action / (slope + 1e-12), cache, wrt_x=False)
    return np.asarray(grad)


def _first_columns(self: Critic, cache: Any) -> Array:
    values, head_cache, _ = cache
    grad_joint, _ = self.head.backward(np.ones_like(values), head_cache, wrt_theta=False)
    return np.asarray(grad_joint[:, : self.action_dim])


def _broadcast(q: Array, y: Array) -> tuple[Any, Array]:
    error = q[:, None] - y[None, :]  # (N, N)
    return (error * error).mean(), 2 / len(q) * error.mean(axis=1)


def _residual_loss() -> tuple[Patch, ...]:
    original = DDPG.critic_loss

    def loss(
        self: DDPG, batch: Batch, y: Array, forward: tuple[Array, Any] | None = None
    ) -> tuple[Any, Array]:
        value, grad = original(self, batch, y, forward)
        q, _ = self.critic.forward(batch.obs, batch.action, training=True)
        next_action, _ = self.target_actor.forward(batch.next_obs)
        _, cache = self.critic.forward(batch.next_obs, next_action, training=True)
        weight = -self.config.discount * np.where(batch.terminated, 0, 2 / len(q) * (q - y))
        return value, grad + self.critic.backward(weight, cache)

    return ((DDPG, "critic_loss", loss),)


def _all_pass(
    self: ReLU, grad_y: Array, slope: Array, wrt_x: bool = True, wrt_theta: bool = True
) -> tuple[Array, tuple[()]]:
    return grad_y, ()


def _twice(
    self: Tanh, grad_y: Array, y: Array, wrt_x: bool = True, wrt_theta: bool = True
) -> tuple[Array, tuple[()]]:
    return grad_y * (1 - np.tanh(y) ** 2), ()


BUGS = {
    "actor-sign": Bug(
        "The actor descends Q instead of climbing it: the minus of −Q is missing.",
        actor_loss(lambda dq_da, action: dq_da / len(dq_da)),
    ),
    "actor-summed": Bug(
        "The actor's gradient is the batch's sum, not its mean. Adam hides the factor.",
        actor_loss(lambda dq_da, action: -dq_da),
        "github.com/IntelLabs/coach, pull request 344",
    ),
    "actor-averaged-twice": Bug(
        "The actor's gradient is divided by N twice. Adam hides that too.",
        actor_loss(lambda dq_da, action: -dq_da / len(dq_da) ** 2),
        "github.com/floodsung/DDPG, issue 2",
    ),
    "replayed-action": Bug(
        "∇a Q is taken at the action in the replay buffer, not at μ(s).", _replayed_action()
    ),
    "actor-climbs-target": Bug(
        "The actor climbs the target critic Q', which lags behind, instead of Q.",
        ((DDPG, "actor_loss", _at_target_critic),),
        "github.com/google-deepmind/acme, issue 192, proposes it (for D4PG)",
    ),
    "actor-moves-critic": Bug(
        "The actor's step also moves the critic, towards saying that every Q is high.",
        ((DDPG, "actor_loss", _loss_that_moves),),
    ),
    "actor-tanh-forgotten": Bug(
        "The chain from ∇a Q to θ^μ leaves the slope of the actor's tanh out.",
        ((Actor, "backward", _without_tanh),),
    ),
    "wrong-slice": Bug(
        "∇a Q is cut from the wrong end of [observation | action]: ∂Q/∂s goes for ∂Q/∂a.",
        ((Critic, "action_gradient", _first_columns),),
    ),
    "broadcast": Bug(
        "Q is a column (N, 1) and y a row (N,): their difference is a table (N, N).",
        critic_loss(_broadcast),
        "github.com/RLinf/RLinf, issue 1568 (in PPO)",
    ),
    "residual-gradient": Bug(
        "The target is not held constant: the gradient flows through y as well.", _residual_loss()
    ),
    "bias-averaged": Bug(
        "A layer averages its bias's gradient over the batch, where the weights' is summed.",
        linear(lambda grads, grad_z, x: (*grads[:2], grad_z.mean(axis=0))),
    ),
    "relu-slope-missing": Bug(
        "Backward passes ReLU as if it were not there.", ((ReLU, "backward", _all_pass),)
    ),
    "tanh-slope-at-output": Bug(
        "The slope of tanh is taken at its output instead of its input.",
        ((Tanh, "backward", _twice),),
    ),
}
