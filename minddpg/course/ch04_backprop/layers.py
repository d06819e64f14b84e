"""Chapter 04, backprop by hand: linear, ReLU, tanh.

B batch, I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, layer_pair

BATCH, INPUTS, OUTPUTS = 5, 3, 4


def linear(x: Array, weight: Array, bias: Array) -> Any:
    return x @ weight + bias, (x, weight)


def linear_backward(grad_z: Array, cache: Any) -> Any:
    x, weight = cache
    return grad_z @ weight.T, x.T @ grad_z, grad_z.sum(axis=0)


@exercise(
    "04.1",
    "A linear layer",
    GRADIENT,
    stub='''
def linear_forward(x, weight, bias):
    """Map x (B, I) by weight (I, O) and bias (O,) to z (B, O); return z and a cache."""
    z = None
    return z, (x, weight)


def linear_backward(grad_z, cache):
    """Given dL/dz (B, O), return dL/dx (B, I), dL/dweight (I, O) and dL/dbias (O,)."""
    x, weight = cache
    grad_x = grad_weight = grad_bias = None
    return grad_x, grad_weight, grad_bias
''',
    statement="""Write z = x W + b and its three gradients. Shapes leave you little choice: which
    product of two arrays has the shape of W?""",
    reference=(linear, linear_backward),
    rows=(
        Row("bias forgotten", (lambda x, w, b: (x @ w, (x, w)), None), "z has no b in it."),
        Row(
            "bias subtracted", (lambda x, w, b: (x @ w - b, (x, w)), None), "z = x W + b, not − b."
        ),
        Row(
            "|x| instead of x",
            (None, lambda g, c: (g @ c[1].T, np.abs(c[0]).T @ g, g.sum(axis=0))),
            "dL/dW needs x with its sign.",
        ),
        Row("transposed", (None, lambda g, c: (g @ c[1], c[0] @ g, g.sum(axis=0)))),
    ),
    compared=OWN,
    can_be_square=True,
)
def check_linear(forward: Any, backward: Any, square: bool = False) -> dict[str, Any]:
    """Check linear_forward and linear_backward."""
    b, i, o = (4, 4, 4) if square else (BATCH, INPUTS, OUTPUTS)
    inputs = {
        "x": sample_array(b, i),
        "weight": sample_array(i, o, seed=1),
        "bias": sample_array(o),
    }
    return layer_pair(forward, backward, inputs, "z")


def relu(z: Array) -> Any:
    return np.maximum(z, 0), z


@exercise(
    "04.2",
    "ReLU",
    GRADIENT,
    stub='''
def relu_forward(z):
    """Map z (B, O) to y = max(z, 0), entry by entry; return y and a cache."""
    y = None
    return y, z


def relu_backward(grad_y, cache):
    """Given dL/dy (B, O), return dL/dz (B, O)."""
    z = cache
    grad_z = None
    return grad_z
''',
    statement="""Write ReLU and its gradient. Where does a change of z change y, and how much?""",
    reference=(relu, lambda g, z: g * (z > 0)),
    rows=(
        Row("slope missing", (None, lambda g, z: g)),
        Row("arriving gradient missing", (None, lambda g, z: 1.0 * (z > 0))),
        Row(
            "slope of the wrong side",
            (None, lambda g, z: g * (z < 0)),
            "The gradient passes where z < 0, and should where z > 0.",
        ),
        Row(
            "output instead of its slope",
            (None, lambda g, z: g * np.maximum(z, 0)),
            "The slope is 1 where z > 0. You multiplied by y itself.",
        ),
        Row(
            "gradient clipped instead of masked",
            (None, lambda g, z: np.maximum(g, 0)),
            "ReLU was applied to the gradient. It is z that decides what passes, not the gradient.",
        ),
        Row(
            "clipped and masked",
            (None, lambda g, z: np.maximum(g, 0) * (z > 0)),
            "Negative gradients pass too, where z > 0.",
        ),
        Row("|z| instead of max(z, 0)", (lambda z: (np.abs(z), z), None), "y is 0 where z < 0."),
        Row("min instead of max", (lambda z: (np.minimum(z, 0), z), None), "y is z where z > 0."),
    ),
    compared=OWN,
)
def check_relu(forward: Any, backward: Any) -> dict[str, Any]:
    """Check relu_forward and relu_backward."""
    return layer_pair(forward, backward, {"z": sample_array(BATCH, OUTPUTS)}, "y")


@exercise(
    "04.3",
    "tanh",
    GRADIENT,
    stub='''
def tanh_forward(z):
    """Map z (B, O) to y = tanh(z), entry by entry; return y and a cache."""
    y = None
    return y, y


def tanh_backward(grad_y, cache):
    """Given dL/dy (B, O), return dL/dz (B, O)."""
    y = cache
    grad_z = None
    return grad_z
''',
    statement="""Write tanh and its gradient. Its slope can be had from its output alone.""",
    reference=(lambda z: (np.tanh(z), z), lambda g, z: g * (1 - np.tanh(z) ** 2)),
    rows=(
        Row("slope missing", (None, lambda g, z: g)),
        Row("arriving gradient missing", (None, lambda g, z: 1 - np.tanh(z) ** 2)),
        Row(
            "slope at the output, where the input is meant",
            (None, lambda g, z: g * (1 - np.tanh(np.tanh(z)) ** 2)),
        ),
        Row("slope at the input, where the output is meant", (None, lambda g, z: g * (1 - z**2))),
        Row(
            "square missing",
            (None, lambda g, z: g * (1 - np.tanh(z))),
            "The slope is 1 − y², not 1 − y.",
        ),
        Row(
            "output instead of its slope",
            (None, lambda g, z: g * np.tanh(z)),
            "You multiplied by y itself. The slope is 1 − y².",
        ),
        Row(
            "slope of the logistic function",
            (None, lambda g, z: g * np.tanh(z) * (1 - np.tanh(z))),
            "y (1 − y) belongs to the logistic function; tanh has 1 − y².",
        ),
        Row(
            "1 + y² instead of 1 − y²",
            (None, lambda g, z: g * (1 + np.tanh(z) ** 2)),
            "The slope of tanh is never above 1.",
        ),
    ),
    compared=OWN,
)
def check_tanh(forward: Any, backward: Any) -> dict[str, Any]:
    """Check tanh_forward and tanh_backward."""
    return layer_pair(forward, backward, {"z": sample_array(BATCH, OUTPUTS)}, "y")
