"""Exercise 07.1: a replay buffer.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Mistake, Observed, call, edited, exercise
from .buffer_probe import (
    BATCH,
    CAPACITY,
    LAST,
    SHAPES,
    BufferProbe,
    agrees,
    belong_together,
    held,
    mostly,
    numbers,
    transition,
    was_added,
)

DRAWS, MANY = 60, 400  # batches: enough to see every row, and to see how often
STAGES = {
    1: (DRAWS, 1),
    CAPACITY: (DRAWS, BATCH),
    CAPACITY + 1: (DRAWS, BATCH),
    LAST: (MANY, BATCH),
}

SOLUTION = """
class ReplayBuffer:
    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.added = capacity, 0
        self.obs = np.zeros((capacity, obs_dim), np.float32)
        self.action = np.zeros((capacity, action_dim), np.float32)
        self.reward = np.zeros(capacity, np.float32)
        self.next_obs = np.zeros((capacity, obs_dim), np.float32)
        self.terminated = np.zeros(capacity, bool)

    def add(self, obs, action, reward, next_obs, terminated):
        row = self.added % self.capacity
        self.obs[row] = obs
        self.action[row] = action
        self.reward[row] = reward
        self.next_obs[row] = next_obs
        self.terminated[row] = terminated
        self.added += 1

    def sample(self, batch_size, rng):
        i = rng.integers(len(self), size=batch_size)
        parts = self.obs, self.action, self.reward, self.next_obs, self.terminated
        return tuple(part[i] for part in parts)

    def __len__(self):
        return min(self.added, self.capacity)
"""

LIST = """
class ReplayBuffer:
    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.memory = capacity, []

    def add(self, *transition):
        self.memory.append([np.copy(part) for part in transition])
        self.memory = self.memory[-self.capacity :]

    def sample(self, batch_size, rng):
        i = rng.integers(len(self), size=batch_size)
        chosen = [self.memory[k] for k in i]
        return tuple(np.array(part) for part in zip(*chosen))

    def __len__(self):
        return len(self.memory)
"""  # as correct as SOLUTION: where a list invites the mistake

DRAW = "rng.integers(len(self), size=batch_size)"
DRAW_HELD = {"rng.integers(len(self)": "rng.integers(min(self.added, self.capacity)"}

MISTAKES = (
    Mistake(
        "no copy in the buffer",
        "The caller went on to use its arrays, and what you had stored changed with them. An"
        " environment may return the same array at every step: store a copy.",
        edited(LIST, {"[np.copy(part) for part in transition]": "transition"}),
    ),
    Mistake(
        "wraparound off by one",
        "The write index has to run over all of 0 to capacity − 1, then start at 0 again. Draw a"
        " memory of three slots and fill in where transitions 1 to 7 go.",
        {"% self.capacity": "% (self.capacity - 1)"},
        {
            "% self.capacity": "% (self.capacity - 1)",
            "added, self.capacity)": "added, self.capacity - 1)",
        },
        {
            "% self.capacity": "% (self.capacity - 1)",
            "return min(self.added, self.capacity)": """is_full = self.added >= self.capacity - 1
        return self.capacity if is_full else self.added""",
        },
        edited(LIST, {"[-self.capacity :]": "[-(self.capacity + 1) :]"}),
        {
            "row = self.added % self.capacity": """row = self.added
        if row >= self.capacity:
            row = 1 + (row - self.capacity) % (self.capacity - 1)"""
        },
    ),
    Mistake(
        "oldest kept, newest dropped",
        "Once it was full, nothing new came in. The newest transition replaces the oldest.",
        {
            "row = self.added % self.capacity": """if self.added == self.capacity:
            return
        row = self.added"""
        },
    ),
    Mistake(
        "last slot overwritten again and again",
        "Once it was full, every newcomer went to the last slot, and the older ones stayed for"
        " ever. The write index has to start at 0 again.",
        {"self.added % self.capacity": "min(self.added, self.capacity - 1)"},
    ),
    Mistake(
        "never forgets",
        "It grows without bound. With more than `capacity` transitions, drop the oldest.",
        edited(LIST, {"        self.memory = self.memory[-self.capacity :]\n": ""}),
    ),
    Mistake(
        "unwritten slots sampled",
        "Rows were drawn that nothing had been written to. Draw from len(self) rows, not from"
        " capacity.",
        {DRAW: "rng.integers(self.capacity, size=batch_size)"},
    ),
    Mistake(
        "parts of different transitions mixed",
        "An observation came with the reward of another transition. Draw the indices once, and"
        " use them for all five parts.",
        {f"        i = {DRAW}\n": "", "part[i]": f"part[{DRAW}]"},
    ),
    Mistake(
        "newest is never sampled",
        "rng.integers(n) draws from 0 to n − 1: its end is left out already.",
        edited(LIST, {DRAW: "rng.integers(len(self) - 1, size=batch_size)"}),
    ),
    Mistake(
        "last slot is never sampled",
        "rng.integers(n) draws from 0 to n − 1: its end is left out already.",
        {DRAW: "rng.integers(len(self) - 1, size=batch_size)"},
    ),
    Mistake(
        "length counts every add",
        "The length is how many transitions are held, never more than the capacity.",
        {"return min(self.added, self.capacity)": "return self.added", **DRAW_HELD},
    ),
    Mistake(
        "length is the capacity",
        "The length is how many transitions are held by now; an empty memory has none.",
        {"return min(self.added, self.capacity)": "return self.capacity", **DRAW_HELD},
    ),
    Mistake(
        "length is the write index",
        "Once it is full, the length stays at the capacity, wherever the next one is written.",
        {"return min(self.added, self.capacity)": "return self.added % self.capacity", **DRAW_HELD},
    ),
    Mistake(
        "always the newest",
        "There is a memory, but no draw: each batch is what happened last.",
        {DRAW: "np.arange(self.added - batch_size, self.added) % self.capacity"},
    ),
    Mistake(
        "neighbours drawn together",
        "A batch is a run of successive transitions. They are alike, which is what a replay memory"
        " is there to undo: draw each row by itself.",
        {DRAW: "(rng.integers(len(self)) + np.arange(batch_size)) % len(self)"},
    ),
    Mistake(
        "batch is a view of the memory",
        "A slice is a view: whoever writes into the batch writes into the memory. And its rows are"
        " neighbours, which are alike. Draw each row by itself, by its index.",
        {
            f"i = {DRAW}": "start = rng.integers(len(self) - batch_size + 1)",
            "part[i]": "part[start : start + batch_size]",
        },
    ),
    Mistake(
        "not uniform",
        "Some slots are drawn more often than others. Each is to be as likely as any other.",
        {DRAW: "(len(self) * rng.random(batch_size) ** 2).astype(int)"},
    ),
    Mistake(
        "next_obs is obs",
        "The observation before the action stands where the one after it belongs.",
        {"= next_obs": "= obs"},
    ),
    Mistake(
        "obs is next_obs",
        "The observation after the action stands where the one before it belongs.",
        {"= obs\n": "= next_obs\n"},
    ),
    Mistake(
        "next_obs not stored",
        "What comes back as next_obs was never given as one. Nor is it the obs of the next row:"
        " that is another one where an episode ends, and where the ring closes.",
        {"self.reward, self.next_obs": "self.reward, np.roll(self.obs, -1, axis=0)"},
        {"        self.next_obs[row] = next_obs\n": ""},
    ),
    Mistake(
        "terminated not stored",
        "terminated is the same for all. Return what was put in.",
        {"        self.terminated[row] = terminated\n": ""},
    ),
    Mistake(
        "action not stored",
        "What comes back as the action was never given as one.",
        {"        self.action[row] = action\n": ""},
    ),
    Mistake(
        "obs and next_obs swapped",
        "The action was taken in obs, and led to next_obs.",
        {"= obs\n": "= next_obs\n", "self.next_obs[row] = next_obs": "self.next_obs[row] = obs"},
    ),
    Mistake(
        "1 − terminated stored",
        "terminated comes back as its opposite. Return what was put in.",
        {"= terminated": "= not terminated"},
    ),
    Mistake(
        "a column (N, 1) instead of (N,)",
        "One number per transition is a row (N,). A column (N, 1) minus a row (N,) is a table"
        " (N, N), and no error is raised.",
        {
            "zeros(capacity, np.float32)": "zeros((capacity, 1), np.float32)",
            "zeros(capacity, bool)": "zeros((capacity, 1), bool)",
        },
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that is made anew at each call starts anew at each call.",
        *(
            {"rng.integers": f"np.random.default_rng({seed}).integers"}
            for seed in (0, 1, 2, 42, 123)
        ),
    ),
    Mistake(
        "another source of randomness", "", {"rng.integers": "np.random.default_rng().integers"}
    ),
)


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
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="what your buffer held and returned with what it should",
    difficulty=2,
    minutes=15,
    hints=(
        "Make five arrays of zeros in `__init__`, with `capacity` rows each, and count the"
        " transitions that were ever added. Both the row to write and the length follow from that"
        " one count.",
        "`array[row] = value` copies the numbers of `value` into `array`. `list.append(value)`"
        " keeps `value` itself, and whoever else holds it can still change it.",
        "Draw the row numbers once, as an array `i` of N integers. Then `self.obs[i]` is a new"
        " (N, S) array: NumPy copies when the index is an array.",
    ),
)
def check_replay_buffer(buffer: Any) -> dict[str, Any]:
    """Check ReplayBuffer."""
    probe = BufferProbe(buffer)
    lengths, batches = [probe.length()], []
    found: dict[str, Any] = {}
    for k in range(1, LAST + 1):
        probe.add(k)
        lengths.append(probe.length())
        if k in STAGES:
            batches.append(_drawn(probe, k))
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
    given, again = probe.repeatable(), probe.repeatable()
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
        "one number per transition is (N,)": probe.is_row,
        "your arrays may change afterwards": _keeps_copies(buffer),
        "a batch may be written into": _returns_copies(buffer),
        "batches differ": (given != given[0]).any(),
        "repeats with its rng": np.array_equal(given, again),
    }


def _drawn(probe: BufferProbe, added: int) -> list[Array]:
    times, n = STAGES[added]
    try:
        return probe.many(times, n)
    except ValueError:
        if added > 1:
            raise
        # no row to choose from, though there is one
        return [np.zeros((0, *shape)) for shape in SHAPES]


def _keeps_copies(buffer: Any) -> bool:
    """Add three transitions as an environment does that has only one array of each kind."""
    probe = BufferProbe(buffer)
    given = [np.array(part) for part in transition(1)]
    for k in range(1, BATCH + 1):
        for part, value in zip(given, transition(k), strict=True):
            part[...] = value
        reward, terminated = float(given[2]), bool(given[4])
        parts = given[0], given[1], reward, given[3], terminated
        call(probe.buffer.add, *parts, changes=(0, 1, 3), returns=False)
    for part in given:
        part[...] = 77
    return not any((part == 77).any() for part in probe.many(20, BATCH))


def _returns_copies(buffer: Any) -> bool:
    """Write into batches; see whether that comes back."""
    probe = BufferProbe(buffer, CAPACITY)
    for _ in range(10):
        batch, _ = probe.draw(BATCH, probe.rng)
        for part in batch:
            if isinstance(part, np.ndarray) and part.flags.writeable:
                part[...] = 77
    return not any((part == 77).any() for part in probe.many(10, BATCH))
