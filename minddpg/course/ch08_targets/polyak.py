"""Chapter 08, target networks: how they follow."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import call

STEPS = 5


def _step(target: Any = None, online: Any = None, told: Any = None) -> Any:
    """An update that writes what these make of target, online and tau."""

    def polyak_update(ours: Array, theirs: Array, tau: float) -> Any:
        given = ours.copy(), theirs.copy(), tau
        if target:
            ours[...] = target(*given)
        if online:
            theirs[...] = online(*given)
        return told(*given) if told else None

    return polyak_update


def follow(target: Array, online: Array, tau: float) -> Array:
    return np.asarray(tau * online + (1 - tau) * target)


REBOUND = (
    "The array that you were given is as it was. If you wrote target = ..., that only binds the"
    " name to something new, and whoever called you never sees it. Write into the array."
)


@exercise(
    "08.1",
    "The Polyak step",
    BEHAVIOUR,
    stub='''
def polyak_update(target, online, tau):
    """Move target a part of the way to online: θ' <- τ θ + (1 − τ) θ'. Return nothing.

    target (θ') and online (θ) are arrays of one shape. Write into target, leave online as it is.
    """
    raise NotImplementedError
''',
    statement="""The target network follows the network slowly. τ is how much of the distance it
    goes at each update; the paper takes 0.001. Change the array target in place.""",
    reference=(_step(follow),),
    rows=(
        Row(
            "Polyak reversed",
            (_step(lambda target, online, tau: (1 - tau) * online + tau * target),),
            "τ and 1 − τ are swapped: with the paper's τ = 0.001 the target would all but equal the"
            " network after one update.",
        ),
        *(
            Row(
                "Polyak in the wrong direction",
                (_step(online=move),),
                "The network moved, towards its target. The network learns; the target follows.",
            )
            for move in (follow, lambda target, online, tau: tau * target + (1 - tau) * online)
        ),
        *(
            Row(
                "both moved",
                (_step(follow, move),),
                "The network is the target's aim, and has to stay where it is.",
            )
            for move in (
                follow,
                lambda target, online, tau: follow(online, target, tau),
                lambda target, online, tau: follow(online, follow(target, online, tau), tau),
            )
        ),
        Row(
            "hard copy",
            (_step(lambda target, online, tau: online),),
            "The target became the network at once. It goes τ of the way.",
        ),
        Row(
            "1 − τ missing",
            (_step(lambda target, online, tau: tau * online + target),),
            "The target keeps all of itself and adds τ of the network: it grows and grows. It keeps"
            " 1 − τ of itself.",
        ),
        Row(
            "τ missing",
            (_step(lambda target, online, tau: online + (1 - tau) * target),),
            "All of the network was added. Take τ of it.",
        ),
        Row(
            "old target forgotten",
            (_step(lambda target, online, tau: tau * online),),
            "Nothing of the old target is left: 1 − τ of it stays.",
        ),
        Row(
            "pushed away",
            (_step(lambda target, online, tau: target - tau * (online - target)),),
            "The target moves away from the network. What has to shrink is θ − θ'.",
        ),
        Row(
            "1 + τ instead of 1 − τ",
            (_step(lambda target, online, tau: tau * online + (1 + tau) * target),),
            "The two shares, τ and 1 − τ, add up to 1.",
        ),
        Row(
            "mean of the two",
            (_step(lambda target, online, tau: (online + target) / 2),),
            "The target went half of the way, whatever τ was.",
        ),
        *(
            Row(
                "τ ignored",
                (_step(lambda target, online, _, fixed=tau: follow(target, online, fixed)),),
                "The target went the same way whatever τ was.",
            )
            for tau in (0.001, 0.005, 0.01)
        ),
        Row(
            "new array returned, target unchanged",
            (_step(told=follow),),
            "The numbers that you return are right, but target itself did not move. Write into it:"
            " target[:] = ..., or target += ... .",
        ),
        Row("target unchanged", (_step(),), REBOUND),
    ),
    compared="the arrays after your updates with what they should be",
)
def check_polyak_update(polyak_update: Any) -> dict[str, Any]:
    """Check polyak_update."""
    start, online = sample_array(3, 4), 2 + sample_array(3, 4, seed=1)

    def update(steps: int, tau: float) -> tuple[Array, Array, Any]:
        target, network = start.copy(), online.copy()
        for _ in range(steps):
            result = call(polyak_update, target, network, tau, changes=(0, 1), returns=False)
        return target, network, result

    target, network, result = update(1, 0.2)
    instead = np.array_equal(target, start) and _is_right(result, follow(start, online, 0.2))
    return {
        "target after one update": target,
        f"target after {STEPS} updates": update(STEPS, 0.2)[0],
        "target at another τ": update(1, 0.9)[0],
        "online": network,
        "target moves, nothing is returned instead": Observed(
            not instead, says="something was returned, and target is as it was"
        ),
    }


def _is_right(result: Any, truth: Array) -> bool:
    return np.shape(result) == truth.shape and np.allclose(result, truth, 1e-4)
