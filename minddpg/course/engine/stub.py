"""Distinguish an unchanged stub from code that the learner has written."""

import dis
from collections.abc import Sequence
from types import CodeType
from typing import Any

TRIVIAL = {"RESUME", "NOP", "CACHE", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}  # pass and ...


def untouched(answers: Sequence[Any], blanks: Sequence[Any], names: Sequence[str]) -> list[str]:
    """Return the names of the functions and methods that are empty or equal the stub.

    Args:
        blanks: the stub's functions and classes.
        names: their names.
    """
    found = []
    for answer, blank, name in zip(answers, blanks, names, strict=True):
        if answer is None or answer is Ellipsis:
            found.append(name)
        elif isinstance(answer, type) and isinstance(blank, type):
            methods = [each for each, value in vars(blank).items() if _code(value)]
            found += [
                each
                for each in methods
                if _is_blank(getattr(answer, each, None), vars(blank)[each])
            ]
        elif _is_blank(answer, blank):
            found.append(name)
    return found


def _is_blank(function: Any, blank: Any) -> bool:
    code, stub = _code(function), _code(blank)
    return bool(code) and (_is_empty(code) or (bool(stub) and steps(code) == steps(stub)))


def _code(function: Any) -> Any:
    return getattr(function, "__code__", None)


def _is_empty(code: CodeType) -> bool:
    """Return True if a body is only pass, ... or a docstring."""
    instructions = list(dis.get_instructions(code))
    constants = [step.argval for step in instructions if "CONST" in step.opname]
    return all(step.opname in TRIVIAL for step in instructions) and all(
        value is None or value is Ellipsis for value in constants
    )


def steps(code: CodeType) -> list[Any]:
    """Return the instructions of a function, without file names, line numbers and docstrings."""
    return [
        (step.opname, steps(step.argval) if isinstance(step.argval, CodeType) else step.argval)
        for step in dis.get_instructions(code)
    ]
