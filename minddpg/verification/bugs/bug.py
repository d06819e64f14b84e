"""A bug: its story, the lines of the package that it changes, and its source."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from .edits import Diff, Edit, Patch, by_function

NORM: dict[str, Any] = {"batch_norm": True, "action_layer": 1}  # settings of a run


class Bug:
    """A mistake that can be planted in the real agent."""

    story: str  #: what is wrong, in one line
    edits: tuple[Edit, ...]  #: what is changed in the package's source
    source: str  #: public code or a discussion that has this bug
    settings: dict[str, Any]  #: the settings without which the bug has no effect

    def __init__(
        self, story: str, *edits: Edit, source: str = "", settings: dict[str, Any] | None = None
    ):
        self.story, self.edits, self.source = story, edits, source
        self.settings = settings or {}

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """The edited functions, each with its class or module and its name."""
        return tuple(function.patch() for function in by_function(self.edits))

    @property
    def diff(self) -> tuple[Diff, ...]:
        """The edited functions, line by line."""
        return tuple(function.diff() for function in by_function(self.edits))


@contextmanager
def patched(patches: tuple[Patch, ...]) -> Iterator[None]:
    """Replace attributes inside a `with` block, then restore the originals."""
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in patches]
    try:
        for owner, name, replacement in patches:
            setattr(owner, name, replacement)
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)
