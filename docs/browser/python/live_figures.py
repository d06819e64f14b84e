"""Matplotlib's backend for a page: a figure is shown below its cell, as in a notebook.

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

SHARPEST = 2.0  # a phone has up to 4 pixels in one, and a figure would take long

scale = 1.0  # pixels of the screen in one pixel of the page
show: Callable[[Figure], None] = lambda figure: None  # noqa: E731  (the session sets it)


class FigureManager(FigureManagerBase):
    """Shows a figure when it is asked to, and has no window."""

    def show(self) -> None:
        show(self.canvas.figure)
        pyplot.close(self.canvas.figure)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        show_all()


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager  # type: ignore[assignment]


def show_all() -> None:
    """Show the open figures in their order, and close them."""
    for number in pyplot.get_fignums():
        pyplot.figure(number).show()


def close_all() -> None:
    pyplot.close("all")


def is_figure(value: Any) -> bool:
    return isinstance(value, Figure)


def picture(figure: Figure) -> dict[str, Any]:
    """Draw a figure, cut to its content, and close it; `width` is in pixels of the page."""
    file, sharpness = io.BytesIO(), min(scale, SHARPEST)
    figure.savefig(file, format="png", dpi=figure.dpi * sharpness, bbox_inches="tight")
    pyplot.close(figure)
    png = file.getvalue()
    pixels = int.from_bytes(png[16:20], "big")  # of the PNG's header
    return {"image/png": b64encode(png).decode(), "width": round(pixels / sharpness)}
