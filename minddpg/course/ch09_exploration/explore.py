"""Chapter 09, from the actor to the environment: noise on an action.

N batch, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

ACTION = np.array([[0.3, -0.8], [-0.9, 0.7], [0.6, 0.95], [-0.4, -0.2], [0.1, -0.5]])
NOISE = np.array([[0.2, -1.6], [1.5, 0.1], [0.9, -0.3], [-0.4, 1.9], [-1.2, -0.35]])


def explore(action: Array, noise: Array) -> Array:
    return np.asarray(np.clip(action + noise, -1, 1))


def _reflected(action: Array, noise: Array) -> Array:
    x = action + noise
    return np.where(np.abs(x) > 1, 2 * np.sign(x) - x, x)


@exercise(
    "09.6",
    "Exploring",
    PROPERTY,
    stub='''
def explore(action, noise):
    """Return the noisy actions (N, A), within [−1, 1]; action and noise are (N, A)."""
    noisy = None
    return noisy
''',
    statement="""Equation 7 of the paper: add the noise. The sum may lie outside [−1, 1], where
    there is no action: clip it. The clipped action is taken, and stored.""",
    reference=(explore,),
    rows=(
        Row(
            "not clipped",
            (lambda a, noise: a + noise,),
            "Some actions are beyond [−1, 1]. The environment would clip them in silence, and the"
            " buffer would hold what was never taken.",
        ),
        Row(
            "noise clipped instead of the sum",
            (lambda a, noise: a + np.clip(noise, -1, 1),),
            "An action near a bound still leaves it. Clip the sum.",
        ),
        Row(
            "noise and sum clipped",
            (lambda a, noise: np.clip(a + np.clip(noise, -1, 1), -1, 1),),
            "Clip the sum only. Noise above 1 can still bring an action from −0.9 to 0.6.",
        ),
        Row(
            "multiplied instead of added",
            (lambda a, noise: np.clip(a * noise, -1, 1),),
            "Noise is added: an action of 0 has to be explored from, too.",
        ),
        Row(
            "multiplied instead of added",
            (lambda a, noise: np.clip(a * (1 + noise), -1, 1),),
            "Noise is added: an action of 0 has to be explored from, too.",
        ),
        Row(
            "clipped to [0, 1]",
            (lambda a, noise: np.clip(a + noise, 0, 1),),
            "Actions may be negative: the lower bound is −1.",
        ),
        *(
            Row(
                "clipped at one end only",
                (lambda a, noise, f=f, end=end: f(a + noise, end),),
                "Both ends need it, −1 and 1.",
            )
            for f, end in ((np.minimum, 1), (np.maximum, -1))
        ),
        Row(
            "noise subtracted",
            (lambda a, noise: np.clip(a - noise, -1, 1),),
            "For symmetrical noise it makes no difference; here it is asked to be added.",
        ),
        Row(
            "reflected or wrapped instead of clipped",
            (_reflected,),
            "What is beyond a bound comes back from it. It is to stay at the bound.",
        ),
        Row(
            "reflected or wrapped instead of clipped",
            (lambda a, noise: (a + noise + 1) % 2 - 1,),
            "What is beyond a bound comes in at the other end. It is to stay at the bound.",
        ),
        Row(
            "squashed instead of clipped",
            (lambda a, noise: np.tanh(a + noise),),
            "tanh changes every action, even without noise. Clipping leaves those inside alone.",
        ),
        Row("noise forgotten", (lambda a, noise: np.clip(a, -1, 1),), "Nothing is explored."),
    ),
    compared="your actions with the right ones",
)
def check_explore(explore: Any) -> dict[str, Any]:
    """Check explore."""
    found = call(explore, ACTION, NOISE)
    return {"noisy action": array(found, "explore should return an array of actions: it")}
