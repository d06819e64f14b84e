"""Figures of chapter 09: noises and their memory, the study `noise`, slopes of saturated actors.

T steps of a path, L lags, F frequencies, N states, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, POSITIVE, SKY, show_array, show_seeds

Pair = dict[str, Any]  # with the keys "OU" and "Gaussian"
COLORS = {"OU": BLUE, "Gaussian": ORANGE, "none": GREY}
SHOWN = 4  # paths of the car in a panel
FLAG = 0.45  # m, where the mountain car's episode ends


def known_and_unknown(action: Array, true_q: Array, cases: list[tuple[str, Array, Array]]) -> Any:
    """Draw Q(s, ·) of several critics, (critics, len(action)), and the actions in their data."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, sharex=True, sharey=True)
    for axes, (title, taught, curves) in zip(panels, cases, strict=True):
        axes.plot(action, curves.T, color=BLUE, alpha=0.5, linewidth=1.2)
        axes.plot([], color=BLUE, label="critics, started apart")
        axes.plot(action, true_q, color=BLACK, linestyle="--", label="true Q")
        axes.plot(taught, np.interp(taught, action, true_q), "o", color=ORANGE, markersize=3)
        axes.plot([], "o", color=ORANGE, markersize=3, label="actions in the replay buffer")
        axes.set(title=title, xlabel="action", ylim=(-2.5, 1.0))
    panels[0].set_ylabel("Q(s, action)")
    panels[1].legend(loc="lower right")
    figure.suptitle("A slope in the action is known only where actions differ")
    return figure


def paths(noises: Pair, deviation: float) -> Any:
    """Draw a path (T,) of each noise, below one another."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(2, 1, figsize=(7.2, 4), sharex=True, sharey=True)
    for axes, (name, path) in zip(panels, noises.items(), strict=True):
        axes.plot(path, color=COLORS[name], linewidth=1.2)
        for side in (-deviation, deviation):
            axes.axhline(side, color=BLACK, linestyle=":", linewidth=1)
        axes.set(title=name, ylabel="noise")
    panels[-1].set_xlabel("step; dotted: one standard deviation of either noise")
    figure.suptitle("Equally wide, but only the first stays on one side for a while")
    return figure


def memory(correlation: Pair, power: Pair, laws: Pair, frequency: Array) -> Any:
    """Draw measured autocorrelations (L,) and powers (F,) as dots, and formulas as lines.

    laws: for each noise a pair of such arrays.
    """
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    for name, color in list(COLORS.items())[:2]:
        left.plot(correlation[name], "o", color=color, markersize=3.5, label=f"{name}, measured")
        left.plot(laws[name][0], color=color, linewidth=1, label=f"{name}, formula")
        right.loglog(frequency, power[name], "o", color=color, markersize=3)
        right.loglog(frequency, laws[name][1], color=color, linewidth=1)
    left.axhline(np.exp(-1), color=BLACK, linestyle=":", linewidth=1)
    left.text(30, np.exp(-1) + 0.02, "1/e", fontsize=8, ha="right")
    left.set(title="Correlation with k steps later", xlabel="k, steps", ylabel="correlation")
    right.set(title="Power spectrum", xlabel="frequency, cycles per step", ylabel="power")
    left.legend()
    figure.suptitle("OU puts its power into slow swings")
    return figure


def walks(walks: dict[float, Array], deviation: dict[float, Array], episode: int) -> Any:
    """Draw some paths of each dt, (paths, T), and ± the deviation (T,) at each step."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(walks), figsize=(9, 3.2), sharey=True)
    for axes, (dt, several) in zip(panels, walks.items(), strict=True):
        steps = np.arange(1, several.shape[1] + 1)
        axes.plot(steps, several.T, linewidth=1, alpha=0.8)
        for side in (-1, 1):
            axes.plot(steps, side * deviation[dt], color=BLACK, linestyle="--", linewidth=1.5)
        axes.set(title=f"dt = {dt:g}", xlabel="step of the episode", xlim=(0, episode))
    panels[0].set_ylabel("noise")
    figure.suptitle("The same θ and σ, another dt (dashed: ± standard deviation at that step)")
    return figure


def drives(positions: Pair) -> Any:
    """Draw the car's position over an episode, some paths of unequal length for each noise."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(positions), sharex=True, sharey=True, squeeze=False)
    for axes, (name, several) in zip(panels[0], positions.items(), strict=True):
        for path in several[:SHOWN]:
            axes.plot(path, color=COLORS.get(name, GREEN), alpha=0.6, linewidth=0.8)
        axes.axhline(FLAG, color=BLACK, linestyle="--", linewidth=1)
        arrived = sum(path[-1] >= FLAG for path in several)
        axes.set(title=f"{name}: {arrived} of {len(several)} at the flag", xlabel="step")
    panels[0, 0].set(ylabel="position (dashed: the flag)", ylim=(-1.25, 0.55))
    figure.suptitle(f"An actor that says 0, and noise: {SHOWN} of the episodes")
    return figure


def study(noise: dict[str, Array]) -> Any:
    """Draw every seed's return at its evaluations, the median strong, for two environments."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, task, title in zip(
        panels, ("pendulum", "car"), ("Pendulum", "Mountain car"), strict=True
    ):
        for name, key in (("OU", "ou"), ("Gaussian", "gaussian"), ("none", "none")):
            show_seeds(axes, noise[f"{task}_steps"], noise[f"{task}_{key}"], name, COLORS[name])
        axes.set(title=title, xlabel="environment steps", ylabel="return without noise")
        axes.legend(loc="lower right")
    figure.suptitle("Ten seeds each (thin), and their median (strong)")
    return figure


def saturation(z: Array, slopes: dict[str, Array]) -> Any:
    """Draw tanh's slope and approximations of it against z, on a linear and a logarithmic axis."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, sharex=True)
    for axes in panels:
        for (name, slope), color in zip(slopes.items(), (BLUE, ORANGE, SKY), strict=False):
            style = "-" if color == BLUE else "--"
            axes.plot(z, slope, color=color, linestyle=style, label=name)
        axes.set(xlabel="z, what goes into the tanh")
    panels[0].set(ylabel="slope", ylim=(-0.05, 1.05))
    panels[1].set(yscale="log", ylim=(1e-7, 5))
    panels[0].legend()
    figure.suptitle("A tanh passes almost nothing back once |z| is above 3")
    return figure


def actors(slopes: dict[str, Array]) -> Any:
    """Draw the slopes 1 − y² of new actors' outputs, (N, A) each."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(slopes), figsize=(9, 3.6))
    for axes, (name, slope) in zip(panels, slopes.items(), strict=True):
        image = show_array(axes, slope, name, "states", "action entries")
        image.set(cmap=POSITIVE, clim=(0, 1))
    figure.colorbar(image, ax=panels, label="1 − y²")
    figure.suptitle("How much of a gradient passes the last tanh (yellow: all, dark: nothing)")
    return figure


def clipped(cases: dict[str, tuple[Array, Array]]) -> Any:
    """Draw histograms of noisy actions before and after clipping to [−1, 1]."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(cases), figsize=(9, 3.2), sharex=True, sharey=True)
    bins = np.linspace(-2.05, 2.05, 42)
    for axes, (name, (before, after)) in zip(panels, cases.items(), strict=True):
        share = np.full(len(before), 1 / len(before))
        axes.hist(after, bins, weights=share, color=SKY, label="after clipping")
        axes.hist(before, bins, weights=share, color=BLACK, histtype="step", label="before")
        axes.axvline(after.mean(), color=ORANGE, linestyle="--", label="mean after")
        axes.set(title=name, xlabel="action")
    panels[0].set_ylabel("share of actions")
    panels[0].legend()
    figure.suptitle("Clipping piles actions up at the bounds")
    return figure
