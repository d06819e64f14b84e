"""Exercise 09.2, retired: the long-run deviation and the correlation time of OU noise."""

from typing import Any

from ..engine import PROPERTY, Mistake, arrays, call, exercise

NAMES = ("deviation", "steps")

SOLUTION = """
def ou_statistics(theta, sigma, dt):
    c = 1 - theta * dt
    deviation = sigma * np.sqrt(dt / (1 - c**2))
    steps = -1 / np.log(c)
    return deviation, steps
"""

SIZE, TIME = "sigma * np.sqrt(dt / (1 - c**2))", "-1 / np.log(c)"
CONTINUOUS = "sigma / np.sqrt(2 * theta)"
EXPONENTIAL = "sigma * np.sqrt(dt / (1 - np.exp(-2 * theta * dt)))"
LIMIT = (
    "That formula holds as dt goes to 0. This walk takes steps of dt, so c is 1 − θ dt, not an"
    " exponential."
)

MISTAKES = (
    Mistake(
        "continuous-time formula",
        LIMIT,
        {SIZE: CONTINUOUS},
        {SIZE: EXPONENTIAL},
        {SIZE: CONTINUOUS, TIME: "1 / theta"},
        {SIZE: CONTINUOUS, TIME: "1 / (theta * dt)"},
        {SIZE: EXPONENTIAL, TIME: "1 / (theta * dt)"},
    ),
    Mistake(
        "variance instead of deviation",
        "That is the variance. Take its root.",
        {SIZE: "sigma**2 * dt / (1 - c**2)"},
    ),
    Mistake(
        "√dt missing",
        "Each step adds σ √dt times a normal number, not σ.",
        {SIZE: "sigma / np.sqrt(1 - c**2)"},
    ),
    Mistake(
        "dt instead of √dt",
        "Each step adds σ √dt times a normal number, not σ dt.",
        {SIZE: "sigma * dt / np.sqrt(1 - c**2)"},
    ),
    Mistake(
        "1 − c instead of 1 − c²",
        "Variances add up, not deviations: v = c² v + σ² dt.",
        {"c**2": "c"},
    ),
    Mistake(
        "root of 1 − c² missing",
        "The variance is σ² dt / (1 − c²). The deviation is the root of the whole fraction.",
        {SIZE: "sigma * np.sqrt(dt) / (1 - c**2)"},
    ),
    Mistake(
        "one step's deviation",
        "That is the deviation of one shock. The walk is a sum of many shocks.",
        {SIZE: "sigma * np.sqrt(dt)"},
    ),
    Mistake(
        "dt missing in c",
        "c is the share of x that is left after a step, 1 − θ dt.",
        {"c = 1 - theta * dt": "c = 1 - theta"},
        {"c**2": "(1 - theta) ** 2"},
        {"np.log(c)": "np.log(1 - theta)"},
    ),
    Mistake("1/θ as correlation time", LIMIT, {TIME: "1 / theta"}),
    Mistake("1/(θ dt) as correlation time", LIMIT, {TIME: "1 / (theta * dt)"}),
    Mistake(
        "time instead of steps",
        "That is the correlation time in units of time. Count steps.",
        {TIME: "-dt / np.log(c)"},
    ),
    Mistake(
        "half-life instead of 1/e",
        "That is the time until half of the correlation is left. Solve for 1/e.",
        {TIME: "np.log(0.5) / np.log(c)"},
    ),
    Mistake(
        "θ dt instead of 1 − θ dt",
        "θ dt is the share that a step removes. What is left is c = 1 − θ dt.",
        {"np.log(c)": "np.log(theta * dt)"},
    ),
    Mistake(
        "correlation time of the variance",
        "The correlation after k steps is c^k. Only the variance contains c².",
        {TIME: "-1 / np.log(c**2)"},
    ),
    Mistake(
        "number of steps negative",
        "log c is negative, because c is below 1. The number of steps is −1 / log c.",
        {TIME: "1 / np.log(c)"},
    ),
    Mistake(
        "logarithm to another base",
        "For 1/e you need the natural logarithm, np.log.",
        {TIME: "-1 / np.log10(c)"},
    ),
    Mistake(
        "upside down",
        "−log c is the rate per step. The number of steps is 1 divided by this rate.",
        {TIME: "-np.log(c)"},
    ),
    Mistake(
        "rounded to whole steps",
        "Return a float: the correlation may reach 1/e between two steps.",
        {TIME: "np.ceil(-1 / np.log(c))"},
        {TIME: "np.round(-1 / np.log(c))"},
        {TIME: "int(-1 / np.log(c))"},
    ),
    Mistake(
        "root missing in the deviation",
        "v = c² v + σ² dt gives the variance v. Take the root of the whole fraction.",
        {SIZE: "sigma * (dt / (1 - c**2))"},
    ),
    Mistake(
        "sum of deviations",
        "Your formula adds deviations: σ √dt to c times the rest. Add variances.",
        {SIZE: "sigma * np.sqrt(dt) / (1 - c)"},
    ),
    Mistake(
        "θ instead of c",
        "The correlation is multiplied by c at every step, not by θ.",
        {"np.log(c)": "np.log(theta)"},
    ),
    Mistake(
        "(1 − θ) dt instead of 1 − θ dt",
        "A step removes θ dt x, so c is 1 − θ dt. Check the parentheses.",
        {"c = 1 - theta * dt": "c = (1 - theta) * dt"},
    ),
    Mistake(
        "√dt in c",
        "The drift is proportional to dt itself, θ x dt; only the shock has the root.",
        {"theta * dt": "theta * np.sqrt(dt)"},
    ),
    Mistake(
        "divided by dt",
        "−1 / log c is already a number of steps, because c contains dt.",
        {TIME: "-1 / np.log(c) / dt"},
    ),
    Mistake(
        "exp instead of log",
        "To solve c^k = e⁻¹, take the logarithm: k log c = −1.",
        {TIME: "-1 / np.exp(c)"},
    ),
    Mistake(
        "1 + θ dt instead of 1 − θ dt",
        "A step removes θ dt x, so c = 1 − θ dt is left.",
        {TIME: "-1 / np.log(1 + theta * dt)"},
    ),
    Mistake(
        "after some steps, not in the long run",
        "That is the deviation after some steps. In the long run this power of c is 0.",
        {SIZE: "sigma * np.sqrt(dt * (1 - c**200) / (1 - c**2))"},
    ),
    Mistake(
        "sign in the denominator",
        "1 − c² is θ dt (2 − θ dt), with a minus sign.",
        {"(1 - c**2)": "(theta * dt * (2 + theta * dt))"},
    ),
    Mistake(
        "parentheses missing",
        "1 − c² is θ dt (2 − θ dt): θ multiplies the whole difference.",
        {"(1 - c**2)": "(dt * (2 * theta - theta * dt))"},
    ),
    Mistake(
        "σ missing",
        "The shocks are proportional to σ, so the deviation is too.",
        {"sigma * np.sqrt(dt": "np.sqrt(dt"},
    ),
    Mistake(
        "σ² instead of σ",
        "σ is outside the root, where it is not squared.",
        {"sigma * np.sqrt(dt": "sigma**2 * np.sqrt(dt"},
    ),
    Mistake("results in another order", "", {"return deviation, steps": "return steps, deviation"}),
)


@exercise(
    "09.2",
    "The noise in the long run",
    PROPERTY,
    retired=True,
    stub='''
def ou_statistics(theta, sigma, dt):
    """Return (deviation, steps) of x <- x − θ x dt + σ √dt N(0, 1) in the long run.

    deviation is x's standard deviation; steps is the number of steps after which the
    correlation has fallen to 1/e, a float.
    """
    deviation = steps = None
    return deviation, steps
''',
    statement="""Write x ← c x + σ √dt N(0, 1). In the long run the variance no longer changes,
    which gives an equation for it. The correlation is multiplied by c at every step.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your formulas with the exact ones for steps of dt",
    cases=({"theta": 0.05, "sigma": 0.7, "dt": 0.4}, {"theta": 0.45, "sigma": 1.4, "dt": 1.7}),
    equivalents={
        "deviation = sigma * np.sqrt(dt / (1 - c ** 2))"
        " → sigma *= np.sqrt(dt / (1 - c ** 2)); deviation = sigma": (
            "a number cannot be changed in place"
        ),
        "return (deviation, steps) → return (np.float32(deviation), np.float32(steps))": (
            "float32 is accepted"
        ),
    },
    difficulty=2,
    minutes=10,
    hints=(
        r"In the long run the variance is the same before and after a step:"
        r" $v = c^2 v + \sigma^2 dt$. Solve for $v$. What is the standard deviation?",
        "After $k$ steps the correlation is $c^k$. Solve $c^k = e^{-1}$ for $k$: take the logarithm"
        " of both sides.",
    ),
)
def check_ou_statistics(
    ou_statistics: Any, theta: float, sigma: float, dt: float
) -> dict[str, Any]:
    """Check ou_statistics."""
    result = call(ou_statistics, theta, sigma, dt)
    return dict(zip(NAMES, arrays(result, NAMES, ou_statistics), strict=True))
