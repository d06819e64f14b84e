"""Copy pages from other folders of the repository into docs/, so that the site contains them."""

from pathlib import Path

from sphinx.application import Sphinx

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
NOTEBOOKS = sorted(path.name for path in (ROOT / "tutorials").glob("*.ipynb"))
PAGES = {  # path in the repository: path of the copy in docs/, which git ignores
    "tutorials/README.md": "course/index.md",
    **{f"tutorials/{name}": f"course/{name}" for name in NOTEBOOKS},
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
}


def gather(app: Sphinx) -> None:
    """Copy the pages from other folders."""
    for origin, page in PAGES.items():
        text, copy = (ROOT / origin).read_text(encoding="utf-8"), DOCS / page
        copy.parent.mkdir(exist_ok=True)
        if not copy.exists() or copy.read_text(encoding="utf-8") != text:
            copy.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", gather)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
