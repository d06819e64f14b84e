"""Chapter 01, what is to be learned: the return.

T steps of an episode.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

STEPS = 6


def _weighted(weight: Callable[[Array, Array, float], Array]) -> Any:
    """Answer with sums of all rewards r_i, each with its weight in R_t."""

    def answer(rewards: Array, discount: float) -> Array:
        i = np.arange(len(rewards))
        t = i[:, None]
        return np.asarray(weight(i, t, discount) @ rewards)

    return answer


returns = _weighted(lambda i, t, g: (i >= t) * g ** abs(i - t))


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
    statement="""Section 2 of the paper: R_t = Σ γ^(i−t) r_i, the sum running over i = t, …, T − 1.
    There is a way to do it in one pass: how does R_t follow from R_{t+1}?""",
    reference=(returns,),
    rows=(
        Row(
            "no discount",
            (_weighted(lambda i, t, g: 1.0 * (i >= t)),),
            "A reward that comes k steps later should count γ^k as much.",
        ),
        Row(
            "first reward discounted too",
            (_weighted(lambda i, t, g: (i >= t) * g ** abs(i - t + 1)),),
            "All of it is γ times too small. r_t comes at once: its factor is γ⁰ = 1.",
        ),
        Row(
            "γ at the reward instead of the rest",
            (_weighted(lambda i, t, g: (i >= t) * g),),
            "Every reward got one γ, however late it comes. It is R_{t+1} that is discounted.",
        ),
        *(
            Row(
                "discounted by absolute time",
                (_weighted(weight),),
                "The factor is γ^i. It should count from t on, γ^(i−t): at each step the future"
                " begins anew.",
            )
            for weight in (lambda i, t, g: (i >= t) * g**i, lambda i, t, g: (i >= t) * g ** (i + 1))
        ),
        Row(
            "sum missing",
            (lambda rewards, g: rewards * g ** np.arange(len(rewards)),),
            "Each reward is discounted, but they are not added up.",
        ),
        Row(
            "order reversed",
            (lambda rewards, g: returns(rewards, g)[::-1],),
            "The numbers are right, but the last one comes first. Working backwards, you have to"
            " turn the list around in the end.",
        ),
        *(
            Row(
                "summed forwards instead of to the end",
                (_weighted(weight),),
                "Entry t sums the rewards before t, which are past. R_t is what is still to come.",
            )
            for weight in (
                lambda i, t, g: (i <= t) * g ** abs(t - i),
                lambda i, t, g: (i <= t) * g**i,
                lambda i, t, g: 1.0 * (i <= t),
            )
        ),
        *(
            Row(
                "last reward missing",
                (answer,),
                "The reward of the last step is in no sum. R_{T−1} is that reward.",
            )
            for answer in (
                _weighted(lambda i, t, g: (i >= t) * (i < i[-1]) * g ** abs(i - t)),
                lambda rewards, g: returns(rewards[:-1], g),
            )
        ),
        *(
            Row(
                "own reward missing",
                (_weighted(weight),),
                "R_t begins with r_t, the reward of step t itself.",
            )
            for weight in (
                lambda i, t, g: (i > t) * g ** abs(i - t),
                lambda i, t, g: (i > t) * g ** abs(i - t - 1),
            )
        ),
        Row(
            "one step ahead only",
            (_weighted(lambda i, t, g: (i == t) + g * (i == t + 1)),),
            "r_t + γ r_{t+1} stops after two rewards. The sum goes on to the end: r_t + γ R_{t+1}.",
        ),
        Row(
            "one return for the whole episode",
            (lambda rewards, g: returns(rewards, g)[0],),
            "That is R_0. Every step t has a return of its own.",
        ),
    ),
    compared="your returns with the sums written out",
)
def check_returns(returns: Any) -> dict[str, Any]:
    """Check returns."""
    rewards = sample_array(STEPS)
    found = call(returns, rewards, 0.9)
    return {"R": array(found, "returns should return an array (T,): it")}
