"""Keep the memory of the arrays that every update allocates and frees."""

import numpy as np


def raise_mmap_threshold() -> None:
    """Make glibc's malloc reuse the memory of freed arrays, instead of returning it to the system.

    malloc returns freed blocks above a threshold: 128 KiB at first, then the size of the largest
    mapped block freed so far. Every update of a large network then pays for its pages again: at
    (256, 256) and batch 256, 801 page faults and a third of the time. Freeing 16 MiB once, never
    touched, raises the threshold (mallopt(3), M_MMAP_THRESHOLD). Other allocators ignore it.
    """
    np.empty(2**24, np.uint8)
