"""The house: who may import whom, what may not appear, and how long a file may be."""

import ast
import io
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import minddpg

PACKAGE = Path(minddpg.__file__).parent
ROOT = PACKAGE.parent
LOBBY = {"__init__": "cli", "__main__": "cli", "arguments": "cli", "commands": "cli"}
ROOMS = ["nn", "presets", "settings", "storage", "ddpg", "training", "teaching", "cli"]
FILES = sorted(PACKAGE.rglob("*.py"))
STANDARD = set(sys.stdlib_module_names)
ALLOWED = {
    "nn": {"numpy"},
    "presets": set(),
    "settings": set(),
    "storage": {"numpy"},
    "ddpg": {"numpy"},
    "training": {"numpy", "gymnasium", "matplotlib", "tqdm", "PIL"},  # Pillow: matplotlib's own
    "teaching": {"numpy", "gymnasium", "matplotlib", "nbclient", "nbformat"},  # the extra: grade
    "cli": set(),
}


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path):
    """Yield (absolute module name) for every import, at any depth, of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = parts[: len(parts) - node.level] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_from_a_later_room_to_an_earlier_one(path):
    room = LOBBY.get(room_of(path), room_of(path))
    for name in imports_of(path):
        top, *rest = name.split(".")
        if top == "minddpg":
            if rest and rest[0] in ROOMS:
                assert ROOMS.index(rest[0]) <= ROOMS.index(room), name
        else:
            assert top in STANDARD | ALLOWED[room], name


def test_no_pickle_and_no_global_random_state_and_no_done():
    for path in FILES:
        tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        names = [token.string for token in tokens if token.type == tokenize.NAME]
        assert not {"done", "pickle", "dill", "joblib"} & set(names), path
        for name in imports_of(path):
            assert name.split(".")[0] not in {"pickle", "random", "torch", "jax", "autograd"}, path
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
                assert node.attr in {"Generator", "default_rng"}, f"{path}: {node.attr}"
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert ast.unparse(node.value) == "False", path


def code_lines(path):
    """Count the lines that hold code: no blank ones, no comments, no docstrings."""
    source = path.read_text()
    lines = set()
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped and token.type != tokenize.ENDMARKER:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                lines -= set(range(first.lineno, first.end_lineno + 1))
    return len(lines)


def test_every_file_can_be_read_in_one_sitting():
    for path in FILES:
        assert len(path.read_text().splitlines()) <= 200, path


def test_the_algorithm_stays_small():
    assert code_lines(PACKAGE / "ddpg" / "agent.py") <= 110
    both = [path for path in FILES if room_of(path) in ("nn", "ddpg")]
    assert sum(map(code_lines, both)) <= 600


def test_nn_and_ddpg_work_without_every_other_room_and_library(tmp_path):
    """Copied alone, with Gymnasium, matplotlib, tqdm and processes out of reach, they train."""
    for room in ("nn", "ddpg"):
        shutil.copytree(PACKAGE / room, tmp_path / "minddpg" / room)
    for name in ("__init__.py", "presets.py", "settings.py", "storage.py"):
        shutil.copy(PACKAGE / name, tmp_path / "minddpg")
    code = """
import sys
for name in ("gymnasium", "matplotlib", "tqdm", "multiprocessing", "concurrent", "subprocess"):
    sys.modules[name] = None
import numpy as np, minddpg
rng = np.random.default_rng(0)
agent = minddpg.DDPG(3, [-2.0], [2.0], minddpg.Config(), rng)
replay = minddpg.ReplayBuffer(50, 3, 1)
obs = rng.standard_normal(3)
for _ in range(50):
    replay.add(obs, agent.act(obs, explore=True), 1.0, obs, False)
before = agent.actor.theta.copy()
agent.update(replay.sample(8, rng))
assert (agent.actor.theta != before).any()
assert minddpg.nn.MLP((2, 1)).theta.size == 3
agent.save("a.npz"); minddpg.DDPG.load("a.npz")
print(minddpg.__file__)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert str(tmp_path) in result.stdout


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, minddpg; heavy = {'numpy', 'gymnasium', 'matplotlib', 'tqdm'};"
        "assert not heavy & set(sys.modules); minddpg.DDPG;"
        "heavy = {'gymnasium', 'matplotlib', 'tqdm'} & set(sys.modules); assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_every_public_name_loads_and_is_listed():
    assert set(minddpg.__all__) == {"__version__", "nn", *minddpg._HOME_OF}
    for name in minddpg.__all__:
        assert getattr(minddpg, name) is not None
        assert name in dir(minddpg)
    with pytest.raises(AttributeError, match="no_such_name"):
        minddpg.no_such_name  # noqa: B018
