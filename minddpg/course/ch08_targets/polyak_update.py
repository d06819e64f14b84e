"""Exercise 08.1: the Polyak step."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, Mistake, Observed, call, exercise

STEPS = 5

SOLUTION = """
def polyak_update(target, online, tau):
    target[:] = tau * online + (1 - tau) * target
"""

MIX = "tau * online + (1 - tau) * target"

MISTAKES = (
    Mistake(
        "Polyak reversed",
        "You swapped τ and 1 − τ. With the paper's τ = 0.001 the target would almost equal the"
        " network after one update.",
        {MIX: "(1 - tau) * online + tau * target"},
    ),
    Mistake(
        "Polyak in the wrong direction",
        "You moved the network towards its target. The network learns; the target follows.",
        {"target[:]": "online[:]"},
        {f"target[:] = {MIX}": "online[:] = tau * target + (1 - tau) * online"},
    ),
    Mistake(
        "both moved",
        "The network moved too. Only the target should move; the network has to stay unchanged.",
        {"target[:]": "target[:] = online[:]"},
        {
            "target[:] =": "old = target.copy()\n    target[:] =",
            "* target\n": "* target\n    online[:] = tau * old + (1 - tau) * online\n",
        },
        {"* target\n": "* target\n    online[:] = tau * target + (1 - tau) * online\n"},
    ),
    Mistake(
        "network changed",
        "You scaled online in place. The network has to stay unchanged; only target changes.",
        {"target[:] =": "online *= tau\n    target[:] =", "tau * online": "online"},
        {"* target\n": "* target\n    online *= tau\n"},
    ),
    Mistake(
        "hard copy",
        "The target became equal to the network at once. It should cover τ of the distance.",
        {MIX: "online"},
    ),
    Mistake(
        "1 − τ missing",
        "The target keeps all of itself and adds τ of the network, so it grows without limit. It"
        " should keep only 1 − τ of itself.",
        {"(1 - tau) * target": "target"},
    ),
    Mistake("τ missing", "You added all of the network. Add τ of it.", {"tau * online": "online"}),
    Mistake(
        "old target forgotten",
        "Nothing of the old target is left. It should keep 1 − τ of itself.",
        {" + (1 - tau) * target": ""},
    ),
    Mistake(
        "network missing",
        "The target only shrinks. Add τ of the network.",
        {"tau * online + ": ""},
        {MIX: "tau * target"},
    ),
    Mistake(
        "scaled after the addition",
        "You added τ of the network first, and then scaled the sum by 1 − τ. Only the old target is"
        " scaled by 1 − τ.",
        {MIX: "(1 - tau) * (target + tau * online)"},
    ),
    Mistake(
        "minus instead of plus",
        "Add the two shares.",
        {"+ (1 - tau)": "- (1 - tau)"},
        {MIX: "(1 - tau) * target - tau * online"},
        {MIX: "target - tau * online"},
    ),
    Mistake(
        "times instead of plus",
        "You multiplied the two shares. Add them.",
        {"online + (1 - tau)": "online * (1 - tau)"},
    ),
    Mistake(
        "τ added",
        "τ is a factor: multiply the network by τ, and the target by 1 − τ.",
        {"tau * online": "tau + online"},
        {"(1 - tau) * target": "(1 - tau) + target"},
    ),
    Mistake(
        "share without its array",
        "τ multiplies the network, and 1 − τ multiplies the target. One of the two arrays is"
        " missing.",
        {"tau * online": "tau"},
        {"(1 - tau) * target": "(1 - tau)"},
        {"(1 - tau) * target": "target - tau"},
        {MIX: "target + tau"},
    ),
    Mistake(
        "brackets in the wrong place",
        "τ θ + (1 − τ) θ': the brackets contain 1 − τ and nothing else.",
        {MIX: "tau * online + 1 - tau * target"},
        {MIX: "tau * (online + (1 - tau) * target)"},
        {MIX: "(tau * online + (1 - tau)) * target"},
        {MIX: "tau * (online + 1 - tau) * target"},
    ),
    Mistake(
        "added on top",
        "The sum already contains target. += adds the sum to target once more, and -= subtracts"
        " it.",
        {"target[:] =": "target[:] +="},
        {"target[:] =": "target[:] -="},
    ),
    Mistake(
        "starts from the network",
        "The step starts from the target: θ' + τ (θ − θ').",
        {MIX: "online + tau * (online - target)"},
    ),
    Mistake(
        "another power of τ",
        "τ itself is the part of the distance that one update covers.",
        {MIX: "tau**2 * online + (1 - tau**2) * target"},
        {MIX: "tau**0.5 * online + (1 - tau**0.5) * target"},
        {"1 - tau": "1 - tau**2"},
    ),
    Mistake(
        "target shrunk twice",
        "Keep 1 − τ of the old target, not (1 − τ)².",
        {"(1 - tau) * target": "(1 - tau) ** 2 * target"},
    ),
    Mistake(
        "divided instead of multiplied",
        "The shares are products: τ times the network, 1 − τ times the target.",
        {"(1 - tau) * target": "target / (1 - tau)"},
        {"tau * online": "online / tau"},
    ),
    Mistake(
        "steps of the size τ",
        "τ is a share of the distance, not a distance: a target that is far away moves far.",
        {MIX: "target + tau * np.sign(online - target)"},
        {MIX: "np.clip(online, target - tau, target + tau)"},
    ),
    Mistake(
        "one number for all entries",
        "Each entry of the target follows its own entry of the network.",
        {"tau * online": "tau * online.mean()"},
        {"tau * online": "tau * online.mean(axis=0)"},
        {"* target": "* target.mean()"},
    ),
    Mistake(
        "rounded",
        "Rounding loses small steps. Write the numbers without rounding.",
        *({MIX: f"np.round({MIX}, {digits})"} for digits in (2, 3, 4, 6)),
    ),
    Mistake(
        "rounded to whole numbers",
        "The digits after the point are lost. Compute with fractions.",
        {MIX: f"np.trunc({MIX})"},
        {MIX: f"np.round({MIX})"},
        {MIX: "tau * np.trunc(online) + (1 - tau) * np.trunc(target)"},
    ),
    Mistake(
        "hard copy now and then",
        "You copied the whole network once in 1/τ updates. Cover τ of the distance at each update.",
        {
            f"target[:] = {MIX}": "polyak_update.calls = getattr(polyak_update, 'calls', 0) + 1\n"
            "    if polyak_update.calls % int(1 / tau) == 0:\n"
            "        target[:] = online"
        },
    ),
    Mistake("−τ instead of 1 − τ", "The target keeps 1 − τ of itself.", {"1 - tau": "-tau"}),
    Mistake(
        "both shares are τ", "Keep 1 − τ of the old target.", {"(1 - tau) * target": "tau * target"}
    ),
    Mistake(
        "both shares are 1 − τ", "Add τ of the network.", {"tau * online": "(1 - tau) * online"}
    ),
    Mistake(
        "two steps at once",
        "You moved the target twice.",
        {"    target[:]": f"    target[:] = {MIX}\n    target[:]"},
    ),
    Mistake(
        "pushed away",
        "The target moves away from the network. The distance θ − θ' has to shrink.",
        {MIX: "target - tau * (online - target)"},
    ),
    Mistake(
        "1 + τ instead of 1 − τ",
        "The two shares, τ and 1 − τ, add up to 1.",
        {"1 - tau": "1 + tau"},
    ),
    Mistake(
        "mean of the two",
        "The target covered half of the distance for every τ.",
        {MIX: "(online + target) / 2"},
    ),
    Mistake(
        "τ ignored",
        "The target covered the same share of the distance for every τ.",
        *({MIX: f"{tau} * online + (1 - {tau}) * target"} for tau in (0.001, 0.005, 0.01)),
    ),
    Mistake(
        "new array returned, target unchanged",
        "The numbers that you return are right, but target itself did not move. Write into it:"
        " target[:] = ..., or target += ... .",
        {"target[:] =": "return"},
    ),
    Mistake(
        "rows of a matrix only",
        "In a loop over a matrix, each x is a row, and x += ... writes into the matrix. In a loop"
        " over a vector, x is a number, and x += ... changes nothing. Write into target itself.",
        {f"target[:] = {MIX}": "for x, y in zip(target, online): x += tau * (y - x)"},
    ),
    Mistake(
        "only one row moves",
        "All of target has to move, not only its first or its last row.",
        *(
            {f"target[:] = {MIX}": f"target[{i}] = tau * online[{i}] + (1 - tau) * target[{i}]"}
            for i in (0, -1)
        ),
    ),
    Mistake(
        "rows or entries left out",
        "All of target has to move. Look at where your loop begins and ends, and at its return.",
        *(
            {f"target[:] = {MIX}": f"{part} = tau * online{at} + (1 - tau) * {part}"}
            for at in ("[1:]", "[:-1]", ".flat[1:]", ".flat[:-1]", ".flat[0]", ".flat[-1]")
            for part in (f"target{at}",)
        ),
        {
            f"target[:] = {MIX}": "flat, other = target.reshape(-1), online.reshape(-1)\n"
            "    flat[:-1] = tau * other[:-1] + (1 - tau) * flat[:-1]"
        },
    ),
    Mistake(
        "written into a copy",
        "ravel and reshape return a copy if an array is a view with gaps. Write into target"
        " directly.",
        {"target[:]": "target.ravel()[:]", MIX: f"({MIX}).ravel()"},
    ),
    Mistake(
        "target unchanged",
        "The array that you were given is unchanged. If you wrote target = ..., you only gave the"
        " name a new meaning inside your function, and the caller's array stayed the same. Write"
        " into the array.",
        {"target[:]": "target"},
    ),
)


@exercise(
    "08.1",
    "The Polyak step",
    BEHAVIOUR,
    stub='''
def polyak_update(target, online, tau):
    """Move target part of the way to online: θ' <- τ θ + (1 − τ) θ'. Return nothing.

    target (θ') and online (θ) are arrays of one shape. Write into target; do not change online.
    """
    raise NotImplementedError
''',
    statement="""The target network follows the network slowly. τ is the share of the distance that
    it covers at each update; the paper uses 0.001. Change the array target in place.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the arrays after your updates with what they should be",
    difficulty=1,
    importance=3,
    minutes=5,
    hints=(
        "`target = ...` gives the *name* target a new meaning inside your function, and the"
        " caller's array stays unchanged. Which assignment changes the entries of an array?",
        r"Try the extremes. With $\tau$ = 0 the target must not move at all; with $\tau$ = 1 it"
        " must become the network.",
    ),
    cases=(
        {"shape": (3, 4), "tau": 0.2, "other_tau": 0.9, "seed": 0},
        {"shape": (7,), "tau": 0.03, "other_tau": 0.4, "seed": 10},
    ),
)
def check_polyak_update(
    polyak_update: Any, shape: tuple[int, ...], tau: float, other_tau: float, seed: int
) -> dict[str, Any]:
    """Check polyak_update."""
    start, online = sample_array(*shape, seed=seed), sample_array(*shape, seed=seed + 1) + 0.5

    def update(target: Array, steps: int, tau: float) -> tuple[Array, Array, Any]:
        network = online.copy()
        for _ in range(steps):
            result = call(polyak_update, target, network, tau, changes=(0, 1), returns=False)
        return target, network, result

    target, network, result = update(start.copy(), 1, tau)
    moved = tau * online + (1 - tau) * start
    instead = np.array_equal(target, start) and _is_close(result, moved)
    part = np.pad(start, 1)[(slice(1, -1),) * start.ndim]  # a view of the middle of an array
    return {
        "target after one update": target,
        f"target after {STEPS} updates": update(start.copy(), STEPS, tau)[0],
        "target at another τ": update(start.copy(), 1, other_tau)[0],
        "target that is a view": update(part, 1, tau)[0],
        "the network itself at τ = 1": np.allclose(update(start.copy(), 1, 1.0)[0], online),
        "online": network,
        "target moves, nothing is returned instead": Observed(
            not instead, message="you returned the result, and left target unchanged"
        ),
    }


def _is_close(result: Any, expected: Array) -> bool:
    return np.shape(result) == expected.shape and np.allclose(result, expected, 1e-4)
