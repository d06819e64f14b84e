"""Exercise 01.1: the return.

T steps of an episode.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise

STEPS = 6

SOLUTION = """
def returns(rewards, discount):
    result = np.zeros(len(rewards))
    later = 0.0
    for t in reversed(range(len(rewards))):
        later = rewards[t] + discount * later
        result[t] = later
    return result
"""

MISTAKES = (
    Mistake(
        "no discount",
        "A reward that comes k steps later counts γ^k times as much.",
        {"discount * later": "later"},
    ),
    Mistake(
        "first reward discounted too",
        "The whole return is γ times too small. r_t comes at once, so its factor is γ⁰ = 1.",
        {"rewards[t] + discount * later": "discount * (rewards[t] + later)"},
    ),
    Mistake(
        "γ at the reward instead of the rest",
        "You multiplied every reward by γ once, however late it comes. Discount R_{t+1} instead.",
        {"rewards[t] + discount * later": "discount * rewards[t] + later"},
    ),
    Mistake(
        "discounted by absolute time",
        "Your factor is γ^i, counted from the start of the episode. It should be γ^(i−t), counted"
        " from step t.",
        {"rewards[t] + discount * later": "discount**t * rewards[t] + later"},
        {"rewards[t] + discount * later": "discount ** (t + 1) * rewards[t] + later"},
    ),
    Mistake(
        "sum missing",
        "Each reward is discounted, but they are not added up.",
        {"rewards[t] + discount * later": "discount**t * rewards[t]"},
    ),
    Mistake(
        "order reversed",
        "The numbers are right, but the last one comes first. If you work backwards, reverse the"
        " list at the end.",
        {"return result": "return result[::-1]"},
    ),
    Mistake(
        "summed forwards instead of to the end",
        "Entry t sums the rewards before t, which are past. R_t is what is still to come.",
        {"reversed(range(len(rewards)))": "range(len(rewards))"},
        {
            "reversed(range(len(rewards)))": "range(len(rewards))",
            "rewards[t] + discount * later": "discount**t * rewards[t] + later",
        },
        {"reversed(range(len(rewards)))": "range(len(rewards))", "discount * later": "later"},
    ),
    Mistake(
        "last reward missing",
        "The reward of the last step is missing from every sum. R_{T−1} is that reward.",
        {"range(len(rewards))": "range(len(rewards) - 1)"},
        {
            "np.zeros(len(rewards))": "np.zeros(len(rewards) - 1)",
            "range(len(rewards))": "range(len(rewards) - 1)",
        },
    ),
    Mistake(
        "own reward missing",
        "R_t begins with r_t, the reward of step t itself.",
        {
            "        later = rewards[t] + discount * later\n": "",
            "result[t] = later\n": (
                "result[t] = later\n        later = rewards[t] + discount * later\n"
            ),
        },
        {
            "        later = rewards[t] + discount * later\n": "",
            "result[t] = later\n": (
                "result[t] = discount * later\n        later = rewards[t] + discount * later\n"
            ),
        },
    ),
    Mistake(
        "one step ahead only",
        "You stopped after two rewards, r_t + γ r_{t+1}. The sum continues to the end: r_t + γ"
        " R_{t+1}.",
        {"result[t] = later": "result[t], later = later, rewards[t]"},
    ),
    Mistake(
        "one return for the whole episode",
        "That is R_0 alone. Every step t has its own return.",
        {"return result": "return later"},
    ),
)


@exercise(
    "01.1",
    "The return",
    PROPERTY,
    stub='''
def returns(rewards, discount):
    """Given the rewards (T,) of an episode, return R_t for every step t: (T,).

    R_t is the discounted sum of the rewards from step t to the end.
    """
    result = None
    return result
''',
    statement="""Section 2 of the paper: R_t = Σ γ^(i−t) r_i, where the sum runs over i = t, …, T −
    1. One pass is enough: how does R_t follow from R_{t+1}?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your returns with the sums written out",
    difficulty=1,
    minutes=5,
    hints=(
        r"After the last step nothing follows: $R_{T-1} = r_{T-1}$ for rewards"
        r" $r_0, \ldots, r_{T-1}$. Begin there, and walk back.",
        "`for t in reversed(range(len(rewards)))` counts backwards. Keep the return of the next"
        " step in a variable, 0 at first.",
    ),
)
def check_returns(returns: Any) -> dict[str, Any]:
    """Check returns."""
    rewards = sample_array(STEPS)
    found = call(returns, rewards, 0.9)
    return {"R": array(found, "returns should return an array (T,): it")}
