"""The record: what a check appends about an answer, for whoever runs the notebook.

Where the path of a file is set, each check appends a line to it. A grader's line says more: what
the check said, what is odd about the answer, and whether its mistake follows from an earlier one.
"""

import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import flags, follow
from .exercise import Exercise
from .observe import Answers
from .verdict import Verdict

# environment variables that `grade` sets in the process of a submission
RECORD = "MINDDPG_VERDICTS"  # the file to which every verdict is appended
SEAL = "MINDDPG_SEAL"  # a file with the key of the seals; deleted before the first cell

LONGEST = 7_000  # characters of what a check said, as JSON
LONGEST_TEXT = 1_000  # characters of each paragraph that is kept of a longer one

_key: list[str] = []  # empty where no grader runs the notebook


def start() -> None:
    """Take the key of the seals, and remember the package as it is before the first cell."""
    path = Path(os.environ.pop(SEAL))  # a key in the environment would stay in /proc/self/environ
    _key[:] = [path.read_text(encoding="utf-8")]
    path.unlink()
    flags.remember()


def seal(key: str, row: Mapping[str, Any]) -> str:
    """Return what only one who knows the key can add to a line."""
    text = json.dumps({name: row[name] for name in sorted(row) if name != "seal"})
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def record(exercise: Exercise, answers: Answers, verdict: Verdict, seconds: float) -> None:
    """Append a line about a verdict to the record, if there is one."""
    path = os.environ.get(RECORD)
    if not path:
        return
    row: dict[str, Any] = {
        "exercise": verdict.number,
        "status": verdict.status,
        "diagnosis": verdict.diagnosis,
        "seconds": round(seconds, 3),
    }
    if exercise.note:
        row["note"] = exercise.note
    if _key:
        follows = ""
        with contextlib.suppress(Exception):  # of an object that does not want to be looked at
            follows = "" if verdict.passed else follow.follows_from(exercise, answers)
        follow.remember(exercise, answers, verdict)
        row |= {"flags": flags.of(exercise, answers), "follows": follows, "says": _said(verdict)}
        row["seal"] = seal(_key[0], row)
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def interrupted(exercise: Exercise, answers: Answers) -> None:
    """Take note that a grader stopped a check; it has no verdict, and so no line in the record."""
    if _key:
        follow.stop(exercise, answers)


def _said(verdict: Verdict) -> dict[str, Any]:
    """Return what a verdict shows, without its marks; the first of it where it is long."""
    said: dict[str, Any] = {"paragraphs": verdict.paragraphs(), "notes": verdict.notes()}
    if verdict.shown:
        said |= {"compared": verdict.compared, "table": [x.cells()[1:] for x in verdict.shown]}
    while len(json.dumps(said)) > LONGEST and len(said) > 1:
        said.popitem()
    if len(json.dumps(said)) > LONGEST:
        said = {"paragraphs": [text[:LONGEST_TEXT] for text in said["paragraphs"][:2]]}
    return said
