"""Chapter 05, the critic's side: the target of Q.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import arrays, call

TERMINATED = np.array([False, True, False, True, False, True, False])
TRUNCATED = np.array([False, False, True, True, False, False, True])


def _target(goes_on: Any = lambda d, t: ~d) -> Any:
    """Answer with another mask than 1 − terminated."""
    return lambda r, d, t, q, discount: r + discount * goes_on(d, t) * q


@exercise(
    "05.1",
    "The TD target",
    PROPERTY,
    stub='''
def td_target(reward, terminated, truncated, next_q, discount):
    """Return y (N,), what Q(s, a) should be by its next step.

    reward (N,); terminated (N,) and truncated (N,) are bools; next_q (N,) is Q'(s', μ'(s')).
    """
    y = None
    return y
''',
    statement="""The target is y = r + γ Q'(s', μ'(s')), but nothing follows where the episode
    terminated. A truncated one was cut off by the clock: the world would have gone on. An episode
    can also end in both ways at once.""",
    reference=(_target(),),
    rows=(
        Row(
            "mask flipped",
            (_target(lambda d, t: d),),
            "The value of s' counts where the episode terminated, and not where it goes on.",
        ),
        Row("terminated ignored", (_target(lambda d, t: 1.0),)),
        Row(
            "truncation as termination",
            (_target(lambda d, t: ~(d | t)),),
            "Where the clock ran out, the world would have gone on: those rows keep the value"
            " of s'.",
        ),
        Row(
            "only truncation stops the bootstrap",
            (_target(lambda d, t: ~t),),
            "You looked at the wrong flag: it is termination that ends the future.",
        ),
        Row(
            "stopped only where both flags are set",
            (_target(lambda d, t: ~(d & t)),),
            "Termination is enough. Whether the time was up as well does not matter.",
        ),
        Row(
            "truncation undoes termination",
            (_target(lambda d, t: ~d | t),),
            "A row with both flags is an end for good, like any terminated one.",
        ),
        Row(
            "discount missing",
            (lambda r, d, t, q, discount: r + ~d * q,),
            "The value of s' is one step away: it counts γ times as much.",
        ),
        Row("reward masked too", (lambda r, d, t, q, discount: ~d * (r + discount * q),)),
        Row("reward missing", (lambda r, d, t, q, discount: discount * ~d * q,)),
        Row(
            "nothing but the reward",
            (lambda r, d, t, q, discount: r,),
            "This is the return of a single step. Where the episode goes on, s' has a value too.",
        ),
        Row("reward discounted too", (lambda r, d, t, q, discount: discount * (r + ~d * q),)),
        Row(
            "minus instead of plus",
            (lambda r, d, t, q, discount: r - discount * ~d * q,),
            "What follows is added to the reward, not taken from it.",
        ),
        *(
            Row("(B, B) broadcast", (table,))
            for table in (
                lambda r, d, t, q, discount: r[:, None] + discount * ~d * q,
                lambda r, d, t, q, discount: r + (discount * ~d * q)[:, None],
                lambda r, d, t, q, discount: r + discount * ~d[:, None] * q,
                lambda r, d, t, q, discount: r + discount * ~d * q[:, None],
                lambda r, d, t, q, discount: r[:, None] + discount * ~d[:, None] * q,
            )
        ),
    ),
    compared="your targets with the right ones",
)
def check_td_target(td_target: Any) -> dict[str, Any]:
    """Check td_target."""
    n = len(TERMINATED)
    reward, next_q = sample_array(n, seed=1), 3 * sample_array(n, seed=2)

    def targets(terminated: Array) -> Array:
        result = call(td_target, reward, terminated, TRUNCATED, next_q, 0.9)
        return arrays(result, ["y"], td_target)[0]

    return {"y": targets(TERMINATED), "y if nothing terminates": targets(TERMINATED & False)}
