"""Make mutants: copies of a correct source text, each with one mistake that people make."""

import ast
import difflib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from .calls import call_replacements
from .expressions import replacements
from .sites import Candidate, Site, functions, sites
from .statements import block_candidates
from .whole import arguments_ignored, class_attributes, first_result_kept, global_caches

CONSTANTS = (0.9, 0.99)  # the notebooks' most frequent constants
DELETED, INSERTED = "(deleted)", "(inserted)"


@dataclass(frozen=True)
class Mutant:
    """A source text with one change."""

    id: str  #: the change: "old line → new line"
    kind: str  #: such as "operator"
    source: str


def mutants(
    source: str, names: Sequence[str], constants: Sequence[float] = CONSTANTS
) -> list[Mutant]:
    """Return all mutants of a source text; their order and ids are the same in every call.

    Each mutant can be compiled, defines all the names, and differs from the source and from the
    others.

    Args:
        names: the functions and classes that a mutant must still define.
        constants: numbers that replace a parameter, or a fraction in the source.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen, counts, found = {original}, Counter[str](), []
    for candidate in _candidates(tree, constants):
        changed = _source_after(tree, candidate)
        if changed not in seen and _is_possible(changed, names):
            seen.add(changed)
            about = candidate.about or _about(original, changed)
            counts[about] += 1
            number = f" ({counts[about]})" if counts[about] > 1 else ""
            found.append(Mutant(about + number, candidate.kind, changed))
    return found


def sample(found: Sequence[Mutant], most: int, seed: str) -> list[Mutant]:
    """Choose mutants at random, equally many of each kind if possible; keep their order.

    With the same seed, a larger sample contains the smaller one.
    """
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    kinds = dict.fromkeys(mutant.kind for mutant in found)
    drawn = []
    for kind in kinds:
        of_kind = [mutant for mutant in found if mutant.kind == kind]
        drawn.append([of_kind[i] for i in rng.permutation(len(of_kind))])
    in_turn = [each for row in zip_longest(*drawn) for each in row if each is not None]
    chosen = {mutant.id for mutant in in_turn[:most]}
    return [mutant for mutant in found if mutant.id in chosen]


def _candidates(tree: ast.Module, constants: Sequence[float]) -> Iterator[Candidate]:
    known = functions(tree)
    innermost = {id(site.node): function for function in known for site in function.inside}
    for site in list(sites(Site(tree))):
        if isinstance(site.node, ast.expr) and site.parent and _is_code(site):
            function = innermost.get(id(site.node))
            for kind, new in (*replacements(site, function, constants), *call_replacements(site)):
                yield Candidate(kind, [site.put(new)])
    for function in known:
        yield from arguments_ignored(function, constants)
    yield from block_candidates(tree, known)
    for function in known:
        yield from first_result_kept(function)
    yield from class_attributes(tree)
    yield from global_caches(tree, known)


def _is_code(site: Site) -> bool:
    """Return False for a default argument, a part of a formatted text, and the k of axis=k."""
    if isinstance(site.owner, ast.keyword) and site.owner.arg == "axis":
        return False  # the mutants of the call change it
    return not isinstance(site.owner, (ast.arguments, ast.JoinedStr, ast.FormattedValue))


def _source_after(tree: ast.Module, candidate: Candidate) -> str:
    undo = [change.swap() for change in candidate.changes]
    try:
        return ast.unparse(tree)
    finally:
        for change in reversed(undo):
            change.swap()


def _is_possible(source: str, names: Sequence[str]) -> bool:
    """Return True if a source compiles, defines the names, and has nothing that Python warns of."""
    try:
        tree = ast.parse(source)
        if any(_is_absurd(node) for node in ast.walk(tree)):
            return False
        compile(source, "<mutant>", "exec")
    except SyntaxError:
        return False
    defined: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign):
            defined |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return defined >= set(names)


def _is_absurd(node: ast.AST) -> bool:
    """Return True for 1[0], (1 - 1)[0], 1(x) and 1 is None."""
    match node:
        case ast.Subscript(value=ast.Constant() | ast.BinOp() | ast.UnaryOp() as value):
            return not any(isinstance(each, ast.Name) for each in ast.walk(value))
        case ast.Call(func=ast.Constant()):
            return True
        case ast.Compare(left=ast.Constant(), ops=[ast.Is() | ast.IsNot()]):
            return True
    return False


def _about(original: str, changed: str) -> str:
    """Write the lines that differ as "old line → new line"."""
    before, after = (
        [line.strip() for line in text.splitlines() if line.strip()] for text in (original, changed)
    )
    texts = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        if what != "equal":
            old, new = "; ".join(before[i:j]), "; ".join(after[k:m])
            texts.append(f"{old or INSERTED} → {new or DELETED}")
    return "; ".join(texts) or "indented differently"
