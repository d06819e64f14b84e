"""Give all figures one style: colours, matplotlib's settings, axes; write a figure to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..storage import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLACK, GREY = "#222222", "#8C8C8C"
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"  # Okabe and Ito: safe for colour-blind eyes
PINK, SKY, YELLOW = "#CC79A7", "#56B4E9", "#E69F00"
CYCLE = (BLUE, ORANGE, GREEN, PINK, SKY, YELLOW)
SIGNED, POSITIVE = "RdBu_r", "cividis"  # colour maps: around zero, and from low to high


def use_style() -> None:
    """Give this style to all figures that matplotlib draws from now on."""
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


def tidy_axes(axes: "Axes") -> None:
    """Apply the style to one pair of axes."""
    axes.grid(color="0.9")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def save(figure: "Figure", path: Path) -> Path:
    """Write a figure atomically, in the format of the path's suffix."""
    kind = path.suffix[1:] or "png"
    write_atomically(path, lambda file: figure.savefig(file, format=kind))
    return path
