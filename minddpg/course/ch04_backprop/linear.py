"""Exercise 04.1: a linear layer.

B batch, I inputs, O outputs.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise
from .layer_rows import layer_rows

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
    Mistake(
        "bias added to x",
        "z = x W + b: the bias is added to the outputs.",
        {"x @ weight + bias": "(x + bias[0]) @ weight"},
    ),
    Mistake(
        "bias added to the weights",
        "Multiply x by W first, then add b. Without brackets, Python does it in this order.",
        {"x @ weight + bias": "x @ (weight + bias)"},
    ),
    Mistake(
        "one input missing",
        "z sums over all I inputs. The first or the last one is missing.",
        {"x @ weight": "x[:, :-1] @ weight[:-1]"},
        {"x @ weight": "x[:, 1:] @ weight[1:]"},
    ),
    Mistake(
        "activation added",
        "A linear layer ends with z = x W + b. ReLU and tanh are separate layers.",
        {"x @ weight + bias": "np.maximum(x @ weight + bias, 0)"},
        {"x @ weight + bias": "np.tanh(x @ weight + bias)"},
    ),
    Mistake("|x| instead of x", "dL/dW needs x with its sign.", {"x.T": "np.abs(x).T"}),
    Mistake(
        "transposed", "", {"weight.T": "weight", "x.T": "x"}, {"weight.T": "weight"}, {"x.T": "x"}
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1, so with one example or one unit the shapes change."
        " Leave it out.",
        {"x @ weight + bias": "(x @ weight + bias).squeeze()"},
        {"grad_z @ weight.T": "(grad_z @ weight.T).squeeze()"},
        {"x.T @ grad_z": "(x.T @ grad_z).squeeze()"},
    ),
    Mistake(
        "reshape instead of transpose",
        "reshape keeps the order of the numbers, so it mixes rows and columns. Transpose with .T.",
        {"weight.T": "weight.reshape(weight.shape[::-1])", "x.T": "x.reshape(x.shape[::-1])"},
        {"weight.T": "weight.reshape(weight.shape[::-1])"},
        {"x.T": "x.reshape(x.shape[::-1])"},
    ),
    Mistake(
        "summed before the product",
        "The sum of products is not the product of two sums: multiply each example's x by its own"
        " dL/dz first.",
        {"x.T @ grad_z": "np.outer(x.sum(axis=0), grad_z.sum(axis=0))"},
        {"x.T @ grad_z": "np.outer(x.mean(axis=0), grad_z.sum(axis=0))"},
        {"x.T @ grad_z": "np.outer(x.mean(axis=0), grad_z.mean(axis=0))"},
    ),
    Mistake(
        "one output instead of their sum",
        "x acts on every output: dL/dx is a sum over all O of them. In a loop, add with +=.",
        {"grad_z @ weight.T": "np.outer(grad_z[:, -1], weight[:, -1])"},
        {"grad_z @ weight.T": "np.outer(grad_z[:, 0], weight[:, 0])"},
    ),
    Mistake(
        "rows of weight and bias mixed up",
        "If the bias is a last row below the weights, its gradient is the last row, too.",
        {
            "grad_weight =": "grad_bias, *grad_weight =",
            "x.T @ grad_z": "np.vstack([x.T @ grad_z, grad_z.sum(axis=0)])",
            "    grad_bias = grad_z.sum(axis=0)\n": "",
        },
    ),
    Mistake(
        "whole numbers",
        "The digits after the point are lost at each addition. An array made with dtype=int, or of"
        " whole numbers, cannot hold fractions.",
        {
            "grad_weight = x.T @ grad_z": "grad_weight = np.zeros(weight.shape, dtype=int)\n"
            "    for each, grad in zip(x, grad_z):\n"
            "        grad_weight[:] = grad_weight + np.outer(each, grad)"
        },
    ),
    Mistake(
        "missing chain term",
        "The gradient that arrives, dL/dz, is a factor of every gradient. One of yours lacks it.",
        {"grad_z @ weight.T": "np.ones_like(grad_z) @ weight.T"},
        {"x.T @ grad_z": "x.T @ np.ones_like(grad_z)"},
        {"x.T @ grad_z": "np.tile(x.sum(axis=0)[:, None], grad_z.shape[1])"},
        {"grad_z.sum(axis=0)": "np.ones(grad_z.shape[1])"},
        {"grad_z.sum(axis=0)": "np.full(grad_z.shape[1], len(x))"},
    ),
    Mistake(
        "factor 1/B",
        "You took the mean over the batch of B examples. The factor 1/B belongs to the loss and is"
        " in dL/dz already: sum.",
        {"x.T @ grad_z": "x.T @ grad_z / len(x)", "sum(axis=0)": "mean(axis=0)"},
        {"x.T @ grad_z": "x.T @ grad_z / len(x)"},
        {"sum(axis=0)": "mean(axis=0)"},
        {
            "grad_z @ weight.T": "grad_z @ weight.T / len(x)",
            "x.T @ grad_z": "x.T @ grad_z / len(x)",
            "sum(axis=0)": "mean(axis=0)",
        },
    ),
    Mistake(
        "grad_x divided by N",
        "Every example has its own row of grad_x: there is no sum over the batch, and nothing to"
        " divide.",
        {"grad_z @ weight.T": "grad_z @ weight.T / len(x)"},
    ),
    Mistake(
        "the bias's gradient through x",
        "z = x W + b: each entry of b is added to its column of z, with slope 1.",
        {"grad_z.sum(axis=0)": "grad_z.sum(axis=0) * x.mean()"},
        {"grad_z.sum(axis=0)": "grad_z.sum(axis=0) * x.sum()"},
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
    importance=3,
    minutes=10,
    hints=(
        "Start with `grad_bias`. It has to be (O,), and `grad_z` is (B, O). Which axis has to go?",
        "`grad_weight` has to be (I, O). You have `x` (B, I) and `grad_z` (B, O). A matrix product"
        " sums over the axis that its factors share: which one must that be, and which factor has"
        " to be transposed?",
    ),
    cases=(
        {"batch_size": 5, "inputs": 3, "outputs": 7},
        {"batch_size": 7, "inputs": 11, "outputs": 2, "seed": 5},
    ),
    square={"batch_size": 4, "inputs": 4, "outputs": 4},
    equivalents={
        "return (z, (x, weight)) → return (np.float32(z), (x, weight))": "float32 is accepted",
        "return (grad_x, grad_weight, grad_bias) → return (np.float32(grad_x),"
        " np.float32(grad_weight), np.float32(grad_bias))": "float32 is accepted",
    },
)
def check_linear(
    forward: Any, backward: Any, batch_size: int, inputs: int, outputs: int, seed: int = 0
) -> dict[str, Any]:
    """Check linear_forward and linear_backward."""
    arguments = {
        "x": sample_array(batch_size, inputs, seed=seed),
        "weight": sample_array(inputs, outputs, seed=seed + 1),
        "bias": sample_array(outputs, seed=seed),
    }
    return layer_rows(forward, backward, arguments, "z")
