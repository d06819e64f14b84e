"""Find the mistake that explains what is wrong with an answer."""

from itertools import permutations

import numpy as np

from ...nn.layers import Array
from .exercise import Row
from .mistakes import GENERIC, MISTAKES, UNKNOWN, Truth

MOST_ORDERED = 7  # arrays, of which every order is tried
SMALLEST = 1e-3  # norm of a truth below which errors are taken as absolute, in units of this


def diagnose(
    wrong: list[str],
    found: dict[str, Array],
    truths: dict[str, Truth],
    bars: dict[str, float],
    rows: list[tuple[Row, dict[str, Array]]],
) -> tuple[str, str]:
    """Find the one mistake that explains every wrong array, the closest if several do.

    Returns its name, and what it means.
    """
    if any(not np.isfinite(found[name]).all() for name in wrong):
        return _named("not a number")

    def misfit(candidates: dict[str, Array]) -> float:
        """Return the worst of the wrong arrays' misfits; above 1 this is not the mistake."""
        if any(name not in candidates for name in wrong):
            return np.inf
        return max(misfit_of(found[n], candidates[n], bars[n]) for n in wrong)

    def strangers(candidates: dict[str, Array]) -> float:
        """Count the arrays that are right, and would not be if this mistake were all.

        One is too many, but for slopes: those are of the learner's own function.
        """
        right = candidates.keys() & truths.keys() - set(wrong)
        odd = [n for n in right if misfit_of(found[n], candidates[n], bars[n]) > 1]
        return len(odd) if all(truths[n].each is not None for n in odd) else np.inf

    fits = [
        (strangers(each), misfit(each), (row.mistake, row.why or MISTAKES[row.mistake]))
        for row, each in rows
        if misfit(each) <= 1 and strangers(each) < np.inf
    ]
    for mistake, transform in GENERIC:
        options = {name: transform(truths[name]) for name in wrong}
        misfits = [
            min((misfit_of(found[n], c, bars[n]) for c in options[n]), default=np.inf)
            for n in wrong
        ]
        if max(misfits) <= 1:
            fits.append((0, max(misfits), _named(mistake)))
    if fits:
        return min(fits, key=lambda fit: (fit[0], round(fit[1], 3)))[2]  # of equals, the first
    totals = [truths[name].total for name in wrong]
    if all(total.ndim == 0 and total in (0, 1) for total in totals):
        return _named(UNKNOWN)  # verdicts, which have no order to be mixed up
    for order in permutations(range(len(wrong))) if 1 < len(wrong) <= MOST_ORDERED else ():
        if all(
            misfit_of(found[n], totals[i], bars[n]) <= 1 for n, i in zip(wrong, order, strict=True)
        ):
            return _named("results in another order")
    return _named(UNKNOWN)


def _named(mistake: str) -> tuple[str, str]:
    return mistake, MISTAKES[mistake]


def misfit_of(found: Array, candidate: Array, bar: float) -> float:
    """Return the error in units of its bar: above 1 they are not the same."""
    return error_of(found, candidate) / max(bar, 1e-6)


def error_of(found: Array, truth: Array) -> float:
    """Return ‖found − truth‖₂ / max(‖truth‖₂, SMALLEST); inf where the shapes differ."""
    if np.shape(found) != np.shape(truth):
        return np.inf
    size = max(float(np.linalg.norm(truth)), SMALLEST)
    return float(np.linalg.norm(found - truth)) / size
