"""Checkpoints: the complete training state in one file, so that a resumed run is bit-identical.

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
from ..storage import as_checkpoint_error, check_format, copy_into, load_arrays, save_arrays
from .environment import REMEDY, Environment
from .evaluation import refuse_other_spaces, retrace
from .replay_memory import make_replay
from .run_dir import versions

FORMAT = 1  # of checkpoints
MAY_CHANGE_ON_RESUME = ("total_steps", "checkpoint_every", "log_every")
KINDS = {  # of the arrays that copy_into() does not check: letters of their dtype, their shape
    **dict.fromkeys(("step", "replay_added", "episode_seed", "obs_dim", "log_rows"), ("iu", ())),
    **dict.fromkeys(("adam_steps", "best_adam_steps"), ("iu", (2,))),
    "log_counts": ("iu", (3,)),
    **dict.fromkeys(("best_return", "log_time_elapsed", "log_episode_return"), ("f", ())),
    **dict.fromkeys(("action_low", "action_high"), ("f", (None,))),
    "episode_actions": ("f", (None, None)),
    "obs": ("biuf", (None,)),
}


class State:
    """The state of a run between two steps, after `step` of them."""

    def __init__(self, config: Config, env: Environment):
        streams = np.random.default_rng(config.seed).spawn(4)
        agent_rng, self.replay_rng, self.env_rng, eval_rng = streams
        self.eval_seed = _draw_seed(eval_rng)  # the same starts at every evaluation
        self.agent = DDPG(env.obs_dim, env.action_low, env.action_high, config, agent_rng)
        self.best_agent, self.best_return = self.agent, -np.inf
        self.replay = make_replay(config, env.obs_dim, self.agent.action_dim)
        self.step = 0
        self.begin_episode(env)

    def begin_episode(self, env: Environment) -> None:
        """Reset the environment with a newly drawn seed."""
        self.episode_seed = _draw_seed(self.env_rng)
        self.episode_actions: list[Array] = []  # in [−1, 1]; seed and actions rebuild the episode
        self.obs = env.reset(self.episode_seed)

    def is_warming_up(self) -> bool:
        """Return whether this step is one of the warm-up: a random action, and no update."""
        return self.step <= self.agent.config.warmup_steps

    def keep_if_best(self, mean_return: float) -> None:
        """Keep a copy of the agent if no earlier one was better."""
        if mean_return >= self.best_return:
            self.best_agent, self.best_return = copy.deepcopy(self.agent), mean_return

    def check_finite(self) -> None:
        """Check every weight, statistic and moment of Adam.

        Raises:
            DivergenceError: one of them is NaN or infinite.
        """
        for name, array in agent_arrays(self.agent).items():
            if not np.isfinite(array).all():
                what = f"{name} is no longer finite; {REMEDY}"
                raise DivergenceError(f"step {self.step}: {what}")


def save_checkpoint(path: Path, state: State, log: dict[str, ArrayLike]) -> None:
    """Write the state of a run and of its log, whole or not at all."""
    replay, agent = state.replay, state.agent
    save_arrays(
        path,
        format=FORMAT,
        config=agent.config.to_json(),
        versions=json.dumps(versions()),
        obs_dim=agent.obs_dim,
        action_low=agent.action_box.low,
        action_high=agent.action_box.high,
        step=state.step,
        best_return=state.best_return,
        replay_rows=replay.rows[: len(replay)],
        replay_added=replay.added,
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
    """Read the state of a run, and all arrays of the file; rebuild_episode() does the rest.

    Args:
        config: of the run; may differ from that in the file in MAY_CHANGE_ON_RESUME only.

    Raises:
        CheckpointError: no checkpoint, damaged, or of another environment, network or setting.
    """
    arrays = load_arrays(path)
    with as_checkpoint_error(path):
        check_format(arrays, FORMAT)
        _refuse_impossible(arrays)
        _refuse_other_settings(Config.from_json(str(arrays["config"])), config)
        if "action_low" in arrays:  # older files do not say it
            box = arrays["action_low"], arrays["action_high"]
            refuse_other_spaces(env, int(arrays["obs_dim"]), *box)
        state = State(config, env)
        _restore_agent(state.agent, arrays, "")
        state.best_return = float(arrays["best_return"])
        if state.best_return > -np.inf:
            state.best_agent = copy.deepcopy(state.agent)
            _restore_agent(state.best_agent, arrays, "best_")
        state.step = int(arrays["step"])
        if not 0 <= state.step <= config.total_steps:
            raise ValueError(f"step {state.step:,} is outside a run of {config.total_steps:,}")
        state.replay.added = int(arrays.get("replay_added", state.step))  # older: one per step
        copy_into({"replay_rows": state.replay.rows[: len(state.replay)]}, arrays)
        _set_rng(state.replay_rng, arrays, "replay_rng")
        _set_rng(state.env_rng, arrays, "env_rng")
        state.episode_seed = int(arrays["episode_seed"])
        wanted = (len(arrays["episode_actions"]), state.agent.action_dim)
        if arrays["episode_actions"].shape != wanted or arrays["obs"].shape != (env.obs_dim,):
            raise ValueError(f"{env.name} has other observations or actions than the file")
        if state.step < config.total_steps:
            _warn_of_other_versions(_parsed(arrays, "versions"))
        return state, arrays


def rebuild_episode(state: State, env: Environment, arrays: dict[str, Array]) -> bool:
    """Take the actions of the episode in progress again; say if the same observation came out.

    If it did not, a warning is given and the episode begins again.
    """
    actions = list(arrays["episode_actions"])
    outcome = retrace(env, state.episode_seed, actions, state.agent.action_box)
    repeats = outcome is not None and np.array_equal(outcome[0], arrays["obs"])
    if outcome is not None and repeats:
        state.obs, state.episode_actions = outcome[0], actions
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


def agent_arrays(agent: DDPG, prefix: str = "") -> dict[str, Array]:
    """Name the live arrays of an agent: of its networks, and of their optimisers."""
    arrays = {f"{prefix}{name}": array for name, array in agent.arrays().items()}
    for name, adam in (("actor", agent.actor_optimizer), ("critic", agent.critic_optimizer)):
        arrays[f"{prefix}{name}_adam_mean"] = adam.first_moment
        arrays[f"{prefix}{name}_adam_square"] = adam.second_moment
    return arrays


def _agent_state(agent: DDPG, prefix: str) -> dict[str, ArrayLike]:
    """Add the rest of an agent to its arrays: counters of Adam, noise, random generator."""
    return {
        **agent_arrays(agent, prefix),
        f"{prefix}adam_steps": (agent.actor_optimizer.steps, agent.critic_optimizer.steps),
        f"{prefix}noise": getattr(agent.noise, "state", np.zeros(0)),
        f"{prefix}rng": _rng_text(agent.exploration_rng),
    }


def _restore_agent(agent: DDPG, arrays: dict[str, Array], prefix: str) -> None:
    copy_into(agent_arrays(agent, prefix), arrays)
    steps = arrays[f"{prefix}adam_steps"]
    agent.actor_optimizer.steps, agent.critic_optimizer.steps = map(int, steps)
    if hasattr(agent.noise, "state"):
        copy_into({f"{prefix}noise": agent.noise.state}, arrays)
    _set_rng(agent.exploration_rng, arrays, f"{prefix}rng")


def _rng_text(rng: Generator) -> str:
    return json.dumps(rng.bit_generator.state)


def _set_rng(rng: Generator, arrays: dict[str, Array], name: str) -> None:
    try:
        rng.bit_generator.state = _parsed(arrays, name)
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} is no state of a random generator ({error})") from None


def _parsed(arrays: dict[str, Array], name: str) -> dict[str, Any]:
    found = json.loads(str(arrays[name]))
    if not isinstance(found, dict):
        raise ValueError(f"{name} is not a JSON object")
    return found


def _refuse_impossible(arrays: dict[str, Array]) -> None:
    """Refuse values that no run writes: another kind of value, negative counts, NaN.

    Raises:
        ValueError: names the array.
    """
    for name in KINDS.keys() & arrays.keys():
        (letters, wanted), array = KINDS[name], arrays[name]
        fits = len(wanted) == array.ndim and all(
            size in (None, found) for size, found in zip(wanted, array.shape, strict=True)
        )
        if not fits or array.dtype.kind not in letters:
            what = f"{array.dtype} of shape {array.shape}"
            raise ValueError(f"{name} is {what}, which no run writes there")
    for name, array in arrays.items():
        if array.dtype.kind == "i" and name != "obs" and (array < 0).any():
            raise ValueError(f"{name} is {array}: must be at least 0")
        no_best = name == "best_return" and array == -np.inf  # before the first evaluation
        if array.dtype.kind == "f" and not np.isfinite(array).all() and not no_best:
            raise ValueError(f"{name} holds a number that is not finite")


def _refuse_other_settings(saved: Config, config: Config) -> None:
    for name, value in vars(saved).items():
        if name not in MAY_CHANGE_ON_RESUME and value != getattr(config, name):
            raise ValueError(
                f"{name} is {value!r} in the checkpoint and {getattr(config, name)!r} in"
                " config.json: a run resumes under the settings that it began with"
            )


def _warn_of_other_versions(saved: dict[str, Any]) -> None:
    now = versions()
    changed = [
        f"{name} {saved[name]} (now {now.get(name)})"
        for name in saved  # an older version may have noted less
        if saved[name] != now.get(name)
    ]
    if changed:
        warnings.warn(
            f"the checkpoint was written under {', '.join(changed)}: the run's bits may not be"
            " those of an uninterrupted one",
            stacklevel=2,
        )


def _draw_seed(rng: Generator) -> int:
    """Draw a seed for a reset, of 31 bits: every environment accepts that."""
    return int(rng.integers(2**31))
