"""Find the places in a syntax tree that can be changed; change them, and change them back."""

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple


class Change(NamedTuple):
    """A new value for a field of a node, or for one entry of a field that is a list."""

    owner: ast.AST
    field: str
    place: int | None
    new: Any

    def swap(self) -> "Change":
        """Make the change; return the one that takes it back."""
        values = getattr(self.owner, self.field)
        if self.place is None:
            setattr(self.owner, self.field, self.new)
            return self._replace(new=values)
        old, values[self.place] = values[self.place], self.new
        return self._replace(new=old)


class Candidate(NamedTuple):
    """Changes that may become a mutant."""

    kind: str
    changes: Sequence[Change]
    about: str = ""  # its id; "" to make one of the lines that differ


@dataclass(frozen=True)
class Site:
    """A node and its place in the tree."""

    node: Any
    field: str = ""
    index: int | None = None
    parent: "Site | None" = None

    @property
    def owner(self) -> Any:
        """Return the node that contains this one."""
        return self.parent.node if self.parent else None

    def put(self, new: ast.AST) -> Change:
        """Return the change that puts another node here."""
        return Change(self.owner, self.field, self.index, new)

    def enclosing(self, *types: type[ast.AST]) -> Any:
        """Return the innermost node around this one that has one of these types, or None."""
        site = self.parent
        while site and not isinstance(site.node, types):
            site = site.parent
        return site.node if site else None

    @property
    def is_called(self) -> bool:
        """True for the f of f(x)."""
        return isinstance(self.owner, ast.Call) and self.field == "func"

    @property
    def is_opened(self) -> bool:
        """True for the x of x.attribute and x[index]."""
        return isinstance(self.owner, (ast.Attribute, ast.Subscript)) and self.field == "value"


def sites(site: Site) -> Iterator[Site]:
    """Yield a node and all nodes inside it, outer nodes first, in the order of the text."""
    if is_docstring(site.node):
        return
    yield site
    for field, value in ast.iter_fields(site.node):
        if isinstance(value, ast.AST):
            yield from sites(Site(value, field, None, site))
        elif isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from sites(Site(item, field, i, site))


def is_docstring(node: ast.AST) -> bool:
    """Return True for a statement that is only a text."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def fill(template: str, **parts: ast.AST) -> Any:
    """Return the expression of a template, with nodes in place of the names in capitals."""
    tree: Any = ast.parse(template, mode="eval")
    for site in list(sites(Site(tree))):
        if isinstance(site.node, ast.Name) and site.node.id in parts:
            site.put(parts[site.node.id]).swap()
    return tree.body


def altered(node: Any, **fields: Any) -> Any:
    """Return a copy of a node with other fields; the nodes inside it are shared."""
    return ast.copy_location(type(node)(**{**dict(ast.iter_fields(node)), **fields}), node)


def most_similar(name: str, others: Iterable[str], count: int) -> list[str]:
    """Return the `count` other names that are most similar to this one."""

    def likeness(other: str) -> float:
        return difflib.SequenceMatcher(None, name, other).ratio()

    return sorted(dict.fromkeys(others), key=likeness, reverse=True)[:count]


@dataclass(frozen=True, eq=False)
class Function:
    """A function or a method, and the names in it."""

    site: Site

    @cached_property
    def inside(self) -> list[Site]:
        """All sites of its body, including those of nested functions."""
        return [site for site in sites(self.site) if site.node is not self.site.node]

    @property
    def is_method(self) -> bool:
        """True if it is defined in a class."""
        return isinstance(self.site.owner, ast.ClassDef)

    @cached_property
    def parameters(self) -> list[str]:
        """Its parameters without self."""
        arguments = self.site.node.args
        names = [each.arg for each in (*arguments.args, *arguments.kwonlyargs)]
        return names[1:] if self.is_method else names

    @cached_property
    def bound(self) -> dict[str, int]:
        """The names that it binds, each with the first line from which it can be read."""
        lines = dict.fromkeys(self.parameters, self.site.node.lineno)
        for site in self.inside:
            if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Store):
                lines.setdefault(site.node.id, site.node.lineno + 1)
        return lines

    def uses(self, name: str) -> list[Site]:
        """List the places where a name is read."""
        return self._uses.get(name, [])

    @cached_property
    def _uses(self) -> dict[str, list[Site]]:
        uses: dict[str, list[Site]] = {}
        for site in self.inside:
            if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Load):
                uses.setdefault(site.node.id, []).append(site)
        return uses

    def are_same(self, name: str, other: str) -> bool:
        """Return True if one name is only another name for the other:  z = cache."""
        return bool({f"{name} = {other}", f"{other} = {name}"} & self._assignments)

    @cached_property
    def _assignments(self) -> set[str]:
        return {ast.unparse(s.node) for s in self.inside if isinstance(s.node, ast.Assign)}

    def count_bindings(self, name: str) -> int:
        """Count the places where a name gets a value."""
        stored = [
            site.node
            for site in self.inside
            if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Store)
        ]
        return (name in self.parameters) + sum(node.id == name for node in stored)


def functions(tree: ast.Module) -> list[Function]:
    """List the functions and methods of a source text."""
    found = [site for site in sites(Site(tree)) if isinstance(site.node, ast.FunctionDef)]
    return [Function(replace(site)) for site in found]
