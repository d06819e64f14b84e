"""Chapter 04, backprop by hand: a network of two layers.

B batch, I inputs, H hidden units, O outputs.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, layer_pair

BATCH, INPUTS, HIDDEN, OUTPUTS = 5, 3, 6, 4


def network(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Any:
    z = x @ w1 + b1
    h = np.maximum(z, 0)
    y = np.tanh(h @ w2 + b2)
    return y, (x, z, h, y, w1, w2)


def network_without_relu(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Any:
    return np.tanh((x @ w1 + b1) @ w2 + b2), network(x, w1, b1, w2, b2)[1]


def network_backward(
    grad_y: Array,
    cache: Any,
    inner: Any = lambda z: z > 0,
    outer: Any = lambda y: 1 - y**2,
    before: bool = False,
    turn: str = "",
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""
    x, z, h, y, w1, w2 = cache
    w1, w2 = w1.T if "1" in turn else w1, w2.T if "2" in turn else w2
    grad_2 = grad_y * outer(y)
    grad_1 = grad_2 @ w2.T * inner(z)
    grad_w2 = (z if before else h).T @ grad_2
    return grad_1 @ w1.T, x.T @ grad_1, grad_1.sum(axis=0), grad_w2, grad_2.sum(axis=0)


@exercise(
    "04.4",
    "A network of two layers",
    GRADIENT,
    stub='''
def network_forward(x, w1, b1, w2, b2):
    """Return y = tanh(max(x w1 + b1, 0) w2 + b2), (B, O), and a cache.

    x (B, I), w1 (I, H), b1 (H,), w2 (H, O), b2 (O,).
    """
    y = None
    return y, ()


def network_backward(grad_y, cache):
    """Given dL/dy (B, O), return the gradients of x, w1, b1, w2, b2, each with its own shape."""
    grad_x = grad_w1 = grad_b1 = grad_w2 = grad_b2 = None
    return grad_x, grad_w1, grad_b1, grad_w2, grad_b2
''',
    statement="""This is an actor: linear, ReLU, linear, tanh. Put your three layers in a row, and
    walk back through them in the opposite order. The gradient of the input x comes last; DDPG will
    need it.""",
    reference=(network, network_backward),
    rows=(
        Row(
            "slope missing",
            (None, lambda g, c: network_backward(g, c, outer=lambda y: 1)),
            "The gradient passes the tanh at the end as if it were not there: times 1 − y².",
        ),
        Row(
            "slope missing",
            (None, lambda g, c: network_backward(g, c, inner=lambda z: 1)),
            "The gradient passes the ReLU in the middle as if it were not there: right except"
            " where it is off.",
        ),
        Row(
            "slope at the output, where the input is meant",
            (None, lambda g, c: network_backward(g, c, outer=lambda y: 1 - np.tanh(y) ** 2)),
        ),
        Row(
            "slope of the wrong side",
            (None, lambda g, c: network_backward(g, c, inner=lambda z: z < 0)),
            "At the ReLU the gradient passes where z < 0, and should where z > 0.",
        ),
        Row("transposed", (None, lambda g, c: network_backward(g, c, turn="1"))),
        Row("transposed", (None, lambda g, c: network_backward(g, c, turn="2"))),
        Row(
            "z instead of h",
            (None, lambda g, c: network_backward(g, c, before=True)),
            "dL/dw2 needs what entered the second layer, which is h = max(z, 0).",
        ),
        Row(
            "missing chain term",
            (None, lambda g, c: (network_backward(g, c)[0] * 0 + 1, *network_backward(g, c)[1:])),
        ),
        Row(
            "activation missing",
            (network_without_relu, None),
            "Without the ReLU between them, two linear layers are one.",
        ),
        Row(
            "tanh missing",
            (lambda *given: (np.arctanh(network(*given)[0]), network(*given)[1]), None),
            "The output has to pass a tanh.",
        ),
    ),
    compared=OWN,
    can_be_square=True,
)
def check_network(forward: Any, backward: Any, square: bool = False) -> dict[str, Any]:
    """Check network_forward and network_backward."""
    b, i, h, o = (4, 4, 4, 4) if square else (BATCH, INPUTS, HIDDEN, OUTPUTS)
    inputs = {
        **{"x": sample_array(b, i), "w1": 0.6 * sample_array(i, h, seed=3), "b1": sample_array(h)},
        **{"w2": 0.6 * sample_array(h, o, seed=4), "b2": sample_array(o)},
    }
    return layer_pair(forward, backward, inputs, "y")
