"""The command `plot`: draw learning curves."""

import argparse
from pathlib import Path

from .arguments import path, refuse_existing
from .streams import report

ABOUT = "draw the learning curve of one run, or of several runs in one figure"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("runs", nargs="+", type=path, metavar="RUN", help="a run folder")
    parser.add_argument(
        "--out",
        type=path,
        metavar="FILE",
        help="a PNG; default RUN/learning_curve.png, drawn again; for several learning_curves.png",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def run(arguments: argparse.Namespace) -> None:
    """Draw the learning curves of runs."""
    from ..training.plots import learning_curve

    own = arguments.runs[0] / "learning_curve.png" if len(arguments.runs) == 1 else None
    picture = arguments.out or own or Path("learning_curves.png")
    if arguments.out or own is None:  # a run folder's own figure is drawn anew
        refuse_existing(picture, arguments.overwrite)
    report(str(learning_curve(arguments.runs, picture)))
