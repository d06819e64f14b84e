"""Exercise 02.3: ε-greedy, exploring among a few actions.

A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, array, call, exercise

VALUES = {  # by A; where the best action is below 0, a search that begins with 0 finds none
    3: (-0.8, -0.3, -1.7),
    5: (0.9, -1.1, 2.3, 1.2, 0.4),
}
UNIFORM = 0.32  # tolerance of the shares at ε = 1
FEW = 24  # draws that show whether anything changes

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
        {"< epsilon": "> epsilon"},
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
        "explores whatever ε is",
        "ε makes no difference: you explore always, or nearly always.",
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
        "always the same action",
        "You return one and the same action, whatever the values and ε are.",
        {"rng.integers(len(values))": "0", "np.argmax(values)": "0"},
    ),
    Mistake(
        "first action never drawn",
        "Actions are counted from 0: rng.integers(n) draws from 0 to n − 1.",
        {"rng.integers(len(values))": "rng.integers(1, len(values))"},
    ),
    Mistake(
        "explores with probability ε/A",
        "ε is the probability of exploring. That each action then has probability ε/A follows from"
        " the uniform draw; you divided twice.",
        {"< epsilon": "< epsilon / len(values)"},
    ),
    Mistake(
        "explores with probability 1 − ε + ε/A",
        "That is the probability of the greedy action. Explore with probability ε.",
        {"< epsilon": "< 1 - epsilon + epsilon / len(values)"},
    ),
    Mistake(
        "explores with probability ε²",
        "Two draws must both be below ε before you explore. Draw one number, and compare it once.",
        {"rng.random() < epsilon": "rng.random() < epsilon and rng.random() < epsilon"},
    ),
    Mistake(
        "two draws, either of which explores",
        "Two draws are compared with ε, so that you explore too often. Draw one number; use else"
        " for the other branch.",
        {"rng.random() < epsilon": "rng.random() < epsilon or rng.random() < epsilon"},
    ),
    Mistake(
        "explores with probability 2 ε",
        "rng.random() is below ε with probability ε.",
        {"< epsilon": "< 2 * epsilon"},
    ),
    Mistake(
        "explores with probability ε/2",
        "rng.random() is below ε with probability ε.",
        {"< epsilon": "< epsilon / 2"},
    ),
    Mistake(
        "argument ignored: epsilon",
        "You explore equally often whatever ε is.",
        *({"< epsilon": f"< {share}"} for share in (0.05, 0.1, 0.2, 0.3, 0.5)),
    ),
    Mistake(
        "ε alone decides whether to explore",
        "At the same ε you explore always or never. Draw a new random number at each call, from the"
        " rng that is passed in, and compare it with ε.",
        *({"rng.random() < epsilon": f"epsilon > {least}"} for least in (0, 0.27, 0.4, 0.6)),
    ),
    Mistake(
        "normal instead of uniform numbers",
        "A normal number is below ε with another probability than ε. rng.random() is uniform from 0"
        " to 1.",
        {"rng.random()": "rng.standard_normal()"},
    ),
    Mistake(
        "random number from −1 to 1",
        "Such a number is below ε more often than with probability ε. rng.random() is uniform from"
        " 0 to 1.",
        {"rng.random()": "rng.uniform(-1, 1)"},
    ),
    Mistake(
        "worst action never the random one",
        "A random action is drawn from all A actions.",
        {"rng.integers(len(values))": "rng.choice(np.argsort(values)[1:])"},
    ),
    Mistake(
        "explores by value",
        "A random action is uniform among all A actions, whatever their values.",
        {
            "rng.integers(len(values))": (
                "rng.choice(len(values), p=np.exp(values) / np.exp(values).sum())"
            )
        },
    ),
    Mistake(
        "the first action instead of the best",
        "Where you do not explore, take the action with the largest value, np.argmax(values).",
        {"np.argmax(values)": "0"},
        {"np.argmax(values)": "np.argmax(np.maximum(values, 0))"},
    ),
    Mistake(
        "number of actions fixed",
        "Draw among as many actions as there are values, len(values).",
        {"rng.integers(len(values))": "rng.integers(3)"},
    ),
    Mistake(
        "largest absolute value instead of the best",
        "A value far below 0 is bad, not good: take the maximum of the values as they are.",
        {"np.argmax(values)": "np.argmax(np.abs(values))"},
    ),
    Mistake(
        "the same numbers at every call",
        "A generator that your function creates at each call starts anew each time. Draw from the"
        " rng that is passed in.",
        {"    if rng": "    rng = np.random.default_rng(0)\n    if rng"},
    ),
    Mistake(
        "another source of randomness",
        "",
        {"    if rng": "    rng = np.random.default_rng()\n    if rng"},
        {"rng.random()": "np.random.default_rng().random()"},
        {"rng.integers": "np.random.default_rng().integers"},
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
    statement="""With probability ε explore, else be greedy. The check calls your function
    hundreds of times and counts.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="how often you took each action with how often it should be",
    difficulty=1,
    minutes=5,
    hints=(
        r"`rng.random()` is below $\varepsilon$ with probability $\varepsilon$."
        " `rng.integers(n)` draws one of 0, …, n − 1.",
    ),
    cases=(
        {"actions": 3, "epsilon": 0.25, "tolerance": 0.16, "draws": 300, "seeds": (1573, 182)},
        {"actions": 5, "epsilon": 0.3, "tolerance": 0.16, "draws": 420, "seeds": (642, 71)},
    ),
)
def check_epsilon_greedy(
    epsilon_greedy: Any,
    actions: int,
    epsilon: float,
    tolerance: float,
    draws: int,
    seeds: tuple[int, int],
) -> dict[str, Any]:
    """Check epsilon_greedy.

    The tolerances are five standard deviations of a correct answer. With these seeds the
    solution's shares are close to the probabilities.
    """
    every = np.array([np.roll(VALUES[actions], k) for k in range(actions)])
    alike = _drawn(epsilon_greedy, every[:1], 1.0, FEW, 5)
    random = _drawn(epsilon_greedy, every, 1.0, 100 * actions, seeds[0])
    settled = _drawn(epsilon_greedy, every, 0.0, 4 * actions, 8)
    others = np.count_nonzero(_ranks(every, settled))
    found: dict[str, Any] = {
        "draws again at each call": Observed(
            len(set(alike)) > 1, message=f"at ε = 1, {FEW} calls all returned {alike[0]}"
        ),
        "shares at ε = 1, from best to worst action": Observed(
            _shares(_ranks(every, random), actions), UNIFORM
        ),
        "takes the best action at ε = 0": Observed(
            not others, message=f"at ε = 0, {others} of {len(settled)} calls returned another one"
        ),
        "takes one action for the same values at ε = 0": bool(
            (settled.reshape(4, -1) == settled[:actions]).all()
        ),
    }
    if len(set(random)) == 1:
        return found  # which action it is that is always returned is an accident
    some = _drawn(epsilon_greedy, every, epsilon, draws, seeds[1])
    few = [_drawn(epsilon_greedy, every, 0.5, FEW, seed) for seed in (9, 9, 10)]
    return {
        **found,
        "shares of the actions at ε = 1": Observed(_shares(random, actions), UNIFORM),
        f"shares at ε = {epsilon}, from best to worst action": Observed(
            _shares(_ranks(every, some), actions), tolerance
        ),
        "repeats with its seed": np.array_equal(few[0], few[1]),
        "draws other actions with another seed": not np.array_equal(few[0], few[2]),
    }


def _drawn(epsilon_greedy: Any, every: Array, epsilon: float, times: int, seed: int) -> Array:
    """Draw actions, for each of the rows of values in turn."""
    rng, actions = np.random.default_rng(seed), every.shape[1]
    results = [
        call(epsilon_greedy, every[k % len(every)], epsilon, rng, changes=(2,))
        for k in range(times)
    ]
    found = array(results, "epsilon_greedy should return the index of an action: it")
    strange = ~np.isin(found, range(actions))
    if found.ndim > 1 or strange.any():
        one = results[0 if found.ndim > 1 else int(strange.argmax())]
        raise InvalidAnswer(
            f"epsilon_greedy should return an index from 0 to {actions - 1}, not {one!r}."
        )
    return found.astype(int)


def _ranks(every: Array, drawn: Array) -> Array:
    """Return the place of each drawn action among all: 0 for the best one."""
    ranks = np.argsort(np.argsort(-every, axis=1), axis=1)
    return ranks[np.arange(len(drawn)) % len(every), drawn]


def _shares(drawn: Array, actions: int) -> Array:
    return np.bincount(drawn, minlength=actions) / len(drawn)
