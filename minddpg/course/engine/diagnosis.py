"""Find the mistake that explains what is wrong with an answer."""

from itertools import permutations
from typing import NamedTuple

import numpy as np

from ...nn.layers import Array
from .mistakes import GENERIC, MISTAKES, UNKNOWN, Reference

MOST_ORDERED = 7  # arrays, of which every order is tried
SMALLEST = 1e-3  # norm of a reference below which errors count as absolute, in units of this


class Candidate(NamedTuple):
    """What would be observed of an answer with one known mistake."""

    mistake: str
    why: str
    values: dict[str, Array]


def diagnose(
    wrong: list[str],
    found: dict[str, Array],
    references: dict[str, Reference],
    tolerances: dict[str, float],
    candidates: list[Candidate],
) -> tuple[str, str]:
    """Find the one mistake that explains every wrong array, the closest if several do.

    Returns its name, and what it means.
    """
    if any(not np.isfinite(found[name]).all() for name in wrong):
        return _named("not a number")

    def deviation(name: str, value: Array) -> float:
        """Return the distance of what was found from a value, in units of its tolerance."""
        return distance(found[name], value) / max(tolerances[name], 1e-6)

    def largest_deviation(values: dict[str, Array]) -> float:
        """Return the worst deviation of the wrong arrays; above 1 this is not the mistake."""
        if any(name not in values for name in wrong):
            return np.inf
        return max(deviation(name, values[name]) for name in wrong)

    def contradictions(values: dict[str, Array]) -> float:
        """Count the arrays that are correct, and would not be if this mistake were all.

        One is too many, unless it is a gradient: that is compared with the learner's own function.
        """
        correct = values.keys() & references.keys() - set(wrong)
        odd = [name for name in correct if deviation(name, values[name]) > 1]
        return len(odd) if all(references[n].by_example is not None for n in odd) else np.inf

    fits = [
        (contradictions(each.values), largest_deviation(each.values), (each.mistake, each.why))
        for each in candidates
        if largest_deviation(each.values) <= 1 and contradictions(each.values) < np.inf
    ]
    for mistake, transform in GENERIC:
        options = {name: transform(references[name]) for name in wrong}
        closest = [min((deviation(n, v) for v in options[n]), default=np.inf) for n in wrong]
        if max(closest) <= 1:
            fits.append((0, max(closest), _named(mistake)))
    if fits:
        return min(fits, key=lambda fit: (fit[0], round(fit[1], 3)))[2]  # of equals, the first
    if _are_in_another_order(wrong, found, references, tolerances):
        return _named("results in another order")
    return _named(UNKNOWN)


def _are_in_another_order(
    wrong: list[str],
    found: dict[str, Array],
    references: dict[str, Reference],
    tolerances: dict[str, float],
) -> bool:
    totals = [references[name].total for name in wrong]
    if all(total.ndim == 0 and total in (0, 1) for total in totals):
        return False  # truth values, which have no order to be mixed up
    for order in permutations(range(len(wrong))) if 1 < len(wrong) <= MOST_ORDERED else ():
        pairs = zip(wrong, order, strict=True)
        if all(distance(found[n], totals[i]) <= max(tolerances[n], 1e-6) for n, i in pairs):
            return True
    return False


def _named(mistake: str) -> tuple[str, str]:
    return mistake, MISTAKES[mistake]


def distance(found: Array, reference: Array) -> float:
    """Return ‖found − reference‖₂ / max(‖reference‖₂, SMALLEST); inf where the shapes differ."""
    if np.shape(found) != np.shape(reference):
        return np.inf
    size = max(float(np.linalg.norm(reference)), SMALLEST)
    return float(np.linalg.norm(found - reference)) / size
