"""Chapter 10, your DDPG: the algorithm once more, on one page of plain NumPy.

N batch, S observation entries, A action entries. A network is a list [W1, b1, W2, b2, ...].
"""

from typing import Any

import numpy as np

from ...nn.layers import Array

Arrays = list[Array]


def forward(network: Arrays, x: Array) -> tuple[Array, Arrays]:
    """Run linear layers with ReLU between them; return z of the last and the input of each."""
    inputs = []
    z = x
    for i in range(0, len(network), 2):
        inputs.append(np.maximum(z, 0) if i else x)
        z = inputs[-1] @ network[i] + network[i + 1]
    return z, inputs


def backward(network: Arrays, inputs: Arrays, grad: Array) -> tuple[Array, Arrays]:
    """Given dL/dz of the last layer, return dL/dx and dL/dθ, array by array."""
    grads: Arrays = []
    for i in reversed(range(len(inputs))):
        grads = [inputs[i].T @ grad, grad.sum(axis=0), *grads]
        grad = grad @ network[2 * i].T
        if i:
            grad = grad * (inputs[i] > 0)
    return grad, grads


class OnePageDDPG:
    """DDPG (algorithm 1 of the paper) with hidden ReLU layers; the actor ends in tanh."""

    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(
        self,
        actor: Arrays,
        critic: Arrays,
        discount: float,
        tau: float,
        actor_rate: float,
        critic_rate: float,
    ):
        self.actor, self.critic = [x.copy() for x in actor], [x.copy() for x in critic]
        self.target_actor = [x.copy() for x in actor]
        self.target_critic = [x.copy() for x in critic]
        self.discount, self.tau = discount, tau
        self.rates = {"actor": actor_rate, "critic": critic_rate}
        self.moments: dict[str, list[Arrays]] = {
            "actor": [[np.zeros_like(x), np.zeros_like(x)] for x in actor],
            "critic": [[np.zeros_like(x), np.zeros_like(x)] for x in critic],
        }
        self.steps = 0

    def act(self, obs: Array) -> Array:
        return np.asarray(np.tanh(forward(self.actor, obs)[0]))

    def update(self, batch: Any) -> None:
        self.steps += 1
        self.adam("critic", self.critic, self.critic_gradient(batch, self.target(batch)))
        self.adam("actor", self.actor, self.actor_gradient(batch))
        self.follow(self.target_critic, self.critic)
        self.follow(self.target_actor, self.actor)

    def q(self, critic: Arrays, obs: Array, action: Array) -> tuple[Array, Arrays]:
        return forward(critic, np.concatenate((obs, action), axis=1))

    def target(self, batch: Any) -> Array:
        """Equation (5): y (N, 1), a constant."""
        next_action = np.tanh(forward(self.target_actor, batch.next_obs)[0])
        next_q, _ = self.q(self.target_critic, batch.next_obs, next_action)
        return np.asarray(self.bootstrap(batch, next_q))

    def bootstrap(self, batch: Any, next_q: Array) -> Array:
        going_on = 1.0 - batch.terminated[:, None]
        return np.asarray(batch.reward[:, None] + self.discount * going_on * next_q)

    def critic_gradient(self, batch: Any, y: Array) -> Arrays:
        """Equation (4)."""
        q, inputs = self.q(self.critic, batch.obs, batch.action)
        return backward(self.critic, inputs, 2 / len(q) * (q - y))[1]

    def actor_gradient(self, batch: Any) -> Arrays:
        """Equation (6), of −1/N Σ Q(s, μ(s))."""
        z, actor_inputs = forward(self.actor, batch.obs)
        action = np.tanh(z)
        _, inputs = self.q(self.critic, batch.obs, self.looked_at(batch, action))
        dq_dx, _ = backward(self.critic, inputs, np.ones((len(action), 1)))
        dq_da = self.of_action(dq_dx, action.shape[1])
        return backward(self.actor, actor_inputs, self.into_actor(dq_da, action))[1]

    def looked_at(self, batch: Any, action: Array) -> Array:
        return action

    def of_action(self, dq_dx: Array, action_dim: int) -> Array:
        return dq_dx[:, -action_dim:]

    def into_actor(self, dq_da: Array, action: Array) -> Array:
        return np.asarray(-dq_da / len(action) * (1 - action**2))

    def adam(self, name: str, network: Arrays, grads: Arrays) -> None:
        """Kingma & Ba, algorithm 1."""
        for x, grad, (mean, square) in zip(network, grads, self.moments[name], strict=True):
            mean += (1 - self.beta1) * (grad - mean)
            square += (1 - self.beta2) * (grad * grad - square)
            x -= self.rates[name] * self.step_of(mean, square)

    def step_of(self, mean: Array, square: Array) -> Array:
        mean = mean / (1 - self.beta1**self.steps)
        square = square / (1 - self.beta2**self.steps)
        return np.asarray(mean / (np.sqrt(square) + self.epsilon))

    def follow(self, target: Arrays, online: Arrays) -> None:
        """Polyak averaging."""
        for slow, fast in zip(target, online, strict=True):
            slow *= 1 - self.tau
            slow += self.tau * fast
