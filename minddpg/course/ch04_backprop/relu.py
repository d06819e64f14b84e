"""Exercise 04.2: ReLU.

B batch, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise, layer_pair

BATCH, OUTPUTS = 5, 4

SOLUTION = """
def relu_forward(z):
    y = np.maximum(z, 0)
    return y, z


def relu_backward(grad_y, cache):
    z = cache
    grad_z = grad_y * (z > 0)
    return grad_z
"""

MISTAKES = (
    Mistake("slope missing", "", {"grad_y * (z > 0)": "grad_y"}),
    Mistake("arriving gradient missing", "", {"grad_y * (z > 0)": "1.0 * (z > 0)"}),
    Mistake(
        "slope of the wrong side",
        "Your gradient passes where z < 0. It should pass where z > 0.",
        {"z > 0": "z < 0"},
    ),
    Mistake(
        "output instead of its slope",
        "The slope is 1 where z > 0. You multiplied by y itself.",
        {"(z > 0)": "np.maximum(z, 0)"},
    ),
    Mistake(
        "gradient clipped instead of masked",
        "You applied ReLU to the gradient. What passes depends on z, not on the gradient.",
        {"grad_y * (z > 0)": "np.maximum(grad_y, 0)"},
    ),
    Mistake(
        "clipped and masked",
        "Where z > 0, negative gradients pass, too.",
        {"grad_y * (z > 0)": "np.maximum(grad_y, 0) * (z > 0)"},
    ),
    Mistake("|z| instead of max(z, 0)", "y is 0 where z < 0.", {"np.maximum(z, 0)": "np.abs(z)"}),
    Mistake("min instead of max", "y is z where z > 0.", {"np.maximum": "np.minimum"}),
)


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
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN,
    difficulty=1,
    minutes=5,
    hints=("`z > 0` is an array of True and False. Multiplied with numbers it counts as 1 and 0.",),
)
def check_relu(forward: Any, backward: Any) -> dict[str, Any]:
    """Check relu_forward and relu_backward."""
    return layer_pair(forward, backward, {"z": sample_array(BATCH, OUTPUTS)}, "y")
