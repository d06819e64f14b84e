"""The documentation site: `sphinx-build -W docs build/site`."""

import sys
from pathlib import Path

import numpy.typing

import minddpg


class Array:
    """What signatures say, as the code does, instead of what `NDArray[Any]` stands for."""

    __module__ = "minddpg.nn.layers"

    def __class_getitem__(cls, dtype: object) -> type["Array"]:
        return cls


numpy.typing.NDArray = Array
sys.path.insert(0, str(Path(__file__).with_name("_extensions")))
from links import REPOSITORY  # noqa: E402
from sources import linkcode_resolve  # noqa: E402, F401  (read by sphinx.ext.linkcode)

project = "minddpg"
author = "The minddpg authors"
project_copyright = "2026, the minddpg authors"
version = release = minddpg.__version__

extensions = [
    "myst_nb",
    "sphinx_copybutton",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.linkcode",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",  # formulas are drawn by files of the site itself
    "browser",
    "gather",
    "links",
    "search_words",
    "sources",
]
exclude_patterns = ["results/*/table.md", "_extensions", "browser"]
myst_enable_extensions = ["attrs_inline", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
nb_execution_mode = "off"  # the notebooks are committed executed; tutorials/build.py checks them
nb_merge_streams = True

default_role = "code"  # docstrings are written as Markdown: `this` is code
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 80

html_theme = "furo"
html_title = "minddpg"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_extra_path = ["browser/site"]  # the playground, and the scripts that run Python in a browser
html_css_files = ["minddpg.css"]
html_js_files = [("tables.js", {"defer": "defer"})]
html_theme_options = {
    "footer_icons": [
        {
            "name": "Source code",
            "url": REPOSITORY,
            "html": '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2">'
            '<path d="M8 6l-6 6 6 6M16 6l6 6-6 6"></path></svg>',
            "class": "",
        }
    ]
}
# Code can be copied, but not what a program prints, nor the cells of a chapter, which run.
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre:not(.cell *)"
html_copy_source = False
html_domain_indices = False
html_use_index = False  # search and the reference do that
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
