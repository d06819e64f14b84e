"""Record the verdicts: each check appends a line to a file for the grader.

An environment variable sets the path of the file. For `grade`, a line also has the text of the
check, the answer's flags, and whether its mistake follows from an earlier one.
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

LONGEST = 7_000  # characters of a check's text, as JSON
LONGEST_TEXT = 1_000  # characters of a paragraph that is cut

_key: list[str] = []  # empty if no grader runs the notebook


def start() -> None:
    """Read the key of the seals, and remember the package as it is before the first cell."""
    path = Path(os.environ.pop(SEAL))  # a key in the environment would stay in /proc/self/environ
    _key[:] = [path.read_text(encoding="utf-8")]
    path.unlink()
    flags.remember()


def seal(key: str, row: Mapping[str, Any]) -> str:
    """Return the seal of a line: its HMAC, which only code that knows the key can compute."""
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
        with contextlib.suppress(Exception):  # an object's own attributes can raise anything
            follows = "" if verdict.passed else follow.follows_from(exercise, answers)
        follow.remember(exercise, answers, verdict)
        row |= {"flags": flags.of(exercise, answers), "follows": follows, "says": _said(verdict)}
        row["seal"] = seal(_key[0], row)
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def interrupted(exercise: Exercise, answers: Answers) -> None:
    """Note that a grader stopped a check, which therefore has no verdict and no line."""
    if _key:
        follow.stop(exercise, answers)


def _said(verdict: Verdict) -> dict[str, Any]:
    """Return what a verdict shows, without its marks; only the first part if it is long."""
    said: dict[str, Any] = {"paragraphs": verdict.paragraphs(), "notes": verdict.notes()}
    if verdict.shown:
        said |= {"compared": verdict.compared, "table": [x.cells()[1:] for x in verdict.shown]}
    while len(json.dumps(said)) > LONGEST and len(said) > 1:
        said.popitem()
    if len(json.dumps(said)) > LONGEST:
        said = {"paragraphs": [text[:LONGEST_TEXT] for text in said["paragraphs"][:2]]}
    return said
