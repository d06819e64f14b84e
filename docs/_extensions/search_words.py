"""Let the search find a page by words that readers type and the page does not use."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

WORDS = {
    "quickstart": ("getting started", "installation"),
    "settings": ("hyperparameters", "learning rate", "lr", "gamma"),
    "how-to/own-environment": ("custom environment", "custom env"),
    "how-to/use-a-policy": ("save model", "load model", "deploy", "inference"),
    "how-to/resume": ("load checkpoint", "continue training"),
    "how-to/when-it-does-not-learn": ("does not learn", "not learning", "nan loss"),
    "performance": ("benchmark", "speed"),
    "reliability": ("reproducibility", "reproducible", "deterministic"),
    "compare": ("gpu", "cuda", "alternatives"),
}


def add(app: Sphinx, doctree: nodes.document) -> None:
    """Add a page's words as entries of an index, which the search reads and no page shows."""
    entries = [
        ("single", word, "", "main", None)
        for word in WORDS.get(app.env.current_document.docname, ())
    ]
    doctree.append(addnodes.index(entries=entries))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
