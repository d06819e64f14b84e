"""Chapter 09, from the actor to the environment: how large the noise is, and how long it lasts."""

from typing import Any

import numpy as np

from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import arrays, call

SETTINGS = ((0.15, 0.2, 1.0), (0.6, 0.3, 0.5))  # theta, sigma, dt: the paper's, and others

Formula = Any  # of theta, sigma, dt


def deviation(theta: float, sigma: float, dt: float) -> Any:
    return sigma * np.sqrt(dt / (1 - (1 - theta * dt) ** 2))


def correlation_time(theta: float, sigma: float, dt: float) -> Any:
    return -1 / np.log(1 - theta * dt)


def _pair(size: Formula = deviation, time: Formula = correlation_time) -> Any:
    return lambda theta, sigma, dt: (size(theta, sigma, dt), time(theta, sigma, dt))


def _continuous(theta: float, sigma: float, dt: float) -> Any:
    return sigma / np.sqrt(2 * theta)


def _exact(theta: float, sigma: float, dt: float) -> Any:
    return sigma * np.sqrt(dt / (1 - np.exp(-2 * theta * dt)))


LIMIT = "That holds as dt goes to 0. Steps of dt are taken here: c = 1 − θ dt, and no exponential."
SIZES = (
    ("continuous-time formula", _continuous, LIMIT),
    ("continuous-time formula", _exact, LIMIT),
    (
        "variance instead of deviation",
        lambda theta, sigma, dt: deviation(theta, sigma, dt) ** 2,
        "That is the variance. Take its root.",
    ),
    (
        "√dt missing",
        lambda theta, sigma, dt: deviation(theta, sigma, dt) / np.sqrt(dt),
        "Each step adds σ √dt times a normal number, not σ.",
    ),
    (
        "dt instead of √dt",
        lambda theta, sigma, dt: deviation(theta, sigma, dt) * np.sqrt(dt),
        "Each step adds σ √dt times a normal number, not σ dt.",
    ),
    (
        "1 − c instead of 1 − c²",
        lambda theta, sigma, dt: sigma * np.sqrt(dt / (theta * dt)),
        "Variances are what adds up: v = c² v + σ² dt.",
    ),
    (
        "root of 1 − c² missing",
        lambda theta, sigma, dt: sigma * np.sqrt(dt) / (1 - (1 - theta * dt) ** 2),
        "The variance is σ² dt / (1 − c²), and the deviation its root, all of it.",
    ),
    (
        "one step's deviation",
        lambda theta, sigma, dt: sigma * np.sqrt(dt),
        "That is what one step adds. The walk remembers many of them.",
    ),
    (
        "dt missing in c",
        lambda theta, sigma, dt: sigma * np.sqrt(dt / (1 - (1 - theta) ** 2)),
        "c, the share of x that is left after a step, is 1 − θ dt.",
    ),
)
TIMES = (
    ("1/θ as correlation time", lambda theta, sigma, dt: 1 / theta, LIMIT),
    ("1/(θ dt) as correlation time", lambda theta, sigma, dt: 1 / (theta * dt), LIMIT),
    (
        "time instead of steps",
        lambda theta, sigma, dt: dt * correlation_time(theta, sigma, dt),
        "That is the correlation time in units of time. Count steps.",
    ),
    (
        "half-life instead of 1/e",
        lambda theta, sigma, dt: np.log(2) * correlation_time(theta, sigma, dt),
        "After so many steps a half is left of the correlation. Ask for 1/e of it.",
    ),
    (
        "dt missing in c",
        lambda theta, sigma, dt: -1 / np.log(1 - theta),
        "c, the share of x that is left after a step, is 1 − θ dt.",
    ),
    (
        "θ dt instead of 1 − θ dt",
        lambda theta, sigma, dt: -1 / np.log(theta * dt),
        "θ dt is what is gone after a step. What is left is c = 1 − θ dt.",
    ),
)


@exercise(
    "09.2",
    "The noise in its long run",
    PROPERTY,
    stub='''
def ou_statistics(theta, sigma, dt):
    """Return (deviation, steps) of x <- x − θ x dt + σ √dt N(0, 1) in its long run.

    deviation is x's standard deviation; steps is after how many steps of dt the correlation has
    fallen to 1/e, a float.
    """
    deviation = steps = None
    return deviation, steps
''',
    statement="""Write x ← c x + σ √dt N(0, 1). In the long run the variance stays as it is: that is
    an equation for it. The correlation is multiplied by c at every step.""",
    reference=(_pair(),),
    rows=(
        *(Row(mistake, (_pair(size=size),), why) for mistake, size, why in SIZES),
        *(Row(mistake, (_pair(time=time),), why) for mistake, time, why in TIMES),
        Row(
            "continuous-time formula",
            (_pair(_continuous, lambda theta, sigma, dt: 1 / theta),),
            LIMIT,
        ),
        *(
            Row(
                "continuous-time formula",
                (_pair(size, lambda theta, _, dt: 1 / (theta * dt)),),
                LIMIT,
            )
            for size in (_continuous, _exact)
        ),
        Row("dt missing in c", (_pair(SIZES[-1][1], TIMES[-2][1]),), SIZES[-1][2]),
        Row("results in another order", (lambda *given: _pair()(*given)[::-1],)),
    ),
    compared="your formulas with the exact ones of the steps",
)
def check_ou_statistics(ou_statistics: Any) -> dict[str, Any]:
    """Check ou_statistics."""
    found: dict[str, Any] = {}
    for name, setting in zip(("the paper's", "at dt = 0.5"), SETTINGS, strict=True):
        result = call(ou_statistics, *setting)
        result = list(result) if np.shape(result) == (2,) else result
        size, steps = arrays(result, ["deviation", "steps"], ou_statistics)
        found |= {f"deviation, {name}": size, f"steps, {name}": steps}
    return found
