"""Find the mistake that explains what is wrong with an answer."""

from itertools import permutations
from typing import NamedTuple

import numpy as np

from ...nn.layers import Array
from .mistakes import GENERIC, MISTAKES, UNKNOWN, Reference

MOST_ORDERED = 7  # no more arrays than this are tried in every order
SMALLEST = 1e-3  # the least norm that an error is divided by


class Candidate(NamedTuple):
    """A known mistake, and the values that an answer with this mistake would give."""

    mistake: str
    why: str
    values: dict[str, Array]


def diagnose(
    wrong: list[str],
    observed: dict[str, Array],
    references: dict[str, Reference],
    tolerances: dict[str, float],
    candidates: list[Candidate],
) -> tuple[str, str]:
    """Find the one mistake that explains every wrong array; the closest one if several do.

    Returns the mistake's name, and what it means.
    """
    if any(not np.isfinite(observed[name]).all() for name in wrong):
        return _named("not a number")

    def deviation(name: str, value: Array) -> float:
        """Return the distance of an observed array from a value, in units of its tolerance."""
        return distance(observed[name], value) / max(tolerances[name], 1e-6)

    def largest_deviation(values: dict[str, Array]) -> float:
        """Return the largest deviation of a wrong array; above 1 this is not the mistake."""
        if any(name not in values for name in wrong):
            return np.inf
        return max(deviation(name, values[name]) for name in wrong)

    def contradictions(values: dict[str, Array]) -> float:
        """Count the correct arrays that this mistake would have made wrong.

        A single one rules the mistake out, unless all are gradients: a gradient is compared with
        the learner's own function, so that it can be correct in spite of the mistake.
        """
        correct = values.keys() & references.keys() - set(wrong)
        odd = [name for name in correct if deviation(name, values[name]) > 1]
        return len(odd) if all(references[n].by_example is not None for n in odd) else np.inf

    fits = [
        (contradictions(values), largest_deviation(values), (mistake, why))
        for mistake, why, values in candidates
        if largest_deviation(values) <= 1 and contradictions(values) < np.inf
    ]
    for mistake, transform in GENERIC:
        options = {name: transform(references[name]) for name in wrong}
        closest = [min((deviation(n, v) for v in options[n]), default=np.inf) for n in wrong]
        if max(closest) <= 1:
            fits.append((0, max(closest), _named(mistake)))
    if fits:
        return min(fits, key=lambda fit: (fit[0], round(fit[1], 3)))[2]  # the first of equals
    if _are_in_another_order(wrong, observed, references, tolerances):
        return _named("results in another order")
    return _named(UNKNOWN)


def _are_in_another_order(
    wrong: list[str],
    observed: dict[str, Array],
    references: dict[str, Reference],
    tolerances: dict[str, float],
) -> bool:
    totals = [references[name].total for name in wrong]
    if all(total.ndim == 0 and total in (0, 1) for total in totals):
        return False  # all are true or false, so that another order explains nothing
    for order in permutations(range(len(wrong))) if 1 < len(wrong) <= MOST_ORDERED else ():
        pairs = zip(wrong, order, strict=True)
        if all(distance(observed[n], totals[i]) <= max(tolerances[n], 1e-6) for n, i in pairs):
            return True
    return False


def _named(mistake: str) -> tuple[str, str]:
    return mistake, MISTAKES[mistake]


def distance(observed: Array, reference: Array) -> float:
    """Return ‖observed − reference‖₂ / max(‖reference‖₂, SMALLEST); inf where the shapes differ."""
    if np.shape(observed) != np.shape(reference):
        return np.inf
    size = max(float(np.linalg.norm(reference)), SMALLEST)
    return float(np.linalg.norm(observed - reference)) / size
