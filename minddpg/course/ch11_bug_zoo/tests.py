"""Chapter 11, debugging an agent: a test of the learner's, tested on right and on wrong code."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import call


def right(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)


def _reversed(target: Array, online: Array, tau: float) -> None:
    target += (1 - tau) * (online - target)


def _hard_copy(target: Array, online: Array, tau: float) -> None:
    target[:] = online


def _nothing(target: Array, online: Array, tau: float) -> None:
    target = tau * online + (1 - tau) * target


def _online_follows(target: Array, online: Array, tau: float) -> None:
    online += tau * (target - online)


def _share_missing(target: Array, online: Array, tau: float) -> None:
    target += tau * online


def _both_move(target: Array, online: Array, tau: float) -> None:
    target += tau * (online - target)
    online += tau * (target - online)


def _first_entry(target: Array, online: Array, tau: float) -> None:
    target[:1] += tau * (online[:1] - target[:1])


def _fixed_tau(target: Array, online: Array, tau: float) -> None:
    target += 0.005 * (online - target)


CODE = {  # what is under test, and whether the test should say that it is right
    "right code": (right, True),
    "τ and 1 − τ swapped": (_reversed, False),
    "a hard copy": (_hard_copy, False),
    "a target that never moves": (_nothing, False),
    "a network that follows its target": (_online_follows, False),
    "1 − τ forgotten": (_share_missing, False),
    "both moved": (_both_move, False),
    "the first entry alone": (_first_entry, False),
    "τ = 0.005 whatever was asked": (_fixed_tau, False),
}


def _test(tau: float = 0.2, size: int = 3, slack: float = 1e-9, online_too: bool = True) -> Any:
    def is_polyak(update: Any) -> bool:
        target, online = np.arange(1.0, size + 1), np.arange(1.0, size + 1) ** 2 + 4
        before, fixed = target.copy(), online.copy()
        update(target, online, tau)
        follows = np.abs(target - (tau * fixed + (1 - tau) * before)).max() <= slack
        return bool(follows and (not online_too or np.array_equal(online, fixed)))

    return is_polyak


def _moves(update: Any) -> bool:
    target, online = np.zeros(3), np.array([1.0, -2.0, 3.0])
    update(target, online, 0.2)
    return bool((target != 0).all())


def _closer(update: Any) -> bool:
    target, online = np.array([5.0, -4.0, 2.0]), np.array([1.0, -2.0, 3.0])
    before = np.abs(target - online)
    update(target, online, 0.2)
    return bool((np.abs(target - online) < before).all())


def _from_zero(update: Any) -> bool:
    target, online = np.zeros(3), np.array([1.0, -2.0, 3.0])
    update(target, online, 0.2)
    return np.allclose(target, [0.2, -0.4, 0.6]) and np.allclose(online, [1, -2, 3])


def _uncopied(update: Any) -> bool:
    target, online = np.array([1.0, 2.0, 3.0]), np.array([5.0, 8.0, 13.0])
    before = target
    update(target, online, 0.2)
    return np.allclose(target, 0.2 * online + 0.8 * before)


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
    statement="""Write a test. It is run on right code and on eight wrong versions, and has to tell
    them apart. Which τ, and which arrays, make every mistake visible?""",
    reference=(_test(),),
    rows=(
        Row("always true", (lambda update: True,), "A test that cannot fail tests nothing."),
        Row(
            "always false",
            (lambda update: False,),
            "Right code must pass: allow for rounding, and compare with what was before.",
        ),
        Row(
            "τ = 1 hides the share",
            (_test(tau=1.0),),
            "At τ = 1 following is copying. Take a τ strictly between 0 and 1.",
        ),
        Row(
            "τ = 0.5 hides the direction",
            (_test(tau=0.5),),
            "At τ = 0.5 both shares are alike, so swapping them changes nothing.",
        ),
        Row(
            "τ = 0 hides everything",
            (_test(tau=0.0),),
            "At τ = 0 nothing moves, in right code and in most wrong code.",
        ),
        Row(
            "one entry only",
            (_test(size=1),),
            "An array of one entry cannot show that the others were left out.",
        ),
        Row("too much slack", (_test(slack=3.0),), "The bar is wider than the mistakes are large."),
        Row(
            "online not looked at",
            (_test(online_too=False),),
            "The network must not move. Compare it with a copy from before the call.",
        ),
        Row(
            "no copy from before the call",
            (_uncopied,),
            "The update changes the target in place: what you compare with has changed too. Copy"
            " target and online before the call.",
        ),
        Row(
            "the τ of a default",
            (_test(tau=0.005),),
            "0.005 is a common τ, and so code that ignores the τ it is given passes. Take another.",
        ),
        Row(
            "moved is not right",
            (_moves,),
            "That the target moves is not enough: by how much, and towards what?",
        ),
        Row(
            "closer is not right",
            (_closer,),
            "That the target comes closer is not enough: by how much?",
        ),
        Row(
            "the target's share not tested",
            (_from_zero,),
            "Forgetting 1 − τ passes: from a target of zeros it changes nothing, and below a wide"
            " bar too little.",
        ),
    ),
    compared="your verdicts on nine versions with the truth",
)
def check_is_polyak(is_polyak: Any) -> dict[str, Any]:
    """Check is_polyak."""
    found = {}
    for name, (code, truth) in CODE.items():
        verdict = bool(call(is_polyak, code))
        word = {True: "accepted", False: "rejected"}
        found[name] = Observed(verdict, says=f"{name}: {word[verdict]}, should be {word[truth]}")
    return found
