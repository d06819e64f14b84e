"""Functions for a judge of actor losses: correct ones, and wrong ones with one bug each.

All have the signature of exercise 06.2.  N batch, A action entries, P parameters of the actor.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ddpg.networks import Actor, Critic
from ...nn.layers import Array

Loss = Callable[[Actor, Critic, Array, Array], tuple[Any, Any]]


def correct(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return  −1/N Σ Q(s, μ(s))  and its gradient."""
    action, actor_cache = actor.forward(obs)
    q, critic_cache = critic.forward(obs, action)
    grad_action = -critic.action_gradient(critic_cache) / len(obs)
    return -q.mean(), actor.backward(grad_action, actor_cache)


def one_by_one(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return the same as `correct`, from one example at a time."""
    parts = [correct(actor, critic, obs[i : i + 1], replayed) for i in range(len(obs))]
    losses, grads = zip(*parts, strict=True)
    # another order of sums changes the last digits on some machines; the factor does so on all
    return np.mean(losses) * (1 + 1e-14), np.mean(grads, axis=0)


def sign(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Drop the minus of the gradient."""
    loss, grad = correct(actor, critic, obs, replayed)
    return loss, -grad


def mean_twice(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Divide the gradient by N once more."""
    loss, grad = correct(actor, critic, obs, replayed)
    return loss, grad / len(obs)


def replayed(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Take ∇a Q at the replayed action."""
    loss, _ = correct(actor, critic, obs, replayed)
    _, actor_cache = actor.forward(obs)
    _, critic_cache = critic.forward(obs, replayed)
    grad_action = -critic.action_gradient(critic_cache) / len(obs)
    return loss, actor.backward(grad_action, actor_cache)


def detached(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return a gradient of zeros, which a graph that is cut at the action gives."""
    loss, grad = correct(actor, critic, obs, replayed)
    return loss, 0 * grad


def _with(change: Callable[[Array], Array]) -> Loss:
    """Return a loss with a changed gradient; `change` maps the gradient, scaled to length 1."""

    def loss(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
        loss, grad = correct(actor, critic, obs, replayed)
        length = np.linalg.norm(grad)
        return loss, length * change(grad / length)

    return loss


def _shifted(*shifts: tuple[int, float]) -> Loss:
    """Return a loss with errors in single entries: (place, error) each."""

    def change(grad: Array) -> Array:
        for place, error in shifts:
            grad[place] += error
        return grad

    return _with(change)


def _right_at(place: int) -> Loss:
    """Return a loss with a gradient that is right in one entry only."""

    def change(grad: Array) -> Array:
        return np.where(np.arange(grad.size) == place % grad.size, grad, grad + 0.1)

    return _with(change)


def not_a_number(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return a gradient of NaN."""
    loss, grad = correct(actor, critic, obs, replayed)
    return loss, np.nan * grad


def q_is_descended(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return +1/N Σ Q(s, μ(s)) and its gradient, which fit each other."""
    loss, grad = correct(actor, critic, obs, replayed)
    return -loss, -grad


def sum_of_q(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return −Σ Q(s, μ(s)) and its gradient, which fit each other."""
    loss, grad = correct(actor, critic, obs, replayed)
    return len(obs) * loss, len(obs) * grad


def of_the_replay(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Return −1/N Σ Q(s, a) of the replayed actions, whose gradient in θ^μ is 0."""
    q, _ = critic.forward(obs, replayed)
    return -q.mean(), np.zeros_like(actor.theta)


def loss_of_the_replay(
    actor: Actor, critic: Critic, obs: Array, replayed: Array
) -> tuple[Any, Any]:
    """Return the correct gradient, with the loss of the replayed actions."""
    return (
        of_the_replay(actor, critic, obs, replayed)[0],
        correct(actor, critic, obs, replayed)[1],
    )


def loss_without_minus(
    actor: Actor, critic: Critic, obs: Array, replayed: Array
) -> tuple[Any, Any]:
    """Return the correct gradient, with the mean of Q for a loss."""
    loss, grad = correct(actor, critic, obs, replayed)
    return -loss, grad


def critic_moves(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Let the critic descend the same loss, after the correct result has been computed."""
    result = correct(actor, critic, obs, replayed)
    q, cache = critic.forward(obs, actor.forward(obs)[0])
    critic.theta -= 1e-3 * critic.backward(-np.ones_like(q) / len(q), cache)
    return result


def critic_rescaled(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Change θ^Q after the correct result has been computed, so that Q stays what it was."""
    result = correct(actor, critic, obs, replayed)
    layers: list[Any] = critic.head.layers
    first, second = layers[0], layers[-1]
    first.weight[:] *= 2  # the ReLU keeps the factor 2
    first.bias[:] *= 2
    second.weight[:] /= 2
    return result


def actor_moves(actor: Actor, critic: Critic, obs: Array, replayed: Array) -> tuple[Any, Any]:
    """Take the actor's step, which only the optimiser should take."""
    loss, grad = correct(actor, critic, obs, replayed)
    actor.theta -= 1e-3 * grad
    return loss, grad


GROUPS: dict[str, tuple[bool, dict[str, Loss]]] = {  # True: to be accepted
    "correct losses": (True, {"for the whole batch": correct, "one by one": one_by_one}),
    "wrong gradients": (
        False,
        {
            "the sign of the gradient": sign,
            "1/N twice": mean_twice,
            "∇a Q at the replayed action": replayed,
            "a gradient of zeros": detached,
            "one entry too high": _shifted((7, 0.011)),
            "one entry too low": _shifted((7, -0.011)),
            "two errors that cancel": _shifted((6, 0.011), (8, -0.011)),
            "too long by 2 %": _with(lambda grad: 1.02 * grad),
            "right in the first entry only": _right_at(0),
            "right in the last entry only": _right_at(-1),
        },
    ),
    "NaN": (False, {"a gradient of NaN": not_a_number}),
    "wrong losses with their own gradients": (
        False,
        {"+Q": q_is_descended, "the sum": sum_of_q, "Q at replayed actions": of_the_replay},
    ),
    "wrong losses, correct gradients": (
        False,
        {"Q at replayed actions": loss_of_the_replay, "+Q": loss_without_minus},
    ),
    "critic moved": (False, {"θ^Q changed": critic_rescaled}),
    "actor moved": (False, {"θ^μ changed": actor_moves}),
}
BROKEN: dict[str, Loss] = {  # of the chapter's "Break it"
    "correct": correct,
    "sign": sign,
    "critic": critic_moves,
    "replayed": replayed,
}
