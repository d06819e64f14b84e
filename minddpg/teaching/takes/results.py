"""What the takes read of the studies' results, docs/results/NAME/results.csv.

K seeds, E evaluations.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..studies.tables import Rows, distinct, pick, read_rows, values_by_seed

RESULTS = Path(__file__).parents[3] / "docs" / "results"


@cache
def _all(study: str) -> Rows:
    return read_rows(RESULTS / study / "results.csv")


def rows_of(study: str, **wanted: Any) -> Rows:
    """Return the rows of a study in which these columns have these values."""
    return pick(_all(study), **wanted)


def curve(rows: Rows, measure: str) -> Array:
    """Return a measure of one variant at each evaluation of each seed: (K, E), float32."""
    mine = pick(rows, when="training", measure=measure)
    found = [values_by_seed(pick(mine, step=step)) for step in distinct(mine, "step")]
    return np.array(found, np.float32).T


def steps_of(rows: Rows, measure: str) -> Array:
    """Return the environment steps of those evaluations: (E,), int32."""
    return np.array(distinct(pick(rows, when="training", measure=measure), "step"), np.int32)


def last(rows: Rows, measure: str) -> Array:
    """Return a measure of each seed's last policy: (K,), float32."""
    return values_by_seed(pick(rows, when="last", measure=measure)).astype(np.float32)
