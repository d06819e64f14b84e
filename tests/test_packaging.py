"""The version stands in one place, and whatever repeats it agrees."""

import re
from importlib.metadata import version
from pathlib import Path

import minddpg

ROOT = Path(__file__).parent.parent


def first(pattern, name):
    """Return the first match's group in a file of the repository."""
    found = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{name} names no version"
    return found[1]


def test_the_installed_version_is_the_packages_own():
    assert version("minddpg") == minddpg.__version__


def test_the_changelogs_newest_version_is_the_packages():
    assert first(r"^## \[([^\]]+)\]", "CHANGELOG.md") == minddpg.__version__


def test_the_version_to_cite_is_the_packages():
    assert first(r"^version: \"?([^\"\s]+)", "CITATION.cff") == minddpg.__version__


def test_pyproject_repeats_no_version():
    assert first(r"^dynamic = \[(.*)\]$", "pyproject.toml") == '"version"'
