"""Exercise 05.1: the TD target.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, arrays, call, exercise

SOLUTION = """
def td_target(reward, terminated, truncated, next_q, discount):
    y = reward + discount * (1 - terminated) * next_q
    return y
"""

SINGLE = "float32 is precise enough for a target"
FOLLOWS = "discount * (1 - terminated) * next_q"
TARGET = f"reward + {FOLLOWS}"

OTHER_ORDERS = (
    "reward, next_q, terminated, truncated",
    "reward, terminated, next_q, truncated",
    "next_q, terminated, truncated, reward",
)

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
        "truncated in the mask",
        "1 − terminated is the whole mask. With + truncated in it, a truncated row adds the value"
        " of s' once too often.",
        {"1 - terminated": "1 - terminated + truncated"},
    ),
    Mistake(
        "truncated rows not discounted",
        "Where the time limit cut the episode, s' is one step away as well: multiply its value by"
        " γ.",
        {"discount *": "np.where(truncated, 1, discount) *"},
        {TARGET: f"reward + np.where(truncated, next_q, {FOLLOWS})"},
        {TARGET: f"np.where(truncated, next_q, {TARGET})"},
    ),
    Mistake(
        "one mask for all rows",
        "Each row has its own flag. You used one row's, or summed up the whole batch.",
        *(
            {"1 - terminated": f"1 - terminated{one}"}
            for one in ("[0]", "[-1]", ".any()", ".all()", ".mean()")
        ),
        *(
            {"    y =": f"    if {flag}.{of}():\n        return 1 * reward\n    y ="}
            for flag, of in (("terminated", "any"), ("truncated", "any"), ("truncated", "all"))
        ),
    ),
    Mistake(
        "stopped only where both flags are set",
        "Termination is enough. Whether the time limit was reached as well does not matter.",
        {"1 - terminated": "1 - (terminated & truncated)"},
    ),
    Mistake(
        "stopped only where one flag alone is set",
        "Termination is enough. Whether the time limit was reached as well does not matter.",
        {"1 - terminated": "1 - (terminated ^ truncated)"},
    ),
    Mistake(
        "truncation undoes termination",
        "A row with both flags is terminated like any other: nothing follows.",
        {"1 - terminated": "1 - (terminated & ~truncated)"},
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: multiply it by γ.",
        {"discount * (1": "(1"},
    ),
    Mistake(
        "terminated ignored and discount missing",
        "Nothing follows after termination, and elsewhere the value of s' is multiplied by γ.",
        {TARGET: "reward + next_q"},
    ),
    Mistake(
        "discounted twice",
        "The value of s' is one step away: multiply it by γ, not by γ².",
        {"discount *": "discount**2 *"},
    ),
    Mistake(
        "reward missing where the episode continues",
        "Each step has its reward, whether the episode ends there or not.",
        {TARGET: "terminated * reward + (1 - terminated) * discount * next_q"},
    ),
    Mistake(
        "reward clipped",
        "Take the reward as it is. Clipping it, or taking its sign, changes the task.",
        {"y = reward": "y = np.clip(reward, -1, 1)"},
        {"y = reward": "y = np.sign(reward)"},
    ),
    Mistake(
        "brackets missing around 1 − terminated",
        "Multiply γ and the value of s' by the whole of 1 − terminated.",
        {"(1 - terminated) * next_q": "(1 - terminated * next_q)"},
        {"discount * (1 - terminated)": "(discount - terminated)"},
        {"(1 - terminated)": "1 - terminated"},
    ),
    Mistake(
        "1 − γ instead of γ", "Multiply the value of s' by γ.", {"discount *": "(1 - discount) *"}
    ),
    Mistake(
        "reward weighted by 1 − γ",
        "The target is not an average: it is the whole reward plus γ times the value of s'.",
        {TARGET: f"(1 - discount) * {TARGET}"},
    ),
    Mistake(
        "discounted by the place in the batch",
        "The rows of a batch do not follow each other in time. Each has its own s', one step away.",
        {"discount *": "discount ** np.arange(len(reward)) *"},
    ),
    Mistake(
        "one value for all rows",
        "Each row has its own s', and so its own value. You took the sum, the mean or the maximum"
        " over the batch.",
        {") * next_q": ") @ next_q"},
        *({"* next_q": f"* np.{one}(next_q)"} for one in ("sum", "mean", "max")),
    ),
    Mistake(
        "value of s' missing",
        "You added γ itself. It is a factor of the value of s', next_q.",
        {" * next_q": ""},
    ),
    Mistake(
        "reward masked instead of the value",
        "The reward always counts. The mask multiplies the value of s'.",
        {TARGET: "reward * (1 - terminated) + discount * next_q"},
    ),
    Mistake(
        "reward twice where the episode terminated",
        "Where it terminated, y is r alone: r once, and 0 for what follows.",
        {TARGET: f"reward + np.where(terminated, reward, {FOLLOWS})"},
        {TARGET: f"{TARGET} + discount * terminated * reward"},
    ),
    Mistake(
        "Q subtracted from the target",
        "y is r + γ Q'. Do not subtract a Q here: the critic's loss takes the difference Q − y.",
        {" * next_q": " * next_q - next_q"},
    ),
    Mistake(
        "values of other rows",
        "Row i of the target takes row i of next_q. You took the first rows, one after the other.",
        {
            f"y = {TARGET}": "y, alive = 1.0 * reward, np.flatnonzero(~terminated)\n"
            "    y[alive] += discount * next_q[: len(alive)]"
        },
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
        "mask with the wrong sign",
        "Where the episode terminated, 1 − terminated is 0. You have 2 there, so that the value of"
        " s' counts twice.",
        {"1 - terminated": "1 + terminated"},
    ),
    Mistake(
        "~ of a number",
        "~ swaps True and False, but of integers it makes −1 of 0 and −2 of 1. Write 1 −"
        " terminated, or ~terminated of the bools.",
        {"(1 - terminated)": "~terminated.astype(int)"},
    ),
    Mistake(
        "plus instead of times",
        "The discount, the mask and the value of s' are multiplied. You added some of them.",
        {") * next_q": ") + next_q"},
        {"discount * (1 - terminated)": "(discount + (1 - terminated))"},
        {"discount * (1": "discount + (1"},
    ),
    Mistake(
        "times instead of plus",
        "What follows is added to the reward. You multiplied the two.",
        {"reward +": "reward *"},
    ),
    Mistake(
        "parameters in another order",
        "You used the arguments in another order. Theirs is reward, terminated, truncated, next_q,"
        " discount.",
        *({"reward, terminated, truncated, next_q": order} for order in OTHER_ORDERS),
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
    compared="your targets with the correct ones",
    difficulty=1,
    importance=3,
    minutes=5,
    hints=(
        "`terminated` is an array of bools. `1 - terminated` is 0 where it is True and 1 where it"
        " is False; `~terminated` works, too.",
        "`truncated` is an argument so that you decide what to do with it. Is the value of s'"
        " smaller because a time limit cut the episode?",
    ),
    cases=(
        {"batch_size": 7, "discount": 0.8, "scale": 3.0, "first": 0, "seed": 1},
        {"batch_size": 10, "discount": 0.97, "scale": -40.0, "first": 1, "seed": 11},
    ),
    equivalents={"return y → return np.float32(y)": SINGLE},
)
def check_td_target(
    td_target: Any, batch_size: int, discount: float, scale: float, first: int, seed: int
) -> dict[str, Any]:
    """Check td_target; rows 0, 2, 4, ... are terminated if `first` is 1, the others if it is 0."""
    reward = scale * sample_array(batch_size, seed=seed)
    next_q = scale * sample_array(batch_size, seed=seed + 1)
    row = np.arange(first, first + batch_size)
    ends, truncated = row % 2 == 1, row % 4 > 1  # the two flags meet in all four ways

    def targets(terminated: Array, truncated: Array) -> Array:
        result = call(td_target, reward, terminated, truncated, next_q, discount)
        return arrays(result, ["y"], td_target)[0]

    return {
        "y": targets(ends, truncated),
        "y if no episode ends": targets(ends & False, truncated & False),
        "y if all are truncated": targets(ends & False, truncated | True),
        "y if all are terminated": targets(ends | True, truncated),
    }
