"""Exercise 00.1: the shapes of a batch.

N batch, S observation entries, A action entries.
"""

from itertools import combinations
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import PROPERTY, InvalidAnswer, Mistake, array, call, exercise

BATCH, OBS, ACTION = 7, 4, 2

SOLUTION = """
def batch_shapes(batch_size, obs_dim, action_dim):
    shapes = {}
    shapes["obs"] = (batch_size, obs_dim)
    shapes["action"] = (batch_size, action_dim)
    shapes["reward"] = (batch_size,)
    shapes["next_obs"] = (batch_size, obs_dim)
    shapes["terminated"] = (batch_size,)
    shapes["q"] = (batch_size,)
    shapes["dq_da"] = (batch_size, action_dim)
    return shapes
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


def _at(keys: tuple[str, ...], shapes: dict[str, str]) -> dict[str, str]:
    """Return the edit that gives these keys their wrong shapes."""
    return {LINES[key]: f'shapes["{key}"] = {shapes[key]}' for key in keys}


def _at_some_of(keys: tuple[str, ...], shapes: dict[str, str]) -> list[dict[str, str]]:
    """Return an edit for every choice of one or more of these keys."""
    counts = range(1, len(keys) + 1)
    return [_at(some, shapes) for count in counts for some in combinations(keys, count)]


MISTAKES = (
    Mistake(
        "a column (N, 1) instead of (N,)",
        "One number per transition is a row (N,). A column (N, 1) minus a row (N,) is a table"
        " (N, N), and no error is raised: r − Q would compare every reward with every value.",
        *_at_some_of(VECTORS, dict.fromkeys(VECTORS, "(batch_size, 1)")),
    ),
    Mistake(
        "(N) instead of (N,)",
        "In Python (N) is the number N in brackets. It is the comma that makes a tuple.",
        *_at_some_of(VECTORS, dict.fromkeys(VECTORS, "(batch_size)")),
    ),
    Mistake(
        "dq_da shaped like q",
        "A derivative by the action has one entry for every entry of the action.",
        {LINES["dq_da"]: 'shapes["dq_da"] = (batch_size,)'},
        {LINES["dq_da"]: 'shapes["dq_da"] = (batch_size, 1)'},
    ),
    Mistake(
        "dq_da with the observation's entries",
        "The critic reads both, but dQ/da is its derivative by the action alone.",
        {LINES["dq_da"]: 'shapes["dq_da"] = (batch_size, obs_dim)'},
        {LINES["dq_da"]: 'shapes["dq_da"] = (batch_size, obs_dim + action_dim)'},
    ),
    Mistake(
        "obs and action swapped",
        "S entries belong to an observation, A to an action.",
        _at(("obs", "action"), SWAPPED),
        _at(("obs", "action", "next_obs"), SWAPPED),
        _at(TABLES, SWAPPED),
    ),
    Mistake(
        "batch axis last",
        "The batch is axis 0: batch[i] is transition i, and obs @ weight works as it is.",
        *_at_some_of(TABLES, TURNED),
    ),
    Mistake(
        "batch axis missing",
        "That is the shape of one transition. A batch holds N of them.",
        *_at_some_of(VECTORS, SINGLE),
        *_at_some_of(TABLES, SINGLE),
        _at(("obs", "action", "reward", "next_obs", "terminated"), SINGLE),  # what is stored
        _at((*VECTORS, *TABLES), SINGLE),
    ),
)


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
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="arrays of your shapes with arrays of the right ones",
    difficulty=1,
    minutes=5,
    hints=(
        "A tuple with one entry needs a comma: `(batch_size,)`.",
        "`dq_da` holds, for each transition, one derivative for each entry of its action. Which"
        " array has as many entries?",
    ),
)
def check_batch_shapes(batch_shapes: Any) -> dict[str, Any]:
    """Check batch_shapes."""
    found = call(batch_shapes, BATCH, OBS, ACTION)
    if not isinstance(found, dict):
        raise InvalidAnswer(f"batch_shapes should return a dictionary, not {type(found).__name__}.")
    return {key: _example(found, key) for key in LINES}


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
