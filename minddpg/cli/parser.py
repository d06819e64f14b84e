"""The command line's parser: each command is a module with its arguments and what it does."""

import argparse
from types import ModuleType

from .. import __version__
from . import bench, check, evaluate, export, grade, plot, resume, study, train, watch

COMMANDS: dict[str, ModuleType] = {
    "train": train,
    "resume": resume,
    "evaluate": evaluate,
    "watch": watch,
    "export": export,
    "plot": plot,
    "study": study,
    "check": check,
    "grade": grade,
    "bench": bench,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show an error's traceback")
    parser = argparse.ArgumentParser(
        prog="minddpg", description="DDPG in NumPy, with every gradient derived and coded by hand."
    )
    parser.add_argument("--version", action="version", version=f"minddpg {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        about = module.ABOUT
        module.add_arguments(
            commands.add_parser(name, help=about, description=about, parents=[debug])
        )
    return parser
