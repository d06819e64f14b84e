"""Warn, before the first step, of what a run with these settings cannot do."""

from ..ddpg.config import Config
from .environment import Environment
from .evaluation import LONGEST_EPISODE
from .own_warnings import warn


def warn_before_first_step(config: Config, env: Environment) -> None:
    """Warn if no update will be made, or if an evaluation may never end."""
    for name in ("warmup_steps", "batch_size"):
        if (steps := getattr(config, name)) >= config.total_steps:
            why = f"{name} = {steps}, total_steps = {config.total_steps}"
            warn(f"no update will be made: {why}", stacklevel=3)
            break
    if env.env.spec is None or config.eval_every == 0:
        return
    limit = env.env.spec.max_episode_steps
    if limit is None or limit > LONGEST_EPISODE:
        has = f"a limit of {limit:,} steps" if limit else "no time limit that Gymnasium knows"
        warn(
            f"{config.env_id} has {has}: an evaluation stops the run with an error after"
            f" {LONGEST_EPISODE:,} steps of an episode that does not end by itself; register it"
            " with max_episode_steps, or set eval_every = 0 (--eval-every 0)",
            stacklevel=3,
        )
