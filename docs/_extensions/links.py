"""Change the links of pages, which are written for GitHub, into links within the site.

`../tutorials/04_backprop.ipynb` leads to the rendered notebook, `../minddpg/nn/layers.py` to a page
made by `sources.py`, any other file outside `docs/` to the repository. An address of the public
site becomes an address within the built site. A link to a Python file after a quoted piece of its
code leads to the line of this code. A quoted line and the name of a test become links to their
lines. If a link shows the file name of a page, it shows the title instead.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

from gather import DOCS, PAGES, ROOT
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

REPOSITORY = "https://github.com/minddpg/minddpg"  # pyproject.toml's address of the source
SITE = "https://minddpg.github.io/minddpg"  # pyproject.toml's address of the documentation
ITSELF = re.compile(rf" · \[[^\]]+\]\({SITE}/course/[^)]+\)[^\n]*")  # a notebook's own page
WITHIN = re.compile(rf"\]\({SITE}/([^)\s]*)\)")
LINK = re.compile(r"(?:`([^`]+)`\s\[[\w./]+)?\]\((?![a-z]+:|#)([^()\s#]+)(#[^()\s]*)?\)")
FILE_NAME = re.compile(r"\[`?[\w/-]+\.md`?\]\((?=[^():#\s]+\.md[#)])")
QUOTE = re.compile(r"^> `(.+)` · `([\w/]+\.py)`$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)`(?!\])")


def led(text: str, docname: str) -> str:
    """Return a page's text with the links for the site."""
    origins = {page.partition(".")[0]: origin for origin, page in PAGES.items()}
    folder = (ROOT / origins.get(docname, f"docs/{docname}")).parent
    here = (DOCS / docname).parent

    def source(path: str, fragment: str) -> str:
        return f"{os.path.relpath(DOCS / 'source' / path, here)}.html{fragment}"

    def lead(link: re.Match[str]) -> str:
        code, file, fragment = link[1], folder / link[2], link[3] or ""
        path, text = os.path.relpath(file, ROOT), link[0].partition("](")[0]
        if path in PAGES:
            return f"{text}]({os.path.relpath(DOCS / PAGES[path], here)}{fragment})"
        if path.endswith(".py"):
            number = line_of(code, path) if code else None
            return f"{text}]({source(path, f'#L{number}' if number else '')}){{.external}}"
        if file.suffix in {".png", ".gif"} or path.startswith("docs/"):
            return f"{text}]({os.path.relpath(file, here)}{fragment})"
        return f"{text}]({REPOSITORY}/blob/main/{path}{fragment})" if file.exists() else link[0]

    def stay(link: re.Match[str]) -> str:
        page = DOCS / link[1] / ("index.html" if link[1].endswith("/") else "")
        return f"]({os.path.relpath(page, here)}){{.external}}"

    def cite(quote: re.Match[str]) -> str:
        code, path = quote.groups()
        number = line_of(code, f"minddpg/{path}")
        if number is None:
            raise ExtensionError(f"{docname} quotes a line that {path} does not have: {code}")
        place = source(f"minddpg/{path}", f"#L{number}")
        return f"> `{code}`  \n> [{path}, line {number}]({place}){{.external}}"

    def name_test(test: re.Match[str]) -> str:
        place = tests().get(test[1])
        return f"[{test[0]}]({source(*place)}){{.external}}" if place else test[0]

    text = LINK.sub(lead, FILE_NAME.sub("[](", text))
    return TEST.sub(name_test, QUOTE.sub(cite, WITHIN.sub(stay, text)))


def line_of(code: str, path: str) -> int | None:
    """Return the number of the first line of a file that contains this piece of code."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, 1) if code in line), None)


@cache
def tests() -> dict[str, tuple[str, str]]:
    """Return for each test its file and the anchor of its line."""
    return {
        name[1]: (path.relative_to(ROOT).as_posix(), f"#L{number}")
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (name := re.match(r"(?:def )?(test_\w+)", line))
    }


def read(app: Sphinx, docname: str, content: list[str]) -> None:
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        content[0] = led(content[0], docname)
        return
    notebook = json.loads(content[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = led(ITSELF.sub("", "".join(cell["source"])), docname)
    content[0] = json.dumps(notebook)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
