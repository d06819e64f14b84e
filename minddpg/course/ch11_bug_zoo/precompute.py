"""Make the precomputed results of chapter 11: what bugs do to runs, and what catches them.

K seeds, E evaluations, B variants.
"""

from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...experiments.bug_study import COLUMNS, control_of, variants
from ...experiments.metrics import FIRST_START, STARTS
from ...training.evaluation import evaluate
from ...training.loop import train
from ...verification.bugs.bug import patched
from ...verification.exact_pendulum import PENDULUM
from ..engine import KINDS
from ..kill_matrix import examine_bugs
from ..study_results import curve, last, rows_of, steps_of
from .forgetful import FORGETFUL
from .mystery_runs import five_agents


def bugs() -> dict[str, Any]:
    """Read the study `zoo`, seeds 1000–1004: each bug and correct code, 12,000 steps each.

    For every seed there are the last policy's return on a hundred starts, the returns during the
    run, the run's highest and lowest Q, and the critic's last loss. `control` is the row of correct
    code at the same settings.
    """
    names = list(variants())
    found = [rows_of("zoo", variant=name) for name in names]
    curves = {key: [curve(rows, key) for rows in found] for key in COLUMNS}
    return {
        "names": np.array(names),
        "control": np.array([names.index(control_of(v)) for v in names], np.int32),
        "steps": steps_of(found[0], "return"),
        "last": np.array([last(rows, "return") for rows in found]),  # (B, K)
        "returns": np.array(curves["return"]),  # (B, K, E)
        "highest_q": np.array([c.max(axis=1) for c in curves["q_max"]]),
        "lowest_q": np.array([c.min(axis=1) for c in curves["q_min"]]),
        "loss": np.array([c[:, -1] for c in curves["critic loss"]]),
    }


def matrix() -> dict[str, Any]:
    """Run every check on correct code and on each bug, as `minddpg check --bugs` does.

    Return how many checks of each kind object, (B, 3), and the first objection of each.
    """
    results = list(examine_bugs())
    objections = [[findings.of(kind) for kind in KINDS] for findings in results]
    return {
        "names": np.array([findings.bug for findings in results]),
        "kinds": np.array(KINDS),
        "counts": np.array([[len(texts) for texts in row] for row in objections], np.int32),
        "first": np.array([[texts[0] if texts else "" for texts in row] for row in objections]),
    }


def escaped() -> dict[str, Any]:
    """Train with Adam's averages reset at every episode, seeds 1000–1004; keep the last returns."""
    returns = []
    with patched(FORGETFUL.patches):
        for seed in range(1000, 1005):
            agent = train(Config(seed=seed), progress=False).agent
            returns.append(evaluate(agent, PENDULUM, STARTS, FIRST_START).mean)
    return {"correct": bugs()["last"][0], "bug": np.array(returns, np.float32)}


RESULTS = (bugs, five_agents, matrix, escaped)
