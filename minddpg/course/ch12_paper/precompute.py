"""Make the precomputed results of chapter 12: biases of DDPG and TD3, figure 3, returns.

K seeds, E measurements, N pairs.
"""

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...experiments.metrics import FIRST_START, STARTS
from ...experiments.tables import distinct, pick
from ...nn.layers import Array
from ...training.checkpoint import State
from ...training.environment import make
from ...training.evaluation import evaluate
from ...training.loop import train_from
from ...verification.exact_pendulum import PENDULUM, exact_q, solve
from ..engine import EXERCISES
from ..study_results import last, rows_of
from . import noisy_task
from .td3 import TD3

SEEDS = range(1000, 1010)
EVERY, PAIRS, GRID = 1_000, 500, 151  # updates; replayed observations; points per axis


class MinimumOnly(TD3):
    """TD3's first change alone."""

    delay, smoothing = 1, 0.0


class Maximum(TD3):
    """TD3 with the larger of two values in its target."""

    combine = np.maximum


CORRUPTIONS = (
    "rates-swapped",
    "ou-uniform",
    "truncated-as-terminated",
    "targets-apart",
    "one-start",
)
ALGORITHMS = {"DDPG": DDPG, "DDPG + minimum of two": MinimumOnly, "TD3": TD3}


def bias() -> dict[str, Any]:
    """Train DDPG, DDPG with a minimum of two critics, and TD3: 12,000 steps, seeds 1000–1009.

    Every 1,000 updates, measure the mean of Q_θ − Q^μ at μ(s) over 500 replayed observations, where
    Q^μ is exact for the actor at that moment, and the mean return of ten episodes.
    """
    found = [[_measured(kind, seed) for seed in SEEDS] for kind in ALGORITHMS.values()]
    arrays = {
        name: np.array([[run[name] for run in runs] for runs in found], np.float32)
        for name in ("bias", "returns", "last")  # (3, K, E), (3, K, E), (3, K)
    }
    steps = np.array(found[0][0]["steps"])
    return {"names": np.array(list(ALGORITHMS)), "steps": steps, **arrays}


def figure3() -> dict[str, Any]:
    """Read the study `figure3`, seeds 1000–1004: Q(s, a), the observed return, exact Q^μ."""
    arrays: dict[str, Any] = {}
    for task, env_id in (("pendulum", PENDULUM), ("reacher", "Reacher-v5")):
        for name in ("estimated", "return", "exact"):
            rows = rows_of("figure3", env_id=env_id)
            if name in rows[0]:
                seeds = [[r[name] for r in pick(rows, seed=s)] for s in distinct(rows, "seed")]
                arrays[f"{task}_{name}"] = np.array(seeds, np.float32)  # (K, N)
    return arrays


def maximum() -> dict[str, Any]:
    """Train TD3 with the larger of two targets, seeds 1000–1004; measure as `bias` does."""
    runs = [_measured(Maximum, seed) for seed in range(1000, 1005)]
    names = ("steps", "bias", "returns", "last")
    return {name: np.array([run[name] for run in runs], np.float32) for name in names}


def returns() -> dict[str, Any]:
    """Read last returns on Pendulum from `figure2` (seeds 1000–1009) and `zoo` (1000–1004).

    Correct code is there with and without batch norm, and at the settings that some bugs need, then
    code with a bug, and a random and the exact policy. All returns are from a hundred starts.
    """
    norms = {"without": "targets", "with": "targets, batch norm"}
    variants = {
        "default": "correct",
        "rates": "correct actor_learning_rate=0.0001 critic_learning_rate=0.001",
        "ou": "correct noise=ou noise_scale=0.2",
        **{name.replace("-", "_"): name for name in CORRUPTIONS},
    }
    rng = np.random.default_rng(0)
    random: Any = SimpleNamespace(predict=lambda obs, deterministic: (rng.uniform(-2, 2, 1), None))
    planners = {"random": random, "exact": solve()}
    marks = {k: evaluate(p, PENDULUM, STARTS, FIRST_START).mean for k, p in planners.items()}
    figure2 = {k: rows_of("figure2", env_id=PENDULUM, variant=v) for k, v in norms.items()}
    bugs = {k: rows_of("zoo", variant=v) for k, v in variants.items()}
    return {
        **{name: last(rows, "return") for name, rows in (figure2 | bugs).items()},
        **{name: np.float32(value) for name, value in marks.items()},
    }


def noisy() -> dict[str, Any]:
    """Train DDPG, DDPG with a minimum of two critics, and TD3 on the noisy task: ten seeds.

    The agents are the solutions of exercises 10.1 and 12.6.
    """
    plain, (changed, _) = EXERCISES["10.1"].reference[0], EXERCISES["12.6"].reference
    makers = {
        "DDPG": noisy_task.ddpg(plain),
        "DDPG + minimum of two": noisy_task.td3(changed, delay=1, smoothing=0.0),
        "TD3": noisy_task.td3(changed),
    }
    found = [[noisy_task.learn(make, seed) for seed in range(10)] for make in makers.values()]
    bias, reward = np.moveaxis(np.array(found, np.float32), 2, 0)  # (3, K, E)
    return {"names": np.array(list(makers)), "bias": bias, "reward": reward}


def _measured(kind: type[DDPG], seed: int) -> dict[str, Any]:
    """Train one agent; return its bias and its returns."""
    config = Config(seed=seed)
    found: dict[str, list[float]] = {"steps": [], "bias": []}
    with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
        state = State(config, env)
        (rng,) = np.random.default_rng(seed).spawn(1)  # the stream of the agent in a default run
        state.agent = kind(env.obs_dim, env.action_low, env.action_high, config, rng)
        agent: Any = state.agent
        plain_update = agent.update

        def update(batch: Any) -> Any:
            metrics = plain_update(batch)
            if state.step % EVERY == 0:
                error = _bias_of(agent, state.replay.sample(PAIRS, np.random.default_rng(0)).obs)
                found["steps"].append(state.step)
                found["bias"].append(float(error.mean()))
            return metrics

        agent.update = update
        run = train_from(state, env, eval_env)
        del agent.update
    returns = run.history["eval/mean_reward"]
    return {
        **found,
        "returns": returns[np.isfinite(returns)][-len(found["steps"]) :],
        "last": evaluate(agent, PENDULUM, STARTS, FIRST_START).mean,
    }


def _bias_of(agent: Any, obs: Array) -> Array:
    """Return Q_θ(s, μ(s)) − Q^μ(s, μ(s)) for Pendulum's observations (N, 3): (N,)."""
    action, _ = agent.actor.forward(obs)
    q, _ = agent.critic.forward(obs, action)
    exact = exact_q(agent, GRID, agent.config.discount)
    bias: Array = q - exact.q(np.arctan2(obs[:, 1], obs[:, 0]), obs[:, 2], action[:, 0])
    return bias


RESULTS = (bias, figure3, maximum, noisy, returns)
