"""The command `study`: run a named study."""

import argparse
from pathlib import Path

from ..experiments.named_studies import STUDIES
from ..training.display import say
from ..training.processors import processors
from ..training.wording import counted
from .arguments import path, refuse_below
from .streams import report, show

ABOUT = "run a named study: many runs, a figure and a table"
EXAMPLES = """\
minddpg study --list
minddpg study tau
minddpg study tau --seeds 2 --steps 3000 --dir runs/quick-look
minddpg study tau --redraw
"""
FIRST_SEED = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--list",
        nargs=0,
        action=_List,
        default=argparse.SUPPRESS,
        help="show each study's question, runs and time, and exit",
    )
    parser.add_argument("name", choices=STUDIES, metavar="NAME", help=", ".join(STUDIES))
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="N",
        help="seeds of each variant; default: the study's own number",
    )
    parser.add_argument(
        "--first-seed",
        type=int,
        metavar="N",
        help=f"the first seed; default {FIRST_SEED}: no setting was tuned on seeds from there on",
    )
    parser.add_argument(
        "--jobs", type=int, metavar="J", help="processes at a time; default: one per processor"
    )
    parser.add_argument(
        "--steps",
        "--total-steps",
        dest="total_steps",
        type=int,
        metavar="N",
        help="environment steps of every run; default: the study's own number",
    )
    parser.add_argument(
        "--dir",
        type=path,
        help="the study folder; an unfinished study in it is continued; default runs/study-NAME",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace results in --dir that this command will not produce again",
    )
    parser.add_argument(
        "--redraw",
        action="store_true",
        help="draw the results in --dir again without running anything; takes no options of runs",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


class _List(argparse.Action):
    """Show all studies instead of running one."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from ..experiments.cost import expected_time  # slow

        for name, study in STUDIES.items():
            runs = [config for _, config in study.jobs(range(study.seeds))]
            time = expected_time(runs, processors())
            show(f"{name:15} {study.question}\n{'':15} {counted(len(runs), 'run')}, {time}")
        parser.exit()


def run(arguments: argparse.Namespace) -> None:
    """Run or continue a named study."""
    from ..experiments.run_named import redraw, run_named_study

    name = arguments.name
    folder = arguments.dir or Path("runs") / f"study-{name}"
    if arguments.redraw:
        _refuse_options_of_runs(arguments)
        report(redraw(name, folder))
    else:
        count = STUDIES[name].seeds if arguments.seeds is None else arguments.seeds
        first = FIRST_SEED if arguments.first_seed is None else arguments.first_seed
        refuse_below(1, "--seeds", count)
        refuse_below(0, "--first-seed", first)
        seeds = range(first, first + count)
        changes = {} if arguments.total_steps is None else {"total_steps": arguments.total_steps}
        try:
            table = run_named_study(
                name,
                folder,
                seeds,
                arguments.jobs,
                changes=changes,
                progress=not arguments.quiet,
                overwrite=arguments.overwrite,
            )
            report(table)
        except (KeyboardInterrupt, SystemExit):
            say(f"minddpg: run the same command again to continue {folder}")
            raise
    report(f"table  {folder / 'table.md'}\nfigure {folder / 'figure.png'}")


def _refuse_options_of_runs(arguments: argparse.Namespace) -> None:
    """Refuse options of runs together with --redraw: they do not choose what is drawn."""
    options = {
        "--seeds": arguments.seeds,
        "--first-seed": arguments.first_seed,
        "--jobs": arguments.jobs,
        "--steps": arguments.total_steps,
    }
    given = [name for name, value in options.items() if value is not None]
    given += ["--overwrite"] if arguments.overwrite else []
    if given:
        raise ValueError(f"--redraw runs nothing: leave out {', '.join(given)}")
