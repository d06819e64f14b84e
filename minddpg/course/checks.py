"""The checks of all exercises of the course.

A check takes the functions (or the class) that its exercise asks for, in the order of the stub, and
returns a Verdict: true if it passed, a short block when printed or left at the end of a notebook's
cell. `EXERCISES` maps "04.1" to the exercise itself: its stub, its statement, the mistakes that the
check can name. docs/exercises.md has a table of them all.

There is no list of exercises: they are found in the files of the chapters' folders, and of the
folders that a teacher adds.
"""

import os
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .engine.check import CHECKS, EXERCISES, FOLDERS
from .engine.exercise import Exercise
from .engine.mistakes import MISTAKES
from .engine.verdict import Verdict

NO_EXERCISES = ("__init__", "figures", "precompute")  # files of a chapter without an exercise


def solution(number: str) -> Any:
    """Return the function or class of an exercise's solution; a tuple if it asks for several.

    Raises:
        KeyError: there is no exercise with this number.
    """
    answers = EXERCISES[number].reference
    return answers[0] if len(answers) == 1 else answers


def add_exercises(folder: str | Path) -> None:
    """Add the exercises of every Python file in a folder outside the package.

    In a submission that is being graded it does nothing: there the teacher's own copy of the
    exercises has been added already.

    Raises:
        FileNotFoundError: the folder does not exist, or has no Python file in it.
        ValueError: the number or the check's name of an exercise is used already.
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
    """Make every check a public name of this module; sort the exercises by their numbers."""
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
