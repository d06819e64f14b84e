"""Warn before training if no update will be made, or if an evaluation may never end."""

from ..ddpg.config import Config
from .environment import Environment
from .evaluation import LONGEST_EPISODE
from .own_warnings import warn


def warn_before_first_step(config: Config) -> None:
    """Warn if no update will be made."""
    for name in ("warmup_steps", "batch_size"):
        if (steps := getattr(config, name)) >= config.total_steps:
            why = f"{name} = {steps}, total_steps = {config.total_steps}"
            warn(f"no update will be made: {why}", stacklevel=3)
            break


def warn_before_first_evaluation(env_id: str, env: Environment) -> None:
    """Warn that an evaluation may never end, unless Gymnasium knows a short enough time limit.

    Call it only if no episode was truncated so far: an environment may have a time limit that
    Gymnasium does not know.
    """
    if env.env.spec is None:
        return
    limit = env.env.spec.max_episode_steps
    if limit is None or limit > LONGEST_EPISODE:
        has = f"a limit of {limit:,} steps" if limit else "no time limit that Gymnasium knows"
        warn(
            f"{env_id} has {has}, and no episode was truncated so far: if an episode of an"
            f" evaluation does not end within {LONGEST_EPISODE:,} steps, the run stops with an"
            " error; register the environment with max_episode_steps, or set eval_every = 0"
            " (--eval-every 0)",
            stacklevel=4,
        )
