"""Print the README with absolute links for PyPI, which does not have the linked files.

.venv/bin/python docs/_generate/pypi_readme.py > absolute.md
"""

import re
import sys
from pathlib import Path

import minddpg

ADDRESS = "https://github.com/minddpg/minddpg"
README = Path(__file__).parents[2] / "README.md"


def absolute(link: re.Match[str]) -> str:
    """Return a link to the file at the tag of this version."""
    path = link[1]
    kind = "raw" if path.endswith((".png", ".gif")) else "blob"
    return f"]({ADDRESS}/{kind}/v{minddpg.__version__}/{path})"


def text() -> str:
    """Return the README with absolute links."""
    readme = README.read_text(encoding="utf-8")
    return re.sub(r"\]\((?![a-z]+:|#)([^()\s]+)\)", absolute, readme)


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
