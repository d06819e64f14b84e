"""Exercise 04.2: ReLU.

B batch, O outputs.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, OWN, Mistake, exercise
from .layer_rows import layer_rows

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
    Mistake(
        "maximum over an axis",
        "np.max(z, 0) is the largest entry of each column. np.maximum(z, 0) compares each entry"
        " with 0.",
        {"np.maximum(z, 0)": "np.max(z, 0)"},
        {"np.maximum(z, 0)": "np.max(z, 0) * np.ones_like(z)"},
    ),
    Mistake(
        "one slope for all entries",
        "Whether the gradient of an entry of z passes depends on that entry alone.",
        *(
            {"(z > 0)": f"({slope})"}
            for axis in ("axis=0", "axis=1, keepdims=True")
            for slope in (
                f"z.sum({axis}) > 0",
                f"(z > 0).any({axis})",
                f"(z > 0).all({axis})",
                f"(z > 0).mean({axis})",
            )
        ),
    ),
    Mistake(
        "z instead of its sign",
        "The slope is 1 where z > 0, and 0 elsewhere. You multiplied by z itself.",
        {"(z > 0)": "z"},
        {"(z > 0)": "np.abs(z)"},
    ),
    Mistake(
        "slope −1 below zero",
        "Where z < 0, y is 0 whatever z is: the slope there is 0.",
        {"(z > 0)": "np.sign(z)"},
    ),
    Mistake(
        "mask from the gradient",
        "What passes depends on the sign of z, not on that of the gradient that arrives.",
        {"grad_y * (z > 0)": "1.0 * (grad_y > 0)"},
    ),
    Mistake(
        "compared with another number than 0",
        "The kink of ReLU is at 0. Yours is elsewhere, or z was rounded.",
        *({"z > 0": f"z > {number}"} for number in (1, -1, 0.5)),
        *(
            {"np.maximum(z, 0)": f"np.maximum(z, {number})"}
            for number in (1, -1, 0.5, 0.01, "z.mean()")
        ),
    ),
    Mistake(
        "activation missing",
        "Your forward returns z as it is. Where z < 0, y is 0.",
        {"np.maximum(z, 0)": "z"},
        {"np.maximum(z, 0)": "z", "(z > 0)": "1"},
    ),
    Mistake(
        "leaky",
        "ReLU is 0 where z < 0. A leaky ReLU is not.",
        *(
            edit
            for slope in (0.01, 0.1, 0.2)
            for edit in (
                {"np.maximum(z, 0)": f"np.where(z > 0, z, {slope} * z)"},
                {"(z > 0)": f"np.where(z > 0, 1, {slope})"},
                {
                    "np.maximum(z, 0)": f"np.where(z > 0, z, {slope} * z)",
                    "(z > 0)": f"np.where(z > 0, 1, {slope})",
                },
            )
        ),
    ),
    Mistake(
        "−z instead of z",
        "y is z where z > 0, and 0 elsewhere. You took max(−z, 0).",
        {"np.maximum(z, 0)": "np.maximum(-z, 0)"},
        {"np.maximum(z, 0)": "np.maximum(-z, 0)", "(z > 0)": "(-1.0 * (z < 0))"},
    ),
    Mistake(
        "capped",
        "ReLU has no upper limit: y is z wherever z > 0.",
        *(
            edit
            for top in (1, 6)
            for edit in (
                {"np.maximum(z, 0)": f"np.clip(z, 0, {top})"},
                {"np.maximum(z, 0)": f"np.clip(z, 0, {top})", "z > 0": f"(z > 0) & (z < {top})"},
            )
        ),
    ),
    Mistake(
        "comparison without brackets",
        "grad · z > 0 compares the product with 0. Put z > 0 in brackets.",
        {"grad_y * (z > 0)": "(grad_y * z > 0)"},
    ),
    Mistake(
        "1 where the slope is 0 or 1",
        "Where z > 0, return the gradient that arrives; elsewhere, return 0.",
        {"grad_y * (z > 0)": "np.where(z > 0, grad_y, 1)"},
        {"grad_y * (z > 0)": "np.where(z > 0, 1, grad_y)"},
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1, so with one example or one unit the shapes change."
        " Leave it out.",
        {"np.maximum(z, 0)": "np.maximum(z, 0).squeeze()"},
        {"grad_y * (z > 0)": "(grad_y * (z > 0)).squeeze()"},
    ),
    Mistake(
        "rows or columns left out",
        "Some rows or columns are still 0. Look at where your loop begins and ends, and at its"
        " return.",
        *(
            {result: f"({result}) * {mask}"}
            for result in ("np.maximum(z, 0)", "grad_y * (z > 0)")
            for row in ("np.arange(len(z))[:, None]", "np.arange(z.shape[1])")
            for mask in (f"({row} > 0)", f"({row} < {row}.max())", f"({row} == 0)")
        ),
    ),
    Mistake(
        "slope of tanh",
        "1 − y² is the slope of tanh. That of ReLU is 1 where z > 0, and 0 elsewhere.",
        {"(z > 0)": "(1 - z**2)"},
        {"(z > 0)": "(1 - np.maximum(z, 0) ** 2)"},
        {"(z > 0)": "(1 - np.tanh(z) ** 2)"},
    ),
    Mistake(
        "another function instead of max(z, 0)",
        "y should be np.maximum(z, 0).",
        {"np.maximum(z, 0)": "np.log1p(np.exp(z))"},
        {"np.maximum(z, 0)": "1 / (1 + np.exp(-z))"},
        {"np.maximum(z, 0)": "np.where(z > 0, 1.0, 0.0)"},
        {"np.maximum(z, 0)": "np.tanh(z)"},
    ),
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
    minutes=4,
    cases=(
        {"batch_size": 5, "outputs": 7, "sign": -1.0},
        {"batch_size": 7, "outputs": 4, "sign": 9.0, "seed": 5},
    ),
    equivalents={
        "return (y, z) → return (y, y)": "y > 0 where z > 0",
        "grad_z = grad_y * (z > 0) → grad_z = grad_y * (z >= 0)": "at 0 any slope will do",
        "return (y, z) → return (np.float32(y), np.float32(z))": "float32 is accepted",
        "return (y, z) → return (y, np.float16(z))": "only the signs of z are used",
        "z = cache → z = np.float16(cache)": "only the signs of z are used",
        "return grad_z → return np.float32(grad_z)": "float32 is accepted",
    },
    hints=("`z > 0` is an array of True and False. Multiplied with numbers it counts as 1 and 0.",),
)
def check_relu(
    forward: Any, backward: Any, batch_size: int, outputs: int, sign: float, seed: int = 0
) -> dict[str, Any]:
    """Check relu_forward and relu_backward; a row and a column have entries of one sign."""
    z = sample_array(batch_size, outputs, seed=seed)
    z[0, 0] = -0.05  # so near 0 that it is positive in the other forward of layer_pair
    z[1], z[:, 1] = sign * np.abs(z[1]), sign * np.abs(z[:, 1])
    return layer_rows(forward, backward, {"z": z}, "y")
