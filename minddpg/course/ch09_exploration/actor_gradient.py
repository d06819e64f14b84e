"""Exercise 09.8: the gradient of an actor's loss with a penalty against saturation.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, Mistake, array, call, exercise

SOLUTION = """
def actor_gradient(z, dq_da, weight):
    climb = -dq_da * (1 - np.tanh(z) ** 2)
    hold = 2 * weight * z
    grad_z = (climb + hold) / len(z)
    return grad_z
"""

MISTAKES = (
    Mistake(
        "tanh's slope missing",
        "dQ/da is a slope in the action. The chain rule multiplies it by da/dz = 1 − tanh² z.",
        {"-dq_da * (1 - np.tanh(z) ** 2)": "-dq_da"},
    ),
    Mistake(
        "tanh's slope on the penalty as well",
        "The penalty is a function of z itself and does not pass through the tanh. That is why it"
        " still acts where tanh's slope is zero.",
        {"2 * weight * z": "2 * weight * z * (1 - np.tanh(z) ** 2)"},
    ),
    Mistake(
        "penalty on the action instead of z",
        "The penalty is the sum of z², not of tanh² z.",
        {"2 * weight * z": "2 * weight * np.tanh(z)"},
        {"2 * weight * z": "2 * weight * np.tanh(z) * (1 - np.tanh(z) ** 2)"},
    ),
    Mistake(
        "tanh's slope taken at the wrong place",
        "The slope of tanh is 1 − y² for y = tanh z, and 1 − tanh² z for z.",
        {"np.tanh(z) ** 2": "z**2"},
        {"1 - np.tanh(z) ** 2": "1 - np.tanh(np.tanh(z)) ** 2"},
    ),
    Mistake(
        "tanh instead of its slope",
        "The chain rule multiplies by the derivative, 1 − tanh² z.",
        {"(1 - np.tanh(z) ** 2)": "np.tanh(z)"},
    ),
    Mistake(
        "square missing in tanh's slope",
        "The slope of tanh is 1 − tanh² z.",
        {"np.tanh(z) ** 2": "np.tanh(z)"},
    ),
    Mistake(
        "1 + tanh² instead of 1 − tanh²",
        "tanh is flat far from zero: its slope decreases there, and it is never above 1.",
        {"1 - np.tanh(z) ** 2": "1 + np.tanh(z) ** 2"},
    ),
    Mistake(
        "Q descended instead of climbed",
        "The loss contains −Q, so its gradient contains −dQ/da.",
        {"-dq_da *": "dq_da *"},
    ),
    Mistake(
        "penalty rewarded",
        "The loss grows with z²: its gradient has the sign of z.",
        {"2 * weight * z": "-2 * weight * z"},
        {"climb + hold": "climb - hold"},
    ),
    Mistake(
        "both signs turned",
        "That is the gradient of −L. Return that of L, which training descends.",
        {"return grad_z": "return -grad_z"},
    ),
    Mistake(
        "factor 2 of the penalty missing",
        "The derivative of z² is 2 z.",
        {"2 * weight * z": "weight * z"},
    ),
    Mistake(
        "1/N missing",
        "The loss is a mean over the batch of N, in both terms.",
        {"(climb + hold) / len(z)": "climb + hold"},
    ),
    Mistake(
        "1/N missing in the penalty",
        "The penalty is a mean over the batch as well.",
        {"(climb + hold) / len(z)": "climb / len(z) + hold"},
    ),
    Mistake(
        "1/N missing in Q's part",
        "The mean of Q over the batch has a factor 1/N.",
        {"(climb + hold) / len(z)": "climb + hold / len(z)"},
    ),
    Mistake(
        "divided by N · A",
        "z² is summed over the A entries, and averaged over the N examples only.",
        {"/ len(z)": "/ z.size"},
        {"2 * weight * z": "2 * weight * z / z.shape[1]"},
        {"-dq_da *": "-dq_da / z.shape[1] *"},
    ),
    Mistake(
        "penalty's value instead of its slope",
        "Return the derivative of z², not z² itself.",
        {"2 * weight * z": "weight * z**2"},
        {"2 * weight * z": "2 * weight * z**2"},
        {"2 * weight * z": "weight * np.sum(z**2, axis=1, keepdims=True)"},
    ),
    Mistake(
        "z summed over the entries",
        "The derivative of the sum with respect to z_ij contains only z_ij.",
        {"2 * weight * z": "2 * weight * np.sum(z, axis=1, keepdims=True)"},
    ),
    Mistake(
        "penalty of constant size",
        "The derivative of z² is proportional to z.",
        {"2 * weight * z": "2 * weight * np.sign(z)"},
        {"2 * weight * z": "weight * np.sign(z)"},
        {"2 * weight * z": "2 * weight"},
    ),
    Mistake(
        "penalty forgotten",
        "Where tanh's slope is zero, nothing moves z.",
        {"(climb + hold)": "climb"},
        {"weight * z": "0 * z"},
    ),
    Mistake(
        "Q's part forgotten",
        "The penalty alone brings every action to 0.",
        {"(climb + hold)": "hold"},
    ),
    Mistake(
        "weight on Q's part",
        "The weight multiplies the penalty only: L = −Q + weight · z².",
        {"-dq_da *": "-weight * dq_da *", "2 * weight * z": "2 * z"},
        {"(climb + hold)": "((1 - weight) * climb + hold)"},
    ),
    Mistake(
        "weight squared",
        "The penalty is weight · z²: only z is squared.",
        {"weight * z": "weight**2 * z"},
    ),
    Mistake(
        "weight ignored", "The penalty is multiplied by the weight.", {"2 * weight * z": "2 * z"}
    ),
)


@exercise(
    "09.8",
    "A cure for a saturated actor",
    GRADIENT,
    stub='''
def actor_gradient(z, dq_da, weight):
    """Return dL/dz (N, A); z (N, A) is the tanh's input, dq_da (N, A) is dQ/da at a = tanh z.

    L is the mean of -Q(s, tanh z) + weight · (z_1² + ... + z_A²) over the N examples.
    """
    grad_z = None
    return grad_z
''',
    statement="""Add a penalty on z to the actor's loss. Which of the two terms still moves a z
    where tanh is flat?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradient with the correct one",
    cases=(
        {"batch_size": 5, "action_dim": 3, "weight": 0.3},
        {"batch_size": 7, "action_dim": 2, "weight": 0.07, "far": 400.0},
    ),
    equivalents={"return grad_z → return np.float32(grad_z)": "float32 is accepted"},
    difficulty=2,
    importance=2,
    minutes=6,
    hints=(
        "Differentiate one example and one entry first: −Q(tanh z) + weight · z². The first term"
        " needs the chain rule. Then divide by N.",
    ),
)
def check_actor_gradient(
    actor_gradient: Any, batch_size: int, action_dim: int, weight: float, far: float = 0.0
) -> dict[str, Any]:
    """Check actor_gradient.

    Args:
        far: added to one entry of z, so that the tanh is flat there.
    """
    z = 1.4 * sample_array(batch_size, action_dim)
    z[0, 0] += far
    dq_da = np.cos(1 + 2 * np.arange(z.size)).reshape(z.shape)
    grad_z = array(call(actor_gradient, z, dq_da, weight), "actor_gradient should return dL/dz: it")
    found = {"grad_z": grad_z}
    if far and grad_z.shape == z.shape:
        found["grad_z where tanh is flat"] = grad_z[0, 0]
        found["grad_z elsewhere"] = grad_z.ravel()[1:]
    return found
