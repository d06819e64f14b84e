"""Write chapters as assignments of nbgrader, for `build.py --nbgrader DIR`.

    DIR/nbgrader_config.py                        nbgrader's settings
    DIR/source/04_backprop/04_backprop.ipynb      with the solutions, which nbgrader removes

In each exercise, students fill in the answer's cell. The check's cell is locked and worth the
exercise's points.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from hand_out import stand_alone
from nbformat.v4 import new_code_cell

from minddpg.course.engine.exercise import Exercise

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SCHEMA = 3  # of nbgrader's metadata
CONFIG = '''"""nbgrader's settings for the chapters of minddpg."""

import os

c = get_config()
c.CourseDirectory.course_id = "minddpg"
c.ClearSolutions.code_stub = {"python": ""}  # each cell already has a stub
c.ExecutePreprocessor.timeout = 300  # s for a cell; chapters 10 and 11 train agents
os.environ["MINDDPG_OWN_CODE"] = ""  # passed answers are not saved in files
'''

Cells = Callable[[Exercise, bool], list[Any]]


def as_assignment(cells: Cells) -> Cells:
    """Change a function that makes an exercise's cells into one that makes nbgrader's cells."""

    def assigned(asked: Exercise, solved: bool) -> list[Any]:
        statement, _, check, *hints = cells(asked, True)
        answer = f"{asked.stub.strip()}\n\n\n{BEGIN}\n{asked.solution.strip()}\n{END}"
        *imports, call = check.source.split("\n")
        judged = "\n".join(
            [
                *imports,
                f"verdict = {call}",
                "display(verdict)",
                f'assert verdict, "{asked.number}: " + (verdict.diagnosis or "not passed")',
            ]
        )
        return [
            _about(statement, asked, "statement", locked=True),
            _about(new_code_cell(answer), asked, "answer", solution=True),
            _about(new_code_cell(judged), asked, "check", locked=True, points=asked.importance),
            *hints,
        ]

    return assigned


def _about(
    cell: Any,
    asked: Exercise,
    part: str,
    locked: bool = False,
    solution: bool = False,
    points: int = 0,
) -> Any:
    """Set nbgrader's metadata of a cell; a cell with points is graded."""
    cell.metadata["nbgrader"] = {
        "schema_version": SCHEMA,
        "grade_id": f"{part}-{asked.number.replace('.', '-')}",
        "grade": points > 0,
        "solution": solution,
        "locked": locked,
        "task": False,
        **({"points": points} if points else {}),
    }
    return cell


def write(book: Any, name: str, folder: Path) -> Path:
    """Write a chapter's book as the assignment `name`; return its path.

    Raises:
        FileExistsError: the assignment exists already, and a teacher may have changed it.
    """
    place = folder / "source" / name
    place.mkdir(parents=True)
    stand_alone(book, place)
    config = folder / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    path = place / f"{name}.ipynb"
    nbformat.write(book, path)
    return path
