"""Make the README's links absolute for PyPI, which shows it without the files it links to.

Everything else about the package is in pyproject.toml.
"""

import re
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
ADDRESS = "https://github.com/minddpg/minddpg"
CODE = (ROOT / "minddpg" / "__init__.py").read_text(encoding="utf-8")
VERSION = re.findall(r'^__version__ = "(.+)"', CODE, re.MULTILINE)[0]


def absolute(link: re.Match[str]) -> str:
    """Return a link to the file as it is in this version's tag."""
    path = link[1]
    kind = "raw" if path.endswith((".png", ".gif")) else "blob"
    return f"]({ADDRESS}/{kind}/v{VERSION}/{path})"


README = (ROOT / "README.md").read_text(encoding="utf-8")
setup(
    long_description=re.sub(r"\]\((?![a-z]+:|#)([^()\s]+)\)", absolute, README),
    long_description_content_type="text/markdown",
)
