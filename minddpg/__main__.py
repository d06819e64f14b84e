"""The entry point of the command  minddpg  and of  python -m minddpg."""

import os
import signal
import sys


def main() -> int:
    """Run the command in sys.argv; return its exit code."""
    signal.signal(signal.SIGINT, _end)
    from .cli import main  # slow: NumPy, Gymnasium

    return main()


def _end(*_: object) -> None:
    """Exit on Ctrl-C before any work: some imports lose a KeyboardInterrupt."""
    try:
        os.write(2, b"minddpg: interrupted\n")
    finally:
        os._exit(130)


if __name__ == "__main__":
    sys.exit(main())
