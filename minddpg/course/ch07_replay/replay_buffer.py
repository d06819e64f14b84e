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

DRAWS, MANY = 60, 400  # batches: enough to draw every row; enough to compare how often
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
"""  # another correct answer, for the mistakes that a list invites

DRAW = "rng.integers(len(self), size=batch_size)"
DRAW_HELD = {"rng.integers(len(self)": "rng.integers(min(self.added, self.capacity)"}

MISTAKES = (
    Mistake(
        "no copy in the buffer",
        "The caller used its arrays again, and what you had stored changed with them. An"
        " environment may return the same array at every step: store a copy.",
        edited(LIST, {"[np.copy(part) for part in transition]": "transition"}),
    ),
    Mistake(
        "wraparound off by one",
        "The write index has to run through all of 0 to capacity − 1, then start at 0 again. Draw"
        " a memory of three slots, and fill in where transitions 1 to 7 go.",
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
        "Once the buffer was full, nothing new was stored. The newest transition replaces the"
        " oldest.",
        {
            "row = self.added % self.capacity": """if self.added == self.capacity:
            return
        row = self.added"""
        },
    ),
    Mistake(
        "last slot overwritten again and again",
        "Once the buffer was full, every new transition went to the last slot, and the older ones"
        " stayed for ever. The write index has to start at 0 again.",
        {"self.added % self.capacity": "min(self.added, self.capacity - 1)"},
    ),
    Mistake(
        "never forgets",
        "The buffer grows without bound. When it holds more than `capacity` transitions, drop the"
        " oldest.",
        edited(LIST, {"        self.memory = self.memory[-self.capacity :]\n": ""}),
    ),
    Mistake(
        "unwritten slots sampled",
        "You drew rows that had never been written. Draw from len(self) rows, not from capacity.",
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
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        edited(LIST, {DRAW: "rng.integers(len(self) - 1, size=batch_size)"}),
    ),
    Mistake(
        "last slot is never sampled",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        {DRAW: "rng.integers(len(self) - 1, size=batch_size)"},
    ),
    Mistake(
        "length counts every add",
        "The length is the number of transitions held, never more than the capacity.",
        {"return min(self.added, self.capacity)": "return self.added", **DRAW_HELD},
    ),
    Mistake(
        "length is the capacity",
        "The length is the number of transitions held so far; an empty memory has none.",
        {"return min(self.added, self.capacity)": "return self.capacity", **DRAW_HELD},
    ),
    Mistake(
        "length is the write index",
        "Once the buffer is full, its length stays at the capacity, wherever the next transition"
        " is written.",
        {"return min(self.added, self.capacity)": "return self.added % self.capacity", **DRAW_HELD},
    ),
    Mistake(
        "always the newest",
        "You store transitions, but draw none: each batch holds the newest ones.",
        {DRAW: "np.arange(self.added - batch_size, self.added) % self.capacity"},
    ),
    Mistake(
        "neighbours drawn together",
        "A batch is a run of successive transitions, which are alike. A replay memory exists to"
        " avoid just that: draw each row independently.",
        {DRAW: "(rng.integers(len(self)) + np.arange(batch_size)) % len(self)"},
    ),
    Mistake(
        "batch is a view of the memory",
        "A slice is a view: whoever writes into the batch writes into the memory. Its rows are"
        " also neighbours, which are alike. Draw each row independently, by its index.",
        {
            f"i = {DRAW}": "start = rng.integers(len(self) - batch_size + 1)",
            "part[i]": "part[start : start + batch_size]",
        },
    ),
    Mistake(
        "not uniform",
        "Some slots are drawn more often than others. All should be equally likely.",
        {DRAW: "(len(self) * rng.random(batch_size) ** 2).astype(int)"},
    ),
    Mistake(
        "next_obs is obs",
        "next_obs holds the observation before the action. It should hold the one after it.",
        {"= next_obs": "= obs"},
    ),
    Mistake(
        "obs is next_obs",
        "obs holds the observation after the action. It should hold the one before it.",
        {"= obs\n": "= next_obs\n"},
    ),
    Mistake(
        "next_obs not stored",
        "What comes back as next_obs was never added as next_obs. The obs of the next row is no"
        " substitute: it differs where an episode ends, and where the ring closes.",
        {"self.reward, self.next_obs": "self.reward, np.roll(self.obs, -1, axis=0)"},
        {"        self.next_obs[row] = next_obs\n": ""},
    ),
    Mistake(
        "terminated not stored",
        "terminated comes back the same for all transitions. Return what was added.",
        {"        self.terminated[row] = terminated\n": ""},
    ),
    Mistake(
        "action not stored",
        "What comes back as the action was never added as an action.",
        {"        self.action[row] = action\n": ""},
    ),
    Mistake(
        "obs and next_obs swapped",
        "The action was taken in obs, and led to next_obs.",
        {"= obs\n": "= next_obs\n", "self.next_obs[row] = next_obs": "self.next_obs[row] = obs"},
    ),
    Mistake(
        "1 − terminated stored",
        "terminated comes back as its opposite. Return what was added.",
        {"= terminated": "= not terminated"},
    ),
    Mistake(
        "a column (N, 1) instead of (N,)",
        "One number per transition makes an array (N,). A column (N, 1) minus an array (N,) is a"
        " table (N, N), and NumPy raises no error.",
        {
            "zeros(capacity, np.float32)": "zeros((capacity, 1), np.float32)",
            "zeros(capacity, bool)": "zeros((capacity, 1), bool)",
        },
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that your code creates at each call starts anew each time. Draw from the rng"
        " that is passed in.",
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

        Each of the N transitions is drawn from all those held, with equal chances, by rng, a
        np.random.Generator.
        """
        batch = None
        return batch

    def __len__(self):
        """Return how many transitions are held."""
        raise NotImplementedError
''',
    statement="""Write the memory that DDPG learns from. It is finite, and its oldest transition
    makes room for the newest. Remember that others may keep the arrays that you are given, and
    those that you return.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="what your buffer held and returned with what it should",
    difficulty=2,
    minutes=15,
    hints=(
        "Make five arrays of zeros in `__init__`, with `capacity` rows each, and count the"
        " transitions added so far. Both the row to write and the length follow from that count.",
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
        "length": Observed(lengths, message=f"len(buffer) as it fills: {lengths}"),
        **found,
        "unwritten slots are never drawn": (numbers(every) > 0).all(),
        "only added parts are drawn": was_added(every),
        "parts belong together": belong_together(every),
        "obs and next_obs in their places": np.logical_not(swapped),
        "terminated is what was added": not agrees(opposite, 4, 4).all(),
        "all are drawn equally often": alike,
        "each row is drawn independently": not mostly(runs),
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
        # a wrong answer may find no row to choose from when only one has been added
        return [np.zeros((0, *shape)) for shape in SHAPES]


def _keeps_copies(buffer: Any) -> bool:
    """Add transitions from arrays that are reused; say whether the buffer holds copies."""
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
    """Write into batches; say whether the memory stays as it was."""
    probe = BufferProbe(buffer, CAPACITY)
    for _ in range(10):
        batch, _ = probe.draw(BATCH, probe.rng)
        for part in batch:
            if isinstance(part, np.ndarray) and part.flags.writeable:
                part[...] = 77
    return not any((part == 77).any() for part in probe.many(10, BATCH))
