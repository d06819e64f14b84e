"""Evaluation: run a policy for some episodes without exploration noise, and sum the rewards.

E episodes, T steps of one, S observation entries, A action entries.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..ddpg.actions import ActionBox
from ..ddpg.agent import DDPG
from ..ddpg.config import Config
from ..nn.layers import Array
from .bar import counting
from .describe import Facts, as_html, as_text
from .environment import Environment, make
from .own_warnings import callers_filters, warn

LONGEST_EPISODE = 100_000
Outcome = tuple[Array, float, bool, bool]  # of a step: obs (S,), reward, terminated, truncated


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

    def __repr__(self) -> str:
        return as_text(self, self._facts())

    def _repr_html_(self) -> str:
        return as_html(self, self._facts())

    def _facts(self) -> Facts:
        spread = f"{short(self.mean)} ± {short(self.std)} (standard deviation over episodes)"
        return (
            {"episodes": str(len(self.returns)), "return": spread},
            {
                "lowest": short(self.returns.min()),
                "highest": short(self.returns.max()),
                "steps per episode": short(self.lengths.mean()),
            },
        )


def evaluate(
    agent: Any,
    env_or_id: Any = None,
    episodes: int = 20,
    seed: int = 10_000,
    discount: float = 1.0,
    progress: bool = False,
    env_kwargs: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Run an agent's policy without noise; episode i resets with seed + i.

    Args:
        agent: anything with  predict(obs, deterministic=True) -> (action, state).
        env_or_id: a Gymnasium id, or an environment that no training run uses. None: the agent's
            own environment, made from env_id and env_kwargs of its config.
        discount: 1 sums the rewards; below 1 gives the discounted return of each start.
        progress: show a bar of the episodes, if standard error is a terminal.
        env_kwargs: arguments of the environment, where env_or_id is an id; none by default. If the
            agent was trained on this id with some, leaving them out causes a warning.

    Raises:
        ValueError: episodes is below 1; an episode does not end within 100,000 steps; the agent
            has another action box or observation size than the environment; or env_kwargs were
            passed without an id.
        TypeError: the agent has no predict(); or no environment was named, and the agent is not a
            DDPG, which names its own.
        ValueError, TypeError, ImportError: the environment cannot be used.
        EnvError: the environment raised an error, which is the cause.
    """
    if episodes < 1:
        raise ValueError(f"episodes = {episodes}: must be at least 1")
    if not hasattr(agent, "predict"):
        hint = "; pass its .agent" if hasattr(agent, "agent") else ""
        what = f"{type(agent).__name__} has none{hint}"
        raise TypeError(f"evaluate takes an agent with a method predict: {what}")
    if env_or_id is None:
        if not isinstance(agent, DDPG):
            kind = type(agent).__name__
            raise TypeError(f"a {kind} does not name its environment: evaluate(agent, env_or_id)")
        if env_kwargs is not None:
            raise ValueError("env_kwargs need an id: evaluate(agent, agent.config.env_id, ...)")
        env_or_id, env_kwargs = agent.config.env_id, agent.config.env_kwargs
    if isinstance(env_or_id, str):
        if env_kwargs is None and isinstance(agent, DDPG):
            _warn_of_left_out(agent.config, env_or_id)
        with callers_filters(), closing(make(env_or_id, **(env_kwargs or {}))) as made:
            return evaluate(agent, made, episodes, seed, discount, progress)
    if env_kwargs is not None:
        raise ValueError("env_kwargs need an id: the environment that was passed is already made")
    env = env_or_id if isinstance(env_or_id, Environment) else Environment(env_or_id)
    refuse_unfit_agent(agent, env)
    counted = env.steps, env.episode
    rewards = []
    with counting(episodes, "episodes", visible=progress) as count:
        for i in range(episodes):
            rewards.append(run_episode(agent, env, seed + i))
            count()
    env.steps, env.episode = counted
    return Evaluation(
        returns=np.array([discounted_returns(r, discount)[0] for r in rewards]),
        lengths=np.array([len(r) for r in rewards]),
    )


def _warn_of_left_out(config: Config, env_id: str) -> None:
    """Warn if the agent was trained with env_kwargs on this id, and is evaluated without them."""
    if config.env_id == env_id and config.env_kwargs:
        how = "leave env_or_id out for the agent's environment, or pass env_kwargs={} for this one"
        warn(f"{env_id} is made without the agent's env_kwargs {config.env_kwargs}: {how}", 3)


def short(number: float, decimals: int = 1, sign: str = "") -> str:
    """Format a number with these decimals, or below 1 with three digits, so only 0 looks like 0."""
    kind = ".3g" if 0 < abs(number) < 1 else f".{decimals}f"
    return f"{number or 0.0:{sign}{kind}}"


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


def retrace(
    env: Environment, seed: int, actions: Sequence[Array], box: ActionBox
) -> Outcome | None:
    """Repeat the actions (in [−1, 1]) of an episode; return the last outcome.

    Returns None if the environment raises, or ends the episode before the last action: neither
    happened before, so the environment is not deterministic.
    """
    counted = env.steps, env.episode
    try:
        outcome: Outcome = env.reset(seed), 0.0, False, False
        for action in actions:
            if outcome[2] or outcome[3]:
                return None
            outcome = env.step(box.to_env(action))
    except Exception:
        return None
    finally:
        env.steps, env.episode = counted
    return outcome


def refuse_unfit_agent(agent: Any, env: Environment) -> None:
    """Refuse a DDPG agent of another action box or observation size than the environment's.

    Raises:
        ValueError: names both.
    """
    if isinstance(agent, DDPG):
        refuse_other_spaces(env, agent.obs_dim, agent.action_box.low, agent.action_box.high)


def refuse_other_spaces(env: Environment, obs_dim: int, low: Array, high: Array) -> None:
    """Refuse an agent with S = obs_dim and the bounds low, high (A,) if the environment has others.

    Bounds that are equal once rounded to the coarser of the two dtypes are the same.

    Raises:
        ValueError: names both.
    """
    sizes, theirs = (obs_dim, len(low)), (env.obs_dim, len(env.action_low))
    if sizes != theirs:
        raise ValueError(
            f"{env.name} has {theirs[0]} observation entries and {theirs[1]} action entries; the"
            f" agent was made for {sizes[0]} and {sizes[1]}"
        )
    for own, bounds in ((low, env.action_low), (high, env.action_high)):
        coarser = min(own.dtype, bounds.dtype, key=lambda dtype: dtype.itemsize)
        differ = own.astype(coarser) != bounds.astype(coarser)
        if differ.any():
            i = int(np.argmax(differ))
            raise ValueError(
                f"{env.name} takes actions in [{env.action_low[i]}, {env.action_high[i]}] in"
                f" dimension {i}; the agent was made for [{low[i]}, {high[i]}]"
            )
