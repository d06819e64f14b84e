"""Evidence: the observations of an answer and their references."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...nn.layers import Array
from .factors import LOOSEST, Sizes
from .mistakes import Reference

SMALLEST = 1e-3  # an error is divided by at least this norm
LEAST_SLACK = 1e-6  # even if a check allows no error, two wrong answers may differ by rounding
CLOSER = 3  # with a loose tolerance, an array must be this many times closer to the mistake

Key = tuple[int, str]  # a case and the name of an observation
Values = Mapping[Key, Array]


class Diagnosis(NamedTuple):
    """The name of a mistake, and its meaning in lines."""

    name: str
    lines: tuple[str, ...]


class Candidate(NamedTuple):
    """A known mistake, and the observations of an answer with this mistake."""

    mistake: str
    why: str
    values: Values


@dataclass(frozen=True, eq=False)
class Evidence:
    """The observations of an answer in all cases, their references, and which are wrong."""

    observed: Values
    references: dict[Key, Reference]
    tolerances: dict[Key, float]
    wrong: tuple[Key, ...]
    sizes: Mapping[int, Sizes]  # of each case

    @cached_property
    def correct(self) -> list[Key]:
        """The observations that are correct."""
        return [key for key in self.references if key not in self.wrong]

    @cached_property
    def names(self) -> list[str]:
        """The names of the observations that are wrong in some case."""
        return list(dict.fromkeys(name for _, name in self.wrong))

    @property
    def listed(self) -> str:
        """The same names in one text; a name may contain a comma."""
        return "; ".join(self.names)

    @cached_property
    def is_constant(self) -> bool:
        """True if each observation that is wrong is wrong in all cases."""
        return all(name not in self.names for _, name in self.correct)

    def of(self, name: str) -> "Evidence":
        """Return the same evidence, with only this observation listed as wrong."""
        return replace(self, wrong=tuple(key for key in self.wrong if key[1] == name))

    def slack(self, key: Key) -> float:
        """Return the relative error within which two wrong values count as equal."""
        return max(self.tolerances[key], LEAST_SLACK)

    def is_reference(self, key: Key, value: Array) -> bool:
        """Return True if a value is correct."""
        return distance(value, self.references[key].total) <= self.tolerances[key]

    def is_almost_correct(self, key: Key) -> bool:
        """Return True if only rounding may be wrong with an observation."""
        error = distance(self.observed[key], self.references[key].total)
        return error <= self.slack(key)

    def fits(self, key: Key, value: Array) -> bool:
        """Return True if the observed array equals this value, not only by a loose tolerance."""
        error = distance(self.observed[key], value)
        if not error <= self.slack(key) or self.is_reference(key, value):  # or it is NaN
            return error <= self.tolerances[key]
        if self.tolerances[key] <= LOOSEST:
            return True
        return CLOSER * error <= distance(self.observed[key], self.references[key].total)

    def error(self, values: Values) -> float:
        """Return the largest error between a wrong observation and a mistake's value of it."""
        return max(
            distance(self.observed[key], values[key]) / self.slack(key) for key in self.wrong
        )


def distance(observed: Array, reference: Array) -> float:
    """Return ‖observed − reference‖₂ / max(‖reference‖₂, SMALLEST); inf where the shapes differ."""
    if np.shape(observed) != np.shape(reference):
        return np.inf
    return _length(observed - reference) / max(_length(reference), SMALLEST)


def _length(array: Array) -> float:
    """Return ‖array‖₂, for small arrays faster than np.linalg.norm."""
    return math.sqrt(np.vdot(array, array).real)
