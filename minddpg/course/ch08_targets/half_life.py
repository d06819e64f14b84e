"""Exercise 08.3, retired: the half-life of the distance between a target and its network."""

from collections.abc import Sequence
from typing import Any

from ..engine import PROPERTY, Mistake, array, call, exercise

SOLUTION = """
def half_life(tau):
    updates = np.log(0.5) / np.log(1 - tau)
    return updates
"""

SINGLE = "seven digits are enough for a half-life"
FORMULA = "np.log(0.5) / np.log(1 - tau)"

MISTAKES = (
    Mistake(
        "1/τ",
        "1/τ is about the number of updates until 1/e of the distance is left, if τ is small.",
        {FORMULA: "1 / tau"},
    ),
    Mistake(
        "1/(2τ)",
        "Each step removes τ of the distance that is still left, not of the first distance.",
        {FORMULA: "0.5 / tau"},
    ),
    Mistake(
        "ln 2 / τ",
        "That holds for small τ, where ln(1 − τ) ≈ −τ. Solve (1 − τ)^n = 1/2 itself.",
        {FORMULA: "np.log(2) / tau"},
        *(
            {FORMULA: f"np.where(tau < {small}, np.log(2) / tau, {FORMULA})"}
            for small in (0.5, 0.1, 0.05, 0.01)
        ),
        *({FORMULA: f"{number} / tau"} for number in (0.69, 0.693, 0.7)),
    ),
    Mistake(
        "τ instead of 1 − τ",
        "τ is the part that a step removes. What is left is 1 − τ.",
        {"1 - tau": "tau"},
    ),
    Mistake(
        "two kinds of logarithm",
        "Any base will do, but use the same logarithm in the numerator and the denominator.",
        {"np.log(0.5)": "np.log10(0.5)"},
        {"np.log(1 - tau)": "np.log10(1 - tau)"},
        {"np.log(1 - tau)": "np.log2(1 - tau)"},
    ),
    Mistake(
        "time until 1/e is left",
        "After this number of updates 1/e is left, which is 37 %. Solve for one half.",
        {"np.log(0.5)": "-1"},
    ),
    Mistake(
        "logarithm missing",
        "The distance is multiplied at each step, so the number of steps is an exponent.",
        {FORMULA: "0.5 / (1 - tau)"},
        {FORMULA: "np.log(0.5) / (1 - tau)"},
        {FORMULA: "0.5 / np.log(1 - tau)"},
    ),
    Mistake(
        "power instead of logarithm",
        "The number of steps n is the exponent in (1 − τ)^n = 1/2. Take a logarithm of both sides.",
        {FORMULA: "(1 - tau) ** 0.5"},
        {FORMULA: "0.5 ** (1 - tau)"},
        {FORMULA: "0.5 ** (1 / (1 - tau))"},
        {FORMULA: "(1 - tau) ** 2"},
    ),
    Mistake(
        "sign flipped",
        "ln(1 − τ) is negative, and so is ln(1/2). Their quotient is positive; ln 2 is −ln(1/2).",
        {"np.log(0.5)": "-np.log(0.5)"},
    ),
    Mistake(
        "times instead of divided by",
        "n ln(1 − τ) = ln(1/2): divide by ln(1 − τ).",
        {"np.log(0.5) /": "np.log(0.5) *"},
        {"np.log(0.5) /": "-np.log(0.5) *"},
    ),
    Mistake(
        "difference of logarithms",
        "n ln(1 − τ) = ln(1/2): divide by ln(1 − τ). A difference of logarithms is the logarithm"
        " of a quotient.",
        {"np.log(0.5) /": "np.log(0.5) -"},
        {FORMULA: "np.log(0.5 / (1 - tau))"},
    ),
    Mistake(
        "one update too many or too few",
        "After n updates (1 − τ)^n of the distance is left, from the first update on.",
        {"return updates": "return updates + 1"},
        {"return updates": "return updates - 1"},
    ),
    Mistake(
        "factor 2",
        "Your number is twice too large: after this number of updates a quarter is left.",
        {"np.log(0.5)": "np.log(0.25)"},
    ),
    Mistake(
        "1 + τ instead of 1 − τ",
        "The distance shrinks by the factor 1 − τ.",
        {FORMULA: "np.log(2) / np.log(1 + tau)"},
        {"1 - tau": "1 + tau"},
    ),
    Mistake(
        "another share than half",
        "Solve (1 − τ)^n = 1/2.",
        *({"np.log(0.5)": f"np.log({share})"} for share in (0.1, 0.01, 0.05, 0.9, 0.75)),
    ),
    Mistake(
        "root or exponential instead of logarithm",
        "To solve (1 − τ)^n = 1/2 for the exponent n, take a logarithm of both sides.",
        {FORMULA: "np.exp(0.5) / np.exp(1 - tau)"},
        {"np.log(0.5)": "np.sqrt(0.5)"},
        {FORMULA: "np.sqrt(0.5) / np.sqrt(1 - tau)"},
    ),
    Mistake(
        "another approximation",
        "This approximation is close for small τ only. Solve (1 − τ)^n = 1/2 itself.",
        {FORMULA: "(1 - tau) / (2 * tau)"},
        {FORMULA: "np.log(2) / tau - np.log(2) / 2"},
        {FORMULA: "np.log(2) * (1 / tau - 0.5)"},
        {FORMULA: "np.log(2) / (tau + tau**2 / 2)"},
        {FORMULA: "np.log(2) / (tau + tau**2 / 2 + tau**3 / 3)"},
        {
            "return updates": "whole = np.floor(updates)\n"
            "    return whole + (1 - 0.5 / (1 - tau) ** whole) / tau"
        },
    ),
    Mistake(
        "at least one update",
        "For τ above 1/2, the first update covers more than half of the distance: n is below 1.",
        {"return updates": "return np.maximum(updates, 1)"},
    ),
    Mistake(
        "in units of 1/τ",
        "Return the number of updates itself, without the factor τ.",
        {"return updates": "return updates * tau"},
    ),
    Mistake(
        "one logarithm only",
        "n ln(1 − τ) = ln(1/2): n contains both logarithms.",
        {FORMULA: "np.log(1 - tau)"},
        {FORMULA: "-np.log(1 - tau)"},
        {FORMULA: "1 / np.log(1 - tau)"},
    ),
    Mistake(
        "rounded",
        "Return the number as it is.",
        *({"return updates": f"return np.round(updates, {digits})"} for digits in (1, 2, 3)),
    ),
    Mistake(
        "upside down",
        "That is 1/n. Turn the fraction over.",
        {FORMULA: "np.log(1 - tau) / np.log(0.5)"},
    ),
    Mistake(
        "rounded to whole updates",
        "Return the number as it is. It need not be whole.",
        *({"return updates": f"return np.{whole}(updates)"} for whole in ("ceil", "floor", "rint")),
        {"return updates": "return np.floor(updates) + 1"},
    ),
)


@exercise(
    "08.3",
    "The target's half-life",
    PROPERTY,
    retired=True,  # the chapter derives it in one line
    stub='''
def half_life(tau):
    """Return the number of updates that halve the distance of θ' from a fixed θ.

    0 < τ < 1. The number need not be whole.
    """
    updates = None
    return updates
''',
    statement="""Each Polyak step leaves 1 − τ of the distance. After how many steps is half of it
    left? Be exact: the check also tries large τ.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your half-lives with the exact ones",
    difficulty=1,
    minutes=5,
    hints=(
        r"After $n$ updates $(1 - \tau)^n$ of the distance is left. Set it to 1/2, and take a"
        " logarithm of both sides.",
    ),
    cases=({"taus": (0.7, 0.3, 0.02)}, {"taus": (0.94, 0.16, 0.0006)}),
    equivalents={"return updates → return np.float32(updates)": SINGLE},
)
def check_half_life(half_life: Any, taus: Sequence[float]) -> dict[str, Any]:
    """Check half_life."""
    wanted = "half_life should return a number: it"
    return {f"at τ = {tau}": array(call(half_life, tau), wanted) for tau in taus}
