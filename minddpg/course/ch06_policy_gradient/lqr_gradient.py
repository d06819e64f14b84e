"""Exercise 06.4: the deterministic policy gradient of a linear system, in full."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import GRADIENT, GradientOf, arrays, call, exercise, run
from .lqr_gradient_mistakes import MISTAKES
from .lqr_value import CASES
from .lqr_value import SOLUTION as VALUE

LQR_VALUE = run(VALUE, ["lqr_value"], {}, "the value of a gain")[0]

SOLUTION = """
def lqr_objective(gain, a, b, q, r, discount, variance):
    objective = lqr_value(gain, a, b, q, r, discount) * variance
    return objective


def lqr_gradient(gain, a, b, q, r, discount, variance):
    p = lqr_value(gain, a, b, q, r, discount)
    closed_loop = a - b * gain
    dq_du = -2 * r * gain + 2 * discount * p * b * closed_loop  # for s = 1
    dmu_dk = -1.0
    visits = variance / (1 - discount * closed_loop**2)  # Σ γ^t E[s_t²]
    gradient = dq_du * dmu_dk * visits
    return gradient
"""

NUMBER, MINUS_ONE = "a number is not changed in place", "1/−1 is −1"
FLOAT32 = "float32 is accepted"


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
    statement="""Write k for the gain, and p s² for the value; `lqr_value` gives p. Then
    Q(s, u) = q s² + r u² + γ p (a s + b u)² and ∇k μ(s) = −s. The theorem multiplies ∇u Q at
    u = −k s by ∇k μ, and sums over the states of all times t, weighted by γ^t. p itself changes
    with k. Why does the sum need no term for that?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your J and its derivative with the correct ones",
    difficulty=3,
    importance=1,
    minutes=12,
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
