"""Chapter 09, from the actor to the environment: the mistakes that are known of a noise."""

from typing import Any

import numpy as np

from ..engine.exercise import Row
from . import walks

DRIFT = "Numbers from [0, 1) are never negative, so the noise pushes one way. Draw normal ones."
UNIFORM = "The shocks are uniform numbers. Draw standard normal ones."
AGAIN = "A generator that you make yourself starts anew each time. Draw from the one passed in."


def _row(mistake: str, why: str, **methods: Any) -> Row:
    return Row(mistake, (walks.walk(**methods),), why)


ROWS = (
    _row("drawn from uniform numbers", DRIFT, draw=walks.uniform(0, 1)),
    *(
        _row("drawn from uniform numbers", UNIFORM, draw=walks.uniform(-end, end))
        for end in (1, 0.5)
    ),
    _row(
        "shocks not normal",
        "Their spread is right and their distribution is not: draw standard normal ones.",
        draw=walks.uniform(-(3**0.5), 3**0.5),
    ),
    _row(
        "variance instead of deviation",
        "A shock's standard deviation is σ √dt; σ² dt is its variance.",
        scale=lambda self: self.sigma**2 * self.dt,
    ),
    _row(
        "√dt in the drift",
        "The drift grows with time itself, θ x dt; only the random part has the root.",
        kept=lambda self: 1 - self.theta * self.dt**0.5,
    ),
    _row(
        "pulled elsewhere than to zero",
        "The walk hovers about another point. It is pulled to zero.",
        sample=walks.pulled_to_one,
    ),
    _row(
        "returned before the step",
        "x is returned as it was. Move first, then return where the walk is.",
        sample=walks.too_early,
    ),
    _row(
        "increment returned instead of x",
        "That is by how much x moved. Return where it is.",
        sample=walks.increment,
    ),
    _row(
        "√dt missing",
        "A random step grows with the root of time: σ √dt, not σ.",
        scale=lambda self: self.sigma,
    ),
    _row(
        "dt instead of √dt",
        "Variances add up over time, so a random step grows with the root of it: σ √dt.",
        scale=lambda self: self.sigma * self.dt,
    ),
    _row(
        "dt missing in the drift",
        "The pull back to zero is θ x dt: a shorter step pulls less.",
        kept=lambda self: 1 - self.theta,
    ),
    _row(
        "dt missing in both",
        "The step's length dt is in both terms: θ x dt, and σ √dt.",
        kept=lambda self: 1 - self.theta,
        scale=lambda self: self.sigma,
    ),
    _row("θ missing", "The pull back to zero is θ x dt.", kept=lambda self: 1 - self.dt),
    _row("σ missing", "The shocks are σ √dt times normal.", scale=lambda self: self.dt**0.5),
    _row(
        "reset missing",
        "After reset, the walk goes on from where it was. It starts each episode at zero.",
        reset=walks.nothing,
    ),
    _row("does not start at zero", "A new noise starts at x = 0.", start=walks.once_elsewhere),
    _row(
        "does not start at zero",
        "Whether new or reset, the noise starts at x = 0.",
        start=walks.elsewhere,
    ),
    _row(
        "no memory",
        "Each sample is independent of the one before. Keep x in the object.",
        sample=walks.without_memory,
    ),
    _row(
        "no pull back to zero",
        "This is a plain random walk, which wanders ever farther: − θ x dt is missing.",
        kept=lambda self: 1,
    ),
    _row(
        "pull away from zero",
        "x grows by θ x dt at each step and explodes. The sign of the drift is minus.",
        kept=lambda self: 1 + self.theta * self.dt,
    ),
    _row("never moves", "Every sample is zero.", draw=lambda self: np.zeros(self.action_dim)),
    _row(
        "one number for all dimensions",
        "Every entry moves by the same number. Draw A of them.",
        draw=lambda self: np.full(self.action_dim, self.rng.standard_normal()),
    ),
    _row(
        "one number for all dimensions",
        "A single number came back. Draw A of them.",
        start=lambda self: setattr(self, "x", 0.0),
        draw=lambda self: self.rng.standard_normal(),
    ),
    *(
        _row(
            "the state itself is returned",
            "Whoever is given the noise holds the walk's own array: a change of one is a change"
            " of the other. Return a copy.",
            **methods,
        )
        for methods in ({"sample": walks.in_place}, {"told": lambda self: self.x})
    ),
    *(
        _row("the same numbers at every start", AGAIN, draw=walks.from_seed(seed))
        for seed in (0, 42)
    ),
    *(_row("the same numbers at every step", AGAIN, draw=walks.anew(seed)) for seed in (0, 42)),
    Row("another source of randomness", (walks.walk(draw=walks.from_seed(None)),)),
)
