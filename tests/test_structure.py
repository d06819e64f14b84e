"""The parts of the package: which may import which, what no file may use, what an import loads."""

import ast
import io
import shutil
import subprocess
import sys
import tokenize
from functools import cache
from pathlib import Path

import pytest

import minddpg

PACKAGE = Path(minddpg.__file__).parent
ROOT = PACKAGE.parent
PARTS = ["storage", "nn", "ddpg", "training", "verification", "experiments", "course", "cli"]
LACKING_IN_A_BROWSER = ["_posixshmem", "fcntl", "grp", "lzma", "pwd", "readline", "ssl"]
LACKING_IN_A_BROWSER += ["sqlite3", "syslog", "termios", "tkinter", "_hashlib"]
DOORS = ("__init__", "__main__")  # they import from every part
FILES = sorted(PACKAGE.rglob("*.py"))
STANDARD = set(sys.stdlib_module_names)
FORBIDDEN = {"pickle", "random", "torch", "jax", "autograd"}
ALLOWED = {
    "storage": {"numpy"},
    "nn": {"numpy"},
    "ddpg": {"numpy"},
    "training": {"numpy", "gymnasium", "matplotlib", "tqdm", "PIL"},  # Pillow: matplotlib's own
    "verification": {"numpy", "gymnasium"},
    "experiments": {"numpy", "matplotlib"},
    "course": {
        "numpy",
        "gymnasium",
        "matplotlib",
        "PIL",
        "nbclient",
        "psutil",
        "nbformat",
    },  # the extra: grade
    "cli": set(),
}


def part_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes_of(path):
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports_of(path):
    """List the absolute names of all imports in a file, at any depth."""
    return list(_imports_of(path))


def _imports_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = parts[: len(parts) - node.level] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def names_in(text, words):
    """Return the words that are names in the code, not only in comments or strings."""
    if not any(word in text for word in words):
        return set()
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return words & {token.string for token in tokens if token.type == tokenize.NAME}


def is_np_random(node):
    is_random = isinstance(node, ast.Attribute) and node.attr == "random"
    return is_random and isinstance(node.value, ast.Name) and node.value.id == "np"


def test_every_file_has_a_room():
    assert {part_of(path) for path in FILES} == {*PARTS, *DOORS}


def test_imports_go_from_a_later_room_to_an_earlier_one():
    wrong = []
    for path in FILES:
        part = part_of(path)
        for name in imports_of(path) if part not in DOORS else ():
            top, *rest = name.split(".")
            if top != "minddpg":
                fits = top in STANDARD | ALLOWED[part]
            elif rest and rest[0] in PARTS:
                fits = PARTS.index(rest[0]) <= PARTS.index(part)
            else:
                fits = name == "minddpg.__version__" and part == "cli"
            if not fits:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_no_chapter_imports_another_one():
    wrong = []
    for path in PACKAGE.glob("course/ch*/*.py"):
        for name in imports_of(path):
            parts = name.split(".")
            other = len(parts) > 2 and parts[1] == "course" and parts[2].startswith("ch")
            if other and parts[2] not in (path.parent.name, "checks"):
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_no_pickle_and_no_global_random_state_and_no_done():
    wrong = []
    for path in FILES:
        found = names_in(path.read_text(), {"done", "pickle", "dill", "joblib"})
        found |= {name.split(".")[0] for name in imports_of(path)} & FORBIDDEN
        for node in nodes_of(path):
            if isinstance(node, ast.Attribute) and is_np_random(node.value):
                found |= {f"np.random.{node.attr}"} - {
                    "np.random.Generator",
                    "np.random.default_rng",
                }
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                found |= {f"allow_pickle={ast.unparse(node.value)}"} - {"allow_pickle=False"}
        wrong += [f"{path}: {each}" for each in sorted(found)]
    assert wrong == []


def test_every_text_that_is_read_or_written_names_its_encoding():
    """Python's default is the system's: on Windows, a file with a θ could not be read again."""
    opens = {"open", "fdopen", "read_text", "write_text", "TextIOWrapper", "NamedTemporaryFile"}
    others = {"os", "archive", "tarfile"}  # they open files of bytes
    scripts = [*ROOT.glob("docs/**/*.py"), *ROOT.glob("tutorials/*.py")]
    wrong = []
    for path in [*FILES, *scripts]:
        for node in nodes_of(path):
            if not isinstance(node, ast.Call):
                continue
            owner = getattr(node.func, "value", None)
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            given = {each.arg: each.value for each in node.keywords}
            modes = [each.value for each in node.args[1:2] if isinstance(each, ast.Constant)]
            is_binary = "b" in "".join(map(str, modes)) or getattr(owner, "id", "") in others
            is_ours = name == "write_text" and owner is None  # storage's, always UTF-8
            is_text = name in opens and not is_binary and not is_ours
            if (is_text or "text" in given) and "encoding" not in given:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)[:60]}")
    assert wrong == []


def test_no_index_is_wider_than_those_of_a_32_bit_python():
    """There take() and others refuse int64, which generators draw: use astype(np.intp)."""
    strict, draws = {"take", "bincount", "repeat", "ravel_multi_index"}, {"integers", "choice"}
    numbers = ("training/checkpoint.py", "training/run_files.py")  # int64, but no indices
    wrong = []
    for path in FILES:
        for call in (node for node in nodes_of(path) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", "")
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            given = {
                getattr(each.func, "attr", "") for each in arguments if isinstance(each, ast.Call)
            }
            is_wide = name == "astype" and any(
                ast.unparse(each) == "np.int64" for each in arguments
            )
            if name in strict and given & draws:
                wrong.append(f"{path}, line {call.lineno}: {ast.unparse(call)}")
            if is_wide and path.relative_to(PACKAGE).as_posix() not in numbers:
                wrong.append(f"{path}, line {call.lineno}: {ast.unparse(call)}")
    assert wrong == []


def test_the_package_never_reads_the_documentation():
    wrong = [
        f"{path}, line {node.lineno}"
        for path in FILES
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and node.value == "docs"
    ]
    assert wrong == []


def run_alone(code, **where):
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **where)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_nn_and_ddpg_work_without_every_other_room_and_library(tmp_path):
    """A copy of these two parts trains without Gymnasium, matplotlib, tqdm and processes."""
    for part in ("nn", "ddpg"):
        shutil.copytree(PACKAGE / part, tmp_path / "minddpg" / part)
    for name in ("__init__.py", "storage.py"):
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
    assert str(tmp_path) in run_alone(code, cwd=tmp_path)


def test_the_library_stands_without_the_course(tmp_path):
    """A copy without course/ and cli/ trains, checks every gradient and plants a bug."""
    shutil.copytree(PACKAGE, tmp_path / "minddpg", ignore=shutil.ignore_patterns("course", "cli"))
    code = """
import minddpg
from minddpg.verification.bugs import planted
from minddpg.verification.gradient_checks import check_equations
from minddpg.experiments.named_studies import STUDIES
config = minddpg.Config(total_steps=80, warmup_steps=64, eval_episodes=1)
with planted("actor-sign"):
    minddpg.train(config, progress=False)
assert all(row.report.passed for row in check_equations(quick=True))
assert STUDIES
print(minddpg.__file__)
"""
    assert str(tmp_path) in run_alone(code, cwd=tmp_path)


@pytest.mark.slow
def test_every_module_loads_in_a_browsers_python():
    """The test removes the modules that Pyodide lacks, and adds a stub of _multiprocessing."""
    run_alone(f"""
import sys, types
sys.modules.update(dict.fromkeys({LACKING_IN_A_BROWSER}))
stub = sys.modules["_multiprocessing"] = types.ModuleType("_multiprocessing")
stub.SemLock, stub.sem_unlink = type("SemLock", (), {{"SEM_VALUE_MAX": 1}}), None
import importlib, pkgutil, minddpg
for module in pkgutil.walk_packages(minddpg.__path__, "minddpg."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
""")


def test_importing_the_package_loads_nothing_heavy():
    run_alone(
        "import sys, minddpg; heavy = {'numpy', 'gymnasium', 'matplotlib', 'tqdm'};"
        "assert not heavy & set(sys.modules); minddpg.DDPG;"
        "heavy = {'gymnasium', 'matplotlib', 'tqdm'} & set(sys.modules); assert not heavy, heavy"
    )


def test_every_public_name_loads_and_is_listed():
    assert set(minddpg.__all__) == {"__version__", "nn", *minddpg._HOME_OF}
    for name in minddpg.__all__:
        assert getattr(minddpg, name) is not None
        assert name in dir(minddpg)
    with pytest.raises(AttributeError, match="no_such_name"):
        minddpg.no_such_name  # noqa: B018
