"""Make the replay buffer, if it fits into the memory of this machine."""

import os
import sys

from ..ddpg.config import Config
from ..ddpg.replay import ReplayBuffer


def make_replay(config: Config, obs_dim: int, action_dim: int) -> ReplayBuffer:
    """Make the replay buffer.

    Raises:
        ValueError: it would not fit into this machine's memory.
    """
    capacity = config.replay_capacity
    size = capacity * ReplayBuffer(1, obs_dim, action_dim, config.dtype).rows.nbytes
    memory = _memory()
    too_large = f"replay_capacity = {capacity:,} does not fit into this machine's memory:"
    if memory is not None and size > memory:
        raise ValueError(f"{too_large} {size:,} bytes when full, of {memory:,}")
    try:
        return ReplayBuffer(capacity, obs_dim, action_dim, config.dtype)
    except (MemoryError, ValueError) as error:  # NumPy's ValueError: beyond what it can index
        raise ValueError(f"{too_large} {error}") from None


def _memory() -> int | None:
    """Return the size of this machine's memory in bytes, None if the system does not say."""
    if sys.platform == "win32" or "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
