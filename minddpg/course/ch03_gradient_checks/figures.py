"""Figures of chapter 03: errors by step, cancelled digits, kinks, bugs against checkers."""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, draw_only
from .checkers import Comparison

COLORS = {"forward": ORANGE, "central": BLUE, "complex": GREEN}
TINIEST = 1e-17  # drawn in place of an error of exactly 0


def function(x: Any) -> Any:
    """Return e^x sin x, the function whose slope the first figures measure."""
    return np.exp(x) * np.sin(x)


def three_ways(steps: Array, complex_step: Any, whose: str) -> Any:
    """Draw the errors of three numerical derivatives of e^x sin x at 1, in two precisions.

    Args:
        complex_step: a function of f, x and a step that returns a gradient, for float64.
        whose: who wrote it, for the title.
    """
    panels, f = {}, function
    own = f"float64, the complex step by {whose}"
    for name, kind in ((own, np.float64), ("float32", np.float32)):
        x: Any = np.ones(len(steps), kind)
        h: Any = steps.astype(kind)
        across = (1j * h).astype(np.result_type(kind, np.complex64))
        panels[name] = {
            "forward": (f(x + h) - f(x)) / h,
            "central": (f(x + h) - f(x - h)) / (2 * h),
            "complex": np.imag(f(x + across)) / h,
        }
    one = np.ones(1)
    slopes = [np.ravel(complex_step(lambda x: np.sum(f(x)), one.copy(), float(h))) for h in steps]
    panels[own]["complex"] = np.concatenate(slopes)
    return error_against_step(steps, panels, "Three ways to differentiate, in two precisions")


def error_against_step(h: Array, panels: dict[str, dict[str, Array]], title: str) -> Any:
    """Draw the relative errors of slopes (len(h),) of e^x sin x at 1, a panel for each precision.

    Args:
        panels: the slopes by rule, by the panel's title.
    """
    size = (max(4.2 * len(panels) + 1, 7), 3.7)
    figure, axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False)
    true = np.e * (np.sin(1) + np.cos(1))
    for panel, (name, slopes) in zip(axes[0], panels.items(), strict=True):
        for rule, slope in slopes.items():
            marks = {"color": COLORS[rule], "marker": "o", "markersize": 3}
            panel.loglog(h, np.maximum(np.abs(slope / true - 1), TINIEST), label=rule, **marks)
        panel.invert_xaxis()
        panel.set(title=name, xlabel="step h, smaller to the right")
    axes[0, 0].set_ylabel("relative error of the derivative")
    axes[0, 0].legend()
    figure.suptitle(title)
    return figure


def cancelled_digits(steps: list[float], x: float = 1.0) -> Any:
    """Draw f(x + h) above f(x − h), their common digits in grey, and the slope that they give."""
    f, exact = function, np.exp(x) * (np.sin(x) + np.cos(x))
    figure, axes = plt.subplots(figsize=(8.6, 0.62 * len(steps) + 0.9))
    axes.set(xlim=(-0.5, 44), ylim=(-0.2, len(steps) + 0.2))
    draw_only(axes)

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
    axes.text(26, len(steps) - 0.12, "their slope, correct digits blue", fontsize=9, color=BLUE)
    figure.suptitle("Both values share their first digits (grey): only the rest gives the slope")
    return figure


def _common(a: str, b: str) -> int:
    """Count the characters that two texts share at their beginning."""
    return next((k for k, (p, q) in enumerate(zip(a, b, strict=True)) if p != q), len(a))


def entry_by_entry(analytic: Array, numerical: Array, whole: float, whose: str) -> Any:
    """Draw the relative error of each entry against its size, and that of the whole vector."""
    figure, axes = plt.subplots(figsize=(7, 3.7))
    ratios = np.abs(analytic - numerical) / np.abs(numerical)
    axes.loglog(np.abs(analytic).ravel(), ratios.ravel(), "o", color=ORANGE, label="each entry")
    axes.axhline(whole, color=BLUE, label="the whole vector")
    axes.axhline(1e-6, color=GREY, linestyle="--", label="tolerance, 1e-6")
    axes.set(xlabel="size of the entry", ylabel="relative error", title=f"by {whose}")
    axes.legend()
    wrong = int((ratios > 1e-6).sum())
    figure.suptitle(
        f"A correct gradient: judged alone, {wrong} of {ratios.size} entries look wrong"
    )
    return figure


def kinks(h: float, steps: Array, central: Any, complex_step: Any, whose: str) -> Any:
    """Draw central differences near ReLU's kink, and errors for a sum of 4,000 ReLUs.

    Args:
        central, complex_step: functions of f, x and a step that return a gradient.
        whose: who wrote them, for the title.
    """
    rng = np.random.default_rng(3)
    examples, weights = rng.standard_normal((200, 6)), rng.standard_normal((6, 20))

    def relu_sum(w: Array) -> Any:
        z = examples @ w
        return np.sum(z * (z.real > 0))

    exact = examples.T @ (examples @ weights > 0)
    central, complex_ = (
        np.array([np.linalg.norm(rule(relu_sum, weights, each) - exact) for each in steps])
        / np.linalg.norm(exact)
        for rule in (central, complex_step)
    )
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
    title = "A sum of 4,000 ReLUs: an error at every large h"
    right.set(title=title, xlabel="step h, smaller to the right", ylabel="relative error")
    figure.suptitle(f"A difference across a kink measures the slope of neither side ({whose})")
    return figure


def bugs_against_checkers(found: Comparison, whose: str) -> Any:
    """Draw the verdict of each checker on each bug, with the relative error.

    The first row is correct code, the last one the correct gradient of a wrong loss. A frame marks
    a wrong verdict.
    """
    bugs, checkers, errors, accepted = found
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(bugs) + 1.2))
    axes.set(xlim=(-0.5, len(checkers) - 0.5), ylim=(len(bugs) - 0.5, -0.5))
    for (i, j), accepts in np.ndenumerate(accepted):
        misled = accepts != (i == 0)
        face, edge = "#BFE3D8" if accepts else "#F5CDB3", BLACK if misled else "none"
        place: Any = ((j - 0.47, i - 0.42), 0.94, 0.84)
        axes.add_patch(Rectangle(*place, facecolor=face, edgecolor=edge, linewidth=2))
        error = "" if np.isnan(errors[i, j]) else f"  {errors[i, j]:.0e}"
        text = f"{'accepts' if accepts else 'rejects'}{error}"
        axes.text(j, i, text, ha="center", va="center", fontsize=8, color="black")
    labels = [f"{name}\ntolerance {each:g}" for name, each in checkers.items()]
    axes.set_xticks(range(len(checkers)), labels)
    axes.set_yticks(range(len(bugs)), bugs)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    figure.suptitle(f"Who notices what? A frame marks a wrong verdict (03.4: {whose})")
    return figure
