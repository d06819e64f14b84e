"""Read the results of the named studies, for the figures and tables of the chapters.

K seeds, E evaluations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..experiments.tables import Rows, distinct, pick, read_rows, values_by_seed
from ..nn.layers import Array

_results: ContextVar[Path | None] = ContextVar("results", default=None)


@contextmanager
def read_from(results: Path | None) -> Iterator[None]:
    """Inside the block, read the results of study NAME from results/NAME, not runs/study-NAME."""
    token = _results.set(results)
    try:
        yield
    finally:
        _results.reset(token)


@cache
def _all(folder: Path, study: str) -> Rows:
    if not (folder / "results.csv").exists():
        raise FileNotFoundError(
            f"{folder / 'results.csv'} does not exist: run  minddpg study {study}  first"
        )
    return read_rows(folder / "results.csv")


def rows_of(study: str, **wanted: Any) -> Rows:
    """Return the rows of a study in which the given columns have the given values.

    Raises:
        FileNotFoundError: the study has not been run, so its results are missing.
    """
    results = _results.get()
    folder = Path("runs") / f"study-{study}" if results is None else results / study
    return pick(_all(folder, study), **wanted)


def curve(rows: Rows, measure: str) -> Array:
    """Return a measure of one variant at each evaluation of each seed: (K, E), float32."""
    measured = pick(rows, when="training", measure=measure)
    by_step = [values_by_seed(pick(measured, step=step)) for step in distinct(measured, "step")]
    return np.array(by_step, np.float32).T


def steps_of(rows: Rows, measure: str) -> Array:
    """Return the environment steps at which a measure was evaluated: (E,), int32."""
    return np.array(distinct(pick(rows, when="training", measure=measure), "step"), np.int32)


def last(rows: Rows, measure: str) -> Array:
    """Return a measure of the last policy of each seed: (K,), float32."""
    return values_by_seed(pick(rows, when="last", measure=measure)).astype(np.float32)
