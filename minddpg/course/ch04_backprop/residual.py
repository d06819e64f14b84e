"""Exercise 04.6: repair the backward pass of a layer with a fork.

B batch, H units.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, arrays, call, exercise
from ..engine.observations import upstream
from .residual_mistakes import MISTAKES

NAMES = ["grad_x", "grad_weight", "grad_bias"]

SOLUTION = """
def residual_gradients(x, weight, bias, grad_y):
    t = np.tanh(x @ weight + bias)
    grad_z = grad_y * (1 - t**2)
    grad_x = grad_y + grad_z @ weight.T
    grad_weight = x.T @ grad_z
    grad_bias = grad_z.sum(axis=0)
    return grad_x, grad_weight, grad_bias
"""


@exercise(
    "04.6",
    "Repair a backward pass",
    GRADIENT,
    stub='''
def residual_gradients(x, weight, bias, grad_y):
    """Given dL/dy (B, H) of y = x + tanh(x W + b), return dL/dx, dL/dW and dL/db.

    x (B, H), weight (H, H), bias (H,).
    """
    y = x + np.tanh(x @ weight + bias)
    grad_z = grad_y * (1 - y**2)
    grad_x = grad_z @ weight
    grad_weight = x.T @ grad_z
    grad_bias = grad_z.sum(axis=0)
    return grad_x, grad_weight, grad_bias
''',
    statement="""A residual layer adds its input to its output: y = x + tanh(x W + b). This code for
    its gradients runs, and every shape is right, but it contains three mistakes. Repair them. Write
    `ask_my_checker(residual_gradients)` below the function, and run the cell after every repair.
    Run the check, which names mistakes, at the end.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradients with numerical derivatives of the layer",
    difficulty=2,
    minutes=10,
    hints=(
        r"Begin where the backward pass begins, at `grad_z`. All three gradients are computed from"
        r" it. With $t = \tanh z$, from which number is the slope of $t$ computed?",
        "If `grad_weight` and `grad_bias` are right, so is `grad_z`. `grad_x` is left. `weight` is"
        " square, so the shapes do not show whether a transpose is missing. The chain rule does.",
        "`x` is used twice. Draw the graph of the layer: along which two paths does a change of `x`"
        " reach `y`?",
    ),
    cases=({"batch_size": 5, "units": 3, "seed": 0}, {"batch_size": 3, "units": 7, "seed": 5}),
    equivalents={
        "return (grad_x, grad_weight, grad_bias) → return (np.float32(grad_x),"
        " np.float32(grad_weight), np.float32(grad_bias))": "float32 is accepted"
    },
)
def check_residual_gradients(
    residual_gradients: Any, batch_size: int, units: int, seed: int
) -> dict[str, Any]:
    """Check residual_gradients."""
    values = {
        "x": sample_array(batch_size, units, seed=seed),
        "weight": 0.6 * sample_array(units, units, seed=seed + 3),
        "bias": sample_array(units, seed=seed + 1),
    }
    grad_y = upstream((batch_size, units))

    def gradients(grad_y: Array, **inputs: Array) -> list[Array]:
        return arrays(call(residual_gradients, *inputs.values(), grad_y), NAMES, residual_gradients)

    def losses_of(name: str) -> Callable[[Array], Array]:
        def losses(changed: Array) -> Array:
            x, weight, bias = {**values, name: changed}.values()
            by_example: Array = np.sum(grad_y * (x + np.tanh(x @ weight + bias)), axis=1)
            return by_example

        return losses

    grads = gradients(grad_y, **values)
    observed: dict[str, Any] = {
        name: GradientOf(grad, losses_of(of), values[of])
        for name, of, grad in zip(NAMES, values, grads, strict=True)
    }
    small = {name: value[(slice(1),) * value.ndim] for name, value in values.items()}
    axes = [grad.ndim for grad in gradients(grad_y[:1, :1], **small)]
    return observed | {"shape kept if all sizes are 1": axes == [grad.ndim for grad in grads]}
