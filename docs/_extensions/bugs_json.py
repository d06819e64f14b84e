"""What the playground tells of each planted bug: its story, its diff, and what it did to a run."""

import difflib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import minddpg
from minddpg.ddpg.agent import DDPG
from minddpg.experiments.bug_study import control_of
from minddpg.experiments.results_csv import Rows, read_rows
from minddpg.verification.bugs import BUGS, Bug, learning, replay, targets, world

DOCS = Path(__file__).parents[1]
ROOT = Path(minddpg.__file__).parents[1]
RESULTS = DOCS / "results/zoo/results.csv"
GROUPS = {"learning": learning, "targets": targets, "replay": replay, "world": world}

sys.path.append(str(DOCS / "browser/python"))  # at the end: it stands in for a standard module
from playground_bugs import LEFT_OUT, needs_restart, offered  # noqa: E402


def described_bugs() -> dict[str, Any]:
    """Return all that the page shows of bugs, as JSON takes it."""
    returns = [
        r for r in read_rows(RESULTS) if r["when"] == "training" and r["measure"] == "return"
    ]
    return {
        "bugs": [_described(name, BUGS[name], returns) for name in offered()],
        "leftOut": [{"name": name, "why": why} for name, why in LEFT_OUT.items()],
        "correct": _over_seeds(returns, "correct"),
        "actorLoss": _place(DDPG, "actor_loss", DDPG.actor_loss)
        | {"lines": _lines(DDPG.actor_loss)},
    }


def _described(name: str, bug: Bug, returns: Rows) -> dict[str, Any]:
    diffs = list(_diffs(bug))
    described = {
        "name": name,
        "group": next(group for group, module in GROUPS.items() if name in module.BUGS),
        "story": bug.story,
        "source": bug.source,
        **diffs[0],
        "diffs": diffs,
        "needsRestart": needs_restart(name),
        "settings": bug.settings,
        "seeds": _over_seeds(returns, name),
    }
    return described | ({"correct": _over_seeds(returns, control_of(name))} if bug.settings else {})


def _over_seeds(returns: Rows, variant: str) -> dict[str, list[float]]:
    """Return the lowest, the middle and the highest return of a variant's seeds at each step."""
    by_step: dict[int, list[float]] = {}
    for row in returns:
        if row["variant"] == variant:
            by_step.setdefault(int(row["step"]), []).append(row["value"])
    steps = sorted(by_step)
    bounds = {"low": np.min, "median": np.median, "high": np.max}
    return {"steps": steps} | {
        name: [round(float(of(by_step[step])), 1) for step in steps] for name, of in bounds.items()
    }


def _diffs(bug: Bug) -> Iterator[dict[str, Any]]:
    """Yield where each function that a bug changes stands, and how its lines change."""
    for owner, name, planted in bug.patches:
        correct = inspect.unwrap(vars(owner)[name])
        diff: list[list[str]] = []
        if inspect.isfunction(correct) and inspect.isfunction(planted):
            changes = list(difflib.ndiff(_lines(correct), _lines(planted)))
            diff = [[line[0], line[2:]] for line in changes if not line.startswith("?")]
        else:
            owner, name, correct = DDPG, "__init__", DDPG.__init__
        yield _place(owner, name, correct) | {"diff": diff}


def _place(owner: Any, name: str, function: Any) -> dict[str, Any]:
    file = inspect.getsourcefile(function) or ""
    line = inspect.getsourcelines(function)[1]
    where = f"{owner.__name__.rpartition('.')[2]}.{name}"
    return {"where": where, "file": Path(file).relative_to(ROOT).as_posix(), "line": line}


def _lines(function: Any) -> list[str]:
    return textwrap.dedent(inspect.getsource(function)).splitlines()
