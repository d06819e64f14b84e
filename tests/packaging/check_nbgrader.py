"""Check that nbgrader grades the chapters, from the teacher's source to the student's feedback.

.venv/bin/python tests/packaging/check_nbgrader.py          chapters 04 and 08, three students
.venv/bin/python tests/packaging/check_nbgrader.py --all    every chapter, one correct student

It installs nbgrader and this package in a new environment in a temporary folder, which takes a few
minutes. The Python that runs it needs the development tools.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minddpg.course.checks import EXERCISES
from minddpg.course.engine.exercise import Exercise

ROOT = Path(__file__).parents[2]
Answer = Callable[[Exercise], str]


def right(asked: Exercise) -> str:
    return asked.solution


def blank(asked: Exercise) -> str:
    return asked.stub


def last_wrong(asked: Exercise) -> str:
    """Return the solution, except a known mistake in the chapter's last exercise."""
    is_last = asked.number == list(exercises(asked.number[:2]))[-1]
    return asked.wrong_sources[0][1] if is_last else asked.solution


def exercises(chapter: str) -> dict[str, Exercise]:
    return {n: each for n, each in EXERCISES.items() if n.startswith(f"{chapter}.")}


def fill_in(released: Path, answer: Answer, submitted: Path) -> None:
    """Make a student's notebook from the released one."""
    book: Any = json.loads(released.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id.startswith("answer-"):
            number = grade_id.removeprefix("answer-").replace("-", ".")
            assert "BEGIN SOLUTION" not in "".join(cell["source"])
            assert "".join(cell["source"]).strip() == EXERCISES[number].handed_out.stub.strip()
            cell["source"] = answer(EXERCISES[number].handed_out)
    submitted.parent.mkdir(parents=True)
    submitted.write_text(json.dumps(book), encoding="utf-8")


def chapters() -> list[str]:
    return [path.stem for path in sorted((ROOT / "tutorials").glob("[0-9][0-9]_*.ipynb"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="every chapter, all answers right")
    parser.add_argument("--python", help="a Python that has nbgrader and this package already")
    arguments = parser.parse_args()
    students: dict[str, Answer] = {"ada": right}
    chosen = chapters()
    if not arguments.all:
        students |= {"bob": blank, "cyd": last_wrong}
        chosen = [name for name in chosen if name[:2] in ("04", "08")]
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        home, python = Path(temporary), arguments.python
        if not python:
            subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
            python = str(home / "venv/bin/python")
            subprocess.run(
                [python, "-m", "pip", "install", "-q", ROOT, "nbgrader", "ipykernel"], check=True
            )
        course = home / "course"
        build = [sys.executable, str(ROOT / "tutorials/build.py"), "--nbgrader", str(course)]
        subprocess.run([*build, *(name[:2] for name in chosen)], check=True)

        def nbgrader(*words: str) -> None:
            command = [python, "-m", "nbgrader", *words]
            environment = {**os.environ, "PATH": f"{Path(python).parent}:{os.environ['PATH']}"}
            ran = subprocess.run(
                command, cwd=course, capture_output=True, text=True, env=environment
            )
            if ran.returncode:
                wrong.append(f"nbgrader {' '.join(words)} ended with {ran.returncode}")
                print(ran.stderr[-3000:])

        for name in chosen:
            start = time.monotonic()
            nbgrader("generate_assignment", name)
            for student, answer in students.items():
                place = course / "submitted" / student / name / f"{name}.ipynb"
                fill_in(course / "release" / name / f"{name}.ipynb", answer, place)
            nbgrader("autograde", name)
            nbgrader("generate_feedback", name)
            print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
        nbgrader("export", "--to", "grades.csv")
        with open(course / "grades.csv", newline="", encoding="utf-8") as file:
            rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
        for name in chosen:
            asked = list(exercises(name[:2]).values())
            most, last = sum(each.importance for each in asked), asked[-1]
            for student in students:
                row = rows[name, student]
                earned = {"ada": most, "bob": 0, "cyd": most - last.importance}[student]
                print(f"{name} {student}: {row['score']} of {row['max_score']}")
                if (float(row["score"]), float(row["max_score"])) != (earned, most):
                    wrong.append(f"{name}: {student} should have {earned} of {most}")
            if "cyd" in students:
                page = course / "feedback/cyd" / name / f"{name}.html"
                if last.wrong_sources[0][0].name not in page.read_text(encoding="utf-8"):
                    wrong.append(f"{page}: the feedback does not name the mistake")
    print(*wrong, f"{len(chosen)} chapters, {len(wrong)} faults", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
