"""How the process keeps the memory of the arrays that every update makes and frees."""

import numpy as np


def raise_mmap_threshold() -> None:
    """Let glibc's malloc reuse what large arrays free, instead of returning it to the system.

    It hands back blocks above the size of the largest mapped one freed so far, 128 KiB at first,
    and every update of a large network then pays for its pages anew: at (256, 256) and batch 256,
    801 page faults and a third of the time. Freeing 16 MiB once, never touched, raises that size
    (mallopt(3), M_MMAP_THRESHOLD). Other allocators take no notice.
    """
    np.empty(2**24, np.uint8)
