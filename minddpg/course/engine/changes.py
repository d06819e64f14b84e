"""Describe a mistake by the smallest change of a correct answer that has the same results.

The changes are the mutants of the solution. Where no known mistake explains an answer, a mutant
with exactly its results does: it names what stands in place of what.
"""

import ast
from collections.abc import Iterator
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from ..mutation.mutants import Mutant, mutants
from .evidence import Diagnosis
from .exercise import Exercise

CONSTANTS = (0.0, 0.5, 1.0, 2.0, 0.1, 0.01, 0.001, 0.9, 0.95, 0.99, 0.999, 1e-3, 1e-6, 1e-7)
USED = ContextVar("used", default=True)  # False where the mutants themselves are judged
LONGEST = 60  # characters of a name
KINDS = {  # of mutants that a person may have written
    *("axis", "attribute", "call", "comparison", "constant", "copy", "index", "name", "operator"),
    *("order", "shape", "size", "statement"),
}


@lru_cache(maxsize=64)
def changes(exercise: Exercise) -> tuple[tuple[Mutant, Diagnosis], ...]:
    """Return the mutants of a solution that can be described, each with its description."""
    may_never_end = "while" in exercise.solution
    return () if may_never_end else tuple(_described(exercise))


def _described(exercise: Exercise) -> Iterator[tuple[Mutant, Diagnosis]]:
    for mutant in mutants(exercise.solution, exercise.names, CONSTANTS):
        before, _, after = mutant.id.rpartition(" → ")
        if mutant.kind in KINDS and before and (found := _describe(before, after)):
            yield mutant, found


def _describe(before: str, after: str) -> Diagnosis | None:
    """Describe the change of one line into another; None where it is not of one expression."""
    old, new = _statement(before), _statement(after)
    if old is None:
        return None
    if after == "(deleted)":
        return _about(
            f"a line missing, for {_target(old)}", f"the line for {_target(old)} is missing"
        )
    if new is None or type(old) is not type(new):
        return None
    old, new = _smallest(old, new)
    if not isinstance(old, ast.expr) or not isinstance(new, ast.expr):
        return None
    was, now = ast.unparse(old), ast.unparse(new)
    where = f", in the line for {_target(_statement(before))}"
    if isinstance(old, ast.BinOp):
        if now == ast.unparse(old.left):
            lost = ast.unparse(old.right)
            return _about(f"{lost} missing", f"{lost} is missing{where}")
        if now == ast.unparse(old.right) and isinstance(old.op, ast.Add | ast.Mult | ast.MatMult):
            lost = ast.unparse(old.left)
            return _about(f"{lost} missing", f"{lost} is missing{where}")
    return _about(f"{now} instead of {was}", f"{now} stands in place of {was}{where}")


def _about(name: str, text: str) -> Diagnosis | None:
    if len(name) > LONGEST:
        return None
    return Diagnosis(
        name, (f"Your results are those of a correct answer with one change: {text}.",)
    )


def _statement(line: str) -> Any:
    """Parse one line; None if it is no statement by itself."""
    for text in (line, f"{line} pass"):
        try:
            (statement,) = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        return statement
    return None


def _target(statement: Any) -> str:
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, ast.AugAssign):
        return ast.unparse(statement.target)
    return "the result" if isinstance(statement, ast.Return) else "the loop or the condition"


def _smallest(old: Any, new: Any) -> tuple[Any, Any]:
    """Return the smallest parts of two trees outside of which they are alike."""
    differing = []
    for field in old._fields:
        one, two = getattr(old, field, None), getattr(new, field, None)
        if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
            differing += [(a, b) for a, b in zip(one, two, strict=True) if not _alike(a, b)]
        elif not _alike(one, two):
            differing.append((one, two))
    if len(differing) == 1:
        one, two = differing[0]
        if isinstance(one, ast.expr) and isinstance(two, ast.expr) and type(one) is type(two):
            return _smallest(one, two)
        if isinstance(one, ast.expr) and isinstance(two, ast.expr):
            return one, two
    return old, new


def _alike(one: Any, two: Any) -> bool:
    if isinstance(one, ast.AST) and isinstance(two, ast.AST):
        return ast.dump(one) == ast.dump(two)
    return bool(one == two)
