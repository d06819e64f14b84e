"""Recognise patterns in what is wrong: a constant offset, or only certain rows or columns."""

from collections.abc import Callable

import numpy as np

from ...nn.layers import Array
from .evidence import Diagnosis, Evidence, Key
from .factors import LOOSEST
from .mistakes import MISTAKES

FEWEST = 4  # entries that an array needs for a pattern
MOSTLY = 0.4  # at least this share of a region is wrong; other entries may be right by chance

# each function returns a mask of n rows or columns: True for those that are wrong
REGIONS: tuple[tuple[str, Callable[[int], Array]], ...] = (
    ("the first {}", lambda n: np.arange(n) == 0),
    ("the last {}", lambda n: np.arange(n) == n - 1),
    ("all but the first {}", lambda n: np.arange(n) > 0),
    ("all but the last {}", lambda n: np.arange(n) < n - 1),
    ("the first and the last {}", lambda n: (np.arange(n) == 0) | (np.arange(n) == n - 1)),
)


def pattern(evidence: Evidence) -> Diagnosis | None:
    """Describe a pattern that explains everything that is wrong in all cases."""
    keys = evidence.wrong
    if not evidence.is_constant or any(
        not evidence.references[key].is_measured
        or evidence.tolerances[key] > LOOSEST
        or evidence.observed[key].shape != evidence.references[key].total.shape
        for key in keys
    ):
        return None
    return _half(evidence) or _offset(evidence) or _region(evidence)


def _half(evidence: Evidence) -> Diagnosis | None:
    if all(evidence.observed[key].dtype == np.float16 for key in evidence.wrong):
        return Diagnosis("half precision", (MISTAKES["half precision"],))
    return None


def _offset(evidence: Evidence) -> Diagnosis | None:
    """Recognise one number that was added to every entry in all cases."""
    offsets = [evidence.observed[key] - evidence.references[key].total for key in evidence.wrong]
    joined = np.concatenate([np.ravel(offset) for offset in offsets])
    same = np.ptp(joined.real) <= 1e-6 * np.max(np.abs(joined)) if joined.size else False
    if joined.size < FEWEST or not same:
        return None
    size, word = abs(float(joined[0].real)), "large" if joined[0].real > 0 else "small"
    return Diagnosis(
        "constant offset", (f"Every entry of {evidence.listed} is {size:.6g} too {word}.",)
    )


def _region(evidence: Evidence) -> Diagnosis | None:
    """Recognise rows or columns that are wrong, while all others are right."""
    for axis, one in ((0, "row"), (1, "column")):
        for name, where in REGIONS:
            if all(_is_wrong_in(evidence, key, axis, where) for key in evidence.wrong):
                is_list = all(evidence.observed[key].ndim == 1 for key in evidence.wrong)
                region = name.format("entry" if is_list else one)
                text = f"In {evidence.listed}, only {region} is wrong."
                if name.startswith("all"):
                    text = f"In {evidence.listed}, {region} are wrong."
                return Diagnosis(f"wrong in {region}", (text,))
    return None


def _is_wrong_in(evidence: Evidence, key: Key, axis: int, where: Callable[[int], Array]) -> bool:
    observed, reference = evidence.observed[key], evidence.references[key].total
    if observed.ndim <= axis or observed.shape[axis] < 3 or observed.size < FEWEST:
        return False
    wrong = ~np.isclose(observed, reference, rtol=1e-5, atol=1e-9)
    others = tuple(i for i in range(observed.ndim) if i != axis)
    region = where(observed.shape[axis])
    shares = wrong.mean(axis=others)
    return bool(
        np.all(shares[~region] == 0)
        and np.all(shares[region] > 0)
        and np.mean(shares[region]) > MOSTLY
    )
