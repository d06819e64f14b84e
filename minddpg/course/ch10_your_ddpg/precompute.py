"""Make the precomputed results of chapter 10: the agent on one page, trained on Pendulum-v1.

K seeds, T evaluations, N states.
"""

from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np

from ...ddpg.noise import GaussianNoise
from ...ddpg.replay import ReplayBuffer
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT, solve
from ..checks import EXERCISES, solution
from ..engine import run
from ..list_networks import new_network
from ..study_results import last, rows_of
from . import probes as probe_environments
from .expectations import BUGS, SOLUTION
from .exploring import Exploring, on_pendulum
from .hills import ACTIONS, ANGLES, TENTHS, learned, moment

STEPS, BATCH = 8_000, 64
EVALUATED_ON = 10_000  # the first seed of the ten starts of every evaluation
PIECE = 1_000  # steps between evaluations: five episodes
BROKEN: dict[str, dict[str, Any]] = {
    "no target networks": {"tau": 1.0},
    "no replay": {"capacity": BATCH},
    "no exploration": {"noise_scale": 0.0, "warmup_steps": BATCH},
}
LOOK_ALIKES = ("correct", "actor-summed", "replayed-action", "bias-averaged")

# of the hills
SEED, FIRST = 0, 5  # the first five episodes are the warm-up
STATES = 500  # replayed states on which slopes are compared


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
    page = solution("10.1")(*networks, 0.99, tau, 1e-3, 2e-3)
    agent = on_pendulum(page, GaussianNoise(1, noise_scale, rng), rng)
    replay, train = ReplayBuffer(capacity, 3, 1, dtype="float64"), solution("10.2")
    for start in range(0, STEPS, piece):
        train(env, agent, replay, piece, max(0, warmup_steps - start), BATCH, rng)
        yield agent, replay
    env.close()


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
    """Train it without targets (τ = 1), replay (64 transitions) or exploration: seeds 0–4 each."""
    runs = [[_run(seed, **settings) for seed in range(5)] for settings in BROKEN.values()]
    returns, highest = ([[run[i] for run in case] for case in runs] for i in (0, 1))
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
        q, _ = learned(agent.agent.critic, pairs.obs, pairs.action)
        highest.append(float(q.max()))
    return returns, highest


def exact() -> dict[str, Array]:
    """Evaluate the exact policy (301 × 301 points) on the starts of every evaluation."""
    returns = evaluate(solve(), PENDULUM, 10, EVALUATED_ON).returns
    return {"returns": returns.astype(np.float32)}


def look_alikes() -> dict[str, Array]:
    """Read the study `zoo`, seeds 1000–1004: last returns of correct code and of three bugs."""
    ends = [last(rows_of("zoo", variant=name), "return") for name in LOOK_ALIKES]
    return {"names": np.array(LOOK_ALIKES), "returns": np.array(ends)}  # (4, 5)


def hills() -> dict[str, Array]:
    """Map Q*, exact Q^μ and learned Q after each episode of one run, 8,000 steps, seed 0."""
    q_star = solve().q(ANGLES, 0 * ANGLES, ACTIONS[:, None])
    frames = []
    for i, (agent, replay) in enumerate(train_in_pieces(SEED, TIME_LIMIT), 1):
        if i >= FIRST:
            rng = np.random.default_rng(i)
            frames.append({"episode": i, **_frame(agent, replay.sample(STATES, rng).obs, q_star)})
    table = {name: np.array([frame[name] for frame in frames]) for name in frames[0]}
    return {
        "angles": ANGLES.astype(np.float32),
        "actions": ACTIONS.astype(np.float32),
        "q_star": _in_tenths(q_star),
        **table,
    }


def _frame(agent: Exploring, obs: Array, q_star: Array) -> dict[str, Any]:
    """Return the maps and slopes of one moment, small enough to be stored, and the return."""
    found = moment(agent.agent.actor, agent.agent.critic, obs, q_star)
    stored = {
        name: _in_tenths(value) if name.startswith("q_") else np.float32(value)
        for name, value in found.items()
    }
    return stored | {"return": np.float32(evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean)}


def _in_tenths(values: Array) -> Array:
    return np.round(TENTHS * values).astype(np.int16)


def probes() -> dict[str, Array]:
    """Train agents in the five probes: with the bugs of 10.4, and with all mistakes of 10.1."""
    (expected,) = run(SOLUTION, ["expected"], {}, "10.4 solution")
    wanted = expected(probe_environments.DISCOUNT)
    agents = {"correct": EXERCISES["10.1"].reference[0]}
    for i, (mistake, _) in enumerate(EXERCISES["10.1"].wrong_sources):
        agents.setdefault(mistake.name, EXERCISES["10.1"].wrong_answer(i)[0])
    with np.errstate(all="ignore"):  # some diverge
        of_bugs = [
            [_errors(agents[name], wanted, seed) for seed in range(5)]
            for name in ("correct", *BUGS)
        ]
        of_all = [_errors(agent, wanted, 0) for agent in agents.values()]
    return {
        "bugs": np.array(of_bugs, np.float32),  # (correct code and BUGS, 5 starts, 5 probes)
        "names": np.array(list(agents)),
        "errors": np.array(of_all, np.float32),  # (names, 5 probes)
    }


def _errors(agent_class: Any, expected: Any, seed: int) -> list[float]:
    return list(probe_environments.errors(agent_class, expected, seed).values())


def trained() -> dict[str, Array]:
    """Train the agent on one page, 8,000 steps, seed 0; return the best of its actors."""
    best, found = -np.inf, {}
    for agent, _ in train_in_pieces(SEED, PIECE):
        mean = evaluate(agent, PENDULUM, 10, EVALUATED_ON).mean
        if mean > best:
            best = mean
            found = {f"array_{i}": x.astype(np.float32) for i, x in enumerate(agent.agent.actor)}
    return found


RESULTS = (curves, broken, exact, look_alikes, hills, probes, trained)
