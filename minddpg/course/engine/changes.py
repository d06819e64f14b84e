"""Describe a mistake as one small change of a correct answer with the same results.

The changes are the mutants of the solution. If no known mistake explains an answer, a mutant with
exactly its results may: it tells which part of the line was replaced, and by what.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..mutation.mutants import Mutant, mutants
from .evidence import Diagnosis
from .exercise import Exercise

CONSTANTS = (0.0, 0.5, 1.0, 2.0, 0.1, 0.01, 0.001, 0.9, 0.95, 0.99, 0.999, 1e-3, 1e-6, 1e-7)
LONGEST = 60  # characters of a name
SHORT = 20  # characters: a shorter operation is shown whole, a longer one by its operand only
KINDS = {  # kinds of mutants that a person might write
    *("axis", "attribute", "call", "comparison", "constant", "copy", "index", "name", "operator"),
    *("order", "shape", "size", "statement"),
}


@lru_cache(maxsize=64)
def changes(exercise: Exercise) -> tuple[tuple[Mutant, Diagnosis], ...]:
    """Return the mutants of a solution that have a description, each with it."""
    may_never_end = "while" in exercise.solution
    return () if may_never_end else tuple(_described(exercise))


def _described(exercise: Exercise) -> Iterator[tuple[Mutant, Diagnosis]]:
    for mutant in mutants(exercise.solution, exercise.names, CONSTANTS):
        before, _, after = mutant.id.rpartition(" → ")
        if mutant.kind in KINDS and before and (found := _describe(before, after)):
            yield mutant, found


def _describe(before: str, after: str) -> Diagnosis | None:
    """Describe how one line became another; None if more than one expression differs."""
    old, new = _statement(before), _statement(after)
    if old is None:
        return None
    target = _target(old)
    if after == "(deleted)":
        return _about(f"a line missing, for {target}", f"the line for {target} is missing", target)
    if new is None or type(old) is not type(new):
        return None
    old, new = _smallest(old, new)
    if not isinstance(old, ast.expr) or not isinstance(new, ast.expr):
        return None
    was, now = ast.unparse(old), ast.unparse(new)
    if lost := _lost(old, now):
        return _about(f"{lost} missing", f"{lost} is missing in the line for {target}", target)
    text = f"the line for {target} has {now} instead of {was}"
    return _about(f"{now} instead of {was}", text, target)


def _lost(old: ast.expr, now: str) -> str:
    """Return the missing operand of a sum or product; "" for another kind of change."""
    if not isinstance(old, ast.BinOp):
        return ""
    left, right = ast.unparse(old.left), ast.unparse(old.right)
    can_lose_left = isinstance(old.op, ast.Add | ast.Mult | ast.MatMult)
    return right if now == left else left if now == right and can_lose_left else ""


def _about(name: str, text: str, target: str) -> Diagnosis:
    if len(name) > LONGEST:
        name = f"one change in the line for {target}"
    return Diagnosis(
        name, (f"Your results are those of a correct answer with one change: {text}.",)
    )


def _statement(line: str) -> Any:
    """Parse one line; return None if it is not a complete statement."""
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
    """Return the smallest parts in which two trees differ."""
    differing = []
    for field in old._fields:
        one, two = getattr(old, field, None), getattr(new, field, None)
        if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
            differing += [(a, b) for a, b in zip(one, two, strict=True) if not _alike(a, b)]
        elif not _alike(one, two):
            differing.append((one, two))
    if len(differing) != 1:
        return old, new
    one, two = differing[0]
    if not isinstance(one, ast.expr) or not isinstance(two, ast.expr):
        return old, new
    is_short = isinstance(old, ast.BinOp) and len(ast.unparse(old)) <= SHORT
    if type(one) is not type(two) or (is_short and isinstance(one, ast.Constant)):
        return (old, new) if is_short else (one, two)
    return _smallest(one, two)


def _alike(one: Any, two: Any) -> bool:
    if isinstance(one, ast.AST) and isinstance(two, ast.AST):
        return ast.dump(one) == ast.dump(two)
    return bool(one == two)
