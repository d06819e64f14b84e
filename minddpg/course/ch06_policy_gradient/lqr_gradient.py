"""Exercise 06.4: the deterministic policy gradient of a linear system, in full."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import EXERCISES, GRADIENT, OWN, GradientOf, Mistake, array, call, exercise, name_of
from .lqr_value import GAINS, SYSTEM

VARIANCE = 1.7
LQR_VALUE = EXERCISES["06.3"].reference[0]

SOLUTION = """
def lqr_objective(gain, a, b, q, r, discount, variance):
    objective = lqr_value(gain, a, b, q, r, discount) * variance
    return objective


def lqr_gradient(gain, a, b, q, r, discount, variance):
    p = lqr_value(gain, a, b, q, r, discount)
    closed_loop = a - b * gain
    dq_du = -2 * r * gain + 2 * discount * p * b * closed_loop  # of s = 1
    dmu_dk = -1.0
    visits = variance / (1 - discount * closed_loop**2)  # Σ γ^t E[s_t²]
    gradient = dq_du * dmu_dk * visits
    return gradient
"""

DQ_DU = "-2 * r * gain + 2 * discount * p * b * closed_loop"

MISTAKES = (
    Mistake(
        "undiscounted visitation",
        "Later states count less: weight E[s_t²] by γ^t before you sum.",
        {"1 - discount * closed_loop**2": "1 - closed_loop**2"},
    ),
    Mistake(
        "start states only",
        "That is the term of t = 0. The policy acts in every later state too.",
        {" / (1 - discount * closed_loop**2)": ""},
    ),
    Mistake(
        "visitation that sums to one",
        "You weighted by (1 − γ) γ^t, which gives the gradient per step. The gradient of J has the"
        " weight γ^t alone.",
        {"variance / ": "variance * (1 - discount) / "},
    ),
    Mistake(
        "states not squared",
        "∇u Q and ∇k μ both contain s, so the sum runs over E[s_t²], and s_t² shrinks by (a − b"
        " k)² at each step.",
        {"closed_loop**2": "closed_loop"},
    ),
    Mistake(
        "Q's cost only",
        "∇u Q has a second term: u also moves the next state, which is worth γ p s'².",
        {DQ_DU: "-2 * r * gain"},
    ),
    Mistake(
        "control cost missing in ∇u Q",
        "Q contains r u², whose slope is 2 r u. You kept only the future.",
        {DQ_DU: "2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "discount missing in ∇u Q",
        "The next state's value is one step away: in Q it counts γ times as much.",
        {DQ_DU: "-2 * r * gain + 2 * p * b * closed_loop"},
    ),
    Mistake(
        "b missing in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u).",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * closed_loop"},
    ),
    Mistake(
        "p missing in ∇u Q",
        "The next state costs p s'², so p is in the slope.",
        {DQ_DU: "-2 * r * gain + 2 * discount * b * closed_loop"},
    ),
    Mistake(
        "∇u Q at another action",
        "The slope of Q depends on u. Take it at the policy's action, u = −k s.",
        {DQ_DU: "2 * discount * p * b * a"},
        {DQ_DU: "2 * r * gain + 2 * discount * p * b * (a + b * gain)"},
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b * a"},
    ),
    Mistake(
        "sign of one term",
        "∇u Q is 2 r u + 2 γ p b s', and u = −k s. Its two terms have opposite signs here.",
        {DQ_DU: "-2 * r * gain - 2 * discount * p * b * closed_loop"},
        {DQ_DU: "2 * r * gain + 2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "variance missing",
        "The size of the states matters: E[s₀²] is the variance.",
        {"variance / ": "1 / "},
    ),
    Mistake(
        "variance missing",
        "p is the cost from s = 1. From a random start it is p E[s₀²].",
        {" * variance": "", "variance / ": "1 / "},
        {" * variance": ""},
    ),
    Mistake(
        "variance taken for a standard deviation",
        "E[s₀²] of a start with mean 0 is the variance itself.",
        {"* variance": "* variance**2", "variance / ": "variance**2 / "},
        {"* variance": "* variance**2"},
        {"variance / ": "variance**2 / "},
        {"* variance": "* np.sqrt(variance)", "variance / ": "np.sqrt(variance) / "},
        {"* variance": "* np.sqrt(variance)"},
        {"variance / ": "np.sqrt(variance) / "},
    ),
    Mistake(
        "return instead of cost",
        "J is a cost here: it is positive, and it is to be descended.",
        {"objective = ": "objective = -", "gradient = ": "gradient = -"},
        {"objective = ": "objective = -"},
    ),
)


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
    statement="""Write k for the gain, and p s² for the value. Then Q(s, u) = q s² + r u² + γ p (a s
    + b u)² and ∇k μ(s) = −s. The theorem multiplies ∇u Q at u = −k s by ∇k μ, and sums over the
    states of all times t, weighted by γ^t. p itself changes with k: find out why the sum needs no
    term for that.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=OWN.replace("backward", "gradient").replace("forward", "objective"),
    difficulty=3,
    minutes=15,
    hints=(
        r"J is $\mathbb{E}[p\,s_0^2]$, and $\mathbb{E}[s_0^2]$ is the variance, since the mean is"
        " 0.",
        r"$\nabla_u Q = 2 r u + 2 \gamma p\, b\,(a s + b u)$. At $u = -k s$ it is some number times"
        r" $s$. $\nabla_k \mu = -s$ as well. So their product is a number times $s^2$.",
        r"$s_t = (a - b k)^t s_0$, so $\sum_t \gamma^t\,\mathbb{E}[s_t^2]$ is a geometric series.",
    ),
    given={"lqr_value": LQR_VALUE},
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
