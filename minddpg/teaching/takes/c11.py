"""Chapter 11's recordings: what each bug did to its runs, what caught it, and five agents unnamed.

K seeds, E evaluations, B variants.
"""

from pathlib import Path
from typing import Any

import numpy as np

from ...ddpg.agent import DDPG
from ...ddpg.config import Config
from ...nn.layers import Array
from ...training.evaluation import evaluate
from ...training.loop import train
from ..bugs import BUGS
from ..checking.exercise import KINDS
from ..detection.matrix import examine_zoo
from ..exercises.c11_mysteries import AGENTS
from ..studies.measures import FIRST_START, PENDULUM, STARTS
from ..studies.tables import Rows, distinct, pick, read_rows, values_by_seed
from ..studies.zoo import COLUMNS, CORRECT, control_of, variants
from ..zoo.bug import patched

RESULTS = Path(__file__).parents[3] / "docs" / "results"


def zoo() -> dict[str, Any]:
    """Read the study `zoo`, seeds 1000–1004: 36 bugs and right code, 12,000 steps each.

    For every seed the last policy's return on a hundred starts, the returns on the way, the highest
    and the lowest Q of the run, and the critic's last loss. `control` is the row of right code at
    the same settings.
    """
    rows = read_rows(RESULTS / "zoo" / "results.csv")
    names = list(variants())
    curves = {key: [_curve(pick(rows, variant=v), key) for v in names] for key in COLUMNS}
    last = [values_by_seed(pick(rows, variant=v, when="last")) for v in names]
    return {
        "names": np.array(names),
        "stories": np.array([BUGS[v].story if v in BUGS else "right code" for v in names]),
        "control": np.array([names.index(control_of(v)) for v in names], np.int32),
        "steps": _steps(rows, "return"),
        "last": np.array(last, np.float32),  # (B, K)
        "returns": np.array(curves["return"], np.float32),  # (B, K, E)
        "highest_q": np.array([c.max(axis=1) for c in curves["q_max"]], np.float32),
        "lowest_q": np.array([c.min(axis=1) for c in curves["q_min"]], np.float32),
        "loss": np.array([c[:, -1] for c in curves["critic loss"]], np.float32),
    }


def mysteries() -> dict[str, Any]:
    """Read the logs of five agents A to E of the study `zoo`, seeds 1000–1004 each."""
    rows = read_rows(RESULTS / "zoo" / "results.csv")
    named = {"right code": CORRECT}
    chosen = [pick(rows, variant=named.get(name, name)) for name in AGENTS.values()]
    curves = {
        key.replace(" ", "_"): np.array([_curve(mine, key) for mine in chosen], np.float32)
        for key in COLUMNS
    }
    last = np.array([values_by_seed(pick(mine, when="last")) for mine in chosen], np.float32)
    steps = {"steps": _steps(rows, "return"), "loss_steps": _steps(rows, "critic loss")}
    return {"agents": np.array(list(AGENTS)), **steps, **curves, "last": last}


def matrix() -> dict[str, Any]:
    """Run every check on right code and on each bug, as `minddpg check --bugs`: no training.

    How many checks of each kind object, (B, 3), and what the first of them says.
    """
    found = list(examine_zoo())
    texts = [[each.of(kind) for kind in KINDS] for each in found]
    return {
        "names": np.array([each.bug for each in found]),
        "kinds": np.array(KINDS),
        "counts": np.array([[len(texts_of) for texts_of in row] for row in texts], np.int32),
        "first": np.array([[(*texts_of, "")[0] for texts_of in row] for row in texts]),
    }


def seeds() -> dict[str, Any]:
    """Read the study `action-layer`, seeds 1000–1009: regrets of 64 and of 128 units, layer 1."""
    rows = read_rows(RESULTS / "action-layer" / "results.csv")
    names = ("64 units, layer 1", "128 units, layer 1")
    ends = [pick(rows, variant=name, when="last", measure="regret") for name in names]
    regret = np.array([values_by_seed(each) for each in ends], np.float32)
    return {"names": np.array(names), "regret": regret}  # (2, K)


def escaped() -> dict[str, Any]:
    """Train with warm-up actions from [0, 1) instead of [−1, 1), seeds 1000–1004: last returns."""

    def positive(self: DDPG) -> Array:
        action = self.exploration_rng.uniform(0, 1, self.action_dim)
        return np.asarray(action.astype(self.config.dtype))

    last = []
    with patched(((DDPG, "random_action", positive),)):
        for seed in range(1000, 1005):
            agent = train(Config(seed=seed), progress=False).agent
            last.append(evaluate(agent, PENDULUM, STARTS, FIRST_START).mean)
    return {"right": zoo()["last"][0], "bug": np.array(last, np.float32)}


def _curve(rows: Rows, measure: str) -> Array:
    """Return a measure at each evaluation of each seed, (K, E)."""
    mine = pick(rows, when="training", measure=measure)
    return np.array([values_by_seed(pick(mine, step=step)) for step in distinct(mine, "step")]).T


def _steps(rows: Rows, measure: str) -> Array:
    mine = pick(rows, variant=CORRECT, when="training", measure=measure)
    return np.array(distinct(mine, "step"), np.int32)
