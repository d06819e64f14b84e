"""Figures of chapter 03: error against step, cancelled digits, kinks, bugs against checkers."""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, show_array

COLORS = {"forward": ORANGE, "central": BLUE, "complex": GREEN}
TINIEST = 1e-17  # drawn in place of an error of exactly 0


def error_against_step(h: Array, panels: dict[str, dict[str, Array]], title: str) -> Any:
    """Draw relative errors (len(h),) by rule in a panel for each precision."""
    size = (max(4.2 * len(panels) + 1, 7), 3.7)
    figure, axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False)
    for panel, (name, errors) in zip(axes[0], panels.items(), strict=True):
        for rule, error in errors.items():
            marks = {"color": COLORS[rule], "marker": "o", "markersize": 3}
            panel.loglog(h, np.maximum(error, TINIEST), label=rule, **marks)
        panel.invert_xaxis()
        panel.set(title=name, xlabel="step h, smaller to the right")
    axes[0, 0].set_ylabel("relative error of the derivative")
    axes[0, 0].legend()
    figure.suptitle(title)
    return figure


def cancelled_digits(x: float, steps: list[float], f: Any, exact: float) -> Any:
    """Draw f(x + h) above f(x − h), their common digits in grey, and the slope from the rest."""
    figure, axes = plt.subplots(figsize=(8.6, 0.62 * len(steps) + 0.9))
    axes.set(xlim=(0, 44), ylim=(-0.2, len(steps)))
    axes.axis("off")

    def write(left: float, y: float, text: str, common: int, colors: tuple[str, str]) -> None:
        """Draw a number digit by digit, its first `common` digits in another colour."""
        for k, digit in enumerate(text):
            font: Any = {"family": "monospace", "fontsize": 10, "va": "center"}
            axes.text(left + 0.9 * k, y, digit, color=colors[k >= common], **font)

    for i, h in enumerate(steps):
        y = len(steps) - 1 - i
        axes.text(0, y + 0.25, f"h = {h:.0e}", fontsize=9, va="center")
        ahead, behind = f"{f(x + h):.16f}", f"{f(x - h):.16f}"
        write(7, y + 0.44, ahead, _common(ahead, behind), (GREY, ORANGE))
        write(7, y + 0.08, behind, _common(ahead, behind), (GREY, ORANGE))
        slope = f"{(f(x + h) - f(x - h)) / (2 * h):.16f}"
        write(26, y + 0.25, slope[:15], _common(slope, f"{exact:.16f}"), (BLUE, GREY))
    axes.text(7, len(steps) - 0.12, "f(x + h) over f(x − h)", fontsize=9, color=BLACK)
    axes.text(26, len(steps) - 0.12, "slope from it, right digits blue", fontsize=9, color=BLUE)
    figure.suptitle("Both ends share their first digits (grey): the slope is made of the rest")
    return figure


def _common(a: str, b: str) -> int:
    """Count the characters that two texts share at their beginning."""
    return next((k for k, (p, q) in enumerate(zip(a, b, strict=True)) if p != q), len(a))


def two_gradients(analytic: Array, numerical: Array) -> Any:
    """Draw a gradient by hand, one by differences, and their difference on its own scale."""
    figure, panels = plt.subplots(1, 3, figsize=(9, 3.1))
    arrays = (analytic, numerical, analytic - numerical)
    titles = ("by the chain rule", "by central differences", "their difference")
    for axes, array, title in zip(panels, arrays, titles, strict=True):
        image = show_array(axes, array, title, columns="output", rows="input")
        figure.colorbar(image, ax=axes)
    figure.suptitle("Two gradients of one loss: mind the third scale")
    return figure


def kinks(h: float, steps: Array, central: Array, complex_: Array) -> Any:
    """Draw central differences near ReLU's kink, and the errors for a sum of many ReLUs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3))
    x = np.linspace(-0.3, 0.3, 601)
    left.plot(x, x > 0, color=GREEN, label="slope of max(x, 0)")
    difference = (np.maximum(x + h, 0) - np.maximum(x - h, 0)) / (2 * h)
    left.plot(x, difference, color=BLUE, linestyle="--", label=f"central difference, h = {h:g}")
    left.axvspan(-h, h, color="0.92")
    left.set(title="One kink: wrong within h of it", xlabel="x", ylabel="slope")
    left.legend()
    lines = (("central ", central, 3, BLUE), ("complex ", complex_, 5, GREEN))
    for label, errors, above, color in lines:
        right.loglog(steps, np.maximum(errors, TINIEST), color=color, marker="o", markersize=3)
        right.text(steps[-1], above * errors[-1], label, color=color, fontsize=8, ha="right")
    right.invert_xaxis()
    title = "Thousands of kinks: an error at every large h"
    right.set(title=title, xlabel="step h, smaller to the right", ylabel="relative error")
    figure.suptitle("A difference that steps across a kink measures neither side")
    return figure


def bugs_against_checkers(
    bugs: list[str], checkers: list[str], errors: Array, tolerances: Any
) -> Any:
    """Draw a table (bugs, checkers) of relative errors: accepted or rejected.

    The first row is correct code, the last one the correct gradient of a wrong loss. A frame marks
    a wrong verdict.
    """
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(bugs) + 1.2))
    axes.set(xlim=(-0.5, len(checkers) - 0.5), ylim=(len(bugs) - 0.5, -0.5))
    for (i, j), error in np.ndenumerate(errors):
        accepted = bool(error <= tolerances[j])
        misled = accepted != (i == 0)
        face, edge = "#BFE3D8" if accepted else "#F5CDB3", BLACK if misled else "none"
        place: Any = ((j - 0.47, i - 0.42), 0.94, 0.84)
        axes.add_patch(Rectangle(*place, facecolor=face, edgecolor=edge, linewidth=2))
        text = f"{'accepts' if accepted else 'rejects'}  {error:.0e}"
        axes.text(j, i, text, ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(checkers)), checkers)
    axes.set_yticks(range(len(bugs)), bugs)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    figure.suptitle("Who notices what: relative errors; a frame where the verdict misleads")
    return figure
