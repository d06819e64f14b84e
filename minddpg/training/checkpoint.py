"""Checkpoints: the complete training state in one file, so that a resumed run is bit-identical.

T steps so far in the episode, A action entries.
"""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from ..ddpg.agent import DDPG, REMEDY, DivergenceError, check_sizes, check_variances
from ..ddpg.config import Config
from ..nn.layers import Array
from ..storage import (
    as_checkpoint_error,
    check_format,
    checked,
    copy_into,
    load_arrays,
    save_arrays,
)
from .environment import Environment
from .evaluation import refuse_other_spaces, retrace
from .own_warnings import warn
from .replay_memory import make_replay
from .run_dir import versions
from .run_log import MEASURED, METRICS

FORMAT = 1  # of checkpoints
MOST_SECONDS = 1e10  # three hundred years
MAY_CHANGE_ON_RESUME = ("total_steps", "checkpoint_every", "log_every")


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
        """Reset the environment with a newly drawn seed; if it fails, the old episode is kept."""
        seed = _draw_seed(self.env_rng)
        self.obs = env.reset(seed)
        self.episode_seed = seed
        self.episode_actions: list[Array] = []  # in [−1, 1]; with the seed they rebuild the episode
        self.agent.observe(self.obs)

    def is_warming_up(self) -> bool:
        """Return whether this step is one of the warm-up: a random action, and no update."""
        return self.step <= self.agent.config.warmup_steps

    def keep_if_best(self, mean_return: float) -> None:
        """Copy the agent if no earlier one had a higher mean return."""
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
    """Write the state of a run and of its log, atomically.

    Raises:
        TypeError: the agent is of a subclass, which a resume would replace by a DDPG.
    """
    replay, agent = state.replay, state.agent
    if type(agent) is not DDPG:
        raise TypeError(f"a checkpoint holds a DDPG, not a {type(agent).__name__}: use its save()")
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
        config: of the run; it may differ from the saved one only in MAY_CHANGE_ON_RESUME.

    Raises:
        CheckpointError: it is damaged, not a checkpoint, or of another environment or settings.
    """
    arrays = load_arrays(path)
    with as_checkpoint_error(path):
        check_format(arrays, FORMAT)
        _refuse_other_settings(Config.from_json(str(checked(arrays, "config", "U"))), config)
        if "action_low" in arrays:  # not in older files
            low = checked(arrays, "action_low", "f", (-1,))
            high = checked(arrays, "action_high", "f", low.shape)
            refuse_other_spaces(env, int(checked(arrays, "obs_dim", "iu")), low, high)
        _check_fields(arrays, config, env)
        check_sizes(arrays, env.obs_dim, env.action_low.size, config)
        state = State(config, env)
        _restore_agent(state.agent, arrays, "")
        state.best_return = float(arrays["best_return"])
        if state.best_return > -np.inf:
            state.best_agent = copy.deepcopy(state.agent)
            _restore_agent(state.best_agent, arrays, "best_")
        state.step = int(arrays["step"])
        state.replay.added = int(arrays.get("replay_added", state.step))  # older: one per step
        copy_into({"replay_rows": state.replay.rows[: len(state.replay)]}, arrays)
        _set_rng(state.replay_rng, arrays, "replay_rng")
        _set_rng(state.env_rng, arrays, "env_rng")
        state.episode_seed = int(arrays["episode_seed"])
        if state.step < config.total_steps:
            _warn_of_other_versions(_parsed(arrays, "versions"))
        return state, arrays


def rebuild_episode(state: State, env: Environment, arrays: dict[str, Array]) -> bool:
    """Repeat the actions of the current episode; return whether they led to the same observation.

    If they did not, warn and begin the episode again. If the log counts no step of the episode, it
    had ended, and the environment failed to begin the next one: then keep it as it is.
    """
    actions = list(arrays["episode_actions"])
    if actions and arrays["log_counts"][2] == 0:  # it had ended: a reset is next
        state.obs, state.episode_actions, env.steps = arrays["obs"], actions, state.step
        return True
    outcome = retrace(env, state.episode_seed, actions, state.agent.action_box)
    repeats = (
        outcome is not None
        and np.array_equal(outcome[0], arrays["obs"])
        and not (outcome[2] or outcome[3])  # a time limit that was lowered ends it
    )
    if outcome is not None and repeats:
        state.obs, state.episode_actions = outcome[0], actions
    else:
        state.obs, state.episode_actions = env.reset(state.episode_seed), []
        state.agent.noise.reset()
        warn(
            f"{env.name} is not deterministic: the episode in progress, {len(actions)} steps,"
            " begins again, and the run is not bit-identical to an uninterrupted one",
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
    """Return the whole state of an agent: arrays, counters of Adam, noise, random generator."""
    return {
        **agent_arrays(agent, prefix),
        f"{prefix}adam_steps": (agent.actor_optimizer.steps, agent.critic_optimizer.steps),
        f"{prefix}noise": getattr(agent.noise, "state", np.zeros(0)),
        f"{prefix}rng": _rng_text(agent.exploration_rng),
    }


def _restore_agent(agent: DDPG, arrays: dict[str, Array], prefix: str) -> None:
    copy_into(agent_arrays(agent, prefix), arrays)
    check_variances(agent_arrays(agent, prefix))
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
        raise ValueError(f"{name} is not the state of a random generator ({error})") from None


def _parsed(arrays: dict[str, Array], name: str) -> dict[str, Any]:
    try:
        found = json.loads(str(checked(arrays, name, "U")))
    except json.JSONDecodeError as error:
        raise ValueError(f"{name} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{name} is not a JSON object")
    return found


def _check_fields(arrays: dict[str, Array], config: Config, env: Environment) -> None:
    """Check the fields that are read one by one; copy_into checks those of agent and replay.

    Raises:
        KeyError, ValueError: a field is missing, or has a value that no run writes; names it.
    """
    step = int(checked(arrays, "step", "iu", least=0, most=config.total_steps))
    if "replay_added" in arrays:  # not in older files
        checked(arrays, "replay_added", "iu", least=0)
    counts = {"adam_steps": (2,), "best_adam_steps": (2,), "log_counts": (3,), "log_rows": ()}
    for name, shape in counts.items():
        checked(arrays, name, "iu", shape, least=0, most=step)
    for name in ("actor_adam_square", "critic_adam_square"):
        for prefix in ("", "best_"):
            checked(arrays, prefix + name, "f", (-1,), least=0)
    checked(arrays, "episode_seed", "iu", least=0, most=2**31 - 1)
    actions = checked(arrays, "episode_actions", "f", (-1, env.action_low.size), least=-1, most=1)
    checked(arrays, "obs", "biuf", (env.obs_dim,))
    evaluated = checked(arrays, "log_evaluated", "iu", (-1,), least=1, most=step)
    evaluations = evaluated.size
    each = (evaluations, config.eval_episodes) if evaluations else (0,)
    returns = checked(arrays, "log_returns", "iuf", each)
    checked(arrays, "log_lengths", "iuf", each, least=1)
    checked(arrays, "log_time_elapsed", "f", least=0, most=MOST_SECONDS)
    checked(arrays, "log_episode_return", "f")
    recent = checked(arrays, "log_recent", "f", (-1, 2))
    checked(arrays, "log_metrics", "f", (len(METRICS), -1))
    if "log_measured" in arrays:  # not in older files
        checked(arrays, "log_measured", "f", (len(MEASURED), -1))
    _, episodes, length = arrays["log_counts"]
    for name, agrees in (
        # length 0: the episode had ended, and the environment failed to begin the next one
        ("log_counts", length in (len(actions), 0) and len(actions) <= step),
        ("log_recent", len(recent) == min(episodes, 100)),
        ("log_evaluated", (np.diff(evaluated.astype(np.int64)) > 0).all()),
        ("log_rows", arrays["log_rows"] >= evaluations),
    ):
        if not agrees:
            raise ValueError(f"{name} contradicts the other counts")
    best = max((float(row.mean()) for row in returns), default=-np.inf)
    if arrays["best_return"].shape or arrays["best_return"] != best:
        why = f"the best of its evaluations has {best}"
        raise ValueError(f"best_return is {arrays['best_return']}, {why}")


def _refuse_other_settings(saved: Config, config: Config) -> None:
    for name, value in vars(saved).items():
        if name not in MAY_CHANGE_ON_RESUME and value != getattr(config, name):
            raise ValueError(
                f"{name} is {value!r} in the checkpoint and {getattr(config, name)!r} in"
                " config.json: a run must resume with the settings that it began with"
            )


def _warn_of_other_versions(saved: dict[str, Any]) -> None:
    now = versions()
    changed = [
        f"{name} {saved[name]} (now {now.get(name)})"
        for name in saved  # an older version may have recorded less
        if saved[name] != now.get(name)
    ]
    if changed:
        warn(
            f"the checkpoint was written under {', '.join(changed)}: the run may not be"
            " bit-identical to an uninterrupted one",
            stacklevel=2,
        )


def _draw_seed(rng: Generator) -> int:
    """Draw a seed of 31 bits for a reset: every environment accepts such a seed."""
    return int(rng.integers(2**31))
