"""Results that take too long for a notebook's cell: kept as small files, and made by a command.

python -m minddpg.teaching.recordings                list them
python -m minddpg.teaching.recordings c10_curves     make one again: takes/c10.py, function curves
"""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

from ..nn.layers import Array
from ..storage import load_arrays, save_arrays

FOLDER = Path(__file__).parent / "data"


def recorded(name: str, live: bool = False) -> dict[str, Array]:
    """Return a recording's arrays: from its file or, if live, from doing it all again now.

    Raises:
        CheckpointError: there is no file of this name, or it is damaged.
        ValueError: live, and there is no recording of this name.
    """
    return _maker(name)() if live else load_arrays(FOLDER / f"{name}.npz")


def makers() -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield every recording's name, and the function without arguments that makes its arrays."""
    for path in sorted((Path(__file__).parent / "takes").glob("c*.py")):
        module = import_module(f".takes.{path.stem}", __package__)
        for name, function in getmembers(module, isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{path.stem}_{name}", function


def _maker(name: str) -> Callable[[], dict[str, Any]]:
    known = dict(makers())
    if name not in known:
        raise ValueError(f"there is no recording {name!r}; there are {', '.join(known)}")
    return known[name]


def main(names: list[str]) -> None:
    """Make these recordings again; list all if none is named."""
    for name in names:
        save_arrays(FOLDER / f"{name}.npz", **_maker(name)())
        print(FOLDER / f"{name}.npz")
    if not names:
        for name, maker in makers():
            print(f"{name:24} {(maker.__doc__ or '').splitlines()[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
