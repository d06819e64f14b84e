"""Turn a value into what the page can show: a picture, HTML or text."""

from base64 import b64encode
from typing import Any

import live_figures

METHODS = {  # by which a class can show itself, and the kind of content that each returns
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
}


def bundle(value: Any) -> dict[str, Any]:
    """Return the contents that a value offers, by kind; the page shows the richest."""
    if live_figures.is_figure(value):
        return live_figures.picture(value)
    make = _method(value, "_repr_mimebundle_")
    if make:
        made = make(include=None, exclude=None)
        return dict(made[0] if isinstance(made, tuple) else made)
    shown = {"text/plain": repr(value)}
    for name, kind in METHODS.items():
        show = _method(value, name)
        content = show() if show else None
        if content:
            shown[kind] = b64encode(content).decode() if isinstance(content, bytes) else content
    return shown


def _method(value: Any, name: str) -> Any:
    """Return the method of an object, or None; a class that is displayed has no methods here."""
    return None if isinstance(value, type) else getattr(value, name, None)
