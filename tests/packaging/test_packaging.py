"""The version and the address are defined once each, and all repetitions agree."""

import ast
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from _generate import pypi_readme

import minddpg

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "minddpg"


def first(pattern, name):
    """Return the first match's group in a file of the repository."""
    found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{name} has no {pattern}"
    return found[1]


def test_the_installed_version_is_the_packages_own():
    assert version("minddpg") == minddpg.__version__


def test_the_changelogs_newest_version_is_the_packages():
    """A heading [Unreleased] may be above it."""
    assert first(r"^## \[(\d[^\]]*)\]", "CHANGELOG.md") == minddpg.__version__


def test_the_version_to_cite_is_the_packages():
    assert first(r"^version: \"?([^\"\s]+)", "CITATION.cff") == minddpg.__version__


def test_pyproject_repeats_no_version():
    assert '"version"' in first(r"^dynamic = \[(.*)\]$", "pyproject.toml")


def test_every_address_of_the_repository_is_that_of_pyproject():
    address = first(r'^Source = "(.+)"', "pyproject.toml")
    assert first(r'^Homepage = "(.+)"', "pyproject.toml") == address
    assert first(r'^ADDRESS = "(.+)"', "docs/_generate/pypi_readme.py") == address
    assert first(r'^repository-code: "(.+)"', "CITATION.cff") == address
    assert first(r'^REPOSITORY = "(.+?)"', "docs/_extensions/links.py") == address
    assert first(r"^Source code <(.+)>$", "docs/index.md") == address


def test_on_pypi_every_link_of_the_readme_leads_to_the_file_in_this_versions_tag():
    shown = pypi_readme.text()
    links = re.findall(r"\]\(([^()\s]+)\)", shown)
    assert [link for link in links if ":" not in link and not link.startswith("#")] == []
    tag = f"v{minddpg.__version__}"
    assert f"{pypi_readme.ADDRESS}/raw/{tag}/docs/images/playground.gif" in links
    assert f"{pypi_readme.ADDRESS}/blob/{tag}/docs/quickstart.md" in links


def test_every_address_of_the_site_is_that_of_pyproject():
    address = first(r'^Documentation = "(.+)"', "pyproject.toml")
    assert first(r'^SITE = "(.+?)"', "tutorials/hand_out.py") == address
    assert first(r'^SITE = "(.+?)"', "docs/_extensions/links.py") == address
    pages = [ROOT / "README.md", *(ROOT / "tutorials").rglob("*.ipynb"), *PACKAGE.rglob("*.py")]
    named = re.findall(
        r"https://[\w.-]*minddpg[\w.-]*/[\w-]+", "".join(page.read_text("utf-8") for page in pages)
    )
    assert set(named) == {address}


def test_no_message_names_a_file_that_only_a_clone_has():
    """An installed package has no docs, so a message gives the page's address on the site."""
    for path in PACKAGE.rglob("*.py"):
        if ".md" in (source := path.read_text(encoding="utf-8")):
            nodes = list(ast.walk(ast.parse(source)))
            documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
            docstrings = {
                id(n.body[0].value)
                for n in nodes
                if isinstance(n, documented) and ast.get_docstring(n)
            }
            texts = [
                n.value for n in nodes if isinstance(n, ast.Constant) and id(n) not in docstrings
            ]
            named = re.findall(r"docs/[\w/-]+\.md", " ".join(map(str, texts)))
            assert not named, f"{path} names {named}"


@pytest.mark.slow
def test_strictly_typed_code_can_import_the_public_names(tmp_path):
    names = ", ".join(name for name in minddpg.__all__ if name != "__version__")
    code = f"from minddpg import {names}\n\nagent: DDPG = train(Config(seed=1)).agent\n"
    (tmp_path / "theirs.py").write_text(code)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "theirs.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
