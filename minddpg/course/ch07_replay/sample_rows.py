"""Exercise 07.2, retired: draw rows at random. Exercise 07.1 includes it.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, array, call, exercise

SIZE, BATCH, CALLS = 9, 4, 1000
EXPECTED = CALLS * BATCH / SIZE  # times that each row is drawn
SEEDS = (0, 1, 2, 4, 11, 23, 29, 31)  # their rows hold both ends, one or neither, or a row twice

SOLUTION = """
def sample_rows(size, batch_size, rng):
    rows = rng.integers(size, size=batch_size)
    return rows
"""

DRAW = "rng.integers(size, size=batch_size)"

MISTAKES = (
    Mistake(
        "last row never drawn",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        {DRAW: "rng.integers(size - 1, size=batch_size)"},
    ),
    Mistake(
        "row 0 never drawn",
        "Rows are counted from 0.",
        {DRAW: "rng.integers(1, size, size=batch_size)"},
    ),
    Mistake(
        "both ends never drawn",
        "Rows run from 0 to size − 1, both included.",
        {DRAW: "rng.integers(1, size - 1, size=batch_size)"},
    ),
    Mistake(
        "one row too many",
        "The row `size` does not exist, or was never written: the last row is size − 1.",
        {DRAW: "rng.integers(size + 1, size=batch_size)"},
    ),
    Mistake(
        "counted from 1",
        "Rows run from 0 to size − 1.",
        {DRAW: "rng.integers(1, size + 1, size=batch_size)"},
    ),
    Mistake(
        "always the newest",
        "You draw nothing: the last rows came at every call.",
        {DRAW: "np.arange(size - batch_size, size)"},
    ),
    Mistake(
        "always the oldest",
        "You draw nothing: the first rows came at every call.",
        {DRAW: "np.arange(batch_size)"},
    ),
    Mistake(
        "neighbours drawn together",
        "A batch is a run of successive rows, which are similar. Draw each row independently.",
        {DRAW: "(rng.integers(size) + np.arange(batch_size)) % size"},
        {DRAW: "rng.integers(size - batch_size + 1) + np.arange(batch_size)"},
    ),
    Mistake(
        "drawn from the batch size",
        "These are numbers below batch_size. Draw from all `size` rows.",
        {DRAW: "rng.integers(batch_size, size=batch_size)"},
    ),
    Mistake(
        "one row for the whole batch",
        "You drew one number and repeated it. Draw one number for each row of the batch.",
        {DRAW: "np.full(batch_size, rng.integers(size))"},
    ),
    Mistake(
        "not uniform",
        "Some rows are drawn more often than others. Rounding to the nearest whole number, for"
        " example, halves the chances of the two ends.",
        {DRAW: "np.rint((size - 1) * rng.random(batch_size)).astype(int)"},
        {DRAW: "(size * rng.random(batch_size) ** 2).astype(int)"},
    ),
    Mistake(
        "no whole numbers",
        "A row number has to be an int, because it is used as an index.",
        {DRAW: "size * rng.random(batch_size)"},
        {DRAW: f"{DRAW}.astype(float)"},
    ),
    Mistake(
        "the same numbers at every call",
        "Every call returned the same rows. A generator that your code creates at each call starts"
        " again each time.",
        *({"rng.integers": f"np.random.default_rng({seed}).integers"} for seed in SEEDS),
    ),
    Mistake(
        "another source of randomness", "", {"rng.integers": "np.random.default_rng().integers"}
    ),
)


@exercise(
    "07.2",
    "Rows at random",
    BEHAVIOUR,
    retired=True,
    stub='''
def sample_rows(size, batch_size, rng):
    """Return batch_size row numbers (N,), ints, each of 0 ... size - 1 with equal chances.

    You may draw with or without replacement; batch_size is at most size. rng is a
    np.random.Generator; use no other source of randomness.
    """
    rows = None
    return rows
''',
    statement="""Draw the rows of a minibatch, uniformly among all that are held. The check calls
    your function a thousand times and counts.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    equivalents={
        "rows = rng.integers(size, size=batch_size)"
        " → rows = rng.choice(size, size=batch_size, replace=False)": "both draws are uniform"
    },
    compared="the rows that you drew with those of a uniform draw",
    difficulty=1,
    minutes=5,
    hints=(
        "`rng.integers(n, size=k)` draws k whole numbers from 0 to n − 1. The end n is excluded, as"
        " in Python's `range`.",
    ),
)
def check_sample_rows(sample_rows: Any) -> dict[str, Any]:
    """Check sample_rows."""

    def draw(calls: int) -> Array:
        rng = np.random.default_rng(6)
        results = [call(sample_rows, SIZE, BATCH, rng, changes=(2,)) for _ in range(calls)]
        batches = [array(rows, "sample_rows should return row numbers: it") for rows in results]
        for batch in batches:
            if batch.shape != (BATCH,):
                raise InvalidAnswer(f"sample_rows should return ({BATCH},), not {batch.shape}.")
        return np.array(batches)

    rows = draw(CALLS)
    is_whole = rows.dtype.kind in "iu"
    rows = np.floor(rows)
    times = np.array([np.sum(rows == row) for row in range(SIZE)])
    strange = rows[(rows < 0) | (rows >= SIZE)]
    drawn = times[times > 0]
    slack = 5 * np.sqrt(EXPECTED)
    counted = f"{CALLS} batches of {BATCH}: rows 0 to {SIZE - 1} were drawn {times.tolist()} times"
    is_uniform = (abs(drawn - drawn.mean()) < slack).all() if len(drawn) else False
    steps = np.diff(rows, axis=1)
    return {
        "whole numbers": Observed(is_whole, message="your row numbers are not ints"),
        "row 0 is drawn": Observed(times[0] > 0, message=counted),
        "the last row is drawn": Observed(times[-1] > 0, message=counted),
        "all others are drawn": Observed((times[1:-1] > 0).all(), message=counted),
        "no other rows": Observed(
            not strange.size, message=f"outside 0 to {SIZE - 1}: {strange[:3]}"
        ),
        "all are drawn equally often": Observed(is_uniform, message=counted),
        "no runs of neighbours": np.mean(steps % SIZE == 1) < 0.5,
        "no copies of one row": np.mean(steps == 0) < 0.5,
        "calls that differ": (rows != rows[0]).any(),
        "repeats with its seed": np.array_equal(draw(20), draw(20)),
    }
