"""The command `grade`: run and grade submissions."""

import argparse
import contextlib
from datetime import date, datetime, timedelta
from pathlib import Path

from .arguments import path, refuse_existing
from .streams import fitted, report

ABOUT = "run a folder of submissions, and write a table of who solved what"
EXAMPLES = """\
minddpg grade submissions
minddpg grade submissions --timeout 300 --jobs 2 --out grades.csv
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.epilog = (
        "The code of the submissions runs with your rights;"
        " https://minddpg.github.io/minddpg/how-to/grade-a-class.html explains how to run it"
        " safely. Each notebook runs in a new, empty folder; files next to the"
        " notebook are not copied there. Requires pip install 'minddpg[grade]'."
    )
    add = parser.add_argument
    add("folder", type=path, metavar="FOLDER", help="every *.ipynb in it and below it is run")
    add(
        "--timeout",
        type=float,
        default=120,
        metavar="S",
        help="seconds for each notebook; default %(default)s",
    )
    add(
        "--cell-timeout",
        type=float,
        default=60,
        metavar="S",
        help="seconds after which a cell is stopped and the next one runs; default %(default)s",
    )
    about_memory = "limit for each process, 0 for none; default %(default)s"
    add("--memory", type=float, default=4, metavar="GB", help=about_memory)
    add("--jobs", type=int, metavar="J", help="notebooks at a time; default: one per processor")
    add("--exercises", type=path, metavar="DIR", help="a folder of your own exercises (*.py)")
    add("--out", type=path, metavar="FILE", help="the CSV file to write; default FOLDER/grades.csv")
    add("--overwrite", action="store_true", help="replace the files if they exist")
    add("--quiet", action="store_true", help="show no progress")
    _add_reports(parser.add_argument_group("for each student"))


def _add_reports(group: "argparse._ArgumentGroup") -> None:
    add = group.add_argument
    add(
        "--points",
        type=_scheme,
        nargs="?",
        const=True,
        metavar="FILE",
        help="write each student's points to grades-points.csv; the points of an exercise are its"
        " importance, or those in a CSV with the columns exercise,points",
    )
    add(
        "--gradebook",
        type=path,
        metavar="FILE",
        help="Moodle's grading worksheet or Canvas's exported gradebook: a copy with the grades"
        " is written to grades-gradebook.csv",
    )
    add("--column", default="", metavar="NAME", help="the gradebook's column for the grades")
    add(
        "--due",
        type=_time,
        metavar="TIME",
        help="the deadline: report who was late, and by how much; 2026-11-29T18:00, or 2026-11-29"
        " for the end of that day",
    )
    add("--feedback", type=path, metavar="DIR", help="write an HTML page for each student")


def _scheme(text: str) -> Path:
    """Return the path of a CSV; refuse a folder, which was meant as the submissions."""
    if path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder; write it before --points")
    return path(text)


def _time(text: str) -> datetime:
    """Return a time by this machine's clock: for a date, the end of the day."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        why = f"{text!r}: write it as 2026-11-29T18:00, or 2026-11-29 for the end of that day"
        raise argparse.ArgumentTypeError(why) from None
    with contextlib.suppress(ValueError):  # it has a time
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), datetime.min.time())
    return time.astimezone().replace(tzinfo=None) if time.tzinfo else time


def run(arguments: argparse.Namespace) -> int:
    """Grade a folder; return 1 if a notebook could not be run."""
    from ..course.checks import add_exercises
    from ..course.grading.grade import grade, not_run, summary
    from ..course.grading.reports import Reports

    out = arguments.out or arguments.folder / "grades.csv"
    refuse_existing(out, arguments.overwrite)
    if arguments.column and not arguments.gradebook:
        raise ValueError("--column names a column of a gradebook: add --gradebook FILE")
    if arguments.exercises and arguments.points:
        add_exercises(arguments.exercises)  # the points may name them
    reports = Reports(
        out,
        arguments.points,
        arguments.gradebook,
        arguments.column,
        arguments.due,
        arguments.feedback,
        arguments.overwrite,
    )
    rows = grade(
        arguments.folder,
        out,
        timeout=arguments.timeout,
        jobs=arguments.jobs,
        memory=arguments.memory,
        progress=not arguments.quiet,
        exercises=arguments.exercises,
        cell_timeout=arguments.cell_timeout,
    )
    report(summary(rows))
    report(f"grades {out}")
    for line in reports.write(arguments.folder, rows):
        report(fitted(line))
    return 1 if not_run(rows) else 0
