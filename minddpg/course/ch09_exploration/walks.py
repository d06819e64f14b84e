"""Chapter 09, from the actor to the environment: a right noise, and others with one mistake."""

from typing import Any

import numpy as np

from ...nn.layers import Array


class OUNoise:
    """An Ornstein-Uhlenbeck walk, made of parts that a mistake can replace."""

    def __init__(
        self, action_dim: int, theta: float, sigma: float, dt: float, rng: np.random.Generator
    ):
        self.action_dim, self.theta, self.sigma, self.dt = action_dim, theta, sigma, dt
        self.rng = rng
        self.start()

    def start(self) -> None:
        self.x: Any = np.zeros(self.action_dim)

    def reset(self) -> None:
        self.start()

    def kept(self) -> float:
        """Return the share of x that is left after a step."""
        return 1 - self.theta * self.dt

    def scale(self) -> float:
        return self.sigma * float(np.sqrt(self.dt))

    def draw(self) -> Any:
        return self.rng.standard_normal(self.action_dim)

    def sample(self) -> Any:
        self.x = self.kept() * self.x + self.scale() * self.draw()
        return self.told()

    def told(self) -> Any:
        return np.copy(self.x)


def walk(**methods: Any) -> type[OUNoise]:
    """Return a right noise with some of its methods replaced."""
    return type("OUNoise", (OUNoise,), methods)


def in_place(self: OUNoise) -> Array:
    self.x *= self.kept()
    self.x += self.scale() * self.draw()
    return np.asarray(self.x)


def without_memory(self: OUNoise) -> Any:
    return self.kept() * np.zeros(self.action_dim) + self.scale() * self.draw()


def pulled_to_one(self: OUNoise) -> Any:
    self.x = self.kept() * self.x + (1 - self.kept()) + self.scale() * self.draw()
    return self.told()


def too_early(self: OUNoise) -> Any:
    before = self.told()
    OUNoise.sample(self)
    return before


def increment(self: OUNoise) -> Any:
    return -self.told() + OUNoise.sample(self)


def elsewhere(self: OUNoise) -> None:
    self.x = np.ones(self.action_dim)


def once_elsewhere(self: OUNoise) -> None:
    """Start away from zero the first time."""
    if hasattr(self, "x"):
        OUNoise.start(self)
    else:
        elsewhere(self)


def nothing(self: OUNoise) -> None:
    """Do nothing."""


def uniform(low: float, high: float) -> Any:
    return lambda self: self.rng.uniform(low, high, self.action_dim)


def from_seed(seed: int | None) -> Any:
    """Return a draw from a generator of the noise's own."""

    def draw(self: Any) -> Array:
        if not hasattr(self, "own"):
            self.own = np.random.default_rng(seed)
        return np.asarray(self.own.standard_normal(self.action_dim))

    return draw


def anew(seed: int) -> Any:
    """Return a draw from a generator that is made at each step."""
    return lambda self: np.random.default_rng(seed).standard_normal(self.action_dim)
