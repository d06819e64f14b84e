"""What may stand in place of an argument: mistakes that can happen to any argument.

A learner who squares the discount, averages the rewards or takes another argument gets what the
solution returns if it is given that instead.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

Other = Callable[[Sequence[Any], int], Any]  # maps all arguments and a place to another value


class StandIn(NamedTuple):
    """Another value for an argument x."""

    name: str  # with {x} for the argument's name
    other: Other


def _each(name: str, of: Callable[[Any], Any]) -> StandIn:
    return StandIn(name, lambda arguments, i: of(arguments[i]))


def _filled(reduce: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda x: np.broadcast_to(reduce(x, axis=0), np.shape(x)).copy()


NUMBERS = (
    _each("{x}²", lambda x: x * x),
    _each("√{x}", lambda x: np.sqrt(np.abs(x))),
    _each("−{x}", lambda x: -x),
    _each("|{x}|", np.abs),
    _each("1 − {x}", lambda x: 1 - x),
    _each("1/{x}", lambda x: 1 / x),
    _each("2 {x}", lambda x: 2 * x),
    _each("{x}/2", lambda x: x / 2),
    _each("{x} + 1", lambda x: x + 1),
    _each("{x} − 1", lambda x: x - 1),
    _each("0", lambda x: 0 * x),
    _each("1", lambda x: 0 * x + 1),
    _each("max({x}, 0)", lambda x: np.maximum(x, 0)),
    _each("min({x}, 0)", lambda x: np.minimum(x, 0)),
    _each("{x} clipped to [−1, 1]", lambda x: np.clip(x, -1, 1)),
    _each("{x} rounded", np.round),
    _each("{x} cut to whole numbers", np.trunc),
    _each("the sign of {x}", np.sign),
    _each("tanh({x})", np.tanh),
)
ROWS = (
    _each("the mean of {x}", _filled(np.mean)),
    _each("the largest of {x}", _filled(np.max)),
    _each("the smallest of {x}", _filled(np.min)),
    _each("the sum of {x}", _filled(np.sum)),
    _each("{x} − its mean", lambda x: x - x.mean(axis=0)),
)
ANY_ROWS = (
    _each("the first of {x}", _filled(lambda x, axis: x[0])),
    _each("the last of {x}", _filled(lambda x, axis: x[-1])),
    _each("{x} in reverse order", lambda x: x[::-1].copy()),
    _each("the next of {x}", lambda x: np.roll(x, -1, axis=0)),
    _each("the one before of {x}", lambda x: np.roll(x, 1, axis=0)),
    _each("{x} in order of size", lambda x: np.sort(x, axis=0)),
)
FLAGS = (_each("not {x}", np.logical_not), _each("any of {x}", _filled(np.any)))


def stand_ins(arguments: Sequence[Any], names: Sequence[str], i: int) -> Iterator[StandIn]:
    """Yield what may stand in place of argument i, with its name filled in.

    Args:
        arguments: those of one call; their kinds and shapes decide.
    """
    x = arguments[i]
    found: list[StandIn] = []
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
    for each in found:
        yield StandIn(each.name.replace("{x}", names[i]), each.other)
    for j, other in enumerate(arguments):
        if j != i and type(other) is type(x) and np.shape(other) == np.shape(x):
            yield StandIn(names[j], partial(_at, j))


def _at(j: int, arguments: Sequence[Any], _: int) -> Any:
    return arguments[j]


def _is_array(x: Any, kinds: str) -> bool:
    return isinstance(x, np.ndarray) and x.ndim > 0 and x.dtype.kind in kinds
