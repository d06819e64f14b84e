"""A backend of Matplotlib for a page: it shows a figure below its cell, as in a notebook.

matplotlib.use("module://live_figures")
"""

import io
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SHARPEST = 2.0  # the highest scale of a figure; a phone's 4 would take long

scale = 1.0  # screen pixels per page pixel
show: Callable[[Figure], None] = lambda figure: None  # noqa: E731  (the session sets it)


class FigureManager(FigureManagerBase):
    """Shows a figure on the page instead of in a window."""

    def show(self) -> None:
        show(self.canvas.figure)
        pyplot.close(self.canvas.figure)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        show_all()


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager  # type: ignore[assignment]


def show_all() -> None:
    """Show the open figures in order, and close them."""
    for number in pyplot.get_fignums():
        pyplot.figure(number).show()


def close_all() -> None:
    pyplot.close("all")


def is_figure(value: Any) -> bool:
    return isinstance(value, Figure)


def picture(figure: Figure) -> dict[str, Any]:
    """Draw a figure, cropped to its content, and close it; `width` is in page pixels."""
    file, sharpness = io.BytesIO(), min(scale, SHARPEST)
    figure.savefig(file, format="png", dpi=figure.dpi * sharpness, bbox_inches="tight")
    pyplot.close(figure)
    png = file.getvalue()
    pixels = int.from_bytes(png[16:20], "big")  # the width in the PNG's header
    return {"image/png": b64encode(png).decode(), "width": round(pixels / sharpness)}
