"""How a value is shown: as a picture, as HTML or as text."""

from base64 import b64encode
from typing import Any

import live_figures

METHODS = {  # of a class that can show itself, and the kind of what it returns
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
}


def bundle(value: Any) -> dict[str, Any]:
    """Return what the page can show of a value, by kind; it takes the richest."""
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
    """Return a method of an object, and not of a class that was displayed itself."""
    return None if isinstance(value, type) else getattr(value, name, None)
