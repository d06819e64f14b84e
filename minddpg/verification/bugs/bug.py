"""A bug: what it patches, its story, and where it has been seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Patch = tuple[Any, str, Any]  # whose attribute, its name, what it becomes


@dataclass(frozen=True, eq=False)
class Bug:
    """A named mistake of the real agent."""

    story: str  # one line
    patches: tuple[Patch, ...]
    source: str = ""  # public code or discussion where it is known from
    settings: dict[str, Any] = field(default_factory=dict)  # without which a run does not meet it


@contextmanager
def patched(patches: tuple[Patch, ...]) -> Iterator[None]:
    """Replace these attributes, and put back what was there, whatever happens."""
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in patches]
    try:
        for owner, name, replacement in patches:
            setattr(owner, name, replacement)
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)
