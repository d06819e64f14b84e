"""The actor μ(s | θ^μ) and the critic Q(s, a | θ^Q): MLPs with their inputs and outputs named.

N batch, S observation entries, A action entries. Actions are in [−1, 1].
"""

from typing import Any

import numpy as np
from numpy.random import Generator

from ..nn.layers import Array
from ..nn.mlp import MLP, Flat, parameter_count
from .config import Config

Rng = Generator | None  # draws the weights; None leaves θ as it is


class Network:
    """What actor and critic share.

    Each lives in one vector `theta`, and its batch norms in `statistics`, (0,) if there are none.
    """

    def __reduce__(self: Any) -> Any:
        """Let deepcopy and process pools rebuild the views on the copied θ, not cut them off."""
        shape = self.obs_dim, self.action_dim, self.config
        return type(self), (*shape, None, (self.theta, self.statistics))


class Actor(Network):
    """μ: one MLP from observation to action, a tanh at its end.

    Attributes:
        theta: the live parameters: writing into it changes the network.
        statistics: what batch norms measured, (0,) without any.
    """

    def __init__(
        self, obs_dim: int, action_dim: int, config: Config, rng: Rng = None, flat: Flat = None
    ):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config
        self.mlp = MLP(
            (obs_dim, *config.hidden_sizes, action_dim),
            output="tanh",
            rng=rng,
            dtype=config.dtype,
            final_layer_scale=config.final_layer_scale,
            batch_norm=config.batch_norm,
            flat=flat,
        )
        self.theta, self.statistics = self.mlp.theta, self.mlp.statistics

    def forward(self, obs: Array, training: bool = False) -> tuple[Array, Any]:
        """Map obs (N, S) to action (N, A) in [−1, 1], and the cache for backward."""
        return self.mlp.forward(obs, training)

    def backward(self, grad_action: Array, cache: Any) -> Array:
        """Given dL/da (N, A), return dL/dθ^μ = Σ dL/da · ∇θ μ."""
        _, grad_theta = self.mlp.backward(grad_action, cache, wrt_x=False)
        return np.asarray(grad_theta)


class Critic(Network):
    """Q: two MLPs on one θ = [trunk | head], from observation and action to a value.

    The action enters at hidden layer `action_layer`. The trunk is the layers before it, which see
    the observation alone (no layer, if it enters at the first); the head maps
    [observation or hidden | action] to the value.

    Attributes:
        theta: the live parameters: writing into it changes the network.
        statistics: what batch norms measured, (0,) without any.
    """

    def __init__(
        self, obs_dim: int, action_dim: int, config: Config, rng: Rng = None, flat: Flat = None
    ):
        self.obs_dim, self.action_dim, self.config = obs_dim, action_dim, config
        trunk = (obs_dim, *config.hidden_sizes[: config.action_layer])
        head = (trunk[-1] + action_dim, *config.hidden_sizes[config.action_layer :], 1)
        norm, scale = config.batch_norm, config.final_layer_scale
        split = parameter_count(trunk, norm)
        count = split + parameter_count(head)
        self.theta, statistics = flat or (np.zeros(count, config.dtype), None)
        below, above = (self.theta[:split], statistics), (self.theta[split:], None)
        options: Any = {"output": "relu", "final_layer_scale": None, "batch_norm": norm}
        self.trunk = MLP(trunk, rng=rng, **options, flat=below)
        self.head = MLP(head, rng=rng, final_layer_scale=scale, flat=above)
        self.statistics = self.trunk.statistics

    def forward(self, obs: Array, action: Array, training: bool = False) -> tuple[Array, Any]:
        """Map obs (N, S) and action (N, A) to q (N,), and the cache for either backward."""
        hidden, trunk_cache = self.trunk.forward(obs, training)
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
