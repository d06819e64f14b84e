"""Exercise 05.5: a step of Adam.

P parameters.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, InvalidAnswer, Observed, arrays, call, exercise
from .adam_step_mistakes import MISTAKES

TINY = 2e-9  # a gradient so small that ε matters
INFINITE = (
    "after the {} step θ has entries that are NaN or infinite: did you divide by 0, or take the"
    " root of a negative number?"
)
WANTED = "adam_step should return theta, mean, square"

SOLUTION = """
def adam_step(theta, grad, mean, square, step, learning_rate):
    mean = 0.9 * mean + (1 - 0.9) * grad
    square = 0.999 * square + (1 - 0.999) * grad**2
    mean_hat = mean / (1 - 0.9**step)
    square_hat = square / (1 - 0.999**step)
    theta = theta - learning_rate * mean_hat / (np.sqrt(square_hat) + 1e-8)
    return theta, mean, square
"""


@exercise(
    "05.5",
    "A step of Adam",
    PROPERTY,
    stub='''
def adam_step(theta, grad, mean, square, step, learning_rate):
    """Return theta, mean and square, (P,) each, as new arrays, after one more step of Adam.

    grad (P,) is the gradient at theta; mean is m and square is v after the step before, 0 at
    first. step is t, 1 at the first step. β1 = 0.9, β2 = 0.999, ε = 1e-8.
    """
    theta = mean = square = None
    return theta, mean, square
''',
    statement="""Write algorithm 1 of Kingma and Ba (arXiv:1412.6980): the two averages, their bias
    corrections, the step. One of the gradients here is 0 at first, and one is tiny. For these two
    it matters where you add ε.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the averages, and θ's change in units of the learning rate, with the correct ones",
    difficulty=2,
    minutes=8,
    hints=(
        "Five lines: the two averages, the two corrections, the step. Return the averages as they"
        " are *before* the correction: the next step starts from them.",
        r"`step` is $t$, and is 1 at the first step. Then $\hat m$ is `grad` itself and $\hat v$ is"
        " its square.",
    ),
    cases=(
        {"parameters": 6, "step": 3, "rate": 0.3, "scale": 60.0, "seed": 5},
        {"parameters": 5, "step": 40, "rate": 0.02, "scale": 0.7, "seed": 15},
    ),
    equivalents={
        "return (theta, mean, square) → "
        "return (np.float32(theta), np.float32(mean), np.float32(square))": "float32 is precise"
        " enough for parameters"
    },
)
def check_adam_step(
    adam_step: Any, parameters: int, step: int, rate: float, scale: float, seed: int
) -> dict[str, Any]:
    """Check adam_step."""
    theta = sample_array(parameters, seed=seed)
    m, first, later = (scale * sample_array(parameters, seed=seed + i) for i in (1, 2, 3))
    later = np.abs(later)  # so that v is never negative, not even where it averages g itself
    zeros, mean, square = np.zeros(parameters), 0.3 * m, 0.002 * first**2
    square[2] = 3 * later[2] ** 2  # v falls here, and rises elsewhere
    first[:2] = 0, TINY
    later[1], mean[1], square[1] = TINY, -0.2 * TINY, 0.002 * TINY**2
    observed: dict[str, Any] = {}
    for which, t, given in (
        ("first", 1, (first, zeros, zeros)),
        ("later", step, (later, mean, square)),
    ):
        result = call(adam_step, theta, *given, t, rate)
        new, *averages = arrays(result, ["theta", "mean", "square"], adam_step)
        if new.size != theta.size:
            raise InvalidAnswer(f"{WANTED}: theta of shape {theta.shape}, not {new.shape}.")
        change: Any = (new - theta.reshape(new.shape)) / rate
        if not np.isfinite(change).all():  # the rest tells a t of 0, no ε and 1 − β t apart
            finite = np.nan_to_num(change, posinf=0, neginf=0)
            change = Observed(finite, message=INFINITE.format(which))
        observed[f"{which} change of θ"] = change
        observed[f"{which} mean"], observed[f"{which} square"] = averages
    return observed
