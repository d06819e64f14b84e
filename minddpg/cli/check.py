"""The command `check`: is the mathematics right?"""

import argparse

from ..training.bar import announce, counting
from ..training.wording import duration
from .streams import show

ABOUT = "compare every gradient with numerical derivatives, in a table"
SECONDS_PER_ROW = 0.55  # of check --bugs, measured on one core


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--bugs",
        action="store_true",
        help="plant each bug in turn, and print which kinds of check catch it; trains nothing",
    )
    what.add_argument(
        "--truth",
        action="store_true",
        help="compare equation (6) with the exact ∇J, where both are known, and show its four gaps",
    )
    what.add_argument(
        "--exercises",
        nargs="*",
        metavar="NN.M",
        help="put every mutant of the solutions, or of these only, through its exercise's check,"
        " and show those that pass",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="with --exercises: list every mutant's diagnosis"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="J",
        help="with --exercises: processes at a time; default: one per processor",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a table of checks; return 1 if one failed."""
    if arguments.exercises is not None:
        return _check_exercises(arguments)
    if arguments.verbose or arguments.jobs is not None:
        raise ValueError("--verbose and --jobs belong to check --exercises")

    if arguments.bugs:
        return _check_bugs()

    if arguments.truth:
        from ..verification.lqr import check_truth, truth_table

        comparisons = check_truth()
        show(truth_table(comparisons))
        return 0 if all(row.passed for row in comparisons) else 1

    from ..verification.gradient_checks import SETS, about, check_equations, table

    announce(about())
    with counting(SETS, "sets of gradients") as count:
        rows = check_equations(finished=count)
    show(table(rows))
    failed = sum(not row.report.passed for row in rows)
    show(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _check_bugs() -> int:
    from ..verification.bugs import BUGS

    rows = 1 + len(BUGS)
    cost = duration(SECONDS_PER_ROW * rows)
    announce(f"correct code and {len(BUGS)} bugs, each put through every check: {cost}")
    from ..course.kill_matrix import HEADER, examine_bugs, exit_code, row, summary  # slow

    show(HEADER)
    found = []
    with counting(rows, "rows") as count:
        for each in examine_bugs():
            found.append(each)
            count()
            show(row(each))
    show(summary(found))
    return exit_code(found)


def _check_exercises(arguments: argparse.Namespace) -> int:
    from ..course.mutation import run

    numbers = run.chosen(arguments.exercises)
    found = run.examine_exercises(numbers, arguments.jobs)
    show(run.about(numbers, arguments.jobs))
    show(run.HEADER)
    results = []
    with counting(len(numbers), "exercises") as count:
        for result in found:
            results.append(result)
            lines = run.details(result) if arguments.verbose else []
            count()
            show("\n".join([run.row(result), *lines, *run.faults(result)]))
    show(run.summary(results))
    return run.exit_code(results)
