"""The command `resume`: continue a run."""

import argparse

from .arguments import add_env_import, path, refuse_below
from .env_import import announce_import
from .summary import summarise

ABOUT = "continue a run from its last checkpoint, as if it had not been interrupted"
EXAMPLES = """\
minddpg resume runs/Pendulum-v1-1
minddpg resume runs/Pendulum-v1-1 --steps 8000
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("run", type=path, metavar="RUN", help="a run folder")
    parser.add_argument(
        "--steps",
        type=int,
        default=0,
        metavar="MORE",
        help="extend the run by this many environment steps; default %(default)s",
    )
    add_env_import(parser)
    parser.add_argument(
        "--quiet", action="store_true", help="print nothing but warnings and errors"
    )


def run(arguments: argparse.Namespace) -> None:
    """Continue a run, and print its results."""
    from ..training.loop import resume
    from ..training.run_dir import lasting, read_bug, read_config
    from ..verification.bugs import announced

    refuse_below(0, "--steps", arguments.steps)
    env_id = read_config(arguments.run).env_id
    announce_import(env_id, arguments.run / "config.json", arguments.env_import)
    place = lasting(arguments.run)
    with announced(read_bug(arguments.run), arguments.quiet):
        run = resume(arguments.run, arguments.steps, progress=not arguments.quiet)
    summarise(run, place(), arguments.quiet)
