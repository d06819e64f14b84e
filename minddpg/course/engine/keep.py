"""Keep an answer that passed its check, as a file of source text beside the notebook."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...storage import write_text
from .cell_source import NoSource, is_from_cell, source_of
from .exercise import Exercise

FOLDER = "MINDDPG_OWN_CODE"  # environment variable: another folder; empty: nothing is kept
DEFAULT = "my_ddpg"

NOT_KEPT: dict[str, str] = {}  # by exercise: why its last passing answer in this session is no file


def folder() -> Path | None:
    """Return the folder of the learner's own code, or None where nothing is kept."""
    name = os.environ.get(FOLDER, DEFAULT)
    return Path(name) if name else None


def path_of(number: str) -> Path:
    """Return the file of an exercise's answer."""
    return (folder() or Path(DEFAULT)) / file_name(number)


def file_name(number: str) -> str:
    """Return the name of the file of an exercise's answer."""
    return f"{number.replace('.', '_')}.py"


def keep(exercise: Exercise, answers: Sequence[Any]) -> str:
    """Keep an answer that passed; return what the verdict says about it, in a sentence.

    Only what was written in a cell is kept: a script is a file already.
    """
    code = [answer for answer in answers if callable(answer)]  # and no text, such as a name
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
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return f"It stays in {path}."
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except (OSError, UnicodeError, NoSource) as error:
        NOT_KEPT[exercise.number] = str(error)
        return f"It could not be kept for later cells and chapters: {error}."
    return f"It is kept in {path}, and later cells and chapters use it."
