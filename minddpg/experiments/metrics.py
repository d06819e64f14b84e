"""What a study measures of one run, as rows: the jobs that run_study sends to its processes.

Every run is measured on the same starts, which no training sees: they are resets with seeds from
FIRST_START on.
"""

from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from ..training.environment import make
from ..training.evaluation import discounted_returns, evaluate
from ..verification.exact_pendulum import (
    PENDULUM,
    TIME_LIMIT,
    ExactPendulum,
    exact_q,
    follow,
    solve,
)
from .jobs import train_or_resume
from .tables import Rows, rounded

FIRST_START, STARTS = 20_000, 100
EPISODES = 50  # of environments other than Pendulum
BEYOND = 1_000  # steps that a return is followed past the time limit: γ^1000 = 4e-5 is then left
FEW = 10  # episodes of value_estimates
# of the time limit, or of an episode that ended before it; later, most are at rest
MOMENTS = (0, 1 / 16, 1 / 8, 1 / 4)


def learning(config: Config, run_dir: str | Path | None = None) -> Rows:
    """Train; return how good the policy was at each evaluation and how good it is at the end.

    Each row is one number, of a run at a step: `measure` is "return", on Pendulum also "regret"
    (the exact policy's return minus the policy's, from the same starts), or "highest q" (the
    largest Q(s, a) on replayed pairs so far). `when` is "training", on the starts of the run's own
    evaluations, or for the "last" and the "best" kept policy at the end, on the study's.
    """
    run = train_or_resume(config, run_dir)
    steps = run.history["time/total_timesteps"]
    returns, highest = run.history["eval/mean_reward"], run.history["train/q_max"]
    is_pendulum = config.env_id == PENDULUM
    best = _exact_returns(run.eval_seed, config.eval_episodes).mean() if is_pendulum else 0.0
    rows: Rows = []

    def note(when: str, measure: str, step: float, value: float) -> None:
        row = {"when": when, "measure": measure, "step": int(step)}
        rows.append({**row, "value": rounded(value)})

    for i in np.flatnonzero(np.isfinite(returns)):
        note("training", "return", steps[i], returns[i])
        if is_pendulum:
            note("training", "regret", steps[i], best - returns[i])
        if np.isfinite(highest[: i + 1]).any():
            note("training", "highest q", steps[i], np.nanmax(highest[: i + 1]))
    episodes = STARTS if is_pendulum else EPISODES
    for when, agent in (("last", run.agent), ("best", run.best_agent)):
        mean = evaluate(agent, config.env_id, episodes, FIRST_START).mean
        note(when, "return", config.total_steps, mean)
        if is_pendulum:
            exact = _exact_returns(FIRST_START, episodes).mean()
            note(when, "regret", config.total_steps, exact - mean)
    return rows


def value_estimates(config: Config, run_dir: str | Path | None = None) -> Rows:
    """Train; return Q_θ(s, a) beside the discounted return that followed, as in figure 3.

    The pairs are those of test episodes without noise, at MOMENTS. Their returns go on past the
    time limit for BEYOND steps. On Pendulum, Q^μ of the trained actor stands beside.
    """
    agent = train_or_resume(config, run_dir).agent
    with closing(make(config.env_id)) as env:
        limit = env.env.spec.max_episode_steps
    rows: Rows = []
    exact = exact_q(agent, discount=config.discount) if config.env_id == PENDULUM else None
    with closing(make(config.env_id, max_episode_steps=-1)) as env:
        for episode in range(FEW):
            obs, action, rewards = _long_episode(agent, env, FIRST_START + episode, limit + BEYOND)
            followed = discounted_returns(rewards, config.discount)
            for t in (int(moment * min(limit, len(rewards))) for moment in MOMENTS):
                q, _ = agent.critic.forward(obs[t : t + 1], action[t : t + 1])
                row = {"episode": episode, "step": int(t), "estimated": q[0], "return": followed[t]}
                if exact is not None:
                    angle, speed = np.arctan2(obs[t, 1], obs[t, 0]), obs[t, 2]
                    row["exact"] = exact.q(*np.reshape([angle, speed, action[t, 0]], (3, 1)))[0]
                rows.append(
                    {
                        k: rounded(float(v)) if isinstance(v, np.floating) else v
                        for k, v in row.items()
                    }
                )
    return rows


def _long_episode(agent: DDPG, env: Any, seed: int, steps: int) -> tuple[Array, Array, list[float]]:
    """Follow μ until the MDP ends, at most so many steps; return obs, actions and rewards."""
    obs, taken, terminated = [env.reset(seed)], [], False
    rewards: list[float] = []
    while not terminated and len(rewards) < steps:
        action = agent.act(obs[-1])
        next_obs, reward, terminated, _ = env.step(agent.action_box.to_env(action))
        obs.append(next_obs)
        taken.append(action)
        rewards.append(reward)
    return np.array(obs, agent.config.dtype), np.array(taken), rewards


@cache
def _solved() -> ExactPendulum:
    """Solve Pendulum once in each process."""
    return solve()


@cache
def _exact_returns(first_start: int, starts: int) -> Array:
    """Return what the exact policy earns within the time limit from resets with these seeds."""
    with closing(make(PENDULUM)) as env:
        states = []
        for i in range(starts):
            env.reset(first_start + i)
            states.append(env.env.unwrapped.state)
    angle, speed = np.transpose(states)
    path = follow(_solved(), angle, speed, TIME_LIMIT)
    return np.asarray(sum(reward for reward, *_ in path))
