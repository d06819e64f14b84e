"""Dataclasses of settings: fields with a meaning and a range, checked, and saved as JSON."""

import difflib
import json
import numbers
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from .json_object import JsonObject, unique_names


class Interval:
    """The real numbers between two bounds, written as in mathematics: "[0, 1)" excludes 1."""

    def __init__(self, text: str):
        low, high = text[1:-1].split(",")
        self.text, self.low, self.high = text, float(low), float(high)
        self.has_low, self.has_high = text[0] == "[", text[-1] == "]"

    def __contains__(self, value: Any) -> bool:
        """Return whether a number is in the interval; NaN never is."""
        above = value > self.low or (value == self.low and self.has_low)
        below = value < self.high or (value == self.high and self.has_high)
        return bool(above and below)

    def __str__(self) -> str:
        return self.text


def setting(default: Any, help: str, allowed: str | tuple[str, ...] | None = None) -> Any:
    """Declare a field: its default, what it means, and its interval or its choices."""
    limits = Interval(allowed) if isinstance(allowed, str) else allowed
    return field(default=default, metadata={"help": help, "allowed": limits})


@dataclass(frozen=True)
class Settings:
    """Base of frozen dataclasses of settings, which are checked when they are made.

    Raises:
        ValueError: a value is of the wrong type or out of range; names field, value and range.
    """

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            value = _checked(item.name, value, item.type, item.metadata["allowed"])
            object.__setattr__(self, item.name, value)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return these settings themselves: nothing can change them."""
        return self

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Self:
        """Make the settings from some of them by name; the others take their defaults.

        Raises:
            ValueError: a name is unknown (suggests the nearest), or a value is refused.
        """
        known = [item.name for item in fields(cls)]
        unknown = [name for name in settings if name not in known]
        if unknown:
            near = difflib.get_close_matches(unknown[0], known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}"
            raise ValueError(f"{unknown[0]}: unknown setting; {hint}")
        return cls(**settings)

    def to_json(self) -> str:
        """Write every field as a JSON object."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what to_json wrote.

        Raises:
            ValueError: not a JSON object, an unknown field, or a value is refused.
        """
        try:
            settings = json.loads(text, object_pairs_hook=unique_names)
        except ValueError as error:
            raise ValueError(f"config is not JSON: {error}") from None
        if not isinstance(settings, dict):
            raise ValueError(f"config must be a JSON object, not {type(settings).__name__}")
        return cls.of(settings)


def _checked(name: str, value: Any, kind: Any, allowed: Any) -> Any:
    """Return the value in its field's type, or raise an error that says what is allowed."""
    if kind == tuple[int, ...] and isinstance(value, (list, tuple)):
        return tuple(_checked(f"{name}[{i}]", e, int, allowed) for i, e in enumerate(value))
    if kind == Mapping[str, Any]:
        return JsonObject(value, name)
    if kind is str and isinstance(value, str) and (allowed is None or value in allowed):
        return value
    if kind is bool and isinstance(value, bool):
        return value
    is_number = isinstance(value, numbers.Integral if kind is int else numbers.Real)
    if kind in (int, float) and is_number and not isinstance(value, bool) and value in allowed:
        return kind(value)
    words = {
        str: f"one of {', '.join(allowed)}" if kind is str and allowed else "text",
        bool: "true or false",
        int: f"a whole number in {allowed}",
        float: f"a number in {allowed}",
    }
    raise ValueError(f"{name} = {value!r}: must be {words.get(kind, 'a list of whole numbers')}")
