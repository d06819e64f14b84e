"""Exercise 11.1: the learner writes a test, which is run on correct and on wrong code."""

import traceback
from collections.abc import Mapping
from typing import Any

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, NotAttempted, Observed, call, exercise
from .polyak_versions import CORRECT, PLAIN, SUBTLE, Update, hard_copy

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
        "Your test rejects correct code, too. Is the formula right? Does it compare with copies"
        " from before the call, and allow for rounding?",
        {"return verdict": "return False"},
    ),
    Mistake(
        "another formula than Polyak's",
        "Your test accepts a wrong version, and rejects correct code. The formula is"
        " θ' ← τ θ + (1 − τ) θ'.",
        {"tau * kept + (1 - tau) * before": "kept + (1 - tau) * before"},
        {"tau * kept + (1 - tau) * before": "tau * kept + before"},
        {"tau * kept + (1 - tau) * before": "(1 - tau) * kept + tau * before"},
        {"tau * kept + (1 - tau) * before": "(1 - tau) * before"},
        {"tau * kept + (1 - tau) * before": "before - tau * (kept - before)"},
    ),
    Mistake(
        "true and false swapped",
        "A condition of your test is the wrong way round: is a `not` missing, or one too many?",
        {"return verdict": "return not verdict"},
        {"return verdict": "return not follows"},
        {"tau = 0.2": "tau = 0.005", "follows and": "not follows and"},
        {"follows and": "not follows and"},
        {"np.array_equal(online": "not np.array_equal(online"},
    ),
    Mistake(
        "a fixed τ expected",
        "Your test rejects correct code. Compare with what the τ that you passed would give.",
        {"tau * kept + (1 - tau) * before": "0.001 * kept + 0.999 * before"},
        {"tau * kept + (1 - tau) * before": "0.005 * kept + 0.995 * before"},
    ),
    Mistake(
        "target and online swapped",
        "The target comes first: update(target, online, tau).",
        {"update(target, online, tau)": "update(online, target, tau)"},
    ),
    Mistake(
        "τ = 1 hides the share",
        "At τ = 1, following is the same as copying. Take a τ strictly between 0 and 1.",
        {"tau = 0.2": "tau = 1.0"},
        {  # with rounding, which shows that online moves
            "tau = 0.2": "tau = 1.0",
            "[5.0, -4.0, 2.0]": "[100.1, -4.1, 2.7]",
            "[1.0, -2.0, 3.0]": "[0.3, -2.3, 3.9]",
        },
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
        "all entries alike",
        "Where all entries are equal, an update that mixes them up goes unnoticed.",
        {"[5.0, -4.0, 2.0]": "[5.0, 5.0, 5.0]", "[1.0, -2.0, 3.0]": "[1.0, 1.0, 1.0]"},
    ),
    Mistake(
        "one entry compared",
        "Compare every entry: np.allclose(target, ...).",
        {"np.allclose(target, ": "np.allclose(target[0], (", "* before)": "* before)[0])"},
        {"np.allclose(target, ": "np.allclose(target[-1], (", "* before)": "* before)[-1])"},
        {"np.allclose(target, ": "np.isclose(target, ", "* before)": "* before).any()"},
    ),
    Mistake(
        "only the sum compared",
        "Two wrong entries can have the right sum, or the right mean. Compare entry by entry.",
        {"np.allclose(target, ": "np.allclose(target.sum(), (", "* before)": "* before).sum())"},
    ),
    Mistake(
        "no room for rounding",
        "Correct code may add in another order, so its last digit may differ. Compare with"
        " np.allclose.",
        {"np.allclose(target": "np.array_equal(target"},
        {"np.allclose(target, ": "(target == ", "* before)": "* before).all()"},
    ),
    Mistake(
        "too much slack",
        "Your tolerance is larger than the errors that it should detect.",
        {"(1 - tau) * before)": "(1 - tau) * before, atol=2.0)"},
        {"(1 - tau) * before)": "(1 - tau) * before, atol=0.5)"},
        {"(1 - tau) * before)": "(1 - tau) * before, atol=0.05)"},
    ),
    Mistake(
        "online not looked at",
        "The network must not move. Compare it with a copy from before the call.",
        {" and np.array_equal(online, kept)": ""},
    ),
    Mistake(
        "no copy of online from before the call",
        "Your test takes online as it is after the call, when wrong code may have moved it. Copy it"
        " before the call, and compare it with the copy.",
        {"online.copy()": "online"},
    ),
    Mistake(
        "target not looked at",
        "It is not enough that online stays. What must the target be?",
        {"follows and ": ""},
    ),
    Mistake(
        "or instead of and",
        "Both must hold: the target follows, and online stays.",
        {"follows and": "follows or"},
    ),
    Mistake(
        "no copy from before the call",
        "Your test expects target to equal online. The update changes the target in place: compare"
        " with copies of target and of online that were made before the call.",
        {"target.copy(), online.copy()": "target, online"},
    ),
    Mistake(
        "the τ of a default",
        "This is a common τ, so code that ignores the τ it is given passes. Take another value.",
        {"tau = 0.2": "tau = 0.005"},
        {"tau = 0.2": "tau = 0.001"},
    ),
    Mistake(
        "moved is not right",
        "It is not enough that the target moves. By how much should it move, and towards what?",
        {
            "np.allclose(target, tau * kept + (1 - tau) * before)": "(target != before).all()",
            " and np.array_equal(online, kept)": "",
        },
        {
            "[1.0, -2.0, 3.0]": "[2.0, -2.0, 3.0]",
            "np.allclose(target, tau * kept + (1 - tau) * before)": "(target != before).all()",
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
        {
            "np.allclose(target, tau * kept + (1 - tau) * before)": (
                "(np.abs(target - kept) < np.abs(before - kept)).all()"
            )
        },
        {
            "[5.0, -4.0, 2.0]": "[1.5, 1.2, 1.9]",
            "[1.0, -2.0, 3.0]": "[-4.1, -3.3, -4.7]",
            "np.allclose(target, tau * kept + (1 - tau) * before)": (
                "(np.abs(target - kept) <= np.abs(before - kept)).all()"
            ),
        },
    ),
    Mistake(
        "between is not right",
        "It is not enough that the target lies between the two. By how much should it move?",
        {
            "np.allclose(target, tau * kept + (1 - tau) * before)": (
                "((target - before) * (target - kept) < 0).all()"
            )
        },
        {
            "np.allclose(target, tau * kept + (1 - tau) * before)": (
                "((target - before) * (target - kept) < 0).all()"
            ),
            " and np.array_equal(online, kept)": "",
        },
    ),
    Mistake(
        "one array for both",
        "Target and online are the same array, or equal from the beginning: nothing can follow.",
        {"np.array([1.0, -2.0, 3.0])": "np.array([5.0, -4.0, 2.0])"},
        {"    before, kept": "    online = target\n    before, kept"},
        {"[5.0, -4.0, 2.0]": "[1.0, 1.0, 1.0]", "[1.0, -2.0, 3.0]": "[1.0, 1.0, 1.0]"},
    ),
    Mistake(
        "the target's share not tested",
        "Code that forgets 1 − τ passes: with a target of zeros that makes no difference, and with"
        " a wide tolerance too little.",
        {"[5.0, -4.0, 2.0]": "[0.0, 0.0, 0.0]"},
    ),
    Mistake(
        "the network's share not tested",
        "Code that forgets τ θ, or the τ before θ, passes: with zeros in online that makes no"
        " difference.",
        {"[1.0, -2.0, 3.0]": "[0.0, 0.0, 0.0]"},
    ),
    Mistake(
        "stops instead of returning False",
        "Your test stops on wrong code, as assert and raise do. Return False instead.",
        {
            "    verdict = follows and np.array_equal(online, kept)\n": (
                "    assert follows\n    assert np.array_equal(online, kept)\n    verdict = True\n"
            )
        },
    ),
    Mistake(
        "the result of update used",
        "update returns nothing. It changes the array target: look at that after the call.",
        {"    update(target, online, tau)\n": "    target = update(target, online, tau)\n"},
    ),
    Mistake(
        "arrays of whole numbers",
        "An array of whole numbers cannot hold fractions, so even correct code cannot change it by"
        " τ (θ − θ'). Write 1.0 instead of 1.",
        {"[5.0, -4.0, 2.0]": "[5, -4, 2]"},
    ),
)

ARRAYS = "target, online = (np.array([5.0, -4.0, 2.0]), np.array([1.0, -2.0, 3.0]))"
EQUIVALENTS = {
    **{f"tau = 0.2 → tau = {tau}": "this τ shows as much" for tau in (0.1, 0.4, 0.9, 0.99)},
    f"{ARRAYS} → {ARRAYS.replace('-4', '4')}": "these numbers show as much",
    f"{ARRAYS} → {ARRAYS.replace('-2', '2')}": "these numbers show as much",
    f"{ARRAYS} → {ARRAYS.replace('target, online', 'online, target')}": "these show as much",
    "update(target, online, tau) → update(target, kept, tau)": (
        "online and its copy are equal before the call"
    ),
    "verdict = follows and np.array_equal(online, kept) →"
    " verdict = follows and np.allclose(online, kept)": "no version moves online so little",
}


@exercise(
    "11.1",
    "A test that catches bugs",
    BEHAVIOUR,
    retired=True,
    stub='''
def is_polyak(update):
    """Return True if update(target, online, tau) is θ' <- τ θ + (1 − τ) θ', else False.

    update changes the array target in place, returns nothing, and must leave online as it is.
    Call it on arrays of your own.
    """
    verdict = None
    return verdict
''',
    statement="""Write a test. It is run on correct code and on many wrong versions, and has to
    tell them apart. Which τ, and which arrays, make every mistake visible?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    cases=({"versions": PLAIN}, {"versions": SUBTLE}),
    compared="your test's answers with what the versions of update are",
    equivalents=EQUIVALENTS,
    difficulty=2,
    minutes=10,
    hints=(
        "Make two arrays of random numbers and keep copies of both. Call `update`. What must the"
        " target be now? What must `online` be?",
        "With τ = 0.5 the two shares are equal. With τ = 1 the target is a copy. With a target of"
        r" zeros, $(1-\tau)\,\theta'$ cannot be seen.",
    ),
)
def check_is_polyak(is_polyak: Any, versions: Mapping[str, Update]) -> dict[str, Any]:
    """Check is_polyak."""
    found = _calls(is_polyak)
    if not all(row.value for row in found.values()):
        return found
    for name, update in versions.items():
        accepted, is_correct = bool(call(is_polyak, update)), name in CORRECT
        text = f"refused, though right: {name}" if is_correct else f"accepted, though wrong: {name}"
        found[name] = Observed(accepted, message=text)
    return found


def _calls(is_polyak: Any) -> dict[str, Observed]:
    """Try the test on correct code and on a hard copy; observe what keeps it from working."""
    errors: dict[str, str] = dict.fromkeys(("returns", "result", "whole"), "")
    for name in "correct code", "a hard copy":
        try:
            call(is_polyak, PLAIN[name])
        except (NotAttempted, InvalidAnswer):
            raise
        except Exception as error:
            kind = type(error).__name__
            stops = name == "a hard copy" and not _arose_in_update(error)
            if isinstance(error, AssertionError) or stops:
                errors["returns"] = f"{name}: your test stopped with {kind}"
            elif "Cannot cast ufunc" in str(error):
                errors["whole"] = f"{name} stopped: your array is of whole numbers"
            elif not _uses_result(is_polyak):
                raise
            break
    if _uses_result(is_polyak):
        errors["result"] = "your test works if update returns target, but update returns nothing"
    return {
        name: Observed(not text, message=text)
        for name, text in zip(
            (
                "it returns, and does not stop",
                "it does without a result of update",
                "its arrays hold fractions",
            ),
            errors.values(),
            strict=True,
        )
    }


def _arose_in_update(error: Exception) -> bool:
    """Say whether an error arose in a version of update, and not in the learner's test."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_globals.get("__name__") == hard_copy.__module__


def _uses_result(is_polyak: Any) -> bool:
    """Say whether the test accepts correct code only if update returns its target."""

    def returning(target: Array, online: Array, tau: float) -> Array:
        PLAIN["correct code"](target, online, tau)
        return target

    try:
        return bool(call(is_polyak, returning)) and not call(is_polyak, PLAIN["correct code"])
    except TypeError as error:
        return "NoneType" in str(error)
