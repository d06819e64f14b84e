"""Chapter 07, the replay memory: the mistakes that are known of a buffer.

N batch.
"""

from typing import Any

from ..engine.exercise import Row
from . import buffers

WRAP = """The write index has to run over all of 0 to capacity − 1, then start at 0 again. Draw a
    memory of three slots and fill in where transitions 1 to 7 go."""


def _row(mistake: str, buffer: type[Any], why: str = "") -> Row:
    return Row(mistake, (buffer,), " ".join(why.split()))


ROWS = (
    _row(
        "no copy in the buffer",
        buffers.Queue,
        """The caller went on to use its arrays, and what you had stored changed with them. An
        environment may return the same array at every step: store a copy.""",
    ),
    _row("wraparound off by one", buffers.ring(place=buffers.one_slot_unused), WRAP),
    _row(
        "wraparound off by one",
        buffers.ring(
            place=buffers.one_slot_unused, __len__=lambda self: min(self.added, self.capacity - 1)
        ),
        WRAP,
    ),
    _row(
        "wraparound off by one",
        buffers.ring(place=buffers.one_slot_unused, __len__=buffers.full_too_early),
        WRAP,
    ),
    _row("wraparound off by one", buffers.queue(drop=buffers.one_slot_too_many), WRAP),
    _row("wraparound off by one", buffers.ring(place=buffers.first_slot_kept), WRAP),
    *(
        _row(
            "oldest kept, newest dropped",
            buffers.ring(add=add),
            """Once it was full, nothing new came in. The newest transition replaces the oldest.""",
        )
        for add in (buffers.newest_dropped, buffers.newest_dropped_yet_counted)
    ),
    _row(
        "last slot overwritten again and again",
        buffers.ring(place=buffers.last_slot_again),
        """Once it was full, every newcomer went to the last slot, and the older ones stayed for
        ever. The write index has to start at 0 again.""",
    ),
    _row(
        "never forgets",
        buffers.queue(drop=lambda self: None),
        """It grows without bound. With more than `capacity` transitions, drop the oldest.""",
    ),
    _row(
        "unwritten slots sampled",
        buffers.ring(pick=lambda self, n, rng: rng.integers(self.capacity, size=n)),
        """Rows were drawn that nothing had been written to. Draw from len(self) rows, not from
        capacity.""",
    ),
    _row(
        "parts of different transitions mixed",
        buffers.ring(sample=buffers.mixed),
        """An observation came with the reward of another transition. Draw the indices once, and
        use them for all five parts.""",
    ),
    _row(
        "newest is never sampled",
        buffers.queue(pick=lambda self, n, rng: rng.integers(len(self) - 1, size=n)),
        """rng.integers(n) draws from 0 to n − 1: its end is left out already.""",
    ),
    _row(
        "last slot is never sampled",
        buffers.ring(pick=lambda self, n, rng: rng.integers(len(self) - 1, size=n)),
        """rng.integers(n) draws from 0 to n − 1: its end is left out already.""",
    ),
    _row(
        "length counts every add",
        buffers.ring(
            __len__=lambda self: self.added,
            pick=lambda self, n, rng: rng.integers(min(self.added, self.capacity), size=n),
        ),
        """The length is how many transitions are held, never more than the capacity.""",
    ),
    _row(
        "length is the capacity",
        buffers.ring(
            __len__=lambda self: self.capacity,
            pick=lambda self, n, rng: rng.integers(min(self.added, self.capacity), size=n),
        ),
        """The length is how many transitions are held by now; an empty memory has none.""",
    ),
    _row(
        "length is the write index",
        buffers.ring(
            __len__=buffers.ReplayBuffer.place,
            pick=lambda self, n, rng: rng.integers(min(self.added, self.capacity), size=n),
        ),
        """Once it is full, the length stays at the capacity, wherever the next one is written.""",
    ),
    _row(
        "always the newest",
        buffers.ring(pick=buffers.newest),
        """There is a memory, but no draw: each batch is what happened last.""",
    ),
    _row(
        "neighbours drawn together",
        buffers.ring(pick=buffers.neighbours),
        """A batch is a run of successive transitions. They are alike, which is what a replay memory
        is there to undo: draw each row by itself.""",
    ),
    _row(
        "batch is a view of the memory",
        buffers.ring(sample=buffers.slices),
        """A slice is a view: who writes into the batch writes into the memory. And its rows are
        neighbours, which are alike. Draw each row by itself, by its index.""",
    ),
    _row(
        "not uniform",
        buffers.ring(pick=buffers.squared),
        """Some slots are drawn more often than others. Each is to be as likely as any other.""",
    ),
    _row(
        "next_obs is obs",
        buffers.changed(lambda o, a, r, to, end: (o, a, r, o, end)),
        """Where an observation belongs that came after the action, there is the one before it.""",
    ),
    _row(
        "obs is next_obs",
        buffers.changed(lambda o, a, r, to, end: (to, a, r, to, end)),
        """Where the observation belongs that was acted on, there is the one after it.""",
    ),
    *(
        _row(
            "next_obs not stored",
            buffer,
            """What comes back as next_obs was never given as one. Nor is it the obs of the next
            row: that is another one where an episode ends, and where the ring closes.""",
        )
        for buffer in (
            buffers.ring(sample=buffers.next_row),
            buffers.changed(lambda o, a, r, to, end: (o, a, r, 0 * to, end)),
        )
    ),
    _row(
        "terminated not stored",
        buffers.changed(lambda o, a, r, to, end: (o, a, r, to, 0 * end)),
        """terminated is the same for all. Return what was put in.""",
    ),
    _row(
        "action not stored",
        buffers.changed(lambda o, a, r, to, end: (o, 0 * a, r, to, end)),
        """What comes back as the action was never given as one.""",
    ),
    _row(
        "obs and next_obs swapped",
        buffers.changed(lambda o, a, r, to, end: (to, a, r, o, end)),
        """The action was taken in obs, and led to next_obs.""",
    ),
    _row(
        "1 − terminated stored",
        buffers.changed(lambda o, a, r, to, end: (o, a, r, to, 1 - end)),
        """terminated comes back as its opposite. Return what was put in.""",
    ),
    _row(
        "a column (N, 1) instead of (N,)",
        buffers.changed(lambda o, a, r, to, end: (o, a, r[:, None], to, end[:, None])),
        """One number per transition is a row (N,). A column (N, 1) minus a row (N,) is a table
        (N, N), and no error is raised.""",
    ),
    *(
        _row(
            "the same numbers at every call",
            buffers.ring(pick=buffers.seeded(seed)),
            """A generator that is made anew at each call starts anew at each call.""",
        )
        for seed in (0, 1, 2, 42, 123)
    ),
    _row("another source of randomness", buffers.ring(pick=buffers.seeded(None))),
)
