"""Make a notebook that students can open without this repository."""

import re
import shutil
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SITE = "https://minddpg.github.io/minddpg"  # pyproject.toml's address of the documentation
IMAGE = re.compile(r"\]\((images/[^)]+)\)")
LINK = re.compile(r"\]\((?![a-z]+:|#|images/)([^)#]+)(#[^)]*)?\)")  # to a file in this repository


def stand_alone(book: Any, folder: Path) -> None:
    """Copy a notebook's images to its folder, and let its links lead to the site, in place."""
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for image in IMAGE.findall(cell.source):
                (folder / image).parent.mkdir(exist_ok=True)
                shutil.copy(HERE / image, folder / image)
            cell.source = LINK.sub(
                lambda link: f"]({_address(link[1])}{link[2] or ''})", cell.source
            )


def _address(path: str) -> str:
    """Return the site's address of a file that a notebook links to."""
    inside = (HERE / path).resolve().relative_to(HERE.parent).as_posix()
    if inside.endswith(".py"):
        return f"{SITE}/source/{inside}.html"
    folder, _, name = inside.removeprefix("docs/").rpartition("/")
    folder = folder.replace("tutorials", "course")
    page = "index" if name == "README.md" else name.rpartition(".")[0]
    return "/".join(filter(None, (SITE, folder, f"{page}.html")))
