"""Write a learner's functions as self-contained source text.

A cell of a notebook can use what other cells imported, defined or assigned. The text contains all
of that, so it can be executed anywhere.
"""

import ast
import builtins
import linecache
import symtable
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

LARGEST_TABLE = 1_000  # entries of an array that is written as a literal
CONSTANTS = (bool, int, float, complex, str, bytes, tuple, list, dict, set, type(None))


class NoSource(Exception):
    """A function that cannot be written as source text; the message says why."""


def is_from_cell(answer: Any) -> bool:
    """Return True for a function or class from a notebook's cell or an interactive prompt."""
    function = _function(answer)
    if function is None or getattr(answer, "__module__", "") != "__main__":
        return False
    return function.__code__.co_filename in _cells() or "get_ipython" in function.__globals__


def source_of(answers: Sequence[Any], names: Sequence[str]) -> str:
    """Return source text that defines these functions and classes under these names.

    Raises:
        NoSource: a function needs something that cannot be written as source text.
    """
    parts = _Parts()
    for answer, name in zip(answers, names, strict=True):
        parts.add(name, answer)
    return "\n\n\n".join(["\n".join(parts.imports), *parts.texts]).strip() + "\n"


class _Parts:
    """The imports and the statements of the text, in an executable order."""

    def __init__(self) -> None:
        self.imports = ["import numpy as np"]
        self.texts: list[str] = []
        self.values: dict[str, Any] = {"np": np}

    def add(self, name: str, value: Any, user: FunctionType | None = None) -> None:
        """Add the import or the statement that defines a value, and all that it uses itself."""
        if name in self.values:
            if self.values[name] is not value:
                raise NoSource(f"it uses the name {name} for two different things")
            return
        self.values[name] = value
        function = _function(value)
        if isinstance(value, ModuleType):
            self.imports.append(f"import {value.__name__} as {name}")
        elif _is_importable(value):
            self.imports.append(f"from {value.__module__} import {value.__qualname__} as {name}")
        elif function is not None:
            self._define(name, _statement(function.__code__, name), function)
        elif isinstance(value, type) and user:
            self._define(name, _class_statement(name, user.__code__.co_filename), user)
        else:
            self.texts.append(f"{name} = {_literal(name, value)}")

    def _define(self, name: str, statement: tuple[str, str], user: FunctionType) -> None:
        (own_name, text), scope = statement, user.__globals__
        for used in sorted(set(_names(symtable.symtable(text, name, "exec")))):
            if used != own_name and used in scope and not hasattr(builtins, used):
                self.add(used, scope[used], user)
        self.texts.append(text)
        if own_name != name:
            self.texts.append(f"{name} = {own_name}")


def _cells() -> list[str]:
    """Return the names under which linecache stores the texts of cells, the oldest first."""
    # the text of a file has a time of modification, that of a cell has none
    return [name for name, entry in linecache.cache.items() if len(entry) > 1 and entry[1] is None]


def _function(value: Any) -> FunctionType | None:
    """Return the function behind a value; of a class, the first method written in it."""
    if isinstance(value, type):
        methods = (_function(x) for x in vars(value).values() if not isinstance(x, type))
        return next((method for method in methods if method and _is_written(method, value)), None)
    value = getattr(value, "__func__", getattr(value, "fget", value))  # static, property
    return value if isinstance(value, FunctionType) else None


def _is_written(method: FunctionType, cls: type) -> bool:
    """Return True for a method in the class's text: `dataclass` and others generate more."""
    return method.__code__.co_qualname.startswith(f"{cls.__qualname__}.")


def _is_importable(value: Any) -> bool:
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None or module.__name__ == "__main__":
        return False
    return getattr(module, getattr(value, "__qualname__", ""), None) is value


def _statement(code: CodeType, name: str) -> tuple[str, str]:
    """Return the name that the statement with this code binds, and the statement's text."""
    lines = linecache.getlines(code.co_filename)
    if not lines:
        raise NoSource(f"the source of {name} is hidden, for example by exec or a %% line above it")
    for node, first, last in _statements(lines):
        if not first <= code.co_firstlineno <= last:
            continue
        text = "".join(lines[first - 1 : last]).rstrip()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return node.name, text
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id, text
    raise NoSource(f"no separate statement defines {name}, such as def {name}")


def _class_statement(name: str, cell: str) -> tuple[str, str]:
    """Return a class's name and the text that defines it, from this cell or the newest other."""
    # skip the texts of the course itself, such as <mistake>
    others = [
        other for other in reversed(_cells()) if not other.startswith("<") or "input" in other
    ]
    for cell_name in (cell, *others):
        lines = linecache.getlines(cell_name)
        if not any(name in line for line in lines):
            continue
        for node, first, last in reversed(_statements(lines)):
            is_class = isinstance(node, ast.ClassDef) and node.name == name
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                target = node.targets[0]  # as in Row = namedtuple("Row", ...)
                is_class = isinstance(target, ast.Name) and target.id == name
            if is_class:
                return name, "".join(lines[first - 1 : last]).rstrip()
    raise NoSource(f"the source of the class {name} was not found in any cell")


def _statements(lines: Sequence[str]) -> list[tuple[ast.stmt, int, int]]:
    """Return the statements of a cell, each with the numbers of its first and last line."""
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return []
    statements = []
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min(part.lineno for part in [node, *decorators])
        statements.append((node, first, node.end_lineno or first))
    return statements


def _names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the global names that a text uses."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _names(child)


def _literal(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size <= LARGEST_TABLE and value.dtype.kind in "biuf":
        return f"np.array({value.tolist()!r}, dtype={value.dtype.name!r})"
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return f"np.{value.dtype.name}({value.item()!r})"
    if isinstance(value, CONSTANTS):
        try:
            ast.literal_eval(repr(value))
        except (ValueError, SyntaxError):
            pass
        else:
            return repr(value)
    raise NoSource(f"it uses {name}, which only this notebook has")
