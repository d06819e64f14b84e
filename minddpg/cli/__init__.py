"""The command line: run one command, report an error in one line, return an exit code."""

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import TextIO

from ..training.display import announce
from ..training.processors import BLAS_THREADS
from ..training.signals import Handlers, Terminated
from .streams import STDOUT, dependable_streams

# Matrix products of these sizes are slower on several threads than on one, and one thread gives the
# same bits each time. NumPy reads these variables when first imported, so they are set before.
for _name in BLAS_THREADS:
    os.environ.setdefault(_name, "1")
INSIDE = "the environment, or a library,"  # raised an exception that this package never raises
ENVIRONMENTS = ("train", "resume", "evaluate", "watch", "study")  # commands that make some
HINT = " (--debug shows where)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns the exit code: 0; 1 for a failure or an invalid value, with one line on standard error;
    130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP. A command that prints results returns 1
    without a message if the reader of its standard output has gone.

    Raises:
        SystemExit: with 2 for arguments that cannot be parsed, with 0 after --help and --version.
    """
    arguments = None
    with dependable_streams(sys.argv[1:] if argv is None else argv), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            from .parser import COMMANDS, parse

            arguments = parse(argv)
            if arguments.command in ENVIRONMENTS:
                from ..training import loop  # noqa: F401  # slow: imports belong before Handlers
            with Handlers():
                return int(COMMANDS[arguments.command].run(arguments) or 0)
        except (KeyboardInterrupt, Terminated) as stop:
            if arguments is not None and arguments.debug:
                traceback.print_exc()
            silent = "interrupted" if arguments is None else f"{INSIDE} raised KeyboardInterrupt"
            announce(f"minddpg: {str(stop) or silent}")
            return stop.code if isinstance(stop, Terminated) else 130
        except Exception as error:
            if isinstance(error, BrokenPipeError) and error.filename == STDOUT:
                return 1
            if arguments is not None and arguments.debug:
                raise
            announce(f"minddpg: error: {_message(error)}")
            return 1
        except SystemExit as error:
            if arguments is None:  # the parser's own
                raise
            if arguments.debug:
                traceback.print_exc()
            announce(f"minddpg: error: {INSIDE} called sys.exit({error.code!r}){HINT}")
            return 1


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    from ..training.own_warnings import line_of

    announce(line_of(message))


def _message(error: Exception) -> str:
    """Return the message of an error; one that this package does not raise keeps its name."""
    from ..training.env_errors import EnvError
    from ..training.own_warnings import one_line

    kind, text = type(error), str(error)
    if isinstance(error, OSError) and error.strerror:
        text = ": ".join(str(part) for part in (error.filename, error.strerror) if part)
    ours = kind in (ValueError, TypeError) or kind.__module__.startswith("minddpg.")
    if text and (ours or isinstance(error, (ImportError, OSError))):
        return one_line(text + HINT * (kind is EnvError))
    return one_line(f"{kind.__name__}: {text}{HINT}")
