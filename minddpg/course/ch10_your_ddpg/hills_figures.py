"""Chapter 10: the film of Q*, exact Q^μ and learned Q, and three moments of it.

python -m minddpg.course.ch10_your_ddpg.hills_figures tutorials/images/imaginary_hills.gif
"""

import sys
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..precomputed import precomputed
from ..style import BLACK, BLUE, GREY, ORANGE, SIGNED, use_style
from .hills import STEEP, TENTHS

LIMIT = 6.0  # where the colours end, in units of return
KEY = "Arrows: which way is up; magenta: only in $Q_\\theta$"
REAL, IMAGINARY = BLACK, "#E600E6"
FRAMES_PER_SECOND, STILL = 2, 6  # the last frame stays for this many
TITLES = {"star": "Q*", "mu": "exact Q of this actor, $Q^\\mu$", "theta": "learned $Q_\\theta$"}


def moments(film: dict[str, Array], frames: list[int]) -> Any:
    """Draw some frames below each other."""
    from matplotlib import pyplot as plt

    figure, rows = plt.subplots(
        len(frames), 3, figsize=(10, 2.35 * len(frames) + 0.6), sharex=True, sharey=True
    )
    for place, (i, row) in enumerate(zip(frames, rows, strict=True)):
        image = _maps(row, film, i)
        row[0].set_ylabel(f"after episode {film['episode'][i]}\naction, in units of 2 N m")
        for axes in row:
            axes.set_title(axes.get_title() if place == 0 else "")
            axes.set_xlabel(axes.get_xlabel() if place == len(frames) - 1 else "")
    bar = figure.colorbar(image, ax=rows, shrink=0.6, extend="both")
    bar.set_label("Q minus its mean over actions, at each angle")
    figure.suptitle(f"The actor (line) climbs the red hills of the right column. {KEY}")
    return figure


def frame(film: dict[str, Array], i: int, exact: float) -> Any:
    """Draw one frame of the film: three maps above, how things stand below."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(10, 5.2), dpi=90)
    grid = figure.add_gridspec(2, 6, height_ratios=(3, 2))
    row = [figure.add_subplot(grid[0, 2 * k : 2 * k + 2]) for k in range(3)]
    _maps(row, film, i)
    row[0].set_ylabel("action, in units of 2 N m")
    share, earned = figure.add_subplot(grid[1, :3]), figure.add_subplot(grid[1, 3:])
    for axes, name, scale, color, label in (
        (share, "agree", 100, GREY, "all states"),
        (share, "agree_steep", 100, BLUE, f"steep: |slope| > {STEEP:g}"),
        (earned, "return", 1, BLUE, "this actor"),
    ):
        episode, values = film["episode"], scale * film[name]
        axes.plot(episode, values, color=color, linewidth=0.7, alpha=0.5)
        axes.plot(episode[: i + 1], values[: i + 1], color=color, label=label)
        axes.plot(episode[i], values[i], "o", color=color)
        axes.set_xlabel("episodes of training")
    share.axhline(50, color=BLACK, linestyle=":", linewidth=1)
    share.set(ylim=(0, 100), ylabel="%")
    share.set_title("Replayed states where $Q_\\theta$ and $Q^\\mu$ agree which way is up")
    earned.axhline(exact, color=ORANGE, linestyle="--", linewidth=1, label="exact policy")
    earned.set(ylabel="return", ylim=(-1700, 0))
    earned.set_title("Return without noise")
    for axes in (share, earned):
        axes.legend(loc="lower right")
    figure.suptitle(f"After episode {film['episode'][i]}. Arrows: which way is up", x=0.3)
    key = {"boxstyle": "square,pad=0.15", "facecolor": IMAGINARY, "edgecolor": IMAGINARY}
    text = "an imaginary hill: only in $Q_\\theta$"  # its box keeps the colour in the GIF's palette
    figure.text(0.985, 0.978, text, color="white", ha="right", va="center", fontsize=9, bbox=key)
    return figure


def _maps(row: Any, film: dict[str, Array], i: int) -> Any:
    """Draw the three maps of one moment, the actor on each, and its arrows; return an image."""
    angles, actions, action = film["angles"], film["actions"], film["action"][i]
    for axes, name in zip(row, TITLES, strict=True):
        q = film["q_star"] if name == "star" else film[f"q_{name}"][i]
        q = q / TENTHS - np.mean(q / TENTHS, axis=0)
        image = axes.pcolormesh(angles, actions, q, cmap=SIGNED, vmin=-LIMIT, vmax=LIMIT)
        slopes = film[f"slope_{name}"][i]
        wrong = (
            np.sign(slopes) != np.sign(film["slope_mu"][i]) if name == "theta" else slopes != slopes
        )
        axes.plot(angles, action, color=BLACK, linewidth=2)
        for k in range(1, len(angles), 3):
            _arrow(axes, angles[k], action[k], slopes[k], IMAGINARY if wrong[k] else REAL)
        axes.set(
            xlim=(-np.pi, np.pi),
            ylim=(-1.75, 1.75),
            yticks=(-1, 0, 1),
            xlabel="angle, rad (0 is upright)",
        )
        axes.set_title(TITLES[name])
        axes.grid(False)
    return image


def _arrow(axes: Any, x: float, y: float, slope: float, color: str) -> None:
    length = 0.5 * np.tanh(abs(slope) / LIMIT) + 0.2
    end = (x, y + float(np.sign(slope)) * length)
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, (x, y), arrowprops=style, annotation_clip=False)


def main(path: str) -> None:
    """Write the film, drawn from the precomputed result ch10/hills."""
    from matplotlib import pyplot as plt
    from matplotlib.animation import PillowWriter

    plt.switch_backend("agg")
    use_style()
    film, exact = precomputed("ch10/hills"), float(precomputed("ch10/exact")["returns"].mean())
    last = len(film["episode"]) - 1
    writer: Any = PillowWriter(fps=FRAMES_PER_SECOND)
    for i in range(last + 1):
        writer.fig = frame(film, i, exact)
        if i == 0:
            writer.setup(writer.fig, path, writer.fig.dpi)
        for _ in range(STILL if i == last else 1):
            writer.grab_frame()
        plt.close(writer.fig)
    writer.finish()


if __name__ == "__main__":
    main(sys.argv[1])
