"""Prepare live cells: the data for the script on a chapter's page, and the blank notebooks."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

TUTORIALS = Path(__file__).parents[2] / "tutorials"
CHAPTER = re.compile(r"course/((\d\d)_\w+)")
LOADING = (  # a page opened as a file has no workers, so it loads nothing
    'if (location.protocol.startsWith("http"))'
    ' import("{address}").then((live) => live.offer({about}));'
)


def name_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Give each code cell of a page the id of the notebook's cell, such as cell-04-009."""
    page = CHAPTER.fullmatch(app.env.docname)
    if not page:
        return
    cells = notebook(page[1])["cells"]
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            node["ids"].append(f"cell-{cells[node['cell_index']]['id']}")


def offer(app: Sphinx, page: str, context: dict[str, Any], is_self_hosted: bool) -> None:
    """Load the script on a page of the course, with the data that it needs."""
    if not page.startswith("course/"):
        return
    name, chapter = match.groups() if (match := CHAPTER.fullmatch(page)) else ("", "")
    about = {
        "chapter": chapter,  # "" on the map of the course
        "notebook": f"{name}.ipynb",
        "exercises": exercises(),
        "selfHosted": is_self_hosted,
    }
    address = context["pathto"]("live/live.js", resource=True)
    app.add_js_file(None, body=LOADING.format(address=address, about=json.dumps(about)))


def write_notebooks(site: Path) -> None:
    """Write each chapter's notebook without outputs into the site, as the start of an export."""
    folder = site / "live/notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    for path in chapters():
        book = notebook(path.stem)
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        (folder / path.name).write_text(json.dumps(book), encoding="utf-8")


def chapters() -> list[Path]:
    return sorted(TUTORIALS.glob("[0-9][0-9]_*.ipynb"))


def notebook(name: str) -> dict[str, Any]:
    book: dict[str, Any] = json.loads((TUTORIALS / f"{name}.ipynb").read_text(encoding="utf-8"))
    return book


@cache
def exercises() -> dict[str, list[str]]:
    """Return the numbers of each chapter's exercises."""
    texts = {path.stem[:2]: path.read_text(encoding="utf-8") for path in chapters()}
    heading = re.compile(r'"### Exercise (\d\d\.\d+) ')
    return {chapter: heading.findall(text) for chapter, text in texts.items()}
