"""Exercise 02.1: one step of Q-learning.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, array, call, exercise
from .td_step_mistakes import STEP_MISTAKES
from .td_target_mistakes import TARGET_MISTAKES

LOW = 2  # a state in which all actions are worth less than 0
TRANSITIONS = {  # (state, action, reward, next_state) of each, and whether it ended
    "": (
        ((1, 0, 0.7, 3), False),
        ((2, 1, -1.6, 2), np.False_),
        ((0, 1, -2.3, 3), np.False_),
        ((3, 2, 0.0, 0), np.False_),
        ((1, 1, 0.4, 1), False),
        ((0, 2, 1.1, LOW), False),
    ),
    " at an end": (
        ((2, 0, -1.6, 3), True),
        ((0, 1, 2.3, 2), np.True_),
        ((1, 1, 0.7, 0), True),
        ((3, 2, 0.0, 1), np.True_),
    ),
}

SOLUTION = """
def td_update(q, state, action, reward, next_state, terminated, learning_rate, discount):
    y = reward + discount * (not terminated) * q[next_state].max()
    delta = y - q[state, action]
    q[state, action] += learning_rate * delta
    return delta
"""


@exercise(
    "02.1",
    "A step of Q-learning",
    PROPERTY,
    stub='''
def td_update(q, state, action, reward, next_state, terminated, learning_rate, discount):
    """Move Q(s, a) a part of the way to its target, in place; return the TD error δ.

    q is a table (S, A) of floats; states and actions are its indices. δ = y − Q(s, a), where Q
    is the value before the change. terminated is True if the episode ended here: nothing follows.
    """
    delta = None
    return delta
''',
    statement="""Q-learning sees one transition at a time. Its target is y = r + γ max over a' of
    Q(s', a'), or r alone if the episode terminated. Change one entry of the table that you are
    given, by the learning rate times δ.""",
    solution=SOLUTION,
    mistakes=(*TARGET_MISTAKES, *STEP_MISTAKES),
    compared="δ and the change of the table with the correct ones",
    difficulty=1,
    minutes=10,
    hints=(
        "`q[next_state]` is a row of the table: the values of all actions in $s'$. You need the"
        " largest of them, unless the episode has terminated.",
        r"Compute $\delta$ before you change the table. Then change one entry,"
        " `q[state, action]`, in place.",
    ),
    cases=(
        {"states": 5, "actions": 3, "learning_rate": 0.35, "discount": 0.85},
        {"states": 4, "actions": 7, "learning_rate": 0.08, "discount": 0.97},
    ),
    square={"states": 4, "actions": 4, "learning_rate": 0.3, "discount": 0.85},
    equivalents={
        "return delta → return np.float32(delta)": "float32 is accepted",
        "y = reward + discount * (not terminated) * q[next_state].max() → reward += discount * (not"
        " terminated) * q[next_state].max(); y = reward": "a number is not changed in place",
    },
)
def check_td_update(
    td_update: Any, states: int, actions: int, learning_rate: float, discount: float
) -> dict[str, Any]:
    """Check td_update."""
    found: dict[str, Any] = {}
    for where, transitions in TRANSITIONS.items():
        deltas, changes = [], []
        for (state, action, reward, next_state), terminated in transitions:
            q = 3 * sample_array(states, actions, seed=1)
            q[LOW] -= 1 + q[LOW].max()
            before = q.copy()
            given = q, state, action, reward, next_state, terminated, learning_rate, discount
            delta = call(td_update, *given, changes=(0,))
            deltas.append(array(delta, "td_update should return δ, a number: it"))
            changes.append(q - before)
        found[f"δ{where}"] = deltas
        found[f"change of Q{where}"] = changes
    return found
