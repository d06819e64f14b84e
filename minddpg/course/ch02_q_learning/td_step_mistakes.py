"""The known mistakes of exercise 02.1 in δ and in the change of the table, as edits."""

from ..engine import Mistake

BESIDE = (
    "state - 1, action",
    "state + 1, action",
    "state, action - 1",
    "state, action + 1",
    "state, state",
    "action, action",
)

STEP_MISTAKES = (
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
        "You add a part of the target itself to Q(s, a). Add a part of what is missing, which is"
        " δ = y − Q(s, a); or mix, (1 − α) Q + α y, where α is the learning rate.",
        {"learning_rate * delta": "learning_rate * y"},
    ),
    Mistake(
        "old value overwritten",
        "You replaced Q(s, a). It should move from its old value: += instead of =.",
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
        "table not changed",
        "δ is right, but the table that you were given is unchanged. Change q itself, not a copy"
        " of it: q[state, action] += ...",
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
        "Where the episode ends, the target is r alone, and Q(s, a) moves towards it as elsewhere.",
        *(
            {"    q[state": f"    if terminated:\n        return {returned}\n    q[state"}
            for returned in ("delta", "reward", "0.0")
        ),
        {"learning_rate * delta": "(not terminated) * learning_rate * delta"},
        {"delta = y - q[state, action]": "delta = (not terminated) * (y - q[state, action])"},
        {"max()\n": "max()\n    if terminated:\n        return y\n"},
    ),
    Mistake(
        "Q(s, a) added instead of subtracted",
        "δ is the distance from Q(s, a) to y: their difference.",
        {"y - q[state, action]": "y + q[state, action]"},
    ),
    Mistake(
        "compared with Q(s', a)",
        "δ is the distance from Q(s, a) to y. Q(s', ·) is used in the target only.",
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
        "The table changes in place, so you need not return it. Return δ, a number.",
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
        "The learning rate decides how far Q(s, a) moves. γ is used in the target only.",
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
        "Change Q[state, action]; you changed an entry next to it.",
        *({"[state, action] +": f"[{entry}] +"} for entry in BESIDE),
    ),
    Mistake(
        "compared with another entry",
        "δ is the distance from Q[state, action] to y; you read an entry next to it.",
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
    Mistake(
        "argument ignored: learning_rate",
        "Q(s, a) moves by learning_rate times δ, not by a fixed part of δ.",
        *({"learning_rate * delta": f"{rate} * delta"} for rate in (0.5, 0.2, 0.1, 0.05, 0.01)),
    ),
    Mistake(
        "δ² instead of δ",
        "Q(s, a) moves by a part of δ, which has a sign. Its square has none.",
        {"learning_rate * delta": "learning_rate * delta**2"},
    ),
    Mistake(
        "δ² instead of δ",
        "δ is the difference itself, not its square: it has a sign.",
        {"delta = y - q[state, action]": "delta = (y - q[state, action]) ** 2"},
    ),
    Mistake(
        "|δ| instead of δ",
        "δ has a sign: where Q(s, a) is too high, δ is negative, and Q(s, a) must fall.",
        {"delta = y - q[state, action]": "delta = abs(y - q[state, action])"},
    ),
    Mistake(
        "Q(s, a) discounted too",
        "γ multiplies the value of s' alone. Subtract Q(s, a) outside of the brackets.",
        {"y - q[state, action]": "y - discount * q[state, action]"},
    ),
    Mistake(
        "old value multiplied by δ",
        "Add the learning rate times δ to the old value. A product comes before a sum, so no"
        " brackets are needed.",
        {
            "q[state, action] += learning_rate * delta": (
                "q[state, action] = (q[state, action] + learning_rate) * delta"
            )
        },
    ),
    Mistake(
        "old value cut to a whole number",
        "int() cuts the fraction of Q(s, a) off. Leave it out.",
        {"y - q[state, action]": "y - int(q[state, action])"},
        {
            "y - q[state, action]": "y - int(q[state, action])",
            "q[state, action] += learning_rate": "q[state, action] = y - delta + learning_rate",
        },
    ),
    Mistake(
        "row of s' set to 0 at an end",
        "At an end the value of s' is left out of the target. The table itself keeps it.",
        {"    delta =": "    if terminated:\n        q[next_state] = 0.0\n    delta ="},
        {"    return delta": "    if terminated:\n        q[next_state] = 0.0\n    return delta"},
    ),
)
