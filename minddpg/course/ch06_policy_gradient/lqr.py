"""Chapter 06, the actor's side: a linear system, where the policy gradient can be worked out."""

from typing import Any

import numpy as np

from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call

GAINS = np.array([0.3, 0.8, 2.1])
SYSTEM = 1.1, 0.6, 0.8, 0.3, 0.9  # a, b, q, r, γ


def rolled_out(k: float, a: float, b: float, q: float, r: float, discount: float) -> float:
    """Sum the costs of a rollout from s = 1."""
    total, s, weight = 0.0, 1.0, 1.0
    for _ in range(300):
        total += weight * (q + r * k**2) * s**2
        s, weight = (a - b * k) * s, discount * weight
    return total


def _cost(
    cost: Any = lambda k, q, r: q + r * k**2,
    loop: Any = lambda k, a, b: a - b * k,
    rate: Any = lambda m, discount: discount * m**2,
    front: Any = lambda discount: 1.0,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def lqr_value(k: float, a: float, b: float, q: float, r: float, discount: float) -> Any:
        return front(discount) * cost(k, q, r) / (1 - rate(loop(k, a, b), discount))

    return lqr_value


def _optimal(k: float, a: float, b: float, q: float, r: float, discount: float) -> float:
    p = q
    for _ in range(300):
        p = q + discount * a**2 * p * r / (r + discount * b**2 * p)
    return p


def _row(mistake: str, why: str, *answers: Any) -> list[Row]:
    return [Row(mistake, (answer,), why) for answer in answers]


@exercise(
    "06.3",
    "The cost of a gain",
    PROPERTY,
    stub='''
def lqr_value(gain, a, b, q, r, discount):
    """Return p, so that p s² is the discounted cost of starting at s and following u = −gain · s.

    s' = a s + b u; each step costs q s² + r u². All are numbers; γ is discount.
    """
    p = None
    return p
''',
    statement="""Write k for the gain. Under u = −k s the next state is s' = (a − b k) s. Put that,
    and p s² for the value, into the Bellman equation, and solve it for p. Your p has to agree with
    the costs of a rollout, summed one by one.""",
    reference=(rolled_out,),
    rows=(
        *_row(
            "control cost missing",
            "u costs r u² at every step, which is r k² s² under this policy.",
            _cost(cost=lambda k, q, r: q),
        ),
        *_row(
            "state cost missing",
            "s costs q s² at every step, beside what u costs.",
            _cost(cost=lambda k, q, r: r * k**2),
        ),
        *_row(
            "gain missing in the cost",
            "Each step costs r u², and u depends on the gain: u² = k² s².",
            _cost(cost=lambda k, q, r: q + r),
        ),
        *_row(
            "q and r swapped",
            "q is the price of the state, r that of the control.",
            _cost(cost=lambda k, q, r: r + q * k**2),
        ),
        *_row(
            "gain not squared",
            "The control cost is r u², and u² = k² s².",
            _cost(cost=lambda k, q, r: q + r * k),
        ),
        *_row(
            "control cost subtracted",
            "u = −k s, but its square is positive: both costs add up.",
            _cost(cost=lambda k, q, r: q - r * k**2),
        ),
        *_row(
            "discount missing",
            "What comes a step later counts γ times as much.",
            _cost(rate=lambda m, discount: m**2),
        ),
        *_row(
            "discount squared",
            "It is the state that is squared, not γ: a step later the cost is γ p s'².",
            _cost(rate=lambda m, discount: (discount * m) ** 2),
        ),
        *_row(
            "discounted once too often",
            "The first step's cost counts in full. γ belongs to what comes later.",
            _cost(front=lambda discount: discount),
        ),
        *_row(
            "cost per step",
            "You took 1 − γ times the sum, its mean per step. The sum itself is asked.",
            _cost(front=lambda discount: 1 - discount),
        ),
        *_row(
            "closed loop with the wrong sign",
            "u = −k s, so s' = (a − b k) s.",
            _cost(loop=lambda k, a, b: a + b * k),
        ),
        *_row(
            "closed loop not squared",
            "s' = (a − b k) s, but the value is p s'²: its square.",
            _cost(rate=lambda m, discount: discount * m),
        ),
        *_row(
            "b missing",
            "u enters the next state by way of b: s' = a s + b u.",
            _cost(loop=lambda k, a, b: a - k),
        ),
        *_row(
            "a and b swapped",
            "a belongs to the state, b to the control: s' = a s + b u.",
            _cost(loop=lambda k, a, b: b - a * k),
        ),
        *_row(
            "no control in the next state",
            "That is the cost of a system left alone. s' = a s + b u, with u = −k s.",
            _cost(loop=lambda k, a, b: a),
        ),
        *_row(
            "plus instead of minus in the denominator",
            "From p = q + r k² + γ p (a − b k)², the last term goes over with a minus.",
            _cost(rate=lambda m, discount: -discount * m**2),
        ),
        *_row(
            "only the first step",
            "That is the cost of one step. All that come after it count too, discounted.",
            _cost(rate=lambda m, discount: 0.0),
        ),
        *_row(
            "optimal instead of this gain's",
            "Yours does not depend on the gain: it is the cost of the best policy. This one is"
            " followed whether it is good or not.",
            _optimal,
        ),
    ),
    compared="your p with the summed costs of a rollout, for three gains",
)
def check_lqr_value(lqr_value: Any) -> dict[str, Any]:
    """Check lqr_value."""
    wanted = "lqr_value should return p, a number: it"
    found = [array(call(lqr_value, k, *SYSTEM), wanted) for k in GAINS.tolist()]
    return {"p": np.stack(found)}
