"""Chapter 00, before you begin: the shapes of a batch.

N batch, S observation entries, A action entries.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import InvalidAnswer, array, call

BATCH, OBS, ACTION = 7, 4, 2
VECTORS, TABLES = ("reward", "terminated", "q"), ("obs", "action", "next_obs", "dq_da")
STORED = ("obs", "action", "reward", "next_obs", "terminated")

Shape = tuple[int, ...]


def shapes(n: int, s: int, a: int, **other: Any) -> dict[str, Any]:
    tables = {"obs": (n, s), "action": (n, a), "next_obs": (n, s), "dq_da": (n, a)}
    return {**tables, **dict.fromkeys(VECTORS, (n,)), **other}


def _changed(keys: Sequence[str], change: Callable[[Shape], Any]) -> Any:
    """Return the right answer, but for the shapes of these keys."""

    def answer(n: int, s: int, a: int) -> dict[str, Any]:
        found = shapes(n, s, a)
        return {key: change(found[key]) if key in keys else found[key] for key in found}

    return answer


def _some_of(keys: Sequence[str]) -> list[tuple[str, ...]]:
    return [some for k in range(1, len(keys) + 1) for some in combinations(keys, k)]


@exercise(
    "00.1",
    "The shapes of a batch",
    PROPERTY,
    stub='''
def batch_shapes(batch_size, obs_dim, action_dim):
    """Return the shape, a tuple, of every array of a batch, in a dictionary.

    obs, action, reward, next_obs and terminated are a batch of N transitions; q is the critic's
    value of each, one number; dq_da is its derivative by the action.
    """
    shapes = {}
    shapes["obs"] = None
    shapes["action"] = None
    shapes["reward"] = None
    shapes["next_obs"] = None
    shapes["terminated"] = None
    shapes["q"] = None
    shapes["dq_da"] = None
    return shapes
''',
    statement="""Say which shape each array of a batch has. The batch is the first axis of all of
    them. Where there is one number per transition, there is no second axis.""",
    reference=(shapes,),
    rows=(
        *(
            Row(
                "a column (N, 1) instead of (N,)",
                (_changed(keys, lambda shape: (*shape, 1)),),
                "One number per transition is a row (N,). A column (N, 1) minus a row (N,) is a"
                " table (N, N), and no error is raised: r − Q would compare every reward with"
                " every value.",
            )
            for keys in _some_of(VECTORS)
        ),
        *(
            Row(
                "(N) instead of (N,)",
                (_changed(keys, lambda shape: shape[0]),),
                "In Python (N) is the number N in brackets. It is the comma that makes a tuple.",
            )
            for keys in _some_of(VECTORS)
        ),
        *(
            Row(
                "dq_da shaped like q",
                (lambda n, s, a, more=more: shapes(n, s, a, dq_da=(n, *more)),),
                "A derivative by the action has one entry for every entry of the action.",
            )
            for more in ((), (1,))
        ),
        *(
            Row(
                "dq_da with the observation's entries",
                (lambda n, s, a, own=own: shapes(n, s, a, dq_da=(n, s + own * a)),),
                "The critic reads both, but dQ/da is its derivative by the action alone.",
            )
            for own in (0, 1)
        ),
        *(
            Row(
                "obs and action swapped",
                (_changed(keys, lambda shape: (shape[0], OBS + ACTION - shape[1])),),
                "S entries belong to an observation, A to an action.",
            )
            for keys in (("obs", "action"), ("obs", "action", "next_obs"), TABLES)
        ),
        *(
            Row(
                "batch axis last",
                (_changed(keys, lambda shape: shape[::-1]),),
                "The batch is axis 0: batch[i] is transition i, and obs @ weight works as it is.",
            )
            for keys in _some_of(TABLES)
        ),
        *(
            Row(
                "batch axis missing",
                (_changed(keys, lambda shape: shape[1:]),),
                "That is the shape of one transition. A batch holds N of them.",
            )
            for keys in (*_some_of(VECTORS), *_some_of(TABLES), STORED, (*VECTORS, *TABLES))
        ),
    ),
    compared="arrays of your shapes with arrays of the right ones",
)
def check_batch_shapes(batch_shapes: Any) -> dict[str, Any]:
    """Check batch_shapes."""
    found = call(batch_shapes, BATCH, OBS, ACTION)
    if not isinstance(found, dict):
        raise InvalidAnswer(f"batch_shapes should return a dictionary, not {type(found).__name__}.")
    return {key: _example(found, key) for key in shapes(BATCH, OBS, ACTION)}


def _example(found: dict[str, Any], key: str) -> Array:
    """Return an array of ones of the shape that was given, or the number that was."""
    if key not in found:
        raise InvalidAnswer(f"batch_shapes should return a dictionary with the key {key!r}.")
    shape = array(found[key], f"batch_shapes should return shapes: {key}'s")
    if shape.ndim == 0:
        return shape
    whole = shape.ndim == 1 and shape.dtype.kind in "iuf" and (shape == shape.astype(int)).all()
    if not whole or (shape < 0).any() or shape.prod() > 1e4:
        raise InvalidAnswer(
            f"{key}'s shape should be a tuple of whole numbers, not {found[key]!r}."
        )
    return np.ones(tuple(int(length) for length in shape))
