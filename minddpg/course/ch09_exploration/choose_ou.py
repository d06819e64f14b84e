"""Exercise 09.7: choose dt and sigma of OU noise by its memory and its deviation.

A action entries.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import PROPERTY, Mistake, arrays, call, exercise

NAMES = ("dt", "sigma")

SOLUTION = """
def choose_ou(theta, seconds, step, deviation, low, high):
    steps = seconds / step
    c = np.exp(-1 / steps)
    dt = (1 - c) / theta
    wanted = deviation / ((high - low) / 2)
    sigma = wanted * np.sqrt((1 - c**2) / dt)
    return dt, sigma
"""

C, DT = "c = np.exp(-1 / steps)", "dt = (1 - c) / theta"
WANTED = "wanted = deviation / ((high - low) / 2)"
SIGMA = "sigma = wanted * np.sqrt((1 - c**2) / dt)"
FACTOR = "np.sqrt((1 - c**2) / dt)"
LIMIT = (
    "That holds for steps that are short compared with the memory. Here c has to be exact: c to the"
    " power of the number of steps is 1/e."
)

MISTAKES = (
    Mistake(
        "the environment's step as dt",
        "You used the environment's step as dt. Compute dt from θ and from the share c that a step"
        " keeps: c = 1 − θ dt.",
        {DT: "dt = step"},
        {C: "c = 1 - theta * step", DT: "dt = step"},
    ),
    Mistake(
        "dt = 1, whatever is wanted",
        "With dt = 1 the memory follows from θ alone. Solve c = 1 − θ dt for dt.",
        {DT: "dt = 1.0"},
    ),
    Mistake(
        "continuous-time formula for dt",
        LIMIT,
        {C: "c = 1 - 1 / steps"},
        {DT: "dt = 1 / (theta * steps)"},
        {DT: "dt = -np.log(c) / theta"},
    ),
    Mistake(
        "continuous-time formula for sigma",
        "σ/√(2θ) is the deviation in the limit of short steps. For steps of dt it is"
        " σ √(dt / (1 − c²)).",
        {FACTOR: "np.sqrt(2 * theta)"},
    ),
    Mistake(
        "continuous-time formula for both",
        LIMIT,
        {C: "c = 1 - 1 / steps", FACTOR: "np.sqrt(2 * theta)"},
        {DT: "dt = 1 / (theta * steps)", FACTOR: "np.sqrt(2 * theta)"},
    ),
    Mistake(
        "seconds taken for steps",
        "The noise is drawn once per step. Count how many steps the memory lasts.",
        {"seconds / step": "seconds"},
    ),
    Mistake(
        "seconds times the step",
        "The memory lasts seconds / step steps: with shorter steps there are more of them.",
        {"seconds / step": "seconds * step"},
        {"seconds / step": "step / seconds"},
    ),
    Mistake(
        "c = 1/e, whatever the memory",
        "The correlation is c after one step, and should be 1/e after all steps of the memory: c to"
        " the power of `steps` is 1/e.",
        {C: "c = np.exp(-1)"},
    ),
    Mistake(
        "half-life instead of 1/e",
        "The correlation should have fallen to 1/e, not to 1/2.",
        {"np.exp(-1 / steps)": "0.5 ** (1 / steps)"},
    ),
    Mistake(
        "correlation time of the variance",
        "The correlation after k steps is c^k, not c^2k.",
        {"np.exp(-1 / steps)": "np.exp(-0.5 / steps)"},
        {"np.exp(-1 / steps)": "np.exp(-2 / steps)"},
    ),
    Mistake(
        "θ dt taken for c",
        "A step keeps c = 1 − θ dt of x and removes θ dt of it.",
        {DT: "dt = c / theta"},
    ),
    Mistake(
        "multiplied by θ",
        "c = 1 − θ dt: divide 1 − c by θ.",
        {DT: "dt = (1 - c) * theta"},
        {DT: "dt = 1 - c"},
    ),
    Mistake(
        "action scale forgotten",
        "sigma is in units of actions in [−1, 1], but the deviation is in the environment's units."
        " One unit of the first is a half-range of the second.",
        {WANTED: "wanted = deviation"},
    ),
    Mistake(
        "range instead of half-range",
        "The distance from −1 to 1 is 2, and in the environment's units it is high − low. So one"
        " unit is half of high − low.",
        {"((high - low) / 2)": "(high - low)"},
    ),
    Mistake(
        "high instead of the half-range",
        "The bounds need not be symmetrical. One unit of the action is (high − low) / 2.",
        {"((high - low) / 2)": "high"},
        {"((high - low) / 2)": "((high + low) / 2)"},
        {"((high - low) / 2)": "abs(high)"},
        {"((high - low) / 2)": "np.maximum(abs(low), abs(high))"},
    ),
    Mistake(
        "multiplied by the half-range",
        "The deviation is given in the environment's units. Divide by the half-range to get it in"
        " units of [−1, 1].",
        {"deviation / (": "deviation * ("},
    ),
    Mistake(
        "mapped like an action",
        "A deviation is a difference of actions: it is scaled by the half-range, and the middle"
        " does not matter.",
        {WANTED: "wanted = (deviation - (low + high) / 2) / ((high - low) / 2)"},
        {WANTED: "wanted = 2 * (deviation - low) / (high - low) - 1"},
    ),
    Mistake(
        "one sigma for all dimensions",
        "Each dimension has its own bounds and deviation, so it needs its own entry of sigma (A,).",
        {"return dt, sigma": "return dt, sigma[0] + 0 * sigma"},
        {"return dt, sigma": "return dt, sigma.mean() + 0 * sigma"},
        {"((high - low) / 2)": "((high[0] - low[0]) / 2)"},
        {"((high - low) / 2)": "((high - low).mean() / 2)"},
    ),
    Mistake(
        "deviation taken for sigma",
        "sigma is the size of the shocks. The walk is a sum of many shocks, so its deviation is"
        " σ √(dt / (1 − c²)).",
        {SIGMA: "sigma = wanted"},
        {SIGMA: "sigma = wanted / np.sqrt(dt)"},
    ),
    Mistake(
        "upside down",
        "The deviation is σ √(dt / (1 − c²)). Solve for σ: divide by the root.",
        {FACTOR: "np.sqrt(dt / (1 - c**2))"},
    ),
    Mistake(
        "√dt missing",
        "Each step adds σ √dt times a normal number. Divide by √dt to get σ.",
        {FACTOR: "np.sqrt(1 - c**2)"},
    ),
    Mistake(
        "dt instead of √dt",
        "Each step adds σ √dt times a normal number, not σ dt.",
        {FACTOR: "np.sqrt(1 - c**2) / dt"},
    ),
    Mistake(
        "multiplied by √dt",
        "Each step adds σ √dt times a normal number. Divide by √dt to get σ.",
        {FACTOR: "np.sqrt((1 - c**2) * dt)"},
    ),
    Mistake(
        "1 − c instead of 1 − c²",
        "Variances add up, not deviations: v = c² v + σ² dt.",
        {"(1 - c**2) / dt": "(1 - c) / dt"},
        {FACTOR: "(1 - c) / np.sqrt(dt)"},
    ),
    Mistake(
        "root missing",
        "v = σ² dt / (1 − c²) is the variance. Take the root of the whole fraction.",
        {FACTOR: "((1 - c**2) / dt)"},
    ),
    Mistake(
        "variance taken for the deviation",
        "Use the deviation, which is the root of the variance.",
        {SIGMA: "sigma = np.sqrt(wanted * (1 - c**2) / dt)"},
        {SIGMA: "sigma = wanted**2 * (1 - c**2) / dt"},
    ),
    Mistake("results in another order", "", {"return dt, sigma": "return sigma, dt"}),
)


@exercise(
    "09.7",
    "Which dt, which sigma",
    PROPERTY,
    stub='''
def choose_ou(theta, seconds, step, deviation, low, high):
    """Return dt and sigma (A,) of OU noise that has a given memory and a given deviation.

    The correlation of the noise should fall to 1/e in `seconds`; one step of the environment takes
    `step` seconds. In the long run the noise should have the standard deviation `deviation` (A,),
    in the environment's units. sigma is in units of actions in [-1, 1]; low and high (A,) are the
    bounds.
    """
    dt = sigma = None
    return dt, sigma
''',
    statement="""Decide before you explore: how long should the noise push one way, and how hard?
    Turn the two answers into the two settings of an implementation. Which dt gives this memory?
    Which sigma gives this deviation, and in which units is it?""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your dt and sigma with the exact ones",
    cases=(
        {
            "theta": 0.15,
            "seconds": 0.6,
            "step": 0.25,
            "deviation": (0.7, 3.1, 0.21),
            "low": (-1.3, -2.0, 0.4),
            "high": (2.2, 9.0, 1.1),
        },
        {
            "theta": 0.32,
            "seconds": 4.5,
            "step": 1.4,
            "deviation": (6.0, 0.35),
            "low": (-41.3, -0.37),
            "high": (-7.7, 1.9),
        },
    ),
    equivalents={
        "steps = seconds / step → seconds /= step; steps = seconds": (
            "a number cannot be changed in place"
        ),
        "return (dt, sigma) → return (np.float32(dt), np.float32(sigma))": "float32 is accepted",
    },
    difficulty=2,
    importance=2,
    minutes=10,
    hints=(
        "First count how many steps the memory lasts. The correlation after k steps is c^k, which"
        " should be 1/e at the end of the memory. Which c is that? Which dt gives c = 1 − θ dt?",
        "Translate the deviation into units of [−1, 1]: divide by half of high − low. Then solve"
        " deviation = σ √(dt / (1 − c²)) for σ.",
    ),
)
def check_choose_ou(
    choose_ou: Any,
    theta: float,
    seconds: float,
    step: float,
    deviation: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
) -> dict[str, Any]:
    """Check choose_ou, with unequal bounds and with steps that are not short for the memory."""
    given = [np.array(values) for values in (deviation, low, high)]
    result = call(choose_ou, theta, seconds, step, *given)
    return dict(zip(NAMES, arrays(result, NAMES, choose_ou), strict=True))
