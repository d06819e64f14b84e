"""Precomputed for chapter 10: the agent on one page, trained on Pendulum-v1.

K seeds, T evaluations, N states.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import gymnasium as gym
import numpy as np

from ...ddpg.actions import ActionBox
from ...ddpg.noise import GaussianNoise
from ...ddpg.replay import ReplayBuffer
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT, exact_q, follow, solve
from ..checks import solution
from ..engine import run
from ..study_results import last, rows_of
from .learning_agents import Arrays
from .my_ddpg import SOLUTION

STEPS, BATCH = 8_000, 64
EVALUATED_ON = 10_000  # the first seed of the ten starts of every evaluation
PIECE = 1_000  # steps between evaluations: five episodes
PATHS_FROM = ((np.pi, 0.0), (2.2, 0.0), (-1.0, -3.0))  # rad, rad/s
BROKEN: dict[str, dict[str, Any]] = {
    "no target networks": {"tau": 1.0},
    "no replay": {"capacity": BATCH},
    "no exploration": {"noise_scale": 0.0, "warmup_steps": BATCH},
}
LOOK_ALIKES = ("correct", "actor-summed", "replayed-action", "bias-averaged")

# of the hills
SEED, FIRST = 0, 5  # the first five episodes are the warm-up
ANGLES, ACTIONS = np.linspace(-np.pi, np.pi, 41), np.linspace(-1, 1, 11)
STATES, GRID = 500, 151  # replayed states on which slopes are compared; of exact Q^μ
NEAR = 0.1  # true slopes are differences of Q at a ± this, not derivatives: Q has cliffs
STEEP = 1.0  # return per unit of action
TENTHS = 10  # maps are stored as whole tenths, so that the file is small


class Exploring:
    """Wrap the agent on one page in what the training loop needs, as the notebook does."""

    def __init__(self, page: Any, box: ActionBox, noise: GaussianNoise):
        self.page, self.action_box, self.noise = page, box, noise
        self.update = page.update

    def random_action(self) -> Array:
        """Draw an action (1,) uniformly from [−1, 1]."""
        return self.noise.rng.uniform(-1, 1, self.action_box.dim)

    def act(self, obs: Array, explore: bool = False) -> Array:
        """Return μ(s) in [−1, 1], noisy if exploring: obs (3,) to (1,), or (N, 3) to (N, 1)."""
        action: Array = self.page.act(np.atleast_2d(obs)).reshape(*obs.shape[:-1], -1)
        return np.clip(action + self.noise.sample(), -1, 1) if explore else action

    def predict(self, obs: Array, deterministic: bool = True) -> tuple[Array, None]:
        """Return the torque in N m, and None."""
        return self.action_box.to_env(self.act(obs)), None


def train_in_pieces(
    seed: int,
    piece: int,
    tau: float = 0.02,
    capacity: int = 100_000,
    noise_scale: float = 0.3,
    warmup_steps: int = 1_000,
) -> Iterator[tuple[Exploring, ReplayBuffer]]:
    """Train for STEPS; yield agent and buffer after every `piece` steps."""
    rng = np.random.default_rng(seed)
    env = gym.make(PENDULUM)
    networks = new_network((3, 64, 64, 1), rng), new_network((4, 64, 64, 1), rng)
    box = ActionBox(np.array([-2.0]), np.array([2.0]))
    page = solution("10.1")(*networks, 0.99, tau, 1e-3, 2e-3)
    agent = Exploring(page, box, GaussianNoise(1, noise_scale, rng))
    replay, train = ReplayBuffer(capacity, 3, 1, dtype="float64"), solution("10.2")
    for start in range(0, STEPS, piece):
        train(env, agent, replay, piece, max(0, warmup_steps - start), BATCH, rng)
        yield agent, replay
    env.close()


def new_network(sizes: tuple[int, ...], rng: np.random.Generator) -> Arrays:
    """Draw a network as the paper does: bounds 1/√inputs, and 0.003 in the last layer."""
    arrays: Arrays = []
    for i, (inputs, outputs) in enumerate(pairwise(sizes), 2):
        bound = 0.003 if i == len(sizes) else inputs**-0.5
        arrays += [rng.uniform(-bound, bound, shape) for shape in ((inputs, outputs), (outputs,))]
    return arrays


def curves() -> dict[str, Array]:
    """Train the agent on one page ten times on Pendulum-v1, 8,000 steps, seeds 0–9."""
    runs = [_run(seed) for seed in range(10)]
    returns, highest = ([run[i] for run in runs] for i in (0, 1))
    return {
        "steps": PIECE * np.arange(1, len(returns[0]) + 1),
        "returns": np.array(returns, np.float32),  # (K, T), means of ten episodes without noise
        "highest_q": np.array(highest, np.float32),  # (K, T), of 1,000 replayed pairs
    }


def broken() -> dict[str, Array]:
    """Train it without targets (τ = 1), replay (64 transitions), exploration: seeds 0–4 each."""
    runs = [[_run(seed, **settings) for seed in range(5)] for settings in BROKEN.values()]
    returns, highest = ([[each[i] for each in case] for case in runs] for i in (0, 1))
    return {
        "names": np.array(list(BROKEN)),
        "steps": PIECE * np.arange(1, len(returns[0][0]) + 1),
        "returns": np.array(returns, np.float32),  # (pieces taken away, K, T)
        "highest_q": np.array(highest, np.float32),
    }


def _run(seed: int, **settings: Any) -> tuple[list[float], list[float]]:
    """Train; return the mean return and the highest Q of replayed pairs after each piece."""
    returns, highest = [], []
    for agent, replay in train_in_pieces(seed, PIECE, **settings):
        returns.append(evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean)
        pairs = replay.sample(1_000, np.random.default_rng(0))
        q, _ = agent.page.q(agent.page.critic, pairs.obs, pairs.action)
        highest.append(float(q.max()))
    return returns, highest


def exact() -> dict[str, Array]:
    """Follow the exact policy (301 × 301 points): returns of the starts, three paths."""
    policy = solve()
    angle, speed = np.transpose(PATHS_FROM)
    path = list(follow(policy, angle, speed, TIME_LIMIT))
    return {
        "returns": evaluate(policy, PENDULUM, 10, EVALUATED_ON).returns.astype(np.float32),
        "path_returns": np.array([each[0] for each in path], np.float32).sum(axis=0),  # (starts,)
        "angle": np.array([angle, *(each[1] for each in path)], np.float32),  # (201, starts)
        "speed": np.array([speed, *(each[2] for each in path)], np.float32),
    }


def look_alikes() -> dict[str, Array]:
    """Read the study `zoo`, seeds 1000–1004: last returns of correct code and of three bugs."""
    ends = [last(rows_of("zoo", variant=name), "return") for name in LOOK_ALIKES]
    return {"names": np.array(LOOK_ALIKES), "returns": np.array(ends)}  # (4, 5)


def hills() -> dict[str, Array]:
    """Map Q*, exact Q^μ and learned Q after each episode of one run, 8,000 steps, seed 0."""
    star = solve()
    frames = []
    for i, (agent, replay) in enumerate(train_in_pieces(SEED, TIME_LIMIT), 1):
        if i >= FIRST:
            rng = np.random.default_rng(i)
            frames.append({"episode": i, **_frame(agent, replay.sample(STATES, rng).obs, star)})
    table = {name: np.array([frame[name] for frame in frames]) for name in frames[0]}
    return {
        "angles": ANGLES.astype(np.float32),
        "actions": ACTIONS.astype(np.float32),
        "q_star": _in_tenths(star.q(ANGLES, 0 * ANGLES, ACTIONS[:, None])),
        **table,
    }


def _frame(agent: Exploring, obs: Array, star: Any) -> dict[str, Any]:
    """Return maps (ACTIONS, ANGLES) at speed 0, and slopes on replayed states, of one moment."""
    exact = exact_q(agent, GRID)
    slice_obs = np.stack((np.cos(ANGLES), np.sin(ANGLES), 0 * ANGLES), axis=1)
    learned = np.array([_learned(agent, slice_obs, 0 * ANGLES + a)[0] for a in ACTIONS])
    slope_theta, slope_mu = _slopes(agent, slice_obs, exact)
    learned_slope, true_slope = _slopes(agent, obs, exact)
    agree = np.sign(learned_slope) == np.sign(true_slope)
    is_steep = np.abs(true_slope) > STEEP
    return {
        "q_mu": _in_tenths(exact.q(ANGLES, 0 * ANGLES, ACTIONS[:, None])),
        "q_theta": _in_tenths(learned),
        "action": agent.act(slice_obs)[:, 0].astype(np.float32),  # μ at the slice's states
        "slope_theta": slope_theta.astype(np.float32),
        "slope_mu": slope_mu.astype(np.float32),
        "slope_star": _slopes(agent, slice_obs, star)[1].astype(np.float32),
        "agree": np.float32(agree.mean()),  # share of replayed states with slopes of one sign
        "agree_steep": np.float32(agree[is_steep].mean()),
        "steep": np.float32(is_steep.mean()),
        "return": np.float32(evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean),
    }


def _slopes(agent: Exploring, obs: Array, exact: Any) -> tuple[Array, Array]:
    """Return the learned slope in a at μ(s), and the true one: both (N,)."""
    action = agent.act(obs)[:, 0]
    angle, speed = np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2]
    low, high = np.maximum(action - NEAR, -1), np.minimum(action + NEAR, 1)
    true = (exact.q(angle, speed, high) - exact.q(angle, speed, low)) / (high - low)
    return _learned(agent, obs, action)[1], true


def _learned(agent: Exploring, obs: Array, action: Array) -> tuple[Array, Array]:
    """Return Q (N,) and dQ/da (N,) of the learned critic."""
    (backward,) = run(SOLUTION, ["backward"], {}, "10.1 solution")
    q, inputs = agent.page.q(agent.page.critic, obs, action[:, None])
    grad_joint, _ = backward(agent.page.critic, inputs, np.ones_like(q))
    return q[:, 0], grad_joint[:, -1]


def _in_tenths(values: Array) -> Array:
    return np.round(TENTHS * values).astype(np.int16)


RESULTS = (curves, broken, exact, look_alikes, hills)
