"""Submit the package's own code: answers to exercises that call the package.

Each answer looks up the package's function when it is called, so a planted bug affects it.
"""

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..ddpg.actions import ActionBox
from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..ddpg.networks import Network
from ..ddpg.noise import OrnsteinUhlenbeckNoise
from ..ddpg.replay import Batch, ReplayBuffer
from ..nn.adam import Adam
from ..nn.batchnorm import BatchNorm
from ..nn.layers import Array, Linear, ReLU, Tanh
from ..verification.random_inputs import sample_batch


def _agent(obs_dim: int = 1, action_dim: int = 1, **settings: Any) -> Any:
    config = Config(**{"hidden_sizes": (3,), "dtype": "float64", **settings})
    bound = np.ones(action_dim)
    return DDPG(obs_dim, -bound, bound, config, np.random.default_rng(0))


def _constant_network(value: Any) -> Any:
    """Return a stand-in for a network that returns this value for every input."""
    return SimpleNamespace(
        forward=lambda *_, **__: (value, None), backward=lambda grad, cache: grad[:, None]
    )


def linear(x: Array, weight: Array, bias: Array) -> Any:
    layer = Linear(weight, bias)
    z, cache = layer.forward(x)
    return z, (layer, cache)


def linear_backward(grad_z: Array, cache: Any) -> Any:
    layer, x = cache
    grad_x, grads = layer.backward(grad_z, x)
    return grad_x, *grads


def batchnorm(x: Array, gamma: Array, beta: Array) -> Any:
    layer = BatchNorm(gamma, beta, np.zeros_like(gamma), np.ones_like(gamma))
    y, cache = layer.forward(x, training=True)
    return y, (layer, cache)


def td_target(r: Array, terminated: Array, truncated: Array, next_q: Array, discount: float) -> Any:
    agent, n = _agent(discount=discount), len(r)
    agent.target_actor = _constant_network(np.zeros((n, 1)))
    agent.target_critic = _constant_network(next_q)
    batch = sample_batch(n, 1, 1, np.random.default_rng(0))
    return agent.td_target(batch._replace(reward=r, terminated=terminated))


def critic_loss(q: Array, y: Array) -> Any:
    agent = _agent()
    agent.critic = _constant_network(q[:, 0])
    return agent.critic_loss(sample_batch(len(q), 1, 1, np.random.default_rng(0)), y)


def actor_loss(actor: Any, critic: Any, obs: Array, replayed: Array) -> Any:
    """Return the loss and the gradient that an update gives to the actor's Adam; no θ moves."""
    agent = _agent(actor.obs_dim, actor.action_dim, tau=1.0)
    agent.actor, agent.critic = actor, critic
    agent.target_actor, agent.target_critic = copy.deepcopy((actor, critic))
    gradients: list[Array] = []
    agent.actor_optimizer = SimpleNamespace(step=gradients.append, steps=0, learning_rate=0)
    agent.critic_optimizer = SimpleNamespace(step=lambda grad: None, learning_rate=0)
    n = len(obs)
    metrics = agent.update(Batch(obs, replayed, np.zeros(n), obs, np.ones(n, bool)))
    return metrics["actor_loss"], gradients[0]


def adam_step(theta: Array, grad: Array, mean: Array, square: Array, step: int, rate: float) -> Any:
    adam = Adam(theta.copy(), rate)
    adam.first_moment[:], adam.second_moment[:], adam.steps = mean, square, step - 1
    adam.step(grad)
    return adam.theta, adam.first_moment, adam.second_moment


def polyak_update(target: Array, online: Array, tau: float) -> None:
    networks = Network(1, 1, Config()), Network(1, 1, Config())
    for network, theta in zip(networks, (target, online), strict=True):
        network.theta = theta
    networks[0].follow(networks[1], tau)


def ou_noise(action_dim: int, theta: float, sigma: float, dt: float, rng: Any) -> Any:
    return OrnsteinUhlenbeckNoise(action_dim, sigma, rng, theta, dt)


def to_env(action: Array, low: Array, high: Array) -> Any:
    return ActionBox(low, high).to_env(action)


def explore(action: Array, noise: Array) -> Any:
    agent = _agent(action_dim=action.shape[1])
    agent.actor = _constant_network(action)
    agent.noise = SimpleNamespace(sample=iter(noise).__next__)
    return agent.act(np.zeros((len(action), 1)), explore=True)


def replay_buffer(capacity: int, obs_dim: int, action_dim: int) -> ReplayBuffer:
    return ReplayBuffer(capacity, obs_dim, action_dim, "float64")


ANSWERS: dict[str, tuple[Any, ...]] = {  # by the exercise's number
    "04.1": (linear, linear_backward),
    "04.2": (lambda z: ReLU().forward(z), lambda grad, cache: ReLU().backward(grad, cache)[0]),
    "04.3": (lambda z: Tanh().forward(z), lambda grad, cache: Tanh().backward(grad, cache)[0]),
    "05.1": (td_target,),
    "05.3": (critic_loss,),
    "05.5": (adam_step,),
    "06.2": (actor_loss,),
    "07.1": (replay_buffer,),
    "08.1": (polyak_update,),
    "09.1": (ou_noise,),
    "09.3": (to_env,),
    "09.6": (explore,),
    "12.1": (batchnorm, linear_backward),
}
