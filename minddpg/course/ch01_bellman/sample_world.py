"""Provide a small random world and common mistakes for the backups of exercises 01.2 and 01.3.

S states, A actions.
"""

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import Mistake

CASES = (  # the notebook uses none of these constants
    {"states": 5, "actions": 3, "discount": 0.85},
    {"states": 4, "actions": 7, "discount": 0.97},
)
SQUARE = {"states": 4, "actions": 4, "discount": 0.85}


def sample_world(states: int, actions: int) -> tuple[Array, Array, Array]:
    """Return a table q, the rewards, and the state to which each action leads: (S, A) each."""
    shape = states, actions
    next_state = np.random.default_rng(2).integers(states, size=shape)
    return 3 * sample_array(*shape), 2 * sample_array(*shape, seed=1), next_state


def sum_mistakes(rest: str) -> list[Mistake]:
    """Return mistakes in the sum of the reward and the discounted `rest`, a piece of code."""
    backed_up = f"reward + discount * {rest}"
    return [
        Mistake(
            "rest subtracted",
            "What is still to come is added to the reward.",
            {backed_up: f"reward - discount * {rest}"},
        ),
        Mistake(
            "γ added instead of multiplied",
            "γ is a factor of the value of s'.",
            {backed_up: f"reward + discount + {rest}"},
        ),
        Mistake(
            "rest multiplied by r + γ",
            "Only γ multiplies the value of s'. The reward is added, without brackets: r + γ times"
            " the value.",
            {backed_up: f"(reward + discount) * {rest}"},
        ),
        Mistake(
            "reward multiplied instead of added",
            "The reward is added to what is still to come.",
            {backed_up: f"reward * discount * {rest}"},
        ),
        Mistake(
            "reward weighted by 1 − γ",
            "That makes a weighted mean of the reward and the rest. The reward counts in full.",
            {backed_up: f"(1 - discount) * reward + discount * {rest}"},
        ),
        Mistake(
            "reward of another step",
            "The reward is that of the step itself, the entry of s and a.",
            {backed_up: f"reward.mean() + discount * {rest}"},
            {backed_up: f"reward.max() + discount * {rest}"},
            {backed_up: f"reward.max(axis=1, keepdims=True) + discount * {rest}"},
        ),
        Mistake(
            "part of the old table kept",
            "A backup replaces the old entry as a whole. Learning rates come in chapter 02.",
            *(
                {"return new_q": f"return q + {rate} * (new_q - q)"}
                for rate in (0.1, 0.5, 0.9, "discount", "(1 - discount)")
            ),
        ),
        Mistake(
            "the old table returned",
            "You return q as it was. Return the table after the backup.",
            {"return new_q": "return q.copy()"},
        ),
    ]
