"""Exercise 06.3: the cost of a gain in a linear system with quadratic costs (LQR)."""

from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, array, call, exercise

GAINS = np.array([0.3, 0.8, 2.1])
SYSTEM = 1.1, 0.6, 0.8, 0.3, 0.9  # a, b, q, r, γ

SOLUTION = """
def lqr_value(gain, a, b, q, r, discount):
    closed_loop = a - b * gain
    p = (q + r * gain**2) / (1 - discount * closed_loop**2)
    return p
"""

MISTAKES = (
    Mistake(
        "control cost missing",
        "u costs r u² at every step, which is r k² s² under this policy.",
        {"q + r * gain**2": "q"},
    ),
    Mistake(
        "state cost missing",
        "s costs q s² at every step, in addition to what u costs.",
        {"q + r * gain**2": "r * gain**2"},
    ),
    Mistake(
        "gain missing in the cost",
        "Each step costs r u², and u depends on the gain: u² = k² s².",
        {"r * gain**2": "r"},
    ),
    Mistake(
        "q and r swapped",
        "q is the price of the state, r that of the control.",
        {"q + r * gain**2": "r + q * gain**2"},
    ),
    Mistake("gain not squared", "The control cost is r u², and u² = k² s².", {"gain**2": "gain"}),
    Mistake(
        "control cost subtracted",
        "u = −k s, but its square is positive: both costs add up.",
        {"q + r": "q - r"},
    ),
    Mistake(
        "discount missing",
        "What comes a step later counts γ times as much.",
        {"discount * closed_loop": "closed_loop"},
    ),
    Mistake(
        "discount squared",
        "Square the state, not γ: a step later the cost is γ p s'².",
        {"discount * closed_loop**2": "(discount * closed_loop) ** 2"},
    ),
    Mistake(
        "discounted once too often",
        "The first step's cost counts in full. γ belongs to what comes later.",
        {"(q + r": "discount * (q + r"},
    ),
    Mistake(
        "cost per step",
        "You took 1 − γ times the sum, its mean per step. Return the sum itself.",
        {"(q + r": "(1 - discount) * (q + r"},
    ),
    Mistake(
        "closed loop with the wrong sign",
        "u = −k s, so s' = (a − b k) s.",
        {"a - b * gain": "a + b * gain"},
    ),
    Mistake(
        "closed loop not squared",
        "s' = (a − b k) s, but the value is p s'²: its square.",
        {"closed_loop**2": "closed_loop"},
    ),
    Mistake(
        "b missing",
        "u enters the next state through b: s' = a s + b u.",
        {"a - b * gain": "a - gain"},
    ),
    Mistake(
        "a and b swapped",
        "a belongs to the state, b to the control: s' = a s + b u.",
        {"a - b * gain": "b - a * gain"},
    ),
    Mistake(
        "no control in the next state",
        "That is the cost of a system left alone. s' = a s + b u, with u = −k s.",
        {"a - b * gain": "a"},
    ),
    Mistake(
        "plus instead of minus in the denominator",
        "Solve p = q + r k² + γ p (a − b k)² for p: the last term changes sides, and so its sign.",
        {"1 - discount": "1 + discount"},
    ),
    Mistake(
        "only the first step",
        "That is the cost of one step. All later steps count, too, discounted.",
        {" / (1 - discount * closed_loop**2)": ""},
    ),
    Mistake(
        "optimal instead of this gain's",
        "Your p does not depend on the gain: it is the cost of the best policy. This gain is"
        " followed whether it is good or not.",
        """
        def lqr_value(gain, a, b, q, r, discount):
            p = q
            for _ in range(300):
                p = q + discount * a**2 * p * r / (r + discount * b**2 * p)
            return p
        """,
    ),
)


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
    and p s² for the value, into the Bellman equation, and solve it for p. Your p has to equal the
    costs of a rollout, summed one by one.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your p with the right one, for three gains",
    difficulty=2,
    minutes=5,
    hints=(
        "The Bellman equation is: value = cost of this step + γ · value of the next state. With"
        r" $p\,s^2$ for the value that is $p\,s^2 = q\,s^2 + r\,(k s)^2 + \gamma\,p\,s'^2$.",
        r"Put $s' = (a - b k)\,s$ in and divide by $s^2$. What remains is one linear equation for"
        " $p$.",
    ),
)
def check_lqr_value(lqr_value: Any) -> dict[str, Any]:
    """Check lqr_value."""
    wanted = "lqr_value should return p, a number: it"
    found = [array(call(lqr_value, k, *SYSTEM), wanted) for k in GAINS.tolist()]
    return {"p": np.stack(found)}
