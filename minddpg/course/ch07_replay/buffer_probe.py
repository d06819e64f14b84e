"""Probe a learner's replay buffer: add known transitions, and observe what is drawn.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import InvalidAnswer, Observed, arrays, call

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
CAPACITY, OBS, ACTION, BATCH = 5, 4, 2, 3
SHAPES = ((OBS,), (ACTION,), (), (OBS,), ())
LAST = 2 * CAPACITY + 3


def transition(k: int) -> tuple[Any, ...]:
    """Return transition number k, counted from 1: its reward is k, and no two are alike."""
    obs = k + np.arange(OBS) / 4
    action = np.array([k / 16, -k / 32])
    return obs, action, float(k), 20 + obs, k % 3 == 0


ADDED = [np.array(column) for column in zip(*map(transition, range(1, LAST + 1)), strict=True)]


class BufferProbe:
    """A learner's buffer, and the generator that its batches are drawn with."""

    def __init__(self, cls: Any, added: int = 0):
        self.buffer = call(cls, CAPACITY, OBS, ACTION)
        for k in range(1, added + 1):
            self.add(k)
        self.rng = np.random.default_rng(7)
        self.is_row = True  # one number per transition came as (N,)

    def length(self) -> int:
        """Return the buffer's length."""
        return int(call(self.buffer.__len__))

    def add(self, k: int) -> None:
        """Add transition number k."""
        call(self.buffer.add, *transition(k), returns=False)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Any, list[Array]]:
        """Return a batch as the buffer returned it, and as copies of the correct shapes.

        Raises:
            InvalidAnswer: a part has another shape.
        """
        sample = self.buffer.sample
        batch = call(sample, n, rng, changes=(1,))
        parts = arrays(batch, FIELDS, sample)
        for i, (name, shape) in enumerate(zip(FIELDS, SHAPES, strict=True)):
            wanted = n, *shape
            if parts[i].shape == (n, 1) and not shape:
                self.is_row = False
                parts[i] = parts[i].reshape(wanted)
            if parts[i].shape != wanted:
                text = f"sample({n}, rng) should return {name} of shape {wanted}"
                raise InvalidAnswer(f"{text}, not {parts[i].shape}.")
        return batch, parts

    def many(self, times: int, n: int) -> list[Array]:
        """Draw `times` batches of n and join them: (times n, ·) each."""
        batches = [self.draw(n, self.rng)[1] for _ in range(times)]
        return [np.concatenate(column) for column in zip(*batches, strict=True)]

    def repeatable(self) -> Array:
        """Return the numbers (8, N) of the transitions in a new generator's first batches."""
        rng = np.random.default_rng(1)
        return np.array([numbers(self.draw(BATCH, rng)[1]) for _ in range(8)])


def numbers(drawn: list[Array]) -> Array:
    """Return the number of each transition drawn; 0 for what was never added."""
    return np.where(np.isin(drawn[2], np.arange(1, LAST + 1)), drawn[2], 0).astype(int)


def agrees(drawn: list[Array], part: int, reference: int) -> Array:
    """Say for each row whether a part equals the `reference` part of the added transition."""
    k = numbers(drawn)
    same = np.isclose(drawn[part], ADDED[reference][k - 1], atol=1e-3)
    agree: Array = np.all(same.reshape(len(k), -1)[k > 0], axis=1)
    return agree


def was_added(drawn: list[Array]) -> Array:
    """Say for obs, action, next_obs and terminated whether every drawn value was added once."""
    known = [np.asarray(part[numbers(drawn) > 0], float) for part in drawn]
    equal = [np.isclose(known[i][:, None], ADDED[i], atol=1e-3).all(axis=-1) for i in (0, 1, 3)]
    both_flags = len(np.unique(known[4])) == 2 or not len(known[4])
    return np.array([*(to_added.any(axis=1).all() for to_added in equal), both_flags])


def mostly(flags: Array) -> bool:
    """Say whether more than half are true."""
    return bool(2 * np.sum(flags) > len(flags))


def belong_together(drawn: list[Array]) -> bool:
    """Say whether all parts of each row come from the same transition."""
    return all(bool(agrees(drawn, i, i).all()) for i in (0, 1, 3, 4))


def held(drawn: list[Array], added: int) -> Observed:
    """Observe which transitions the memory holds after `added` adds."""
    holds = set(numbers(drawn).tolist()) - {0}
    expected = range(max(1, added - CAPACITY + 1), added + 1)
    names = [", ".join(map(str, sorted(each))) or "none" for each in (holds, expected)]
    text = f"after {added} adds to {CAPACITY} slots, yours holds transitions {names[0]}"
    flags = np.isin(np.arange(1, LAST + 1), list(holds))
    return Observed(flags, message=f"{text}; it should hold {names[1]}")
