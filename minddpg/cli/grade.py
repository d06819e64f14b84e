"""The command `grade`: run submissions."""

import argparse

from .arguments import path, refuse_existing
from .streams import report

ABOUT = "run a folder of submissions, and write who solved what"
EXAMPLES = """\
minddpg grade submissions
minddpg grade submissions --timeout 300 --jobs 2 --out grades.csv
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.epilog = (
        "The code of the submissions runs with your rights; docs/how-to/grade-a-class.md explains"
        " how to do that safely. Each notebook runs in a new, empty folder; files next to the"
        " notebook are not copied there. Requires pip install 'minddpg[grade]'."
    )
    add = parser.add_argument
    add("folder", type=path, metavar="FOLDER", help="every *.ipynb in it and below is run")
    add(
        "--timeout",
        type=float,
        default=120,
        metavar="S",
        help="seconds for each notebook; default %(default)s",
    )
    about_memory = "limit for each process, 0 for none; default %(default)s"
    add("--memory", type=float, default=4, metavar="GB", help=about_memory)
    add("--jobs", type=int, metavar="J", help="notebooks at a time; default: one per processor")
    add("--exercises", type=path, metavar="DIR", help="a folder of your own exercises (*.py)")
    add("--out", type=path, metavar="FILE", help="a CSV; default FOLDER/grades.csv")
    add("--overwrite", action="store_true", help="replace the file if it exists")
    add("--quiet", action="store_true", help="show no progress")


def run(arguments: argparse.Namespace) -> int:
    """Grade a folder; return 1 if a notebook could not be run."""
    from ..course.grading.grade import grade, not_run, summary

    out = arguments.out or arguments.folder / "grades.csv"
    refuse_existing(out, arguments.overwrite)
    rows = grade(
        arguments.folder,
        out,
        timeout=arguments.timeout,
        jobs=arguments.jobs,
        memory=arguments.memory,
        progress=not arguments.quiet,
        exercises=arguments.exercises,
    )
    report(summary(rows))
    report(f"grades {out}")
    return 1 if not_run(rows) else 0
