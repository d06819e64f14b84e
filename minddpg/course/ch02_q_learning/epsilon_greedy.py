"""Exercise 02.3: choose an action ε-greedily.

A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Observed, array, call, exercise
from .epsilon_greedy_mistakes import MISTAKES

VALUES = {  # by A; where the best action is below 0, a search that begins with 0 finds none
    2: (2.7, -1.2),
    3: (-2.7, -0.9, -5.1),
}
UNIFORM, OFTEN = 0.26, 400  # tolerance of the shares at ε = 1, and the number of draws
ACTIONS = 0.28  # tolerance of each action's share, whichever is the best
FEW = 24  # number of draws that show whether actions change

SOLUTION = """
def epsilon_greedy(values, epsilon, rng):
    if rng.random() < epsilon:
        return rng.integers(len(values))
    return np.argmax(values)
"""


@exercise(
    "02.3",
    "ε-greedy",
    BEHAVIOUR,
    stub='''
def epsilon_greedy(values, epsilon, rng):
    """Return an action, an index of values (A,): random with probability epsilon, else the best.

    A random action is uniform among all A actions, the best one included. rng is a
    np.random.Generator; use no other source of randomness.
    """
    action = None
    return action
''',
    statement="""Explore with probability ε, and otherwise take the best action. The check calls
    your function hundreds of times and counts the actions.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="how often you took each action with how often you should",
    difficulty=1,
    minutes=5,
    hints=(
        r"`rng.random()` is below $\varepsilon$ with probability $\varepsilon$."
        " `rng.integers(n)` draws one of 0, …, n − 1.",
    ),
    cases=(
        {"actions": 2, "epsilon": 0.8, "tolerance": 0.25, "draws": 360, "seeds": (15, 71)},
        {"actions": 3, "epsilon": 0.4, "tolerance": 0.17, "draws": 560, "seeds": (352, 1328)},
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
    random = _drawn(epsilon_greedy, every, 1.0, OFTEN, seeds[0])
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
    some = _drawn(epsilon_greedy, every, epsilon, draws, seeds[1])
    few, again, _, later, other = (
        _drawn(epsilon_greedy, every, 0.5, times, seed)
        for times, seed in ((FEW, 9), (FEW, 9), (1, 9), (FEW, 9), (FEW, 10))
    )
    for share, drawn, near in ((1, random, UNIFORM), (epsilon, some, ACTIONS)):
        if len(set(drawn)) > 1:  # if one action is always returned, its index is arbitrary
            name = f"shares of the actions at ε = {share}"
            found[name] = Observed(_shares(drawn, actions), near)
    return {
        **found,
        f"shares at ε = {epsilon}, from best to worst action": Observed(
            _shares(_ranks(every, some), actions), tolerance
        ),
        "repeats with its seed": np.array_equal(few, again),
        "repeats with its seed, however often it was called": np.array_equal(few, later),
        "draws other actions with another seed": not np.array_equal(few, other),
    }


def _drawn(epsilon_greedy: Any, every: Array, epsilon: float, times: int, seed: int) -> Array:
    """Draw actions for the rows of values in turn."""
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
            " np.argmax gives the index of the best value, np.max the value itself."
        )
    return found.astype(int)


def _ranks(every: Array, drawn: Array) -> Array:
    """Return the rank of each drawn action: 0 for the best one."""
    ranks = np.argsort(np.argsort(-every, axis=1), axis=1)
    return ranks[np.arange(len(drawn)) % len(every), drawn]


def _shares(drawn: Array, actions: int) -> Array:
    return np.bincount(drawn, minlength=actions) / len(drawn)
