"""The actor μ(s | θ^μ) and the critic Q(s, a | θ^Q): MLPs with their inputs and outputs named.

N batch, S observation entries, A action entries. Actions are in [−1, 1].
"""

from typing import Any

import numpy as np

from ..nn.layers import Array
from ..nn.mlp import MLP, parameter_count
from .config import Config

Rng = np.random.Generator | None  # draws the weights; None leaves θ as it is
Theta = Array | None  # a flat vector to live in; None makes one of zeros


class Network:
    """What actor and critic share: copies, however made, rebuild their views on the new θ."""

    obs_dim: int
    action_dim: int
    config: Config
    theta: Array

    def __reduce__(self) -> Any:
        """Let deepcopy and process pools rebuild the views on the copied θ, not cut them off."""
        return type(self), (self.obs_dim, self.action_dim, self.config, None, self.theta)


class Actor(Network):
    """μ: one MLP from observation to action, a tanh at its end."""

    def __init__(
        self, obs_dim: int, action_dim: int, config: Config, rng: Rng = None, theta: Theta = None
    ):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config
        self.mlp = MLP(
            (obs_dim, *config.hidden_sizes, action_dim),
            output="tanh",
            rng=rng,
            dtype=config.dtype,
            final_layer_scale=config.final_layer_scale,
            theta=theta,
        )
        self.theta = self.mlp.theta

    def forward(self, obs: Array) -> tuple[Array, Any]:
        """Map obs (N, S) to action (N, A) in [−1, 1], and the cache for backward."""
        return self.mlp.forward(obs)

    def backward(self, grad_action: Array, cache: Any) -> Array:
        """Given dL/da (N, A), return dL/dθ^μ = Σ dL/da · ∇θ μ."""
        _, grad_theta = self.mlp.backward(grad_action, cache, wrt_x=False)
        return np.asarray(grad_theta)


class Critic(Network):
    """Q: two MLPs on one θ = [trunk | head], from observation and action to a value.

    The action enters at hidden layer `action_layer`. The trunk is the layers before it, which see
    the observation alone (no layer, if it enters at the first); the head maps
    [observation or hidden | action] to the value.
    """

    def __init__(
        self, obs_dim: int, action_dim: int, config: Config, rng: Rng = None, theta: Theta = None
    ):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config
        trunk = (obs_dim, *config.hidden_sizes[: config.action_layer])
        head = (trunk[-1] + action_dim, *config.hidden_sizes[config.action_layer :], 1)
        split = parameter_count(trunk)
        count, scale = split + parameter_count(head), config.final_layer_scale
        self.theta = np.zeros(count, config.dtype) if theta is None else theta
        trunk_theta, head_theta = self.theta[:split], self.theta[split:]
        self.trunk = MLP(trunk, output="relu", rng=rng, final_layer_scale=None, theta=trunk_theta)
        self.head = MLP(head, rng=rng, final_layer_scale=scale, theta=head_theta)

    def forward(self, obs: Array, action: Array) -> tuple[Array, Any]:
        """Map obs (N, S) and action (N, A) to q (N,), and the cache for either backward."""
        hidden, trunk_cache = self.trunk.forward(obs)
        values, head_cache = self.head.forward(np.concatenate((hidden, action), axis=1))
        return values[:, 0], (values, head_cache, trunk_cache)

    def backward(self, grad_q: Array, cache: Any) -> Array:
        """Given dL/dq (N,), return dL/dθ^Q."""
        _, head_cache, trunk_cache = cache
        columns = slice(-self.action_dim) if self.trunk.layers else False  # of the hidden units
        grad_hidden, grad_head = self.head.backward(grad_q[:, None], head_cache, wrt_x=columns)
        _, grad_trunk = self.trunk.backward(grad_hidden, trunk_cache, wrt_x=False)
        return np.concatenate((grad_trunk, grad_head))

    def action_gradient(self, cache: Any) -> Array:
        """Return ∇a Q (N, A), each row the slope of its own q, at the action of the forward."""
        values, head_cache, _ = cache  # the trunk sees no action: nothing flows through it
        columns, ones = slice(-self.action_dim, None), np.ones_like(values)  # of the action
        dq_da, _ = self.head.backward(ones, head_cache, wrt_x=columns, wrt_theta=False)
        return np.asarray(dq_da)

    def weight_mask(self) -> Array:
        """True at the entries of θ that are weights, False at biases."""
        return np.concatenate((self.trunk.weight_mask(), self.head.weight_mask()))
