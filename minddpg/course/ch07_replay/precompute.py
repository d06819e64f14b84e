"""Precomputed results of chapter 07: old actions in a buffer, capacities, buffers with bugs."""

from contextlib import closing
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...experiments.metrics import FIRST_START, STARTS
from ...nn.layers import Array
from ...training.checkpoint import State
from ...training.environment import make
from ...training.evaluation import evaluate
from ...training.loop import train, train_from
from ...verification.exact_pendulum import PENDULUM, TIME_LIMIT
from ..study_results import curve, last, rows_of, steps_of

SEEDS = range(1000, 1005)
STEPS = 8_000
CAPACITIES = (64, 500, 2_000, 100_000)


def ages() -> dict[str, Any]:
    """Compare the stored episodes of default runs with the trained actor.

    Seeds 1000–1004, 8,000 steps. For each episode: the mean distance between its stored actions and
    those of the trained actor in the same states, and its return.
    """
    distance, returns = [], []
    for seed in SEEDS:
        config = Config(total_steps=STEPS, seed=seed)
        with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
            state = State(config, env)
            agent = train_from(state, env, eval_env).agent
        obs, action, reward, *_ = (field[:STEPS] for field in state.replay.fields)
        distance.append(_per_episode(np.abs(action - agent.act(obs))[:, 0]).mean(axis=1))
        returns.append(_per_episode(reward).sum(axis=1))
    return {name: np.array(x, np.float32) for name, x in (("distance", distance), ("r", returns))}


def capacity() -> dict[str, Any]:
    """Return learning curves with 64, 500, 2,000 and 100,000 rows, seeds 1000–1004, 8,000 steps."""
    curves, ends = [], []
    for size in CAPACITIES:
        for seed in SEEDS:
            run = train(Config(total_steps=STEPS, replay_capacity=size, seed=seed), progress=False)
            mean = run.history["eval/mean_reward"]
            curves.append(mean[np.isfinite(mean)])
            ends.append(evaluate(run.agent, PENDULUM, STARTS, FIRST_START).mean)
    shape = len(CAPACITIES), len(SEEDS)
    return {
        "capacities": np.array(CAPACITIES, np.int32),
        "steps": np.arange(1_000, STEPS + 1, 1_000, dtype=np.int32),
        "returns": np.reshape(curves, (*shape, -1)).astype(np.float32),
        "last": np.reshape(ends, shape).astype(np.float32),
    }


def studies() -> dict[str, Any]:
    """Read the studies `zoo` (seeds 1000–1004) and `figure2`: returns with and without replay.

    For each seed: the return at every evaluation, and that of the last policy. The seeds of
    `figure2` are 1000–1009 on Pendulum and 1000–1004 on the pole.
    """
    arrays: dict[str, Any] = {}
    for name, study, variant, env_id in (
        ("zoo_with", "zoo", "correct", PENDULUM),
        ("zoo_newest", "zoo", "newest-only", PENDULUM),
        ("zoo_reference", "zoo", "by-reference", PENDULUM),
        ("zoo_unwritten", "zoo", "unwritten-rows", PENDULUM),
        ("pendulum_with", "figure2", "targets", PENDULUM),
        ("pendulum_without", "figure2", "targets, no replay", PENDULUM),
        ("pole_with", "figure2", "targets", "InvertedPendulum-v5"),
        ("pole_without", "figure2", "targets, no replay", "InvertedPendulum-v5"),
    ):
        rows = rows_of(study, variant=variant, env_id=env_id)
        arrays[name] = curve(rows, "return")
        arrays[f"{name.split('_')[0]}_steps"] = steps_of(rows, "return")
        arrays[f"{name}_last"] = last(rows, "return")
    return arrays


def _per_episode(values: Array) -> Array:
    return values.reshape(-1, TIME_LIMIT)


RESULTS = (ages, capacity, studies)
