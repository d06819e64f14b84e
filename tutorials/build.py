"""Make the course's notebooks: from each chapter's source, a learner's and a solved notebook.

It also writes the page of all exercises, docs/exercises.md.

    .venv/bin/python tutorials/build.py           write all; execute the learner's notebooks
    .venv/bin/python tutorials/build.py 04 06     only these chapters
    .venv/bin/python tutorials/build.py --check   write nothing; execute both notebooks of each
                                                  chapter, and compare their verdicts

    .venv/bin/python tutorials/build.py --no-solutions --out DIR
                                                  a hand-out: learner's notebooks without the
                                                  folded solutions, with their images
    .venv/bin/python tutorials/build.py --exercises DIR --out DIR my_chapter.py
                                                  a notebook of your own, with your own exercises
    .venv/bin/python tutorials/build.py --hunt 7 --out DIR
                                                  chapter 11 with other bugs in its hunts
    .venv/bin/python tutorials/build.py --nbgrader DIR
                                                  the chapters as assignments of nbgrader

A source is a Jupytext script in the percent format. Three kinds of cells are special:

    # %% exercise="04.1"                   an exercise; the package contains all of it
    # %% planted="11.5"                    the code with a bug for a bug hunt
    # %% [markdown] fold="Answer"          any text, folded under this title

`{minutes}` in a source becomes the minutes that a reader needs for the chapter.
"""

import argparse
import contextlib
import json
import math
import os
import re
import runpy
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

try:
    import jupytext
    import nbformat
    from hand_out import SITE, stand_alone
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    from nbgrader_assignments import Cells, as_assignment, write
    from own_exercises import faults, is_own, source_name
except ModuleNotFoundError as error:
    sys.exit(f"build.py needs {error.name}: .venv/bin/pip install -e '.[dev]'")

from minddpg.course.ch11_bug_zoo import hunts
from minddpg.course.checks import EXERCISES, add_exercises
from minddpg.course.engine.cell_source import NoSource, source_of
from minddpg.course.engine.check import FOLDERS, RECORD
from minddpg.course.engine.exercise import Exercise
from minddpg.course.engine.keep import FOLDER, file_name
from minddpg.training.wording import counted

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
PAGE_MAKER, EXERCISES_PAGE = DOCS / "_generate" / "exercises.py", DOCS / "exercises.md"
SOURCES = sorted((HERE / "source").glob("[0-9][0-9]_*.py"))
TIME_LIMIT = 300  # s for one notebook
HUNTS = "11"  # the chapter with the bug hunts
MAP, MAP_LOCK = HERE / "README.md", threading.Lock()
PLACE = "{minutes}"  # a source's placeholder for the minutes
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 8
STATUS = {False: "to do", True: "passed"}  # of every check in a blank and in a solved notebook


def notebook(source: Path, solved: bool, cells_of: Cells | None = None) -> Any:
    """Make a chapter's notebook without executing it.

    Args:
        cells_of: a function that makes the cells of an exercise; by default, the course's cells.

    Raises:
        ValueError: a cell is for an exercise that does not exist.
    """
    chapter, cells = source.stem[:2], []
    parsed = jupytext.read(source, fmt="py:percent").cells
    for cell in parsed:
        about = cell.metadata
        if "exercise" in about:
            if about["exercise"] not in EXERCISES:
                raise ValueError(
                    f"{source.name} has a cell for exercise {about['exercise']},"
                    " which does not exist"
                )
            cells += (cells_of or _exercise)(EXERCISES[about["exercise"]].handed_out, solved)
        elif "planted" in about:
            hunt = EXERCISES[about["planted"]].cases[0]["hunt"]
            cells.append(new_code_cell(hunt.source_of(hunts.handed_out.hunt)))
        elif "fold" in about:
            cells.append(new_markdown_cell(_folded(about["fold"], cell.source)))
        else:
            new = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
            text = re.sub(
                r"^HUNT = 0\b", f"HUNT = {hunts.handed_out.hunt}", cell.source, flags=re.M
            )
            cells.append(new(text))
    if source in SOURCES:
        cells[0].source = _with_link(cells[0].source, source.stem)
    for i, cell in enumerate(cells):
        cell.id = f"{chapter}-{i:03}"
    about = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "minddpg": {"chapter": chapter},  # tells the grader which exercises to expect
    }
    return new_notebook(cells=cells, metadata=about)


def _with_link(title: str, name: str) -> str:
    """Add below the title a link to the chapter's page, where its cells run in a browser."""
    first, rest = title.split("\n", 1)
    page = f"[run it in your browser]({SITE}/course/{name}.html), with nothing installed"
    return f"{first}\n\n[Map of the course](README.md) · {page}\n{rest}"


def _exercise(asked: Exercise, solved: bool) -> list[Any]:
    """Return the cells of an exercise: the task, the stub, the check, hints and solution."""
    head = f"### Exercise {asked.number} · {asked.title}\n\n{asked.effort}"
    name = asked.check_name
    origin = asked.probe.__module__.split(".")
    imported = f"from minddpg.course.checks import {name}"
    if is_own(asked):  # it is in a folder beside the notebook
        imported = f"from minddpg.course import checks\n\nchecks.add_exercises({origin[3]!r})"
        name = f"checks.{name}"
    call = f"{imported}\n\n{name}({', '.join(asked.names)})"
    folds = [_folded(f"Hint {i}", hint) for i, hint in enumerate(asked.hints, 1)]
    solution = asked.solution.strip()
    is_secret = asked.note and hunts.handed_out.hunt  # only the solved notebook has the solution
    if not solved and not is_secret:
        folds.append(_folded("Solution", f"```python\n{solution}\n```"))
    return [
        new_markdown_cell(f"{head}\n\n{asked.statement}"),
        new_code_cell(solution if solved else asked.stub.strip()),
        new_code_cell(call),
        *([new_markdown_cell("\n\n".join(folds))] if folds else []),
    ]


def _without_solution(asked: Exercise, solved: bool) -> list[Any]:
    """Return the cells of an exercise with the hints, but without the folded solution."""
    statement, _, check, *hints = _exercise(asked, solved=True)
    return [statement, new_code_cell(asked.stub.strip()), check, *hints]


def without_cell(sources: Sequence[Path]) -> list[str]:
    """Return a message for each exercise without a cell in the sources."""
    cells = {
        cell.metadata["exercise"]
        for source in sources
        for cell in jupytext.read(source, fmt="py:percent").cells
        if "exercise" in cell.metadata
    }
    return [
        f"exercise {number} of {each.probe.__module__} has no notebook cell:"
        f' put  # %% exercise="{number}"  into {source_name(each)}'
        for number, each in EXERCISES.items()
        if number not in cells
    ]


def _folded(title: str, text: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{text}\n\n</details>"


def minutes(book: Any) -> dict[str, float]:
    """Return the minutes that a reader needs for an executed learner's notebook, by cause.

    Words in folded texts and formulas, and blank lines of code, do not count.
    """
    words, lines, figures = 0, 0, 0
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
            source = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", source, flags=re.DOTALL)
            words += sum(bool(re.search(r"\w", word)) for word in source.split())
        else:
            lines += sum(bool(line.strip()) for line in source.splitlines())
            figures += sum("image/png" in each.get("data", {}) for each in cell["outputs"])
    about = book["metadata"]["minddpg"]
    asked = (e.minutes for number, e in EXERCISES.items() if number[:2] == about["chapter"])
    return {
        "reading": words / WORDS_A_MINUTE,
        "code": lines / LINES_A_MINUTE,
        "figures": figures,
        "exercises": sum(asked),
        "running": about["running_minutes"],
    }


def with_minutes(book: Any, total: int) -> Any:
    """Write the minutes of a chapter into a notebook in place, and return the notebook."""
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(PLACE, str(total))
    return book


def execute(book: Any, solved: bool) -> list[dict[str, Any]]:
    """Run every cell of a notebook in this folder; return the recorded verdicts.

    A solved notebook uses the solutions of all chapters as the learner's own code.

    Raises:
        CellExecutionError: a cell raised.
    """
    with tempfile.TemporaryDirectory() as scratch:
        verdicts, own = Path(scratch) / "verdicts", Path(scratch) / "my_ddpg"
        own.mkdir()
        for number, exercise in EXERCISES.items() if solved else ():
            with contextlib.suppress(NoSource):  # the solution needs an agent that a cell trains
                source = source_of(exercise.reference, exercise.names)
                (own / file_name(number)).write_text(source, encoding="utf-8")
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        environment = {FOLDER: str(own), **os.environ, **threads, RECORD: str(verdicts)}
        where = {"metadata": {"path": str(HERE)}}
        client = NotebookClient(book, timeout=TIME_LIMIT, resources=where)
        start = time.perf_counter()
        client.execute(env=environment)
        seconds = time.perf_counter() - start
        book.metadata["minddpg"]["running_minutes"] = math.ceil(seconds / 60)
        for cell in book.cells:
            cell.metadata.pop("execution", None)  # times of day
            if cell.cell_type == "code":
                cell.outputs = _joined(cell.outputs)
        lines = verdicts.read_text(encoding="utf-8").splitlines() if verdicts.exists() else []
    return [json.loads(line) for line in lines]


def _joined(outputs: list[Any]) -> list[Any]:
    """Join the pieces of each stream, because the kernel sends them with arbitrary breaks."""
    joined: list[Any] = []
    for each in outputs:
        last = joined[-1] if joined else {}
        if each.output_type == "stream" == last.get("output_type") and each.name == last.name:
            last.text += each.text
        else:
            joined.append(each)
    return joined


def judge(source: Path, solved: bool) -> list[str]:
    """Execute a new notebook; return a message for each unexpected verdict."""
    verdicts = execute(notebook(source, solved), solved)
    said = {each["exercise"]: each["status"] for each in verdicts}
    wanted = [number for number in EXERCISES if number.startswith(f"{source.stem[:2]}.")]
    return [
        f"{source.stem}, {'solved' if solved else 'blank'}: {number} is"
        f" {said.get(number, 'not checked')!r}, not {STATUS[solved]!r}"
        for number in wanted
        if said.get(number) != STATUS[solved]
    ]


def build(source: Path, out: Path, solutions: bool = True) -> str:
    """Write a chapter's two notebooks, execute the learner's, and return its minutes as a text.

    Without solutions it writes only the learner's notebook, which then also stands alone.
    """
    blank = notebook(source, solved=False, cells_of=None if solutions else _without_solution)
    execute(blank, solved=False)
    needed = minutes(blank)
    total = round(sum(needed.values()))
    (out / "solved" if solutions else out).mkdir(parents=True, exist_ok=True)
    if not solutions and source in SOURCES:
        stand_alone(blank, out)
    nbformat.write(with_minutes(blank, total), out / f"{source.stem}.ipynb")
    if solutions:
        solved = with_minutes(notebook(source, solved=True), total)
        nbformat.write(solved, out / "solved" / f"{source.stem}.ipynb")
    if out == HERE:
        with MAP_LOCK:
            text = with_row(MAP.read_text(encoding="utf-8"), source.stem[:2], total)
            MAP.write_text(text, encoding="utf-8")
    parts = ", ".join(f"{name} {value:.0f}" for name, value in needed.items())
    return f"{total} minutes: {parts}"


def assign(source: Path, folder: Path) -> str:
    """Write a chapter as an assignment of nbgrader in a folder; return its path."""
    book = notebook(source, solved=False, cells_of=as_assignment(_exercise))
    committed = HERE / f"{source.stem}.ipynb"
    if committed.exists():
        total = round(sum(minutes(nbformat.read(committed, as_version=4)).values()))
        with_minutes(book, total)
    return str(write(book, source.stem, folder))


def with_row(text: str, chapter: str, total: int) -> str:
    """Write a chapter's minutes and its exercises of a short course into the map of the course."""
    short = [n for n, e in EXERCISES.items() if n[:2] == chapter and e.importance == 3]
    row = re.compile(rf"^(\| \**{chapter}\** \|.*?\|.*?\|) .*? \| .*? \|", re.MULTILINE)
    return row.sub(rf"\1 {total} | {', '.join(short)} |", text)


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the course's notebooks.")
    parser.add_argument("chapters", nargs="*", help="such as 04, or a source's path; default all")
    parser.add_argument("--check", action="store_true", help="execute all notebooks, write nothing")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time; default 2")
    parser.add_argument("--exercises", type=Path, metavar="DIR", help="add your own exercises")
    parser.add_argument("--out", type=Path, default=HERE, metavar="DIR", help="default tutorials/")
    parser.add_argument("--no-solutions", action="store_true", help="to hand out, with --out")
    parser.add_argument("--nbgrader", type=Path, metavar="DIR", help="write assignments there")
    parser.add_argument("--hunt", type=int, default=0, metavar="N", help="other bugs in chapter 11")
    arguments = parser.parse_args()
    if arguments.nbgrader and (arguments.check or arguments.no_solutions):
        parser.error("--nbgrader takes neither --check nor --no-solutions: see nbgrader's commands")
    arguments.out = arguments.out.resolve()
    if arguments.out == HERE and not (arguments.check or arguments.nbgrader):
        if arguments.no_solutions:
            parser.error(
                "--no-solutions needs --out DIR, because the notebooks in tutorials/ have solutions"
            )
        if arguments.hunt:
            parser.error(
                "--hunt needs --out DIR, because the notebooks in tutorials/ have HUNT = 0"
            )
    if arguments.hunt:
        try:
            hunts.hand_out(arguments.hunt)
        except ValueError as error:
            parser.error(str(error))
        arguments.chapters = arguments.chapters or [HUNTS]
    chosen = [s for s in SOURCES if not arguments.chapters or s.stem[:2] in arguments.chapters]
    chosen += [Path(name) for name in arguments.chapters if name.endswith(".py")]
    known = [source.stem[:2] for source in SOURCES]
    for name in arguments.chapters:
        if name not in known and not Path(name).is_file():
            parser.error(f"no chapter {name}: there are {', '.join(known)}, or name a file")
    if arguments.exercises:
        add_exercises(arguments.exercises)
        own = filter(is_own, EXERCISES.values())
        if wrong := [line for asked in own for line in faults(asked)]:
            parser.exit(1, "\n".join([*wrong, "no notebook was written", ""]))
        os.environ[FOLDERS] = str(arguments.exercises.resolve())  # for the notebooks' kernels

    if arguments.nbgrader:
        try:
            for source in chosen:
                print(assign(source, arguments.nbgrader))
        except FileExistsError as error:
            parser.error(f"{error.filename} exists, and may have been changed: remove it first")
        except OSError as error:
            parser.error(f"{error.filename}: {error.strerror}")
        return 0

    def work(job: tuple[Path, bool | None]) -> list[str]:
        source, solved = job
        start = time.perf_counter()
        wrong: list[str] = []
        about = ""
        if solved is None:
            about = build(source, arguments.out, not arguments.no_solutions)
        else:
            wrong = judge(source, solved)
        what = {None: "built", False: "blank", True: "solved"}[solved]
        print(
            f"{source.stem:28} {what:7} {time.perf_counter() - start:6.1f} s  {about}", flush=True
        )
        return wrong

    kinds = (False, True) if arguments.check else (None,)
    jobs = [(source, solved) for source in chosen for solved in kinds]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        wrong = [line for lines in pool.map(work, jobs) for line in lines]
    if not arguments.check and arguments.out == HERE:
        EXERCISES_PAGE.write_text(runpy.run_path(str(PAGE_MAKER))["page"](), encoding="utf-8")
    missing = without_cell([*SOURCES, *chosen])
    print("\n".join([*wrong, *missing]))
    what = counted(len(jobs), "notebook" if arguments.check else "chapter")
    print(f"{what}, {counted(len(wrong), 'unexpected verdict')}")
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
