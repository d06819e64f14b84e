"""Chapter 00: what the study "pendulum" found, as curves."""

from pathlib import Path

import numpy as np

from ...nn.layers import Array
from ..studies.tables import distinct, pick, read_rows, values_by_seed

STUDY = Path(__file__).parents[3] / "docs" / "results" / "pendulum" / "results.csv"


def seeds() -> dict[str, Array]:
    """Evaluation returns of 20 runs, seeds 1000 to 1019, from the rows of the study "pendulum"."""
    rows = pick(read_rows(STUDY), when="training")
    steps = distinct(pick(rows, measure="return"), "step")
    found, regret = (
        np.transpose([values_by_seed(pick(rows, measure=measure, step=step)) for step in steps])
        for measure in ("return", "regret")
    )
    return {
        "steps": np.array(steps, np.int32),
        "returns": found.astype(np.float32),  # (seeds, steps)
        "exact": (found + regret)[:, 0].astype(np.float32),  # of the exact policy, same starts
    }
