"""The known mistakes of exercise 02.1, as edits of its solution."""

from ..engine import Mistake

BESIDE = (
    "state - 1, action",
    "state + 1, action",
    "state, action - 1",
    "state, action + 1",
    "state, state",
    "action, action",
)

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
        {"(not terminated)": "~bool(terminated)"},
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
        "table not changed",
        "δ is right, but the table that you were given is as it was. Change q itself, and not a"
        " copy of it: q[state, action] += ...",
        {"    delta =": "    q = q.copy()\n    delta ="},
    ),
    Mistake(
        "δ = r at an end",
        "At an end only the value of s' is left out of the target. δ is still y − Q(s, a), here"
        " r − Q(s, a).",
        {"y - q[state, action]": "y - (not terminated) * q[state, action]"},
    ),
    Mistake(
        "nothing learned at an end",
        "Where the episode ends, the target is r alone, but Q(s, a) moves towards it all the same.",
        *(
            {"    q[state": f"    if terminated:\n        return {returned}\n    q[state"}
            for returned in ("delta", "reward", "0.0")
        ),
        {"learning_rate * delta": "(not terminated) * learning_rate * delta"},
        {"delta = y - q[state, action]": "delta = (not terminated) * (y - q[state, action])"},
        {"max()\n": "max()\n    if terminated:\n        return y\n"},
    ),
    Mistake(
        "terminated compared with `is`",
        "terminated may be NumPy's own True or False, for which `is True` and `is False` are both"
        " False. Write `if terminated` or `not terminated`.",
        {"(not terminated)": "(terminated is not True)"},
        {"(not terminated)": "(terminated is False)"},
    ),
    Mistake(
        "min instead of max",
        "You took the worst action at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state].min()"},
    ),
    Mistake(
        "sum instead of max",
        "You added the values of all actions at s'. The target takes the best one.",
        {"q[next_state].max()": "q[next_state].sum()"},
    ),
    Mistake(
        "largest absolute value instead of max",
        "A value far below 0 is bad, not good: take the maximum of the values as they are.",
        {"q[next_state].max()": "np.abs(q[next_state]).max()"},
    ),
    Mistake(
        "best action of s taken at s'",
        "The target takes the action that is best at s', not the one that is best at s.",
        {"q[next_state].max()": "q[next_state, q[state].argmax()]"},
    ),
    Mistake(
        "rest subtracted",
        "What is still to come is added to the reward: y = r + γ max Q(s', a').",
        {"reward + discount": "reward - discount"},
    ),
    Mistake(
        "rest missing",
        "Your target is r alone. Where the episode continues, γ max Q(s', a') is added.",
        {" + discount * (not terminated) * q[next_state].max()": ""},
    ),
    Mistake(
        "Q(s, a) added instead of subtracted",
        "δ is the distance from Q(s, a) to y: their difference.",
        {"y - q[state, action]": "y + q[state, action]"},
    ),
    Mistake(
        "compared with Q(s', a)",
        "δ is the distance from Q(s, a) to y. Q(s', ·) belongs to the target only.",
        {"y - q[state, action]": "y - q[next_state, action]"},
    ),
    Mistake(
        "compared with the best value of s",
        "δ is the distance from Q(s, a) to y, for the action that was taken.",
        {"y - q[state, action]": "y - q[state].max()"},
    ),
    Mistake(
        "indices swapped",
        "You read the entry [action, state]. The order of the indices is Q[state, action].",
        {"y - q[state, action]": "y - q[action, state]"},
        {
            "y - q[state, action]": "y - q[action, state]",
            "q[state, action] +": "q[action, state] +",
        },
    ),
    Mistake(
        "new value instead of δ",
        "The table is right, but you return its new entry. Return δ.",
        {"return delta": "return q[state, action]"},
    ),
    Mistake(
        "old value instead of δ",
        "The table is right, but you return the entry that it had. Return δ.",
        {"return delta": "return y - delta"},
    ),
    Mistake(
        "table instead of δ",
        "The table changes in place, so that you need not return it. Return δ, a number.",
        {"return delta": "return q"},
    ),
    Mistake(
        "δ² instead of δ",
        "The table is right, but δ is not squared: it has a sign.",
        {"return delta": "return delta**2"},
    ),
    Mistake(
        "mixed with δ instead of the target",
        "You shrink the old value as well. Either add a part of δ, or mix the old value with a part"
        " of the target: (1 − α) Q + α y, where α is the learning rate.",
        {
            "q[state, action] += learning_rate * delta": (
                "q[state, action] = (1 - learning_rate) * q[state, action] + learning_rate * delta"
            )
        },
    ),
    Mistake(
        "shares of old value and target swapped",
        "With a small learning rate the old value should keep most of its weight.",
        {"learning_rate * delta": "(1 - learning_rate) * delta"},
    ),
    Mistake(
        "learning rate and discount swapped",
        "γ multiplies the value of s'; the learning rate multiplies δ.",
        {"discount *": "learning_rate *", "+= learning_rate": "+= discount"},
    ),
    Mistake(
        "discount as the learning rate",
        "How far Q(s, a) moves is the learning rate's business. γ belongs to the target only.",
        {"+= learning_rate": "+= discount"},
        {"+= learning_rate": "+= discount * learning_rate"},
    ),
    Mistake(
        "learning rate twice",
        "Multiply δ by the learning rate once.",
        {"+= learning_rate *": "+= learning_rate**2 *"},
    ),
    Mistake(
        "changed twice",
        "Q(s, a) moves towards its target twice for one transition.",
        {
            "    return delta": (
                "    q[state, action] += learning_rate * (y - q[state, action])\n    return delta"
            )
        },
    ),
    Mistake(
        "whole column changed",
        "You changed the value of this action in every state. Change the entry [s, a].",
        {"q[state, action] +=": "q[:, action] +="},
    ),
    Mistake(
        "whole table changed",
        "You changed every entry of the table. Change the entry [s, a].",
        {"q[state, action] +=": "q +="},
    ),
    Mistake(
        "best action's entry changed",
        "You changed the entry of the action that is best in s. Change that of the action that was"
        " taken.",
        {"q[state, action] +=": "q[state, q[state].argmax()] +="},
    ),
    Mistake(
        "another entry changed",
        "The change belongs to Q[state, action]; you changed an entry beside it.",
        *({"[state, action] +": f"[{entry}] +"} for entry in BESIDE),
    ),
    Mistake(
        "compared with another entry",
        "δ is the distance from Q[state, action] to y; you read an entry beside it.",
        *({"y - q[state, action]": f"y - q[{entry}]"} for entry in BESIDE),
    ),
    Mistake(
        "learning rate added instead of multiplied",
        "The learning rate says which part of δ is added to Q(s, a): a product.",
        {"learning_rate * delta": "learning_rate + delta"},
    ),
    Mistake(
        "the same step whatever δ is",
        "You add the learning rate alone. Q(s, a) should move by a part of δ.",
        {"learning_rate * delta": "learning_rate"},
        {"learning_rate * delta": "learning_rate * np.sign(delta)"},
    ),
)
