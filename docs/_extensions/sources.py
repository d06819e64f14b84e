"""Make a page for every Python file, with an anchor at every line for links to code."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
FOLDERS = ("minddpg", "tests", "tutorials")


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    formatter = HtmlFormatter(
        lineanchors="L", linespans="line", anchorlinenos=True, linenos="inline"
    )
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            code = highlight(path.read_text(encoding="utf-8"), PythonLexer(), formatter)
            body = f"<div class='source'><h1>{name}</h1>\n{code.replace('L-', 'L')}</div>"
            yield f"source/{name}", {"title": name, "body": body}, "page.html"


def linkcode_resolve(domain: str, info: dict[str, str]) -> str | None:
    """Return the address of the line that defines a Python object, relative to a page in api/."""
    if not info["module"]:
        return None
    found: Any = importlib.import_module(info["module"])
    for name in info["fullname"].split("."):
        found = getattr(found, name, None)
    found = inspect.unwrap(getattr(found, "fget", found))  # the function of a property or decorator
    try:
        file, line = inspect.getsourcefile(found), inspect.getsourcelines(found)[1]
    except TypeError:  # a plain attribute has no source line
        return None
    return f"../source/{Path(str(file)).relative_to(ROOT).as_posix()}.html#L{line}"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-collect-pages", pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
