"""Exercise 06.3: the cost of a gain in a linear system with quadratic costs (LQR)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, arrays, call, exercise

# Under the last gain, which both cases share, states fade slowly: γ (a − b k)² is 0.91.
CASES = (
    {"gains": (0.4, 0.8, 1.5, 0.18), "a": 1.1, "b": 0.6, "q": 0.4, "r": 0.12, "discount": 0.93},
    {
        "gains": (-2.1, -0.4, -1.3, 0.18),
        "a": -0.85,
        "b": 0.7,
        "q": 2.3,
        "r": 0.45,
        "discount": 0.96,
    },
)

SOLUTION = """
def lqr_value(gain, a, b, q, r, discount):
    closed_loop = a - b * gain
    p = (q + r * gain**2) / (1 - discount * closed_loop**2)
    return p
"""

COST, LEFT = "(q + r * gain**2)", "(1 - discount * closed_loop**2)"  # p · LEFT = COST

MISTAKES = (  # the most frequent ones first: they are tried in pairs
    Mistake(
        "control cost missing",
        "u costs r u² at every step, which is r k² s² under this policy.",
        {"q + r * gain**2": "q"},
    ),
    Mistake(
        "gain missing in the cost",
        "Each step costs r u², and u depends on the gain: u² = k² s².",
        {"r * gain**2": "r"},
    ),
    Mistake(
        "gain not squared",
        "The control cost is r u², and u² = k² s².",
        {"gain**2": "gain"},
        {"gain**2": "abs(gain)"},
    ),
    Mistake(
        "control cost subtracted",
        "u = −k s, but its square is positive: both costs add up.",
        {"q + r": "q - r"},
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
        {"closed_loop**2": "abs(closed_loop)"},
    ),
    Mistake(
        "discount missing",
        "Multiply the cost of what comes one step later by γ.",
        {"discount * closed_loop": "closed_loop"},
    ),
    Mistake(
        "b missing",
        "u enters the next state through b: s' = a s + b u.",
        {"a - b * gain": "a - gain"},
        {"a - b * gain": "a + gain"},
    ),
    Mistake(
        "discount squared",
        "Square the state, not γ: a step later the cost is γ p s'².",
        {"discount * closed_loop**2": "(discount * closed_loop) ** 2"},
        {"discount * closed_loop**2": "discount**2 * closed_loop"},
    ),
    Mistake(
        "state cost missing",
        "s costs q s² at every step, in addition to what u costs.",
        {"q + r * gain**2": "r * gain**2"},
    ),
    Mistake(
        "q and r swapped",
        "q is the price of the state, r that of the control.",
        {"q + r * gain**2": "r + q * gain**2"},
    ),
    Mistake(
        "r squared",
        "The control cost is r u² = r k² s²: only k is squared.",
        {"r * gain**2": "(r * gain) ** 2"},
    ),
    Mistake(
        "gain doubled instead of squared", "u² = k² s², and k² is k · k.", {"gain**2": "(2 * gain)"}
    ),
    Mistake(
        "costs in the closed loop's place",
        "The control is u = −k s: its cost is r k² s², whatever the next state is.",
        {"r * gain**2": "r * closed_loop**2"},
    ),
    Mistake(
        "b in the control cost",
        "The control costs r u², and u = −k s. b enters the next state only.",
        {"r * gain**2": "r * (b * gain) ** 2"},
        {"r * gain**2": "r * b * gain**2"},
    ),
    Mistake(
        "gain on both costs",
        "Only the control costs k²: the state costs q s² whatever the control is.",
        {"q + r * gain**2": "(q + r) * gain**2"},
    ),
    Mistake(
        "next state missing",
        "The next value is p s'², and s' = (a − b k) s, not s.",
        {"discount * closed_loop**2": "discount"},
    ),
    Mistake(
        "next state's cost missing",
        "That is γ p (a − b k)², or 1 minus it, without the costs.",
        {"(q + r * gain**2) / ": "1 / "},
    ),
    Mistake(
        "multiplied instead of divided",
        "Solve p (1 − γ (a − b k)²) = q + r k² for p.",
        {"(q + r * gain**2) / ": "(q + r * gain**2) * "},
    ),
    Mistake(
        "upside down",
        "p is the cost of a step divided by 1 − γ (a − b k)², not the other way round.",
        {f"{COST} / {LEFT}": f"{LEFT} / {COST}"},
    ),
    Mistake(
        "1 missing in the denominator",
        "p is on both sides of the equation: p − γ p (a − b k)² = q + r k².",
        {"1 - discount": "discount"},
        {"1 - discount": "-discount"},
    ),
    Mistake(
        "discounted once too often",
        "The first step's cost counts in full. Only later costs are multiplied by γ.",
        {"(q + r": "discount * (q + r"},
    ),
    Mistake(
        "cost per step",
        "You took 1 − γ times the sum, its mean per step. Return the sum itself.",
        {"(q + r": "(1 - discount) * (q + r"},
    ),
    Mistake(
        "gain multiplies a as well",
        "Only the control contains the gain: s' = a s − b k s.",
        {"a - b * gain": "(a - b) * gain"},
    ),
    Mistake(
        "gain squared in the next state",
        "u = −k s, so s' = (a − b k) s: it is squared only in the end, as a whole.",
        {"a - b * gain": "a - b * gain**2"},
    ),
    Mistake(
        "squares taken apart",
        "(a − b k)² is not a² − b² k²: the middle term −2 a b k is missing.",
        {"closed_loop**2": "(a**2 - b**2 * gain**2)"},
        {"closed_loop**2": "(a**2 + b**2 * gain**2)"},
    ),
    Mistake(
        "a and b swapped",
        "a multiplies the state, b the control: s' = a s + b u.",
        {"a - b * gain": "b - a * gain"},
    ),
    Mistake(
        "no control in the next state",
        "That is the cost of the system without control. s' = a s + b u, with u = −k s.",
        {"a - b * gain": "a"},
    ),
    Mistake(
        "plus instead of minus in the denominator",
        "Solve p = q + r k² + γ p (a − b k)² for p: on the left, the last term has a minus.",
        {"1 - discount": "1 + discount"},
    ),
    Mistake(
        "only the first step",
        "That is the cost of one step. All later steps count, too, discounted.",
        {" / (1 - discount * closed_loop**2)": ""},
    ),
    Mistake(
        "rollout too short",
        "You summed only the first costs. Sum until γ^t s_t² is negligible, or solve for p.",
        *(
            {"    return p": f"    return p * (1 - (discount * closed_loop**2) ** {steps})"}
            for steps in (*range(2, 31), 40, 50, 60, 80, 100)
        ),
    ),
    Mistake(
        "brackets missing",
        "Divide the sum of both costs by the whole difference.",
        {f"{COST} / {LEFT}": f"q + r * gain**2 / {LEFT}"},
        {f"{COST} / {LEFT}": f"q / {LEFT} + r * gain**2"},
        {LEFT: "1 - discount * closed_loop**2"},
    ),
    Mistake(
        "brackets in the wrong place",
        "Divide by 1 − γ (a − b k)²: the square is multiplied by γ, not by 1 − γ.",
        {"1 - discount * closed_loop**2": "(1 - discount) * closed_loop**2"},
    ),
    Mistake(
        "rounded",
        "Return p with all its digits: round only what you print.",
        *({"    return p": f"    return round(p, {digits})"} for digits in range(1, 5)),
    ),
    Mistake(
        "kept from an earlier call",
        "You store p by the gain alone. For the same gain in another system you return the old p.",
        {
            "discount):": "discount, known={}):",
            "    return p": "    return known.setdefault(gain, p)",
        },
    ),
    Mistake(
        "p multiplied by k²",
        "The cost is p s², with the state in which the policy starts, not p u².",
        {"    return p": "    return p * gain**2"},
    ),
    Mistake(
        "state cost of the next state",
        "The first step costs q s² + r u², with the state in which u is chosen.",
        {"q + r": "q * closed_loop**2 + r"},
    ),
    Mistake(
        "first cost left out",
        "The cost of the first step counts as well: begin the sum at t = 0.",
        {"    return p": "    return p - (q + r * gain**2)"},
    ),
    Mistake(
        "optimal instead of this gain's",
        "Your p does not depend on the gain: it is the cost of the best policy. Return the cost of"
        " the given gain, whether it is good or not.",
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
    retired=True,
    stub='''
def lqr_value(gain, a, b, q, r, discount):
    """Return p, so that p s² is the discounted cost of starting at s and following u = −gain · s.

    s' = a s + b u; each step costs q s² + r u². All are numbers; γ is discount.
    """
    p = None
    return p
''',
    statement="""Write k for the gain. Under u = −k s the next state is s' = (a − b k) s. Put that,
    and p s² for the value, into the Bellman equation, and solve it for p. Your p must equal the
    discounted sum of the costs of a rollout from s = 1.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your p with the correct one, for several gains",
    difficulty=2,
    minutes=5,
    hints=(
        "The Bellman equation is: value = cost of this step + γ · value of the next state. With"
        r" $p\,s^2$ for the value that is $p\,s^2 = q\,s^2 + r\,(k s)^2 + \gamma\,p\,s'^2$.",
        r"Put $s' = (a - b k)\,s$ in and divide by $s^2$. What remains is one linear equation for"
        " $p$.",
    ),
    cases=CASES,
    equivalents={
        "closed_loop = a - b * gain → closed_loop = b * gain - a": "only its square is used",
        "closed_loop = a - b * gain → a -= b * gain; closed_loop = a": (
            "a number is not changed in place"
        ),
        "return p → return np.float32(p)": "float32 is accepted",
    },
)
def check_lqr_value(
    lqr_value: Any, gains: Sequence[float], a: float, b: float, q: float, r: float, discount: float
) -> dict[str, Any]:
    """Check lqr_value."""
    results = [call(lqr_value, k, a, b, q, r, discount) for k in gains]
    return {"p": np.stack([arrays(result, ["p"], lqr_value)[0] for result in results])}
