"""Exercise 04.3: tanh.

B batch, O outputs.
"""

from collections.abc import Sequence
from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise
from .layer_rows import layer_rows

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
    Mistake(
        "slope at the output, where the input is meant",
        "The cache holds y, which is tanh(z) already. The slope is 1 − y², without another tanh.",
        {"y**2": "np.tanh(y) ** 2"},
    ),
    Mistake("slope at the input, where the output is meant", "", {"return y, y": "return y, z"}),
    Mistake("square missing", "The slope is 1 − y², not 1 − y.", {"y**2": "y"}),
    Mistake(
        "output instead of its slope",
        "You multiplied by y itself. The slope is 1 − y².",
        {"(1 - y**2)": "y"},
    ),
    Mistake(
        "slope of the logistic function",
        "y (1 − y) is the slope of the logistic function. That of tanh is 1 − y².",
        {"(1 - y**2)": "y * (1 - y)"},
    ),
    Mistake(
        "1 − y without brackets",
        "grad · 1 − y² subtracts y² from the gradient. Put 1 − y² in brackets.",
        {"grad_y * (1 - y**2)": "grad_y * 1 - y**2"},
        {"grad_y * (1 - y**2)": "grad_y - y**2"},
    ),
    Mistake("y² without 1 −", "The slope is 1 − y².", {"(1 - y**2)": "y**2"}),
    Mistake(
        "1 − y² turned around", "y² − 1 is the slope with the wrong sign.", {"1 - y**2": "y**2 - 1"}
    ),
    Mistake(
        "root of the slope",
        "√(1 − y²) is the slope of the sine. That of tanh is 1 − y².",
        {"(1 - y**2)": "np.sqrt(np.abs(1 - y**2))"},
    ),
    Mistake(
        "squared twice",
        "The slope is 1 − y², where y is tanh(z): one square.",
        {"1 - y**2": "1 - y**4"},
        {"(1 - y**2)": "(1 - y**2) ** 2"},
        {"(1 - y**2)": "(1 - y) ** 2"},
    ),
    Mistake(
        "slope added",
        "The gradient is multiplied by the slope.",
        {"grad_y * (1 - y**2)": "grad_y + (1 - y**2)"},
    ),
    Mistake(
        "tanh of the gradient",
        "Multiply the gradient that arrives by the slope. Do not put it into tanh.",
        {"grad_y * (1 - y**2)": "np.tanh(grad_y)"},
        {"grad_y * (1 - y**2)": "1 - np.tanh(grad_y) ** 2"},
        {"grad_y * (1 - y**2)": "1 - grad_y**2"},
        {"grad_y * (1 - y**2)": "grad_y * (1 - grad_y**2)"},
    ),
    Mistake(
        "logistic function instead of tanh",
        "1/(1 + e^−z) lies between 0 and 1. tanh lies between −1 and 1.",
        {"np.tanh(z)": "1 / (1 + np.exp(-z))"},
        {"np.tanh(z)": "1 / (1 + np.exp(-z))", "(1 - y**2)": "y * (1 - y)"},
    ),
    Mistake(
        "activation missing",
        "Your forward returns z as it is. It should be tanh(z).",
        {"np.tanh(z)": "z"},
        {"return y, y": "return z, y"},
        {"np.tanh(z)": "z", "(1 - y**2)": "1"},
    ),
    Mistake(
        "another function instead of tanh",
        "The forward should be np.tanh(z).",
        {"np.tanh(z)": "np.tan(z)"},
        {"np.tanh(z)": "np.tan(z)", "1 - y": "1 + y"},
        {"np.tanh(z)": "np.arctanh(np.clip(z, -0.99, 0.99))"},
        {"np.tanh(z)": "np.arctan(z)"},
        {"np.tanh(z)": "np.clip(z, -1, 1)"},
        {"np.tanh(z)": "np.sin(z)"},
        {"np.tanh(z)": "np.tanh(2 * z)"},
        {"np.tanh(z)": "np.tanh(z / 2)"},
        {"np.tanh(z)": "z - z**3 / 3"},
        {"np.tanh(z)": "z / (1 + np.abs(z))"},
        {"np.tanh(z)": "2 / (1 + np.exp(-z)) - 1"},
    ),
    Mistake(
        "one slope for all entries",
        "Each entry of z has its own slope, 1 − y². You summed or averaged, or took one row.",
        *(
            {"y**2": f"{square}"}
            for square in (
                "(y**2).sum()",
                "(y**2).mean()",
                "(y**2).sum(axis=0)",
                "(y**2).mean(axis=0)",
                "(y**2).sum(axis=1, keepdims=True)",
                "(y**2).mean(axis=1, keepdims=True)",
                "y[0] ** 2",
            )
        ),
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1, so with one example or one unit the shapes change."
        " Leave it out.",
        {"np.tanh(z)": "np.tanh(z).squeeze()"},
        {"grad_y * (1 - y**2)": "(grad_y * (1 - y**2)).squeeze()"},
    ),
    Mistake(
        "slope of ReLU",
        "z > 0 is the slope of ReLU. That of tanh is 1 − y².",
        {"(1 - y**2)": "(y > 0)"},
    ),
    Mistake(
        "sinh instead of cosh",
        "In terms of z, the slope of tanh is 1 / cosh²(z).",
        {"grad_y * (1 - y**2)": "grad_y / np.sinh(np.arctanh(y)) ** 2"},
    ),
    Mistake(
        "factor 2",
        "y lies between −1 and 1. The agent scales it to Pendulum's ±2 N m later.",
        {"np.tanh(z)": "2 * np.tanh(z)"},
        {"np.tanh(z)": "2 * np.tanh(z)", "(1 - y**2)": "(2 - y**2 / 2)"},
        {"return y, y": "return 2 * y, y"},
    ),
    Mistake(
        "rounded to whole numbers",
        "Rounded, y can only be −1, 0 or 1. Keep the fractions.",
        {"np.tanh(z)": "np.tanh(z).astype(int)"},
        {"return y, y": "return y, y.astype(int)"},
    ),
    Mistake("half precision", "", {"np.tanh(z)": "np.tanh(z).astype(np.float16)"}),
    Mistake(
        "rounded",
        "Return the numbers as they are.",
        *({"np.tanh(z)": f"np.round(np.tanh(z), {digits})"} for digits in (1, 2, 3, 4)),
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
    minutes=4,
    cases=(
        {"batch_size": 5, "outputs": 7, "large": (1000.0, -1000.0, 400.0, -5.0)},
        {"batch_size": 7, "outputs": 3, "seed": 5},
    ),
    equivalents={
        "return (y, y) → return (np.float32(y), np.float32(y))": "float32 is accepted",
        "return grad_z → return np.float32(grad_z)": "float32 is accepted",
    },
    hints=(
        "The cache holds $y$, not $z$. Which of the two forms of the slope above needs only $y$?"
        " Compute $y$ with `np.tanh`: a formula with `np.exp` overflows where $z$ is large.",
    ),
)
def check_tanh(
    forward: Any,
    backward: Any,
    batch_size: int,
    outputs: int,
    seed: int = 0,
    large: Sequence[float] = (),
) -> dict[str, Any]:
    """Check tanh_forward and tanh_backward; `large` are entries that saturate."""
    z = sample_array(batch_size, outputs, seed=seed)
    z.flat[: len(large)] = large
    return layer_rows(forward, backward, {"z": z}, "y")
