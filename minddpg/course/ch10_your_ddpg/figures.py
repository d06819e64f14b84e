"""Chapter 10: one update's arrays, equality beside returns, learning curves, swings.

N batch, K seeds, T evaluations.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.exact_pendulum import TIME_LIMIT
from ..style import BLACK, BLUE, CYCLE, GREY, ORANGE, SIGNED, show_seeds

Named = dict[str, Array]


def one_update(groups: dict[str, list[tuple[str, Array]]]) -> Any:
    """Draw the arrays (N,) or (N, ·) of one update as strips, a colour scale for each."""
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
        limit = float(np.abs(table).max()) or 1.0
        axes.imshow(table, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
        axes.set_title(name, fontsize=10)
        axes.set(xticks=[], yticks=[])
        shape = " × ".join(map(str, np.shape(array)))
        axes.set_xlabel(f"{shape}\nup to\n{limit:.3g}", fontsize=8)
        axes.grid(False)
        axes.spines[:].set_visible(True)
    first = 0
    for (name, group), color in zip(groups.items(), (BLACK, *CYCLE), strict=False):
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


def equality_and_returns(distances: Named, returns: Named, bar: float) -> Any:
    """Draw how far agents are from the right one, update by update, and what each earned.

    Args:
        distances: name -> max |θ − θ of the right code| after each update.
        returns: name -> last returns (K,).
    """
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), width_ratios=(3, 2))
    for (name, values), color in zip(distances.items(), CYCLE, strict=False):
        left.semilogy(
            1 + np.arange(len(values)), np.maximum(values, 1e-18), color=color, label=name
        )
    for i, (values, color) in enumerate(zip(returns.values(), CYCLE, strict=False)):
        right.plot(values, np.full(len(values), i), "o", color=color, alpha=0.7)
    left.axhline(bar, color=GREY, linestyle="--", linewidth=1)
    left.text(1, bar * 2, "the bar of exercise 10.1", color=GREY, fontsize=8)
    left.set(xlabel="update", ylabel="largest difference of any θ", ylim=(1e-18, 10))
    left.legend(loc="center right", bbox_to_anchor=(1, 0.62))
    left.set_title("Compared with the right code, update for update")
    right.set_yticks(range(len(returns)), list(returns))
    right.set_ylim(len(returns) - 0.5, -0.5)
    right.set_xlabel("return of the last policy, five seeds")
    right.set_title("Compared by what they earn")
    figure.suptitle("Returns cannot tell these agents apart. Their parameters can")
    return figure


def your_curve(steps: Array, returns: Array, episodes: Array, exact: float, who: str) -> Any:
    """Draw one run: its training episodes' returns, and those without noise."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    at = TIME_LIMIT * np.arange(1, len(episodes) + 1)
    axes.plot(at, episodes, ".", color=GREY, label="training episodes, with noise")
    axes.plot(steps, returns, "o-", color=BLUE, label="ten starts, without noise")
    _exact_line(axes, exact)
    axes.set(xlabel="environment steps", ylabel="return of an episode")
    axes.set_title(f"{who[0].upper()}{who[1:]} learns to swing the pendulum up")
    axes.legend(loc="lower right")
    return figure


def swings(yours: tuple[Array, Array], exact: tuple[Array, Array], who: str) -> Any:
    """Draw paths in the plane of angle and speed: two arrays (steps, starts) for each policy."""
    from matplotlib import pyplot as plt
    from matplotlib.ticker import MultipleLocator

    starts = np.shape(yours[0])[1]
    figure, rows = plt.subplots(1, starts, figsize=(10, 3.3), sharey=True, squeeze=False)
    panels = list(rows[0])
    for i, axes in enumerate(panels):
        for (angle, speed), color, style, name in (
            (exact, ORANGE, "--", "exact policy"),
            (yours, BLUE, "-", who),
        ):
            axes.plot(angle[:, i] / np.pi, speed[:, i], style, color=color, label=name)
        axes.plot(yours[0][0, i] / np.pi, yours[1][0, i], "s", color=BLACK, markersize=6)
        low, high = axes.get_xlim()
        axes.xaxis.set_major_locator(MultipleLocator(0.5))
        for upright in range(int(np.ceil(low / 2)), int(high / 2) + 1):
            axes.plot(2 * upright, 0, "^", color=BLACK, markersize=8)
        axes.set_xlabel("angle, in π rad")
    panels[0].set_ylabel("speed, rad/s")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle("From three starts (square) to upright and at rest (triangle)")
    return figure


def seeds(steps: Array, runs: dict[str, tuple[Array, Array]], exact: float, title: str) -> Any:
    """Draw returns and highest Q, (K, T) each, of one or more kinds of runs."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    colors = (BLUE, *(color for color in CYCLE if color != BLUE))
    for (name, (returns, highest)), color in zip(runs.items(), colors, strict=False):
        show_seeds(left, steps, returns, name, color)
        show_seeds(right, steps, highest, name, color)
    _exact_line(left, exact)
    left.set(xlabel="environment steps", ylabel="return, mean of ten starts")
    left.set_title("Return without noise, every seed; strong: the median")
    right.axhline(0, color=BLACK, linewidth=1, linestyle=":")
    right.set(xlabel="environment steps", ylabel="highest Q(s, a)")
    right.set_title("Highest learned Q of 1,000 replayed pairs;\nno true value is above 0 (dotted)")
    names = left.get_legend_handles_labels()
    figure.legend(*names, loc="outside lower center", ncols=len(names[0]))
    figure.suptitle(title)
    return figure


def _exact_line(axes: Any, exact: float) -> None:
    axes.axhline(exact, color=BLACK, linestyle="--", linewidth=1.2, label="exact policy")
