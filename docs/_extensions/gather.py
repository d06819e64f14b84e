"""Make one site of pages from all over the repository.

A page links to files as on GitHub. On the site `../tutorials/06_policy_gradient.ipynb` becomes the
rendered notebook, `../minddpg/nn/layers.py#L20` that line on a page made by `sources.py`, and any
other file outside `docs/` its address in the public repository.
"""

import os
import re
from pathlib import Path

from sphinx.application import Sphinx

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
REPOSITORY = "https://github.com/minddpg/minddpg/blob/main"
NOTEBOOKS = sorted(path.name for path in (ROOT / "tutorials").glob("*.ipynb"))
PAGES = {  # where it lies in the repository: where it stands below docs/
    "tutorials/README.md": "course/index.md",
    **{f"tutorials/{name}": f"course/{name}" for name in NOTEBOOKS},
    "README.md": "project/reading-order.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
}
LINK = re.compile(r"\]\((?![a-z]+:|#)([^()\s#]+)(#[^()\s]*)?\)")
READING = re.compile(r"\n## Read it in this order\n.+?(?=\n## A run's folder)", re.DOTALL)
QUOTE = re.compile(r"^> `(?P<code>.+)` · `(?P<path>[\w/]+\.py)`$", re.MULTILINE)


def gather(app: Sphinx) -> None:
    """Copy the pages of the repository into docs/, where git ignores them."""
    for origin, page in PAGES.items():
        text, copy = (ROOT / origin).read_text(encoding="utf-8"), DOCS / page
        if origin == "README.md":  # the start page says the rest
            text = "# The code, in reading order\n" + READING.search(text)[0]
        copy.parent.mkdir(exist_ok=True)
        if not copy.exists() or copy.read_text(encoding="utf-8") != text:
            copy.write_text(text, encoding="utf-8")


def link(app: Sphinx, docname: str, content: list[str]) -> None:
    """Lead every link to a file to where the site has that file."""
    origins = {page.rsplit(".", 1)[0]: origin for origin, page in PAGES.items()}
    folder = (ROOT / origins.get(docname, f"docs/{docname}")).parent
    here = (DOCS / docname).parent

    def lead(match: re.Match[str]) -> str:
        file, fragment = folder / match[1], match[2] or ""
        path = os.path.relpath(file, ROOT)
        if path in PAGES:
            return f"]({os.path.relpath(DOCS / PAGES[path], here)}{fragment})"
        if path.endswith(".py"):
            page = os.path.relpath(DOCS / "source" / path, here)
            return f"]({page}.html{fragment}){{.external}}"
        if file.suffix in {".png", ".gif"} or path.startswith("docs/"):
            return f"]({os.path.relpath(file, here)}{fragment})"
        return f"]({REPOSITORY}/{path}{fragment})" if file.exists() else match[0]

    def cite(match: re.Match[str]) -> str:
        lines = (ROOT / "minddpg" / match["path"]).read_text(encoding="utf-8").splitlines()
        number = next(i for i, line in enumerate(lines, 1) if match["code"] in line)
        page = os.path.relpath(DOCS / "source/minddpg" / match["path"], here)
        name = f"[{match['path']}, line {number}]({page}.html#L{number}){{.external}}"
        return f"> `{match['code']}`  \n> {name}"

    content[0] = QUOTE.sub(cite, LINK.sub(lead, content[0]))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", gather)
    app.connect("source-read", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
