"""Memory: a replay buffer that fits into the machine, and freed blocks that malloc keeps."""

import os

import numpy as np

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


def keep_freed_memory() -> None:
    """Let glibc's malloc reuse what large arrays free, instead of returning it to the system.

    It hands back blocks above the size of the largest mapped one freed so far, 128 KiB at first,
    and every update of a large network then pays for its pages anew: at (256, 256) and batch 256,
    801 page faults and a third of the time. Freeing 16 MiB once, never touched, raises that size
    (mallopt(3), M_MMAP_THRESHOLD). Other allocators take no notice.
    """
    np.empty(2**24, np.uint8)
