"""Exercise 06.4: the deterministic policy gradient of a linear system, in full."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import EXERCISES, GRADIENT, GradientOf, Mistake, arrays, call, exercise
from .lqr_value import CASES

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

NUMBER, MINUS_ONE = "a number is not changed in place", "1/−1 is −1"
FLOAT32 = "float32 is accepted"
DQ_DU = "-2 * r * gain + 2 * discount * p * b * closed_loop"

MISTAKES = (
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
        "2 missing in one term",
        "The derivatives of r u² and of (a s + b u)² each have a factor 2.",
        {DQ_DU: "-r * gain + 2 * discount * p * b * closed_loop"},
        {DQ_DU: "-2 * r * gain + discount * p * b * closed_loop"},
    ),
    Mistake(
        "one 2 too many in one term",
        "The derivatives of r u² and of (a s + b u)² have one factor 2 each.",
        {DQ_DU: "-4 * r * gain + 2 * discount * p * b * closed_loop"},
        {DQ_DU: "-2 * r * gain + 4 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "gain missing in ∇u Q",
        "The slope of r u² is 2 r u, and u = −k s.",
        {DQ_DU: "-2 * r + 2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "r missing in ∇u Q",
        "The slope of r u² is 2 r u.",
        {DQ_DU: "-2 * gain + 2 * discount * p * b * closed_loop"},
    ),
    Mistake(
        "next state missing in ∇u Q",
        "The slope of (a s + b u)² is 2 b (a s + b u), and a s + b u is the next state.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * b"},
    ),
    Mistake(
        "a instead of b in ∇u Q",
        "The derivative of (a s + b u)² in u is 2 b (a s + b u): a is the derivative in s.",
        {DQ_DU: "-2 * r * gain + 2 * discount * p * a * closed_loop"},
    ),
    Mistake(
        "∇s Q instead of ∇u Q",
        "That is the derivative of Q in the state. The theorem multiplies the one in u.",
        {DQ_DU: "2 * q + 2 * discount * p * a * closed_loop"},
    ),
    Mistake(
        "∇k μ missing",
        "μ(s) = −k s, so its derivative in k is −s. You left it out: both its sign, and s.",
        {"dq_du * dmu_dk * visits": "dq_du * variance"},
    ),
    Mistake(
        "the gain instead of ∇k μ",
        "μ(s) = −k s, so its derivative in k is −s, and not −k.",
        {"dmu_dk = -1.0": "dmu_dk = -gain"},
        {"dmu_dk = -1.0": "dmu_dk = gain"},
    ),
    Mistake(
        "factor 2",
        "Either there is a 2 too many, or you added the derivative of p in k to the sum. The sum"
        " contains it already: the later states are in it.",
        {"dq_du * dmu_dk * visits": "2 * dq_du * dmu_dk * visits"},
    ),
    Mistake(
        "derivative of p added",
        "p changes with k because the policy acts in the later states. These states are in the sum"
        " already, so you count that change twice.",
        # G is the gradient: p's own derivative is G / variance
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits / (1 - discount * closed_loop**2)"},
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits * (1 + discount * closed_loop**2)"},
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits * (1 + visits / variance)"},
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits * (1 + discount * visits / variance)"},
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits * (1 + 1 / variance)"},
        {"dq_du * dmu_dk * visits": "dq_du * dmu_dk * visits * (1 + discount)"},
    ),
    Mistake(
        "sum too short",
        "You summed only the first times. Sum until γ^t E[s_t²] is negligible, or use the formula"
        " of the geometric series.",
        *(
            {
                "dq_du * dmu_dk * visits": (
                    f"dq_du * dmu_dk * visits * (1 - (discount * closed_loop**2) ** {steps})"
                )
            }
            for steps in (*range(2, 31), 40, 50, 60, 80, 100)
        ),
    ),
    Mistake(
        "first time left out",
        "t begins at 0: the start states count as well.",
        {"variance / ": "variance * discount * closed_loop**2 / "},
    ),
    Mistake(
        "undiscounted visitation",
        "Later states count less: weight E[s_t²] by γ^t before you sum.",
        {"1 - discount * closed_loop**2": "1 - closed_loop**2"},
    ),
    Mistake(
        "discount squared",
        "The weight is γ^t. Only the state is squared.",
        {"discount * closed_loop**2": "(discount * closed_loop) ** 2"},
    ),
    Mistake(
        "multiplied instead of divided",
        "The geometric series with the ratio x sums to 1/(1 − x).",
        {"variance / ": "variance * "},
    ),
    Mistake(
        "plus instead of minus in the denominator",
        "The geometric series with the ratio x sums to 1/(1 − x).",
        {"(1 - discount": "(1 + discount"},
    ),
    Mistake(
        "states left to themselves",
        "The policy acts: s_t = (a − b k)^t s₀, and not a^t s₀.",
        {"variance / (1 - discount * closed_loop**2)": "variance / (1 - discount * a**2)"},
        {"variance / (1 - discount * closed_loop**2)": "variance / (1 - discount)"},
    ),
    Mistake(
        "closed loop with the wrong sign",
        "u = −k s, so s' = (a − b k) s.",
        {"a - b * gain": "a + b * gain"},
    ),
    Mistake(
        "b missing in the closed loop",
        "u enters the next state through b: s' = (a − b k) s.",
        {"a - b * gain": "a - gain"},
    ),
    Mistake(
        "no control in the next state",
        "That is a system left alone. s' = a s + b u, with u = −k s.",
        {"a - b * gain": "a"},
    ),
    Mistake(
        "arguments of lqr_value swapped",
        "It is lqr_value(gain, a, b, q, r, discount).",
        *(
            {f"{target} = lqr_value(gain, a, b, q, r, discount)": f"{target} = lqr_value({given})"}
            for target in ("p", "objective")
            for given in (
                "a, b, q, r, discount, gain",
                "a, b, q, r, gain, discount",
                "gain, b, a, q, r, discount",
                "gain, a, b, r, q, discount",
            )
        ),
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
        "cost per step",
        "J is the whole discounted sum, not (1 − γ) times it.",
        {" * variance": " * variance * (1 - discount)"},
        {
            " * variance": " * variance * (1 - discount)",
            "variance / ": "variance * (1 - discount) / ",
        },
    ),
    Mistake("divided by the variance", "J is p E[s₀²].", {"* variance": "/ variance"}),
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
    compared="your J and its derivative with the right ones",
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
    cases=tuple(
        {**case, "variance": variance} for case, variance in zip(CASES, (1.7, 0.6), strict=True)
    ),
    equivalents={
        "closed_loop = a - b * gain → a -= b * gain; closed_loop = a": NUMBER,
        "visits = variance / (1 - discount * closed_loop ** 2) → variance /= 1 - discount *"
        " closed_loop ** 2; visits = variance": NUMBER,
        "gradient = dq_du * dmu_dk * visits → gradient = dq_du / dmu_dk * visits": MINUS_ONE,
        "return objective → return np.float32(objective)": FLOAT32,
        "return gradient → return np.float32(gradient)": FLOAT32,
    },
)
def check_lqr_gradient(
    lqr_objective: Any, lqr_gradient: Any, gains: Sequence[float], **system: float
) -> dict[str, Any]:
    """Check lqr_objective and lqr_gradient; `system` has their other arguments, by name."""

    def run(function: Any, gains: Array, name: str) -> Array:
        results = [call(function, k, *system.values()) for k in gains.tolist()]
        return np.stack([arrays(result, [name], function)[0] for result in results])

    def total(gains: Array) -> Array:
        return np.atleast_1d(run(lqr_objective, gains, "J").sum(axis=0))

    *some, slow = gains
    at = np.array(some)
    gradient = run(lqr_gradient, at, "dJ/dgain")
    return {
        "J": run(lqr_objective, at, "J"),
        "dJ/dgain": GradientOf(gradient, total, at),
        "dJ/dgain where states fade slowly": run(lqr_gradient, np.array([slow]), "dJ/dgain"),
    }
