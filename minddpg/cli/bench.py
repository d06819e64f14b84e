"""The command `bench`: measure the speed."""

import argparse

from .arguments import path, refuse_unwritable
from .streams import report, show

ABOUT = "measure the speed of training on this machine, part by part"
EXAMPLES = """\
minddpg bench
minddpg bench --growth growth.png
"""
PICTURES = ("", ".png", ".svg", ".pdf", ".jpg", ".jpeg", ".webp")  # endings of their names


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "--growth",
        type=path,
        metavar="FILE",
        help="instead, draw the time of an update against width and batch size, as a PNG",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def run(arguments: argparse.Namespace) -> None:
    """Print or draw the speed of training."""
    from ..experiments import benchmark
    from ..training.bar import counting
    from ..training.display import announce

    if arguments.growth is None:
        announce(benchmark.about())
        with counting(len(benchmark.SIZES) * benchmark.PIECES, "pieces") as count:
            for line in benchmark.bench_lines(count):
                show(line)
    else:
        if arguments.growth.suffix.lower() not in PICTURES:  # half a minute before it is drawn
            names = "write .png, .svg or .pdf"
            raise ValueError(f"{arguments.growth}: not a picture's name; {names}")
        refuse_unwritable(arguments.growth, arguments.overwrite)
        announce(benchmark.about_growth())
        with counting(len(benchmark.WIDTHS) + len(benchmark.BATCHES), "sizes") as count:
            found = benchmark.growth(count)
        report(str(benchmark.cost_of_an_update(found, arguments.growth)))
