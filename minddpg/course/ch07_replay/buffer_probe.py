"""Probe a learner's replay buffer: add transitions, draw batches, reuse arrays, write into them.

N batch.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import InvalidAnswer, Observed, arrays, call
from .drawn_rows import FIELDS, Added, Drawn

MARK = 77.0  # no transition holds this number
BY_CHANCE, NEWEST, FIRST_ROWS, LAST_ROWS, SAME = range(5)  # what the batches hold
ENOUGH = 8  # draws per row held: a correct buffer nearly always draws each row
FEW = 5  # batches: enough to find a change in several rows
MOST = 12  # times as many draws again if a row is missing: some answers are not uniform


class BufferProbe:
    """A learner's buffer, the transitions to add, and the generator to draw batches with."""

    def __init__(self, cls: Any, capacity: int, added: Added, seed: int = 3):
        sizes = added.obs.shape[1], added.action.shape[1]
        _clear_freed_memory(capacity, *sizes)
        self.cls, self.buffer = cls, call(cls, capacity, *sizes)
        self.capacity, self.added, self.rng = capacity, added, np.random.default_rng(seed)
        self.is_new = True  # nothing has been added
        self.is_row = True  # one number per transition came as (N,)

    def length(self) -> int:
        """Return the buffer's length."""
        length = self.buffer.__len__()
        return int(call(self.buffer.__len__) if length is None else length)

    def add(self, numbers: Iterable[int]) -> None:
        """Add the transitions with these numbers. Only the very first call is validated."""
        for k in numbers:
            transition = self.added.transition(k)
            if self.is_new:
                call(self.buffer.add, *transition, returns=False)
            else:
                self.buffer.add(*transition)
            self.is_new = False

    def draw(self, n: int) -> tuple[Any, list[Array]]:
        """Return a batch as the buffer returned it, and as copies of the correct shapes.

        Raises:
            InvalidAnswer: a part has a wrong shape.
        """
        sample = self.buffer.sample
        batch = call(sample, n, self.rng, changes=(1,))
        parts = arrays(batch, FIELDS, sample)
        for i, (name, column) in enumerate(zip(FIELDS, self.added, strict=True)):
            wanted = n, *column.shape[1:]
            if parts[i].shape == (n, 1) and len(wanted) == 1:
                self.is_row = False
                parts[i] = parts[i].reshape(wanted)
            if parts[i].shape != wanted:
                text = f"sample({n}, rng) should return {name} of shape {wanted}"
                raise InvalidAnswer(f"{text}, not {parts[i].shape}.")
        return batch, parts

    def many(self, times: int, n: int) -> Drawn:
        """Draw `times` batches of n and join them: (times n, ·) each. Only the first is validated.

        If the draw raises and the length is 0 or 1, return no rows: rng.integers(0) raises.
        """
        try:
            self.draw(n)
            sample, rng = self.buffer.sample, self.rng
            batches = [[np.array(part) for part in sample(n, rng)] for _ in range(times)]
            columns = map(np.array, zip(*batches, strict=True))
            pairs = zip(columns, self.added, strict=True)
            joined = [x.reshape(times * n, *added.shape[1:]) for x, added in pairs]
        except (ValueError, IndexError):
            if self.length() > 1:
                raise
            joined = [column[:0] for column in self.added]
        return Drawn(joined, self.added)

    def all_held(self, n: int) -> Drawn:
        """Draw batches of n; draw MOST times as many if some transition held is missing."""
        held = min(self.length(), self.capacity)
        times = ENOUGH * math.ceil(held / n)
        drawn = self.many(times, n)
        is_short = 0 < len(np.unique(drawn.numbers)) < held
        return self.many(MOST * times, n) if is_short else drawn

    def first_numbers(self, n: int, seed: int) -> Array:
        """Return the numbers (4, N) of the transitions in a new generator's first batches."""
        self.rng = np.random.default_rng(seed)
        return self.many(4, n).numbers.reshape(-1, n)


def _clear_freed_memory(capacity: int, obs_dim: int, action_dim: int) -> None:
    """Fill the memory that np.empty may return with zeros, to erase an earlier buffer's rows."""
    for width in (1, action_dim, obs_dim, 2 * obs_dim + action_dim + 2):
        for count in width * capacity, width * (capacity + 1):
            for dtype in (bool, np.float32, np.float64):
                del [np.zeros(count, dtype) for _ in range(8)][:]


def share_memory(cls: Any, capacity: int, added: Added) -> bool:
    """Say whether a new buffer holds transitions that were added to another one."""
    one, two = BufferProbe(cls, capacity, added), BufferProbe(cls, capacity, added)
    one.add(range(1, 2 * capacity + 1))
    try:
        return two.length() > 0 and bool(two.many(ENOUGH, 1).numbers.any())
    except (ValueError, InvalidAnswer):  # no row to draw; or rows of several sizes
        return two.length() > capacity


def held(probe: BufferProbe, drawn: Drawn, last: int) -> Observed:
    """Observe which transitions are held after the transitions 1 to `last` were added."""
    holds = sorted(set(drawn.numbers.tolist()) & set(range(1, last + 1)))
    first = max(1, last - probe.capacity + 1)
    wanted = f"{first} to {last}" if first < last else f"{last}"
    text = f"{probe.capacity} slots should hold {wanted}; yours hold"
    yours = ", ".join(map(str, holds)) or "none of them"
    return Observed(np.isin(np.arange(1, last + 1), holds), message=f"{text} {yours}")


def by_chance(batches: Array, capacity: int, last: int) -> Observed:
    """Observe whether batches (R, N) of transition numbers differ; if not, which rows they hold."""
    listed = ", ".join(map(str, batches[0].tolist()))
    message = f"every batch holds the transitions {listed}"
    same, n = set(batches[0].tolist()), batches.shape[1]
    rows = [last - (last - 1 - row) % capacity for row in range(capacity)]  # of a ring
    oldest = set(range(last - capacity + 1, last - capacity + 1 + n))
    if (batches != batches[0]).any() or not batches.any():
        return Observed(BY_CHANCE, message=message)
    if same == set(range(last - n + 1, last + 1)):
        return Observed(NEWEST, message=message)
    if same in (set(rows[:n]), oldest):
        return Observed(FIRST_ROWS, message=message)
    return Observed(LAST_ROWS if same == set(rows[-n:]) else SAME, message=message)


def keeps_copies(probe: BufferProbe, n: int, dtype: Any) -> Observed:
    """Add transitions from reused arrays of this dtype; observe whether they are copied."""
    first = probe.added.transition(1)
    given = [np.array(first[i], dtype) for i in (0, 1, 3)]
    for k in range(1, n + 1):
        obs, action, reward, next_obs, terminated = probe.added.transition(k)
        for array, values in zip(given, (obs, action, next_obs), strict=True):
            array[...] = values
        parts = given[0], given[1], reward, given[2], terminated
        call(probe.buffer.add, *parts, changes=(0, 1, 3), returns=False)
    for array in given:
        array[...] = MARK
    return _unmarked(probe, n, "the caller wrote into its own array")


def returns_copies(probe: BufferProbe, n: int) -> Observed:
    """Write into batches; observe whether the memory stays unchanged."""
    for _ in range(3 if probe.length() else 0):
        batch, _ = probe.draw(n)
        for part in batch:
            for array in part if isinstance(part, list | tuple) else (part,):
                if isinstance(array, np.ndarray) and array.flags.writeable:
                    array[...] = MARK
    return _unmarked(probe, n, "the caller wrote into a batch")


def _unmarked(probe: BufferProbe, n: int, cause: str) -> Observed:
    drawn = probe.many(FEW, n).parts
    changed = [name for name, part in zip(FIELDS, drawn, strict=True) if (part == MARK).any()]
    return Observed(not changed, message=f"{cause}, and your {', '.join(changed)} changed with it")


def keeps_batches(probe: BufferProbe, n: int, new: Iterable[int]) -> bool:
    """Say whether a batch stays unchanged when others are drawn and transitions are added."""
    if not probe.length():
        return True
    batch, before = probe.draw(n)
    for _ in range(3):
        probe.draw(n)
    probe.add(new)
    after = arrays(batch, FIELDS, probe.buffer.sample)
    return all(np.array_equal(x.ravel(), y.ravel()) for x, y in zip(before, after, strict=True))


def are_apart(probe: BufferProbe, last: int) -> bool:
    """Say whether a buffer stays correct while a second, larger one is in use.

    Args:
        last: the number of the transition that was added to the first buffer most recently.
    """
    second = BufferProbe(probe.cls, probe.capacity + 2, probe.added)
    second.add([2])
    try:
        probe.add([last + 1])
        drawn = probe.all_held(probe.capacity)
    except IndexError:  # a size is stored in the class
        return False
    is_same = drawn.holds_the_last(last + 1, probe.capacity)
    return is_same and probe.length() == probe.capacity
