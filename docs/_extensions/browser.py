"""Add what the site needs to run Python in a browser: packages, and Pyodide if it was fetched."""

import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from bugs_json import described_bugs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

import minddpg

DOCS = Path(__file__).parents[1]
sys.path.insert(0, str(DOCS / "browser"))
import fetch  # noqa: E402
import live_cells  # noqa: E402

PURE = ("gymnasium", "cloudpickle", "farama-notifications", "tqdm", "typing_extensions")
KEPT = (".py", ".npz", ".typed", "METADATA", "LICENSE", "LICENCE", "LICENSE.txt")


def packages() -> Iterator[tuple[str, bytes]]:
    """Yield each file that the browser's Python needs besides NumPy and matplotlib."""
    for path in sorted((DOCS / "browser/python").glob("*.py")):
        yield path.name, path.read_bytes()
    package = Path(minddpg.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.name.endswith(KEPT):
            yield path.relative_to(package.parent).as_posix(), path.read_bytes()
    about = f"Metadata-Version: 2.1\nName: minddpg\nVersion: {minddpg.__version__}\n"
    yield f"minddpg-{minddpg.__version__}.dist-info/METADATA", about.encode()
    for name in PURE:  # from the environment that builds the site, without a network
        for file in metadata.files(name) or ():
            if file.name.endswith(KEPT) and ".." not in file.parts:
                yield file.as_posix(), file.read_binary()


def bundle(site: Path) -> None:
    """Write packages.zip, site.json and bugs.json, and copy Pyodide if fetch.py has fetched it.

    Raises:
        ExtensionError: a file of Pyodide is missing, or differs from the lock file.
    """
    folder = site / "python"
    with zipfile.ZipFile(folder / "packages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in packages():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    is_fetched = fetch.DEFAULT.is_dir()
    if is_fetched and (missing := fetch.missing_in(fetch.DEFAULT)):
        raise ExtensionError(f"{fetch.DEFAULT}: {', '.join(missing)}; run docs/browser/fetch.py")
    shutil.rmtree(folder / "pyodide", ignore_errors=True)
    for name in fetch.wanted() if is_fetched else ():
        (folder / "pyodide").mkdir(exist_ok=True)
        shutil.copy(fetch.DEFAULT / name, folder / "pyodide" / name)
    (folder / "site.json").write_text(json.dumps({"selfHosted": is_fetched}), encoding="utf-8")
    bugs = json.dumps(described_bugs(), ensure_ascii=False)
    (site / "playground/bugs.json").write_text(bugs, encoding="utf-8")


def offer_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the scripts of chapters and of the start page; without a web server they do nothing."""
    if page == "index":
        app.add_js_file("start_page.js", defer="defer")
    live_cells.offer(app, page, context, app.config.browser_is_fetched)


def finish(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        bundle(Path(app.outdir))
        live_cells.write_notebooks(Path(app.outdir))


def setup(app: Sphinx) -> dict[str, Any]:
    # as a value of the configuration, so that Sphinx rewrites all pages when it changes
    app.add_config_value("browser_is_fetched", fetch.DEFAULT.is_dir(), "html")
    app.connect("doctree-read", live_cells.name_cells)
    app.connect("html-page-context", offer_scripts)
    app.connect("build-finished", finish)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
