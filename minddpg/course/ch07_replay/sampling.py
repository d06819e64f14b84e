"""Chapter 07, the replay memory: which rows are drawn.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, array, call

SIZE, BATCH, CALLS = 9, 4, 1000
EXPECTED = CALLS * BATCH / SIZE  # times that each row is drawn
SAME = (  # with and without row 0, the last row, a row that comes twice
    *((1, 4, 6, 3), (0, 4, 6, 3), (1, 4, 6, 8), (0, 4, 3, 8)),
    *((1, 4, 1, 3), (0, 4, 0, 3), (1, 8, 1, 3), (0, 8, 0, 3)),
)


def uniform(size: int, batch_size: int, rng: np.random.Generator) -> Array:
    return rng.integers(size, size=batch_size)


def bell(size: int, batch_size: int, rng: np.random.Generator) -> Array:
    drawn = np.rint(rng.normal(size / 2, size / 5, batch_size))
    return np.asarray(np.clip(drawn, 0, size - 1).astype(int))


def squared(size: int, batch_size: int, rng: np.random.Generator) -> Array:
    return np.asarray((size * rng.random(batch_size) ** 2).astype(int))


@exercise(
    "07.2",
    "Rows at random",
    BEHAVIOUR,
    stub='''
def sample_rows(size, batch_size, rng):
    """Return batch_size row numbers (N,), ints, each of 0 ... size - 1 with equal chances.

    A row may come twice in a batch, or not, as you like; batch_size is at most size. rng is a
    np.random.Generator; use no other source of randomness.
    """
    rows = None
    return rows
''',
    statement="""Draw the rows of a minibatch, uniformly among all that are held. The check calls
    you a thousand times and counts.""",
    reference=(uniform,),
    rows=(
        Row(
            "last row never drawn",
            (lambda size, n, rng: uniform(size - 1, n, rng),),
            "rng.integers(n) draws from 0 to n − 1: its end is left out already.",
        ),
        Row(
            "row 0 never drawn",
            (lambda size, n, rng: rng.integers(1, size, size=n),),
            "Rows are counted from 0.",
        ),
        Row(
            "both ends never drawn",
            (lambda size, n, rng: rng.integers(1, size - 1, size=n),),
            "Rows run from 0 to size − 1, both included.",
        ),
        Row(
            "one row too many",
            (lambda size, n, rng: uniform(size + 1, n, rng),),
            "The row `size` does not exist, or was never written: the last one is size − 1.",
        ),
        Row(
            "counted from 1",
            (lambda size, n, rng: rng.integers(1, size + 1, size=n),),
            "Rows run from 0 to size − 1.",
        ),
        Row(
            "always the newest",
            (lambda size, n, rng: np.arange(size - n, size),),
            "There is no draw: the last rows came at every call.",
        ),
        Row(
            "always the oldest",
            (lambda size, n, rng: np.arange(n),),
            "There is no draw: these are the first rows, at every call.",
        ),
        Row(
            "neighbours drawn together",
            (lambda size, n, rng: (rng.integers(size) + np.arange(n)) % size,),
            "A batch is a run of successive rows, which are alike. Draw each row by itself.",
        ),
        Row(
            "neighbours drawn together",
            (lambda size, n, rng: rng.integers(size - n + 1) + np.arange(n),),
            "A batch is a run of successive rows, which are alike. Draw each row by itself.",
        ),
        Row(
            "drawn from the batch size",
            (lambda size, n, rng: uniform(n, n, rng),),
            "These are numbers below batch_size. Draw from all `size` rows.",
        ),
        Row(
            "one row for the whole batch",
            (lambda size, n, rng: np.full(n, rng.integers(size)),),
            "One number was drawn and repeated. Draw as many as the batch has rows.",
        ),
        *(
            Row(
                "not uniform",
                (answer,),
                "Some rows are drawn more often than others. Rounding to the nearest, for one,"
                " halves the chances of the two ends.",
            )
            for answer in (bell, squared)
        ),
        Row(
            "no whole numbers",
            (lambda size, n, rng: size * rng.random(n),),
            "A row number is an int, or it cannot be an index.",
        ),
        Row(
            "no whole numbers",
            (lambda size, n, rng: uniform(size, n, rng).astype(float),),
            "A row number is an int, or it cannot be an index.",
        ),
        *(
            Row(
                "the same numbers at every call",
                (lambda size, n, rng, rows=rows: np.array(rows),),
                "Every call returned the same rows. A generator that is made anew at each call"
                " starts anew at each call.",
            )
            for rows in SAME
        ),
        Row(
            "another source of randomness",
            (lambda size, n, rng: uniform(size, n, np.random.default_rng()),),
        ),
    ),
    compared="the rows that you drew with what was asked",
)
def check_sample_rows(sample_rows: Any) -> dict[str, Any]:
    """Check sample_rows."""

    def draw(calls: int) -> Array:
        rng = np.random.default_rng(6)
        results = [call(sample_rows, SIZE, BATCH, rng, changes=(2,)) for _ in range(calls)]
        batches = [array(each, "sample_rows should return row numbers: it") for each in results]
        for batch in batches:
            if batch.shape != (BATCH,):
                raise InvalidAnswer(f"sample_rows should return ({BATCH},), not {batch.shape}.")
        return np.array(batches)

    rows = draw(CALLS)
    whole = rows.dtype.kind in "iu"
    rows = np.floor(rows)
    times = np.array([np.sum(rows == row) for row in range(SIZE)])
    strange = rows[(rows < 0) | (rows >= SIZE)]
    often = times[times > 0]
    slack = 5 * np.sqrt(EXPECTED)
    counted = f"{CALLS} batches of {BATCH}: rows 0 to {SIZE - 1} were drawn {times.tolist()} times"
    alike = (abs(often - often.mean()) < slack).all() if len(often) else False
    steps = np.diff(rows, axis=1)
    return {
        "whole numbers": Observed(whole, says="your row numbers are no ints"),
        "row 0 is drawn": Observed(times[0] > 0, says=counted),
        "the last row is drawn": Observed(times[-1] > 0, says=counted),
        "all others are drawn": Observed((times[1:-1] > 0).all(), says=counted),
        "no other rows": Observed(not strange.size, says=f"beyond 0 to {SIZE - 1}: {strange[:3]}"),
        "each as often as any other": Observed(alike, says=counted),
        "no runs of neighbours": np.mean(steps % SIZE == 1) < 0.5,
        "no copies of one row": np.mean(steps == 0) < 0.5,
        "calls that differ": (rows != rows[0]).any(),
        "repeats with its seed": np.array_equal(draw(20), draw(20)),
    }
