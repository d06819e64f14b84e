"""Chapter 01, what is to be learned: why repeated backups settle.

S states, A actions.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import InvalidAnswer, array, call

STATES, ACTIONS = 5, 3
NORM = "‖·‖∞ is asked, the largest absolute entry. That is the norm in which γ bounds a backup."

Size = Callable[[Array], Any]


def _ratio(size: Size) -> Any:
    """Answer with another size of a difference than the largest absolute entry."""
    return lambda q1, q2, backup: size(backup(q1) - backup(q2)) / size(q1 - q2)


def largest(x: Array) -> Any:
    return np.abs(x).max()


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
    Bellman backup the factor is at most γ: that is why repeating it settles on one table.""",
    reference=(_ratio(largest),),
    rows=(
        Row("Euclidean norm", (_ratio(np.linalg.norm),), NORM),
        *(
            Row(
                "a matrix norm instead of the largest entry",
                (_ratio(size),),
                "For a table, NumPy's norm with inf or 2 is one of a matrix: the largest sum of a"
                " row, or the largest singular value. Take the largest absolute entry.",
            )
            for size in (
                lambda x: np.linalg.norm(x, np.inf),
                lambda x: np.linalg.norm(x, 2),
                lambda x: np.linalg.norm(x, 1),
            )
        ),
        Row("mean instead of max", (_ratio(lambda x: np.abs(x).mean()),), NORM),
        *(
            Row(
                "no absolute value",
                (_ratio(size),),
                "Where the largest difference is negative, the maximum passes it by. Take the"
                " absolute value of every entry first.",
            )
            for size in (np.max, lambda x: abs(np.max(x)), np.min, lambda x: abs(np.min(x)))
        ),
        *(
            Row(
                "largest ratio of two entries",
                (lambda q1, q2, backup, of=of: of((backup(q1) - backup(q2)) / (q1 - q2)),),
                "You divided entry by entry. Take the two maxima first, each by itself: no bound"
                " holds for single entries.",
            )
            for of in (largest, np.max)
        ),
        Row(
            "backup of the difference",
            (lambda q1, q2, backup: largest(backup(q1 - q2)) / largest(q1 - q2),),
            "T (q1 − q2) is not T q1 − T q2: T adds a reward, and takes a maximum. Back up each"
            " table, and then subtract.",
        ),
        *(
            Row(
                "difference of norms instead of norm of the difference",
                (
                    lambda q1, q2, backup, of=of: (
                        of(largest(backup(q1)) - largest(backup(q2)))
                        / of(largest(q1) - largest(q2))
                    ),
                ),
                "Two tables may be equally large and far apart. Subtract first.",
            )
            for of in (float, abs)
        ),
        Row(
            "upside down",
            (lambda q1, q2, backup: largest(q1 - q2) / largest(backup(q1) - backup(q2)),),
            "The distance after the backup is divided by the one before.",
        ),
        *(
            Row(
                "only one of both backed up",
                (answer,),
                "Both tables are backed up, and then compared. Yours compares a new one with an"
                " old one.",
            )
            for answer in (
                lambda q1, q2, backup: largest(backup(q1) - q2) / largest(q1 - q2),
                lambda q1, q2, backup: largest(q1 - backup(q2)) / largest(q1 - q2),
            )
        ),
        Row(
            "not divided",
            (lambda q1, q2, backup: largest(backup(q1) - backup(q2)),),
            "That is the distance after the backup. How large was it before?",
        ),
    ),
    compared="your factors with the right ones",
)
def check_contraction_factor(contraction_factor: Any) -> dict[str, Any]:
    """Check contraction_factor."""
    shape = STATES, ACTIONS
    q1, q2, reward = (sample_array(*shape, seed=seed) for seed in (6, 4, 1))
    next_state = np.random.default_rng(3).integers(STATES, size=shape)

    def backup(q: Array) -> Array:
        if np.shape(q) != shape:
            raise InvalidAnswer(f"backup takes a table {shape}, and was given {np.shape(q)}.")
        return np.asarray(reward + 0.8 * np.asarray(q)[next_state].max(axis=2))

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
