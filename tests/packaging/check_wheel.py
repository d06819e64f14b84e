"""Build sdist and wheel, inspect them, and use the wheel in new environments outside the clone.

    .venv/bin/python tests/packaging/check_wheel.py   a line per step; exit code 1 if one fails

The lowest dependencies that pyproject.toml declares are tested with the lowest Python that it
declares, because newer Pythons may have no builds of them.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_SOURCE = (".*", "*.egg-info", "__pycache__", "build", "dist", "mutants", "runs")
PATIENCE = 300  # seconds for one command
ASKED = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8").count("\n### ")
LESSONS = f"""
import sys
import minddpg
from minddpg.course.checks import EXERCISES
from minddpg.course.precomputed import precomputed
assert minddpg.__file__.startswith(sys.prefix), minddpg.__file__
assert precomputed("ch10/curves")
assert len(EXERCISES) == {ASKED}, len(EXERCISES)
"""


class Failure(Exception):
    """A step failed; the message is one line."""


def require(condition: object, message: str) -> None:
    if not condition:
        raise Failure(message)


def require_none(names: set[str], complaint: str) -> None:
    first, rest = sorted(names)[:3], len(names) - 3
    more = f" and {rest} more" if rest > 0 else ""
    require(not names, f"{complaint}: {', '.join(first)}{more}")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print a step's seconds and name; add the step's name to an error."""
    start = time.perf_counter()
    try:
        yield
    except Failure as failure:
        raise Failure(f"{name}: {failure}") from failure
    print(f"{time.perf_counter() - start:6.1f} s  {name}", flush=True)


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command in cwd, where it cannot see this clone; return its standard output."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    result = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    if result.returncode != 0:
        print(result.stdout, result.stderr, sep="\n", file=sys.stderr)
        last = (result.stderr.strip() or result.stdout.strip()).rpartition("\n")[2]
        raise Failure(f"exit code {result.returncode}: {last}")
    return result.stdout


def build(folder: Path) -> tuple[Path, Path, set[str]]:
    """Build the sdist from a copy of the clone, and the wheel from the sdist.

    The copy keeps the clone clean, and keeps old files of the clone out of the sdist.

    Returns:
        the sdist, the wheel, and the files of the package that both must contain
    """
    source, out = folder / "source", folder / "dist"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    run(sys.executable, "-m", "build", "--outdir", out, source, cwd=folder)  # in this order
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    package = source / "minddpg"
    files = [*package.rglob("*.py"), package / "py.typed", *package.rglob("*.npz")]
    return sdist, wheel, {file.relative_to(source).as_posix() for file in files}


def inspect_sdist(sdist: Path, package: set[str]) -> None:
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    require_none((package | {"LICENSE", "README.md", "pyproject.toml"}) - names, "not in the sdist")


def inspect_wheel(wheel: Path, package: set[str]) -> None:
    """Check that the wheel has the whole package and nothing else, such as tests or notebooks."""
    archive = zipfile.ZipFile(wheel)
    names = set(archive.namelist())
    require_none(package - names, "not in the wheel")
    require(any(name.endswith(".npz") for name in package), "no precomputed results in the wheel")
    foreign = {name for name in names - package if ".dist-info/" not in name}
    require_none(foreign, "in the wheel by mistake")
    require(any(name.endswith("/LICENSE") for name in names), "no LICENSE in the wheel")
    (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    links = set(re.findall(r"\]\(([^)\s]+)\)", archive.read(metadata).decode()))
    require(links, "no README in the wheel's metadata")


def lowest() -> list[str]:
    """Return the declared dependencies at their lower bounds: numpy>=2.0 as numpy==2.0.*"""
    declared = PROJECT["dependencies"]
    pins = [re.sub(r"^([\w-]+)>=([\d.]+)$", r"\1==\2.*", line) for line in declared]
    require_none(set(pins) & set(declared), "no lower bound can be read from")
    return pins


def use(name: str, wheel: Path, pins: list[str], folder: Path) -> None:
    """Install the wheel into a new environment, and use it from an empty folder."""
    home, empty = folder / name, folder / f"{name}-empty"
    empty.mkdir()
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    python, minddpg = programs / "python", programs / "minddpg"
    with step(f"{name} dependencies: install"):
        run(sys.executable, "-m", "venv", home, cwd=folder)
        pip = (python, "-m", "pip", "--disable-pip-version-check")
        run(*pip, "install", "--quiet", wheel, *pins, cwd=empty)
        run(*pip, "check", cwd=empty)
        listed = run(*pip, "list", "--format=freeze", cwd=empty).lower().split()
    names = {re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]}
    print(10 * " ", *(line for line in listed if line.split("==")[0] in names), flush=True)

    version = wheel.name.split("-")[1]
    with step(f"{name} dependencies: minddpg --version"):
        said = run(minddpg, "--version", cwd=empty).strip()
        require(version in said.split(), f"said {said!r}, the wheel is {version}")
    for command in ("train --steps 1500 --quiet", "check", "evaluate runs/Pendulum-v1-1"):
        with step(f"{name} dependencies: minddpg {command}"):
            run(minddpg, *command.split(), cwd=empty)
    with step(f"{name} dependencies: a precomputed result and the exercises"):
        run(python, "-c", LESSONS, cwd=empty)


def main() -> int:
    start = time.perf_counter()
    oldest = PROJECT["requires-python"].removeprefix(">=")
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        with tempfile.TemporaryDirectory(prefix="minddpg-wheel-") as name:
            folder = Path(name).resolve()
            with step("build the sdist, and the wheel from the sdist"):
                sdist, wheel, package = build(folder)
            with step(f"{sdist.name} holds the package"):
                inspect_sdist(sdist, package)
            with step(f"{wheel.name} holds the package and nothing else"):
                inspect_wheel(wheel, package)
            use("newest", wheel, [], folder)
            if running == oldest:
                use("lowest", wheel, lowest(), folder)
            else:
                print(f" skipped  lowest dependencies: for Python {oldest}, and this is {running}")
    except (Failure, subprocess.TimeoutExpired) as failure:
        print(f"check_wheel: FAILED: {failure}", file=sys.stderr)
        return 1
    print(f"{time.perf_counter() - start:6.1f} s  in all: the wheel works")
    return 0


if __name__ == "__main__":
    sys.exit(main())
