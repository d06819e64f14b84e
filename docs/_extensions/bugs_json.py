"""Describe the planted bugs for the playground: story, diff, and the effect on a run."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from minddpg.experiments.bug_study import control_of
from minddpg.experiments.results_csv import Rows, read_rows
from minddpg.experiments.tables import pick
from minddpg.verification.bugs import BUGS, Bug, learning, replay, targets, world

DOCS = Path(__file__).parents[1]
RESULTS = DOCS / "results/zoo/results.csv"
GROUPS = {"learning": learning, "targets": targets, "replay": replay, "world": world}

# at the end of the path, because the folder has a replacement for a module of the standard library
sys.path.append(str(DOCS / "browser/python"))
from playground_bugs import LEFT_OUT, needs_restart, offered  # noqa: E402


def described_bugs() -> dict[str, Any]:
    """Return all that the page shows of bugs, in a form that JSON can store."""
    returns = pick(read_rows(RESULTS), when="training", measure="return")
    return {
        "bugs": [_described(name, BUGS[name], returns) for name in offered()],
        "leftOut": [{"name": name, "why": why} for name, why in LEFT_OUT.items()],
        "correct": _over_seeds(returns, "correct"),
        "actorLoss": _actor_loss(),
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


def _over_seeds(returns: Rows, variant: str) -> dict[str, Any]:
    """Return the lowest, median and highest return over a variant's seeds at each step."""
    by_step: dict[int, list[float]] = {}
    for row in returns:
        if row["variant"] == variant:
            by_step.setdefault(int(row["step"]), []).append(row["value"])
    steps = sorted(by_step)
    returns_at = np.array([by_step[step] for step in steps])  # (steps, seeds)
    return {
        "steps": steps,
        "low": returns_at.min(axis=1).tolist(),
        "median": np.median(returns_at, axis=1).tolist(),
        "high": returns_at.max(axis=1).tolist(),
    }


def _diffs(bug: Bug) -> Iterator[dict[str, Any]]:
    """Yield the place of each function that a bug changes, and how its lines change."""
    for diff in bug.diff:
        signs, lines = zip(*diff.lines, strict=True)
        dedented = textwrap.dedent("\n".join(lines)).split("\n")
        yield {
            "where": diff.function,
            "file": diff.file,
            "line": diff.first_line,
            "diff": list(zip(signs, dedented, strict=True)),
        }


def _actor_loss() -> dict[str, Any]:
    """Return the package's lines that update the actor: those that actor-sign keeps or removes."""
    shown = next(_diffs(BUGS["actor-sign"]))
    lines = [line for sign, line in shown.pop("diff") if sign != "+"]
    return {**shown, "lines": lines}
