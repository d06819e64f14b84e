"""A read-only mapping of JSON values, for a setting that itself has names and values."""

import json
import math
import reprlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

DEEPEST = 10  # levels of objects and lists
LONGEST = 10_000  # characters of JSON; put larger data into a file, and pass its path


class JsonObject(Mapping[str, Any]):
    """A mapping from text to JSON values, copied from another mapping. Nothing can change it.

    Names keep their order, at any depth. Equality and hash ignore it: {"a": 1, "b": 2} equals
    {"b": 2, "a": 1}, but 1, 1.0 and True are three values. Each look-up returns a new copy, and
    dict(...) a plain dict. NumPy's numbers become Python's, and tuples become lists.

    Args:
        name: of the setting, for messages.

    Raises:
        ValueError: not a mapping, or a value is not JSON, or there is too much; names the place.
    """

    def __init__(self, values: Mapping[str, Any], name: str = "object"):
        if not isinstance(values, Mapping):
            raise ValueError(f'{name} = {_short(values)}: must map names to values, as {{"x": 2}}')
        plain = _plain(values, name, 0)
        self._text = json.dumps(plain)
        self._sorted = json.dumps(plain, sort_keys=True)
        if len(self._text) > LONGEST:
            size = f"{len(self._text):,} characters of JSON, at most {LONGEST:,} are allowed"
            hint = "put the data into a file, and pass its path"
            raise ValueError(f"{name} is too large: {size}; {hint}")

    def __getitem__(self, name: str) -> Any:
        return json.loads(self._text)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(json.loads(self._text))

    def __len__(self) -> int:
        return len(json.loads(self._text))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        try:
            return self._sorted == JsonObject(other)._sorted
        except ValueError:
            return False

    def __hash__(self) -> int:
        return hash(self._sorted)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        """Return a plain dict. dataclasses.asdict() copies deeply for to_json()."""
        return dict(self)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __str__(self) -> str:
        return self._text


def unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make the dict of a JSON object; json.loads() takes this as its object_pairs_hook.

    Raises:
        ValueError: a name is in it twice.
    """
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{_short(repeated)} is in it twice")
    return result


def _plain(value: Any, where: str, depth: int) -> Any:
    """Return the value as json.loads() would; `where` names it in messages."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and value.bit_length() <= 64:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (int, float)):
        wanted = "finite" if isinstance(value, float) else "within 64 bits"
        raise ValueError(f"{where} = {_short(value)}: a number must be {wanted}")
    if not isinstance(value, (Mapping, list, tuple)):
        wanted = "a number, text, true or false, null, a list, or a mapping of these"
        raise ValueError(f"{where} = {_short(value)}: must be {wanted}")
    if depth == DEEPEST:
        raise ValueError(f"{where}: nested more than {DEEPEST} deep")
    if not isinstance(value, Mapping):
        return [_plain(each, f"{where}[{i}]", depth + 1) for i, each in enumerate(value)]
    for name in value:
        if not isinstance(name, str):
            raise ValueError(f"{where} has the name {_short(name)}: names must be text")
    return {k: _plain(each, f"{where}[{_short(k)}]", depth + 1) for k, each in value.items()}


def _short(value: Any) -> str:
    """Return a value in one short line."""
    try:
        return " ".join(reprlib.repr(value).split())
    except ValueError:
        return "a number of thousands of digits"
