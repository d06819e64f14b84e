"""Exercise 01.4: how much a backup contracts, which is why repeated backups settle.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, InvalidAnswer, Mistake, array, call, exercise

STATES, ACTIONS = 5, 3
NORM = "Use ‖·‖∞, the largest absolute entry. That is the norm in which γ bounds a backup."

SOLUTION = """
def contraction_factor(q1, q2, backup):
    before = np.abs(q1 - q2).max()
    after = np.abs(backup(q1) - backup(q2)).max()
    return after / before
"""


def _sizes(size: str) -> dict[str, str]:
    """Return the edit that replaces np.abs({}).max() by another measure of both differences."""
    differences = "q1 - q2", "backup(q1) - backup(q2)"
    return {f"np.abs({each}).max()": size.format(each) for each in differences}


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
    Mistake("mean instead of max", NORM, _sizes("np.abs({}).mean()")),
    Mistake(
        "no absolute value",
        "If the largest difference is negative, the maximum misses it. Take the absolute value of"
        " every entry first.",
        _sizes("np.max({})"),
        _sizes("np.abs(np.max({}))"),
        _sizes("np.min({})"),
        _sizes("np.abs(np.min({}))"),
    ),
    Mistake(
        "largest ratio of two entries",
        "You divided entry by entry. Take the maximum of each difference first, then divide: the"
        " bound does not hold for single entries.",
        _sizes("np.abs({})") | {"after / before": "(after / before).max()"},
        _sizes("({})") | {"after / before": "(after / before).max()"},
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
    statement="""Take two tables, back both up, and see how much closer they have come. For a
    Bellman backup the factor is at most γ: that is why repeated backups settle on one table.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your factors with the right ones",
    difficulty=1,
    minutes=6,
    hints=("`backup` is a function. Call it on each table, and subtract the results.",),
)
def check_contraction_factor(contraction_factor: Any) -> dict[str, Any]:
    """Check contraction_factor."""
    shape = STATES, ACTIONS
    q1, q2, reward = (sample_array(*shape, seed=seed) for seed in (6, 4, 1))
    next_state = np.random.default_rng(3).integers(STATES, size=shape)

    def backup(q: Array) -> Array:
        if np.shape(q) != shape:
            raise InvalidAnswer(f"backup takes a table {shape}, and was given {np.shape(q)}.")
        backed_up: Array = reward + 0.8 * np.asarray(q)[next_state].max(axis=2)
        return backed_up

    def bend(q: Array) -> Array:
        return np.tanh(backup(q)) * np.sign(reward)

    wanted = "contraction_factor should return a number: it"
    return {
        "of a backup": array(call(contraction_factor, q1, q2, backup), wanted),
        "of a backup, with q1 and q2 swapped": array(
            call(contraction_factor, q2, q1, backup), wanted
        ),
        "of another function": array(call(contraction_factor, q1, q2, bend), wanted),
    }
