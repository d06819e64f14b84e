"""Regenerate what commands make: generated pages, pictures, notebooks, tables of studies.

    .venv/bin/python docs/_generate             make all, in about a quarter of an hour
    .venv/bin/python docs/_generate hills growth
    .venv/bin/python docs/_generate --stale     name what was made from older code

The pictures of the playground need the built site with the browser's Python.
"""

import argparse
import ast
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("made.json")  # for each target, the fingerprint of its inputs
BITS = "tests/ddpg/test_bits.py"  # changes if the bits of a default run change
HILLS = ("style.py", "ch10_your_ddpg/figures.py", "ch10_your_ddpg/*.npz")
STYLE = "minddpg/training/style.py"  # of all charts
PLAYGROUND = "docs/browser/site/playground"
STUDIES = sorted(path.name for path in (ROOT / "docs/results").iterdir() if path.is_dir())


@dataclass(frozen=True)
class Made:
    """A target: the function that makes it, and its input files (as globs)."""

    make: Callable[[], None]
    inputs: tuple[str, ...] = ()  # () if a test compares the target itself


def run(*words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)


def printed(script: str, target: str) -> Callable[[], None]:
    """Return a function that writes the output of a script in this folder to a file."""

    def make() -> None:
        words = [sys.executable, f"docs/_generate/{script}.py"]
        made = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        (ROOT / target).write_bytes(made.stdout)

    return make


def page(name: str) -> Made:
    return Made(printed(name, f"docs/{name.replace('_', '-')}.md"))


def program(*words: str, inputs: tuple[str, ...] = ()) -> Made:
    return Made(lambda: run(*words), inputs)


def study(name: str) -> Made:
    folder = f"docs/results/{name}"
    drawn = [f"minddpg/experiments/{part}.py" for part in ("plots", "tables", "statistics")]
    words = ("-m", "minddpg", "study", name, "--redraw", "--dir", folder)
    return program(*words, inputs=(f"{folder}/results.csv", *drawn, STYLE))


def learning_curve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run("-m", "minddpg", "train", "--quiet", "--run-dir", f"{folder}/run")
        shutil.copy(f"{folder}/run/learning_curve.png", ROOT / "docs/images")


MADE = {
    **{name: page(name) for name in ("settings", "exercises", "bug_zoo")},
    "notebooks": program("tutorials/build.py"),
    "live_seconds": program("docs/_generate/live_seconds.py"),
    **{name: study(name) for name in STUDIES},
    "learning_curve": Made(learning_curve, (BITS, "minddpg/training/plots.py", STYLE)),
    "growth": program(
        *("-m", "minddpg", "bench", "--growth", "docs/images/growth.png", "--overwrite"),
        inputs=("minddpg/experiments/benchmark.py", STYLE),
    ),
    "exact_convergence": program(
        "tests/benchmarks/exact_convergence.py",
        *("--figure", "docs/images/exact_convergence.png"),
        inputs=(BITS, "tests/benchmarks/exact_convergence.py", STYLE),
    ),
    "swing_up": program(
        *("-m", "minddpg.course.ch00_tour.film", "tutorials/images/swing_up.gif"),
        inputs=(BITS, *(f"minddpg/course/ch00_tour/{part}.py" for part in ("film", "acting"))),
    ),
    "hills": program(
        *("-m", "minddpg.course.ch10_your_ddpg.figures", "tutorials/images/imaginary_hills.gif"),
        inputs=(*(f"minddpg/course/{part}" for part in HILLS), STYLE),
    ),
    "recorded_run": Made(
        printed("recorded_run", f"{PLAYGROUND}/recorded.json"),
        (BITS, *(f"docs/browser/python/{part}.py" for part in ("playground", "playground_look"))),
    ),
    "playground": program(
        "docs/_generate/playground_pictures.py",
        "build/site",
        inputs=(f"{PLAYGROUND}/*.js", f"{PLAYGROUND}/*.css", f"{PLAYGROUND}/recorded.json"),
    ),
}


def fingerprint(made: Made) -> str:
    """Return a hash of the inputs, without their comments and docstrings."""
    digest = hashlib.sha256()
    for pattern in made.inputs:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(_code(path) if path.suffix == ".py" else path.read_bytes())
    return digest.hexdigest()[:16]


def _code(path: Path) -> bytes:
    """Return a file's lines of code, the same for every version of Python."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        has_docstring = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if has_docstring and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip()).encode()


def stale() -> list[str]:
    """Return the names of the targets whose inputs have changed since they were made."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    return [n for n, made in MADE.items() if made.inputs and record.get(n) != fingerprint(made)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MADE))
    parser.add_argument("--stale", action="store_true", help="make nothing; name what is stale")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(MADE):
        parser.error(f"no target {', '.join(sorted(unknown))}: there are {', '.join(MADE)}")
    if arguments.stale:
        print(*stale(), sep="\n")
        return 1 if stale() else 0
    for name in arguments.names or MADE:
        print(f"{name} ...", flush=True)
        MADE[name].make()
        record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
        if MADE[name].inputs:
            record[name] = fingerprint(MADE[name])
            RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
