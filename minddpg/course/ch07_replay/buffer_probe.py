"""Chapter 07, the replay memory: what can be observed of a buffer.

N batch, S observation entries, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, arrays, call

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
CAPACITY, OBS, ACTION, BATCH = 5, 4, 2, 3
SHAPES = ((OBS,), (ACTION,), (), (OBS,), ())
LAST = 2 * CAPACITY + 3


def transition(k: int) -> tuple[Any, ...]:
    """Return transition number k, from 1 on: its reward is its number, and no two are alike."""
    obs = k + np.arange(OBS) / 4
    action = np.array([k / 16, -k / 32])
    return obs, action, float(k), 20 + obs, k % 3 == 0


TRUTHS = [np.array(column) for column in zip(*map(transition, range(1, LAST + 1)), strict=True)]


class Witness:
    """A learner's buffer, and what was drawn from it so far."""

    def __init__(self, cls: Any, added: int = 0):
        self.buffer = call(cls, CAPACITY, OBS, ACTION)
        for k in range(1, added + 1):
            self.add(k)
        self.rng = np.random.default_rng(7)
        self.is_row = True  # one number per transition came as (N,)

    def length(self) -> int:
        return int(call(self.buffer.__len__))

    def add(self, k: int) -> None:
        call(self.buffer.add, *transition(k), returns=False)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Any, list[Array]]:
        """Return a batch as it came, and as copies of the right shapes."""
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
        """Return so many batches in one: (times n, ·) each."""
        batches = [self.draw(n, self.rng)[1] for _ in range(times)]
        return [np.concatenate(column) for column in zip(*batches, strict=True)]

    def repeatable(self) -> Array:
        """Return the numbers of a few batches (8, N) of a generator's first draws."""
        rng = np.random.default_rng(1)
        return np.array([numbers(self.draw(BATCH, rng)[1]) for _ in range(8)])


def nothing() -> list[Array]:
    """Return a batch of no transitions."""
    return [np.zeros((0, *shape)) for shape in SHAPES]


def numbers(drawn: list[Array]) -> Array:
    """Return the number of each transition drawn; 0 for what was never added."""
    return np.where(np.isin(drawn[2], np.arange(1, LAST + 1)), drawn[2], 0).astype(int)


def agrees(drawn: list[Array], part: int, truth: int) -> Array:
    """Say of each row whether one part of it is another part of what its reward belongs to."""
    k = numbers(drawn)
    same = np.isclose(drawn[part], TRUTHS[truth][k - 1], atol=1e-3)
    return np.asarray(same.reshape(len(k), -1).all(axis=1)[k > 0])


def was_added(drawn: list[Array]) -> Array:
    """Say of obs, action, next_obs and terminated whether all that was drawn was once added."""
    known = [np.asarray(part[numbers(drawn) > 0], float) for part in drawn]
    found = [np.isclose(known[i][:, None], TRUTHS[i], atol=1e-3).all(axis=-1) for i in (0, 1, 3)]
    ends = len(np.unique(known[4])) == 2 or not len(known[4])
    return np.array([*(each.any(axis=1).all() for each in found), ends])


def mostly(flags: Array) -> bool:
    return bool(2 * np.sum(flags) > len(flags))


def belong_together(drawn: list[Array]) -> bool:
    return all(bool(agrees(drawn, i, i).all()) for i in (0, 1, 3, 4))


def held(drawn: list[Array], added: int) -> Observed:
    """Observe which transitions are in the memory after so many adds."""
    found = set(numbers(drawn).tolist()) - {0}
    truth = range(max(1, added - CAPACITY + 1), added + 1)
    names = [", ".join(map(str, sorted(each))) or "none" for each in (found, truth)]
    text = f"after {added} adds to {CAPACITY} slots, yours holds transitions {names[0]}"
    flags = np.isin(np.arange(1, LAST + 1), list(found))
    return Observed(flags, says=f"{text}; it should hold {names[1]}")
