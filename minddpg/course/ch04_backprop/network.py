"""Exercise 04.4: a network of two layers.

B batch, I inputs, H hidden units, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import EXERCISES, GRADIENT, OWN, exercise
from . import linear, relu, tanh  # noqa: F401 (importing them fills EXERCISES)
from .layer_rows import layer_rows
from .network_mistakes import MISTAKES

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
    statement="""This is an actor: linear, ReLU, linear, tanh. Call your layers in this order, and
    go back through them in the opposite order. The gradient of the input x comes last; DDPG will
    need it.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={layer.__name__: layer for layer in LAYERS},
    compared=OWN,
    difficulty=2,
    importance=3,
    minutes=10,
    hints=(
        "Use the six functions that you have. Forward: four calls. Each returns an output and a"
        " cache; put the four caches into a tuple.",
        "Backward: the same four layers, last one first. The gradient of its input, which a layer's"
        " backward returns, is the gradient that arrives at the layer before it.",
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
    return layer_rows(forward, backward, arguments, "y")
