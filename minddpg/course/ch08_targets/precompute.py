"""Precomputed results of chapter 08: a weight during training, and studies of target networks."""

from contextlib import closing
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...experiments.metrics import FIRST_START, STARTS
from ...nn.layers import Array
from ...training.checkpoint import State
from ...training.environment import make
from ...training.evaluation import evaluate
from ...training.loop import train_from
from ...verification.exact_pendulum import PENDULUM, solve
from ..study_results import curve, last, rows_of

FIGURE_2 = ("targets", "targets, batch norm", "batch norm", "neither")
TAUS = ("τ = 0.001", "τ = 0.005", "τ = 0.02", "τ = 0.1", "τ = 1")
BUGS = ("correct", "polyak-reversed", "target-shared", "target-online", "targets-apart")
TARGET_EVERY = 100  # updates
COPY_EVERY = (2_000, 100, 20)  # updates: C/2 old on average, as τ = 0.001, 0.02, 0.1 by 1/τ
SEEDS = range(1000, 1005)  # the first ones of the study `tau`


def weights() -> dict[str, Any]:
    """Return a weight and a value of the critic at each update of a default run of 8,000 steps.

    The seed is 0. The weight is the one in the first layer with the widest range; the target's
    weight at every hundredth update is included for comparison. The values are Q(s, μ(s)) of a
    pendulum that hangs at rest, computed by the networks and by the targets.
    """
    config = Config(total_steps=8_000, seed=0)
    hanging = np.array([[-1, 0, 0]], np.float32)
    online: list[Array] = []
    target: list[Array] = []
    values: list[tuple[Any, Any]] = []
    with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
        state = State(config, env)
        agent: Any = state.agent
        original, first = agent.update, agent.critic.head.linears[0].weight.size
        start = agent.critic.theta[:first].copy()

        def update(batch: Any) -> Any:
            metrics = original(batch)
            online.append(agent.critic.theta[:first].copy())
            if len(online) % TARGET_EVERY == 0:
                target.append(agent.target_critic.theta[:first].copy())
            pairs = (agent.critic, agent.actor), (agent.target_critic, agent.target_actor)
            q, target_q = (c.forward(hanging, a.forward(hanging)[0])[0][0] for c, a in pairs)
            values.append((q, target_q))
            return metrics

        agent.update = update
        train_from(state, env, eval_env)
    chosen = int(np.ptp(online, axis=0).argmax())
    thetas = {"start": start, "online": np.array(online), "target": np.array(target)}
    return {**{k: theta[..., chosen] for k, theta in thetas.items()}, "values": np.array(values)}


def figure2() -> dict[str, Any]:
    """Read the study `figure2`, seeds 1000–1009 (pole 1000–1004): returns and the highest Q.

    The variants are in the order of FIGURE_2, with and without target networks and batch norm. The
    last one is the first of these, with the action at the critic's first layer.
    """
    arrays: dict[str, Any] = {}
    for task, env_id in (("pendulum", PENDULUM), ("pole", "InvertedPendulum-v5")):
        for i, variant in enumerate((*FIGURE_2, "targets, action first")):
            rows = rows_of("figure2", variant=variant, env_id=env_id)
            arrays[f"{task}_{i}"] = curve(rows, "return")
            arrays[f"{task}_{i}_q"] = curve(rows, "highest q")[:, -1]
            arrays[f"{task}_{i}_last"] = last(rows, "return")
    return arrays


def tau() -> dict[str, Any]:
    """Read the study `tau`, seeds 1000–1009, 12,000 steps: regret and the highest Q so far."""
    runs = [rows_of("tau", variant=variant) for variant in TAUS]
    return {
        "taus": np.array([float(variant.split()[-1]) for variant in TAUS]),
        "regret": np.array([curve(rows, "regret") for rows in runs]),
        "highest_q": np.array([curve(rows, "highest q") for rows in runs]),
        "last": np.array([last(rows, "regret") for rows in runs]),
    }


def hard_copies() -> dict[str, Any]:
    """Return regrets (intervals, seeds) of default agents with hard copies every C updates.

    12,000 steps, seeds 1000–1004; the regret is defined as in the study `tau`.
    """
    exact = evaluate(solve(), PENDULUM, STARTS, FIRST_START).mean
    last = [[exact - _with_hard_copies(every, seed) for seed in SEEDS] for every in COPY_EVERY]
    return {"every": np.array(COPY_EVERY), "last": np.array(last)}


def _with_hard_copies(every: int, seed: int) -> float:
    """Train an agent with a hard copy of the networks every `every` updates; return its return."""
    config = Config(total_steps=12_000, seed=seed)
    with closing(make(config.env_id)) as env, closing(make(config.env_id)) as eval_env:
        state = State(config, env)
        agent: Any = state.agent
        original, updates = agent.update, 0
        for target in (agent.target_actor, agent.target_critic):
            target.follow = lambda online, tau: None  # no soft update

        def update(batch: Any) -> Any:
            nonlocal updates
            metrics, updates = original(batch), updates + 1
            if updates % every == 0:
                agent.target_actor.theta[:] = agent.actor.theta
                agent.target_critic.theta[:] = agent.critic.theta
            return metrics

        agent.update = update
        train_from(state, env, eval_env)
    return evaluate(agent, PENDULUM, STARTS, FIRST_START).mean


def bugs() -> dict[str, Any]:
    """Read the study `zoo`, seeds 1000–1004: returns and Q of runs with bugs in the targets."""
    runs = [rows_of("zoo", variant=variant) for variant in (*BUGS, "target-actor-frozen")]
    return {
        "names": np.array([*BUGS, "target-actor-frozen"]),
        "last": np.array([last(rows, "return") for rows in runs]),
        "q_max": np.array([curve(rows, "q_max") for rows in runs]),
        "q_min": np.array([curve(rows, "q_min") for rows in runs]),
    }


RESULTS = (weights, figure2, tau, hard_copies, bugs)
