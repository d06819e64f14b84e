"""Chapter 02, from tables to actors: Q-learning.

S states, A actions.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..checking.attempt import array, call
from ..checking.exercise import PROPERTY, Row, exercise
from ..samples import sample_array

STATES, ACTIONS = 5, 3


def _learner(
    next_value: Any = lambda q, s, a, to: q[to].max(),
    goes_on: Any = lambda terminated: not terminated,
    place: Any = lambda s, a, to: (s, a),
    step: Any = lambda delta, rate: rate * delta,
    told: Any = lambda delta, rate: delta,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def td_update(
        q: Array, s: int, a: int, r: float, to: int, terminated: bool, rate: float, discount: float
    ) -> Any:
        delta = r + discount * goes_on(terminated) * next_value(q, s, a, to) - q[s, a]
        q[place(s, a, to)] += step(delta, rate)
        return told(delta, rate)

    return td_update


td_update = _learner()


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
    rows=(
        Row(
            "terminated ignored",
            (_learner(goes_on=lambda terminated: 1),),
            "Nothing comes after an end, but your target still has the value of s' in it.",
        ),
        Row(
            "mask flipped",
            (_learner(goes_on=lambda terminated: terminated),),
            "The value of s' counts where the episode ended, and not where it goes on.",
        ),
        Row(
            "reward masked too",
            (lambda q, s, a, r, *rest: td_update(q, s, a, r * (not rest[1]), *rest),),
            "The last step earns its reward as well. An end only stops what would follow.",
        ),
        Row(
            "sign flipped",
            (_learner(step=lambda delta, rate: -rate * delta, told=lambda delta, rate: -delta),),
            "δ is y − Q(s, a), above zero where Q is too low. Added to Q, it leads towards y;"
            " turned around, away from it.",
        ),
        Row(
            "learning rate missing",
            (_learner(step=lambda delta, rate: delta),),
            "Q(s, a) jumped all the way to its target. One noisy target would wipe out the rest.",
        ),
        Row(
            "learning rate within δ",
            (_learner(told=lambda delta, rate: rate * delta),),
            "The table is changed as it should be, but δ itself has no learning rate in it.",
        ),
        Row(
            "δ after the change",
            (_learner(told=lambda delta, rate: (1 - rate) * delta),),
            "You return what is left of the error. Take δ before you change the table.",
        ),
        Row(
            "max missing",
            (_learner(lambda q, s, a, to: q[to, a]),),
            "You took the same action again at s'. The target has the best one.",
        ),
        Row(
            "max over the whole table",
            (_learner(lambda q, s, a, to: q.max()),),
            "The maximum is over the actions at s', which are one row of the table.",
        ),
        Row(
            "max over states",
            (_learner(lambda q, s, a, to: q[:, a].max()),),
            "The maximum is over the actions at s', not over the states.",
        ),
        Row(
            "the best action's index instead of its value",
            (_learner(lambda q, s, a, to: q[to].argmax()),),
            "argmax says which action is best; max says what it is worth.",
        ),
        Row(
            "value of s instead of s'",
            (_learner(lambda q, s, a, to: q[s].max()),),
            "The target looks ahead: max over a' of Q(s', a').",
        ),
        Row(
            "row of s' changed instead",
            (_learner(place=lambda s, a, to: (to, a)),),
            "It is Q(s, a) that is corrected. Q(s', ·) is only looked at.",
        ),
        Row(
            "whole row changed",
            (_learner(place=lambda s, a, to: s),),
            "All actions of s were changed, but only one was tried. Change the entry [s, a].",
        ),
        Row(
            "discount missing",
            (lambda *given: td_update(*given[:-1], 1.0),),
            "The value of s' is one step away: it counts γ times as much.",
        ),
        Row(
            "reward missing",
            (lambda q, s, a, r, *rest: td_update(q, s, a, 0.0, *rest),),
            "r, all that is really observed of the value, is not in the target.",
        ),
        Row(
            "a copy changed instead of the table",
            (lambda q, *rest: td_update(q.copy(), *rest),),
            "δ is right, but the table that you were given is as it was. Change q itself.",
        ),
    ),
    compared="δ, and what changed in the table, with what should",
)
def check_td_update(td_update: Any) -> dict[str, Any]:
    """Check td_update."""
    found = {}
    for where, terminated in (("", False), (" at an end", True)):
        q = sample_array(STATES, ACTIONS, seed=1)
        before = q.copy()
        given = (q, 1, 2, 0.7, 3, terminated, 0.3, 0.9)
        delta = call(td_update, *given, changes=(0,))
        found[f"δ{where}"] = array(delta, "td_update should return δ, a number: it")
        found[f"change of Q{where}"] = np.asarray(q - before)
    return found
