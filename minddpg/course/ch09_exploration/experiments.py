"""Parts of chapter 09's experiments: critics and their slopes, the car, a saturated actor.

N batch, S observation entries, A action entries.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from ...ddpg.noise import GaussianNoise, OrnsteinUhlenbeckNoise
from ...nn import MLP, Adam
from ...nn.layers import Array

MU = -0.3  # the action that the actor takes in the one state of the first experiment
STATES, OBS_DIM, ACTION_DIM = 256, 8, 6  # of the saturated actor
UPDATES = 600


def true_q(action: Array) -> Array:
    """Return the true Q of actions in one state; it is highest at 0.4."""
    q: Array = 0.5 - 1.5 * (action - 0.4) ** 2
    return q


def taught(action: Array, seed: int) -> MLP:
    """Train a critic on true_q at these actions (N,), from random weights."""
    rng = np.random.default_rng(seed)
    critic = MLP((1, 32, 32, 1), hidden="tanh", rng=rng, final_layer_scale=None)
    adam = Adam(critic.theta, 3e-3)
    for _ in range(400):
        q, cache = critic.forward(action[:, None])
        grad_q = 2 * (q - true_q(action)[:, None]) / len(action)
        adam.step(critic.backward(grad_q, cache)[1])
    return critic


def slope(critic: MLP, action: float) -> float:
    """Return dQ/da of a critic at an action."""
    _, cache = critic.forward(np.array([[action]]))
    gradient: Array = critic.backward(np.ones((1, 1)), cache, wrt_theta=False)[0]
    return float(gradient.item())


def drive(env: Any, noise: Any, to_env: Callable[..., Any], seed: int) -> list[float]:
    """Drive the car by noise alone, with an actor that returns 0; return the car's positions."""
    low, high = env.action_space.low, env.action_space.high
    obs, _ = env.reset(seed=seed)
    noise.reset()
    positions, ended = [float(obs[0])], False
    while not ended:
        action = np.clip(noise.sample(), -1, 1)
        in_units = np.asarray(to_env(action[None], low, high), np.float32)[0]
        obs, _, terminated, truncated, _ = env.step(in_units)
        positions.append(float(obs[0]))
        ended = terminated or truncated
    return positions


class UniformOU(OrnsteinUhlenbeckNoise):
    """Ornstein–Uhlenbeck noise with a bug: its random numbers are uniform between 0 and 1."""

    def sample(self) -> Array:
        """Move one step."""
        shock = self.scale * np.sqrt(self.dt) * self.rng.random(self.state.shape)
        self.state = (1 - self.theta * self.dt) * self.state + shock
        return self.state.copy()


def four_noises(rng: Generator) -> dict[str, Array]:
    """Return 100 episodes of 200 steps for each of four noises, (100, 200) each."""
    noises: dict[str, Any] = {
        "A": OrnsteinUhlenbeckNoise(100, 0.2, rng),
        "B": OrnsteinUhlenbeckNoise(100, 0.2, rng, dt=0.01),
        "C": UniformOU(100, 0.2, rng),
        "D": GaussianNoise(100, 0.3, rng),
    }
    return {name: np.array([n.sample() for _ in range(200)]).T for name, n in noises.items()}


class SaturatedActor:
    """A new actor with a last layer that is far too large, some states, and a known Q.

    Q is the sum of −(a − best)² over the entries of an action; no best action is near a bound.
    """

    def __init__(self, final_layer_scale: float = 20.0):
        rng = np.random.default_rng(2)
        self.obs = rng.standard_normal((STATES, OBS_DIM))
        self.best = 0.8 * np.tanh(self.obs[:, :ACTION_DIM])
        sizes = OBS_DIM, 64, 64, ACTION_DIM
        self.network = MLP(sizes, rng=rng, dtype="float64", final_layer_scale=final_layer_scale)

    def z(self) -> Array:
        """Return the inputs of the tanh, (N, A)."""
        return self.network.forward(self.obs)[0]

    def dq_da(self, action: Array) -> Array:
        """Return dQ/da at actions (N, A)."""
        gradient: Array = -2 * (action - self.best)
        return gradient

    def train(self, actor_gradient: Callable[..., Any], weight: float) -> tuple[Array, Array]:
        """Descend a loss by its gradient in z; return two histories, (UPDATES,) each.

        They are the share of entries within 0.01 of a bound, and the mean of (a − best)².
        """
        adam, history = Adam(self.network.theta, 1e-3), []
        for _ in range(UPDATES):
            z, cache = self.network.forward(self.obs)
            action = np.tanh(z)
            history.append((np.mean(abs(action) > 0.99), np.mean((action - self.best) ** 2)))
            grad_z = np.asarray(actor_gradient(z, self.dq_da(action), weight), float)
            adam.step(self.network.backward(grad_z, cache)[1])
        at_bound, distance = np.transpose(history)
        return at_bound, distance
