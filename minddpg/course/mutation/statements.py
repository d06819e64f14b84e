"""Make mutants of statements: delete, swap, return early, work in place, change the dtype."""

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from .sites import Candidate, Change, Function, Site, altered, fill, is_docstring, sites

IN_PLACE = {"maximum", "minimum", "tanh", "sqrt", "exp", "clip", "abs", "add", "multiply"}
WHOLE = {  # functions that return whole numbers, booleans, or no numbers
    *("len", "range", "int", "integers", "argmax", "argmin", "list", "arange", "bool", "ndindex"),
    *("allclose", "array_equal", "any", "all", "ones"),
}
Block = list[ast.stmt]
Statements = Iterator[tuple[str, Block, str]]  # the kind, the new block, the mutant's id


def block_candidates(tree: ast.Module, functions: list[Function]) -> Iterator[Candidate]:
    """Yield the mutants of the statements of each function, block by block."""
    for function in functions:
        for site in [function.site, *function.inside]:
            for field in ("body", "orelse"):
                body = getattr(site.node, field, None)
                if isinstance(body, list) and not isinstance(site.node, ast.ClassDef):
                    for kind, block, about in _of_block(body, site, function):
                        new = block or [ast.Pass()]
                        yield Candidate(kind, [Change(site.node, field, None, new)], about)


def _of_block(body: Block, site: Site, function: Function) -> Statements:
    for i, statement in enumerate(body):
        if is_docstring(statement) or isinstance(statement, (ast.FunctionDef, ast.Pass)):
            continue
        before, after = body[:i], body[i + 1 :]
        if not _is_only_binding(statement, function):
            yield "statement", before + after, ""
        for kind, new in (*_rewritten(statement, function), *_early(statement, after)):
            yield kind, before + new + after, ""
        if after and _can_swap(statement, after[0], function):
            first, second = _first_line(statement), _first_line(after[0])
            about = f"{first} moved after {second}"
            yield "order", [*before, after[0], statement, *after[1:]], about


def _first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0].strip()


def _bound(statement: ast.stmt) -> set[str]:
    nodes = ast.walk(statement)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _is_only_binding(statement: ast.stmt, function: Function) -> bool:
    """Return True if Python itself raises an error without the names that the statement binds."""
    plain = isinstance(statement, ast.Assign) and _bound(statement)
    return (
        bool(plain)
        and all(
            isinstance(target, (ast.Name, ast.Tuple))
            for target in statement.targets  # type: ignore[attr-defined]
        )
        and any(function.count_bindings(name) == 1 for name in _bound(statement))
    )


def _touched(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """Return what a statement changes and what it reads: names and attributes, as text."""
    changes, reads = set(), set()
    for site in sites(Site(statement)):
        node = site.node
        if isinstance(node, (ast.Name, ast.Attribute)):
            text, opened = ast.unparse(node), site
            while isinstance(opened.owner, ast.Subscript) and opened.field == "value":
                opened = opened.parent or opened
            is_inner = isinstance(site.owner, ast.comprehension) and site.field == "target"
            if isinstance(getattr(opened.node, "ctx", None), ast.Store) and not is_inner:
                changes.add(text)
            reads.add(text)
        if isinstance(node, ast.Call) and (
            isinstance(statement, ast.Expr) or "rng" in ast.unparse(node.func)
        ):
            changed = [*node.args, getattr(node.func, "value", None)]
            changes |= {ast.unparse(each) for each in changed if each is not None}
        if isinstance(node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            changes.add("")
    return changes, reads


def _entry(statement: ast.stmt) -> str:
    """Return x[0] of  x[0] = value,  or ""."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant()) as target]):
            return ast.unparse(target)
    return ""


def _can_swap(first: ast.stmt, second: ast.stmt, function: Function) -> bool:
    """Return True if the order matters, and Python itself accepts the other order."""
    if isinstance(first, ast.Return) or isinstance(second, ast.FunctionDef):
        return False
    entries = _entry(first), _entry(second)
    if all(entries) and len(set(entries)) == 2:
        return False
    (changes, reads), (later_changes, later_reads) = _touched(first), _touched(second)
    depends = changes & (later_reads | later_changes) or later_changes & reads
    leaves = isinstance(second, ast.Return) and not isinstance(first, ast.Assign)
    needed = {name for name in _bound(first) if function.count_bindings(name) == 1}
    return bool(depends or leaves) and not needed & later_reads


def _early(statement: ast.stmt, after: Block) -> Iterator[tuple[str, Block]]:
    """Leave a loop after the first pass, skip a pass, or always run the body of an `if`."""
    if isinstance(statement, ast.For | ast.While):
        returns = [each for each in after if isinstance(each, ast.Return)]
        last = returns[0] if returns else ast.Break()
        yield "early", [altered(statement, body=[*statement.body, last])]
    if isinstance(statement, ast.If):
        yield "comparison", [altered(statement, test=ast.Constant(True))]
    if isinstance(statement, ast.For):
        for template in ("list(X)[1:]", "list(X)[:-1]"):
            yield "index", [altered(statement, iter=fill(template, X=statement.iter))]


def _rewritten(statement: Any, function: Function) -> Iterator[tuple[str, Block]]:
    match statement:
        case ast.AugAssign(target=target):
            yield "operator", [ast.Assign([target], statement.value, lineno=0)]
            swapped = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div}
            if type(statement.op) in swapped:
                yield "operator", [altered(statement, op=swapped[type(statement.op)]())]
            if isinstance(target, ast.Name) and _comes_from_outside(target.id, function):
                read = ast.Name(target.id, ast.Load())
                value = ast.BinOp(read, statement.op, statement.value)
                yield "copy", [ast.Assign([target], value, lineno=0)]
        case ast.Assign(targets=[ast.Tuple(elts=targets) as target]):
            for i in range(len(targets) - 1):
                turned = [*targets[:i], targets[i + 1], targets[i], *targets[i + 2 :]]
                yield "results", [altered(statement, targets=[altered(target, elts=turned)])]
        case ast.Assign(targets=[ast.Name()], value=value):
            yield from _in_place(statement, function)
            for form in _other_dtypes(value, function):
                yield "dtype", [altered(statement, value=form)]
            if isinstance(value, ast.BinOp) and ast.unparse(value.right).endswith(".T"):
                yield "shape", [altered(statement, value=fill("X.reshape(-1)", X=value))]
        case ast.Assign(targets=[ast.Subscript(value=array, slice=ast.Slice())]):
            yield "copy", [altered(statement, targets=[_stored(array)])]
        case ast.Assign(targets=[ast.Attribute()], value=value):
            for form in _other_dtypes(value, function):
                yield "dtype", [altered(statement, value=form)]
        case ast.Return(value=ast.expr() as value):
            for new in _orders(value):
                yield "results", [ast.Return(new)]
            for kind, new in _forms_of_result(value, function):
                yield kind, [ast.Return(new)]


def _comes_from_outside(name: str, function: Function) -> bool:
    """Return True for a parameter or a loop variable: the caller may use the same array."""
    assigned = [site.node for site in function.inside if isinstance(site.node, ast.Assign)]
    return not any(name in _bound(each) for each in assigned)


def _stored(node: Any) -> Any:
    return altered(node, ctx=ast.Store())


def _in_place(statement: Any, function: Function) -> Iterator[tuple[str, Block]]:
    """Write the result of an assignment into an array that a caller still needs."""
    name, value = statement.targets[0].id, statement.value
    parameters = function.parameters
    if name in parameters and function.count_bindings(name) == 2:  # itself, and this statement
        yield "copy", [altered(statement, targets=[fill("X[...]", X=_read(name))])]
        new_ctx = statement.targets[0]
        if isinstance(value, ast.BinOp) and ast.unparse(value.left) == name:
            yield "copy", [ast.AugAssign(new_ctx, value.op, value.right)]
    elif name in parameters:
        return
    elif isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
        used = value.left.id
        if used in parameters and not isinstance(value.op, ast.MatMult):
            change = ast.AugAssign(ast.Name(used, ast.Store()), value.op, value.right)
            yield "copy", [change, altered(statement, value=value.left)]
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        is_elementwise = ast.unparse(value.func.value) == "np" and value.func.attr in IN_PLACE
        for first in value.args[:1] if is_elementwise else ():
            if isinstance(first, ast.Name) and first.id in parameters:
                out = ast.keyword("out", first)
                yield "copy", [altered(statement, value=altered(value, keywords=[out]))]


def _read(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _is_whole(node: ast.expr, function: Function) -> bool:
    """Return True if a value is certainly a whole number, a boolean, or not a number."""
    match node:
        case ast.Name(id=name):
            values = _values_of(name, function)
            return bool(values) and all(_is_whole(value, function) for value in values)
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in WHOLE
        case ast.BinOp(left=left, op=op, right=right):
            if isinstance(op, ast.FloorDiv | ast.Mod):
                return True
            return _is_whole(left, function) and _is_whole(right, function)
    other = ast.Compare | ast.BoolOp | ast.List | ast.Tuple | ast.Dict | ast.ListComp | ast.IfExp
    return isinstance(node, other) or ast.unparse(node).split(".")[-1] in ("shape", "size", "rng")


def _values_of(name: str, function: Function) -> list[ast.expr]:
    """List what is assigned to a name, and added to it."""
    values: list[ast.expr] = []
    for site in function.inside:
        match site.node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                values.append(value)
            case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                values.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=parts)):
                pairs = zip(targets, parts, strict=False)
                values += [part for each, part in pairs if ast.unparse(each) == name]
    return [value for value in values if name not in ast.unparse(value)]


def _other_dtypes(value: ast.expr, function: Function) -> Iterator[ast.expr]:
    if not _is_whole(value, function):
        yield fill("np.float16(X)", X=value)
        yield fill("np.int64(X)", X=value)


def _orders(value: ast.expr) -> Iterator[ast.expr]:
    """Swap every pair of entries of a returned tuple."""
    if isinstance(value, ast.Tuple):
        for i, j in combinations(range(len(value.elts)), 2):
            turned = list(value.elts)
            turned[i], turned[j] = turned[j], turned[i]
            if ast.unparse(turned[i]) != ast.unparse(turned[j]):
                yield altered(value, elts=turned)


def _forms_of_result(value: ast.expr, function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Return a result as a column, and in other dtypes."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]

    def with_parts(changed: dict[int, ast.expr]) -> ast.expr:
        if not isinstance(value, ast.Tuple):
            return changed[0]
        elements = [changed.get(i, part) for i, part in enumerate(parts)]
        return altered(value, elts=elements)  # type: ignore[no-any-return]

    numbers = [i for i, part in enumerate(parts) if not _is_whole(part, function)]
    if numbers:
        single = {i: fill("np.float32(X)", X=parts[i]) for i in numbers}
        yield "float32", with_parts(single)
    for i in numbers:
        yield "shape", with_parts({i: fill("np.reshape(X, (-1, 1))", X=parts[i])})
        for form in _other_dtypes(parts[i], function):
            yield "dtype", with_parts({i: form})
