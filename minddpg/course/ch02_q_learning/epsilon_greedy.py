"""Exercise 02.3: ε-greedy, exploring among a few actions.

A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, array, call, exercise

VALUES = np.array([0.3, 1.2, -0.8, 0.9])

SOLUTION = """
def epsilon_greedy(values, epsilon, rng):
    if rng.random() < epsilon:
        return rng.integers(len(values))
    return np.argmax(values)
"""

MISTAKES = (
    Mistake(
        "ε and 1 − ε swapped",
        "ε is the probability of exploring, but you explore with probability 1 − ε.",
        {"< epsilon": "< 1 - epsilon"},
    ),
    Mistake(
        "random action never the greedy one",
        "A random action is drawn from all A actions. The greedy one is among them, so it is taken"
        " with probability 1 − ε + ε/A.",
        {
            "rng.integers(len(values))": (
                "rng.choice(np.delete(np.arange(len(values)), np.argmax(values)))"
            )
        },
    ),
    Mistake(
        "always greedy",
        "You took the greedy action every time, so nothing new is ever tried.",
        {"    if rng.random() < epsilon:\n        return rng.integers(len(values))\n": ""},
    ),
    Mistake(
        "always random",
        "ε makes no difference: every action is as frequent as any other.",
        {"    if rng.random() < epsilon:\n    ": "", "    return np.argmax(values)\n": ""},
    ),
    Mistake(
        "argmin instead of argmax",
        "You prefer the action with the lowest value.",
        {"argmax": "argmin"},
    ),
    Mistake(
        "last action never drawn",
        "rng.integers(n) draws from 0 to n − 1: the end n is excluded already.",
        {"len(values)": "len(values) - 1"},
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that your function creates at each call starts anew each time. Draw from the"
        " rng that is passed in.",
        *(
            {"    if rng": f"    rng = np.random.default_rng({seed})\n    if rng"}
            for seed in (0, 1, 2, 4, 5, 6)  # action 0, 2 or 3, at both ε or only at the larger
        ),
    ),
    Mistake(
        "another source of randomness",
        "",
        {"    if rng": "    rng = np.random.default_rng()\n    if rng"},
    ),
)


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
    statement="""With probability ε explore, else be greedy. The check calls your function a few
    thousand times and counts.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="how often you took each action with how often it should be",
    difficulty=1,
    minutes=5,
    hints=(
        r"`rng.random()` is below $\varepsilon$ with probability $\varepsilon$."
        " `rng.integers(n)` draws one of 0, …, n − 1.",
    ),
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
