"""Make mutants of an expression: constants, operators, comparisons, indices, names, attributes."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from .sites import Function, Site, altered, fill, most_similar, sites

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
SMALL = 1e-3  # a smaller constant is a step, or only avoids a division by zero
SIZES = (3, 5, 7, 64)
Found = Iterator[tuple[str, ast.expr]]


def replacements(site: Site, function: Function | None, constants: Sequence[float]) -> Found:
    """Yield the replacements of an expression, each with its kind."""
    node = site.node
    match node:
        case ast.Constant():
            yield from (("constant", new) for new in _constants(site, constants))
        case ast.BinOp():
            yield from (("operator", new) for new in _operations(site))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            yield "constant", node.operand
        case ast.UnaryOp():
            yield "operator", node.operand
        case ast.Compare(ops=[op]):
            others = COMPARISONS.get(type(op), ())
            if ".random(" in ast.unparse(node):  # equality has probability 0
                others = others[1:]
            for other in others:
                yield "comparison", altered(node, ops=[other()])
        case ast.BoolOp():
            yield (
                "comparison",
                altered(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And()),
            )
            if len(node.values) == 2:
                yield from (("comparison", value) for value in node.values)
        case ast.IfExp():
            yield "comparison", node.body
            yield "comparison", node.orelse
        case ast.Subscript():
            yield from _indices(site)
            yield from _sizes(node)
        case ast.Attribute(attr="T"):
            yield "shape", node.value
        case ast.Attribute(attr="size"):
            yield from _sizes(node)
        case ast.Name(ctx=ast.Load()) if function:
            yield from (("name", new) for new in _names(site, function))
    if isinstance(node, (ast.Name, ast.Attribute)) and _is_matrix(site):
        yield "shape", fill("X.T", X=node)
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield from (("attribute", new) for new in _attributes(site))


def _is_matrix(site: Site) -> bool:
    """Return True on the left of @, and on its right if the text also transposes the name."""
    if not (isinstance(site.owner, ast.BinOp) and isinstance(site.owner.op, ast.MatMult)):
        return False
    text = ast.unparse(site.node)
    return not text.endswith(".T") and (site.field == "left" or text in _transposed(_root(site)))


def _transposed(root: Site) -> set[str]:
    nodes = [site.node for site in sites(root)]
    return {ast.unparse(n.value) for n in nodes if isinstance(n, ast.Attribute) and n.attr == "T"}


def _constants(site: Site, constants: Sequence[float]) -> Iterator[ast.expr]:
    value, is_index = site.node.value, bool(site.enclosing(ast.Subscript))
    if isinstance(site.enclosing(ast.Call, ast.stmt), ast.Call) and _is_data(site):
        return
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, str):
        texts = [other.node for other in sites(_root(site)) if _is_text(other.node)]
        later = [text.value for text in texts[texts.index(site.node) :]] if texts else []
        yield from (ast.Constant(text) for text in later if text != value)
    elif isinstance(value, (int, float)):
        changed = [2 * value, value / 2, value + 1, value - 1, -value]
        if is_index:  # whole numbers only; beside slices, -1 often means the same as 0
            among = isinstance(site.owner, ast.Tuple)
            changed = [value + 1, *([] if among and value == 0 else [value - 1])]
        elif abs(value) < SMALL and value:
            changed = [2 * value, value / 2, 10 * value, 1000 * value, 0.0]
        elif not float(value).is_integer():
            changed += constants
        for new in dict.fromkeys(changed):
            whole = int(new) if isinstance(value, int) and float(new).is_integer() else new
            if new != value:
                yield _number(whole)


def _is_data(site: Site) -> bool:
    """Return True for a number in np.array([1, 2]): there, other numbers are just as correct."""
    call = site.enclosing(ast.Call)
    return ast.unparse(call.func) in ("np.array", "np.asarray")


def _number(value: float) -> ast.expr:
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(float(f"{value:.12g}") if isinstance(value, float) else value)


def _root(site: Site) -> Site:
    while site.parent:
        site = site.parent
    return site


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _operations(site: Site) -> Iterator[ast.expr]:
    """Replace the operator, swap the operands, or drop an operand."""
    node = site.node
    for other in OPERATORS.get(type(node.op), ()):
        yield altered(node, op=other())
    without_sign = isinstance(node.op, ast.Sub) and _loses_sign(site)
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)) and not without_sign:
        yield altered(node, left=node.right, right=node.left)
    if not isinstance(node.op, ast.MatMult):
        yield node.left
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
        yield node.right


def _loses_sign(site: Site) -> bool:
    """Return True for the x of |x|, ‖x‖ and x**2."""
    if isinstance(site.owner, ast.Call):
        return ast.unparse(site.owner.func).split(".")[-1] in ("abs", "norm", "square")
    return isinstance(site.owner, ast.BinOp) and ast.unparse(site.owner).endswith("** 2")


def _indices(site: Site) -> Found:
    """Shift, reverse or drop the index in the brackets."""
    node = site.node
    places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]

    def with_place(i: int, new: ast.expr) -> ast.expr:
        if not isinstance(node.slice, ast.Tuple):
            return altered(node, slice=new)  # type: ignore[no-any-return]
        elements = [*places[:i], new, *places[i + 1 :]]
        return altered(node, slice=altered(node.slice, elts=elements))  # type: ignore[no-any-return]

    is_column = any(isinstance(place, ast.Constant) and place.value is None for place in places)
    if isinstance(node.ctx, ast.Load):
        yield "shape" if is_column else "index", node.value
    if len(places) == 2 and ast.unparse(places[0]) != ast.unparse(places[1]):
        swapped = altered(node.slice, elts=places[::-1])
        yield "shape" if is_column else "index", altered(node, slice=swapped)
    for i, place in enumerate(places):
        if isinstance(place, ast.Slice):
            for field in ("lower", "upper"):
                bound = getattr(place, field)
                if bound is not None:
                    for new in (_plus(bound, 1), _plus(bound, -1), None):
                        yield "index", with_place(i, altered(place, **{field: new}))
            if place.lower is None and place.upper is None and isinstance(node.ctx, ast.Store):
                yield "index", with_place(i, ast.Slice(ast.Constant(1), None, None))
            elif (place.lower or place.upper) and not site.is_opened:  # x.mean() has no order
                yield "index", fill("X[::-1]", X=node)
        elif not isinstance(place, (ast.Constant, ast.UnaryOp)):
            yield "index", with_place(i, _plus(place, 1))
            yield "index", with_place(i, _plus(place, -1))


def _plus(node: ast.expr, step: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return _number(node.value + step)
    return fill("X + 1" if step > 0 else "X - 1", X=node)  # type: ignore[no-any-return]


def _sizes(node: Any) -> Found:
    """Replace x.shape[k] and x.size by numbers and by another size of x."""
    shape = node.value if isinstance(node, ast.Subscript) else node
    if not isinstance(shape, ast.Attribute) or shape.attr not in ("shape", "size"):
        return
    for size in SIZES:
        yield "size", ast.Constant(size)
    if shape.attr == "shape":
        yield "size", fill("X.size", X=shape.value)


def _names(site: Site, function: Function) -> Iterator[ast.expr]:
    """Replace a name by two others that are bound earlier and used in the same way."""
    name = site.node.id
    in_size = isinstance(site.owner, ast.Call) and ast.unparse(site.owner.func) == "len"
    in_size |= site.is_opened and getattr(site.owner, "attr", "") in ("shape", "size")
    if name not in function.bound or in_size:  # many arrays have the same size
        return
    others = []
    for other, line in function.bound.items():
        called = any(use.is_called for use in function.uses(other))
        usable = line <= site.node.lineno and called == site.is_called
        if other != name and usable and not function.are_same(name, other):
            others.append(other)
    for other in most_similar(name, others, 2):
        yield ast.Name(other, ast.Load())


def _attributes(site: Site) -> Iterator[ast.expr]:
    """Replace x.attribute by two other attributes of x that the text uses."""
    node = site.node
    if not isinstance(node.value, ast.Name) or node.value.id == "np" or node.attr == "T":
        return
    others = [
        other.node.attr
        for other in sites(_root(site))
        if isinstance(other.node, ast.Attribute)
        and isinstance(other.node.value, ast.Name)
        and other.node.value.id == node.value.id
        and other.is_called == site.is_called
        and (
            node.value.id != "self" or other.enclosing(ast.ClassDef) is site.enclosing(ast.ClassDef)
        )
    ]
    for other in most_similar(node.attr, (name for name in others if name != node.attr), 2):
        yield altered(node, attr=other)
