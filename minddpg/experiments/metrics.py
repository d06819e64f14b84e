"""Measure one run for a named study; return the numbers as rows.

Every run is measured on the same starts, which no training uses: resets with seeds from FIRST_START
on.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..training.environment import make
from ..training.evaluation import discounted_returns, evaluate
from ..verification.bugs import planted
from ..verification.exact_pendulum import (
    PENDULUM,
    TIME_LIMIT,
    ExactPendulum,
    exact_q,
    follow,
    is_solved,
    solve,
)
from .jobs import train_or_resume
from .results_csv import Rows
from .tables import rounded

FIRST_START, STARTS = 20_000, 100
EPISODES = 50  # of environments other than Pendulum
BEYOND = 1_000  # steps past the time limit for which a return is followed: γ^1000 = 4e-5
FEW = 10  # episodes of value_estimates
# fractions of the time limit, or of an episode that ended before it; later, most agents are at rest
MOMENTS = (0, 1 / 16, 1 / 8, 1 / 4)

_one_bug_at_a_time = threading.Lock()


@contextmanager
def planted_alone(bug: str | None) -> Iterator[None]:
    """Plant a bug inside the block; "" plants none. None: the study has no bugs.

    A bug is planted in the whole process, so other threads of a study of bugs wait.
    """
    if bug is None:
        yield
        return
    with _one_bug_at_a_time, planted(bug) if bug else nullcontext():
        yield


def refuse_no_evaluation(config: Config) -> None:
    """Raise ValueError if a run with this config makes no evaluation."""
    if config.eval_every == 0:
        raise ValueError("eval_every = 0: a learning curve needs evaluations; set it to 1 or more")


def learning(config: Config, run_dir: str | Path | None = None, bug: str | None = None) -> Rows:
    """Train; return how good the policy was at each evaluation and how good it is at the end.

    Each row is one number at one step of the run. `measure` is "return"; on Pendulum also "regret"
    (the exact policy's return minus this policy's, from the same starts); or "highest q" (the
    largest Q(s, a) on replayed pairs so far). `when` is "training" for the evaluations of the run,
    on their own starts, and "last" or "best" for that policy at the end, on the study's starts.

    Raises:
        ValueError: the config has no evaluations.
    """
    refuse_no_evaluation(config)
    is_pendulum = is_solved(config)
    episodes = STARTS if is_pendulum else EPISODES
    with planted_alone(bug):
        run = train_or_resume(config, run_dir)
        policies = {"last": run.agent, "best": run.best_agent}
        ends = {
            when: evaluate(
                agent, config.env_id, episodes, FIRST_START, env_kwargs=config.env_kwargs
            ).mean
            for when, agent in policies.items()
        }
    steps = run.history["time/total_timesteps"]
    returns, highest = run.history["eval/mean_reward"], run.history["train/q_max"]
    rows: Rows = []

    def add(when: str, measure: str, step: float, value: float) -> None:
        row = {"when": when, "measure": measure, "step": int(step)}
        rows.append({**row, "value": rounded(value, decimals=3)})

    exact = _exact_returns(run.eval_seed, config.eval_episodes).mean() if is_pendulum else 0.0
    for i in np.flatnonzero(np.isfinite(returns)):
        add("training", "return", steps[i], returns[i])
        if is_pendulum:
            add("training", "regret", steps[i], exact - returns[i])
        if np.isfinite(highest[: i + 1]).any():
            add("training", "highest q", steps[i], np.nanmax(highest[: i + 1]))
    for when, mean in ends.items():
        add(when, "return", config.total_steps, mean)
        if is_pendulum:
            exact = _exact_returns(FIRST_START, episodes).mean()
            add(when, "regret", config.total_steps, exact - mean)
    return rows


def value_estimates(config: Config, run_dir: str | Path | None = None) -> Rows:
    """Train; return Q_θ(s, a) and the discounted return that followed, as in figure 3.

    The pairs (s, a) are those of test episodes without noise, at MOMENTS. Their returns continue
    past the time limit for BEYOND steps. On Pendulum a row also has the exact Q^μ of the actor.

    Raises:
        ValueError: the environment has no time limit.
    """
    with closing(make(config.env_id, **config.env_kwargs)) as env:
        limit = env.env.spec.max_episode_steps
    if limit is None:
        why = "its returns must be followed past one; register it with max_episode_steps"
        raise ValueError(f"{config.env_id} has no time limit: {why}")
    agent = train_or_resume(config, run_dir).agent
    exact = exact_q(agent, discount=config.discount) if is_solved(config) else None
    rows: Rows = []
    unlimited = {**config.env_kwargs, "max_episode_steps": -1}
    with closing(make(config.env_id, **unlimited)) as env:
        for episode in range(FEW):
            path = _long_episode(agent, env, FIRST_START + episode, limit + BEYOND)
            obs, action, rewards = path
            returns = discounted_returns(rewards, config.discount)
            # a short episode may have fewer moments; no pair counts twice
            for t in sorted({int(moment * min(limit, len(rewards))) for moment in MOMENTS}):
                q, _ = agent.critic.forward(agent.normalize(obs[t : t + 1]), action[t : t + 1])
                row: dict[str, Any] = {"episode": episode, "step": t}
                row |= {"estimated": rounded(q[0]), "return": rounded(returns[t])}
                if exact is not None:
                    angle, speed = np.arctan2(obs[t, 1], obs[t, 0]), obs[t, 2]
                    state = np.reshape([angle, speed, action[t, 0]], (3, 1))
                    row["exact"] = rounded(exact.q(*state)[0])
                rows.append(row)
    return rows


def _long_episode(agent: DDPG, env: Any, seed: int, steps: int) -> tuple[Array, Array, list[float]]:
    """Follow μ until the MDP ends or `steps` steps are made; return obs, actions and rewards."""
    obs, actions, terminated = [env.reset(seed)], [], False
    rewards: list[float] = []
    while not terminated and len(rewards) < steps:
        action = agent.act(obs[-1])
        next_obs, reward, terminated, _ = env.step(agent.action_box.to_env(action))
        obs.append(next_obs)
        actions.append(action)
        rewards.append(reward)
    return np.array(obs, agent.config.dtype), np.array(actions), rewards


@cache
def _solved() -> ExactPendulum:
    """Solve Pendulum, once in each process."""
    return solve()


@cache
def _exact_returns(first_start: int, starts: int) -> Array:
    """Return what the exact policy earns within the time limit from resets with these seeds."""
    path = follow(_solved(), *pendulum_starts(first_start, starts), TIME_LIMIT)
    return np.asarray(sum(reward for reward, *_ in path))


def pendulum_starts(first_start: int, starts: int) -> tuple[Array, Array]:
    """Return the angles and the speeds (K,) after resets with these seeds."""
    with closing(make(PENDULUM)) as env:
        states = []
        for i in range(starts):
            env.reset(first_start + i)
            states.append(env.env.unwrapped.state)
    angle, speed = np.transpose(states)
    return angle, speed
