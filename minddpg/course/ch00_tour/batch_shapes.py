"""Exercise 00.1: the shapes of a batch.

N batch, S observation entries, A action entries.
"""

from itertools import combinations
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, Mistake, array, call, exercise

SOLUTION = """
def batch_shapes(batch_size, obs_dim, action_dim):
    return {
        "obs": (batch_size, obs_dim),
        "action": (batch_size, action_dim),
        "reward": (batch_size,),
        "next_obs": (batch_size, obs_dim),
        "terminated": (batch_size,),
        "q": (batch_size,),
        "dq_da": (batch_size, action_dim),
    }
"""

LINES = {line.split('"')[1]: line.strip() for line in SOLUTION.splitlines() if '"' in line}
VECTORS, TABLES = ("reward", "terminated", "q"), ("obs", "action", "next_obs", "dq_da")

SWAPPED = {
    "obs": "(batch_size, action_dim)",
    "action": "(batch_size, obs_dim)",
    "next_obs": "(batch_size, action_dim)",
    "dq_da": "(batch_size, obs_dim)",
}
TURNED = {
    "obs": "(obs_dim, batch_size)",
    "action": "(action_dim, batch_size)",
    "next_obs": "(obs_dim, batch_size)",
    "dq_da": "(action_dim, batch_size)",
}
SINGLE = {
    "obs": "(obs_dim,)",
    "action": "(action_dim,)",
    "reward": "()",
    "next_obs": "(obs_dim,)",
    "terminated": "()",
    "q": "()",
    "dq_da": "(action_dim,)",
}
Q_SIZES = ("obs_dim + action_dim", "obs_dim * action_dim")


def _at(keys: tuple[str, ...], shapes: dict[str, str]) -> dict[str, str]:
    """Return the edit that gives these keys their wrong shapes."""
    return {LINES[key]: f'"{key}": {shapes[key]},' for key in keys}


def _at_some_of(keys: tuple[str, ...], shapes: dict[str, str]) -> list[dict[str, str]]:
    """Return an edit for every choice of one or more of these keys."""
    counts = range(1, len(keys) + 1)
    return [_at(some, shapes) for count in counts for some in combinations(keys, count)]


MISTAKES = (
    Mistake(
        "a column (N, 1) instead of (N,)",
        "One number per transition makes an array (N,). A column (N, 1) minus an array (N,) is a"
        " table (N, N), and NumPy raises no error: r − Q would compare every reward with every"
        " value.",
        *_at_some_of(VECTORS, dict.fromkeys(VECTORS, "(batch_size, 1)")),
    ),
    Mistake(
        "(N) instead of (N,)",
        "In Python, (N) is just the number N in brackets. The comma makes it a tuple: (N,).",
        *_at_some_of(VECTORS, dict.fromkeys(VECTORS, "(batch_size)")),
    ),
    Mistake(
        "dq_da shaped like q",
        "The derivative with respect to the action has one entry for every entry of the action.",
        _at(("dq_da",), {"dq_da": "(batch_size,)"}),
        _at(("dq_da",), {"dq_da": "(batch_size, 1)"}),
    ),
    Mistake(
        "dq_da with the observation's entries",
        "The critic reads observation and action, but dQ/da is the derivative with respect to the"
        " action alone.",
        _at(("dq_da",), {"dq_da": "(batch_size, obs_dim)"}),
        _at(("dq_da",), {"dq_da": "(batch_size, obs_dim + action_dim)"}),
    ),
    Mistake(
        "obs and action swapped",
        "An observation has S entries, an action has A.",
        _at(("obs", "action"), SWAPPED),
        _at(("obs", "action", "next_obs"), SWAPPED),
        _at(TABLES, SWAPPED),
    ),
    Mistake(
        "an observation with the action's entries",
        "An observation has S entries. Only an action, and a derivative with respect to it, has A.",
        *_at_some_of(("obs", "next_obs"), SWAPPED),
    ),
    Mistake(
        "an action with the observation's entries",
        "An action has A entries; only observations have S.",
        _at(("action",), SWAPPED),
    ),
    Mistake(
        "more than one number per transition",
        "Reward, terminated and q are one number for each transition, whatever the sizes of the"
        " observation and the action: (N,).",
        *(
            edit
            for shape in ("(batch_size, action_dim)", "(batch_size, obs_dim)")
            for edit in _at_some_of(VECTORS, dict.fromkeys(VECTORS, shape))
        ),
        *(_at(("q",), {"q": f"(batch_size, {size})"}) for size in Q_SIZES),
    ),
    Mistake(
        "batch axis last",
        "The batch is axis 0, so that batch[i] is transition i, and obs @ weight works as it is.",
        *_at_some_of(TABLES, TURNED),
    ),
    Mistake(
        "batch axis missing",
        "That is the shape of one transition. A batch holds N of them.",
        *_at_some_of(VECTORS, SINGLE),
        *_at_some_of(TABLES, SINGLE),
        _at(("obs", "action", "reward", "next_obs", "terminated"), SINGLE),  # the stored arrays
        _at((*VECTORS, *TABLES), SINGLE),
    ),
)


@exercise(
    "00.1",
    "The shapes of a batch",
    PROPERTY,
    stub='''
def batch_shapes(batch_size, obs_dim, action_dim):
    """Return a dictionary with the shape of every array of a batch, each a tuple.

    obs, action, reward, next_obs and terminated are a batch of N transitions. q is the critic's
    value of each transition, one number. dq_da is the derivative of q with respect to the action.
    """
    return {
        "obs": None,
        "action": None,
        "reward": None,
        "next_obs": None,
        "terminated": None,
        "q": None,
        "dq_da": None,
    }
''',
    statement="""Give the shape of each array of a batch. The batch is the first axis of every
    array. An array with one number per transition has no second axis.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="arrays of your shapes with arrays of the correct shapes",
    difficulty=1,
    minutes=5,
    hints=(
        "A tuple with one entry needs a comma: `(batch_size,)`.",
        "For each transition, `dq_da` holds one derivative for each entry of the action. Which"
        " other array has the same shape?",
    ),
    cases=(
        {"batch_size": 7, "obs_dim": 5, "action_dim": 3},
        {"batch_size": 13, "obs_dim": 2, "action_dim": 9},
    ),
)
def check_batch_shapes(
    batch_shapes: Any, batch_size: int, obs_dim: int, action_dim: int
) -> dict[str, Any]:
    """Check batch_shapes."""
    found = call(batch_shapes, batch_size, obs_dim, action_dim)
    if not isinstance(found, dict):
        raise InvalidAnswer(f"batch_shapes should return a dictionary, not {type(found).__name__}.")
    if 0 < len(blank := [key for key in LINES if key in found and found[key] is None]) < len(LINES):
        raise InvalidAnswer(f"These shapes are still None: {', '.join(blank)}.")
    return {key: _example(found, key) for key in LINES}


def _example(found: dict[str, Any], key: str) -> Array:
    """Return an array of ones of the given shape; a number is returned as it is."""
    if key not in found:
        raise InvalidAnswer(f"batch_shapes should return a dictionary with the key {key!r}.")
    shape = array(found[key], f"the shape of {key}")
    if shape.ndim == 0:
        return shape
    whole = shape.ndim == 1 and shape.dtype.kind in "iuf" and (shape == shape.astype(int)).all()
    if not whole or (shape < 0).any() or shape.prod() > 1e4:
        raise InvalidAnswer(
            f"The shape of {key} should be a tuple of whole numbers, not {found[key]!r}."
        )
    return np.ones(tuple(int(length) for length in shape))
