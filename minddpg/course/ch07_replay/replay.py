"""Chapter 07, the replay memory: a replay buffer.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR
from ..engine.observations import Observed
from ..engine.submission import call
from .buffer_probe import (
    BATCH,
    CAPACITY,
    LAST,
    Witness,
    agrees,
    belong_together,
    held,
    mostly,
    nothing,
    numbers,
    transition,
    was_added,
)
from .buffers import ReplayBuffer
from .mistakes import ROWS

DRAWS, MANY = 60, 400  # batches: enough to see every row, and to see how often
STAGES = {
    1: (DRAWS, 1),
    CAPACITY: (DRAWS, BATCH),
    CAPACITY + 1: (DRAWS, BATCH),
    LAST: (MANY, BATCH),
}


@exercise(
    "07.1",
    "A replay buffer",
    BEHAVIOUR,
    stub='''
class ReplayBuffer:
    """Keep copies of the last `capacity` transitions, and draw from them uniformly."""

    def __init__(self, capacity, obs_dim, action_dim):
        raise NotImplementedError

    def add(self, obs, action, reward, next_obs, terminated):
        """Store one transition: (S,), (A,), a number, (S,), a bool. If full, drop the oldest."""
        raise NotImplementedError

    def sample(self, batch_size, rng):
        """Return obs (N, S), action (N, A), reward (N,), next_obs (N, S), terminated (N,).

        Each of the N transitions is any of those held, with equal chances, drawn from rng, a
        np.random.Generator.
        """
        batch = None
        return batch

    def __len__(self):
        """Return how many transitions are held."""
        raise NotImplementedError
''',
    statement="""Write the memory that DDPG learns from. It is finite, and its oldest transition
    makes room for the newest. Think of who else may hold the arrays that you are given, and those
    that you return.""",
    reference=(ReplayBuffer,),
    rows=ROWS,
    compared="what your buffer held and returned with what it should",
)
def check_replay_buffer(buffer: Any) -> dict[str, Any]:
    """Check ReplayBuffer."""
    seen = Witness(buffer)
    lengths, batches = [seen.length()], []
    found: dict[str, Any] = {}
    for k in range(1, LAST + 1):
        seen.add(k)
        lengths.append(seen.length())
        if k in STAGES:
            batches.append(_drawn(seen, k))
            found[f"held after {k}"] = held(batches[-1], k)
    every = [np.concatenate(column) for column in zip(*batches, strict=True)]
    swapped = [mostly(agrees(every, 0, 3)), mostly(agrees(every, 3, 0))]
    opposite = [*every[:4], 1 - every[4].astype(float)]
    drawn = numbers(batches[-1])
    times = np.unique(drawn[drawn > 0], return_counts=True)[1]
    alike = all(
        abs(times - times.sum() / max(len(times), 1)) < 6 * np.sqrt(MANY * BATCH / CAPACITY)
    )
    runs = np.diff(drawn.reshape(-1, BATCH), axis=1).ravel() % CAPACITY == 1
    given, again = seen.repeatable(), seen.repeatable()
    return {
        "length": Observed(lengths, says=f"len(buffer) as it fills: {lengths}"),
        **found,
        "unwritten slots are never drawn": (numbers(every) > 0).all(),
        "parts are such as were added": was_added(every),
        "parts belong together": belong_together(every),
        "obs and next_obs in their places": np.logical_not(swapped),
        "terminated as it was put in": not agrees(opposite, 4, 4).all(),
        "each is drawn as often as any other": alike,
        "each row is drawn by itself": not mostly(runs),
        "one number per transition is (N,)": seen.is_row,
        "your arrays may change afterwards": _keeps_copies(buffer),
        "a batch may be written into": _returns_copies(buffer),
        "batches differ": (given != given[0]).any(),
        "repeats with its rng": np.array_equal(given, again),
    }


def _drawn(seen: Witness, added: int) -> list[Array]:
    times, n = STAGES[added]
    try:
        return seen.many(times, n)
    except ValueError:
        if added > 1:
            raise
        return nothing()  # no row to choose from, though there is one


def _keeps_copies(buffer: Any) -> bool:
    """Add three transitions as an environment does that has only one array of each kind."""
    seen = Witness(buffer)
    given = [np.array(part) for part in transition(1)]
    for k in range(1, BATCH + 1):
        for part, value in zip(given, transition(k), strict=True):
            part[...] = value
        reward, terminated = float(given[2]), bool(given[4])
        parts = given[0], given[1], reward, given[3], terminated
        call(seen.buffer.add, *parts, changes=(0, 1, 3), returns=False)
    for part in given:
        part[...] = 77
    return not any((part == 77).any() for part in seen.many(20, BATCH))


def _returns_copies(buffer: Any) -> bool:
    """Write into batches; see whether that comes back."""
    seen = Witness(buffer, CAPACITY)
    for _ in range(10):
        batch, _ = seen.draw(BATCH, seen.rng)
        for part in batch:
            if isinstance(part, np.ndarray) and part.flags.writeable:
                part[...] = 77
    return not any((part == 77).any() for part in seen.many(10, BATCH))
