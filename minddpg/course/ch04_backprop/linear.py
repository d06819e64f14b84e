"""Exercise 04.1: a linear layer.

B batch, I inputs, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise, layer_pair

BATCH, INPUTS, OUTPUTS = 5, 3, 4

SOLUTION = """
def linear_forward(x, weight, bias):
    z = x @ weight + bias
    return z, (x, weight)


def linear_backward(grad_z, cache):
    x, weight = cache
    grad_x = grad_z @ weight.T
    grad_weight = x.T @ grad_z
    grad_bias = grad_z.sum(axis=0)
    return grad_x, grad_weight, grad_bias
"""

MISTAKES = (
    Mistake("bias forgotten", "z has no b in it.", {" + bias": ""}),
    Mistake("bias subtracted", "z = x W + b, not − b.", {"+ bias": "- bias"}),
    Mistake("|x| instead of x", "dL/dW needs x with its sign.", {"x.T": "np.abs(x).T"}),
    Mistake(
        "transposed", "", {"weight.T": "weight", "x.T": "x"}, {"weight.T": "weight"}, {"x.T": "x"}
    ),
)


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
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN,
    difficulty=1,
    minutes=10,
    hints=(
        "Start with `grad_bias`. It has to be (O,), and `grad_z` is (B, O). Which axis has to go?",
        "`grad_weight` has to be (I, O). You have `x` (B, I) and `grad_z` (B, O). A matrix product"
        " sums over the axis that its factors share: which one must that be, and which factor has"
        " to be transposed?",
    ),
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
