"""The command `plot`: draw learning curves."""

import argparse
from pathlib import Path

from .arguments import path, refuse_unwritable
from .streams import fitted, report

ABOUT = "draw the learning curve of a run, or compare runs, grouped by their settings"
EXAMPLES = """\
minddpg plot runs/Pendulum-v1-1
minddpg plot runs/Pendulum-v1-1 runs/Pendulum-v1-2 --out both.png
"""
PICTURE = "learning_curves.png"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("runs", nargs="+", type=path, metavar="RUN", help="a run folder")
    parser.add_argument(
        "--out",
        type=path,
        metavar="FILE",
        help="the picture, as PNG, PDF or SVG by its suffix; default RUN/learning_curve.png, which"
        f" is replaced; for several runs {PICTURE} next to the first run",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def run(arguments: argparse.Namespace) -> None:
    """Draw the learning curve of one run, or compare several."""
    from ..training.run_dir import read_config

    # runs/* also names an earlier picture
    runs = [run for run in arguments.runs if run.name != PICTURE or run.is_dir()] or arguments.runs
    for run in runs:
        read_config(run)  # refuses what is not a run folder, before any message about the picture
    if len(runs) == 1:
        from ..training.plots import learning_curve

        if arguments.out:  # a run folder's own figure is replaced
            refuse_unwritable(arguments.out, arguments.overwrite)
        report(str(learning_curve(runs[0], arguments.out or runs[0] / "learning_curve.png")))
        return
    from ..experiments.compare_runs import compare_runs

    picture = arguments.out or _beside(runs[0])
    refuse_unwritable(picture, arguments.overwrite)
    report("\n".join(map(fitted, compare_runs(runs, picture).splitlines())))
    report(str(picture))


def _beside(run: Path) -> Path:
    """Return the path of the default picture, in the parent folder of this run."""
    if run.name in ("", ".."):  # such as "." in the run folder
        run = run.resolve()
    return run.parent / PICTURE
