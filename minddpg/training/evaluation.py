"""Evaluation: run a policy for some episodes without exploration noise, and sum the rewards.

E episodes, T steps of one.
"""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..nn.layers import Array
from .environment import Environment, make

LONGEST_EPISODE = 100_000


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Returns and lengths (in steps) of independent episodes, in the order of their seeds."""

    returns: Array  #: (E,)
    lengths: Array  #: (E,) int

    @property
    def mean(self) -> float:
        """The mean return."""
        return float(self.returns.mean())

    @property
    def std(self) -> float:
        """The standard deviation over episodes: the spread of the starts, not the mean's error."""
        return float(self.returns.std())


def evaluate(
    agent: Any, env_or_id: Any, episodes: int = 20, seed: int = 10_000, discount: float = 1.0
) -> Evaluation:
    """Run an agent's policy without noise; episode i resets with seed + i.

    Args:
        agent: anything with  predict(obs, deterministic=True) -> (action, state).
        env_or_id: a Gymnasium id, or an environment of its own, not the one of a training run.
        discount: 1 sums the rewards; below 1 gives the discounted return of each start.

    Raises:
        ValueError: no episode was asked for, or one does not end within 100,000 steps.
        ValueError, TypeError, ImportError: the environment cannot be used.
        EnvError: the environment raised an error, which is the cause.
    """
    if episodes < 1:
        raise ValueError(f"episodes = {episodes}: must be at least 1")
    if isinstance(env_or_id, str):
        with closing(make(env_or_id)) as made:
            return evaluate(agent, made, episodes, seed, discount)
    env = env_or_id if isinstance(env_or_id, Environment) else Environment(env_or_id)
    rewards = [run_episode(agent, env, seed + i) for i in range(episodes)]
    return Evaluation(
        returns=np.array([discounted_returns(r, discount)[0] for r in rewards]),
        lengths=np.array([len(r) for r in rewards]),
    )


def discounted_returns(rewards: ArrayLike, discount: float) -> Array:
    """Return R_t = Σ_{i≥t} γ^(i−t) r_i for every t of one episode: (T,) to (T,)."""
    returns = np.array(rewards, np.float64)
    for t in reversed(range(len(returns) - 1)):
        returns[t] += discount * returns[t + 1]
    return returns


def run_episode(agent: Any, env: Environment, seed: int) -> list[float]:
    """Run one episode without noise from the start that `seed` gives; return its rewards.

    Raises:
        ValueError: it does not end within 100,000 steps.
    """
    env.steps, env.episode = 0, f" of the episode with seed {seed}"
    obs = env.reset(seed)
    rewards: list[float] = []
    while len(rewards) < LONGEST_EPISODE:
        action, _ = agent.predict(obs, deterministic=True)
        obs, reward, terminated, truncated = env.step(action)
        rewards.append(reward)
        if terminated or truncated:
            return rewards
    raise ValueError(
        f"{env.name}: an episode did not end within {LONGEST_EPISODE:,} steps;"
        " register it with max_episode_steps"
    )
