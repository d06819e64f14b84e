"""Flag what a teacher may want to look at in an answer, whether it passed or not.

A flag does not change the verdict. Flags find the usual ways to pass a check without solving the
exercise. They cannot find all, because the notebook's code runs in the same process.
"""

import builtins
import contextlib
import functools
import re
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import fields
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from .exercise import Exercise
from .follow import names_in
from .observe import Answers
from .stub import steps

PACKAGE = __name__.split(".")[0]
SOLUTION, CODE, CHANGED = "the package's solution", "the package's", "changed:"
LABEL = re.compile(r"(\d\d\.\d+) ")  # begins the module name of code that the course itself runs
EXECUTED = "<string>"  # the file name of code that was executed from a string, not as a cell
REACHES = {"exec", "eval", "__import__", "import_module", "modules", "_getframe", "get_objects"}
MOST_VISITED = 1_000  # objects that are visited for one answer
MOST_PARTS = 100  # visited parts of a list or a dictionary
MOST_NAMED = 3  # names in a flag

Known = tuple[str, Any, str, Any, Any]  # full name, owner, name, value, its code

_before: list[Known] = []  # the functions and classes as they were before the first cell


def of(exercise: Exercise, answers: Answers) -> list[str]:
    """Return the flags of an answer."""
    found: dict[str, None] = {}
    with contextlib.suppress(Exception):  # an object's own attributes can raise anything
        for name in _borrowed(exercise, answers):
            if len(found) < MOST_NAMED:
                found[name] = None
    changed = [
        full
        for full, owner, name, value, code in _before
        if _is_changed(name, vars(owner).get(name), value, code)
    ]
    changed += [f"the solution of {exercise.number}"] * (not _is_own_reference(exercise))
    return [*found, *(f"{CHANGED} {name}" for name in changed[:MOST_NAMED])]


def remember() -> None:
    """Remember what checks rely on: the code of the package and of NumPy, and the exercises."""
    from .check import EXERCISES  # which imports this module

    for number, exercise in EXERCISES.items():
        for each in fields(exercise):
            value = getattr(exercise, each.name)
            full = f"{each.name} of exercise {number}"
            _before.append((full, exercise, each.name, value, _code(value)))
    modules = [m for name, m in sys.modules.items() if name.split(".")[0] == PACKAGE]
    for module in (*modules, np, np.linalg):
        for known in _members(module.__name__, module):
            _before.append(known)
            full, _, _, value, _ = known
            if isinstance(value, type) and value.__module__ == module.__name__:
                _before.extend(_members(full, value))


def _members(full: str, owner: Any) -> list[Known]:
    return [
        (f"{full}.{name}", owner, name, value, _code(value))
        for name, value in vars(owner).items()
        if callable(value) or isinstance(value, property)
    ]


def _code(value: Any) -> Any:
    return getattr(value, "__code__", None)


def _is_changed(name: str, now: Any, before: Any, code: Any) -> bool:
    """Return True if a value was replaced; the same code after a reload does not count."""
    if now is before:
        return bool(_code(now) != code)
    if isinstance(now, type) and isinstance(before, type):
        if now is getattr(builtins, name, None):
            return False  # such as np.bool = bool, which old code sets for a new NumPy
        is_same = (now.__module__, now.__qualname__) == (before.__module__, before.__qualname__)
        return not is_same or _codes(now) != _codes(before)
    if isinstance(now, FunctionType) and isinstance(before, FunctionType):
        defaults = [repr((each.__defaults__, each.__kwdefaults__)) for each in (now, before)]
        is_same = now.__globals__ is before.__globals__ and not now.__closure__
        return not is_same or now.__code__ != code or defaults[0] != defaults[1]
    return True


def _codes(owner: type) -> dict[str, Any]:
    return {name: _code(value) for name, value in vars(owner).items() if _code(value)}


def _is_own_reference(exercise: Exercise) -> bool:
    """Return True if the exercise still has the course's solution to compare with."""
    wanted = f"<{exercise.number} "
    files = [code.co_filename for code in map(_code, exercise.reference) if code]
    return all(name.startswith(wanted) and "solution" in name for name in files)


def _borrowed(exercise: Exercise, answers: Answers) -> Iterator[str]:
    """Yield each part of the package that an answer uses although the task does not provide it."""
    given = {id(value) for value in exercise.given.values()}
    given_names = {_full_name(value) for value in exercise.given.values()}
    solution = [steps(code) for each in exercise.reference for code in _all_codes(each)]
    waiting, seen = list(answers), set[int]()
    while waiting and len(seen) < MOST_VISITED:
        value = waiting.pop()
        if id(value) in seen or id(value) in given or _full_name(value) in given_names:
            continue
        seen.add(id(value))
        if label := LABEL.match(_module(value)):
            if label[1] == exercise.number:
                yield SOLUTION
        elif _module(value).split(".")[0] == PACKAGE:
            yield f"{CODE} {_full_name(value)}"
        else:
            waiting += _parts(value, exercise.given)
            yield from _imports(value)
            yield from _reaches(value)
            code = _code(value)
            if code and code.co_filename == EXECUTED and steps(code) in solution:
                yield SOLUTION


def _module(value: Any) -> str:
    """Return the name of the module that defines a function, class, module or object's class."""
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, FunctionType):
        return str(value.__globals__.get("__name__", ""))
    if isinstance(value, type):
        return str(value.__module__)
    return str(type(value).__module__)


def _full_name(value: Any) -> str:
    if isinstance(value, ModuleType):
        return value.__name__
    kind = value if isinstance(value, FunctionType | type) else type(value)
    return f"{_module(value)}.{kind.__qualname__}"


def _parts(value: Any, given: Container[str]) -> list[Any]:
    """Return the parts of a value and what it uses, except under the names of given values."""
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, staticmethod | classmethod):
        return [value.__func__]
    if isinstance(value, property):
        return [value.fget]
    if isinstance(value, list | tuple | set):
        return list(islice(value, MOST_PARTS))
    if isinstance(value, Mapping):
        return list(islice(value.values(), MOST_PARTS))
    if isinstance(value, type):
        return [*value.__bases__, *vars(value).values()] if value.__module__ == "__main__" else []
    if isinstance(value, FunctionType) and _is_written_here(value):
        space, code = value.__globals__, value.__code__
        used = [space[name] for name in names_in(code) if name in space and name not in given]
        cells = [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
        kept = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        return [*used, *cells, *kept, vars(value).get("__wrapped__")]
    kind = type(value)
    if kind.__module__ != "__main__":
        return []
    slots = [getattr(value, name, None) for name in getattr(kind, "__slots__", ())]
    return [kind, *slots, getattr(value, "__dict__", {})]


def _is_written_here(function: FunctionType) -> bool:
    """Return True if a function is not from a library."""
    code = function.__code__.co_filename
    return function.__globals__.get("__name__") == "__main__" or code.startswith("<")


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # not assigned yet
        return False


def _imports(value: Any) -> Iterator[str]:
    """Yield what a function would import from the package when it runs."""
    if isinstance(value, FunctionType) and _is_written_here(value):
        for name in names_in(value.__code__):
            if name.split(".")[0] == PACKAGE and name not in value.__globals__:
                yield f"{CODE} {name}"


def _reaches(value: Any) -> Iterator[str]:
    """Yield the functions, such as eval, by which code can reach what its text does not name."""
    if isinstance(value, FunctionType) and _is_written_here(value):
        for name in names_in(value.__code__):
            if name in REACHES:
                yield f"uses {name}"


def _all_codes(value: Any) -> list[CodeType]:
    """Return the code of a function, or of a class's methods."""
    codes = _codes(value).values() if isinstance(value, type) else [_code(value)]
    return [code for code in codes if code]
