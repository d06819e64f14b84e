"""Figures of chapter 09: slopes of critics, noises, the study `noise`, a saturated actor.

E episodes, T steps.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..style import BLACK, BLUE, CYCLE, GREY, ORANGE, SKY, show_seeds

COLORS = {"OU": BLUE, "Gaussian": ORANGE, "none": GREY}
SHOWN = 4  # paths of the car in a panel
FLAG = 0.45  # where the mountain car's episode ends
SWING = 2 * np.pi / np.sqrt(0.0075)  # steps of one swing of the car without its engine


def known_and_unknown(true_q: Callable[[Array], Array], cases: Sequence[Any]) -> Any:
    """Draw Q(s, ·) of critics; each case is a title, the actions (N,) in the data, and critics."""
    from matplotlib import pyplot as plt

    action = np.linspace(-1, 1, 101)
    figure, panels = plt.subplots(1, 2, sharex=True, sharey=True)
    for axes, (title, taught, critics) in zip(panels, cases, strict=True):
        curves = [critic.forward(action[:, None])[0][:, 0] for critic in critics]
        axes.plot(action, np.transpose(curves), color=BLUE, alpha=0.5, linewidth=1.2)
        axes.plot([], color=BLUE, label="eight critics")
        axes.plot(action, true_q(action), color=BLACK, linestyle="--", label="true Q")
        axes.plot(taught, true_q(taught), "o", color=ORANGE, markersize=3)
        axes.plot([], "o", color=ORANGE, markersize=3, label="actions in the replay buffer")
        axes.set(title=title, xlabel="action", ylim=(-2.5, 1.0))
    panels[0].set_ylabel("Q(s, action)")
    panels[1].legend(loc="lower right")
    figure.suptitle("Eight critics agree on a slope only if the actions in their data differ")
    return figure


def walks(
    names: Sequence[str], walks: Sequence[Array], deviations: Sequence[Array], code: str
) -> Any:
    """Draw three paths of each noise (walks, T), and its deviation (T,), measured and exact."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(walks), figsize=(10.4, 3.2), sharey=True)
    for axes, name, several, deviation in zip(panels, names, walks, deviations, strict=True):
        steps = np.arange(1, several.shape[1] + 1)
        axes.plot(steps, several[:3].T, linewidth=1, alpha=0.8)
        measured = several.std(axis=0)
        axes.fill_between(steps, -measured, measured, color=GREY, alpha=0.3, linewidth=0)
        for side in (-1, 1):
            axes.plot(steps, side * deviation, color=BLACK, linestyle="--", linewidth=1.5)
        axes.set(title=name, xlabel="step of the episode", xlim=(0, len(steps)))
    panels[0].set_ylabel("noise")
    figure.suptitle(
        f"Three of 500 walks; ± one deviation, measured (grey), by formula (dashed). OU: {code}"
    )
    return figure


def drives(positions: Sequence[Any], memories: Sequence[float], code: str) -> Any:
    """Draw the car's paths with the first and the best memory, and the flags reached with all.

    Args:
        positions: for each memory, the car's positions in some episodes.
        memories: the memories of the noises, in steps.
    """
    from matplotlib import pyplot as plt

    arrived = [sum(path[-1] >= FLAG for path in several) for several in positions]
    best = int(np.argmax(arrived))
    figure, panels = plt.subplots(1, 3, figsize=(10.4, 3.6), width_ratios=(1, 1, 1.2))
    for axes, i, color in ((panels[0], 0, ORANGE), (panels[1], best, BLUE)):
        for path in positions[i][:SHOWN]:
            axes.plot(path, color=color, alpha=0.6, linewidth=0.8)
        axes.axhline(FLAG, color=BLACK, linestyle="--", linewidth=1)
        axes.set(title=f"Memory of {memories[i]:g} steps", xlabel="step", ylim=(-1.25, 0.55))
        axes.set_xlim(0, 1000)
    panels[0].set_ylabel("position of the car (dashed: the flag)")
    panels[2].plot(memories, arrived, "o-", color=BLUE)
    panels[2].axvspan(SWING / 4, SWING / 2, color="0.9", label="a quarter to a half swing")
    panels[2].set(
        title=f"Flags reached in {len(positions[0])} episodes\n({code})",
        xlabel="memory of the noise, steps",
        xscale="log",
        yticks=range(0, len(positions[0]) + 1, 10),
        ylim=(-1, len(positions[0]) + 1),
    )
    panels[2].legend(loc="lower center")
    return figure


def pushed(paths: Sequence[Any]) -> Any:
    """Draw the car's position in some episodes."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 2.6))
    for path in paths[:SHOWN]:
        axes.plot(path, color=ORANGE, alpha=0.6, linewidth=0.8)
    axes.axhline(FLAG, color=BLACK, linestyle="--", linewidth=1)
    axes.set(title="The car with one-sided noise, four episodes (dashed: the flag)")
    axes.set(xlabel="step", ylabel="position of the car")
    return figure


def study(noise: dict[str, Array]) -> Any:
    """Draw every seed's return at its evaluations, and the median, for two environments."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, task, title in zip(
        panels, ("pendulum", "car"), ("Pendulum", "Mountain car"), strict=True
    ):
        for name, key in (("OU", "ou"), ("Gaussian", "gaussian"), ("none", "none")):
            show_seeds(axes, noise[f"{task}_steps"], noise[f"{task}_{key}"], name, COLORS[name])
        axes.set(title=title, xlabel="environment steps", ylabel="return without noise")
        axes.legend(loc="lower right")
    figure.suptitle("Three kinds of noise: ten seeds each (thin), and their median (thick)")
    return figure


def cured(runs: dict[str, tuple[Array, Array]], code: str) -> Any:
    """Draw two histories of actors: the share of actions at a bound, and the distance from best."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.8))
    for (name, (at_bound, distance)), color in zip(runs.items(), CYCLE, strict=False):
        left.plot(100 * at_bound, color=color, label=name)
        right.semilogy(distance, color=color)
    left.set(title="Actions within 0.01 of a bound", xlabel="update", ylabel="%", ylim=(-3, 103))
    right.set(title="Mean of (a − best action)²", xlabel="update")
    figure.legend(*left.get_legend_handles_labels(), loc="outside right center", fontsize=9)
    figure.suptitle(f"A saturated actor learns again ({code})")
    return figure


def four_noises(noises: dict[str, Array], named: Callable[[Array], str], code: str) -> Any:
    """Draw the histogram and three episodes of each noise (E, T), below the name from the test."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(2, len(noises), figsize=(10.4, 4.6), sharex="row", sharey="row")
    for column, (name, noise) in zip(panels.T, noises.items(), strict=True):
        column[0].hist(noise.ravel(), np.linspace(-1.4, 1.4, 57), density=True, color=SKY)
        column[0].axvline(noise.mean(), color=ORANGE, linestyle="--", label="mean")
        column[0].set(title=f"{name}: “{named(noise)}”", xlabel="noise")
        column[1].plot(noise[:3].T, linewidth=1, alpha=0.8)
        column[1].set_xlabel("step of the episode")
    panels[0, 0].set_ylabel("all episodes, density")
    panels[1, 0].set_ylabel("noise in three episodes")
    panels[0, 0].legend()
    figure.suptitle(f"Four noises, and what the test says about them ({code})")
    return figure
