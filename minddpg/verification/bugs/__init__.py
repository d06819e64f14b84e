"""The bug zoo: plant a named bug in the real agent, for as long as a `with` block lasts.

with planted("polyak-reversed"):
    minddpg.train(minddpg.Config())
"""

import difflib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from ...training import run_dir as folder
from . import learning, memory, targets, world
from .bug import Bug, patched

BUGS: dict[str, Bug] = {**learning.BUGS, **targets.BUGS, **memory.BUGS, **world.BUGS}

__all__ = ["BUGS", "Bug", "announced", "find", "planted"]


def find(name: str) -> Bug:
    """Return the bug of this name.

    Raises:
        ValueError: there is none; names the nearest.
    """
    if name not in BUGS:
        near = difflib.get_close_matches(name, BUGS, cutoff=0.5) or BUGS
        raise ValueError(f"there is no bug {name!r}; the nearest: {', '.join(near)}")
    return BUGS[name]


def planted(name: str) -> AbstractContextManager[Any]:
    """Plant a bug in this process; after the block everything is as it was.

    A run that is trained meanwhile has the bug's name in its config.json.

    Raises:
        ValueError: there is no bug of this name.
    """
    return patched((*find(name).patches, (folder, "planted_bug", name)))


@contextmanager
def announced(name: str, quiet: bool = False) -> Iterator[None]:
    """Plant a bug as `planted` does, and say so on standard error; do nothing for no name."""
    with planted(name) if name else nullcontext():
        if name and not quiet:
            print(f"minddpg: with the bug {name}: {BUGS[name].story}", file=sys.stderr)
        yield
