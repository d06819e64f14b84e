"""Transitions with numbers, and what the rows drawn from a buffer say about it.

S observation entries, A action entries, K transitions added, M rows drawn, N batch, R batches.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ...nn.layers import Array
from ..engine import Observed

FIELDS = ("obs", "action", "reward", "next_obs", "terminated")
OBS, ACTION, REWARD, NEXT_OBS, TERMINATED = range(5)
AS_ADDED, SWAPPED, WHOLE, COARSE, OTHER = range(5)  # what a field of the rows holds
NEAR = 1.0  # transitions are further apart than this in each entry of obs and next_obs


class Added(NamedTuple):
    """The transitions 1 to K, an array (K, ·) for each field."""

    obs: Array
    action: Array
    reward: Array
    next_obs: Array
    terminated: Array

    def transition(self, k: int) -> tuple[Any, ...]:
        """Return transition number k as it is added."""
        i = k - 1
        reward, terminated = float(self.reward[i]), bool(self.terminated[i])
        return self.obs[i], self.action[i], reward, self.next_obs[i], terminated


def transitions(count: int, obs_dim: int, action_dim: int, sign: int) -> Added:
    """Make transitions, no two of which are alike in any field but terminated.

    No number is whole, or has as few digits as float16; rewards differ by up to a factor of 5.
    """
    k = np.arange(1, count + 1)
    obs = sign * (3 * k[:, None] + np.arange(1, obs_dim + 1) / 7)
    action = 2.5 * np.sin(k[:, None] + np.arange(action_dim))
    reward = -sign * (1.5 + np.sin(2 * k)) * (-1.0) ** k
    return Added(obs, action, reward, -obs - 1 / 3, (k + sign) % 3 == 0)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows drawn from a buffer, an array (M, ·) for each field, and what had been added."""

    parts: list[Array]
    added: Added

    @cached_property
    def numbers(self) -> Array:
        """The number (M,) of each row's transition; 0 for what was never added.

        Its obs or next_obs tells, even if rounded, or if one stands in the place of the other.
        """
        k = np.zeros(len(self.parts[OBS]), int)
        for i, original in ((OBS, OBS), (NEXT_OBS, NEXT_OBS), (OBS, NEXT_OBS), (NEXT_OBS, OBS)):
            distances = np.abs(self.parts[i][:, None] - self.added[original])
            near = (distances < NEAR).all(axis=2)
            k = np.where((k == 0) & near.any(axis=1), 1 + near.argmax(axis=1), k)
        return k

    def values(self, i: int) -> tuple[Array, Array]:
        """Return field i of the rows that were added, and what it should be: (M, ·) each."""
        k = self.numbers
        return _flat(self.parts[i])[k > 0], _flat(self.added[i])[k[k > 0] - 1]

    def field(self, i: int) -> Observed:
        """Observe what field i holds: AS_ADDED, though perhaps with another row, or something else.

        The value of `terminated` is SWAPPED where it is the opposite everywhere.
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
        varies = len(np.unique(values)) > 1
        swapped = 1 - wanted if i == TERMINATED else self.values(OBS + NEXT_OBS - i)[1]
        if i in (OBS, NEXT_OBS, TERMINATED) and _equal(values, swapped).all():
            return SWAPPED
        if i == TERMINATED and abs(values.mean() - wanted.mean()) > 0.2:
            return OTHER
        if varies and _equal(values[:, None], _flat(self.added[i])).any(axis=1).all():
            return AS_ADDED
        if varies and np.array_equal(values, np.rint(values)):
            return WHOLE
        if np.all(np.abs(values - wanted) <= 0.01 * np.abs(wanted)):
            return COARSE
        return OTHER

    def together(self) -> Observed:
        """Observe whether all fields of a row come from one transition, as far as they are kept."""
        k, message = self.numbers[self.numbers > 0], ""
        for i, name in enumerate(FIELDS):
            strange = np.flatnonzero(~_equal(*self.values(i)))
            if not message and len(strange) and self.field(i).value == AS_ADDED:
                about = f"the obs of transition {k[strange[0]]}"
                message = f"a row holds {about} with the {name} of another"
        return Observed(not message, message=message)

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

    def independent(self, batch_size: int) -> Observed:
        """Observe whether any two transitions come together in a batch as often as any others."""
        k = self.numbers.reshape(-1, batch_size)  # (R, N)
        is_in = (k[:, :, None] == np.unique(k[k > 0])).any(axis=1).astype(float)  # (R, ·)
        first, second = np.triu_indices(is_in.shape[1], 1)
        times = (is_in.T @ is_in)[first, second]
        share = times.mean() / len(k) if len(times) else 0.0
        spread = len(k) * share * (1 - share)
        alike = np.sum((times - times.mean()) ** 2) < 3.5 * len(times) * spread if share else False
        listed = ", ".join(str(row.tolist()) for row in k[:3])
        return Observed(bool(alike), message=f"the batches hold transitions {listed}, ...")


def _flat(part: Array) -> Array:
    """Return a field as rows of floats, (M, ·)."""
    rows: Array = np.asarray(part, float).reshape(len(part), -1)
    return rows


def _equal(values: Array, originals: Array) -> Array:
    """Say whether rows of values are the originals, to float32's digits: (..., ·) to (...)."""
    is_equal: Array = np.all(np.abs(values - originals) <= 1e-5 * np.abs(originals), axis=-1)
    return is_equal


def _written(values: Array) -> str:
    """Write a row of numbers."""
    listed = ", ".join(f"{value:.4g}" for value in values)
    return listed if len(values) == 1 else f"[{listed}]"
