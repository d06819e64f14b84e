"""Find the names that a cell binds and reads, to know which cells must run again after a change."""

import ast
import symtable
from collections.abc import Iterable, Iterator

BINDERS = (  # statements that always bind their names
    ast.Assign,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
)
DEFINERS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
READERS = ("yours", "whose")  # functions that read stored answers


def of(source: str, kept: Iterable[str] = ()) -> dict[str, list[str] | None]:
    """Return the names that a cell `binds` or changes, and those that it `reads`.

    It `defines` those that only its imports, functions and classes bind; None after a syntax error.
    A * stands for the names of `import *`, and 04_1.py for a stored answer.
    """
    try:
        table, tree = symtable.symtable(source, "cell", "exec"), ast.parse(source)
        read = {*_needed(tree.body), *_answers(tree)}
    except (SyntaxError, ValueError, RecursionError):
        return {"binds": [], "reads": [], "defines": None}
    bound = {s.get_name() for s in table.get_symbols() if _is_bound(s)}
    bound |= set(_changed(tree)) | set(kept)
    bound |= {"*" for node in ast.walk(tree) if isinstance(node, ast.alias) and node.name == "*"}
    return {"binds": sorted(bound), "reads": sorted(read), "defines": _defined(tree)}


def _needed(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements look up before they bind them."""
    own: set[str] = set()
    for statement in body:
        for part in _parts(statement):
            table = symtable.symtable(ast.unparse(part), "part", "exec")
            names = set(_read(table))
            if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
                names.add(part.target.id)
            yield from names - own
            if isinstance(part, BINDERS):
                own |= {s.get_name() for s in table.get_symbols() if _is_bound(s)}


def _defined(tree: ast.Module) -> list[str]:
    """Return the names that definitions bind, and no other statement binds or changes."""
    bound = {True: set[str](), False: set(_changed(tree))}
    for part in tree.body:
        table = symtable.symtable(ast.unparse(part), "part", "exec")
        names = {s.get_name() for s in table.get_symbols() if _is_bound(s)}
        bound[isinstance(part, DEFINERS)] |= names
    return sorted(bound[True] - bound[False])


def _parts(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the steps of a statement in order: of a loop or a `with`, its head and its body."""
    if isinstance(statement, ast.For):
        yield ast.Assign([statement.target], statement.iter, lineno=statement.lineno)
        bodies = [*statement.body, *statement.orelse]
    elif isinstance(statement, ast.With):
        for item in statement.items:
            target = item.optional_vars or ast.Name("_", ast.Store())
            yield ast.Assign([target], item.context_expr, lineno=statement.lineno)
        bodies = statement.body
    else:
        yield statement
        return
    for inner in bodies:
        yield from _parts(inner)


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _read(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the global names that a text reads, including those that its functions read."""
    is_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _read(child)


def _changed(tree: ast.Module) -> Iterator[str]:
    """Yield the x of every x[i] = ..., x.name = ... and x[i] += ... in the cell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            root: ast.expr = node
            while isinstance(root, ast.Subscript | ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id


def _answers(tree: ast.Module) -> Iterator[str]:
    """Yield the files of the answers that the cell reads, for example by yours("04.1")."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in READERS:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield f"{argument.value.replace('.', '_')}.py"
