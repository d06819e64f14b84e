"""Training the agent on one page as chapter 10 does, for its recordings and its film.

N states.
"""

from collections.abc import Iterator
from itertools import pairwise

import gymnasium as gym
import numpy as np

from ...ddpg.actions import ActionBox
from ...ddpg.noise import GaussianNoise
from ...ddpg.replay import ReplayBuffer
from ...nn.layers import Array
from ...verification.exact_pendulum import PENDULUM
from .loop import loop
from .one_page import Arrays, OnePageDDPG

STEPS, BATCH = 8_000, 64
EVALUATED_ON = 10_000  # the first seed of the ten starts of every evaluation


class Exploring:
    """What the loop asks of an agent, around the agent on one page; as in the notebook."""

    def __init__(self, page: OnePageDDPG, box: ActionBox, noise: GaussianNoise):
        self.page, self.action_box, self.noise = page, box, noise
        self.update = page.update

    def random_action(self) -> Array:
        """Draw an action (1,) uniformly from [−1, 1]."""
        return self.noise.rng.uniform(-1, 1, self.action_box.dim)

    def act(self, obs: Array, explore: bool = False) -> Array:
        """Return μ(s) in [−1, 1], noisy if exploring: obs (3,) to (1,), or (N, 3) to (N, 1)."""
        action = self.page.act(np.atleast_2d(obs)).reshape(*obs.shape[:-1], -1)
        return np.clip(action + self.noise.sample(), -1, 1) if explore else action

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torque in N m, as agents do."""
        return self.action_box.to_env(self.act(obs)), None


def pieces(
    seed: int,
    piece: int,
    tau: float = 0.02,
    capacity: int = 100_000,
    noise_scale: float = 0.3,
    warmup_steps: int = 1_000,
) -> Iterator[tuple[Exploring, ReplayBuffer]]:
    """Train on Pendulum-v1 for STEPS; yield agent and buffer after every `piece` steps."""
    rng = np.random.default_rng(seed)
    env = gym.make(PENDULUM)
    networks = new_network((3, 64, 64, 1), rng), new_network((4, 64, 64, 1), rng)
    box = ActionBox(np.array([-2.0]), np.array([2.0]))
    page = OnePageDDPG(*networks, 0.99, tau, 1e-3, 2e-3)
    agent = Exploring(page, box, GaussianNoise(1, noise_scale, rng))
    replay = ReplayBuffer(capacity, 3, 1, dtype="float64")
    for start in range(0, STEPS, piece):
        loop()(env, agent, replay, piece, max(0, warmup_steps - start), BATCH, rng)
        yield agent, replay
    env.close()


def new_network(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    """Draw a network as the paper does: bounds 1/√inputs, and 0.003 in the last layer."""
    arrays: Arrays = []
    for i, (inputs, outputs) in enumerate(pairwise(sizes), 2):
        bound = 0.003 if i == len(sizes) else inputs**-0.5
        arrays += [rng.uniform(-bound, bound, shape) for shape in ((inputs, outputs), (outputs,))]
    return arrays
