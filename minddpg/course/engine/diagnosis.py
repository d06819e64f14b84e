"""Find the mistake, or the two mistakes, that explain a wrong answer.

A mistake is named only if it explains every wrong array in every case and contradicts no correct
one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from .evidence import Candidate, Diagnosis, Evidence, Key, Values, distance
from .factors import LOOSEST, constant, written
from .mistakes import GENERIC, MISTAKES, SEVERAL, UNKNOWN, Reference
from .patterns import pattern

ROUNDED = "rounded to whole numbers"
MOST_TOGETHER = 2  # mistakes that one diagnosis names
MOST_ORDERED = 7  # with more arrays than this, their orders are not tried


def diagnose(
    evidence: Evidence,
    candidates: Sequence[Candidate],
    is_random: Callable[[], bool],
    ignored: Callable[[], list[str]],
    changes: Callable[[], Iterable[Candidate]],
    pairs: Callable[[], Iterable[Candidate]],
) -> Diagnosis:
    """Explain everything that is wrong: by one mistake if possible, otherwise by two.

    Each of the functions is called only if nothing simpler explains the answer.
    """
    if any(_is_undefined(evidence, key) for key in evidence.wrong):
        return _named("not a number")
    if is_random():
        return _named("random from call to call")
    if found := _one(evidence, candidates):
        return found
    if _are_in_another_order(evidence):
        return _named("results in another order")
    alone: dict[str, Diagnosis | None] = dict.fromkeys(evidence.names)
    if len(alone) > 1:
        alone = {name: _one(evidence.of(name), candidates, evidence) for name in alone}
    if found := _together(alone) or _known_and_constant(evidence, candidates):
        return found
    if shapes := _shapes(evidence):
        return Diagnosis("another shape", shapes)
    if names := ignored():
        return _ignored(names)
    small = list(changes())
    if found := _closest(evidence, small) or pattern(evidence):
        return found
    for name in alone:
        part = evidence.of(name)
        alone[name] = alone[name] or _one(part, small, evidence) or pattern(part)
    if found := _together(alone):
        return found
    for pair in pairs():
        if _explains(evidence, pair.values):
            return Diagnosis(pair.mistake, tuple(pair.why.splitlines()))
    known = [
        f'In the row "{name}": {found.name}. {found.lines[0]}'
        for name, found in alone.items()
        if found
    ]
    name = SEVERAL if len(known) == len(alone) else UNKNOWN
    return Diagnosis(name, (MISTAKES[name], *known))


def _one(
    evidence: Evidence, candidates: Iterable[Candidate], whole: Evidence | None = None
) -> Diagnosis | None:
    """Explain everything that is wrong by one mistake.

    Args:
        whole: if `evidence` is only a part, the evidence with everything that is wrong: for the
            rest, a mistake must give the correct or the observed values.
    """
    if whole:
        rest = [key for key in whole.wrong if key not in evidence.wrong]
        candidates = [
            each
            for each in candidates
            if all(
                key in each.values
                and (whole.is_reference(key, each.values[key]) or whole.fits(key, each.values[key]))
                for key in rest
            )
        ]
        evidence = replace(evidence, references=_without(evidence.references, rest))
    return _closest(evidence, candidates) or _generic(evidence) or _constant(evidence)


def _without(references: dict[Key, Reference], keys: Sequence[Key]) -> dict[Key, Reference]:
    return {key: reference for key, reference in references.items() if key not in keys}


def _closest(evidence: Evidence, candidates: Iterable[Candidate]) -> Diagnosis | None:
    """Return the known mistake that gives the observed values; the closest if several do."""
    fits = [each for each in candidates if _explains(evidence, each.values)]
    if not fits:
        return None
    best = min(fits, key=lambda each: round(evidence.error(each.values), 3))  # first of equals
    return Diagnosis(best.mistake, (best.why,))


def _explains(evidence: Evidence, values: Values) -> bool:
    return all(
        key in values and evidence.fits(key, values[key]) for key in evidence.wrong
    ) and _contradicts_nothing(evidence, values)


def _contradicts_nothing(evidence: Evidence, values: Values) -> bool:
    """Return True if every correct observation has the value that it has with this mistake."""
    return all(
        key not in values or distance(evidence.observed[key], values[key]) <= evidence.slack(key)
        for key in evidence.correct
    )


def _generic(evidence: Evidence) -> Diagnosis | None:
    """Return the mistake of GENERIC that turns every reference into the observed array."""
    if not evidence.is_constant:
        return None
    if any(evidence.tolerances[key] > LOOSEST for key in evidence.wrong):
        return None
    for mistake, transform in GENERIC:
        if mistake == ROUNDED and _are_alike(evidence):
            continue  # the same whole number everywhere may have many reasons
        if all(
            any(evidence.fits(key, value) for value in transform(evidence.references[key]))
            for key in evidence.wrong
        ):
            return _named(mistake)
    return None


def _are_alike(evidence: Evidence) -> bool:
    """Return True if all entries of the wrong arrays are the same number."""
    values = [evidence.observed[key].ravel() for key in evidence.wrong]
    return len(np.unique(np.concatenate(values))) < 2


def _constant(evidence: Evidence, values: Values | None = None) -> Diagnosis | None:
    """Recognise one constant factor between every reference and the observed array.

    Args:
        values: the values of a known mistake, to compare with instead of the references.
    """
    if not evidence.is_constant:
        return None
    constants, cases, entries = [], [], 0
    for key in evidence.wrong:
        reference = values[key] if values else evidence.references[key].total
        if not evidence.references[key].is_measured or evidence.is_almost_correct(key):
            return None
        tolerance = evidence.tolerances[key]
        c = constant(evidence.observed[key], reference, tolerance)
        if c is None:
            return None
        constants.append(c)
        cases.append(key[0])
        entries += reference.size
    loosest = max(evidence.tolerances[key] for key in evidence.wrong)
    sizes = [evidence.sizes[case] for case in cases]
    formula = written(constants, sizes, loosest)
    if formula == "−1":
        return _named("sign flipped")
    which = "Every entry" if len(evidence.names) > 1 else f"Every entry of {evidence.names[0]}"
    if entries == len(evidence.wrong):
        which = f"Each of {evidence.listed}" if len(evidence.names) > 1 else evidence.listed
    if formula:
        letters = [name for name in sizes[0] if name in formula]
        known = f"; {', '.join(f'{name} = {sizes[0][name]}' for name in letters)}, so that is"
        more = f"{known} {formula}" if letters else ""
        text = f"{which} is {constants[0]:.6g} times what it should be{more}."
        return Diagnosis(f"factor {formula}", (text,))
    same = np.allclose(constants, constants[0], rtol=max(loosest, 1e-5), atol=0)
    if not same or entries < 2 or np.isclose(constants[0], 1, rtol=1e-4):
        return None
    return Diagnosis(
        "constant factor", (f"{which} is {constants[0]:.6g} times what it should be.",)
    )


def _known_and_constant(evidence: Evidence, candidates: Iterable[Candidate]) -> Diagnosis | None:
    """Explain what is wrong by a known mistake and a constant factor in some of the arrays."""
    for each in candidates:
        if any(key not in each.values for key in evidence.wrong):
            continue
        if not _contradicts_nothing(evidence, each.values):
            continue
        scaled = tuple(key for key in evidence.wrong if not evidence.fits(key, each.values[key]))
        changed = [
            key for key in evidence.wrong if not evidence.is_reference(key, each.values[key])
        ]
        if not changed or not scaled or _is_a_factor(evidence, each, scaled):
            continue
        factor = _constant(replace(evidence, wrong=scaled), each.values)
        if factor and factor.name != "constant factor":
            text = factor.lines[0].replace(
                "what it should be", "what it would be with this mistake alone"
            )
            return Diagnosis(f"{each.mistake} and {factor.name}", (each.why, text))
    return None


def _is_a_factor(evidence: Evidence, candidate: Candidate, keys: Sequence[Key]) -> bool:
    """Return True if a known mistake only multiplies these arrays by a constant."""
    with_mistake = replace(evidence, observed=candidate.values, wrong=tuple(keys))
    return _constant(with_mistake) is not None


def _together(alone: Mapping[str, Diagnosis | None]) -> Diagnosis | None:
    """Join the separate mistakes of several observations into one diagnosis.

    Return None if an observation has no mistake, or if there are more than MOST_TOGETHER mistakes:
    too many explain nothing.
    """
    names: dict[Diagnosis, list[str]] = {}
    for name, found in alone.items():
        if not found:
            return None
        names.setdefault(found, []).append(name)
    mistakes = dict.fromkeys(each.name for each in names)
    if len(mistakes) > MOST_TOGETHER:
        return None
    lines = [f"{'; '.join(names[each])}: {each.name}. {' '.join(each.lines)}" for each in names]
    return Diagnosis(" and ".join(mistakes), tuple(lines))


def _shapes(evidence: Evidence) -> tuple[str, ...]:
    """Return a line for each observation with a wrong shape: the shape, and the correct one."""
    lines: dict[str, str] = {}
    for key in evidence.wrong:
        shape, wanted = evidence.observed[key].shape, evidence.references[key].total.shape
        if shape != wanted:
            lines.setdefault(
                key[1], f"{key[1]} is {_counted(shape)}, but should be {_counted(wanted)}."
            )
    return tuple(lines.values())


def _counted(shape: tuple[int, ...]) -> str:
    return f"an array {shape}" if shape else "one number"


def _ignored(names: Sequence[str]) -> Diagnosis:
    listed = ", ".join(names)
    return Diagnosis(
        f"argument ignored: {listed}",
        (f"Your code gives the same results whatever {listed} {'are' if names[1:] else 'is'}.",),
    )


def _are_in_another_order(evidence: Evidence) -> bool:
    """Return True if, in each case, the wrong arrays are the references in another order."""
    for case in {case for case, _ in evidence.wrong}:
        keys = [key for key in evidence.wrong if key[0] == case]
        totals = [evidence.references[key].total for key in keys]
        if not all(evidence.references[key].is_measured for key in keys):
            return False  # counts and booleans often agree by chance in another order
        orders = permutations(range(len(keys))) if 1 < len(keys) <= MOST_ORDERED else ()
        if not any(
            all(evidence.fits(key, totals[i]) for key, i in zip(keys, order, strict=True))
            for order in orders
            if order != tuple(range(len(keys)))
        ):
            return False
    return True


def _is_undefined(evidence: Evidence, key: Key) -> bool:
    """Return True if an array has NaN or infinite entries, but its reference has none."""
    is_finite = np.isfinite(evidence.references[key].total).all()
    return bool(is_finite and not np.isfinite(evidence.observed[key]).all())


def _named(mistake: str) -> Diagnosis:
    return Diagnosis(mistake, (MISTAKES[mistake],))
