"""The checks of all exercises of the course.

A check takes the functions or the class of its exercise, in the order of the stub, and returns a
Verdict. A Verdict is true if the answer passed; a notebook shows it as a short block. `EXERCISES`
maps a number such as "04.1" to its exercise: the stub, the task, the mistakes that the check can
name. docs/exercises.md has a table of all exercises.

No list of exercises is kept: this module imports the files in the chapters' folders, and those in
folders that a teacher adds.
"""

import os
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .engine.check import CHECKS, EXERCISES, FOLDERS, RETIRED
from .engine.exercise import Exercise
from .engine.mistakes import MISTAKES
from .engine.verdict import Verdict

NO_EXERCISES = ("__init__", "figures", "precompute")  # files of a chapter without an exercise


def solution(number: str) -> Any:
    """Return the function or class of an exercise's solution, or a tuple of several.

    Raises:
        KeyError: there is no exercise with this number.
    """
    answers = EXERCISES[number].reference
    return answers[0] if len(answers) == 1 else answers


def missing(number: str) -> str:
    """Return the message for a number that is not in EXERCISES."""
    return f"{number} is retired" if number in RETIRED else f"there is no exercise {number}"


def add_exercises(folder: str | Path) -> None:
    """Add the exercises of every Python file in a folder outside the package.

    While a submission is graded, this does nothing: the grader has already added the teacher's own
    copy of the exercises.

    Raises:
        FileNotFoundError: the folder does not exist or contains no Python file.
        ValueError: an exercise has a number or a check name that is already used.
    """
    if not os.environ.get(FOLDERS):
        _add(Path(folder))


def _add(folder: Path) -> None:
    paths = sorted(folder.resolve().glob("*.py"))
    if not paths:
        raise FileNotFoundError(f"{folder}: not a folder, or one without exercises (*.py)")
    for path in paths:
        name = f"{__package__}.outside.{path.parent.name}.{path.stem}"
        spec = spec_from_file_location(name, path)
        if name not in sys.modules and spec and spec.loader:
            sys.modules[name] = module = module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
    _publish()


def _publish() -> None:
    """Make every check a public name of this module, and sort the exercises by number."""
    for number in sorted(EXERCISES):
        EXERCISES[number] = EXERCISES.pop(number)
    globals().update(CHECKS)
    __all__.extend(name for name in sorted(CHECKS) if name not in __all__)


__all__ = ["EXERCISES", "MISTAKES", "Exercise", "Verdict", "add_exercises", "solution"]

for _path in sorted(Path(__file__).parent.glob("ch*/*.py")):
    if _path.stem not in NO_EXERCISES:
        import_module(f".{_path.parent.name}.{_path.stem}", __package__)
_publish()
for _folder in filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)):
    _add(Path(_folder))

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...
