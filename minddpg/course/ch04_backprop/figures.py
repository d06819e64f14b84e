"""Figures of chapter 04: a network's graph forward and in reverse, a batch's gradient going back.

B batch, I inputs, H hidden units, O outputs.
"""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ...nn.layers import Array
from ..style import BLUE, GREY, ORANGE, show_array, show_arrow

ARRAYS = {"x": "B × I", "z₁": "B × H", "h": "B × H", "z₂": "B × O", "y": "B × O"}
OPERATIONS = (  # forward, cache, in reverse, and the parameters' gradients
    ("x W₁ + b₁", "x, W₁", "· W₁ᵀ", "∂L/∂W₁  I × H\n∂L/∂b₁  H"),
    ("max(z₁, 0)", "z₁", "· (z₁ > 0)", ""),
    ("h W₂ + b₂", "h, W₂", "· W₂ᵀ", "∂L/∂W₂  H × O\n∂L/∂b₂  O"),
    ("tanh z₂", "y", "· (1 − y²)", ""),
)
STEP = 2.1


def forward_and_reverse() -> Any:
    """Draw linear, ReLU, linear, tanh: every array above, its gradient below."""
    figure, axes = plt.subplots(figsize=(9, 3.6))
    axes.set(xlim=(-0.6, 9.2), ylim=(-1.6, 2.4))
    axes.axis("off")
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


def gradient_flow(flow: list[tuple[str, Array]]) -> Any:
    """Draw the gradients (B, ·) of one batch, given from the loss to the input, as images."""
    flow = flow[::-1]
    widths = [max(np.shape(array)[1], 8) for _, array in flow]
    figure, panels = plt.subplots(1, len(flow), figsize=(10, 3.4), width_ratios=widths)
    for axes, (name, array) in zip(panels, flow, strict=True):
        show_array(axes, array, name)
        axes.set_title(axes.get_title(), fontsize=8)
    panels[0].set_ylabel(f"{len(flow[0][1])} examples")
    figure.suptitle("One batch's gradient, from the loss (right) to the input (left)")
    return figure
