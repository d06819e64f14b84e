"""Make mutants of a whole function or class: ignore an argument, keep state between calls."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from .sites import Candidate, Change, Function, Site, altered, fill, most_similar, sites

OF_ARRAYS = {
    *("T", "shape", "size", "ndim", "dtype", "sum", "mean", "max", "min", "std", "var"),
    *("copy", "reshape", "astype", "dot", "ravel", "any", "all"),
}
SIZED = {  # functions that take a size
    *("range", "zeros", "ones", "empty", "linspace", "integers", "uniform", "standard_normal"),
    *("arange", "ndindex"),
}
SIZES = (1, 3, 64)


def arguments_ignored(function: Function, constants: Sequence[float]) -> Iterator[Candidate]:
    """Replace every use of a parameter by a constant or by another parameter."""
    owner = function.site.node.name
    for name in function.parameters:
        uses = function.uses(name)
        about = f"{owner}: {name} ignored"
        for text in _stand_ins(name, uses, constants) if uses else ():
            changes = [use.put(ast.parse(text, mode="eval").body) for use in uses]
            yield Candidate("argument", changes, f"{about}, {text} instead")
        called = any(use.is_called for use in uses)
        others = [
            other
            for other in function.parameters
            if other != name and any(use.is_called for use in function.uses(other)) == called
        ]
        for other in most_similar(name, others if uses else (), 3):
            changes = [use.put(ast.Name(other, ast.Load())) for use in uses]
            yield Candidate("argument", changes, f"{about}, {other} instead")


def _stand_ins(name: str, uses: list[Site], constants: Sequence[float]) -> list[str]:
    """Return replacements of a parameter that, judged by its uses, raise no error at once."""
    if any(use.is_called or _is_object(use) for use in uses):
        return []
    if any(_is_array(use) for use in uses):
        return [f"np.{like}({name})" for like in ("zeros_like", "ones_like")]
    if any(_is_size(use) for use in uses):
        return [str(size) for size in SIZES]
    return [str(value) for value in (0, 1, *constants)]


def _is_object(use: Site) -> bool:
    return (
        use.is_opened and isinstance(use.owner, ast.Attribute) and use.owner.attr not in OF_ARRAYS
    )


def _is_array(use: Site) -> bool:
    multiplied = isinstance(use.owner, ast.BinOp) and isinstance(use.owner.op, ast.MatMult)
    measured = isinstance(use.owner, ast.Call) and ast.unparse(use.owner.func) == "len"
    return use.is_opened or multiplied or measured or isinstance(use.owner, ast.For)


def _is_size(use: Site) -> bool:
    site: Site | None = use
    while site and not isinstance(site.node, ast.stmt):
        if isinstance(site.owner, ast.keyword) and site.owner.arg == "size":
            return True
        if isinstance(site.owner, ast.Call):
            return ast.unparse(site.owner.func).split(".")[-1] in SIZED
        if isinstance(site.owner, ast.BinOp) and isinstance(site.owner.op, (ast.Mod, ast.FloorDiv)):
            return True
        site = site.parent
    return False


def first_result_kept(function: Function) -> Iterator[Candidate]:
    """Keep the first result in a default argument, and return it in every later call."""
    node = function.site.node
    own = [s for s in function.inside if s.enclosing(ast.FunctionDef, ast.Lambda) is node]
    returns: list[Any] = [s.node for s in own if isinstance(s.node, ast.Return) and s.node.value]
    if returns:
        kept = ast.arg("kept")
        arguments = altered(
            node.args,
            args=[*node.args.args, kept],
            defaults=[*node.args.defaults, ast.Dict([], [])],
        )
        changes = [Change(node, "args", None, arguments)]
        for each in returns:
            new = fill("kept.setdefault(0, X)", X=each.value)
            changes.append(Change(each, "value", None, new))
        about = f"{node.name}: the first result kept in a default argument"
        yield Candidate("state", changes, about)


def class_attributes(tree: ast.Module) -> Iterator[Candidate]:
    """Store an object's attribute in its class, where all objects share it."""
    for site in [site for site in sites(Site(tree)) if isinstance(site.node, ast.ClassDef)]:
        own = [each for each in sites(site) if _is_of_self(each.node)]
        stored = [each.node.attr for each in own if isinstance(each.node.ctx, ast.Store)]
        for name in dict.fromkeys(stored):
            places = [each for each in own if each.node.attr == name]
            changes = [
                each.put(ast.Attribute(fill("type(self)"), name, each.node.ctx)) for each in places
            ]
            yield Candidate("state", changes, f"self.{name} kept in the class")


def _is_of_self(node: Any) -> bool:
    is_attribute = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return is_attribute and node.value.id == "self"


def global_caches(tree: ast.Module, functions: list[Function]) -> Iterator[Candidate]:
    """Store the cache of a forward pass in a global, and read it there in the backward pass."""
    for forward in functions:
        for backward in functions:
            last = forward.site.node.body[-1]
            returns_two = isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple)
            pair = forward.site.node.name.replace("forward", "backward")
            second = backward.site.node.name
            if "cache" in backward.parameters and returns_two and _belongs(pair, second):
                cache = last.value.elts[-1]
                body = [*forward.site.node.body[:-1], _keep(cache), last]
                reads = backward.uses("cache")
                changes = [Change(forward.site.node, "body", None, body)]
                changes += [use.put(fill("kept['cache']")) for use in reads]
                top = [*tree.body]
                first = ast.Assign([ast.Name("kept", ast.Store())], ast.Dict([], []), lineno=0)
                changes.append(Change(tree, "body", None, [first, *top]))
                about = f"{forward.site.node.name}: cache kept in a global"
                yield Candidate("state", changes, about)


def _belongs(pair: str, name: str) -> bool:
    return name == pair or name.endswith("_gradient")


def _keep(value: ast.expr) -> ast.stmt:
    target = altered(fill("kept['cache']"), ctx=ast.Store())
    return ast.Assign([target], value, lineno=0)
