"""The minddpg command as a process, by its name or as  python -m minddpg."""

import os
import signal
import sys


def main() -> int:
    """Run the command of this process's arguments; return its exit code."""
    signal.signal(signal.SIGINT, _end)
    from .cli import main  # slow: NumPy, Gymnasium

    return main()


def _end(*_: object) -> None:
    """End on a Ctrl-C before any work: a KeyboardInterrupt gets lost in some imports."""
    try:
        os.write(2, b"minddpg: interrupted\n")
    finally:
        os._exit(130)


if __name__ == "__main__":
    sys.exit(main())
