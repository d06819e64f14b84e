"""Make the course's notebooks: one source per chapter, a learner's and a solved notebook of each.

    .venv/bin/python tutorials/build.py           write all; the learner's executed, figures inside
    .venv/bin/python tutorials/build.py 04 06     only these chapters
    .venv/bin/python tutorials/build.py --check   write nothing: execute both of each, and judge

A source is a Jupytext script in the percent format. Two kinds of cells are special:

    # %% exercise="04.1"                   an exercise; all of it stands in the package
    # %% [markdown] fold="Answer"          any text, folded under this title
"""

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from minddpg.course.checks import EXERCISES
from minddpg.course.engine.check import RECORD
from minddpg.course.engine.exercise import Exercise

HERE = Path(__file__).parent
SOURCES = sorted((HERE / "source").glob("[0-9][0-9]_*.py"))
TIME_LIMIT = 300  # s for one notebook
REPOSITORY = "minddpg/minddpg"  # of pyproject.toml's address; where Colab finds the notebooks
STATUS = {False: "to do", True: "passed"}  # what every check says, in a blank and a solved notebook


def notebook(source: Path, solved: bool) -> Any:
    """Make a chapter's notebook, not executed."""
    chapter, cells = source.stem[:2], []
    parsed = jupytext.read(source, fmt="py:percent").cells
    for i, cell in enumerate(parsed):
        about = cell.metadata
        if "exercise" in about:
            hints = [
                c.source for c in parsed[i:] if c.metadata.get("hint") == about["exercise"]
            ]  # OLD
            cells += _exercise(EXERCISES[about["exercise"]], solved, cell, hints)
        elif "fold" in about:
            cells.append(new_markdown_cell(_folded(about["fold"], cell.source)))
        elif "hint" not in about:
            new = new_markdown_cell if cell.cell_type == "markdown" else new_code_cell
            cells.append(new(cell.source))
    cells[0].source = _with_link(cells[0].source, source.stem)
    for i, cell in enumerate(cells):
        cell.id = f"{chapter}-{i:03}"
    about = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "minddpg": {"chapter": chapter},  # by which hand-ins are graded
    }
    return new_notebook(cells=cells, metadata=about)


def _with_link(title: str, name: str) -> str:
    """Put a way into Colab below the first line."""
    page = f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/tutorials/{name}.ipynb"
    first, rest = title.split("\n", 1)
    install = f"`%pip install git+https://github.com/{REPOSITORY}`"
    note = f"where {install}, in a cell of its own, comes first"
    return f"{first}\n\n[Map of the course](README.md) · [open in Colab]({page}), {note}\n{rest}"


def _exercise(asked: Exercise, solved: bool, cell: Any, old_hints: list[str]) -> list[Any]:  # OLD
    """Return the cells of an exercise: what is asked, the stub, its check, hints and solution."""
    difficulty = cell.metadata.get("difficulty", asked.difficulty)  # OLD
    minutes = cell.metadata.get("minutes", asked.minutes)  # OLD
    stars = "★" * difficulty + "☆" * (3 - difficulty)
    head = f"### Exercise {asked.number} · {asked.title}\n\n{stars} · {minutes} minutes"
    name = asked.check_name
    call = f"from minddpg.course.checks import {name}\n\n{name}({', '.join(asked.names)})"
    folds = [_folded(f"Hint {i}", hint) for i, hint in enumerate(asked.hints or old_hints, 1)]
    solution = (asked.solution or cell.source).strip()  # OLD
    if not solved:
        folds.append(_folded("Solution", f"```python\n{solution}\n```"))
    return [
        new_markdown_cell(f"{head}\n\n{asked.statement}"),
        new_code_cell(solution if solved else asked.stub.strip()),
        new_code_cell(call),
        new_markdown_cell("\n\n".join(folds)),
    ]


def _folded(title: str, text: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{text}\n\n</details>"


def execute(book: Any) -> list[dict[str, Any]]:
    """Run every cell of a notebook, in this folder; return what its checks said.

    Raises:
        CellExecutionError: a cell raised.
    """
    with tempfile.TemporaryDirectory() as scratch:
        verdicts = Path(scratch) / "verdicts"
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        environment = {**os.environ, **threads, RECORD: str(verdicts)}
        where = {"metadata": {"path": str(HERE)}}
        client = NotebookClient(book, timeout=TIME_LIMIT, resources=where)
        client.execute(env=environment)
        for cell in book.cells:
            cell.metadata.pop("execution", None)  # times of day
        lines = verdicts.read_text().splitlines() if verdicts.exists() else []
    return [json.loads(line) for line in lines]


def judge(source: Path, solved: bool) -> list[str]:
    """Execute a fresh notebook; return what is wrong with it."""
    verdicts = execute(notebook(source, solved))
    said = {each["exercise"]: each["status"] for each in verdicts}
    wanted = [number for number in EXERCISES if number.startswith(f"{source.stem[:2]}.")]
    return [
        f"{source.stem}, {'solved' if solved else 'blank'}: {number} is"
        f" {said.get(number, 'not checked')!r}, not {STATUS[solved]!r}"
        for number in wanted
        if said.get(number) != STATUS[solved]
    ]


def build(source: Path) -> None:
    """Write a chapter's two notebooks; the learner's is executed."""
    blank = notebook(source, solved=False)
    execute(blank)
    nbformat.write(blank, HERE / f"{source.stem}.ipynb")
    (HERE / "solved").mkdir(exist_ok=True)
    nbformat.write(notebook(source, solved=True), HERE / "solved" / f"{source.stem}.ipynb")


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the course's notebooks.")
    parser.add_argument("chapters", nargs="*", help="such as 04; default all")
    parser.add_argument("--check", action="store_true", help="execute both of each, write nothing")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time; default 2")
    arguments = parser.parse_args()
    chosen = [s for s in SOURCES if not arguments.chapters or s.stem[:2] in arguments.chapters]

    def work(job: tuple[Path, bool | None]) -> list[str]:
        source, solved = job
        start = time.perf_counter()
        wrong: list[str] = []
        if solved is None:
            build(source)
        else:
            wrong = judge(source, solved)
        what = {None: "built", False: "blank", True: "solved"}[solved]
        print(f"{source.stem:28} {what:7} {time.perf_counter() - start:6.1f} s", flush=True)
        return wrong

    kinds = (False, True) if arguments.check else (None,)
    jobs = [(source, solved) for source in chosen for solved in kinds]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        wrong = [line for lines in pool.map(work, jobs) for line in lines]
    print("\n".join(wrong))
    print(f"{len(jobs)} notebooks, {len(wrong)} verdicts that should be others")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
