"""Chapter 06, the actor's side: the deterministic policy gradient of a linear system, in full."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, GradientOf
from ..engine.submission import array, call, name_of
from .lqr import GAINS, SYSTEM

VARIANCE = 1.7


def _value(k: float, a: float, b: float, q: float, r: float, discount: float) -> float:
    return (q + r * k**2) / (1 - discount * (a - b * k) ** 2)


def _objective(size: Any = lambda p, variance: p * variance) -> Any:
    """J; with another size than p times the variance, as if that mistake had been made."""

    def lqr_objective(k: float, *rest: float) -> Any:
        return size(_value(k, *rest[:-1]), rest[-1])

    return lqr_objective


def _gradient(
    visits: Any = lambda m, discount: 1 / (1 - discount * m**2),
    slope: Any = lambda k, m, p, a, b, r, discount: 2 * (r * k - discount * p * b * m),
    start: Any = lambda variance: variance,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made.

    `slope` is ∇a Q · ∇k μ over s².
    """

    def lqr_gradient(
        k: float, a: float, b: float, q: float, r: float, discount: float, variance: float
    ) -> Any:
        m, p = a - b * k, _value(k, a, b, q, r, discount)
        return start(variance) * visits(m, discount) * slope(k, m, p, a, b, r, discount)

    return lqr_gradient


def _rows(mistake: str, why: str, *gradients: Any) -> list[Row]:
    return [Row(mistake, (None, gradient), why) for gradient in gradients]


@exercise(
    "06.4",
    "The policy gradient of a gain",
    GRADIENT,
    stub='''
def lqr_objective(gain, a, b, q, r, discount, variance):
    """Return J, the expected discounted cost from starts s₀ with mean 0 and this variance.

    s' = a s + b u; each step costs q s² + r u²; u = −gain · s. All are numbers; γ is discount.
    """
    objective = None
    return objective


def lqr_gradient(gain, a, b, q, r, discount, variance):
    """Return dJ/dgain by the deterministic policy gradient theorem: Σ γ^t E[∇u Q · ∇k μ]."""
    gradient = None
    return gradient
''',
    statement="""Write k for the gain, and p s² for the value. Then Q(s, u) = q s² + r u² +
    γ p (a s + b u)² and ∇k μ(s) = −s. The theorem multiplies ∇u Q at u = −k s by ∇k μ, and sums
    over the states of all times t, weighted by γ^t. p itself changes with k: find out why the sum
    need not say so.""",
    reference=(_objective(), _gradient()),
    rows=(
        *_rows(
            "undiscounted visitation",
            "Later states count less: E[s_t²] is to be weighted by γ^t before it is summed.",
            _gradient(visits=lambda m, discount: 1 / (1 - m**2)),
        ),
        *_rows(
            "start states only",
            "That is the term of t = 0. The policy acts in every later state too.",
            _gradient(visits=lambda m, discount: 1.0),
        ),
        *_rows(
            "visitation that sums to one",
            "You weighted by (1 − γ) γ^t, for the gradient per step. That of J has γ^t alone.",
            _gradient(visits=lambda m, discount: (1 - discount) / (1 - discount * m**2)),
        ),
        *_rows(
            "states not squared",
            "∇u Q and ∇k μ both have an s in them: it is E[s_t²] that is summed, and s_t² shrinks"
            " by (a − b k)² at each step.",
            _gradient(visits=lambda m, discount: 1 / (1 - discount * m)),
        ),
        *_rows(
            "Q's cost only",
            "∇u Q has a second term: u also moves the next state, which is worth γ p s'².",
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * r * k),
        ),
        *_rows(
            "control cost missing in ∇u Q",
            "Q has r u² in it, whose slope is 2 r u. You kept the future alone.",
            _gradient(slope=lambda k, m, p, a, b, r, discount: -2 * discount * p * b * m),
        ),
        *_rows(
            "discount missing in ∇u Q",
            "The next state's value is a step away: it counts γ times in Q.",
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * (r * k - p * b * m)),
        ),
        *_rows(
            "b missing in ∇u Q",
            "The derivative of (a s + b u)² in u is 2 b (a s + b u).",
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * (r * k - discount * p * m)),
        ),
        *_rows(
            "p missing in ∇u Q",
            "The next state costs p s'², so p is in the slope.",
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * (r * k - discount * b * m)),
        ),
        *_rows(
            "∇u Q at another action",
            "The slope of Q depends on u. It is to be taken at what the policy does, u = −k s.",
            _gradient(slope=lambda k, m, p, a, b, r, discount: -2 * discount * p * b * a),
            _gradient(
                slope=lambda k, m, p, a, b, r, discount: (
                    -2 * (r * k + discount * p * b * (a + b * k))
                )
            ),
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * (r * k - discount * p * b * a)),
        ),
        *_rows(
            "sign of one term",
            "∇u Q is 2 r u + 2 γ p b s', and u = −k s. Its two terms have opposite signs here.",
            _gradient(slope=lambda k, m, p, a, b, r, discount: 2 * (r * k + discount * p * b * m)),
            _gradient(slope=lambda k, m, p, a, b, r, discount: -2 * (r * k + discount * p * b * m)),
        ),
        *_rows(
            "variance missing",
            "How large the states are counts: E[s₀²] is the variance.",
            _gradient(start=lambda variance: 1.0),
        ),
        Row(
            "variance missing",
            (_objective(lambda p, variance: p), _gradient(start=lambda variance: 1.0)),
            "p is the cost from s = 1. From a random start it is p E[s₀²].",
        ),
        Row(
            "variance missing",
            (_objective(lambda p, variance: p), None),
            "p is the cost from s = 1. From a random start it is p E[s₀²].",
        ),
        *(
            Row(
                "variance taken for a standard deviation",
                (objective, gradient),
                "E[s₀²] of a start with mean 0 is the variance itself.",
            )
            for power in (0.5, 2)
            for objective, gradient in (
                (_objective(lambda p, v, power=power: p * v**power), None),
                (None, _gradient(start=lambda v, power=power: v**power)),
                (
                    _objective(lambda p, v, power=power: p * v**power),
                    _gradient(start=lambda v, power=power: v**power),
                ),
            )
        ),
        Row(
            "return instead of cost",
            (_objective(lambda p, v: -p * v), _gradient(start=lambda v: -v)),
            "J is a cost here, above zero, and so is to be descended.",
        ),
        Row(
            "return instead of cost",
            (_objective(lambda p, v: -p * v), None),
            "J is a cost here, above zero, and so is to be descended.",
        ),
    ),
    compared=OWN.replace("backward", "gradient").replace("forward", "objective"),
)
def check_lqr_gradient(lqr_objective: Any, lqr_gradient: Any) -> dict[str, Any]:
    """Check lqr_objective and lqr_gradient."""

    def run(function: Any, gains: Array, name: str) -> Array:
        wanted = f"{name_of(function)} should return {name}: it"
        results = [call(function, k, *SYSTEM, VARIANCE) for k in gains.tolist()]
        return np.stack([array(result, wanted) for result in results])

    objective = run(lqr_objective, GAINS, "a number")
    gradient = run(lqr_gradient, GAINS, "a number")
    slope = GradientOf(gradient, lambda k: run(lqr_objective, k, "a number"), GAINS)
    return {"J": objective, "dJ/dgain": slope}
