"""Exercise 07.1: a replay buffer.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ..engine import BEHAVIOUR, Observed, exercise
from .buffer_probe import (
    BY_CHANCE,
    BufferProbe,
    are_apart,
    by_chance,
    held,
    keeps_batches,
    keeps_copies,
    returns_copies,
    share_memory,
)
from .drawn_rows import FIELDS, Drawn, transitions
from .replay_mistakes import SOLUTION, STORING
from .sample_mistakes import EQUIVALENTS, SAMPLING

CHANCE = "rows are drawn by chance"
SHAPE = "one number per transition is (N,)"
APART = "a second buffer leaves the first alone"


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

        Each of the N transitions is drawn from all those held, with equal chances, by rng, a
        np.random.Generator. batch_size is at most len(self).
        """
        batch = None
        return batch

    def __len__(self):
        """Return how many transitions are held."""
        raise NotImplementedError
''',
    statement="""Write the replay buffer. When it is full, the newest transition replaces the
    oldest. The caller may reuse the arrays that it gives you and change the arrays that you
    return. Neither must change the contents of the buffer.""",
    solution=SOLUTION,
    mistakes=(*STORING, *SAMPLING),
    equivalents=EQUIVALENTS,
    compared="what your buffer held and returned with what it should hold and return",
    cases=(
        {"batch_size": 4, "capacity": 7, "obs_dim": 5, "action_dim": 3, "sign": 1, "batches": 270},
        {"batch_size": 5, "capacity": 9, "obs_dim": 3, "action_dim": 1, "sign": -1},
    ),
    difficulty=2,
    importance=3,
    minutes=15,
    hints=(
        "Make five arrays of zeros in `__init__`, with `capacity` rows each, and count the"
        " transitions added so far. Both the row to write and the length follow from that count.",
        "`array[row] = value` copies the numbers of `value` into `array`. `list.append(value)`"
        " keeps `value` itself, so the caller can still change it.",
        "Draw the row numbers once, as an array `i` of N integers. Then `self.obs[i]` is a new"
        " (N, S) array: NumPy copies when the index is an array.",
    ),
)
def check_replay_buffer(
    buffer: Any,
    batch_size: int,
    capacity: int,
    obs_dim: int,
    action_dim: int,
    sign: int,
    batches: int = 0,
) -> dict[str, Any]:
    """Check ReplayBuffer.

    If the length, the draw or the contents are wrong, the observations that depend on them are
    left out.

    Args:
        batches: enough to compare how often each row is drawn; 0 to leave that out.
    """
    n, last = batch_size, 2 * capacity + 5
    added = transitions(last + 2, obs_dim, action_dim, sign)
    if share_memory(buffer, capacity, added):
        shared = "transitions that were added to one buffer appeared in another"
        return {APART: Observed(False, message=shared)}
    probe = BufferProbe(buffer, capacity, added)
    lengths, drawn = _filled(probe, last)
    found = {"length": Observed(lengths, message=f"len(buffer) as it fills: {lengths}")}
    rows = []
    if lengths == [min(k, capacity) for k in range(last + 1)]:
        drawn[last] = probe.all_held(n)
        rows = [probe.first_numbers(n, seed) for seed in (1, 1, 2)]
        found[CHANCE] = by_chance(np.concatenate(rows[1:]), capacity, last)
    if not rows or found[CHANCE].value == BY_CHANCE:
        names = {1: "after the first add", 3: "after three", capacity: "when full"}
        names |= {capacity + 1: "after one more", last: "after twice as many"}
        found |= {f"held {names[k]}": held(probe, some, k) for k, some in drawn.items()}
    if drawn:
        found |= _what_comes_back(drawn) | {SHAPE: Observed(probe.is_row)}
    if not rows or found[CHANCE].value != BY_CHANCE:
        return found
    if all(some.is_as_added() for some in drawn.values()):
        found |= _chances(probe.many(batches, n), n) if batches else {}
        probe.add([last + 1])
        if probe.all_held(n).holds_the_last(last + 1, capacity):
            other = "transitions that were added to a second buffer changed the first"
            found[APART] = Observed(are_apart(probe, last + 1), message=other)
    new = BufferProbe(buffer, capacity, added), BufferProbe(buffer, capacity, added)
    return found | {
        "float32 arrays may change afterwards": keeps_copies(new[0], n, np.float32),
        "float64 arrays may change afterwards": keeps_copies(new[1], n, np.float64),
        "a batch stays as it is": keeps_batches(probe, n, range(1, last)),
        "a batch may be written into": returns_copies(probe, n),
        "repeats with its rng": np.array_equal(rows[0], rows[1]),
        "another rng draws other rows": not np.array_equal(rows[0], rows[2]),
    }


def _filled(probe: BufferProbe, last: int) -> tuple[list[int], dict[int, Drawn]]:
    """Add transitions 1 to `last`; return the lengths, and the rows drawn after some of them."""
    lengths, drawn = [probe.length()], {}
    for k in range(1, last + 1):
        probe.add([k])
        lengths.append(probe.length())
        n = min(k, probe.capacity)
        if k in (1, 3, probe.capacity, probe.capacity + 1) and lengths[-1] >= n:
            drawn[k] = probe.all_held(n)
    return lengths, drawn


def _chances(often: Drawn, n: int) -> dict[str, Observed]:
    """Observe how often each transition is drawn, and which transitions share a batch."""
    return {
        "all are drawn equally often": often.chances(),
        "a batch is not one row repeated": often.varied(n),
        "a batch is not a run of neighbours": often.no_runs(n),
        "each row is drawn independently": often.independent(n),
    }


def _what_comes_back(drawn: dict[int, Drawn]) -> dict[str, Observed]:
    """Observe the parts of the rows that were drawn after different numbers of adds."""
    columns = zip(*(some.parts for some in drawn.values()), strict=True)
    every = Drawn([np.concatenate(column) for column in columns], next(iter(drawn.values())).added)
    unwritten = [k for k in drawn if not np.isin(drawn[k].numbers, np.arange(1, k + 1)).all()]
    message = "a row that had never been added was drawn when the number of adds was"
    return {
        **({"the first transition comes back": drawn[1].first()} if 1 in drawn else {}),
        "no row is drawn that was never added": Observed(
            not unwritten, message=f"{message} {' and '.join(map(str, unwritten))}"
        ),
        **{f"{name} comes back": every.field(i) for i, name in enumerate(FIELDS)},
        "parts belong together": every.together(),
        "parts differ from row to row": list(drawn.values())[-1].differ(),
    }
