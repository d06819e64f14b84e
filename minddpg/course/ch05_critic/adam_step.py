"""Exercise 05.5: a step of Adam.

P parameters.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, InvalidAnswer, Mistake, Observed, arrays, call, exercise

PARAMETERS, TINY, RATE = 6, 2e-9, 0.3
INFINITE = (
    "after the first step θ has entries that are NaN or infinite: was something divided by 0?"
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

MISTAKES = (
    Mistake(
        "no bias correction",
        "m and v start at 0 and are too small at first: divide them by 1 − β^t before use.",
        {" / (1 - 0.9**step)": "", " / (1 - 0.999**step)": ""},
    ),
    Mistake(
        "correction of the mean only",
        "v starts at 0 as well: divide it, too, by 1 − β2^t before use.",
        {" / (1 - 0.999**step)": ""},
    ),
    Mistake(
        "correction of the square only",
        "m starts at 0 as well: divide it, too, by 1 − β1^t before use.",
        {" / (1 - 0.9**step)": ""},
    ),
    Mistake(
        "t off by one",
        "At the first step t is 1, and m̂ is the gradient itself. Use step as it is given.",
        {"0.9**step": "0.9 ** (step - 1.0)", "0.999**step": "0.999 ** (step - 1.0)"},
        {"0.9**step": "0.9 ** (step + 1)", "0.999**step": "0.999 ** (step + 1)"},
    ),
    Mistake(
        "t missing in the correction",
        "1 − β is correct at the first step alone. The correction is by 1 − β^t, and fades as t"
        " grows.",
        {"0.9**step": "0.9", "0.999**step": "0.999"},
    ),
    Mistake(
        "correction multiplied instead of divided",
        "m and v start too small, and 1 − β^t is less than one: divide by it.",
        {"/ (1 - 0.9**step)": "* (1 - 0.9**step)", "/ (1 - 0.999**step)": "* (1 - 0.999**step)"},
    ),
    Mistake(
        "corrected averages kept",
        "m̂ and v̂ serve this step only. The next one starts from m and v as they are.",
        {"return theta, mean, square": "return theta, mean_hat, square_hat"},
    ),
    Mistake(
        "averages not kept",
        "You return m and v as they were given. The next step needs the new ones.",
        {
            "    mean =": "    old = mean, square\n    mean =",
            "theta, mean, square\n": "theta, *old\n",
        },
        {
            "    square =": "    old = square\n    square =",
            "return theta, mean, square": "return theta, mean, old",
        },
        {
            "    mean =": "    old = mean\n    mean =",
            "theta, mean, square\n": "theta, old, square\n",
        },
    ),
    Mistake(
        "averages of the step before",
        "You moved θ by the old averages. Update m and v with this gradient first, then take the"
        " step.",
        {
            "    mean =": "    old_mean, old_square = mean, square\n    mean =",
            "mean / (1": "old_mean / (1",
            "square / (1": "old_square / (1",
        },
    ),
    Mistake(
        "ε under the root",
        "ε is added to √v̂, not to v̂: look at the entry whose gradient is tiny.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-8)"},
    ),
    Mistake(
        "ε beside the uncorrected root",
        "Some libraries do so; in algorithm 1, ε is added to the root of v̂. Where a gradient is"
        " tiny, the two differ.",
        {
            "(np.sqrt(square_hat) + 1e-8)": "(np.sqrt(square) + 1e-8)",
            "mean_hat = mean": "mean_hat = np.sqrt(1 - 0.999**step) * mean",
        },
    ),
    Mistake(
        "ε missing",
        "Where a gradient is 0, you compute 0 / 0. Adding ε to √v̂ prevents that.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat)"},
    ),
    Mistake(
        "root missing",
        "v̂ averages g²: without the root, a step grows where gradients are small, and its unit is"
        " wrong.",
        {"np.sqrt(square_hat)": "square_hat"},
    ),
    Mistake(
        "β1 and β2 swapped",
        "β1 = 0.9 belongs to m, β2 = 0.999 to v.",
        {
            "mean = 0.9 * mean + (1 - 0.9)": "mean = 0.999 * mean + (1 - 0.999)",
            "square = 0.999 * square + (1 - 0.999)": "square = 0.9 * square + (1 - 0.9)",
            "mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)",
            "square / (1 - 0.999**step)": "square / (1 - 0.9**step)",
        },
        {
            "mean = 0.9 * mean + (1 - 0.9)": "mean = 0.999 * mean + (1 - 0.999)",
            "square = 0.999 * square + (1 - 0.999)": "square = 0.9 * square + (1 - 0.9)",
        },
        {
            "mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)",
            "square / (1 - 0.999**step)": "square / (1 - 0.9**step)",
        },
    ),
    Mistake(
        "β and 1 − β swapped",
        "An average keeps the share β of its old value, and takes in the share 1 − β of the new"
        " one.",
        {
            "0.9 * mean + (1 - 0.9) * grad": "(1 - 0.9) * mean + 0.9 * grad",
            "0.999 * square + (1 - 0.999) * grad": "(1 - 0.999) * square + 0.999 * grad",
        },
        {"0.9 * mean + (1 - 0.9) * grad": "(1 - 0.9) * mean + 0.9 * grad"},
        {"0.999 * square + (1 - 0.999) * grad": "(1 - 0.999) * square + 0.999 * grad"},
    ),
    Mistake(
        "1 − β missing",
        "A new value enters an average with the weight 1 − β. Without it, you have a growing sum.",
        {"(1 - 0.9) * grad": "grad", "(1 - 0.999) * grad": "grad"},
        {"(1 - 0.9) * grad": "grad"},
        {"(1 - 0.999) * grad": "grad"},
    ),
    Mistake(
        "square missing",
        "v averages g², which is never negative: √v̂ is the typical size of a gradient.",
        {"grad**2": "grad"},
        {"grad**2": "np.abs(grad)"},
    ),
    Mistake(
        "m squared instead of g",
        "v averages the square of the gradient itself, not of its average.",
        {"grad**2": "mean**2"},
    ),
    Mistake(
        "gradient instead of its average",
        "θ moves by m̂, the average. With g itself this is RMSProp.",
        {"* mean_hat": "* grad"},
    ),
    Mistake(
        "plain gradient descent",
        "You moved θ by the gradient itself. The averages are right, but not used.",
        {"mean_hat / (np.sqrt(square_hat) + 1e-8)": "grad"},
    ),
    Mistake(
        "θ not moved",
        "You return θ as it was given.",
        {"theta = theta - learning_rate": "update = -learning_rate"},
    ),
    Mistake(
        "ascends",
        "The loss is descended: θ moves against the gradient.",
        {"theta - learning_rate": "theta + learning_rate"},
    ),
    Mistake(
        "learning rate missing",
        "Multiply the step by the learning rate.",
        {"learning_rate * mean_hat": "mean_hat"},
    ),
    Mistake(
        "the step instead of θ",
        "You return the change of θ. Return θ after the step.",
        {"theta - learning_rate": "learning_rate"},
        {"theta - learning_rate": "-learning_rate"},
    ),
)


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
    corrections, the step. One of the gradients here is 0 at first, and one is tiny: with them, it
    matters where you add ε.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the averages, and θ's change in units of the learning rate, with the right ones",
    difficulty=2,
    minutes=10,
    hints=(
        "Five lines: the two averages, the two corrections, the step. Return the averages as they"
        " are *before* the correction: the next step starts from them.",
        r"`step` is $t$, and is 1 at the first step. Then $\hat m$ is `grad` itself and $\hat v$ is"
        " its square.",
    ),
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
            raise InvalidAnswer(f"{WANTED}: theta of shape {theta.shape}, not {new.shape}.")
        change: Any = (new - theta.reshape(new.shape)) / RATE
        if t == 1 and not np.isfinite(change).all():  # so that a t of 0 and a missing ε differ
            change = Observed(np.nan_to_num(change, posinf=0, neginf=0), message=INFINITE)
        found[f"change of θ, t = {t}"] = change
        found[f"mean, t = {t}"], found[f"square, t = {t}"] = averages
    return found
