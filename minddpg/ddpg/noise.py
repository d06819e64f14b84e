"""Exploration noise, added to the action in [−1, 1] before it is clipped (eq. 7).

A action entries; every process draws from its own generator.
"""

import numpy as np
from numpy.random import Generator

from ..nn.layers import Array
from .config import Config


class GaussianNoise:
    """Independent draws from N(0, scale²), in units of actions in [−1, 1]."""

    def __init__(self, action_dim: int, scale: float, rng: Generator):
        self.action_dim, self.scale, self.rng = action_dim, scale, rng

    def sample(self) -> Array:
        """Draw the next noise (A,)."""
        return self.scale * self.rng.standard_normal(self.action_dim)

    def reset(self) -> None:
        """Do nothing at an episode's start: the draws have no memory."""


class OrnsteinUhlenbeckNoise:
    """A random walk pulled back to zero (Uhlenbeck & Ornstein, 1930), in Euler steps of dt.

    Each step is  x ← x − theta x dt + scale √dt N(0, 1).  In the long run x is an AR(1) process of
    coefficient c = 1 − theta dt, standard deviation scale √(dt / (1 − c²)) and correlation time
    −1 / ln c steps. The paper gives theta = 0.15 and scale = 0.2 but no dt; with dt = 1 the
    deviation is 0.380, the correlation time 6.2 steps.
    """

    def __init__(
        self, action_dim: int, scale: float, rng: Generator, theta: float = 0.15, dt: float = 1.0
    ):
        self.scale, self.rng, self.theta, self.dt = scale, rng, theta, dt
        self.state: Array = np.zeros(action_dim)

    def sample(self) -> Array:
        """Move one step and return a copy of the state (A,)."""
        shock = self.scale * np.sqrt(self.dt) * self.rng.standard_normal(self.state.shape)
        self.state = (1 - self.theta * self.dt) * self.state + shock
        return self.state.copy()

    def reset(self) -> None:
        """Start a new episode at zero."""
        self.state = np.zeros_like(self.state)


Noise = GaussianNoise | OrnsteinUhlenbeckNoise


def make_noise(config: Config, action_dim: int, rng: Generator) -> Noise:
    """Build the noise that the config names."""
    scale = 0.0 if config.noise == "none" else config.noise_scale
    if config.noise == "ou":
        return OrnsteinUhlenbeckNoise(action_dim, scale, rng, config.ou_theta, config.ou_dt)
    return GaussianNoise(action_dim, scale, rng)
