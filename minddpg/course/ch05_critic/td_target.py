"""Exercise 05.1: the TD target.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, arrays, call, exercise

TERMINATED = np.array([False, True, False, True, False, True, False])
TRUNCATED = np.array([False, False, True, True, False, False, True])

SOLUTION = """
def td_target(reward, terminated, truncated, next_q, discount):
    y = reward + discount * (1 - terminated) * next_q
    return y
"""

TARGET = "reward + discount * (1 - terminated) * next_q"

MISTAKES = (
    Mistake(
        "mask flipped",
        "Your target contains the value of s' where the episode terminated, and not where it"
        " continues. It should be the other way round.",
        {"1 - terminated": "terminated"},
    ),
    Mistake("terminated ignored", "", {" * (1 - terminated)": ""}),
    Mistake(
        "truncation as termination",
        "Where the time limit cut the episode, the world would have continued: those rows keep the"
        " value of s'.",
        {"1 - terminated": "1 - (terminated | truncated)"},
    ),
    Mistake(
        "only truncation stops the bootstrap",
        "You used the wrong flag: termination ends the future, truncation does not.",
        {"1 - terminated": "1 - truncated"},
    ),
    Mistake(
        "stopped only where both flags are set",
        "Termination is enough. Whether the time limit was reached as well does not matter.",
        {"1 - terminated": "1 - (terminated & truncated)"},
    ),
    Mistake(
        "truncation undoes termination",
        "A row with both flags is terminated like any other: nothing follows.",
        {"1 - terminated": "1 - (terminated & ~truncated)"},
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: it counts γ times as much.",
        {"discount * (1": "(1"},
    ),
    Mistake("reward masked too", "", {TARGET: "(1 - terminated) * (reward + discount * next_q)"}),
    Mistake("reward missing", "", {"reward + ": ""}),
    Mistake(
        "nothing but the reward",
        "This is the return of a single step. Where the episode continues, s' has a value, too.",
        {TARGET: "reward"},
    ),
    Mistake(
        "reward discounted too", "", {TARGET: "discount * (reward + (1 - terminated) * next_q)"}
    ),
    Mistake(
        "minus instead of plus",
        "What follows is added to the reward, not subtracted from it.",
        {"reward +": "reward -"},
    ),
    Mistake(
        "(N, N) broadcast",
        "",
        {"y = reward": "y = reward[:, None]"},
        {TARGET: "reward + (discount * (1 - terminated) * next_q)[:, None]"},
        {"(1 - terminated)": "(1 - terminated)[:, None]"},
        {"* next_q": "* next_q[:, None]"},
        {"y = reward": "y = reward[:, None]", "(1 - terminated)": "(1 - terminated)[:, None]"},
    ),
)


@exercise(
    "05.1",
    "The TD target",
    PROPERTY,
    stub='''
def td_target(reward, terminated, truncated, next_q, discount):
    """Return y (N,), the target of Q(s, a).

    reward (N,); terminated (N,) and truncated (N,) are bools; next_q (N,) is Q'(s', μ'(s')).
    """
    y = None
    return y
''',
    statement="""The target is y = r + γ Q'(s', μ'(s')), but nothing follows where the episode
    terminated. A truncated episode was cut off by a time limit: the world would have continued. An
    episode can also end in both ways at once.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your targets with the right ones",
    difficulty=1,
    minutes=5,
    hints=(
        "`terminated` is an array of bools. `1 - terminated` is 0 where it is True and 1 where it"
        " is False; `~terminated` works, too.",
        "`truncated` is an argument so that you can decide what to do with it. You may decide to do"
        " nothing.",
    ),
)
def check_td_target(td_target: Any) -> dict[str, Any]:
    """Check td_target."""
    n = len(TERMINATED)
    reward, next_q = sample_array(n, seed=1), 3 * sample_array(n, seed=2)

    def targets(terminated: Array) -> Array:
        result = call(td_target, reward, terminated, TRUNCATED, next_q, 0.9)
        return arrays(result, ["y"], td_target)[0]

    return {"y": targets(TERMINATED), "y if nothing terminates": targets(TERMINATED & False)}
