"""Make numbered transitions, and recognise them in the rows drawn from a buffer.

S observation entries, A action entries, K transitions added, M rows drawn, N batch, R batches.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ...nn.layers import Array
from ..engine import Observed

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
OBS, ACTION, REWARD, NEXT_OBS, TERMINATED = range(5)
AS_ADDED, PARTLY, SWAPPED, WHOLE, COARSE, OTHER = range(6)  # what a field of the rows holds
NEAR = 1.0  # transitions are further apart than this in each entry of obs and next_obs


class Added(NamedTuple):
    """Transitions 1 to K: an array (K, ·) for each field."""

    obs: Array
    action: Array
    reward: Array
    next_obs: Array
    terminated: Array

    def transition(self, k: int) -> tuple[Any, ...]:
        """Return transition number k as it is added."""
        i = k - 1
        reward, terminated = float(self.reward[i]), bool(self.terminated[i])
        return (
            self.obs[i].copy(),
            self.action[i].copy(),
            reward,
            self.next_obs[i].copy(),
            terminated,
        )


def transitions(count: int, obs_dim: int, action_dim: int, sign: int) -> Added:
    """Make transitions that differ from each other in every field but terminated.

    No number is whole or exact in float16, so that rounding shows; rewards differ by up to a
    factor of 5.
    """
    k = np.arange(1, count + 1)
    obs = sign * (3 * k[:, None] + np.arange(1, obs_dim + 1) / 7)
    action = 2.5 * np.sin(k[:, None] + np.arange(action_dim))
    reward = -sign * (1.5 + np.sin(2 * k)) * (-1.0) ** k
    return Added(obs, action, reward, -obs - 1 / 3, (k + sign) % 5 == 0)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows drawn from a buffer, an array (M, ·) for each field, and what had been added."""

    parts: list[Array]
    added: Added

    @cached_property
    def numbers(self) -> Array:
        """The number (M,) of each row's transition; 0 for a row that was never added.

        A transition is recognised by obs or next_obs, even if they are rounded or exchanged.
        """
        k = np.zeros(len(self.parts[OBS]), int)
        for i, original in ((OBS, OBS), (NEXT_OBS, NEXT_OBS), (OBS, NEXT_OBS), (NEXT_OBS, OBS)):
            if k.all():
                break
            part, added = self.parts[i], self.added[original]
            nearest = np.abs(part[:, :1] - added[:, 0]).argmin(axis=1)
            is_near = (np.abs(part - added[nearest]) < NEAR).all(axis=1)
            k = np.where((k == 0) & is_near, 1 + nearest, k)
        return k

    def values(self, i: int) -> tuple[Array, Array]:
        """Return field i of the rows that were added, and what it should be: (M, ·) each."""
        k = self.numbers
        return _flat(self.parts[i])[k > 0], _flat(self.added[i])[k[k > 0] - 1]

    def field(self, i: int) -> Observed:
        """Observe what field i holds: AS_ADDED, perhaps in another row, or something else.

        `terminated` is SWAPPED if it is the opposite in all rows.
        """
        name, k = FIELDS[i], self.numbers[self.numbers > 0]
        values, wanted = self.values(i)
        wrong = np.flatnonzero(~_equal(values, wanted))
        message = f"no {name} could be recognised"
        if len(wrong):
            at = wrong[0]
            message = f"transition {k[at]} was added with {name} = {_written(wanted[at])}, and"
            message += f" came back with {_written(values[at])}"
        return Observed(self._held(i, values, wanted), message=message)

    def _held(self, i: int, values: Array, wanted: Array) -> int:
        if not len(values):
            return OTHER
        is_varied = len(np.unique(values)) > 1
        if is_varied and _equal(values, wanted).all():
            return AS_ADDED
        opposite = 1 - wanted if i == TERMINATED else self.values(OBS + NEXT_OBS - i)[1]
        if i in (OBS, NEXT_OBS, TERMINATED) and _equal(values, opposite).all():
            return SWAPPED
        if i == TERMINATED and abs(values.mean() - wanted.mean()) > 0.2:
            return OTHER
        known = _equal(values[:, None], _flat(self.added[i])).any(axis=1)
        if is_varied and known.all():
            return AS_ADDED
        if known.any() and not values[~known].any():
            return PARTLY
        beyond_byte = np.rint((values - wanted) / 256) * 256  # where a byte overflowed
        is_whole = np.array_equal(values, np.rint(values)) and is_varied
        if is_whole and np.all(np.abs(values - wanted - beyond_byte) < 1):
            return WHOLE
        if np.all(np.abs(values - wanted) <= 0.01 * np.abs(wanted)):
            return COARSE
        # larger numbers distinguish other contents
        return OTHER + int(np.rint(100 * np.abs(np.unique(values.round(2), axis=0)).sum()))

    def first(self) -> Observed:
        """Observe for each field whether all rows hold that of transition 1."""
        right, message = [], ""
        for i, name in enumerate(FIELDS):
            values, wanted = _flat(self.parts[i]), _flat(self.added[i])[:1]
            wrong = np.flatnonzero(~_equal(values, wanted))
            right.append(len(values) > 0 and not len(wrong))
            if len(wrong) and not message:
                message = f"the only transition was added with {name} = {_written(wanted[0])}, and"
                message += f" came back with {_written(values[wrong[0]])}"
        return Observed(right, message=message or "no row was drawn after the first add")

    def together(self) -> Observed:
        """Observe for each field whether the added values that it holds are in their own rows."""
        k, right, message = self.numbers[self.numbers > 0], [], ""
        for i, name in enumerate(FIELDS):
            strange = np.flatnonzero(~_equal(*self.values(i)))
            right.append(not (len(strange) and self.field(i).value in (AS_ADDED, PARTLY)))
            if not right[-1] and not message:
                about = f"the obs of transition {k[strange[0]]}"
                message = f"a row holds {about}, but not its {name}"
        return Observed(right, message=message)

    def differ(self) -> Observed:
        """Observe for each field but terminated whether its values differ from row to row."""
        parts = {name: _flat(self.parts[i]) for i, name in enumerate(FIELDS) if i != TERMINATED}
        constant = [name for name, x in parts.items() if len(x) and (x == x[0]).all()]
        message = f"all rows have the same {', '.join(constant)}"
        return Observed([name not in constant for name in parts], message=message)

    def is_as_added(self) -> bool:
        """Say whether each row is a transition that was added, with all its parts."""
        pairs = (self.values(i) for i in range(len(FIELDS)))
        return bool(self.numbers.all() and all(_equal(*pair).all() for pair in pairs))

    def holds_the_last(self, last: int, capacity: int) -> bool:
        """Say whether these are the last `capacity` transitions, each with all its parts."""
        wanted = set(range(max(1, last - capacity + 1), last + 1))
        return set(self.numbers.tolist()) == wanted and self.is_as_added()

    def chances(self) -> Observed:
        """Observe whether every transition that is drawn at all is drawn equally often."""
        k, times = np.unique(self.numbers[self.numbers > 0], return_counts=True)
        expected, freedom = times.mean() if len(k) else 1.0, max(len(k) - 1, 1)
        chi_square = np.sum((times - expected) ** 2) / expected
        listed = ", ".join(f"{number}: {count}" for number, count in zip(k, times, strict=True))
        message = f"each should be drawn about {expected:.0f} times; yours drew {listed}"
        # a correct answer exceeds this once in three million times
        return Observed(bool(chi_square < freedom + 10 * np.sqrt(2 * freedom)), message=message)

    def varied(self, batch_size: int) -> Observed:
        """Observe whether most batches hold more than one transition."""
        k = self.numbers.reshape(-1, batch_size)  # (R, N)
        share = np.mean((k != k[:, :1]).any(axis=1)) if len(k) else 0.0
        listed = ", ".join(str(row.tolist()) for row in k[:3])
        return Observed(bool(share > 0.5), message=f"the batches hold transitions {listed}, ...")

    def no_runs(self, batch_size: int) -> Observed:
        """Observe whether the batches are not runs of successive transitions."""
        k = self.numbers.reshape(-1, batch_size)  # (R, N)
        steps = np.diff(k, axis=1) == 1
        listed = ", ".join(str(row.tolist()) for row in k[:3])
        is_run = steps.size > 0 and bool(np.mean(steps) > 0.75)
        return Observed(not is_run, message=f"the batches hold transitions {listed}, ...")

    def independent(self, batch_size: int) -> Observed:
        """Observe whether pairs of transitions share a batch as often as independent draws do."""
        k = self.numbers.reshape(-1, batch_size)  # (R, N)
        is_in = (k[:, :, None] == np.unique(k[k > 0])).any(axis=1).astype(float)  # (R, ·)
        a, b = np.triu_indices(is_in.shape[1], 1)
        together = (is_in.T @ is_in)[a, b]
        absent = 1 - is_in.sum(axis=0) / max(len(k), 1)
        chance = 1 - absent ** (1 / batch_size)  # of each transition, in each row of a batch
        neither = np.maximum(0, 1 - chance[a] - chance[b]) ** batch_size
        expected = 1 - absent[a] - absent[b] + neither  # share of the batches that hold both
        expected *= together.sum() / max(expected.sum(), 1e-9)  # also if no row is drawn twice
        spread = np.sum(expected * (1 - expected / max(len(k), 1)))
        # correct answers stay below half of this limit
        is_as_expected = np.sum((together - expected) ** 2) < 3.5 * spread
        listed = ", ".join(str(row.tolist()) for row in k[:3])
        return Observed(bool(is_as_expected), message=f"the batches hold transitions {listed}, ...")


def _flat(part: Array) -> Array:
    """Return a field as rows of floats, (M, ·)."""
    rows: Array = np.asarray(part, float).reshape(len(part), math.prod(part.shape[1:]))
    return rows


def _equal(values: Array, originals: Array) -> Array:
    """Say whether rows of values equal the originals to float32's digits: (..., ·) to (...)."""
    is_equal: Array = np.all(np.abs(values - originals) <= 1e-5 * np.abs(originals), axis=-1)
    return is_equal


def _written(values: Array) -> str:
    """Format a row of numbers."""
    listed = ", ".join(f"{value:.4g}" for value in values)
    return listed if len(values) == 1 else f"[{listed}]"
