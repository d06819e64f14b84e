"""Exercise 11.6: one silent bug in a replay buffer.

N batch, C capacity.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...ddpg.replay import Batch, ReplayBuffer
from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, call, exercise
from .hunts import Hunt, Planted, fields, variant
from .judge_hunt import judge

SOURCE = '''
class PlantedBuffer:
    """Keep the newest transitions; draw from them uniformly, with replacement."""

    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.added = capacity, 0
        self.obs = np.zeros((capacity, obs_dim))
        self.action = np.zeros((capacity, action_dim))
        self.reward = np.zeros(capacity)
        self.next_obs = np.zeros((capacity, obs_dim))
        self.terminated = np.zeros(capacity, dtype=bool)

    def __len__(self):
        return min(self.added, self.capacity)

    def add(self, obs, action, reward, next_obs, terminated):
        row = self.added % self.capacity
        self.obs[row], self.action[row], self.reward[row] = obs, action, reward
        self.next_obs[row], self.terminated[row] = next_obs, terminated
        self.added += 1

    def sample(self, batch_size, rng):
        rows = rng.integers(len(self), size=batch_size)
        obs, action, next_obs = self.obs[rows], self.action[rows], self.next_obs[rows]
        return Batch(obs, action, self.reward[rows], next_obs, self.terminated[rows])
'''

ROWS = "rows = rng.integers(len(self), size=batch_size)"
FULL = """
        def test(buffer_class):
            replay, rng = buffer_class(6, 1, 1), np.random.default_rng(0)
            for i in range(1, 16):
                replay.add([i], [i], i, [i], False)
            return set(replay.sample(400, rng).reward) == {10, 11, 12, 13, 14, 15}
"""
HALF = FULL.replace("range(1, 16)", "range(1, 5)").replace(
    "{10, 11, 12, 13, 14, 15}", "{1, 2, 3, 4}"
)

BUGS = (
    Planted(
        "newest-missing",
        "The newest transition is not drawn until another one follows.",
        {ROWS: "rows = rng.integers(max(len(self) - 1, 1), size=batch_size)"},
        HALF,
    ),
    Planted(
        "wraparound",
        "The write index wraps one row too early.",
        {"row = self.added % self.capacity": "row = self.added % max(self.capacity - 1, 1)"},
        FULL,
    ),
    Planted(
        "unwritten-rows",
        "Rows that were never written are drawn, too.",
        {ROWS: "rows = rng.integers(self.capacity, size=batch_size)"},
        HALF,
    ),
    Planted(
        "oldest-kept",
        "A full memory keeps its oldest transitions, and overwrites its last row alone.",
        {"row = self.added % self.capacity": "row = min(self.added, self.capacity - 1)"},
        FULL,
    ),
    Planted(
        "neighbours",
        "A minibatch is a block of successive transitions.",
        {
            ROWS: "first = rng.integers(len(self))\n"
            "        rows = (first + np.arange(batch_size)) % len(self)"
        },
        """
        def test(buffer_class):
            replay = buffer_class(100, 1, 1)
            for i in range(100):
                replay.add([i], [i], i, [i + 1], False)
            reward = replay.sample(20, np.random.default_rng(0)).reward
            return not set(np.diff(reward)) <= {1, -99}
        """,
    ),
    Planted(
        "same-draw",
        "Every minibatch takes the same row numbers.",
        {ROWS: "rows = np.random.default_rng(0).integers(len(self), size=batch_size)"},
        """
        def test(buffer_class):
            replay, rng = buffer_class(100, 1, 1), np.random.default_rng(0)
            for i in range(100):
                replay.add([i], [i], i, [i + 1], False)
            first, second = replay.sample(20, rng).reward, replay.sample(20, rng).reward
            return not np.array_equal(first, second)
        """,
    ),
    Planted(
        "fields-apart",
        "The next observation comes from another transition than the rest.",
        {"self.next_obs[rows]\n": "self.next_obs[rng.permutation(rows)]\n"},
        """
        def test(buffer_class):
            replay = buffer_class(100, 1, 1)
            for i in range(100):
                replay.add([i], [i], i, [i + 1], False)
            batch = replay.sample(20, np.random.default_rng(0))
            return np.array_equal(batch.next_obs, batch.obs + 1)
        """,
    ),
    Planted(
        "by-reference",
        "The buffer stores the caller's array and not a copy.",
        {
            "self.next_obs = np.zeros((capacity, obs_dim))": "self.next_obs = [None] * capacity",
            "self.next_obs[rows]\n": "np.array([self.next_obs[row] for row in rows])\n",
        },
        """
        def test(buffer_class):
            replay, next_obs = buffer_class(6, 1, 1), np.array([1.0])
            replay.add([0.0], [0.0], 0.0, next_obs, False)
            next_obs[0] = 5.0
            batch = replay.sample(3, np.random.default_rng(0))
            return np.array_equal(batch.next_obs, [[1.0], [1.0], [1.0]])
        """,
    ),
)

SIZES = ((7, 2, 3), (5, 3, 1))  # C, S, A
DRAWS = 600


def contents(buffer_class: Any) -> Mapping[str, Any]:
    """Return what can be drawn from a buffer before it is full, and when it is full."""
    found: dict[str, list[Array]] = {}

    def see(aspect: str, value: Any) -> None:
        found.setdefault(aspect, []).append(np.ravel(np.asarray(value, float)))

    for sizes in SIZES:
        for what, count in (("before it is full", 3), ("when it is full", 2 * sizes[0] + 2)):
            replay, expected = filled(buffer_class, sizes, count)
            see(f"len, {what}", len(replay))
            rng = np.random.default_rng(count)
            drawn = draw(replay, DRAWS, rng, sizes)
            see(f"which transitions it draws, {what}", np.unique(drawn.reward))
            kept = [expected[i] for i in np.asarray(drawn.reward, int) if i in expected]
            for i, name in enumerate(Batch._fields):
                wanted = np.array([row[i] for row in kept], float)
                got = np.asarray(getattr(drawn, name), float)
                see(f"whether {name} belongs to its transition", np.array_equal(got, wanted))
            counts = np.unique(drawn.reward, return_counts=True)[1]
            see(
                f"how often it draws each transition, {what}",
                counts.min() > DRAWS / len(counts) / 2,
            )
            pairs = np.unique(np.stack((drawn.reward[:-1], drawn.reward[1:])), axis=1)
            see("whether draws are independent", pairs.shape[1] > 2 * len(counts))
            again = draw(replay, DRAWS, rng, sizes)
            see("whether every draw is new", not np.array_equal(drawn.reward, again.reward))
            other = draw(replay, DRAWS, np.random.default_rng(count), sizes)
            see(
                "whether the same rng gives the same draw",
                np.array_equal(drawn.reward, other.reward),
            )
        see("whether obs and next_obs stay together", fields_match(buffer_class, sizes))
    return {aspect: np.concatenate(values) for aspect, values in found.items()}


def filled(
    buffer_class: Any, sizes: tuple[int, int, int], count: int
) -> tuple[Any, dict[int, tuple[Any, ...]]]:
    """Add transitions from reused arrays; return the buffer, and the rows it should hold.

    A reward is the number of its transition plus 1/4, so that rounding shows.
    """
    capacity, obs_dim, action_dim = sizes
    replay = call(buffer_class, *sizes)
    obs, action, next_obs = np.zeros(obs_dim), np.zeros(action_dim), np.zeros(obs_dim)
    rows = {}
    for i in range(count):
        obs[:] = 10 * i + np.arange(obs_dim)
        action[:] = -i - np.arange(action_dim) / 10
        next_obs[:] = 10 * i + 5 + np.arange(obs_dim)
        rows[i] = (obs.copy(), action.copy(), i + 0.25, next_obs.copy(), i % 3 == 1)
        replay.add(obs, action, i + 0.25, next_obs, i % 3 == 1)
    for array in (obs, action, next_obs):
        array[:] = -1000.0
    return replay, {i: rows[i] for i in range(max(0, count - capacity), count)}


def fields_match(buffer_class: Any, sizes: tuple[int, int, int]) -> bool:
    """Add a few transitions from new arrays; say whether obs and next_obs stay together."""
    replay = call(buffer_class, *sizes)
    for i in range(4):
        replay.add(np.full(sizes[1], i), np.zeros(sizes[2]), 0.0, np.full(sizes[1], i + 0.5), False)
    batch = draw(replay, 40, np.random.default_rng(1), sizes)
    return np.array_equal(batch.next_obs, batch.obs + 0.5)


def draw(
    replay: Any, batch_size: int, rng: np.random.Generator, sizes: tuple[int, int, int]
) -> Batch:
    """Sample a minibatch and check its shapes."""
    batch = replay.sample(batch_size, rng)
    _, obs_dim, action_dim = sizes
    for name, entries in zip(Batch._fields, (obs_dim, action_dim, 0, obs_dim, 0), strict=True):
        wanted = (batch_size, entries) if entries else (batch_size,)
        if (shape := np.shape(getattr(batch, name, ()))) != wanted:
            text = f"sample({batch_size}, rng) returns {name} of shape {shape}, not {wanted}."
            raise InvalidAnswer(text)
    return Batch(*(np.asarray(getattr(batch, name)) for name in Batch._fields))


class ListBuffer:
    """A correct buffer in another style: a list of rows, the oldest first."""

    def __init__(self, capacity: int, obs_dim: int, action_dim: int):
        self.capacity, self.shapes = capacity, ((obs_dim,), (action_dim,), (), (obs_dim,), ())
        self.rows: list[list[Array]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, *fields: Any) -> None:
        """Append a transition; drop the oldest one of a full memory."""
        pairs = zip(fields, self.shapes, strict=True)
        self.rows.append([np.broadcast_to(field, shape).copy() for field, shape in pairs])
        del self.rows[: -self.capacity]

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw the rows one after the other."""
        chosen = [self.rows[int(rng.random() * len(self.rows))] for _ in range(batch_size)]
        return Batch(*(np.array(column) for column in zip(*chosen, strict=True)))


class PackageBuffer(ReplayBuffer):
    """The package's buffer, which also accepts a number for an array of one entry."""

    def __init__(self, capacity: int, obs_dim: int, action_dim: int):
        super().__init__(capacity, obs_dim, action_dim, dtype="float64")
        self.shapes = (obs_dim,), (action_dim,), (obs_dim,)

    def add(self, obs: Any, action: Any, reward: float, next_obs: Any, terminated: bool) -> None:
        """Add a transition."""
        pairs = zip((obs, action, next_obs), self.shapes, strict=True)
        obs, action, next_obs = (np.broadcast_to(x, shape) for x, shape in pairs)
        super().add(obs, action, reward, next_obs, terminated)


MAKE = "replay, rng = (buffer_class({}, 1, 1), np.random.default_rng({}))"
ADD = "replay.add([i], [i], i, [i], {})"
RETURN = "return set(replay.sample({}, rng).reward) == {{1, 2, 3, 4}}"
EQUIVALENTS = {
    **{f"{MAKE.format(6, 0)} → {MAKE.format(c, 0)}": "as good a size" for c in (12, 7, 5)},
    f"{MAKE.format(6, 0)} → {MAKE.format(6, 1)}": "another seed",
    **{
        f"{MAKE.format(6, 0)} → {MAKE.format(6, 0).replace('1, 1', sizes)}": "as good a size"
        for sizes in ("2, 1", "1, 2")
    },
    f"{ADD.format(False)} → {ADD.format(True)}": "the test does not look at it",
    **{
        f"{RETURN.format(400)} → {RETURN.format(n)}": "this number of draws is enough, too"
        for n in (800, 200, 401, 399)
    },
}
HUNT = Hunt(
    "Hunt 2",
    SOURCE,
    "PlantedBuffer",
    BUGS,
    others=lambda: {"minddpg.ReplayBuffer": PackageBuffer, "a buffer that is a list": ListBuffer},
    observe=contents,
    given={"Batch": Batch},
    imports="from minddpg import Batch",
)


@exercise(
    "11.6",
    "Hunt 2: a replay buffer",
    BEHAVIOUR,
    stub='''
name = None  # the bug's name in the list of suspects
repaired = None  # the class without the bug


def test(buffer_class):
    """Return True for correct code, and False for code with the bug."""
    return None
''',
    statement="""Find, name and repair the bug, and prove it by a test. The test gets classes with
    the same interface: buffer_class(capacity, obs_dim, action_dim), add, sample, len.""",
    compared="your three answers with what was planted",
    difficulty=2,
    minutes=6,
    hints=(
        "No curve is needed. Add transitions that you can recognise, such as the numbers 0, 1, 2, …"
        " as rewards, and draw a few hundred. Which numbers should come out, before the memory is"
        " full, and after?",
        "Then look at the fields of one row (is `next_obs` from the same transition?), at two"
        " draws, at neighbours within a draw, and at an array that you change after `add`.",
    ),
    equivalents=EQUIVALENTS,
    variant=variant,
    **fields(HUNT, BUGS[0]),
)
def check_hunt_2(name: Any, repaired: Any, test: Any, hunt: Hunt, bug: Planted) -> dict[str, Any]:
    """Check the second hunt."""
    return judge(hunt, bug, name, repaired, test)
