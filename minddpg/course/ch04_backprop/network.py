"""Exercise 04.4: a network of two layers.

B batch, I inputs, H hidden units, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import EXERCISES, GRADIENT, OWN, Mistake, exercise, layer_pair
from . import linear, relu, tanh  # noqa: F401 (importing them fills EXERCISES)

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

LAST = "grad_x, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)"

MISTAKES = (
    Mistake(
        "slope missing",
        "Your gradient ignores the tanh at the end. Multiply it by the slope, 1 − y².",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y"},
    ),
    Mistake(
        "slope missing",
        "Your gradient ignores the ReLU in the middle. Where z < 0, nothing should pass. After"
        " h = z1; h[h < 0] = 0 there is no z1 < 0 any more: h and z1 are one array.",
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
        "slope missing",
        "In one gradient the slope of the ReLU is missing, in another it is not. Multiply once, and"
        " use the product for all three.",
        {
            LAST: "grad_x = linear_backward(grad_h, cache1)[0]\n"
            "    _, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)"
        },
        {
            LAST: "grad_x = linear_backward(grad_z1, cache1)[0]\n"
            "    _, grad_w1, grad_b1 = linear_backward(grad_h, cache1)"
        },
        {LAST: f"{LAST}\n    grad_w1 = linear_backward(grad_h, cache1)[1]"},
        {LAST: f"{LAST}\n    grad_b1 = grad_h.sum(axis=0)"},
    ),
    Mistake(
        "slope missing",
        "In one gradient the slope of the tanh is missing, in another it is not. Multiply once, and"
        " use the product for all three.",
        {LAST: f"{LAST}\n    grad_w2 = linear_backward(grad_y, cache2)[1]"},
        {LAST: f"{LAST}\n    grad_b2 = grad_y.sum(axis=0)"},
        {LAST: f"{LAST}\n    _, grad_w2, grad_b2 = linear_backward(grad_y, cache2)"},
        {"grad_z1 = relu": "grad_h = linear_backward(grad_y, cache2)[0]\n    grad_z1 = relu"},
    ),
    Mistake(
        "slope at the input, where the output is meant", "", {"cache2, cache_tanh)": "cache2, z2)"}
    ),
    Mistake(
        "square missing",
        "The slope of tanh is 1 − y², not 1 − y.",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - cache_tanh)"},
    ),
    Mistake(
        "gradient clipped instead of masked",
        "You applied ReLU to the gradient. What passes depends on z, not on the gradient.",
        {"relu_backward(grad_h, cache_relu)": "np.maximum(grad_h, 0)"},
    ),
    Mistake(
        "output instead of its slope",
        "You multiplied by h itself. The slope of ReLU is 1 where z > 0, and 0 elsewhere.",
        {"relu_backward(grad_h, cache_relu)": "grad_h * np.maximum(cache_relu, 0)"},
    ),
    Mistake(
        "factor 1/B",
        "You took the mean over the batch of B examples. The factor 1/B belongs to the loss and is"
        " in dL/dy already: sum.",
        {
            LAST: f"{LAST}\n    grad_w1, grad_b1, grad_w2, grad_b2 = (\n"
            "        each / len(grad_y) for each in (grad_w1, grad_b1, grad_w2, grad_b2)\n    )"
        },
        {LAST: f"{LAST}\n    grad_w1, grad_w2 = grad_w1 / len(grad_y), grad_w2 / len(grad_y)"},
        {LAST: f"{LAST}\n    grad_b1, grad_b2 = grad_b1 / len(grad_y), grad_b2 / len(grad_y)"},
    ),
    Mistake(
        "grad_x divided by N",
        "Every example has its own row of grad_x: there is no sum over the batch, and nothing to"
        " divide.",
        {LAST: f"{LAST}\n    grad_x = grad_x / len(grad_x)"},
    ),
    Mistake(
        "bias forgotten",
        "Both linear layers have a bias.",
        {"linear_forward(x, w1, b1)": "linear_forward(x, w1, 0 * b1)"},
        {"linear_forward(h, w2, b2)": "linear_forward(h, w2, 0 * b2)"},
    ),
    Mistake(
        "tanh instead of ReLU",
        "The activation in the middle is max(z, 0).",
        {
            "relu_forward(z1)": "tanh_forward(z1)",
            "relu_backward(grad_h, cache_relu)": "tanh_backward(grad_h, cache_relu)",
        },
        {"relu_forward(z1)": "tanh_forward(z1)"},
    ),
    Mistake(
        "ReLU instead of tanh",
        "The activation at the end is tanh.",
        {
            "tanh_forward(z2)": "relu_forward(z2)",
            "tanh_backward(grad_y, cache_tanh)": "relu_backward(grad_y, cache_tanh)",
        },
        {"tanh_forward(z2)": "relu_forward(z2)"},
    ),
    Mistake(
        "gradient of z instead of x",
        "One step is missing: dL/dx is dL/dz1 times W1, transposed.",
        {LAST: f"{LAST}\n    grad_x = grad_z1"},
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
        {"h, cache_relu = relu_forward(z1)": "h, cache_relu = z1, np.ones_like(z1)"},
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
    cases=(
        {"batch_size": 5, "inputs": 3, "hidden": 7, "outputs": 2},
        {"batch_size": 3, "inputs": 5, "hidden": 11, "outputs": 7, "seed": 5},
    ),
    square={"batch_size": 4, "inputs": 4, "hidden": 4, "outputs": 4},
    equivalents={
        "y, cache_tanh = tanh_forward(z2) → cache_tanh, y = tanh_forward(z2)": "both are y",
        "return (y, (cache1, cache_relu, cache2, cache_tanh)) → return (np.float32(y),"
        " (cache1, cache_relu, cache2, cache_tanh))": "float32 is accepted",
        "return (grad_x, grad_w1, grad_b1, grad_w2, grad_b2) → return (np.float32(grad_x),"
        " np.float32(grad_w1), np.float32(grad_b1), np.float32(grad_w2), np.float32(grad_b2))": (
            "float32 is accepted"
        ),
    },
)
def check_network(
    forward: Any,
    backward: Any,
    batch_size: int,
    inputs: int,
    hidden: int,
    outputs: int,
    seed: int = 0,
) -> dict[str, Any]:
    """Check network_forward and network_backward."""
    arguments = {
        "x": sample_array(batch_size, inputs, seed=seed),
        "w1": 0.6 * sample_array(inputs, hidden, seed=seed + 3),
        "b1": sample_array(hidden, seed=seed),
        "w2": 0.4 * sample_array(hidden, outputs, seed=seed + 4),
        "b2": sample_array(outputs, seed=seed + 1),
    }
    return layer_pair(forward, backward, arguments, "y")
