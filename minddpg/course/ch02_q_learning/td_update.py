"""Exercise 02.1: a step of Q-learning.

S states, A actions.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, array, call, exercise

STATES, ACTIONS = 5, 3

SOLUTION = """
def td_update(q, state, action, reward, next_state, terminated, learning_rate, discount):
    y = reward + discount * (not terminated) * q[next_state].max()
    delta = y - q[state, action]
    q[state, action] += learning_rate * delta
    return delta
"""

MISTAKES = (
    Mistake("terminated ignored", "", {" * (not terminated)": ""}),
    Mistake(
        "mask flipped",
        "Your target contains the value of s' where the episode ended, and not where it continues."
        " It should be the other way round.",
        {"(not terminated)": "terminated"},
    ),
    Mistake(
        "reward masked too",
        "",
        {
            "reward + discount * (not terminated) * q[next_state].max()": (
                "(not terminated) * (reward + discount * q[next_state].max())"
            )
        },
    ),
    Mistake(
        "~ instead of not",
        "On Python's True and False, ~ works as on whole numbers: ~True is −2, ~False is −1. Write"
        " not terminated, or 1 - terminated.",
        {"(not terminated)": "~terminated"},
    ),
    Mistake(
        "|δ| instead of δ",
        "The table is right, but δ has a sign: it is negative where Q was too high.",
        {"return delta": "return abs(delta)"},
    ),
    Mistake(
        "target instead of δ",
        "You return y. Return δ, the distance from Q(s, a) to y.",
        {"return delta": "return y"},
    ),
    Mistake(
        "target instead of δ",
        "You add the whole target to Q(s, a), again and again. Add what is missing, δ = y − Q(s,"
        " a).",
        {"learning_rate * delta": "learning_rate * y"},
    ),
    Mistake(
        "old value overwritten",
        "You replaced Q(s, a). It should keep its old value and move from there: += instead of =.",
        {"+= learning_rate": "= learning_rate"},
        {"+= learning_rate * delta": "= learning_rate * y"},
    ),
    Mistake(
        "sign flipped",
        "δ is y − Q(s, a), positive where Q is too low. Adding it moves Q towards y; with the"
        " opposite sign, Q moves away from y.",
        {"y - q[state, action]": "q[state, action] - y"},
    ),
    Mistake(
        "learning rate missing",
        "Q(s, a) jumped all the way to its target. A single noisy target would erase all the"
        " others.",
        {"learning_rate * delta": "delta"},
    ),
    Mistake(
        "learning rate within δ",
        "The table is right, but δ itself does not contain the learning rate.",
        {"return delta": "return learning_rate * delta"},
    ),
    Mistake(
        "δ after the change",
        "You return the error that is left after the change. Compute δ before you change the"
        " table.",
        {"return delta": "return y - q[state, action]"},
    ),
    Mistake(
        "max missing",
        "You took the same action again at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state, action]"},
    ),
    Mistake(
        "mean instead of max",
        "The mean is the value of acting at random at s'. The target takes the best action.",
        {"q[next_state].max()": "q[next_state].mean()"},
    ),
    Mistake(
        "max over the whole table",
        "The maximum is over the actions at s', which are one row of the table.",
        {"q[next_state].max()": "q.max()"},
    ),
    Mistake(
        "max over states",
        "The maximum is over the actions at s', not over the states.",
        {"q[next_state].max()": "q[:, action].max()"},
    ),
    Mistake(
        "the best action's index instead of its value",
        "argmax says which action is best; max says what it is worth.",
        {"q[next_state].max()": "q[next_state].argmax()"},
    ),
    Mistake(
        "value of s instead of s'",
        "The target looks ahead: max over a' of Q(s', a').",
        {"q[next_state].max()": "q[state].max()"},
    ),
    Mistake(
        "row of s' changed instead",
        "Correct Q(s, a). Q(s', ·) is only read.",
        {"q[state, action] +=": "q[next_state, action] +="},
        {"q[state, action] +=": "q[next_state] +="},
    ),
    Mistake(
        "indices swapped",
        "You changed the entry [action, state]. The order of the indices is Q[state, action].",
        {"q[state, action] +=": "q[action, state] +="},
    ),
    Mistake(
        "whole row changed",
        "You changed the values of all actions in s, but only one was tried. Change the entry [s,"
        " a].",
        {"q[state, action] +=": "q[state] +="},
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: it counts γ times as much.",
        {"discount * ": ""},
    ),
    Mistake(
        "reward discounted too",
        "",
        {
            "reward + discount * (not terminated) * q[next_state].max()": (
                "discount * (reward + (not terminated) * q[next_state].max())"
            )
        },
    ),
    Mistake("reward missing", "", {"reward + ": ""}),
    Mistake(
        "a copy changed instead of the table",
        "δ is right, but the table that you were given is unchanged. Change q itself.",
        {"    delta =": "    q = q.copy()\n    delta ="},
    ),
)


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
    mistakes=MISTAKES,
    compared="δ, and what changed in the table, with what should",
    difficulty=1,
    minutes=10,
    hints=(
        "`q[next_state]` is a row of the table: the values of all actions in $s'$. You need the"
        " largest of them, unless the episode has terminated.",
        r"Compute $\delta$ before you change the table. Then change one entry,"
        " `q[state, action]`, in place.",
    ),
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
        found[f"change of Q{where}"] = q - before
    return found
