"""Make small agents and batches for tests; give minddpg.DDPG the interface of the course's page.

N batch, S observation entries, A action entries.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...ddpg.replay import Batch
from ...nn.adam import polyak_update
from ...nn.layers import Array
from ...verification.random_inputs import sample_batch

SETTINGS = (0.9, 0.2, 1e-3, 3e-3)  # discount, tau, actor_rate, critic_rate
SIZES = (3, 2, 7)  # S, A, N
Arrays = list[Array]


def small_agent(
    agent_class: Any,
    sizes: tuple[int, int, int] = SIZES,
    settings: Sequence[float] = SETTINGS,
    seed: int = 0,
) -> tuple[Any, Batch]:
    """Make an agent with small networks, and a batch; every third transition has terminated.

    The two targets are moved a little, so that they differ from their networks.
    """
    obs_dim, action_dim, batch_size = sizes
    rng = np.random.default_rng([seed, *sizes])
    actor = new_network((obs_dim, 6, 5, action_dim), rng)
    critic = new_network((obs_dim + action_dim, 6, 5, 1), rng)
    agent = agent_class(actor, critic, *settings)
    for network in (agent.target_actor, agent.target_critic):
        for array in network:
            array += 0.3 * rng.standard_normal(array.shape)
    return agent, sample_batch(batch_size, obs_dim, action_dim, rng)


def new_network(sizes: Sequence[int], rng: np.random.Generator) -> Arrays:
    """Draw [W1, b1, W2, b2, ...], biases included."""
    arrays = []
    for inputs, outputs in itertools.pairwise(sizes):
        arrays += [rng.normal(0, 0.7, (inputs, outputs)), rng.normal(0, 0.3, outputs)]
    return arrays


def flat(network: Sequence[Any]) -> Array:
    """Return all entries of a network's arrays as one copy (P,)."""
    return np.concatenate([np.ravel(array) for array in network]).astype(float)


class Views(list[Array]):
    """A list of views of θ; assigning an array to an entry writes it into θ."""

    def __setitem__(self, i: Any, array: Any) -> None:
        """Write numbers into the i-th view."""
        self[i][...] = array


def _network(name: str) -> Any:
    """Make a property: the arrays of a network, which are views of the package's θ."""

    def get(self: Any) -> Arrays:
        return Views(self.views[name])

    def put(self: Any, arrays: Arrays) -> None:
        for view, array in zip(self.views[name], arrays, strict=True):
            view[...] = array

    return property(get, put)


class PackageAgent:
    """minddpg.DDPG with the methods and shapes of the course's page."""

    actor, critic = _network("actor"), _network("critic")
    target_actor, target_critic = _network("target_actor"), _network("target_critic")

    def __init__(self, actor: Arrays, critic: Arrays, *settings: float):
        self.discount, self.tau, actor_rate, critic_rate = settings
        config = Config(
            hidden_sizes=tuple(len(bias) for bias in actor[1:-1:2]),
            dtype="float64",
            discount=self.discount,
            tau=self.tau,
            actor_learning_rate=actor_rate,
            critic_learning_rate=critic_rate,
        )
        obs_dim, bound = len(actor[0]), np.ones(len(actor[-1]))
        self.agent = DDPG(obs_dim, -bound, bound, config, np.random.default_rng(0))
        self.views = {}
        for name in ("actor", "critic", "target_actor", "target_critic"):
            arrays = actor if name.endswith("actor") else critic
            theta = getattr(self.agent, name).theta
            self.views[name] = split(theta, arrays)
            setattr(self, name, arrays)

    def copied(self, network: Arrays) -> Arrays:
        """Return copies of a network's arrays."""
        return [array.copy() for array in network]

    def forward(self, network: Arrays, x: Array) -> tuple[Array, Arrays]:
        """Return the last z, and the input of each layer."""
        inputs: Arrays = []
        for weight, bias in zip(network[::2], network[1::2], strict=True):
            inputs.append(x if not inputs else np.maximum(x, 0))
            x = inputs[-1] @ weight + bias
        return x, inputs

    def backward(self, network: Arrays, inputs: Arrays, grad: Array) -> tuple[Array, Arrays]:
        """Given dL/dz of the last layer, return dL/dx and the list of dL/dθ."""
        grads: Arrays = []
        for weight, x in zip(network[-2::-2], inputs[::-1], strict=True):
            grads = [np.einsum("ni,no->io", x, grad), np.einsum("no->o", grad), *grads]
            grad = np.einsum("no,io->ni", grad, weight)
            if len(grads) < len(network):
                grad = np.where(x > 0, grad, 0.0)
        return grad, grads

    def q(self, critic: Arrays, obs: Array, action: Array) -> tuple[Array, Arrays]:
        """Return Q (N, 1), and the inputs of its layers."""
        return self.forward(critic, np.hstack((obs, action)))

    def act(self, obs: Array) -> Array:
        """Return μ(s)."""
        return self.agent.act(obs)

    def td_target(self, batch: Batch) -> Array:
        """Return y (N, 1)."""
        return self.agent.td_target(batch)[:, None]

    def critic_gradient(self, batch: Batch, y: Array) -> Arrays:
        """Return the gradient of the critic's loss, array by array."""
        _, grad = self.agent.critic_loss(batch, np.reshape(y, -1))
        return split(grad.copy(), self.critic)

    def actor_gradient(self, batch: Batch) -> Arrays:
        """Return the gradient of −1/N Σ Q(s, μ(s)), array by array."""
        _, grad = self.agent.actor_loss(batch.obs)
        return split(grad.copy(), self.actor)

    def follow(self, target: Arrays, online: Arrays) -> None:
        """Move each array of a target by τ of the distance to its network."""
        for slow, fast in zip(target, online, strict=True):
            polyak_update(slow.reshape(-1), np.ravel(fast), self.tau)

    def update(self, batch: Batch) -> None:
        """Update all four networks."""
        self.agent.update(batch)


def split(theta: Array, like: Sequence[Array]) -> Arrays:
    """Return views of θ (P,) with the shapes of these arrays, one after the other."""
    ends = np.cumsum([array.size for array in like])[:-1]
    return [
        part.reshape(array.shape) for part, array in zip(np.split(theta, ends), like, strict=True)
    ]
