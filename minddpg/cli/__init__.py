"""The command line: run one command, report an error in one line, return an exit code."""

import os
import sys
import warnings
from collections.abc import Sequence
from typing import TextIO

from ..training.processors import BLAS_THREADS

# Products of these sizes are slower on several threads than on one; and one thread repeats to the
# bit. NumPy reads these when it is first imported, so they are set before anything imports it.
for _name in BLAS_THREADS:
    os.environ.setdefault(_name, "1")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns the exit code: 0; 1 for a failure or an invalid value, with one line on standard error;
    130 after SIGINT, 143 after SIGTERM.

    Raises:
        SystemExit: with 2 for arguments that cannot be parsed, with 0 after --help.
    """
    from ..training.signals import Handlers, Terminated

    with Handlers(), warnings.catch_warnings():
        from .commands import COMMANDS
        from .parser import parser

        arguments = parser().parse_args(argv)
        sys.path.append(os.getcwd())  # so that module:Name-v0 finds a module in this folder
        warnings.showwarning = _show_warning
        try:
            return int(COMMANDS[arguments.command](arguments) or 0)
        except (KeyboardInterrupt, Terminated) as stop:
            print(f"minddpg: {stop}", file=sys.stderr)
            return 143 if isinstance(stop, Terminated) else 130
        except BrokenPipeError:
            return 1
        except Exception as error:
            if arguments.debug:
                raise
            print(f"minddpg: error: {_one_line(error)}", file=sys.stderr)
            return 1


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    print(f"minddpg: warning: {' '.join(str(message).split())}", file=sys.stderr)


def _one_line(error: Exception) -> str:
    """Return the message of an error; one that this package does not raise keeps its name."""
    from ..ddpg.agent import DivergenceError
    from ..experiments.run_study import StudyError
    from ..storage import CheckpointError
    from ..training.env_errors import EnvError

    text = " ".join(str(error).split())
    if isinstance(error, EnvError):
        return f"{text} (--debug shows where)"
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part)
    ours = type(error) in (ValueError, TypeError, CheckpointError, DivergenceError, StudyError)
    if ours or isinstance(error, (ImportError, OSError)):
        return text
    return f"{type(error).__name__}: {text} (--debug shows where)"
