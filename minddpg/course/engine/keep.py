"""Save an answer that passed its check, as source text in a file beside the notebook."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...storage import write_text
from .cell_source import NoSource, is_from_cell, source_of
from .exercise import Exercise

FOLDER = "MINDDPG_OWN_CODE"  # environment variable: another folder, or empty to save nothing
DEFAULT = "my_ddpg"

NOT_KEPT: dict[str, str] = {}  # by exercise: why its last passing answer could not be saved


def folder() -> Path | None:
    """Return the folder of the learner's own code, or None if nothing is to be saved."""
    name = os.environ.get(FOLDER, DEFAULT)
    return Path(name) if name else None


def path_of(number: str) -> Path:
    """Return the path of the file for an exercise's answer."""
    return (folder() or Path(DEFAULT)) / file_name(number)


def file_name(number: str) -> str:
    """Return the name of the file for an exercise's answer."""
    return f"{number.replace('.', '_')}.py"


def keep(exercise: Exercise, answers: Sequence[Any]) -> str:
    """Save an answer that passed; return a sentence about it for the verdict.

    Only code from a notebook's cell is saved: a script is already a file.
    """
    code = [answer for answer in answers if callable(answer)]  # an answer can also be a text
    if not exercise.is_kept or folder() is None or not code or not all(map(is_from_cell, code)):
        return ""
    NOT_KEPT.pop(exercise.number, None)
    path = path_of(exercise.number)
    try:
        source = source_of(answers, exercise.names)
        head = (
            f"# {exercise.number} {exercise.title}: your code, which passed {exercise.check_name}."
        )
        text = f"{head}\n\n{source}"
        place = f"in this browser, as {path}" if sys.platform == "emscripten" else f"in {path}"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return f"It is already saved {place}."
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except (OSError, UnicodeError, NoSource) as error:
        NOT_KEPT[exercise.number] = str(error)
        return f"It could not be saved for later cells and chapters: {error}."
    return f"It is saved {place}, and later cells and chapters use it."
