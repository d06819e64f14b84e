"""Exercise 03.4: write a gradient checker."""

from typing import Any

from ...nn.gradcheck import numerical_gradient
from ..engine import BEHAVIOUR, exercise
from .is_right_mistakes import MISTAKES
from .judged_gradients import observe_verdicts

SOLUTION = """
def is_right(f, x, grad, tolerance):
    if grad.shape != x.shape:
        return False
    numerical = numerical_gradient(f, x, 1e-6)
    error, size = np.linalg.norm(grad - numerical), np.linalg.norm(numerical)
    verdict = bool(error <= tolerance * size)
    return verdict
"""
MUTANT = "numerical = numerical_gradient(f, x, {})"


@exercise(
    "03.4",
    "A gradient checker of your own",
    BEHAVIOUR,
    stub='''
def is_right(f, x, grad, tolerance):
    """Return True if grad is the gradient of f at x to a relative error of tolerance, else False.

    f takes a real or a complex array like x and returns a number. A gradient is wrong if its shape
    is not x's or if it contains NaN. Where f is flat, only zeros are correct.
    """
    verdict = None
    return verdict
''',
    statement="""Put your last functions together. Your checker gets correct and wrong gradients,
    and must tell them apart. A checker that accepts wrong code is worse than none.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={"numerical_gradient": numerical_gradient},
    compared="which gradients you accept with which are correct",
    difficulty=2,
    importance=3,
    minutes=12,
    equivalents={
        f"{MUTANT.format('1e-06')} → {MUTANT.format(h)}": "a step from 1e-7 to 1e-5 is exact enough"
        for h in ("2e-06", "5e-07", "1e-05")
    },
    cases=({"shape": (5, 2), "seed": 0}, {"shape": (2, 1, 4), "seed": 6}),
    hints=(
        "Compare the shapes first. Then compute a numerical gradient with either of your functions,"
        " and compare the relative error with the tolerance.",
        r"If f is flat, $\lVert n \rVert$ is 0, and you must not divide by it."
        r" $\lVert a - n \rVert \le \text{tolerance} \cdot \lVert n \rVert$ says the same without"
        " a division. Compare with `<=`, and NaN will fail, too.",
    ),
)
def check_is_right(is_right: Any, **case: Any) -> dict[str, Any]:
    """Check is_right."""
    return observe_verdicts(is_right, **case)
