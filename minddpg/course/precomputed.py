"""Read and make precomputed results: small files for what takes too long in a notebook's cell.

python -m minddpg.course.precomputed                 list all results
python -m minddpg.course.precomputed ch10/curves     make ch10_*/curves.npz again, with the function
                                                     `curves` of that folder's precompute.py

Some results need those of `minddpg study NAME`, in runs/study-NAME or, with --results, in DIR/NAME.
"""

import argparse
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ..nn.layers import Array
from ..storage import load_arrays, save_arrays
from .study_results import read_from

COURSE = Path(__file__).parent


def precomputed(
    name: str, live: bool = False, results: str | Path | None = None
) -> dict[str, Array]:
    """Return the arrays of a result such as "ch10/curves", from its file.

    Args:
        live: True to compute them now instead of reading the file.
        results: the folder in which `live` finds the results of study NAME, as results/NAME; None
            for runs/study-NAME, where `minddpg study` writes them.

    Raises:
        ValueError: there is no result with this name.
        CheckpointError: the file is missing or damaged.
        FileNotFoundError: `live` is True, and the results of a study are missing.
    """
    if not live:
        return load_arrays(file_of(name))
    with read_from(None if results is None else Path(results)):
        return _maker(name)()


def file_of(name: str) -> Path:
    """Return the file that holds a result.

    Raises:
        ValueError: there is no chapter with this name.
    """
    chapter, _, result = name.partition("/")
    folders = [path for path in COURSE.glob(f"{chapter}_*") if path.is_dir()]
    if len(folders) != 1 or not result:
        raise ValueError(f"there is no precomputed result {name!r}: names are such as ch10/curves")
    return folders[0] / f"{result}.npz"


def makers() -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield the name of every result, and the function without arguments that makes its arrays."""
    for path in sorted(COURSE.glob("ch*/precompute.py")):
        module = import_module(f".{path.parent.name}.precompute", __package__)
        for function in module.RESULTS:
            yield f"{path.parent.name[:4]}/{function.__name__}", function


def _maker(name: str) -> Callable[[], dict[str, Any]]:
    known = dict(makers())
    if name not in known:
        raise ValueError(f"there is no precomputed result {name!r}; there are {', '.join(known)}")
    return known[name]


def main() -> None:
    """Make the named results again, or list all results if no name is given."""
    parser = argparse.ArgumentParser(prog="python -m minddpg.course.precomputed")
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as ch10/curves")
    parser.add_argument(
        "--results", type=Path, metavar="DIR", help="the folder of the studies' results"
    )
    arguments = parser.parse_args()
    for name in arguments.names:
        save_arrays(file_of(name), **precomputed(name, live=True, results=arguments.results))
        print(file_of(name))
    if not arguments.names:
        for name, maker in makers():
            print(f"{name:20} {(maker.__doc__ or '').splitlines()[0]}")


if __name__ == "__main__":
    main()
