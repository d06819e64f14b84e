"""Make the replay buffer, if it fits into the memory of this machine."""

import os

from ..ddpg.config import Config
from ..ddpg.replay import ReplayBuffer


def make_replay(config: Config, obs_dim: int, action_dim: int) -> ReplayBuffer:
    """Make the replay buffer.

    Raises:
        ValueError: it would not fit into this machine's memory.
    """
    try:
        replay = ReplayBuffer(config.replay_capacity, obs_dim, action_dim, config.dtype)
        if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
            if replay.rows.nbytes > memory:
                raise MemoryError(f"{replay.rows.nbytes:,} bytes when full, of {memory:,}")
    except (MemoryError, OverflowError, ValueError) as error:
        capacity = f"replay_capacity = {config.replay_capacity:,}"
        raise ValueError(f"{capacity} does not fit into this machine's memory: {error}") from None
    return replay
