"""Recognise an array that is a constant multiple of what it should be, and write the constant."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np

from ...nn.layers import Array

TIGHTEST = 1e-6  # relative error within which a factor is recognised
LOOSEST = 1e-3  # with a larger tolerance, no factor is claimed
LETTERS = {  # the course's letters for the sizes that a case sets
    "batch_size": "N",
    "obs_dim": "S",
    "action_dim": "A",
    "states": "S",
    "actions": "A",
    "inputs": "I",
    "hidden": "H",
    "outputs": "O",
    "horizon": "T",
    "points": "n",
    "features": "F",
    "discount": "γ",
    "tau": "τ",
}
NUMBERS, RARER = (1.0, -1.0, 2.0, 0.5, -2.0, -0.5), (4.0, 0.25, -4.0, -0.25)
Sizes = Mapping[str, float]  # by letter


def constant(observed: Array, reference: Array, tolerance: float) -> float | None:
    """Return c if observed = c · reference within the tolerance, otherwise None."""
    if observed.shape != reference.shape or tolerance > LOOSEST:
        return None
    length = float(np.vdot(reference, reference).real)
    if not length or not np.isfinite(observed).all():
        return None
    c = float(np.vdot(reference, observed).real) / length
    error = float(np.linalg.norm(observed - c * reference))
    close = error <= max(tolerance, TIGHTEST) * float(np.linalg.norm(observed))
    return c if c and close else None


def written(constants: Sequence[float], sizes: Sequence[Sizes], tolerance: float) -> str:
    """Write the constants of all cases as one formula in the cases' sizes; "" if none fits.

    >>> written([3.5, 2.5], [{"N": 7}, {"N": 5}], 1e-6)
    'N/2'
    """
    letters = set.intersection(*(set(case) for case in sizes)) if sizes else set()
    for text, powers, number in _formulas(sorted(letters)):
        values = [
            number * float(np.prod([float(case[name]) ** power for name, power in powers.items()]))
            for case in sizes
        ]
        if np.allclose(constants, values, rtol=max(tolerance, TIGHTEST), atol=0):
            return text
    return ""


def _formulas(letters: Sequence[str]) -> Iterator[tuple[str, dict[str, int], float]]:
    """Yield formulas, the simplest first: text, powers of the letters, number in front of them."""
    single = [{name: power} for power in (1, -1, 2, -2) for name in letters]
    double = [
        dict(zip(pair, signs, strict=True))
        for pair in combinations(letters, 2)
        for signs in product((1, -1), repeat=2)
    ]
    yield from ((_text({}, number), {}, number) for number in NUMBERS[1:])
    for powers in single:
        for number in (*NUMBERS, *RARER):
            yield _text(powers, number), powers, number
    yield from ((_text(powers, number), powers, number) for powers in double for number in NUMBERS)
    yield from ((_text({}, number), {}, number) for number in RARER)


def _text(powers: Mapping[str, int], number: float) -> str:
    sign, size = "−" if number < 0 else "", abs(number)
    above = [f"{size:g}"] if size > 1 else []
    below = [f"{1 / size:g}"] if size < 1 else []
    for name, power in powers.items():
        part = name + ("²" if abs(power) == 2 else "")
        (above if power > 0 else below).append(part)
    top, bottom = " ".join(above) or "1", " ".join(below)
    if len(below) > 1:
        bottom = f"({bottom})"
    return f"{sign}{top}/{bottom}" if below else f"{sign}{top}"
