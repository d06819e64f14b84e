"""Exercise 11.1: the learner writes a test, which is run on correct and on wrong code."""

from typing import Any

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Mistake, Observed, call, exercise

SOLUTION = """
def is_polyak(update):
    tau = 0.2
    target, online = np.array([5.0, -4.0, 2.0]), np.array([1.0, -2.0, 3.0])
    before, kept = target.copy(), online.copy()
    update(target, online, tau)
    follows = np.allclose(target, tau * kept + (1 - tau) * before)
    verdict = follows and np.array_equal(online, kept)
    return verdict
"""

MISTAKES = (
    Mistake(
        "always true", "A test that cannot fail tests nothing.", {"return verdict": "return True"}
    ),
    Mistake(
        "always false",
        "Correct code must pass: allow for rounding, and compare with copies from before the call.",
        {"return verdict": "return False"},
    ),
    Mistake(
        "τ = 1 hides the share",
        "At τ = 1, following is the same as copying. Take a τ strictly between 0 and 1.",
        {"tau = 0.2": "tau = 1.0"},
    ),
    Mistake(
        "τ = 0.5 hides the direction",
        "At τ = 0.5 both shares are equal, so swapping them changes nothing.",
        {"tau = 0.2": "tau = 0.5"},
    ),
    Mistake(
        "τ = 0 hides everything",
        "At τ = 0 nothing moves, in correct code and in most wrong code.",
        {"tau = 0.2": "tau = 0.0"},
    ),
    Mistake(
        "one entry only",
        "With arrays of one entry you cannot see that the other entries were left out.",
        {"[5.0, -4.0, 2.0]": "[5.0]", "[1.0, -2.0, 3.0]": "[1.0]"},
    ),
    Mistake(
        "too much slack",
        "Your tolerance is larger than the errors that it should detect.",
        {"(1 - tau) * before)": "(1 - tau) * before, atol=2.0)"},
    ),
    Mistake(
        "online not looked at",
        "The network must not move. Compare it with a copy from before the call.",
        {" and np.array_equal(online, kept)": ""},
    ),
    Mistake(
        "no copy from before the call",
        "The update changes the target in place: what you compare with has changed too. Copy"
        " target and online before the call.",
        {"target.copy(), online.copy()": "target, online"},
    ),
    Mistake(
        "the τ of a default",
        "0.005 is a common τ, so code that ignores the τ it is given passes. Take another value.",
        {"tau = 0.2": "tau = 0.005"},
    ),
    Mistake(
        "moved is not right",
        "It is not enough that the target moves. By how much should it move, and towards what?",
        {
            "np.allclose(target, tau * kept + (1 - tau) * before)": "(target != before).all()",
            " and np.array_equal(online, kept)": "",
        },
    ),
    Mistake(
        "closer is not right",
        "It is not enough that the target comes closer. By how much should it move?",
        {
            "before, kept = target.copy(), online.copy()": "before = np.abs(target - online)",
            "np.allclose(target, tau * kept + (1 - tau) * before)": (
                "(np.abs(target - online) < before).all()"
            ),
            " and np.array_equal(online, kept)": "",
        },
    ),
    Mistake(
        "the target's share not tested",
        "Code that forgets 1 − τ passes: with a target of zeros that makes no difference, and with"
        " a wide tolerance too little.",
        {"[5.0, -4.0, 2.0]": "[0.0, 0.0, 0.0]"},
    ),
)


def correct(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)


def shares_swapped(target: Array, online: Array, tau: float) -> None:
    target += (1 - tau) * (online - target)


def hard_copy(target: Array, online: Array, tau: float) -> None:
    target[:] = online


def never_moves(target: Array, online: Array, tau: float) -> None:
    target = tau * online + (1 - tau) * target


def network_follows(target: Array, online: Array, tau: float) -> None:
    online += tau * (target - online)


def share_forgotten(target: Array, online: Array, tau: float) -> None:
    target += tau * online


def both_move(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)
    online += tau * (target - online)


def first_entry(target: Array, online: Array, tau: float) -> None:
    target[:1] += tau * (online[:1] - target[:1])


def fixed_tau(target: Array, online: Array, tau: float) -> None:
    target += 0.005 * (online - target)


UPDATES = {  # what the learner's test is run on
    "correct code": correct,
    "τ and 1 − τ swapped": shares_swapped,
    "a hard copy": hard_copy,
    "a target that never moves": never_moves,
    "a network that follows its target": network_follows,
    "1 − τ forgotten": share_forgotten,
    "both moved": both_move,
    "the first entry alone": first_entry,
    "τ = 0.005 whatever was asked": fixed_tau,
}


@exercise(
    "11.1",
    "A test that catches bugs",
    BEHAVIOUR,
    stub='''
def is_polyak(update):
    """Return True if update(target, online, tau) is θ' <- τ θ + (1 − τ) θ', else False.

    update changes the array target in place, returns nothing, and must leave online as it is.
    Call it on arrays of your own.
    """
    verdict = None
    return verdict
''',
    statement="""Write a test. It is run on correct code and on eight wrong versions, and has to
    tell them apart. Which τ, and which arrays, make every mistake visible?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your verdicts on nine versions with the correct ones",
    difficulty=2,
    minutes=10,
    hints=(
        "Make two arrays of random numbers and keep copies of both. Call `update`. What must the"
        " target be now? What must `online` be?",
        "With τ = 0.5 the two shares are equal. With τ = 1 the target is a copy. With a target of"
        r" zeros, $(1-\tau)\,\theta'$ cannot be seen.",
    ),
)
def check_is_polyak(is_polyak: Any) -> dict[str, Any]:
    """Check is_polyak."""
    words = {True: "accepted", False: "rejected"}
    found = {}
    for name, update in UPDATES.items():
        verdict, expected = bool(call(is_polyak, update)), update is correct
        message = f"{name}: {words[verdict]}, should be {words[expected]}"
        found[name] = Observed(verdict, message=message)
    return found
