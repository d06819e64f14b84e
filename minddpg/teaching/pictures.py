"""One look for every figure of the course, and the pictures that several chapters draw."""

from typing import Any

import numpy as np

from ..nn.layers import Array

BLACK, GREY = "#222222", "#8C8C8C"
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # Okabe and Ito: safe for colour-blind eyes
PINK, SKY, YELLOW = "#CC79A7", "#56B4E9", "#E69F00"
CYCLE = (BLUE, ORANGE, GREEN, PINK, SKY, YELLOW)
SIGNED, POSITIVE = "RdBu_r", "cividis"  # colour maps: around zero, and from low to high


def use_style() -> None:
    """Set matplotlib up for this notebook."""
    from matplotlib import rcParams, rcsetup

    rcParams.update(
        {
            "figure.figsize": (7.2, 3.4),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "figure.titleweight": "bold",
            "axes.prop_cycle": rcsetup.cycler(color=CYCLE),
            "axes.titlesize": 10,
            "axes.labelsize": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "0.9",
            "xtick.labelsize": 8,
            "ytick.labelsize": 8,
            "legend.frameon": False,
            "legend.fontsize": 8,
            "lines.linewidth": 1.8,
            "image.cmap": POSITIVE,
        }
    )


def show_array(
    axes: Any,
    array: Array,
    title: str,
    rows: str = "",
    columns: str = "",
    limit: float | None = None,
) -> Any:
    """Draw an array's entries as colours around zero, its shape in the title; return the image.

    Args:
        rows, columns: what the two axes count.
        limit: the absolute value at which colours end; default the largest.
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
    """Draw a function of two variables, values (len(y), len(x)), as colours; return the image."""
    limit = float(np.abs(values).max())
    span = {"vmin": -limit, "vmax": limit, "cmap": SIGNED} if signed else {"cmap": POSITIVE}
    image = axes.pcolormesh(x, y, values, shading="nearest", **{**span, **options})
    axes.set(xlabel=labels[0], ylabel=labels[1])
    axes.grid(False)
    return image


def show_seeds(axes: Any, steps: Array, runs: Array, label: str, color: str) -> None:
    """Draw a line for each seed, runs (seeds, len(steps)), and a strong one for their median."""
    axes.plot(steps, np.transpose(runs), color=color, alpha=0.25, linewidth=0.8)
    axes.plot(steps, np.median(runs, axis=0), color=color, label=label)
