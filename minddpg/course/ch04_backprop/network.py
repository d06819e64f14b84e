"""Exercise 04.4: a network of two layers.

B batch, I inputs, H hidden units, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import EXERCISES, GRADIENT, OWN, Mistake, exercise, layer_pair
from . import linear, relu, tanh  # noqa: F401 (importing them fills EXERCISES)

BATCH, INPUTS, HIDDEN, OUTPUTS = 5, 3, 6, 4
LAYERS = [part for number in ("04.1", "04.2", "04.3") for part in EXERCISES[number].reference]

SOLUTION = """
def network_forward(x, w1, b1, w2, b2):
    z1, cache1 = linear_forward(x, w1, b1)
    h, cache_relu = relu_forward(z1)
    z2, cache2 = linear_forward(h, w2, b2)
    y, cache_tanh = tanh_forward(z2)
    return y, (cache1, cache_relu, cache2, cache_tanh)


def network_backward(grad_y, cache):
    cache1, cache_relu, cache2, cache_tanh = cache
    grad_z2 = tanh_backward(grad_y, cache_tanh)
    grad_h, grad_w2, grad_b2 = linear_backward(grad_z2, cache2)
    grad_z1 = relu_backward(grad_h, cache_relu)
    grad_x, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)
    return grad_x, grad_w1, grad_b1, grad_w2, grad_b2
"""

MISTAKES = (
    Mistake(
        "slope missing",
        "Your gradient ignores the tanh at the end. Multiply it by the slope, 1 − y².",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y"},
    ),
    Mistake(
        "slope missing",
        "Your gradient ignores the ReLU in the middle. Where z < 0, nothing should pass.",
        {"relu_backward(grad_h, cache_relu)": "grad_h"},
    ),
    Mistake(
        "slope at the output, where the input is meant",
        "",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - np.tanh(cache_tanh) ** 2)"},
    ),
    Mistake(
        "slope of the wrong side",
        "At the ReLU your gradient passes where z < 0. It should pass where z > 0.",
        {"relu_backward(grad_h, cache_relu)": "grad_h * (cache_relu < 0)"},
    ),
    Mistake(
        "transposed",
        "",
        {
            "grad_x, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)": (
                "x, w1 = cache1\n"
                "    grad_x, grad_w1, grad_b1 = grad_z1 @ w1, x.T @ grad_z1, grad_z1.sum(axis=0)"
            )
        },
        {
            "grad_h, grad_w2, grad_b2 = linear_backward(grad_z2, cache2)": (
                "h, w2 = cache2\n"
                "    grad_h, grad_w2, grad_b2 = grad_z2 @ w2, h.T @ grad_z2, grad_z2.sum(axis=0)"
            )
        },
    ),
    Mistake(
        "z instead of h",
        "dL/dw2 needs what entered the second layer, which is h = max(z, 0).",
        {"cache2, cache_tanh)": "(z1, w2), cache_tanh)"},
    ),
    Mistake(
        "missing chain term",
        "",
        {"relu_backward(grad_h, cache_relu)": "relu_backward(grad_z2, cache_relu)"},
        {"return grad_x,": "return np.ones(grad_x.shape),"},
    ),
    Mistake(
        "activation missing",
        "Without the ReLU between them, the two linear layers amount to one.",
        {"h, cache_relu = relu_forward(z1)": "h, cache_relu = z1, z1"},
    ),
    Mistake(
        "tanh missing",
        "The output has to pass a tanh.",
        {"y, cache_tanh = tanh_forward(z2)": "y, cache_tanh = z2, z2"},
        {"y, cache_tanh = tanh_forward(z2)": "y, cache_tanh = z2, np.tanh(z2)"},
    ),
)


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
    go back through them in the opposite order. The gradient of the input x comes last; DDPG will
    need it.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={layer.__name__: layer for layer in LAYERS},
    compared=OWN,
    difficulty=2,
    minutes=15,
    hints=(
        "Use the six functions that you have. Forward: four calls, each of which gives you an"
        " output and a cache. Put the four caches into a tuple.",
        "Backward: the same four layers, last one first. What a layer's backward returns as the"
        " gradient of its input is what arrives at the layer before it.",
    ),
    can_be_square=True,
)
def check_network(forward: Any, backward: Any, square: bool = False) -> dict[str, Any]:
    """Check network_forward and network_backward."""
    b, i, h, o = (4, 4, 4, 4) if square else (BATCH, INPUTS, HIDDEN, OUTPUTS)
    inputs = {
        "x": sample_array(b, i),
        "w1": 0.6 * sample_array(i, h, seed=3),
        "b1": sample_array(h),
        "w2": 0.6 * sample_array(h, o, seed=4),
        "b2": sample_array(o),
    }
    return layer_pair(forward, backward, inputs, "y")
