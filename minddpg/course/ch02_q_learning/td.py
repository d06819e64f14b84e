"""Chapter 02, from tables to actors: Q-learning.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY
from ..engine.submission import array, call
from .td_mistakes import ROWS, td_update

STATES, ACTIONS = 5, 3


@exercise(
    "02.1",
    "A step of Q-learning",
    PROPERTY,
    stub='''
def td_update(q, state, action, reward, next_state, terminated, learning_rate, discount):
    """Move Q(s, a) a part of the way to its target, in place; return the TD error δ.

    q is a table (S, A) of floats; states and actions are its indices. δ = y − Q(s, a), with Q as
    it was before. terminated is True where the episode ended for good: nothing follows.
    """
    delta = None
    return delta
''',
    statement="""Q-learning sees one transition at a time. Its target is y = r + γ max over a' of
    Q(s', a'), or r alone if s' is an end. Change one entry of the table that you are given, by the
    learning rate times δ.""",
    reference=(td_update,),
    rows=ROWS,
    compared="δ, and what changed in the table, with what should",
)
def check_td_update(td_update: Any) -> dict[str, Any]:
    """Check td_update."""
    found = {}
    for where, reward, terminated in (("", 0.7, False), (" at an end", -1.6, True)):
        q = sample_array(STATES, ACTIONS, seed=1)
        before = q.copy()
        given = (q, 1, 2, reward, 3, terminated, 0.3, 0.9)
        delta = call(td_update, *given, changes=(0,))
        found[f"δ{where}"] = array(delta, "td_update should return δ, a number: it")
        found[f"change of Q{where}"] = np.asarray(q - before)
    return found
