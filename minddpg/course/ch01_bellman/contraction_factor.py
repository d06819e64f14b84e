"""Exercise 01.4: the factor by which a backup contracts. It makes repeated backups converge.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, InvalidAnswer, Mistake, array, call, exercise

NORM = "Use ‖·‖∞, the largest absolute entry. That is the norm in which γ bounds a backup."

SOLUTION = """
def contraction_factor(q1, q2, backup):
    before = np.abs(q1 - q2).max()
    after = np.abs(backup(q1) - backup(q2)).max()
    return after / before
"""


def _one_size(size: str) -> list[dict[str, str]]:
    """Return the edits that replace np.abs({}).max() by another measure of one difference."""
    return [{old: new} for old, new in _sizes(size).items()]


def _sizes(size: str) -> dict[str, str]:
    """Return the edit that replaces np.abs({}).max() by another measure of both differences."""
    differences = "q1 - q2", "backup(q1) - backup(q2)"
    return {f"np.abs({each}).max()": size.format(each) for each in differences}


def _one_difference(text: str) -> list[dict[str, str]]:
    """Return the edits that replace the distance of two tables, before or after the backup."""
    pairs = ("q1", "q2"), ("backup(q1)", "backup(q2)")
    return [{f"np.abs({a} - {b}).max()": text.format(a, b)} for a, b in pairs]


MISTAKES = (
    Mistake("Euclidean norm", NORM, _sizes("np.linalg.norm({})")),
    Mistake(
        "a matrix norm instead of the largest entry",
        "For a table, NumPy's norm with inf, 1 or 2 is a matrix norm: the largest sum of a row or"
        " of a column, or the largest singular value. Take the largest absolute entry.",
        _sizes("np.linalg.norm({}, np.inf)"),
        _sizes("np.linalg.norm({}, 2)"),
        _sizes("np.linalg.norm({}, 1)"),
    ),
    Mistake("sum or mean instead of max", NORM, _sizes("np.abs({}).mean()")),
    Mistake(
        "range instead of the largest absolute entry",
        "You subtracted the smallest entry from the largest. " + NORM,
        _sizes("np.ptp({})"),
        *_one_size("np.ptp({})"),
    ),
    Mistake(
        "place of the largest entry instead of its size",
        "argmax says where the largest entry is; max says how large it is.",
        _sizes("np.abs({}).argmax()"),
        *_one_size("np.abs({}).argmax()"),
    ),
    Mistake(
        "only a part of the table compared",
        "Take the largest entry of the whole table. A loop must keep the largest entry so far, and"
        " return after the last row.",
        _sizes("np.abs({}).ravel()[-1]"),
        _sizes("np.abs({}).ravel()[0]"),
        _sizes("np.abs({})[0].max()"),
        _sizes("np.abs({})[-1].max()"),
    ),
    Mistake(
        "never below 1",
        "Your search for the largest entry begins with 1, so no distance can be smaller. Begin"
        " with 0.",
        _sizes("max(1.0, np.abs({}).max())"),
    ),
    Mistake(
        "distances cut to whole numbers",
        "int() cuts the fraction of a distance off. Leave it out.",
        _sizes("int(np.abs({}).max())"),
    ),
    Mistake(
        "min instead of max",
        "You took the smallest absolute entry. Take the largest.",
        _sizes("np.abs({}).min()"),
        *_one_size("np.abs({}).min()"),
    ),
    Mistake(
        "two different norms",
        "The distances before and after are measured in two ways. Take the largest absolute entry"
        " of both.",
        *_one_size("np.linalg.norm({})"),
        *_one_size("np.linalg.norm({}, np.inf)"),
        *_one_size("np.linalg.norm({}, 2)"),
        *_one_size("np.linalg.norm({}, 1)"),
        *_one_size("np.abs({}).sum()"),
        *_one_size("np.abs({}).mean()"),
        *_one_size("np.square({}).max()"),
    ),
    Mistake(
        "squares instead of absolute values",
        "Squares make large differences count too much. Take the largest absolute entry.",
        _sizes("np.square({}).max()"),
        _sizes("np.square({}).sum()"),
    ),
    Mistake(
        "one factor for each row",
        "You took the maximum of each row. The norm is one number, the largest of all entries.",
        _sizes("np.abs({}).max(axis=1)"),
        _sizes("np.abs({}).max(axis=0)"),
        _sizes("np.abs({}).max(axis=1)") | {"after / before": "(after / before).max()"},
        _sizes("np.abs({}).max(axis=0)") | {"after / before": "(after / before).max()"},
    ),
    Mistake(
        "no absolute value",
        "If the largest difference is negative, the maximum misses it. Take the absolute value of"
        " every entry first.",
        _sizes("np.max({})"),
        _sizes("np.abs(np.max({}))"),
        _sizes("np.min({})"),
        _sizes("np.abs(np.min({}))"),
        *_one_size("np.max({})"),
        *_one_size("np.min({})"),
    ),
    Mistake(
        "largest ratio of two entries",
        "You divided entry by entry. Take the maximum of each difference first, then divide: the"
        " bound does not hold for single entries.",
        _sizes("np.abs({})") | {"after / before": "(after / before).max()"},
        _sizes("({})") | {"after / before": "(after / before).max()"},
        _sizes("np.abs({})") | {"after / before": "(after / before).mean()"},
        _sizes("np.abs({})"),
    ),
    Mistake(
        "backup of the difference",
        "T (q1 − q2) is not T q1 − T q2, because T adds a reward and takes a maximum. Back up each"
        " table first, then subtract.",
        {"backup(q1) - backup(q2)": "backup(q1 - q2)"},
    ),
    Mistake(
        "difference of norms instead of norm of the difference",
        "Two tables may be equally large and far apart. Subtract first.",
        *(
            {
                "(q1 - q2).max()": "(q1).max() - np.abs(q2).max()",
                "(backup(q1) - backup(q2)).max()": (
                    "(backup(q1)).max() - np.abs(backup(q2)).max()"
                ),
                "after / before": ratio,
            }
            for ratio in ("after / before", "np.abs(after / before)")
        ),
        *_one_difference("np.abs({}).max() - np.abs({}).max()"),
        *_one_difference("np.abs(np.abs({}).max() - np.abs({}).max())"),
        *_one_difference("np.abs({}.max() - {}.max())"),
        *_one_difference("({}.max() - {}.max())"),
    ),
    Mistake(
        "a table compared with itself",
        "You subtract a table from itself, which leaves 0. Back up both q1 and q2, and subtract"
        " one from the other.",
        {"backup(q1) - backup(q2)": "backup(q1) - backup(q1)"},
    ),
    Mistake(
        "upside down",
        "Divide the distance after the backup by the distance before it.",
        {"after / before": "before / after"},
    ),
    Mistake(
        "only one of both backed up",
        "Back up both tables, then compare them. You compared a new table with an old one.",
        {"backup(q1) - backup(q2)": "backup(q1) - q2"},
        {"backup(q1) - backup(q2)": "q1 - backup(q2)"},
    ),
    Mistake(
        "not divided",
        "That is the distance after the backup. How large was it before?",
        {"after / before": "after"},
    ),
    Mistake(
        "multiplied instead of divided",
        "Divide the distance after the backup by the distance before it.",
        {"after / before": "after * before"},
    ),
    Mistake(
        "subtracted instead of divided",
        "That is the amount by which the distance shrinks. Divide the distance after the backup by"
        " the distance before it.",
        {"after / before": "before - after"},
        {"after / before": "after - before"},
    ),
    Mistake(
        "1 minus the factor",
        "That is the share by which the distance shrinks. Return the share that is left, the"
        " distance after the backup divided by the one before it.",
        {"after / before": "1 - after / before"},
        {"after / before": "(after - before) / before"},
    ),
    Mistake(
        "cut off at 1",
        "If a function is not a contraction, the factor may be above 1. Return it as it is.",
        {"after / before": "min(after / before, 1.0)"},
    ),
    Mistake(
        "something added below the line",
        "Divide by the distance itself. It is never 0, because the two tables differ.",
        {"after / before": "after / (before + 1)"},
        {"after / before": "after / (before + 1e-3)"},
    ),
    Mistake(
        "rounded",
        "Return the factor with all its digits.",
        *({"after / before": f"np.round(after / before, {digits})"} for digits in range(1, 6)),
    ),
    Mistake(
        "distance before the backup",
        "That is how far q1 and q2 are apart. Divide the distance after the backup by it.",
        {"after / before": "before"},
    ),
    Mistake(
        "a distance divided by itself",
        "That is always 1. Divide the distance after the backup of both tables by the distance"
        " before it.",
        {"backup(q1) - backup(q2)": "q1 - q2"},
    ),
    Mistake(
        "backed up twice",
        "That is the factor of two backups. Back up each table once.",
        {"backup(q1) - backup(q2)": "backup(backup(q1)) - backup(backup(q2))"},
        {
            "backup(q1) - backup(q2)": "backup(backup(q1)) - backup(backup(q2))",
            "(q1 - q2)": "(backup(q1) - backup(q2))",
        },
    ),
    Mistake(
        "sum of the tables instead of their difference",
        "A distance is the size of a difference: subtract.",
        {"q1 - q2": "q1 + q2", "backup(q1) - backup(q2)": "backup(q1) + backup(q2)"},
        {"q1 - q2": "q1 + q2"},
        {"backup(q1) - backup(q2)": "backup(q1) + backup(q2)"},
    ),
    Mistake(
        "size of one table instead of the distance of two",
        "Contraction is about two tables that come closer. Subtract one from the other, before and"
        " after the backup.",
        *(
            {**above, **below}
            for table in ("q1", "q2")
            for above in ({}, {"backup(q1) - backup(q2)": f"backup({table})"})
            for below in ({}, {"(q1 - q2)": f"({table})"})
            if above or below
        ),
    ),
    Mistake(
        "one table's change instead of the distance of two",
        "You compared a table with its own backup. Compare the two tables, before and after.",
        {"q1 - q2": "q1 - backup(q1)", "backup(q1) - backup(q2)": "q2 - backup(q2)"},
        {"backup(q1) - backup(q2)": "backup(q1) - q1"},
        {"backup(q1) - backup(q2)": "backup(q2) - q2"},
    ),
    Mistake(
        "fraction cut off",
        "The factor is a fraction, but yours is a whole number: // and int() cut the rest off."
        " Divide with /.",
        {"after / before": "after // before"},
    ),
)


@exercise(
    "01.4",
    "How much a backup contracts",
    PROPERTY,
    stub='''
def contraction_factor(q1, q2, backup):
    """Return ‖T q1 − T q2‖∞ / ‖q1 − q2‖∞, a number.

    q1 and q2 are tables (S, A); T is the function backup, from a table to a new one. ‖x‖∞ is the
    largest absolute value of all entries of x.
    """
    factor = None
    return factor
''',
    statement="""Take two tables, back both up, and measure how much closer they have come. For a
    Bellman backup the factor is at most γ: that is why repeated backups converge to one table.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your factors with the correct ones",
    difficulty=1,
    minutes=5,
    hints=("`backup` is a function. Call it on each table, and subtract the results.",),
    cases=(
        {"states": 5, "actions": 3, "discount": 0.85, "size": 7},
        {"states": 4, "actions": 7, "discount": 0.97, "size": 0.3},
    ),
    equivalents={
        "return after / before → return np.float32(after / before)": "float32 is accepted"
    },
)
def check_contraction_factor(
    contraction_factor: Any, states: int, actions: int, discount: float, size: float
) -> dict[str, Any]:
    """Check contraction_factor with tables whose entries have this size."""
    shape = states, actions
    q1, q2, reward = (size * sample_array(*shape, seed=seed) for seed in (6, 4, 1))
    next_state = np.random.default_rng(3).integers(states, size=shape)

    def backup(q: Array) -> Array:
        if np.shape(q) != shape:
            raise InvalidAnswer(f"backup takes a table {shape}, and was given {np.shape(q)}.")
        backed_up: Array = reward + discount * np.asarray(q)[next_state].max(axis=2)
        return backed_up

    def bend(q: Array) -> Array:
        bent: Array = 7 * size * np.tanh(backup(q) / size) * np.sign(reward)
        return bent

    def factor(one: Array, other: Array, function: Any) -> Array:
        result = call(contraction_factor, one, other, function)
        found = array(result, "contraction_factor should return a number: it")
        if found.dtype == bool:
            raise InvalidAnswer("contraction_factor should return a number, not True or False.")
        return found

    return {
        "of a backup": factor(q1, q2, backup),
        "of a backup, with q1 and q2 swapped": factor(q2, q1, backup),
        "of another function": factor(q1, q2, bend),
    }
