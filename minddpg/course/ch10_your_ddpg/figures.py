"""Figures of chapter 10: one update's arrays, equality, probes, curves, hills of Q.

python -m minddpg.course.ch10_your_ddpg.figures tutorials/images/imaginary_hills.gif

writes the video of Q*, exact Q^μ and learned Q.

N batch, K seeds, T evaluations.
"""

import sys
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import TIME_LIMIT
from ..precomputed import precomputed
from ..style import (
    BLACK,
    BLUE,
    CYCLE,
    GREY,
    INK,
    ORANGE,
    SIGNED,
    SKY,
    show_seeds,
    use_style_of_files,
)
from .hills import ACTIONS, ANGLES, STEEP, TENTHS
from .probes import PARTS, TOLERANCE
from .probes import failed as wrong_probes
from .swing_up import CASES

Named = dict[str, Array]

# of the hills
ENOUGH = CASES[0]["enough"]  # of exercise 10.3
LIMIT = 6.0  # where the colours end, in units of return
KEY = "Arrows: where Q rises; magenta: only in $Q_\\theta$"
REAL, IMAGINARY = BLACK, "#E600E6"
FRAMES_PER_SECOND, STILL = 2, 6  # the last frame stays for this many
SHOWN = (*range(5, 16), 18, 21, 25, 30, 35, 40)  # episodes in the video
TITLES = {"star": "Q*", "mu": "exact Q of this actor, $Q^\\mu$", "theta": "learned $Q_\\theta$"}


def one_update(groups: dict[str, list[tuple[str, Array]]]) -> Any:
    """Draw the arrays (N,) or (N, ·) of one update as strips, a colour scale for each column."""
    from matplotlib import pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    strips = [strip for group in groups.values() for strip in group]
    widths = [1 + 0.35 * (np.size(array[0]) - 1) for _, array in strips]
    layout = ConstrainedLayoutEngine(rect=(0, 0, 1, 0.86))  # room for the groups' names
    figure, panels = plt.subplots(
        1, len(strips), figsize=(10, 4.4), width_ratios=widths, layout=layout
    )
    for axes, (name, array) in zip(panels, strips, strict=True):
        table = np.reshape(array, (len(array), -1))
        limits = np.maximum(np.abs(table).max(axis=0), 1e-12)
        axes.imshow(table / limits, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto")
        axes.set_title(name, fontsize=10)
        axes.set(xticks=[], yticks=[])
        shape = " × ".join(map(str, np.shape(array)))
        ends = "  ".join(f"{limit:.0f}" if limit >= 10 else f"{limit:.2g}" for limit in limits)
        axes.set_xlabel(f"{shape}\nup to\n{ends}", fontsize=8)
        axes.grid(False)
        axes.spines[:].set_visible(True)
    first = 0
    for (name, group), color in zip(groups.items(), (INK, *CYCLE), strict=False):
        here = panels[first : first + len(group)]
        at = here[0].transAxes
        here[0].text(0, 1.12, name, color=color, weight="bold", transform=at, in_layout=False)
        for axes in here:
            axes.title.set_color(color)
            axes.spines[:].set_color(color)
        first += len(group)
    panels[0].set_ylabel(f"{len(strips[0][1])} transitions")
    figure.suptitle("One update, from the minibatch to the slope that the actor gets", y=0.99)
    return figure


def equality_and_returns(distances: Named, look_alikes: Named, tolerance: float) -> Any:
    """Draw how far agents are from the correct one after each update, and their returns.

    Args:
        distances: name -> max |θ − θ of the correct code| after each update.
        look_alikes: names of agents, and returns of their last policies (names, K).
    """
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), width_ratios=(3, 2))
    for (name, values), color in zip(distances.items(), CYCLE, strict=False):
        left.semilogy(
            1 + np.arange(len(values)), np.maximum(values, 1e-18), color=color, label=name
        )
    names, returns = look_alikes["names"], look_alikes["returns"]
    for i, (values, color) in enumerate(zip(returns, CYCLE, strict=False)):
        right.plot(values, np.full(len(values), i), "o", color=color, alpha=0.7)
    left.axhline(tolerance, color=GREY, linestyle="--", linewidth=1)
    left.text(1, tolerance * 2, "tolerance of exercise 10.1", color=GREY, fontsize=8)
    left.set(xlabel="update", ylabel="largest difference of any θ", ylim=(1e-18, 10))
    left.legend(loc="center right", bbox_to_anchor=(1, 0.62))
    left.set_title("Compared with the correct code, update by update")
    right.set_yticks(range(len(names)), list(names))
    right.set_ylim(len(returns) - 0.5, -0.5)
    right.set_xlabel("return of the last policy, five seeds")
    right.set_title("Compared by their returns")
    figure.suptitle("Returns cannot tell these agents apart. Their parameters can")
    return figure


def your_curve(steps: Array, returns: Array, episodes: Array, exact: float, who: str) -> Any:
    """Draw one run: the returns of its training episodes, and of evaluations without noise."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    at = TIME_LIMIT * np.arange(1, len(episodes) + 1)
    axes.plot(at, episodes, ".", color=GREY, label="training episodes, with noise")
    axes.plot(steps, returns, "o-", color=BLUE, label="ten starts, without noise")
    _exact_line(axes, exact)
    axes.set(xlabel="environment steps", ylabel="return of an episode")
    ending = "swings the pendulum up" if max(returns) >= ENOUGH else "does not swing up yet"
    axes.set_title(f"{who[0].upper()}{who[1:]} {ending}")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def probes(rows: dict[str, list[float]]) -> Any:
    """Draw which agents pass which probes; `rows` maps an agent to its error in each probe."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    figure, axes = plt.subplots(figsize=(9, 0.42 * len(rows) + 1.3))
    for y, errors in enumerate(rows.values()):
        failed = wrong_probes(errors)
        for x, error in enumerate(errors):
            color = ORANGE if failed[x] else SKY
            first = failed[x] and not any(failed[:x])
            alpha = 1 if first else 0.45
            axes.add_patch(Rectangle((x, y), 0.96, 0.9, color=color, alpha=alpha))
            text = f"{error:.3f}" if error < 100 else "very large"
            weight = "bold" if first else "normal"
            axes.text(
                x + 0.48, y + 0.45, text, ha="center", va="center", weight=weight, color=BLACK
            )
    axes.set(xlim=(0, len(PARTS)), ylim=(len(rows), 0))
    labels = [f"{p}: {part}\npassed up to {TOLERANCE[p]:g}" for p, part in PARTS.items()]
    axes.set_xticks(np.arange(len(PARTS)) + 0.48, labels)
    axes.set_yticks(np.arange(len(rows)) + 0.45, list(rows))
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_title("Error in each probe. Blue: passed. Orange: failed, the first one in bold")
    return figure


def pieces_taken_away(curves: Named, broken: Named, exact: float) -> Any:
    """Draw returns and highest Q of five seeds with everything in place, and without each piece."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    colors = (BLUE, *(color for color in CYCLE if color != BLUE))
    runs = {"everything in place": (curves["returns"][:5], curves["highest_q"][:5])}
    for i, name in enumerate(broken["names"]):
        runs[str(name)] = broken["returns"][i], broken["highest_q"][i]
    steps = broken["steps"]
    for (name, (returns, highest)), color in zip(runs.items(), colors, strict=False):
        show_seeds(left, steps, returns, name, color)
        show_seeds(right, steps, highest, name, color)
    _exact_line(left, exact)
    left.set(xlabel="environment steps", ylabel="return, mean of ten starts")
    left.set_title("Return without noise, every seed; strong line: median")
    right.axhline(0, color=BLACK, linewidth=1, linestyle=":")
    right.set(xlabel="environment steps", ylabel="highest Q(s, a)")
    right.set_title("Highest learned Q of 1,000 replayed pairs;\nno true value is above 0 (dotted)")
    names = left.get_legend_handles_labels()
    figure.legend(*names, loc="outside lower center", ncols=len(names[0]))
    figure.suptitle("One piece taken away, five seeds each")
    return figure


def _exact_line(axes: Any, exact: float) -> None:
    axes.axhline(exact, color=BLACK, linestyle="--", linewidth=1.2, label="exact policy")


def hills(found: Named, q_star: Array, who: str) -> Any:
    """Draw the three maps of one moment, with one scale of colours."""
    from matplotlib import pyplot as plt

    figure, row = plt.subplots(1, 3, figsize=(10, 3.2), sharex=True, sharey=True)
    moments = {name: np.asarray(value)[None] for name, value in found.items()}
    image = _maps(row, moments | {"q_star": q_star}, 0)
    row[0].set_ylabel("action, in units of 2 N m")
    bar = figure.colorbar(image, ax=row, shrink=0.8, extend="both")
    bar.set_label("Q minus its mean over actions")
    figure.suptitle(f"What {who} climbs is on the right. {KEY}")
    return figure


def recorded_hills() -> Named:
    """Return the precomputed hills of one run, with the maps in units of return."""
    stored = precomputed("ch10/hills")
    return {x: value / TENTHS if x.startswith("q_") else value for x, value in stored.items()}


def frame(hills: Named, i: int, exact: float) -> Any:
    """Draw one frame of the video: three maps above, curves of the progress below."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(10, 5.2), dpi=90)
    grid = figure.add_gridspec(2, 6, height_ratios=(3, 2))
    row = [figure.add_subplot(grid[0, 2 * k : 2 * k + 2]) for k in range(3)]
    _maps(row, hills, i)
    row[0].set_ylabel("action, in units of 2 N m")
    share, earned = figure.add_subplot(grid[1, :3]), figure.add_subplot(grid[1, 3:])
    for axes, name, scale, color, label in (
        (share, "agree", 100, GREY, "all states"),
        (share, "agree_steep", 100, BLUE, f"steep: |slope| > {STEEP:g}"),
        (earned, "return", 1, BLUE, "this actor"),
    ):
        episode, values = hills["episode"], scale * hills[name]
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
    figure.suptitle(f"After episode {hills['episode'][i]}. Arrows: which way is up", x=0.3)
    key = {"boxstyle": "square,pad=0.15", "facecolor": IMAGINARY, "edgecolor": IMAGINARY}
    text = "an imaginary hill: only in $Q_\\theta$"  # its box keeps the colour in the GIF's palette
    figure.text(0.985, 0.978, text, color="white", ha="right", va="center", fontsize=9, bbox=key)
    return figure


def _maps(row: Any, hills: Named, i: int) -> Any:
    """Draw the three maps of one moment, the actor on each, and its arrows; return an image."""
    angles, action = ANGLES, hills["action"][i]
    for axes, name in zip(row, TITLES, strict=True):
        q = hills["q_star"] if name == "star" else hills[f"q_{name}"][i]
        q = q - np.mean(q, axis=0)
        image = axes.pcolormesh(angles, ACTIONS, q, cmap=SIGNED, vmin=-LIMIT, vmax=LIMIT)
        slopes = hills[f"slope_{name}"][i]
        wrong = (name == "theta") & (np.sign(slopes) != np.sign(hills["slope_mu"][i]))
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
    """Write the video, drawn from the precomputed result ch10/hills."""
    from matplotlib import pyplot as plt
    from matplotlib.animation import PillowWriter

    plt.switch_backend("agg")
    use_style_of_files()
    hills, exact = recorded_hills(), float(precomputed("ch10/exact")["returns"].mean())
    shown = [i for i, episode in enumerate(hills["episode"]) if episode in SHOWN]
    writer: Any = PillowWriter(fps=FRAMES_PER_SECOND)
    for i in shown:
        writer.fig = frame(hills, i, exact)
        if i == shown[0]:
            writer.setup(writer.fig, path, writer.fig.dpi)
        for _ in range(STILL if i == shown[-1] else 1):
            writer.grab_frame()
        plt.close(writer.fig)
    writer.finish()


if __name__ == "__main__":
    main(sys.argv[1])
