"""Exercise 01.3: the backup of a policy's table.

S states, A actions.
"""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise
from .sample_world import sample_world

SOLUTION = """
def policy_backup(q, reward, next_state, policy, discount):
    value = q[np.arange(len(q)), policy]
    new_q = reward + discount * value[next_state]
    return new_q
"""

MISTAKES = (
    Mistake(
        "max instead of the policy's action",
        "That is Q-learning's target. Here μ chooses the action at s', whether or not it is best.",
        {"q[np.arange(len(q)), policy]": "q.max(axis=1)"},
    ),
    Mistake(
        "action of s instead of s'",
        "You read the table at the action μ(s). At s' the policy sees s', and takes μ(s').",
        {"value[next_state]": "q[next_state, policy[:, None]]"},
    ),
    Mistake(
        "first action repeated",
        "The action a is taken once. From s' on, the policy acts: it takes μ(s').",
        {"value[next_state]": "q[next_state, np.arange(q.shape[1])]"},
    ),
    Mistake(
        "value of s instead of s'",
        "You read Q at s, where the step began. What is still to come begins at s'.",
        {"value[next_state]": "value[:, None]"},
        {"value[next_state]": "q"},
    ),
    Mistake(
        "indices swapped",
        "You read the table at [action, state]. The order of its indices is Q[state, action].",
        {"np.arange(len(q)), policy": "policy, np.arange(len(q))"},
    ),
    Mistake(
        "discount missing",
        "γ is missing. It multiplies what comes after this step.",
        {"discount * ": ""},
    ),
    Mistake(
        "reward discounted too",
        "",
        {"reward + discount * value[next_state]": "discount * (reward + value[next_state])"},
    ),
    Mistake(
        "reward missing",
        "r(s, a), the reward of the step itself, is not in the sum.",
        {"reward + ": ""},
    ),
)


@exercise(
    "01.3",
    "The backup of a policy",
    PROPERTY,
    stub='''
def policy_backup(q, reward, next_state, policy, discount):
    """Return the table q (S, A) after one backup with a policy: r + γ Q(s', μ(s')).

    reward and next_state are (S, A); policy (S,) holds the action that μ takes in each state.
    """
    new_q = None
    return new_q
''',
    statement="""Equation 3 of the paper, for a table. The first action is arbitrary; from s' on,
    the policy acts. There is no maximum: this is what DDPG's critic learns.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your table with the right one",
    difficulty=2,
    minutes=8,
    hints=(
        "As before, but a state's value is now the entry of its row that the policy picks:"
        r" $V^\mu(s) = Q(s, \mu(s))$.",
        "`q[np.arange(len(q)), policy]` picks from every row s the column `policy[s]`.",
    ),
    can_be_square=True,
)
def check_policy_backup(policy_backup: Any, square: bool = False) -> dict[str, Any]:
    """Check policy_backup."""
    q, reward, next_state = sample_world(square)
    states, actions = q.shape
    policy = (1 + np.arange(states) ** 2) % actions
    found = call(policy_backup, q, reward, next_state, policy, 0.9)
    return {"new Q": array(found, "policy_backup should return a table: it")}
