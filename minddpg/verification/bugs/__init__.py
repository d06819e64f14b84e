"""Plant known bugs by name in the real agent, inside a `with` block.

with planted("polyak-reversed"):
    minddpg.train(minddpg.Config())
"""

import difflib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from ...training.run_dir import note, noted
from . import learning, replay, targets, world
from .bug import Bug, patched
from .edits import Diff, edit

BUGS: dict[str, Bug] = {**learning.BUGS, **targets.BUGS, **replay.BUGS, **world.BUGS}

__all__ = ["BUGS", "Bug", "Diff", "active", "announced", "edit", "find", "planted"]


def find(name: str) -> Bug:
    """Return the bug of this name.

    Raises:
        ValueError: there is none; names the nearest three.
    """
    if name not in BUGS:
        near = difflib.get_close_matches(name, BUGS, n=3, cutoff=0.5)
        hint = f"the nearest: {', '.join(near)}" if near else "`minddpg check --bugs` lists all"
        raise ValueError(f"there is no bug {name!r}; {hint}")
    return BUGS[name]


def planted(name: str) -> AbstractContextManager[None]:
    """Plant a bug in this process while a `with` block runs.

    A run that is trained inside the block records the name of the bug in its config.json.

    Raises:
        ValueError: there is no bug of this name.
    """
    return _planted(name, find(name))


@contextmanager
def _planted(name: str, bug: Bug) -> Iterator[None]:
    with patched(bug.patches), noted(bug=name):
        yield


def active() -> str:
    """Return the name of the bug that is planted now, or "" if there is none."""
    return note("bug")


@contextmanager
def announced(name: str, quiet: bool = False) -> Iterator[None]:
    """Plant a bug and say so on standard error; with an empty name, do nothing."""
    with planted(name) if name else nullcontext():
        if name and not quiet:
            print(f"minddpg: with the bug {name}: {BUGS[name].story}", file=sys.stderr)
        yield
