"""Edit a few lines of a function's source, compile them in its module, and show the difference.

The function may be in a module or in a class, and may be decorated: a method, a static method or a
property. Its decorators and defaults may use names of the module, but not of the class around it.
"""

import difflib
import inspect
import linecache
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from typing import Any, NamedTuple

Patch = tuple[Any, str, Any]  # an object or class, the name of its attribute, the replacement

_numbers = count(1)  # gives each compiled text its own file name


class Edit(NamedTuple):
    """One change of a function's source."""

    function: Any
    old: str
    new: tuple[str, ...]

    def apply(self, source: str) -> str:
        """Return the function's source with this change.

        Raises:
            ValueError: the old text does not occur exactly once.
        """
        if (times := source.count(self.old)) != 1:
            name = self.function.__qualname__
            raise ValueError(f"{name} must have this text once, not {times} times: {self.old}")
        before, after = source.split(self.old)
        line = before[before.rfind("\n") + 1 :]  # its beginning, up to the old text
        indent = line[: len(line) - len(line.lstrip())]
        if not self.new and line == indent and after.startswith("\n"):
            return before.removesuffix(indent) + after[1:]
        return before + f"\n{indent}".join(self.new) + after


def edit(function: Any, old: str, *new: str) -> Edit:
    """Replace a text that occurs once in a function's source by lines with the same indentation.

    Without new lines the text is removed, and its line as well if nothing else is on it.
    """
    return Edit(plain(function), old, new)


class Diff(NamedTuple):
    """A function before and after its edits; str() shows it as `diff -u` does."""

    function: str  #: such as DDPG.update
    file: str  #: such as minddpg/ddpg/agent.py
    first_line: int  #: of the function in this file, decorators included
    lines: tuple[tuple[str, str], ...]  #: the whole function: " ", "-" or "+", and a line

    def __str__(self) -> str:
        before, after = (sum(sign in signs for sign, _ in self.lines) for signs in (" -", " +"))
        head = f"@@ -{self.first_line},{before} +{self.first_line},{after} @@ {self.function}"
        lines = [f"--- a/{self.file}", f"+++ b/{self.file}", head]
        return "\n".join([*lines, *(sign + line for sign, line in self.lines)])


@dataclass(frozen=True)
class EditedFunction:
    """A function of the package and all edits of its source."""

    function: Any
    edits: Sequence[Edit]

    def source(self) -> tuple[str, int]:
        """Return the text of the function as it is in its file, and its first line's number."""
        lines, first_line = inspect.getsourcelines(self.function)
        return "".join(lines), first_line

    def text(self) -> str:
        """Return the text after the edits.

        Raises:
            ValueError: an old text does not occur exactly once.
        """
        return reduce(lambda text, change: change.apply(text), self.edits, self.source()[0])

    def file(self) -> str:
        """Return the path of the function's file, from the folder that holds the package."""
        return f"{self.function.__module__.replace('.', '/')}.py"

    def diff(self) -> Diff:
        """Compare the text before and after, line by line."""
        source, first_line = self.source()
        before, after = source.splitlines(), self.text().splitlines()
        lines: list[tuple[str, str]] = []
        matcher = difflib.SequenceMatcher(None, before, after)
        for kind, i, j, k, m in matcher.get_opcodes():
            if kind == "equal":
                lines += [(" ", line) for line in before[i:j]]
            else:
                lines += [("-", line) for line in before[i:j]]
                lines += [("+", line) for line in after[k:m]]
        return Diff(self.function.__qualname__, self.file(), first_line, tuple(lines))

    def patch(self) -> Patch:
        """Compile the edited text; its lines keep their numbers, and tracebacks show them."""
        *classes, name = self.function.__qualname__.split(".")
        owner = reduce(getattr, classes, sys.modules[self.function.__module__])
        heads = [f"{'    ' * depth}class {class_}:\n" for depth, class_ in enumerate(classes)]
        above = self.source()[1] - 1 - len(heads)
        text = "".join(["\n" * above, *heads, self.text()])
        filename = f"<{self.file()}, edit {next(_numbers)}>"
        linecache.cache[filename] = len(text), None, text.splitlines(keepends=True), filename
        made: Any = {}
        exec(compile(text, filename, "exec"), self.function.__globals__, made)
        for class_ in classes:
            made = vars(made[class_])
        edited = plain(made[name])
        cells = dict(zip(edited.__code__.co_freevars, edited.__closure__ or (), strict=True))
        if "__class__" in cells:  # super() reads it
            cells["__class__"].cell_contents = owner
        return owner, name, made[name]


def by_function(edits: Sequence[Edit]) -> list[EditedFunction]:
    """Group the edits by function, and keep their order."""
    functions = dict.fromkeys(change.function for change in edits)
    return [EditedFunction(f, [e for e in edits if e.function == f]) for f in functions]


def plain(member: Any) -> Any:
    """Return the plain function behind a property, a bound method or a decorated function."""
    member = getattr(member, "fget", member)
    return inspect.unwrap(getattr(member, "__func__", member))
