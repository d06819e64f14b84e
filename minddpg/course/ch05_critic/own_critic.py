"""Build a critic from the learner's layers of chapter 04, with the methods of `minddpg.Critic`.

N batch, P parameters.
"""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Critic
from ...nn.layers import Array

SIZES = (4, 32, 32, 1)  # cosine, sine, speed and action; two hidden layers; Q
NEAR_0 = 0.003  # the last layer's bound
BATCH = 64
SLOWEST = 0.004  # seconds for an update; the chapter makes 6,000 of them
NUMBERS = ("04.1", "04.2", "04.5")

Make = Callable[[int], Any]  # a new critic from a seed


class OwnCritic:
    """Q(s, a) of linear, ReLU, linear, ReLU, linear, with all parameters in `theta` (P,)."""

    def __init__(self, linear: Any, relu: Any, start: Any, rng: np.random.Generator) -> None:
        self.layers = linear, relu, linear, relu, linear
        drawn = [[*map(np.asarray, start(*sizes, rng))] for sizes in pairwise(SIZES)]
        drawn[-1] = [NEAR_0 * np.sqrt(SIZES[-2]) * part for part in drawn[-1]]
        flat = [part for pair in drawn for part in pair]
        self.theta = np.concatenate([part.ravel() for part in flat], dtype=np.float64)
        ends = np.cumsum([part.size for part in flat])[:-1]
        cut = zip(np.split(self.theta, ends), flat, strict=True)
        views = [view.reshape(part.shape) for view, part in cut]
        self.parameters: list[Any] = [views[:2], (), views[2:4], (), views[4:]]

    def forward(self, obs: Array, action: Array) -> tuple[Array, Any]:
        """Return Q (N,) of obs (N, 3) and action (N, 1), and a cache."""
        x, caches = np.concatenate((obs, action), axis=1), []
        for (forward, _), own in zip(self.layers, self.parameters, strict=True):
            x, cache = forward(np.asarray(x), *own)
            caches.append(cache)
        return np.asarray(x)[:, 0], caches

    def backward(self, grad_q: Array, cache: Any) -> Array:
        """Given dL/dq (N,), return dL/dθ (P,)."""
        grad, grads = grad_q[:, None], list[Array]()
        for i in reversed(range(len(self.layers))):
            result = self.layers[i][1](np.asarray(grad), cache[i])
            grad, *of_parameters = result if self.parameters[i] else (result,)
            grads = [*of_parameters, *grads]
        return np.concatenate([np.ravel(grad) for grad in grads])


def critics(linear: Any, relu: Any, start: Any) -> tuple[Make, tuple[str, ...]]:
    """Return a function that makes critics of these layers, and the numbers of their exercises.

    If the layers are correct but slow, it makes the package's critics instead: print that, and
    return no numbers.
    """

    def own(seed: int) -> OwnCritic:
        return OwnCritic(linear, relu, start, np.random.default_rng(seed))

    def packaged(seed: int) -> Critic:
        return Critic(3, 1, Config(hidden_sizes=SIZES[1:-1]), np.random.default_rng(seed))

    seconds = min(_seconds(own(0)) for _ in range(3))
    if seconds < SLOWEST:
        return own, NUMBERS
    print(f"An update of your layers takes {1_000 * seconds:.0f} ms: the package's critic is used")
    return packaged, ()


def _seconds(critic: OwnCritic) -> float:
    """Return how long the two forwards and the backward of an update take."""
    obs, action = np.ones((BATCH, SIZES[0] - 1)), np.ones((BATCH, 1))
    start = time.perf_counter()
    critic.forward(obs, action)
    q, cache = critic.forward(obs, action)
    critic.backward(np.ones_like(q), cache)
    return time.perf_counter() - start
