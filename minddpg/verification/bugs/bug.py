"""A bug: the attributes that it replaces, its story, and where it is known from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Patch = tuple[Any, str, Any]  # an object or class, the name of its attribute, the replacement


NORM: dict[str, Any] = {"batch_norm": True, "action_layer": 1}  # settings of a run


@dataclass(frozen=True, eq=False)
class Bug:
    """A mistake that can be planted in the real agent."""

    story: str  # one line
    patches: tuple[Patch, ...]
    source: str = ""  # public code or discussion where it is known from
    settings: dict[str, Any] = field(default_factory=dict)  # a run must have these to be affected


@contextmanager
def patched(patches: tuple[Patch, ...]) -> Iterator[None]:
    """Replace attributes for the time of a `with` block, and put the originals back."""
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in patches]
    try:
        for owner, name, replacement in patches:
            setattr(owner, name, replacement)
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)
