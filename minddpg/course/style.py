"""Set the style of all figures, and draw what figures of several chapters share."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..experiments.plots import seed_dots
from ..nn.layers import Array
from ..training.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    POSITIVE,
    SIGNED,
    SKY,
    YELLOW,
)
from ..training.style import use_style as use_style_of_files

__all__ = [
    "BLACK",
    "BLUE",
    "CYCLE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PINK",
    "POSITIVE",
    "SIGNED",
    "SKY",
    "YELLOW",
    "draw_only",
    "show_array",
    "show_arrow",
    "show_dots",
    "show_map",
    "show_seeds",
    "use_style",
    "use_style_of_files",
]


INK = "#737373"  # readable on a white and on a black page


def use_style() -> None:
    """Set the style of a notebook's figures: white panels on a transparent background."""
    from matplotlib import rcParams

    use_style_of_files()
    rcParams.update(
        {
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )


def draw_only(axes: Any) -> None:
    """Remove the ticks, grid and frame of axes, for a drawing without scales."""
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


def show_array(
    axes: Any,
    array: Array,
    title: str,
    rows: str = "",
    columns: str = "",
    limit: float | None = None,
) -> Any:
    """Draw an array in colours centred at zero, with its shape in the title; return the image.

    Args:
        rows, columns: labels of the two axes.
        limit: the absolute value at which the colours end; by default the largest entry.
    """
    table = np.atleast_2d(array)
    limit = limit or float(np.abs(table).max()) or 1.0
    image = axes.imshow(table, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    shape = " × ".join(map(str, np.shape(array))) or "a number"
    axes.set_title(f"{title}\n{shape}")
    axes.set(xticks=[], yticks=[], xlabel=columns, ylabel=rows)
    axes.grid(False)
    axes.spines[:].set_visible(True)
    return image


def show_arrow(axes: Any, start: Any, end: Any, color: str, **line: Any) -> None:
    """Draw an arrow from one point to another."""
    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": color, **line})


def show_map(
    axes: Any,
    values: Array,
    x: Array,
    y: Array,
    labels: tuple[str, str],
    signed: bool = False,
    **options: Any,
) -> Any:
    """Draw a function of two variables, values (len(y), len(x)), in colours; return the image."""
    limit = float(np.abs(values).max())
    span = {"vmin": -limit, "vmax": limit, "cmap": SIGNED} if signed else {"cmap": POSITIVE}
    image = axes.pcolormesh(x, y, values, shading="nearest", **{**span, **options})
    axes.set(xlabel=labels[0], ylabel=labels[1])
    axes.grid(False)
    return image


def show_seeds(axes: Any, steps: Array, runs: Array, label: str, color: str) -> None:
    """Draw runs (seeds, len(steps)): a thin line for each seed, a thick line for the median."""
    axes.plot(steps, np.transpose(runs), color=color, alpha=0.25, linewidth=0.8)
    axes.plot(steps, np.median(runs, axis=0), color=color, label=label)


def show_dots(axes: Any, names: Sequence[str], values: Any, colors: Sequence[str]) -> None:
    """Draw values (variants, seeds): a dot for each seed above the name of its variant."""
    for i, (by_seed, color) in enumerate(zip(values, colors, strict=True)):
        seed_dots(axes, i, np.sort(by_seed), width=0.4, color=color, alpha=0.7, markersize=5)
    axes.set_xticks(range(len(names)), names)
