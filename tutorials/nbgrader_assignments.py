"""Write chapters as assignments of nbgrader, for `build.py --nbgrader DIR`.

    DIR/nbgrader_config.py                        nbgrader's settings
    DIR/source/04_backprop/04_backprop.ipynb      with the solutions, which nbgrader removes

In each exercise, students fill in the answer's cell. The check's cell is locked and worth the
exercise's points.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from minddpg.course.engine.exercise import Exercise

HERE = Path(__file__).resolve().parent
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SCHEMA = 3  # of nbgrader's metadata
IMAGE = re.compile(r"\]\((images/[^)]+)\)")
LINK = re.compile(r"\]\((?![a-z]+:|#|images/)([^)#]+)(#[^)]*)?\)")  # to a file in this repository
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
        statement, _, check, _ = cells(asked, solved)
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
        hints = [
            f"<details>\n<summary>Hint {i}</summary>\n\n{hint}\n\n</details>"
            for i, hint in enumerate(asked.hints, 1)
        ]
        return [
            _about(statement, asked, "statement", locked=True),
            _about(new_code_cell(answer), asked, "answer", solution=True),
            _about(new_code_cell(judged), asked, "check", locked=True, points=asked.importance),
            *([new_markdown_cell("\n\n".join(hints))] if hints else []),
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


def write(book: Any, name: str, folder: Path, address: Callable[[str], str]) -> Path:
    """Write a chapter's book as the assignment `name`; `address` gives a file's public address.

    Raises:
        FileExistsError: the assignment exists already, and a teacher may have changed it.
    """
    place = folder / "source" / name
    place.mkdir(parents=True)
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for image in IMAGE.findall(cell.source):
                (place / image).parent.mkdir(exist_ok=True)
                shutil.copy(HERE / image, place / image)
            cell.source = LINK.sub(
                lambda link: f"]({address(link[1])}{link[2] or ''})", cell.source
            )
    config = folder / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    path = place / f"{name}.ipynb"
    nbformat.write(book, path)
    return path
