"""Exercise 01.1: the return.

T steps of an episode.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise, remark

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
        {
            "rewards[t] + discount * later": (
                "sum(discount ** (i - t) * rewards[i] for i in range(t + 1))"
            )
        },
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
        {"return result": "return np.full(len(rewards), later)"},
    ),
    Mistake(
        "the rewards themselves",
        "Nothing is added to the rewards. If your loop runs forwards, R_{t+1} is not known yet when"
        " you compute R_t: count t down from the last step.",
        {"rewards[t] + discount * later": "rewards[t]"},
    ),
    Mistake(
        "first entry left out",
        "The first steps have returns, too. A loop down to step 0 is range(T − 1, −1, −1): the end"
        " of a range is not part of it.",
        {"range(len(rewards))": "range(1, len(rewards))"},
        {"return result": "return np.r_[rewards[0], result[1:]]"},
    ),
    Mistake(
        "one entry too many",
        "T rewards make T returns. A 0 after the last one may help you to compute them, but do not"
        " return it.",
        {"np.zeros(len(rewards))": "np.zeros(len(rewards) + 1)"},
    ),
    Mistake(
        "last reward counted twice",
        "R_{T−1} is r_{T−1}, once. If you begin with the last reward, the loop begins one step"
        " earlier.",
        {"later = 0.0": "later = rewards[-1]"},
    ),
    Mistake(
        "last entry left at 0",
        "The return of the last step is its reward, R_{T−1} = r_{T−1}. You use it, but do not store"
        " it.",
        {"later = 0.0": "later = rewards[-1]", "range(len(rewards))": "range(len(rewards) - 1)"},
    ),
    Mistake(
        "γ once for all later rewards",
        "A reward that comes k steps later counts γ^k times as much, not γ times.",
        {"rewards[t] + discount * later": "rewards[t] + discount * rewards[t + 1 :].sum()"},
    ),
    Mistake(
        "γ times the delay instead of γ to its power",
        "The factor is γ^(i−t), in Python discount ** (i - t), not γ (i − t).",
        {
            "rewards[t] + discount * later": (
                "sum(discount * k * rewards[t + k] for k in range(len(rewards) - t))"
            )
        },
    ),
    Mistake(
        "something after the end",
        "After the last step nothing follows: begin with 0.",
        {"later = 0.0": "later = 1.0"},
        {"later = 0.0": "later = -1.0"},
    ),
    Mistake(
        "rest subtracted",
        "The rest of the return is added: R_t = r_t + γ R_{t+1}.",
        {"rewards[t] + discount * later": "rewards[t] - discount * later"},
    ),
    Mistake(
        "γ added instead of multiplied",
        "γ is a factor of what follows: R_t = r_t + γ R_{t+1}.",
        {"discount * later": "discount + later"},
    ),
    Mistake(
        "another step's reward",
        "R_t begins with r_t, but you read the reward of another step.",
        {"rewards[t] +": "rewards[t - 1] +"},
        {"rewards[t] +": "rewards[-1 - t] +"},
    ),
    Mistake(
        "discounted by the steps to the end",
        "Your exponent is counted from the end of the episode. It should be i − t, counted from"
        " step t.",
        {
            "rewards[t] + discount * later": (
                "discount ** (len(rewards) - 1 - t) * rewards[t] + later"
            )
        },
        {"rewards[t] + discount * later": "discount ** (len(rewards) - t) * rewards[t] + later"},
    ),
    Mistake(
        "rest discounted once more at every step",
        "Your factor of R_{t+1} is γ to the power of t or of T − t. It should be γ: R_{t+1} is"
        " discounted already.",
        {"discount * later": "discount**t * later"},
        {"discount * later": "discount ** (t + 1) * later"},
        {"discount * later": "discount ** (len(rewards) - t) * later"},
        {"discount * later": "discount ** (len(rewards) - 1 - t) * later"},
    ),
    Mistake(
        "mean instead of the sum",
        "A return is a sum. Do not divide it by the number of steps.",
        {"return result": "return result / np.arange(len(rewards), 0, -1)"},
        {"return result": "return result / len(rewards)"},
    ),
    Mistake(
        "shifted to a mean of 0",
        "Some programs subtract the returns' mean and divide by their standard deviation. Here,"
        " leave the returns as they are.",
        {"return result": "return (result - result.mean()) / result.std()"},
        {"return result": "return (result - result.mean()) / result.std(ddof=1)"},
        {"return result": "return result - result.mean()"},
    ),
    Mistake(
        "reward weighted by 1 − γ",
        "That makes a weighted mean of the reward and the rest. The reward counts in full: R_t ="
        " r_t + γ R_{t+1}.",
        {"rewards[t] + discount * later": "(1 - discount) * rewards[t] + discount * later"},
    ),
    Mistake(
        "rest added twice",
        "R_{t+1} is in your sum as a whole, and discounted once more. Write = instead of +=.",
        {"later = rewards[t] + discount * later": "later += rewards[t] + discount * later"},
    ),
    Mistake(
        "divided by γ instead of multiplied",
        "A reward that comes k steps later counts γ^k times as much. The exponent is i − t, not"
        " t − i.",
        {"discount * later": "later / discount"},
    ),
    Mistake(
        "t subtracted from the power",
        "In Python a power comes before a difference, so the difference needs brackets:"
        " discount ** (i - t).",
        {
            "rewards[t] + discount * later": (
                "sum((discount**i - t) * rewards[i] for i in range(t, len(rewards)))"
            )
        },
        {
            "rewards[t] + discount * later": (
                "sum(discount**i - t * rewards[i] for i in range(t, len(rewards)))"
            )
        },
    ),
    Mistake(
        "returned after the first step",
        "A return inside the loop ends it after one step. Return after the loop.",
        {"    return result": "        return result"},
        {"    return result": "    return np.where(np.arange(len(rewards)) == 0, result, 0)"},
    ),
    Mistake(
        "past rewards summed, too",
        "The sum begins at i = t. Rewards before t are past, and are not part of R_t.",
        {
            "rewards[t] + discount * later": (
                "sum(discount ** (i - t) * rewards[i] for i in range(len(rewards)))"
            )
        },
        {
            "rewards[t] + discount * later": (
                "sum(discount ** max(i - t, 0) * rewards[i] for i in range(len(rewards)))"
            )
        },
        {
            "rewards[t] + discount * later": (
                "sum(discount ** abs(i - t) * rewards[i] for i in range(len(rewards)))"
            )
        },
    ),
    Mistake(
        "r_t in place of all later rewards",
        "Every term of the sum has its own reward, r_i, which is rewards[i].",
        {
            "rewards[t] + discount * later": (
                "rewards[t] * sum(discount**k for k in range(len(rewards) - t))"
            )
        },
    ),
    Mistake(
        "only the last term of each sum",
        "Each term replaces those before it. Add it with += instead of =.",
        {"rewards[t] + discount * later": "discount ** (len(rewards) - 1 - t) * rewards[-1]"},
    ),
    Mistake(
        "stored at i instead of t",
        "All terms of the sum are part of R_t. Add them to result[t].",
        {"rewards[t] + discount * later": "rewards[t] * sum(discount**k for k in range(t + 1))"},
    ),
    Mistake(
        "previous return instead of the next",
        "R_t follows from R_{t+1}. This is the entry t + 1, not t − 1.",
        *(
            f"""
            def returns(rewards, discount):
                result = {start}
                for t in reversed(range(len(rewards) - 1)):
                    result[t] = rewards[t] + discount * result[t - 1]
                return result
            """
            for start in ("rewards.copy()", "np.zeros(len(rewards))")
        ),
    ),
    Mistake(
        "fractions cut off",
        "An array of whole numbers cuts fractions off. np.zeros(n) makes an array of floats.",
        {"np.zeros(len(rewards))": "np.zeros(len(rewards), int)"},
        {"later = rewards[t] + discount * later": "later = int(rewards[t] + discount * later)"},
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
    statement="""Compute the return of every step, as in section 2 of the paper: R_t = Σ γ^(i−t)
    r_i, where the sum runs over i = t, …, T − 1. One pass is enough: how does R_t follow from
    R_{t+1}?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your returns with the sums written out",
    difficulty=1,
    minutes=5,
    cases=({"horizon": 8, "discount": 0.85}, {"horizon": 11, "discount": 0.97}),
    equivalents={
        "result = np.zeros(len(rewards)) → result = np.ones(len(rewards))": "all are overwritten",
        "return result → return np.float32(result)": "float32 is accepted",
    },
    hints=(
        r"After the last step nothing follows: $R_{T-1} = r_{T-1}$ for rewards"
        r" $r_0, \ldots, r_{T-1}$. Begin there, and walk back.",
        "`for t in reversed(range(len(rewards)))` counts backwards. Keep the return of the next"
        " step in a variable, 0 at first.",
    ),
)
def check_returns(returns: Any, horizon: int, discount: float) -> dict[str, Any]:
    """Check returns."""
    rewards = 3 * sample_array(horizon)
    wanted = "returns should return an array (T,): it"
    found = array(call(returns, rewards, discount), wanted)
    whole = array(call(returns, np.arange(1, 6), discount), wanted)
    if whole.dtype.kind in "iu" and (whole != call(returns, np.arange(1.0, 6), discount)).any():
        remark(returns, "With whole rewards, your array cuts fractions off: use np.zeros(T).")
    return {"R": found}
