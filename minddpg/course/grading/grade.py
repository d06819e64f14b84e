"""Grade a folder of submissions: write a row for each exercise, and summarise the mistakes."""

import errno
import os
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

from ...training.csv_files import write_csv
from ...training.display import announce
from ...training.processors import processors, require_processes
from ...training.waiting import as_ended
from ...training.wording import counted, duration, without_colours
from ..checks import EXERCISES, add_exercises
from ..engine.mistakes import UNKNOWN
from ..engine.verdict import ERROR, FAILED, PASSED, TO_DO
from .students import chapter_of, student_of
from .submission import DISK_FULL, FULL, NOT_POSSIBLE, OUT_OF_TIME, Limits, Outcome, read, run

Row = dict[str, Any]  # the columns; "path", the file's unchanged path; "says", the check's text
COLUMNS = ("file", "exercise", "passed", "diagnosis", "seconds", "note", "flag")

SECONDS, CELL_SECONDS, MEMORY = 120.0, 60.0, 4.0  # the limits' defaults
LEAST_MEMORY, MOST_MEMORY = 1.0, 1e6  # GB; with less memory a kernel does not start
MOST_SECONDS = 1e6
LEAST_DISK, MOST_DISK = 10**6, 10**9  # bytes; with less space a kernel does not start
FOLLOWS, SHOWN = "follows from ", "verdict printed"
NOT_READ = "not a notebook: "
UNREAD = (NOT_READ, NOT_POSSIBLE)  # the beginnings of the diagnoses of files that were not run
RECORDER, RECORD_NAMED = re.compile(r"\bengine(\.| import )record\b"), "names the grader's record"
NOT_RUN, BLANK = "check not run", "still to do"
NO_EXERCISE = "no exercise found: the notebook names neither a check nor a chapter"
WARNING = (
    "minddpg: warning: this runs the code of every submission with your rights;"
    " https://minddpg.github.io/minddpg/how-to/grade-a-class.html says how to do it safely"
)
FORMULA = tuple("=+-@＝＋－＠")  # a spreadsheet reads a cell that begins so as a formula
LONGEST = 300  # characters of a diagnosis


def grade(
    folder: Path,
    out: Path,
    timeout: float = SECONDS,
    jobs: int | None = None,
    memory: float = MEMORY,
    progress: bool = True,
    exercises: Path | None = None,
    cell_timeout: float = CELL_SECONDS,
) -> list[Row]:
    """Run every notebook in a folder and its subfolders; rewrite the whole CSV after each.

    Args:
        timeout: total seconds for each notebook, at most 1e6.
        jobs: notebooks at a time; None for one per processor.
        memory: GB of address space for each process of a notebook, 1 to 1e6; 0 for no limit.
        exercises: a folder of your own exercises, in addition to the package's.
        cell_timeout: seconds after which a cell is interrupted and the next one runs, at most 1e6.

    Returns the rows, sorted by the notebooks' paths.

    Raises:
        ValueError: an argument is out of range, or there is no notebook.
        OSError: the CSV cannot be written, the exercises are not found, the disk for the files of
            the notebooks is nearly full, or this Python cannot start processes.
        ImportError: the extra `grade` is not installed.
    """
    require_processes("grading", "grade on a computer (pip install 'minddpg[grade]')")
    jobs = processors() if jobs is None else jobs
    _check(timeout, cell_timeout, jobs, memory)
    paths = notebooks(folder)
    limits = Limits(timeout, cell_timeout, memory, _disk_share(min(jobs, len(paths))))
    if exercises:
        add_exercises(exercises)
    _prepare(out)
    announce(WARNING)
    if progress:
        announce(_about(len(paths), jobs, timeout))
    graded: dict[Path, list[Row]] = {}
    stop = threading.Event()

    def rows() -> list[Row]:
        return [row for path in paths for row in graded.get(path, [])]

    with ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(
                _grade_one, path, path.relative_to(folder).as_posix(), limits, stop, exercises
            ): path
            for path in paths
        }
        try:
            for future in as_ended(futures):
                graded[futures[future]], seconds = future.result()
                write_csv(out, [{name: row[name] for name in COLUMNS} for row in rows()])
                if progress:
                    _report(len(graded), len(paths), graded[futures[future]], seconds)
        except BaseException:
            if graded:
                announce(f"minddpg: {out} has {len(graded)} of {len(paths)} files")
            raise
        finally:
            stop.set()  # ends every process that is still running
            pool.shutdown(cancel_futures=True)
    return rows()


def _about(count: int, jobs: int, timeout: float) -> str:
    """Describe what will run, and the longest time that the limit allows."""
    most = duration(timeout * -(-count // jobs)).removeprefix("about ")
    return f"{counted(count, 'notebook')}, {jobs} at a time; at most {most} in all"


def summary(rows: Sequence[Row]) -> str:
    """Return a table: for each exercise, how many passed, and the most frequent diagnoses."""
    lines = [("exercise", "passed", "most frequent diagnoses")]
    for number in sorted({row["exercise"] for row in rows}):  # "" comes first
        submitted = [row for row in rows if row["exercise"] == number]
        passed = sum(map(is_right, submitted))
        counts = Counter(row["diagnosis"] for row in submitted if row["passed"] == "no")
        often = ", ".join(
            f"{name} ({count}{', counted as passed' * name.startswith(FOLLOWS)})"
            for name, count in counts.most_common(2)
        )
        title = f"{number} {EXERCISES[number].title}" if number else "no exercise found"
        lines.append((title, f"{passed} of {len(submitted)}", often))
    widths = [max(len(line[i]) for line in lines) for i in range(2)]
    texts = [f"{a:{widths[0]}}  {b:>{widths[1]}}  {c}".rstrip() for a, b, c in lines]
    if count := sum(bool(row.get("flag")) for row in rows):
        texts.append(f"flags: {count}; the column flag says what to look at")
    if count := len(not_run(rows)):
        some = counted(count, "notebook")
        texts.append(f"{some} could not be run; the rows say why: fix this, and grade again")
    return "\n".join(texts)


def is_right(row: Row | None) -> bool:
    """Return True if an exercise earns its points: it passed, or its mistake is an earlier one."""
    if row is None:
        return False
    return bool(row["passed"] == "yes" or row["diagnosis"].startswith(FOLLOWS))


def not_run(rows: Sequence[Row]) -> list[str]:
    """Return the notebooks that this machine could not run, without repetition."""
    return list(dict.fromkeys(r["file"] for r in rows if r["diagnosis"].startswith(NOT_POSSIBLE)))


def notebooks(folder: Path) -> list[Path]:
    """Find the notebooks in a folder and its subfolders, sorted by path.

    A subfolder that is a link or cannot be read is also returned: its row will say so.

    Raises:
        ValueError: there is no notebook.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    paths: list[Path] = []
    closed: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        if ".ipynb_checkpoints" in folders:
            folders.remove(".ipynb_checkpoints")
        for name in files:
            # macOS adds a file ._name for each one in an archive
            if name.lower().endswith(".ipynb") and not name.startswith("._"):
                paths.append(Path(place, name))
        paths += [Path(place, name) for name in folders if Path(place, name).is_symlink()]
    paths += [Path(error.filename) for error in closed]
    if not paths:
        raise ValueError(f"{folder} contains no notebook (*.ipynb)")
    return sorted(paths, key=lambda path: path.relative_to(folder).as_posix())


def _grade_one(
    path: Path, name: str, limits: Limits, stop: threading.Event, exercises: Path | None
) -> tuple[list[Row], float]:
    """Return the rows of a notebook, and the seconds for running it."""
    start = time.monotonic()
    of_name = chapter_of(PurePath(student_of(PurePath(name)).file).stem)
    chapters = {of_name} if of_name else set()
    try:
        submission = read(path)
    except ValueError as error:
        unread = [number for number in EXERCISES if number.split(".")[0] in chapters] or [""]
        return [_row(name, number, {}, f"{NOT_READ}{error}") for number in unread], 0.0
    if submission.chapter:
        chapters.add(submission.chapter.zfill(2))
    in_cells = [_named(cell) for cell in submission.cells]
    named = set().union(*in_cells)
    wanted = [n for n in EXERCISES if n in named or n.split(".")[0] in chapters]
    if not wanted:
        return [_row(name, "", {}, NO_EXERCISE)], 0.0
    try:
        outcome = run(submission.cells, limits, stop, exercises)
    except OSError as error:
        why = f"{NOT_POSSIBLE}{error.strerror or error}"  # for example too many processes
        outcome = Outcome([], DISK_FULL if error.errno in FULL else why)
    slow = set().union(*(in_cells[i] for i in outcome.slow))
    last = {str(verdict.get("exercise")): verdict for verdict in outcome.verdicts}
    rows = []
    for number in wanted:
        missing = outcome.trouble if number in named and outcome.trouble else NOT_RUN
        row = _row(name, number, last.get(number, {}), OUT_OF_TIME if number in slow else missing)
        if number in outcome.shown and number not in last:
            row["flag"] = SHOWN
        if row["passed"] == "yes" and any(map(RECORDER.search, submission.cells)):
            row["flag"] = "; ".join(filter(None, [row["flag"], RECORD_NAMED]))
        rows.append(row)
    return rows, time.monotonic() - start


def _named(cell: str) -> set[str]:
    """Return the exercises whose checks a cell names."""
    words = set(re.findall(r"\w+", cell))
    return {number for number, exercise in EXERCISES.items() if exercise.check_name in words}


def _row(file: str, number: str, verdict: Row, missing: str) -> Row:
    """Make a row from the last verdict; without a verdict, `missing` is the diagnosis."""
    status, mistake = str(verdict.get("status")), str(verdict.get("diagnosis") or "")
    error = f"error: {mistake}" if mistake else "error"
    meanings = {PASSED: "", FAILED: mistake or UNKNOWN, TO_DO: BLANK, ERROR: error}
    follows = verdict.get("follows") if status in (FAILED, ERROR, TO_DO) else ""
    diagnosis = f"{FOLLOWS}{follows}" if follows else meanings.get(status, missing)
    seconds = verdict.get("seconds")
    return {
        "file": plain(file),
        "exercise": number,
        "passed": "yes" if status == PASSED else "no",
        "diagnosis": plain(diagnosis[:LONGEST]),
        "seconds": seconds if isinstance(seconds, (int, float)) else "",
        "note": plain(str(verdict.get("note") or "")[:LONGEST]),
        "flag": plain("; ".join(verdict.get("flags", []))[:LONGEST]),
        "path": file,
        "says": verdict.get("says"),
    }


def plain(text: str) -> str:
    """Make a text harmless in a terminal and in a spreadsheet."""
    text = without_colours(text)
    text = "".join(character if character.isprintable() else "?" for character in text)
    return f"'{text}" if text.startswith(FORMULA) else text


def _report(count: int, total: int, rows: Sequence[Row], seconds: float) -> None:
    what = f"{sum(map(is_right, rows))} of {len(rows)} passed, {seconds:.1f} s"
    if rows[0]["diagnosis"].startswith((*UNREAD, NO_EXERCISE)):
        what = rows[0]["diagnosis"]
    announce(f"{count} of {total}: {rows[0]['file']}: {what}")


def _check(timeout: float, cell_timeout: float, jobs: int, memory: float) -> None:
    for name, seconds in (("timeout", timeout), ("cell_timeout", cell_timeout)):
        if not 0 < seconds <= MOST_SECONDS:
            raise ValueError(
                f"{name} = {seconds:g}: must be above 0 s, and at most {MOST_SECONDS:g}"
            )
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}: must be at least 1")
    if memory and not LEAST_MEMORY <= memory <= MOST_MEMORY:
        raise ValueError(
            f"memory = {memory:g}: must be {LEAST_MEMORY:g} GB, which a kernel needs, to"
            f" {MOST_MEMORY:g}; 0 means no limit"
        )
    if not (find_spec("nbclient") and find_spec("ipykernel")):
        raise ImportError("grading needs nbclient and ipykernel: pip install 'minddpg[grade]'")


def _prepare(out: Path) -> None:
    """Make the CSV's folder; if the CSV cannot be written, raise before the first notebook runs."""
    out.parent.mkdir(parents=True, exist_ok=True)
    problem = (
        errno.EISDIR if out.is_dir() else 0 if os.access(out.parent, os.W_OK) else errno.EACCES
    )
    if problem:
        raise OSError(problem, os.strerror(problem), str(out))


def _disk_share(jobs: int) -> int:
    """Return how many bytes each notebook may write, so that none fills the disk of the others.

    Raises:
        OSError: the share is too small for a kernel.
    """
    folder = tempfile.gettempdir()
    share = min(MOST_DISK, shutil.disk_usage(folder).free // (jobs + 1))
    if share < LEAST_DISK:
        why = f"too full to run {jobs} at a time: free space, change TMPDIR, or lower --jobs"
        raise OSError(errno.ENOSPC, why, folder)
    return share
