"""The actor μ(s | θ^μ) and the critic Q(s, a | θ^Q): MLPs with their inputs and outputs named.

N batch, S observation entries, A action entries. Actions are in [−1, 1].
"""

from typing import Any

import numpy as np

from ..nn.layers import Array
from ..nn.mlp import MLP, parameter_count
from .config import Config


class Network:
    """What actor and critic share: one flat θ, and copies that own theirs."""

    theta: Array

    def __init__(self, obs_dim: int, action_dim: int, config: Config):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config

    def __reduce__(self) -> Any:
        """Let deepcopy and pickle rebuild the views on the copied θ, not cut them off."""
        return type(self), (self.obs_dim, self.action_dim, self.config, None, self.theta)


class Actor(Network):
    """μ: observation to action, a tanh at its end.

    Args:
        rng: draws the weights; None leaves θ as it is: zero, unless `theta` is given.
        theta: a flat vector to live in, instead of one of its own.
    """

    def __init__(
        self,
        obs_dim: int,
        action_dim: int,
        config: Config,
        rng: np.random.Generator | None = None,
        theta: Array | None = None,
    ):
        super().__init__(obs_dim, action_dim, config)
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
    """Q: observation and action to a value; the action enters at hidden layer `action_layer`.

    Two MLPs share one θ = [trunk | head]. The trunk has the layers that see the observation alone
    (none if action_layer is 0); the head maps [observation or hidden | action] to the value.

    Args: as of Actor.
    """

    def __init__(
        self,
        obs_dim: int,
        action_dim: int,
        config: Config,
        rng: np.random.Generator | None = None,
        theta: Array | None = None,
    ):
        super().__init__(obs_dim, action_dim, config)
        trunk_sizes = (obs_dim, *config.hidden_sizes[: config.action_layer])
        head_sizes = (trunk_sizes[-1] + action_dim, *config.hidden_sizes[config.action_layer :], 1)
        split = parameter_count(trunk_sizes)
        if theta is None:
            theta = np.zeros(split + parameter_count(head_sizes), config.dtype)
        self.theta = theta
        self.trunk = None
        if config.action_layer > 0:
            self.trunk = MLP(
                trunk_sizes, output="relu", rng=rng, final_layer_scale=None, theta=theta[:split]
            )
        self.head = MLP(
            head_sizes, rng=rng, final_layer_scale=config.final_layer_scale, theta=theta[split:]
        )

    def forward(self, obs: Array, action: Array) -> tuple[Array, Any]:
        """Map obs (N, S) and action (N, A) to q (N,), and the cache for either backward."""
        hidden, trunk_cache = self.trunk.forward(obs) if self.trunk else (obs, None)
        values, head_cache = self.head.forward(np.concatenate((hidden, action), axis=1))
        return values[:, 0], (values, head_cache, trunk_cache)

    def backward(self, grad_q: Array, cache: Any) -> Array:
        """Given dL/dq (N,), return dL/dθ^Q."""
        _, head_cache, trunk_cache = cache
        grad_joint, grad_head = self.head.backward(
            grad_q[:, None], head_cache, wrt_x=self.trunk is not None
        )
        if self.trunk is None:
            return np.asarray(grad_head)
        grad_hidden = grad_joint[:, : -self.action_dim]
        _, grad_trunk = self.trunk.backward(grad_hidden, trunk_cache, wrt_x=False)
        return np.concatenate((grad_trunk, grad_head))

    def weight_mask(self) -> Array:
        """True at the entries of θ that are weights, False at biases."""
        parts = [self.trunk, self.head] if self.trunk else [self.head]
        return np.concatenate([part.weight_mask() for part in parts])

    def action_gradient(self, cache: Any) -> Array:
        """Return ∇a Q (N, A), each row the slope of its own q, at the action of the forward."""
        values, head_cache, _ = cache  # the trunk sees no action: nothing flows through it
        grad_joint, _ = self.head.backward(np.ones_like(values), head_cache, wrt_theta=False)
        return np.asarray(grad_joint[:, -self.action_dim :])
