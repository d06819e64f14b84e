"""Chapter 02, from tables to actors: exploring among a few actions.

A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, array, call

VALUES = np.array([0.3, 1.2, -0.8, 0.9])


def epsilon_greedy(
    values: Array, epsilon: float, rng: np.random.Generator, best: Any = np.argmax
) -> int:
    return int(rng.integers(len(values)) if rng.random() < epsilon else best(values))


def another(values: Array, epsilon: float, rng: np.random.Generator) -> int:
    """Explore by taking any action but the greedy one."""
    best, step = int(np.argmax(values)), int(rng.integers(1, len(values)))
    return (best + step) % len(values) if rng.random() < epsilon else best


def last_never(values: Array, epsilon: float, rng: np.random.Generator) -> int:
    return int(rng.integers(len(values) - 1) if rng.random() < epsilon else np.argmax(values))


@exercise(
    "02.3",
    "ε-greedy",
    BEHAVIOUR,
    stub='''
def epsilon_greedy(values, epsilon, rng):
    """Return an action, an index of values (A,): with probability epsilon any, else the best.

    "Any" is uniform among all A actions, the best one included. rng is a np.random.Generator; use
    no other source of randomness.
    """
    action = None
    return action
''',
    statement="""With probability ε explore, else be greedy. The check calls you a few thousand
    times and counts.""",
    reference=(epsilon_greedy,),
    rows=(
        Row(
            "ε and 1 − ε swapped",
            (lambda values, eps, rng: epsilon_greedy(values, 1 - eps, rng),),
            "ε is the probability to explore, and you explore with probability 1 − ε.",
        ),
        Row(
            "random action never the greedy one",
            (another,),
            "A random action is any of all A. The greedy one is among them, so it is taken with"
            " probability 1 − ε + ε/A.",
        ),
        Row(
            "always greedy",
            (lambda values, eps, rng: int(np.argmax(values)),),
            "The greedy action was taken every time: nothing new is ever tried.",
        ),
        Row(
            "always random",
            (lambda values, eps, rng: int(rng.integers(len(values))),),
            "ε makes no difference: every action is as frequent as any other.",
        ),
        Row(
            "argmin instead of argmax",
            (lambda values, eps, rng: epsilon_greedy(values, eps, rng, np.argmin),),
            "The action with the lowest value is preferred.",
        ),
        Row(
            "last action never drawn",
            (last_never,),
            "rng.integers(n) draws from 0 to n − 1: its end is left out already.",
        ),
        *(
            Row(
                "the same numbers at every call",
                (lambda values, eps, rng, a=a, u=u: a if u < eps else int(np.argmax(values)),),
                "A generator that is made anew at each call starts anew at each call. Draw from"
                " the rng that is passed in.",
            )
            for a in (0, 2, 3)
            for u in (0.1, 0.8)  # explores at both ε, or only at the larger one
        ),
        Row(
            "another source of randomness",
            (lambda values, eps, rng: epsilon_greedy(values, eps, np.random.default_rng()),),
        ),
    ),
    compared="how often you took each action with how often it should be",
)
def check_epsilon_greedy(epsilon_greedy: Any) -> dict[str, Any]:
    """Check epsilon_greedy."""

    def draw(epsilon: float, times: int) -> Array:
        rng = np.random.default_rng(5)
        given = VALUES, epsilon, rng
        drawn = [call(epsilon_greedy, *given, changes=(2,)) for _ in range(times)]
        found = array(drawn, "epsilon_greedy should return the index of an action: it")
        strange = ~np.isin(found, range(len(VALUES)))
        if found.ndim > 1 or strange.any():
            one = drawn[0 if found.ndim > 1 else int(strange.argmax())]
            raise InvalidAnswer(f"epsilon_greedy should return an index from 0 to 3, not {one!r}.")
        return found.astype(int)

    def frequencies(epsilon: float, times: int) -> Array:
        return np.bincount(draw(epsilon, times), minlength=len(VALUES)) / times

    return {
        "frequencies at ε = 0.6": Observed(frequencies(0.6, 2000), 0.15),
        "frequencies at ε = 1": Observed(frequencies(1.0, 800), 0.3),
        "frequencies at ε = 0": frequencies(0.0, 20),
        "repeats with its seed": np.array_equal(draw(0.6, 50), draw(0.6, 50)),
    }
