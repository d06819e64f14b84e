"""Everything that training moves, in one file: a run goes on from it to the last bit.

T steps so far in the episode, A action entries.
"""

import copy
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from ..ddpg.agent import DDPG, DivergenceError
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import blaming, check_format, load_arrays, restore, save_arrays
from .environment import Environment
from .memory import make_replay
from .run_dir import versions

FORMAT = 1  # of checkpoints
FREE = ("total_steps", "checkpoint_every", "log_every")  # settings that a resume may change


class State:
    """A run between two steps; `step` of them are behind it."""

    def __init__(self, config: Config, env: Environment):
        streams = np.random.default_rng(config.seed).spawn(4)
        agent_rng, self.replay_rng, self.env_rng, eval_rng = streams
        self.eval_seed = _draw_seed(eval_rng)  # the same starts every time: evaluations compare
        self.agent = DDPG(env.obs_dim, env.action_low, env.action_high, config, agent_rng)
        self.best_agent, self.best_return = self.agent, -np.inf
        self.replay = make_replay(config, env.obs_dim, self.agent.action_dim)
        self.step = 0
        self.begin_episode(env)

    def begin_episode(self, env: Environment) -> None:
        """Reset the environment with a seed of the episode's own."""
        self.episode_seed = _draw_seed(self.env_rng)
        self.episode_actions: list[Array] = []  # in [−1, 1]; with the seed they rebuild the episode
        self.obs = env.reset(self.episode_seed)

    def check_finite(self) -> None:
        """Raise DivergenceError if a weight, statistic or moment of Adam's is NaN or infinite."""
        for name, array in _agent_arrays(self.agent, "").items():
            if not np.isfinite(array).all():
                raise DivergenceError(f"step {self.step}: {name} is no longer finite")


def save_checkpoint(path: Path, state: State, log: dict[str, ArrayLike]) -> None:
    """Write the state, and what its log needs to go on, atomically."""
    replay, agent = state.replay, state.agent
    save_arrays(
        path,
        format=FORMAT,
        config=agent.config.to_json(),
        versions=json.dumps(versions()),
        step=state.step,
        best_return=state.best_return,
        replay_rows=replay.rows[: len(replay)],
        replay_rng=_rng_text(state.replay_rng),
        env_rng=_rng_text(state.env_rng),
        episode_seed=state.episode_seed,
        episode_actions=np.reshape(state.episode_actions, (-1, agent.action_dim)),  # (T, A)
        obs=state.obs,
        **_agent_state(agent, ""),
        **_agent_state(state.best_agent, "best_"),
        **log,
    )


def load_checkpoint(path: Path, config: Config, env: Environment) -> tuple[State, dict[str, Array]]:
    """Read a run's state, its episode not yet rebuilt, and all arrays of the file.

    Args:
        config: the run's own; may differ from the file's in the settings of FREE alone.

    Raises:
        CheckpointError: not such a file, damaged, or of another environment, network or setting.
    """
    arrays = load_arrays(path)
    with blaming(path):
        check_format(arrays, FORMAT)
        _refuse_other_settings(Config.from_json(str(arrays["config"])), config)
        state = State(config, env)
        _restore_agent(state.agent, arrays, "")
        state.best_return = float(arrays["best_return"])
        if state.best_return > -np.inf:
            state.best_agent = copy.deepcopy(state.agent)
            _restore_agent(state.best_agent, arrays, "best_")
        state.step = int(arrays["step"])
        if not 0 <= state.step <= config.total_steps:
            raise ValueError(f"step {state.step:,} is outside a run of {config.total_steps:,}")
        state.replay.added = state.step
        restore({"replay_rows": state.replay.rows[: len(state.replay)]}, arrays)
        _set_rng(state.replay_rng, arrays["replay_rng"])
        _set_rng(state.env_rng, arrays["env_rng"])
        state.episode_seed = int(arrays["episode_seed"])
        wanted = (len(arrays["episode_actions"]), state.agent.action_dim)
        if arrays["episode_actions"].shape != wanted or arrays["obs"].shape != (env.obs_dim,):
            raise ValueError(f"{env.name} has other observations or actions than the file")
        if state.step < config.total_steps:
            _warn_of_other_versions(json.loads(str(arrays["versions"])))
        return state, arrays


def rebuild_episode(state: State, env: Environment, arrays: dict[str, Array]) -> bool:
    """Replay the episode in progress; say whether the environment led to the same observation.

    If not, the state stands at the episode's start.
    """
    obs = env.reset(state.episode_seed)
    actions = list(arrays["episode_actions"])
    try:
        for action in actions:
            obs, *_ = env.step(state.agent.action_box.to_env(action))
    except Exception:  # whatever it objects to, it did not the first time
        obs = np.full(env.obs_dim, np.nan)
    repeats = np.array_equal(obs, arrays["obs"])
    if repeats:
        state.obs, state.episode_actions = obs, actions
    else:
        state.obs, state.episode_actions = env.reset(state.episode_seed), []
        state.agent.noise.reset()
        warnings.warn(
            f"{env.name} does not repeat itself: the episode in progress, {len(actions)} steps,"
            " begins again, and the run's bits are not those of an uninterrupted one",
            stacklevel=2,
        )
    env.steps = state.step
    return repeats


def _agent_arrays(agent: DDPG, prefix: str) -> dict[str, Array]:
    """Name an agent's live arrays: its networks', and Adam's two moments of each online one."""
    arrays = {f"{prefix}{name}": array for name, array in agent.arrays().items()}
    for name, adam in (("actor", agent.actor_optimizer), ("critic", agent.critic_optimizer)):
        arrays[f"{prefix}{name}_adam_mean"] = adam.first_moment
        arrays[f"{prefix}{name}_adam_square"] = adam.second_moment
    return arrays


def _agent_state(agent: DDPG, prefix: str) -> dict[str, ArrayLike]:
    """Add to its arrays what else an agent consists of: Adam's counters, noise, generator."""
    return {
        **_agent_arrays(agent, prefix),
        f"{prefix}adam_steps": (agent.actor_optimizer.steps, agent.critic_optimizer.steps),
        f"{prefix}noise": getattr(agent.noise, "state", np.zeros(0)),
        f"{prefix}rng": _rng_text(agent.exploration_rng),
    }


def _restore_agent(agent: DDPG, arrays: dict[str, Array], prefix: str) -> None:
    restore(_agent_arrays(agent, prefix), arrays)
    steps = arrays[f"{prefix}adam_steps"]
    agent.actor_optimizer.steps, agent.critic_optimizer.steps = map(int, steps)
    if hasattr(agent.noise, "state"):
        restore({f"{prefix}noise": agent.noise.state}, arrays)
    _set_rng(agent.exploration_rng, arrays[f"{prefix}rng"])


def _rng_text(rng: Generator) -> str:
    return json.dumps(rng.bit_generator.state)


def _set_rng(rng: Generator, text: Any) -> None:
    rng.bit_generator.state = json.loads(str(text))


def _refuse_other_settings(saved: Config, config: Config) -> None:
    for name, value in vars(saved).items():
        if name not in FREE and value != getattr(config, name):
            raise ValueError(
                f"{name} is {value!r} in the checkpoint and {getattr(config, name)!r} in"
                " config.json: a run goes on under the settings that it began with"
            )


def _warn_of_other_versions(saved: dict[str, str]) -> None:
    now = versions()
    changed = [
        f"{name} {saved.get(name)} (now {now.get(name)})"
        for name in {**saved, **now}
        if saved.get(name) != now.get(name)
    ]
    if changed:
        warnings.warn(
            f"the checkpoint was written under {', '.join(changed)}: the run's bits may not be"
            " those of an uninterrupted one",
            stacklevel=2,
        )


def _draw_seed(rng: Generator) -> int:
    """Draw a seed for one reset, from the 31 bits that every environment takes."""
    return int(rng.integers(2**31))
