"""Chapter 07, the replay memory: a right buffer, and buffers with one mistake each.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array

Transition = tuple[Any, ...]


class ReplayBuffer:
    """A ring of rows, made of parts that a mistake can replace."""

    def __init__(self, capacity: int, obs_dim: int, action_dim: int):
        self.capacity, self.added = capacity, 0
        shapes: list[tuple[int, ...]] = [(obs_dim,), (action_dim,), (), (obs_dim,), ()]
        self.fields = [np.zeros((capacity, *shape)) for shape in shapes]

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    def place(self) -> int:
        """Return the row that the next transition goes to."""
        return self.added % self.capacity

    def add(self, *transition: Any) -> None:
        for field, value in zip(self.fields, transition, strict=True):
            field[self.place()] = value
        self.added += 1

    def pick(self, batch_size: int, rng: np.random.Generator) -> Array:
        """Return the rows to draw."""
        return rng.integers(len(self), size=batch_size)

    def gather(self, rows: Array) -> Transition:
        return tuple(field[rows] for field in self.fields)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Transition:
        return self.gather(self.pick(batch_size, rng))


class Queue(ReplayBuffer):
    """The same of a list, the oldest first; it keeps the very arrays that it is given."""

    def __init__(self, capacity: int, obs_dim: int, action_dim: int):
        super().__init__(capacity, obs_dim, action_dim)
        self.queue: list[Transition] = []

    def __len__(self) -> int:
        return len(self.queue)

    def drop(self) -> None:
        """Forget what is too much."""
        del self.queue[: -self.capacity]

    def add(self, *transition: Any) -> None:
        self.queue.append(transition)
        self.drop()

    def gather(self, rows: Array) -> Transition:
        chosen = [self.queue[i] for i in rows]
        return tuple(np.array(column) for column in zip(*chosen, strict=True))


def ring(**methods: Any) -> type[ReplayBuffer]:
    """Return a right buffer with some of its methods replaced."""
    return type("ReplayBuffer", (ReplayBuffer,), methods)


def queue(**methods: Any) -> type[ReplayBuffer]:
    """Return such a list with some of its methods replaced, that keeps copies."""
    by_copy = {"add": lambda self, *given: Queue.add(self, *(np.copy(part) for part in given))}
    return type("ReplayBuffer", (Queue,), {**by_copy, **methods})


def changed(change: Any) -> type[ReplayBuffer]:
    """Return a right buffer whose batches are changed after they were drawn."""
    return ring(sample=lambda self, n, rng: change(*ReplayBuffer.sample(self, n, rng)))


def one_slot_unused(self: ReplayBuffer) -> int:
    return self.added % (self.capacity - 1)


def full_too_early(self: ReplayBuffer) -> int:
    return self.added if self.added < self.capacity - 1 else self.capacity


def one_slot_too_many(self: Queue) -> None:
    del self.queue[: -(self.capacity + 1)]


def first_slot_kept(self: ReplayBuffer) -> int:
    late = self.added - self.capacity
    return self.added if late < 0 else 1 + late % (self.capacity - 1)


def last_slot_again(self: ReplayBuffer) -> int:
    return min(self.added, self.capacity - 1)


def newest_dropped(self: ReplayBuffer, *transition: Any) -> None:
    if self.added < self.capacity:
        ReplayBuffer.add(self, *transition)


def newest_dropped_yet_counted(self: ReplayBuffer, *transition: Any) -> None:
    if self.added < self.capacity:
        ReplayBuffer.add(self, *transition)
    else:
        self.added += 1


def mixed(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Transition:
    return tuple(field[self.pick(n, rng)] for field in self.fields)


def newest(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Array:
    return np.arange(self.added - n, self.added) % len(self)


def neighbours(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Array:
    return np.asarray((rng.integers(len(self)) + np.arange(n)) % len(self))


def slices(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Transition:
    start = rng.integers(len(self) - n + 1)
    return tuple(field[start : start + n] for field in self.fields)


def next_row(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Transition:
    i = self.pick(n, rng)
    obs, action, reward, _, terminated = self.gather(i)
    return obs, action, reward, self.fields[0][(i + 1) % self.capacity], terminated


def seeded(seed: int | None) -> Any:
    """Return a draw that ignores the rng it is given."""
    return lambda self, n, rng: np.random.default_rng(seed).integers(len(self), size=n)


def squared(self: ReplayBuffer, n: int, rng: np.random.Generator) -> Array:
    return np.asarray((len(self) * rng.random(n) ** 2).astype(int))
