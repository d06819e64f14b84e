"""Figures of chapter 12: batch norm's paths, figure 3, a maximum over errors, critics' biases.

N batch, U batches, I inputs, K seeds or critics, E measurements, P points of an action axis.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...experiments.statistics import iqm, summarise
from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, show_array
from .noisy_task import EVERY

COLORS = (ORANGE, BLUE, GREEN, PINK, GREY)
ALGORITHMS = {"DDPG": ORANGE, "DDPG + minimum of two": BLUE, "TD3": GREEN}


def passes(forward: Any, backward: Any) -> tuple[Array, Array, Array, Array]:
    """Return x, dL/dy, y and dL/dx (N, I) of batch norm, for a batch of 16 examples."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=(16, 3)) * (1.0, 0.5, 2.0) + (0.0, 1.0, -1.0)
    y, cache = forward(x.copy(), np.ones(3), np.zeros(3))
    normed = np.array(y, float)
    grad_y = 0.5 * rng.normal(size=x.shape) + 0.5 + 0.5 * normed  # makes every path visible
    grad_x = backward(grad_y.copy(), cache)[0]
    return x, grad_y, normed, np.array(grad_x, float)


def three_paths(
    x: Array, normed: Array, grad: Array, paths: Sequence[Array], grad_x: Array, who: str
) -> Any:
    """Draw x, x̂ and dL/dx̂ (N, I), then the three terms of dL/dx, and dL/dx itself."""
    figure, panels = plt.subplots(1, 7, figsize=(10, 3.6))
    titles = (
        "x",
        "x̂",
        "∂L/∂y",
        "direct",
        "through\nthe mean",
        "through the\nvariance",
        "their sum\n∂L/∂x",
    )
    limit = float(np.abs(paths[0]).max())
    arrays = (x - x.mean(), normed, grad, *paths, grad_x)
    for i, (axes, array, title) in enumerate(zip(panels, arrays, titles, strict=True)):
        show_array(axes, array, title, limit=limit if i > 2 else None)
        axes.set_title(axes.get_title(), fontsize=8.5)
    panels[0].set_ylabel(f"{len(x)} examples")
    for axes, sign in zip(panels[3:6], ("", "+", "+"), strict=True):
        axes.text(-0.13, 0.5, sign, transform=axes.transAxes, ha="center", fontsize=14)
    panels[6].text(-0.13, 0.5, "=", transform=panels[6].transAxes, ha="center", fontsize=14)
    scale = figure.colorbar(panels[6].images[0], ax=panels[6], fraction=0.15)
    scale.set_label("the last four panels")
    figure.suptitle(f"The gradient's three paths, and their sum ∂L/∂x by {who}")
    return figure


def estimates(figure_3: dict[str, Array]) -> Any:
    """Draw Q(s, a) against the observed return, (K, N) each, on Pendulum and Reacher."""
    tasks = [
        (title, figure_3[f"{task}_estimated"], figure_3[f"{task}_return"])
        for title, task in (("Pendulum-v1", "pendulum"), ("Reacher-v5", "reacher"))
    ]
    figure, panels = plt.subplots(1, len(tasks), figsize=(8.4, 3.9))
    for axes, (name, estimated, observed) in zip(panels, tasks, strict=True):
        for k, (q, after) in enumerate(zip(estimated, observed, strict=True)):
            axes.plot(after, q, "o", color=COLORS[k % 5], alpha=0.6, markersize=3.5)
        ends = min(observed.min(), estimated.min()), max(observed.max(), estimated.max())
        axes.plot(ends, ends, color=BLACK, linewidth=1, linestyle="--", label="Q = return")
        axes.set(title=f"{name}, five seeds in five colours", xlabel="discounted return")
        axes.legend(loc="upper left")
    panels[0].set_ylabel("Q(s, a), estimated")
    figure.suptitle("The critic's value, and the observed return")
    return figure


def hopeful(action: Array, exact: Array, critics: Array, gaps: dict[str, Array]) -> Any:
    """Draw some wrong critics (K, P), the highest value of each, and the errors there."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    left.plot(action, critics[:12].T, color=ORANGE, alpha=0.3, linewidth=0.9)
    for q in critics[:12]:
        left.plot(action[q.argmax()], q.max(), "o", color=ORANGE, markersize=4)
    left.plot(action, exact, color=BLACK, label="exact")
    left.plot([], [], "o-", color=ORANGE, label="critics with errors of mean 0")
    left.set(title="Dots: where each actor ends up", xlabel="action", ylabel="value")
    left.legend(loc="lower center")
    bins = np.linspace(-1, 1.2, 56).tolist()
    for (name, values), color in zip(gaps.items(), (ORANGE, BLUE), strict=True):
        right.hist(values, bins, color=color, alpha=0.5, label=f"{name}: mean {values.mean():+.2f}")
        right.axvline(float(values.mean()), 0, 0.68, color=color)
    right.axvline(0, 0, 0.68, color=BLACK, linewidth=1)
    right.set(title="Value minus true value there", xlabel="error", ylabel="critics")
    right.set_ylim(0, 1.45 * right.get_ylim()[1])
    right.legend(loc="upper left")
    figure.suptitle("The highest of many wrong values is too high")
    return figure


def wrong_critics(count: int) -> tuple[Array, Array, Array, Array]:
    """Return actions and exact values (P,), and two sets of critics with smooth errors (count, P).

    The errors have mean 0 and are independent.
    """
    rng, action = np.random.default_rng(1), np.linspace(-1, 1, 201)
    waves = np.arange(1, 7)[:, None] * np.pi * action / 2
    shapes = np.concatenate((np.sin(waves), np.cos(waves)))  # (12, P)
    exact = -0.5 * (action - 0.2) ** 2
    first, second = exact + 0.08 * rng.standard_normal((2, count, len(shapes))) @ shapes
    return action, exact, first, second


def noisy(recorded: Any, own: dict[str, Array]) -> Any:
    """Draw bias and reward in the noisy task: bands of ten recorded seeds, own runs (2, K, E)."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6))
    updates = EVERY * np.arange(1, recorded["bias"].shape[-1] + 1)
    for k, (axes, key) in enumerate(zip(panels, ("bias", "reward"), strict=True)):
        for name, runs in zip(recorded["names"], recorded[key], strict=True):
            low, middle, high = np.quantile(runs, (0.25, 0.5, 0.75), axis=0)
            color = ALGORITHMS[str(name)]
            axes.fill_between(updates, low, high, color=color, alpha=0.2, linewidth=0)
            axes.plot(updates, middle, color=color, label=f"{name}, ten seeds")
        for (name, runs), style in zip(own.items(), (":", "--"), strict=False):
            label = f"{name}, {runs.shape[1]} seeds"
            axes.plot(updates, runs[k].mean(axis=0), style, color=BLACK, linewidth=1.6, label=label)
        axes.axhline(0, color=BLACK, linewidth=1)
        axes.set_xlabel("updates")
    panels[0].set(title="Bias: the critic's value − the true one", ylabel="bias")
    panels[1].set(title="Reward of the actor; 0 is the best", ylabel="mean reward of μ")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    figure.suptitle("The noisy task: median and middle half of ten seeds; mean of yours")
    return figure


def bias_curves(steps: Array, cases: Sequence[tuple[str, Array]], title: str) -> Any:
    """Draw the bias of each algorithm, (K, E): every seed at the end, the IQM and its interval."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), width_ratios=(3, 2))
    for i, (name, runs) in enumerate(cases):
        color = ALGORITHMS.get(str(name), PINK)
        summaries = [summarise(at_step) for at_step in runs.T]
        low, high = np.array([s.interval or (np.nan, np.nan) for s in summaries]).T
        left.fill_between(steps, low, high, color=color, alpha=0.2, linewidth=0)
        left.plot(steps, iqm(runs.T), color=color, label=name)
        right.plot(runs[:, -1], np.full(len(runs), -i), "o", color=color, alpha=0.6)
    for axes in (left, right):
        draw = axes.axhline if axes is left else axes.axvline
        draw(0, color=BLACK, linewidth=1)
    left.set(xlabel="environment steps", ylabel="bias (logarithmic beyond ±20)")
    left.set(title="IQM over seeds, band: 95 % interval", xticks=range(2_000, 12_001, 2_000))
    left.set_yscale("symlog", linthresh=20)
    left.set_yticks(
        [-100, -20, -10, 0, 10, 20, 100], ["−100", "−20", "−10", "0", "10", "20", "100"]
    )
    left.legend(loc="upper right")
    right.set_yticks([-i for i in range(len(cases))], [name for name, _ in cases])
    right.set(title="At the end, every seed", xlabel="bias, in units of return")
    right.set_ylim(-len(cases) + 0.5, 0.5)
    figure.suptitle(title)
    return figure
