"""The update's rounding is fixed: all published results were computed with it.

This file contains a second implementation of one DDPG update, with the order of operations that
produced the results in docs/results. The package must agree with it to the last bit on any machine.
"""

import copy
import math
from itertools import pairwise

import numpy as np
import pytest

from minddpg import DDPG, Batch, Config

N, S, A = 16, 3, 2


class Net:
    """ReLU layers on a flat vector, as lists of weights and biases; the output is linear."""

    def __init__(self, theta, sizes):
        self.theta, self.sizes, self.parts = theta, sizes, []
        start = 0
        for i, o in pairwise(sizes):
            weight = theta[start : start + i * o].reshape(i, o)
            self.parts.append((weight, theta[start + i * o : start + i * o + o]))
            start += i * o + o

    def forward(self, x):
        inputs, slopes = [], []
        for k, (weight, bias) in enumerate(self.parts):
            inputs.append(x)
            x = x @ weight + bias
            if k < len(self.parts) - 1:
                slopes.append((x > 0).astype(x.dtype))
                x = x * slopes[-1]
        return x, (inputs, slopes)

    def backward(self, grad, cache, columns=slice(None)):
        """Return the gradient in these columns of the input, and that in θ."""
        inputs, slopes = cache
        grads = []
        for k in reversed(range(len(self.parts))):
            grads = [inputs[k].T @ grad, grad.sum(axis=0), *grads]
            weight = self.parts[k][0][columns] if k == 0 else self.parts[k][0]
            grad = grad * weight.T if weight.shape[1] == 1 else grad @ weight.T
            if k:
                grad = grad * slopes[k - 1]
        return grad, np.concatenate(grads, axis=None)


class Moments:
    def __init__(self, theta, rate):
        self.theta, self.rate, self.t = theta, rate, 0
        self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)

    def step(self, grad):
        self.t += 1
        self.m *= 0.9
        self.m += grad * (1 - 0.9)
        self.v *= 0.999
        self.v += grad * grad * (1 - 0.999)
        root = math.sqrt(1 - 0.999**self.t)
        term = np.sqrt(self.v)
        term += 1e-8 * root
        term = self.m / term
        term *= self.rate * root / (1 - 0.9**self.t)
        self.theta -= term


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_update_has_the_bits_of_the_published_results(dtype, rng):
    config = Config(hidden_sizes=(64, 32), dtype=dtype, tau=0.02, final_layer_scale=0.3)
    agent = DDPG(S, -np.ones(A), np.ones(A), config, rng)
    twin = copy.deepcopy(agent)
    actor, target_actor = (Net(n.theta, (S, 64, 32, A)) for n in (twin.actor, twin.target_actor))
    critic = Net(twin.critic.theta, (S + A, 64, 32, 1))
    target_critic = Net(twin.target_critic.theta, (S + A, 64, 32, 1))
    adam_actor, adam_critic = Moments(actor.theta, 1e-3), Moments(critic.theta, 2e-3)
    for _ in range(30):
        obs, next_obs = rng.standard_normal((2, N, S)).astype(dtype)
        action = rng.uniform(-1, 1, (N, A)).astype(dtype)
        reward, terminated = rng.standard_normal(N).astype(dtype), rng.random(N) < 0.2
        agent.update(Batch(obs, action, reward, next_obs, terminated))

        next_action = np.tanh(target_actor.forward(next_obs)[0])
        next_q = target_critic.forward(np.concatenate((next_obs, next_action), axis=1))[0][:, 0]
        y = reward + 0.99 * np.where(terminated, 0, next_q)
        q, cache = critic.forward(np.concatenate((obs, action), axis=1))
        error = q[:, 0] - y
        adam_critic.step(critic.backward((2 / N * error)[:, None], cache)[1])
        z, actor_cache = actor.forward(obs)
        mu = np.tanh(z)
        values, cache = critic.forward(np.concatenate((obs, mu), axis=1))
        dq_da, _ = critic.backward(np.ones_like(values), cache, slice(-A, None))
        adam_actor.step(actor.backward(-dq_da / N * (1 - mu * mu), actor_cache)[1])
        for target, online in ((target_critic, critic), (target_actor, actor)):
            target.theta *= 1 - 0.02
            target.theta += 0.02 * online.theta
    for name in ("actor", "critic", "target_actor", "target_critic"):
        found, expected = getattr(agent, name).theta, getattr(twin, name).theta
        assert found.tobytes() == expected.tobytes(), name
