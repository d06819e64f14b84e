"""Make mutants of a call: drop it, use a similar function, change arguments, axes and sizes."""

import ast
from collections.abc import Iterator
from typing import Any

from .expressions import SIZES, Found
from .sites import Site, altered, fill

SIBLINGS = {
    "max": ("min", "sum"),
    "min": ("max",),
    "maximum": ("minimum", "add"),
    "minimum": ("maximum", "add"),
    "mean": ("sum", "median"),
    "sum": ("mean", "max"),
    "std": ("var",),
    "var": ("std",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "floor": ("ceil", "round"),
    "ceil": ("floor", "round"),
    "round": ("floor",),
    "sin": ("cos",),
    "cos": ("sin",),
    "tanh": ("arctan", "sin"),
    "exp": ("expm1",),
    "log": ("log2", "log10", "log1p"),
    "sqrt": ("square", "cbrt"),
    "argmax": ("argmin", "max"),
    "argmin": ("argmax",),
    "any": ("all",),
    "all": ("any",),
    "append": ("extend",),
    "abs": ("square",),
    "imag": ("real", "abs"),
    "real": ("imag",),
    "uniform": ("normal",),
    "normal": ("uniform",),
    "standard_normal": ("random", "standard_exponential"),
    "random": ("standard_normal",),
    "quantile": ("percentile",),
    "sort": ("unique",),
    "allclose": ("array_equal",),
    "array_equal": ("allclose",),
}
OTHER_FORMS = {  # further replacements of a call with the arguments A, B, C
    "norm": ("np.linalg.norm(A, 1)", "np.abs(A).max()", "np.sum(A**2)"),
    "clip": ("np.maximum(A, B)", "np.minimum(A, C)"),
    "where": ("np.where(A, C, B)",),
    "minimum": ("B",),
    "maximum": ("B",),
    "min": ("B",),
    "max": ("B",),
    "sqrt": ("A / 2",),
    "integers": ("FUNCTION.choice(A, size=SIZE, replace=False)", "np.arange(A)[:SIZE]"),
    "linspace": ("np.linspace(A, B, C, endpoint=False)", "np.linspace(A, B, C + 1)"),
    "len": tuple(map(str, SIZES)),
}
DROPPED = {  # f(x) becomes x
    *("abs", "sqrt", "tanh", "log", "exp", "mean", "sum", "min", "max", "maximum", "minimum"),
    *("clip", "sort", "array", "asarray", "norm", "imag", "real", "sin", "cos", "square", "std"),
    *("round", "sorted", "reversed", "copy", "reshape", "ravel", "astype", "squeeze", "all", "any"),
    *("floor", "ceil", "var", "argmax", "median"),
}


def call_replacements(site: Site) -> Found:
    """Yield the replacements of a call, each with its kind."""
    node = site.node
    if isinstance(node, ast.Call):
        name = _name(node)
        if name in DROPPED and (first := _operand(node)) is not None:
            yield "copy" if name in ("copy", "array") else "call", first
        yield from (("call", altered(node, func=new)) for new in _siblings(node, name))
        yield from (("size" if name == "len" else "call", new) for new in _forms(node, name))
        yield from (("argument", new) for new in _swapped(node))
        yield from _keywords(node)
        yield from (("randomness", new) for new in _other_generator(node))


def _name(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_method(node: ast.Call) -> bool:
    """Return True for x.f(), False for f(x), np.f(x) and np.linalg.f(x)."""
    return isinstance(node.func, ast.Attribute) and not ast.unparse(node.func).startswith("np.")


def _operand(node: Any) -> ast.expr | None:
    if _is_method(node):
        return node.func.value  # type: ignore[no-any-return]
    return node.args[0] if node.args else None


def _siblings(node: Any, name: str) -> Iterator[ast.expr]:
    for sibling in SIBLINGS.get(name, ()):
        if isinstance(node.func, ast.Attribute):
            if not _is_method(node) or sibling not in ("add", "square", "median"):
                yield altered(node.func, attr=sibling)
        elif sibling in ("min", "max", "sum", "any", "all", "round"):
            yield ast.Name(sibling, ast.Load())


def _forms(node: Any, name: str) -> Iterator[ast.expr]:
    size = next((each.value for each in node.keywords if each.arg == "size"), None)
    parts = dict(zip("ABC", node.args, strict=False))
    if size is not None:
        parts["SIZE"] = size
    if isinstance(node.func, ast.Attribute):
        parts["FUNCTION"] = node.func.value
    for template in OTHER_FORMS.get(name, ()):
        names = {each.id for each in ast.walk(ast.parse(template)) if isinstance(each, ast.Name)}
        if names - {"np"} <= parts.keys():
            yield fill(template, **parts)


def _swapped(node: ast.Call) -> Iterator[ast.expr]:
    """Swap two neighbouring arguments."""
    if _name(node) in ("maximum", "minimum", "max", "min", "array_equal", "allclose"):
        return  # the order of these does not matter
    for i in range(len(node.args) - 1):
        first, second = node.args[i : i + 2]
        same = _name(node) == "clip" and i == 0  # clip(low, x, high) is clip(x, low, high)
        if ast.unparse(first) != ast.unparse(second) and not same:
            yield altered(node, args=[*node.args[:i], second, first, *node.args[i + 2 :]])
    for i, argument in enumerate(node.args):  # concatenate([a, b])
        if isinstance(argument, (ast.List, ast.Tuple)) and _name(node) in ("concatenate", "stack"):
            turned = altered(argument, elts=argument.elts[::-1])
            yield altered(node, args=[*node.args[:i], turned, *node.args[i + 1 :]])


def _keywords(node: ast.Call) -> Found:
    """Remove a keyword; change an axis."""
    for i, keyword in enumerate(node.keywords):
        kind = "axis" if keyword.arg in ("axis", "keepdims") else "argument"
        others = [*node.keywords[:i], *node.keywords[i + 1 :]]
        yield kind, altered(node, keywords=others)
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            other = ast.Constant(1 - keyword.value.value if keyword.value.value in (0, 1) else 0)
            yield kind, altered(node, keywords=[*others, ast.keyword("axis", other)])


def _other_generator(node: Any) -> Iterator[ast.expr]:
    """Draw from a generator with a fixed seed instead of the given one."""
    if isinstance(node.func, ast.Attribute):
        of = ast.unparse(node.func.value)
        if of == "rng" or of.endswith(".rng"):
            yield altered(node, func=altered(node.func, value=fill("np.random.default_rng(0)")))
