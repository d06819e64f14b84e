"""The command `check`: test gradients, planted bugs and exercises."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..training.bar import counting
from ..training.display import announce
from ..training.wording import duration
from .arguments import add_json
from .streams import as_shown, show, show_json

ABOUT = "compare every gradient with numerical derivatives, and print a table"
EXAMPLES = """\
minddpg check
minddpg check --bugs
minddpg check --exercises 04.1 04.2 --verbose
minddpg check --exercises 04
minddpg check --truth --json
"""
SECONDS_PER_ROW = 0.55  # of check --bugs, measured on one core

Found = tuple[int, Iterator[dict[str, Any]]]  # the exit code, and rows that only --json needs


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
        help="compare equation (6) with the exact ∇J of a solved problem, and show its four gaps",
    )
    what.add_argument(
        "--exercises",
        nargs="*",
        metavar="NN.M",
        help="run each exercise's check on mutants of its solution, and show those that pass;"
        " with numbers, only for these exercises or chapters",
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
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a table of checks, or with --json a document; return 1 if one failed."""
    tell = _nothing if arguments.json else show
    if arguments.exercises is None and (arguments.verbose or arguments.jobs is not None):
        raise ValueError("--verbose and --jobs need --exercises")
    if arguments.exercises is not None:
        name, (code, rows) = "exercises", _exercises(arguments, tell)
    elif arguments.bugs:
        name, (code, rows) = "bugs", _bugs(tell)
    elif arguments.truth:
        name, (code, rows) = "truth", _truth(tell)
    else:
        name, (code, rows) = "equations", _equations(tell)
    if arguments.json:
        show_json({"check": name, "passed": code == 0, "rows": list(rows)})
    return code


def _nothing(text: str) -> None:
    """Discard a line, because standard output must hold only the JSON document."""


def _equations(tell: Callable[[str], None]) -> Found:
    from ..verification.gradient_checks import SETS, about, check_equations, table

    announce(about())
    with counting(SETS, "sets of gradients") as count:
        rows = check_equations(finished=count)
    shown = [
        replace(row, equation=as_shown(row.equation), networks=as_shown(row.networks))
        for row in rows
    ]
    tell(table(shown))
    failed = sum(not row.report.passed for row in rows)
    tell(f"{len(rows) - failed} passed, {failed} failed")
    return int(failed > 0), (
        {
            "equation": row.equation.strip(),
            "networks": row.networks,
            "method": row.method,
            "cases": row.cases,
            "relative_error": row.report.relative_error,
            "tolerance": row.report.tolerance,
            "passed": row.report.passed,
        }
        for row in rows
    )


def _truth(tell: Callable[[str], None]) -> Found:
    from ..verification.lqr import check_truth, truth_table

    rows = check_truth()
    tell(truth_table([replace(row, name=as_shown(row.name)) for row in rows]))
    return int(not all(row.passed for row in rows)), (
        {
            "name": row.name,
            "formula": row.formula,
            "reference": row.reference,
            "relative_error": row.error,
            "tolerance": row.tolerance,
            "passed": row.passed,
        }
        for row in rows
    )


def _bugs(tell: Callable[[str], None]) -> Found:
    from ..verification.bugs import BUGS

    rows = 1 + len(BUGS)
    cost = duration(SECONDS_PER_ROW * rows)
    announce(f"running every check on correct code and {len(BUGS)} bugs: {cost}")
    from ..course.engine.exercise import KINDS
    from ..course.kill_matrix import HEADER, examine_bugs, exit_code, row, summary  # slow

    tell(HEADER)
    found = []
    with counting(rows, "rows") as count:
        for each in examine_bugs():
            found.append(each)
            count()
            tell(row(each))
    tell(summary(found))
    return exit_code(found), (
        {"bug": each.bug, "objections": {kind: each.of(kind) for kind in KINDS}} for each in found
    )


def _exercises(arguments: argparse.Namespace, tell: Callable[[str], None]) -> Found:
    announce("running each exercise's check on mutants of its solution")
    from ..course.mutation import run  # slow

    numbers = run.chosen(arguments.exercises)
    found = run.examine_exercises(numbers, arguments.jobs)
    announce(run.about(numbers, arguments.jobs))
    tell(run.HEADER)
    results = []
    with counting(len(numbers), "exercises") as count:
        for result in found:
            results.append(result)
            lines = run.details(result) if arguments.verbose else []
            count()
            tell("\n".join([run.row(result), *lines, *run.faults(result)]))
    tell(run.summary(results))
    return run.exit_code(results), (
        {
            "exercise": result.number,
            "title": result.title,
            "generated": result.generated,
            "mutants": [
                {
                    "change": each.mutant.id,
                    "outcome": each.outcome,
                    "diagnosis": each.diagnosis,
                    "equivalent": each.mutant.id in result.equivalents,
                }
                for each in result.judged
            ],
            "faults": run.faults(result),
        }
        for result in results
    )
