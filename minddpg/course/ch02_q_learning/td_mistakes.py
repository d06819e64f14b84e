"""Chapter 02, from tables to actors: what goes wrong in a step of Q-learning.

s state, a action, to the next state.
"""

from typing import Any

from ...nn.layers import Array
from ..engine.exercise import Row


def _learner(
    next_value: Any = lambda q, s, a, to: q[to].max(),
    goes_on: Any = lambda terminated: not terminated,
    place: Any = lambda s, a, to: (s, a),
    step: Any = lambda delta, rate, y, old: rate * delta,
    told: Any = lambda delta, rate, y: delta,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def td_update(
        q: Array, s: int, a: int, r: float, to: int, terminated: bool, rate: float, discount: float
    ) -> Any:
        y = r + discount * goes_on(terminated) * next_value(q, s, a, to)
        delta = y - q[s, a]
        q[place(s, a, to)] += step(delta, rate, y, q[s, a])
        return told(delta, rate, y)

    return td_update


td_update = _learner()


ROWS = (
    Row("terminated ignored", (_learner(goes_on=lambda terminated: 1),)),
    Row(
        "mask flipped",
        (_learner(goes_on=lambda terminated: terminated),),
        "The value of s' counts where the episode ended, and not where it goes on.",
    ),
    Row(
        "reward masked too",
        (lambda q, s, a, r, *rest: td_update(q, s, a, r * (not rest[1]), *rest),),
    ),
    Row(
        "~ instead of not",
        (_learner(goes_on=lambda terminated: -1 - terminated),),
        "For Python's True and False, ~ is that of whole numbers: ~True is −2, ~False is −1."
        " Write not terminated, or 1 - terminated.",
    ),
    Row(
        "|δ| instead of δ",
        (_learner(told=lambda delta, rate, y: abs(delta)),),
        "The table is changed as it should be, but δ has a sign: below zero where Q was too high.",
    ),
    Row(
        "target instead of δ",
        (_learner(told=lambda delta, rate, y: y),),
        "You return y. δ is how far it is from Q(s, a).",
    ),
    Row(
        "target instead of δ",
        (_learner(step=lambda delta, rate, y, old: rate * y),),
        "You add the target to Q(s, a) again and again. Add what is missing, δ = y − Q(s, a).",
    ),
    *(
        Row(
            "old value overwritten",
            (_learner(step=step),),
            "Q(s, a) is replaced. It should keep what it has, and move: += instead of =.",
        )
        for step in (
            lambda delta, rate, y, old: rate * delta - old,
            lambda delta, rate, y, old: rate * y - old,
        )
    ),
    Row(
        "sign flipped",
        (
            _learner(
                step=lambda delta, rate, y, old: -rate * delta, told=lambda delta, rate, y: -delta
            ),
        ),
        "δ is y − Q(s, a), above zero where Q is too low. Added to Q, it leads towards y;"
        " turned around, away from it.",
    ),
    Row(
        "learning rate missing",
        (_learner(step=lambda delta, rate, y, old: delta),),
        "Q(s, a) jumped all the way to its target. One noisy target would wipe out the rest.",
    ),
    Row(
        "learning rate within δ",
        (_learner(told=lambda delta, rate, y: rate * delta),),
        "The table is changed as it should be, but δ itself has no learning rate in it.",
    ),
    Row(
        "δ after the change",
        (_learner(told=lambda delta, rate, y: (1 - rate) * delta),),
        "You return what is left of the error. Take δ before you change the table.",
    ),
    Row(
        "max missing",
        (_learner(lambda q, s, a, to: q[to, a]),),
        "You took the same action again at s'. The target has the best one.",
    ),
    Row(
        "mean instead of max",
        (_learner(lambda q, s, a, to: q[to].mean()),),
        "The mean is the value of acting at random at s'. The target has the best action.",
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
    *(
        Row(
            "row of s' changed instead",
            (_learner(place=place),),
            "It is Q(s, a) that is corrected. Q(s', ·) is only looked at.",
        )
        for place in (lambda s, a, to: (to, a), lambda s, a, to: to)
    ),
    Row(
        "indices swapped",
        (_learner(place=lambda s, a, to: (a, s)),),
        "The entry [action, state] was changed. It is Q[state, action].",
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
        "reward discounted too",
        (lambda q, s, a, r, *rest: td_update(q, s, a, rest[-1] * r, *rest),),
    ),
    Row("reward missing", (lambda q, s, a, r, *rest: td_update(q, s, a, 0.0, *rest),)),
    Row(
        "a copy changed instead of the table",
        (lambda q, *rest: td_update(q.copy(), *rest),),
        "δ is right, but the table that you were given is as it was. Change q itself.",
    ),
)
