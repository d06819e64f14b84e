"""Precompute for chapter 00: the learning curves of the study `pendulum`."""

import numpy as np

from ...experiments.tables import distinct, pick, values_by_seed
from ...nn.layers import Array
from ..study_results import rows_of


def seeds() -> dict[str, Array]:
    """Return the returns of the study `pendulum` at every evaluation, for seeds 1000–1019."""
    rows = rows_of("pendulum", when="training")
    steps = distinct(pick(rows, measure="return"), "step")
    returns, regret = (
        np.transpose([values_by_seed(pick(rows, measure=measure, step=step)) for step in steps])
        for measure in ("return", "regret")
    )
    return {
        "steps": np.array(steps, np.int32),
        "returns": returns.astype(np.float32),  # (seeds, steps)
        "exact": (returns + regret)[:, 0].astype(np.float32),  # exact policy, same starts
    }


RESULTS = (seeds,)
