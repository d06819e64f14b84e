"""List what may replace an argument: mistakes that can happen to any argument.

A learner who squares the discount, averages the rewards or confuses two arguments gets the results
of the solution for these other arguments.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .submission import Arguments


class StandIn(NamedTuple):
    """A function that changes the arguments, and the name of the mistake."""

    name: str
    other: Callable[[Arguments], Arguments]


class _Each(NamedTuple):
    name: str  # with {x} for the argument's name
    of: Callable[[Any], Any]


def with_argument(i: int, of: Callable[[Any], Any], arguments: Arguments) -> Arguments:
    """Return the arguments with the i-th one replaced by a function of it."""
    return (*arguments[:i], of(arguments[i]), *arguments[i + 1 :])


def _filled(reduce: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda x: np.broadcast_to(reduce(x, axis=0), np.shape(x)).copy()


NUMBERS = (
    _Each("{x}²", lambda x: x * x),
    _Each("√{x}", lambda x: np.sqrt(np.abs(x))),
    _Each("−{x}", lambda x: -x),
    _Each("|{x}|", np.abs),
    _Each("1 − {x}", lambda x: 1 - x),
    _Each("1/{x}", lambda x: 1 / x),
    _Each("2 {x}", lambda x: 2 * x),
    _Each("{x}/2", lambda x: x / 2),
    _Each("{x} + 1", lambda x: x + 1),
    _Each("{x} − 1", lambda x: x - 1),
    _Each("0", lambda x: 0 * x),
    _Each("1", lambda x: 0 * x + 1),
    _Each("max({x}, 0)", lambda x: np.maximum(x, 0)),
    _Each("min({x}, 0)", lambda x: np.minimum(x, 0)),
    _Each("{x} clipped to [−1, 1]", lambda x: np.clip(x, -1, 1)),
    _Each("{x} rounded", np.round),
    _Each("{x} cut to whole numbers", np.trunc),
    _Each("the sign of {x}", np.sign),
    _Each("tanh({x})", np.tanh),
)
ROWS = (
    _Each("the mean of {x}", _filled(np.mean)),
    _Each("the largest of {x}", _filled(np.max)),
    _Each("the smallest of {x}", _filled(np.min)),
    _Each("the sum of {x}", _filled(np.sum)),
    _Each("{x} − its mean", lambda x: x - x.mean(axis=0)),
)
ANY_ROWS = (
    _Each("{x} of the first row", _filled(lambda x, axis: x[0])),
    _Each("{x} of the last row", _filled(lambda x, axis: x[-1])),
    _Each("{x} in reverse order", lambda x: x[::-1].copy()),
    _Each("{x} of the next row", lambda x: np.roll(x, -1, axis=0)),
    _Each("{x} of the row before", lambda x: np.roll(x, 1, axis=0)),
    _Each("{x} in order of size", lambda x: np.sort(x, axis=0)),
)
FLAGS = (_Each("not {x}", np.logical_not), _Each("any of {x}", _filled(np.any)))


def stand_ins(arguments: Arguments, names: Sequence[str]) -> Iterator[StandIn]:
    """Yield what may replace each argument.

    Args:
        arguments: the arguments of one call; their types and shapes decide what fits.
    """
    for i, (x, name) in enumerate(zip(arguments, names, strict=False)):
        for each in _that_fit(x):
            other = each.name.replace("{x}", name)
            yield StandIn(f"{other} instead of {name}", partial(with_argument, i, each.of))
        for j, y in enumerate(arguments):
            if i != j and type(x) is type(y) and np.shape(x) == np.shape(y):
                yield StandIn(f"{names[j]} instead of {name}", partial(_copied, i, j))
                if i < j:
                    yield StandIn(f"{name} and {names[j]} swapped", partial(_swapped, i, j))


def _that_fit(x: Any) -> list[_Each]:
    found: list[_Each] = []
    if isinstance(x, bool | np.bool_):
        found += FLAGS[:1]
    elif isinstance(x, float | np.floating) or _is_array(x, "f"):
        found += NUMBERS
    if _is_array(x, "f") and len(x) > 1:
        found += ROWS
    if _is_array(x, "fib") and len(x) > 1:
        found += ANY_ROWS
    if _is_array(x, "b"):
        found += FLAGS
    return found


def _copied(i: int, j: int, arguments: Arguments) -> Arguments:
    return with_argument(i, lambda _: arguments[j], arguments)


def _swapped(i: int, j: int, arguments: Arguments) -> Arguments:
    return tuple(arguments[{i: j, j: i}.get(k, k)] for k in range(len(arguments)))


def _is_array(x: Any, kinds: str) -> bool:
    return isinstance(x, np.ndarray) and x.ndim > 0 and x.dtype.kind in kinds
