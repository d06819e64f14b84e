"""Exercise 04.3: tanh.

B batch, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise, layer_pair

BATCH, OUTPUTS = 5, 4

SOLUTION = """
def tanh_forward(z):
    y = np.tanh(z)
    return y, y


def tanh_backward(grad_y, cache):
    y = cache
    grad_z = grad_y * (1 - y**2)
    return grad_z
"""

MISTAKES = (
    Mistake("slope missing", "", {"grad_y * (1 - y**2)": "grad_y"}),
    Mistake("arriving gradient missing", "", {"grad_y * (1 - y**2)": "1 - y**2"}),
    Mistake("slope at the output, where the input is meant", "", {"y**2": "np.tanh(y) ** 2"}),
    Mistake("slope at the input, where the output is meant", "", {"return y, y": "return y, z"}),
    Mistake("square missing", "The slope is 1 − y², not 1 − y.", {"y**2": "y"}),
    Mistake(
        "output instead of its slope",
        "You multiplied by y itself. The slope is 1 − y².",
        {"(1 - y**2)": "y"},
    ),
    Mistake(
        "slope of the logistic function",
        "y (1 − y) belongs to the logistic function; tanh has 1 − y².",
        {"(1 - y**2)": "y * (1 - y)"},
    ),
    Mistake("1 + y² instead of 1 − y²", "The slope of tanh is never above 1.", {"1 - y": "1 + y"}),
)


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
    statement="""Write tanh and its gradient. Its slope can be computed from its output alone.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN,
    difficulty=1,
    minutes=5,
    hints=(
        "The cache holds $y$, not $z$. Which of the two forms of the slope above needs only $y$?",
    ),
)
def check_tanh(forward: Any, backward: Any) -> dict[str, Any]:
    """Check tanh_forward and tanh_backward."""
    return layer_pair(forward, backward, {"z": sample_array(BATCH, OUTPUTS)}, "y")
