"""Figures of chapter 04: graphs forward and in reverse, a fit, a batch's gradient on its way back.

B batch, I inputs, H hidden units, O outputs, P points of a fine grid.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import SymLogNorm

from ...nn.layers import Array
from ..style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, SKY, draw_only, show_array, show_arrow

NUMBERS = {  # name: its position, its value, the derivative of q with respect to it
    "x": ((0, 0), "2", "21"),
    "w": ((0, 2), "3", "14"),
    "a = w x": ((2.4, 1), "6", "1 + 6 = 7"),
    "b": ((2.4, -0.6), "−5", "6"),
    "z = a + b": ((4.8, 0), "1", "6"),
    "q = z a": ((7.2, 1), "6", "1"),
}
EDGES = {  # the derivative of the second with respect to the first, along this edge alone
    ("x", "a = w x"): "w = 3",
    ("w", "a = w x"): "x = 2",
    ("a = w x", "z = a + b"): "1",
    ("b", "z = a + b"): "1",
    ("z = a + b", "q = z a"): "a = 6",
    ("a = w x", "q = z a"): "z = 1",
}
ARRAYS = {"x": "B × I", "z₁": "B × H", "h": "B × H", "z₂": "B × O", "y": "B × O"}
OPERATIONS = (  # forward, cache, in reverse, and the parameters' gradients
    ("x @ W₁ + b₁", "x, W₁", "@ W₁ᵀ", "∂L/∂W₁  I × H\n∂L/∂b₁  H"),
    ("max(z₁, 0)", "z₁", "∗ (z₁ > 0)", ""),
    ("h @ W₂ + b₂", "h, W₂", "@ W₂ᵀ", "∂L/∂W₂  H × O\n∂L/∂b₂  O"),
    ("tanh z₂", "y", "∗ (1 − y²)", ""),
)
STEP = 2.1
SMALLEST = 3e-3  # gradients below it are drawn on a linear scale


def scalar_graph() -> Any:
    """Draw q = (w x + b) · w x as a graph: every number above, its derivative below."""
    figure, axes = plt.subplots(figsize=(8.6, 3.0))
    axes.set(xlim=(-0.8, 8.2), ylim=(-1.1, 2.7))
    draw_only(axes)
    for (start, end), slope in EDGES.items():
        (x0, y0), (x1, y1) = NUMBERS[start][0], NUMBERS[end][0]
        tail = x0 + (0.75 if "=" in start else 0.45), y0
        head = x1 - 0.75, y1 + 0.2 * np.sign(y0 - y1)
        show_arrow(axes, tail, head, GREY)
        x, y = (np.array(tail) + head) / 2
        axes.text(x, y + 0.1, slope, fontsize=8, ha="center", va="bottom", color=GREY)
    for name, ((x, y), value, slope) in NUMBERS.items():
        box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": GREY}
        place: Any = {"ha": "center", "va": "center", "fontsize": 11}
        axes.text(x, y, f"{name} = {value}\n", color=BLUE, bbox=box, **place)
        axes.text(x, y - 0.2, slope, color=ORANGE, **place)
    axes.text(-0.8, 2.6, "value", color=BLUE, fontsize=10, weight="bold")
    axes.text(0.2, 2.6, "derivative of q", color=ORANGE, fontsize=10, weight="bold")
    axes.text(2.4, 2.6, "slope along an arrow", color=GREY, fontsize=10, weight="bold")
    figure.suptitle("One graph, two passes: values to the right, derivatives to the left")
    return figure


def activations() -> Any:
    """Draw ReLU and tanh, and their slopes."""
    z = np.linspace(-3, 3, 601)
    figure, panels = plt.subplots(1, 2, sharex=True, sharey=True)
    for axes, name, y, slope in (
        (panels[0], "ReLU", np.maximum(z, 0), np.where(z > 0, 1.0, 0.0)),
        (panels[1], "tanh", np.tanh(z), 1 - np.tanh(z) ** 2),
    ):
        axes.plot(z, y, color=BLUE, label="y")
        axes.plot(z, slope, color=ORANGE, linestyle="--", label="slope ∂y/∂z")
        axes.set(title=name, xlabel="z", ylim=(-1.2, 2.2))
        axes.legend()
    figure.suptitle("The slope decides how much of a gradient passes back")
    return figure


def forward_and_reverse() -> Any:
    """Draw linear, ReLU, linear, tanh: every array above, its gradient below."""
    figure, axes = plt.subplots(figsize=(9, 3.6))
    axes.set(xlim=(-0.6, 9.2), ylim=(-1.6, 2.4))
    draw_only(axes)
    for i, (name, shape) in enumerate(ARRAYS.items()):
        for y, label, color in ((1.4, name, BLUE), (0.0, f"∂L/∂{name}", ORANGE)):
            box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": color}
            text = f"{label}\n{shape}"
            axes.text(STEP * i, y, text, ha="center", va="center", fontsize=9, bbox=box)
    for i, (ahead, cache, back, branch) in enumerate(OPERATIONS):
        left, middle, right = STEP * i + 0.55, STEP * i + 1.05, STEP * i + 1.55
        show_arrow(axes, (left, 1.4), (right, 1.4), BLUE)
        show_arrow(axes, (right, 0.0), (left, 0.0), ORANGE)
        axes.text(middle, 1.6, ahead, ha="center", fontsize=8, color=BLUE)
        axes.text(middle, 0.2, back, ha="center", fontsize=8, color=ORANGE)
        axes.plot([middle] * 2, [1.3, 0.55], color=GREY, linestyle=":", linewidth=1)
        axes.text(middle + 0.08, 0.85, cache, fontsize=8, color=GREY)
        if branch:
            show_arrow(axes, (middle, -0.1), (middle, -0.75), ORANGE)
            axes.text(middle, -1.15, branch, ha="center", va="center", fontsize=9, color=ORANGE)
    axes.text(-0.6, 2.15, "forward", color=BLUE, fontsize=9, weight="bold")
    axes.text(-0.6, -0.85, "in reverse", color=ORANGE, fontsize=9, weight="bold")
    axes.text(8.4, -0.85, "the loss sends ∂L/∂y", color=ORANGE, fontsize=8, ha="center")
    figure.suptitle("Every array has a gradient of the same shape; dotted: what the cache carries")
    return figure


def fit(
    x: Array,
    target: Array,
    outputs: Sequence[Array],
    fine: Array,
    slope: Array,
    true_slope: Array,
    whose: str,
) -> Any:
    """Draw a training run: the loss, the curve y(x) after some steps, the slope dy/dx at the end.

    Args:
        x, target: (B, 1).
        outputs: y (B, 1) before each step.
        fine, slope, true_slope: (P, 1), a fine grid of inputs, and the slopes there.
        whose: whose code computed it.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.3))
    left.semilogy([np.mean((np.asarray(y) - target) ** 2) for y in outputs], color=BLUE)
    left.set(title="The loss falls", xlabel="step", ylabel="mean squared error")
    last = len(outputs) - 1
    middle.plot(x, target, color=BLACK, linewidth=4, alpha=0.3, label="target")
    for step, color in ((0, SKY), (60, PINK), (last, ORANGE)):
        middle.plot(x, outputs[step], color=color, label=f"{step} steps")
    error = _percent(outputs[last], target)
    middle.set(title=f"Output y, error at the end {error}", xlabel="x")
    middle.legend(fontsize=7)
    right.plot(fine, true_slope, color=BLACK, linewidth=4, alpha=0.3, label="target's slope")
    right.plot(fine.ravel(), np.ravel(slope), color=GREEN, label="∂y/∂x by backward")
    right.set(title=f"Slope ∂y/∂x, error {_percent(slope, true_slope)}", xlabel="x")
    right.legend(fontsize=7)
    figure.suptitle(f"A network learns a curve ({whose})")
    return figure


def _percent(values: Array, true: Array) -> str:
    """Return the root mean square error of (B, 1), in percent of the root mean square of true."""
    error = np.linalg.norm(np.asarray(values) - true) / np.linalg.norm(true)
    return f"{100 * error:.1f} %"


def gradient_flow(names: Sequence[str], way: Sequence[Array], whose: str) -> Any:
    """Draw the gradients (B, ·) of one batch on one scale of colours.

    Args:
        names: what each gradient has come through, from the loss to the input.
        way: the gradients, in the same order.
        whose: whose code computed them.
    """
    panels_of = [*zip(names, way, strict=True)][::-1]
    widths = [max(np.shape(array)[1], 8) for _, array in panels_of]
    figure, panels = plt.subplots(1, len(way), figsize=(10, 3.6), width_ratios=widths)
    largest = max(float(np.abs(array).max()) for array in way)
    norm = SymLogNorm(linthresh=SMALLEST, vmin=-largest, vmax=largest)
    for axes, (name, array) in zip(panels, panels_of, strict=True):
        image = show_array(axes, array, name)
        image.set_norm(norm)
        axes.set_title(axes.get_title(), fontsize=8)
    panels[0].set_ylabel(f"{len(way[0])} examples")
    ticks = [-1, -0.1, -0.01, 0, 0.01, 0.1, 1]
    figure.colorbar(image, ax=panels, ticks=[t for t in ticks if abs(t) <= largest], pad=0.01)
    figure.suptitle(f"One batch's gradient, from the loss (right) to the input (left); {whose}")
    return figure
