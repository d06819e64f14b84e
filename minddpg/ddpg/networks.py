"""The actor μ(s | θ^μ) and the critic Q(s, a | θ^Q): MLPs with their inputs and outputs named.

N batch, S observation entries, A action entries. Actions are in [−1, 1].
"""

from typing import Any, Self

import numpy as np
from numpy.random import Generator

from ..nn.adam import polyak_update
from ..nn.layers import Array, Linear
from ..nn.mlp import MLP, backward_through, parameter_count
from .config import Config

Rng = Generator | None  # draws the weights; None leaves θ as it is: zero, unless it is given
Vector = Array | None  # to use as θ or statistics; None makes a new one


class Network:
    """The base of the actor and the critic.

    Attributes:
        theta: the live parameters, one vector: writing into it changes the network.
        statistics: the running statistics of the batch norms, (0,) without any.
    """

    theta: Array
    statistics: Array

    def __init__(self, obs_dim: int, action_dim: int, config: Config):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config

    def __repr__(self) -> str:
        what = f"S = {self.obs_dim}, A = {self.action_dim}, hidden {self.config.hidden_sizes}"
        size = f"{self.theta.size:,} parameters, {self.theta.dtype}"
        return f"<{type(self).__name__}: {what}, {size}>"

    def follow(self, online: Self, tau: float) -> None:
        """Move τ of the way to a network of this kind:  θ' ← τ θ + (1 − τ) θ'  (algorithm 1)."""
        polyak_update(self.theta, online.theta, tau)
        if self.config.batch_norm:
            polyak_update(self.statistics, online.statistics, tau)

    def __reduce__(self) -> Any:
        """Make deepcopy and process pools rebuild the views on the copied θ."""
        sizes = self.obs_dim, self.action_dim, self.config
        return type(self), (*sizes, None, self.theta, self.statistics)


class Actor(Network):
    """μ: one MLP from observation to action, with a tanh at its end."""

    def __init__(
        self,
        obs_dim: int,
        action_dim: int,
        config: Config,
        rng: Rng = None,
        theta: Vector = None,
        statistics: Vector = None,
    ):
        super().__init__(obs_dim, action_dim, config)
        self.mlp = MLP(
            (obs_dim, *config.hidden_sizes, action_dim),
            output="tanh",
            rng=rng,
            dtype=config.dtype,
            final_layer_scale=config.final_layer_scale,
            batch_norm=config.batch_norm,
            theta=theta,
            statistics=statistics,
        )
        self.theta, self.statistics = self.mlp.theta, self.mlp.statistics

    def forward(self, obs: Array, training: bool = False) -> tuple[Array, Any]:
        """Map obs (N, S) to action (N, A) in [−1, 1], and the cache for backward."""
        return self.mlp.forward(obs, training)

    def backward(self, grad_action: Array, cache: Any) -> Array:
        """Given dL/da (N, A), return dL/dθ^μ = Σ dL/da · ∇θ μ."""
        grad_theta: Array
        _, grad_theta = self.mlp.backward(grad_action, cache, wrt_x=False)
        return grad_theta

    def update_running_statistics(self, obs: Array) -> None:
        """Move the running statistics towards those of a batch obs (N, S)."""
        self.mlp.update_running_statistics(obs)


class Critic(Network):
    """Q: two MLPs on one θ = [trunk | head], from observation and action to a value.

    The action enters at hidden layer `action_layer`. The trunk is the layers before it, which see
    the observation alone (none, if the action enters at the first layer); the head maps
    [observation or hidden | action] to the value.
    """

    def __init__(
        self,
        obs_dim: int,
        action_dim: int,
        config: Config,
        rng: Rng = None,
        theta: Vector = None,
        statistics: Vector = None,
    ):
        super().__init__(obs_dim, action_dim, config)
        trunk = (obs_dim, *config.hidden_sizes[: config.action_layer])
        head = (trunk[-1] + action_dim, *config.hidden_sizes[config.action_layer :], 1)
        split = parameter_count(trunk, config.batch_norm)
        if theta is None:
            theta = np.zeros(split + parameter_count(head), config.dtype)
        self.trunk = MLP(
            trunk,
            output="relu",
            rng=rng,
            final_layer_scale=None,  # the trunk's last layer is a hidden one
            batch_norm=config.batch_norm,
            theta=theta[:split],
            statistics=statistics,
        )
        scale = config.final_layer_scale
        self.head = MLP(head, rng=rng, final_layer_scale=scale, theta=theta[split:])
        self.theta, self.statistics = theta, self.trunk.statistics

    def forward(self, obs: Array, action: Array, training: bool = False) -> tuple[Array, Any]:
        """Map obs (N, S) and action (N, A) to q (N,), and the cache for either backward."""
        hidden, trunk_cache = self.trunk.forward(obs, training)
        values, head_cache = self.head.forward(np.concatenate((hidden, action), axis=1))
        return values[:, 0], (values, head_cache, trunk_cache)

    def backward(self, grad_q: Array, cache: Any) -> Array:
        """Given dL/dq (N,), return dL/dθ^Q."""
        _, head_cache, trunk_cache = cache
        has_trunk = bool(self.trunk.layers)
        grad_theta: Array
        grad_joint, grad_theta = self.head.backward(grad_q[:, None], head_cache, wrt_x=has_trunk)
        if has_trunk:
            grad_hidden = grad_joint[:, : -self.action_dim]
            _, grad_trunk = self.trunk.backward(grad_hidden, trunk_cache, wrt_x=False)
            grad_theta = np.concatenate((grad_trunk, grad_theta))
        return grad_theta

    def action_gradient(self, cache: Any) -> Array:
        """Return ∇a Q (N, A), each row the gradient of its q, at the action of the forward pass.

        The backward pass ends at the action: it needs only the action's rows of the head's first
        weight. The trunk does not see the action, so no gradient flows through it.
        """
        values, head_cache, _ = cache
        weight, bias = self.head.linears[0]
        layers = [Linear(weight[-self.action_dim :], bias), *self.head.layers[1:]]
        dq_da: Array
        # the cached inputs have other sizes, but are not read, since wrt_theta is False
        dq_da, _ = backward_through(layers, np.ones_like(values), head_cache, wrt_theta=False)
        return dq_da

    def update_running_statistics(self, obs: Array) -> None:
        """Move the running statistics towards those of a batch obs (N, S)."""
        self.trunk.update_running_statistics(obs)

    def weight_mask(self) -> Array:
        """Return a mask of θ, true at weights, false at biases."""
        return np.concatenate((self.trunk.weight_mask(), self.head.weight_mask()))
