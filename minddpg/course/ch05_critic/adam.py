"""Chapter 05, the critic's side: a step of Adam.

P parameters.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY
from ..engine.observations import Seen
from ..engine.submission import Malformed, arrays, call
from .adam_mistakes import ROWS, adam_step

PARAMETERS, TINY, RATE = 6, 2e-9, 0.3
INFINITE = (
    "θ has entries that are NaN or infinite after the first step: was something divided by 0?"
)
WANTED = "adam_step should return theta, mean, square"


@exercise(
    "05.5",
    "A step of Adam",
    PROPERTY,
    stub='''
def adam_step(theta, grad, mean, square, step, learning_rate):
    """Return theta, mean and square, (P,) each, as new arrays, after one more step of Adam.

    grad (P,) is the gradient at theta; mean is m and square is v as the step before left them, 0
    at first. step is t, 1 at the first step. β1 = 0.9, β2 = 0.999, ε = 1e-8.
    """
    theta = mean = square = None
    return theta, mean, square
''',
    statement="""Write algorithm 1 of Kingma and Ba (arXiv:1412.6980): the two averages, their bias
    corrections, the step. One of the gradients here is 0 at first, and one is tiny: there the place
    of ε decides.""",
    reference=(adam_step,),
    rows=ROWS,
    compared="the averages, and θ's change in units of the learning rate, with the right ones",
)
def check_adam_step(adam_step: Any) -> dict[str, Any]:
    """Check adam_step."""
    theta, zeros = sample_array(PARAMETERS, seed=5), np.zeros(PARAMETERS)
    mean, square = 0.3 * sample_array(PARAMETERS, seed=6), 0.002 * sample_array(PARAMETERS) ** 2
    first, third = sample_array(PARAMETERS, seed=7), sample_array(PARAMETERS, seed=8)
    first[:2] = TINY, 0
    third[0], mean[0], square[0] = TINY, -0.2 * TINY, 0.002 * TINY**2
    found: dict[str, Any] = {}
    for t, given in ((1, (first, zeros, zeros)), (3, (third, mean, square))):
        result = call(adam_step, theta, *given, t, RATE)
        new, *averages = arrays(result, ["theta", "mean", "square"], adam_step)
        if new.size != theta.size:
            raise Malformed(f"{WANTED}: theta of shape {theta.shape}, not {new.shape}.")
        change: Any = (new - theta.reshape(new.shape)) / RATE
        if t == 1 and not np.isfinite(change).all():  # rows tell a t of 0 from a missing ε
            change = Seen(np.nan_to_num(change, posinf=0, neginf=0), says=INFINITE)
        found[f"change of θ, t = {t}"] = change
        found[f"mean, t = {t}"], found[f"square, t = {t}"] = averages
    return found
