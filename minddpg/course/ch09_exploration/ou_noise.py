"""Exercise 09.1: Ornstein–Uhlenbeck noise.

T steps, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Mistake, Observed, call, exercise
from .walk_probe import AFTER, EXACT, NO_PULL, STEPS, Noises, distribution, fitted, steps_of

OWN_GENERATOR = (
    "A generator that you create yourself starts anew each time. Draw from the one that is passed"
    " in."
)

SOLUTION = """
class OUNoise:
    def __init__(self, action_dim, theta, sigma, dt, rng):
        self.action_dim, self.theta, self.sigma, self.dt = action_dim, theta, sigma, dt
        self.rng = rng
        self.reset()

    def sample(self):
        n = self.rng.standard_normal(self.action_dim)
        self.x = (1 - self.theta * self.dt) * self.x + self.sigma * np.sqrt(self.dt) * n
        return self.x.copy()

    def reset(self):
        self.x = np.zeros(self.action_dim)
"""

MISTAKES = (
    Mistake(
        "drawn from uniform numbers",
        "Numbers from [0, 1) are never negative, so the noise pushes one way. Draw normal ones.",
        {"rng.standard_normal(": "rng.uniform(0, 1, "},
    ),
    Mistake(
        "drawn from uniform numbers",
        "The shocks are uniform numbers. Draw standard normal ones.",
        {"rng.standard_normal(": "rng.uniform(-1, 1, "},
        {"rng.standard_normal(": "rng.uniform(-0.5, 0.5, "},
    ),
    Mistake(
        "shocks not normal",
        "Their spread is right, but not their distribution: draw standard normal ones.",
        {"rng.standard_normal(": "rng.uniform(-np.sqrt(3), np.sqrt(3), "},
    ),
    Mistake(
        "variance instead of deviation",
        "A shock's standard deviation is σ √dt; σ² dt is its variance.",
        {"self.sigma * np.sqrt(self.dt)": "self.sigma**2 * self.dt"},
    ),
    Mistake(
        "√dt in the drift",
        "The drift grows with time itself, θ x dt; only the random part has the root.",
        {"self.theta * self.dt": "self.theta * np.sqrt(self.dt)"},
    ),
    Mistake(
        "pulled elsewhere than to zero",
        "The walk hovers around another point than zero. It should be pulled to zero.",
        {"(1 - self.theta * self.dt) * self.x": "self.x + self.theta * (1 - self.x) * self.dt"},
    ),
    Mistake(
        "returned before the step",
        "You return x as it was before the step. Move first, then return where the walk is.",
        {"        n =": "        before = self.x\n        n =", "self.x.copy()": "before"},
    ),
    Mistake(
        "increment returned instead of x",
        "That is the change of x. Return x itself.",
        {"        n =": "        before = self.x\n        n =", "self.x.copy()": "self.x - before"},
    ),
    Mistake(
        "√dt missing",
        "A random step grows with the root of time: σ √dt, not σ.",
        {" * np.sqrt(self.dt)": ""},
    ),
    Mistake(
        "dt instead of √dt",
        "Variances add up over time, so a random step grows with the root of time: σ √dt.",
        {"np.sqrt(self.dt)": "self.dt"},
    ),
    Mistake(
        "dt missing in the drift",
        "The pull back to zero is θ x dt: a shorter step pulls less.",
        {"self.theta * self.dt": "self.theta"},
    ),
    Mistake(
        "dt missing in both",
        "The step's length dt is in both terms: θ x dt, and σ √dt.",
        {"self.theta * self.dt": "self.theta", " * np.sqrt(self.dt)": ""},
    ),
    Mistake("θ missing", "The pull back to zero is θ x dt.", {"self.theta * self.dt": "self.dt"}),
    Mistake(
        "σ missing",
        "The shocks are normal numbers times σ √dt.",
        {"self.sigma * np.sqrt": "np.sqrt"},
    ),
    Mistake(
        "reset missing",
        "After reset, the walk continues from where it was. Every episode should start at zero.",
        {
            "self.reset()": "self.x = np.zeros(action_dim)",
            "self.x = np.zeros(self.action_dim)": "pass",
        },
    ),
    Mistake(
        "does not start at zero",
        "A new noise starts at x = 0.",
        {"self.reset()": "self.x = np.ones(action_dim)"},
    ),
    Mistake(
        "does not start at zero",
        "Whether new or reset, the noise starts at x = 0.",
        {"np.zeros": "np.ones"},
    ),
    Mistake(
        "no memory",
        "Each sample is independent of the one before. Keep x in the object.",
        {"(1 - self.theta * self.dt) * self.x + ": ""},
    ),
    Mistake(
        "no pull back to zero",
        "This is a plain random walk, which wanders ever farther: − θ x dt is missing.",
        {"(1 - self.theta * self.dt) * self.x": "self.x"},
    ),
    Mistake(
        "pull away from zero",
        "x grows by θ x dt at each step and explodes. The drift has a minus sign.",
        {"1 - self.theta": "1 + self.theta"},
    ),
    Mistake(
        "never moves", "Every sample is zero.", {"self.rng.standard_normal(self.action_dim)": "0"}
    ),
    Mistake(
        "one number for all dimensions",
        "Every entry moves by the same number. Draw A of them.",
        {"standard_normal(self.action_dim)": "standard_normal()"},
    ),
    Mistake(
        "one number for all dimensions",
        "You returned a single number. Draw A of them.",
        {
            "standard_normal(self.action_dim)": "standard_normal()",
            "np.zeros(self.action_dim)": "np.float64(0)",
        },
    ),
    Mistake(
        "the state itself is returned",
        "You return the walk's own array, so that whoever changes the sample changes the walk, and"
        " the other way round. Return a copy.",
        {"self.x.copy()": "self.x"},
        {
            "self.x.copy()": "self.x",
            "self.x = (1 - self.theta * self.dt) * self.x + ": (
                "self.x *= 1 - self.theta * self.dt\n        self.x += "
            ),
        },
    ),
    Mistake(
        "the same numbers at every start",
        OWN_GENERATOR,
        {"self.rng = rng": "self.rng = np.random.default_rng(0)"},
        {"self.rng = rng": "self.rng = np.random.default_rng(42)"},
    ),
    Mistake(
        "the same numbers at every step",
        OWN_GENERATOR,
        {"self.rng.standard": "np.random.default_rng(0).standard"},
        {"self.rng.standard": "np.random.default_rng(42).standard"},
    ),
    Mistake(
        "another source of randomness", "", {"self.rng = rng": "self.rng = np.random.default_rng()"}
    ),
)


@exercise(
    "09.1",
    "Ornstein–Uhlenbeck noise",
    BEHAVIOUR,
    stub='''
class OUNoise:
    """A walk in A dimensions that is pulled back to zero: x <- x − θ x dt + σ √dt N(0, 1)."""

    def __init__(self, action_dim, theta, sigma, dt, rng):
        """Start at zero. rng is a np.random.Generator; use no other source of randomness."""
        raise NotImplementedError

    def sample(self):
        """Move one step, each entry by its own number; return x (A,), as a copy."""
        x = None
        return x

    def reset(self):
        """Return to zero: an episode begins."""
        raise NotImplementedError
''',
    statement="""The paper explores with noise that has a memory: each step keeps most of the last
    one. Write this walk. The check measures the pull and the shock in each of its steps.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the steps of your walk with those of a correct one",
    cases=(
        {"action_dim": 4, "theta": 0.7, "sigma": 1.5, "dt": 0.3, "seed": 9},
        {"action_dim": 3, "theta": 0.2, "sigma": 0.4, "dt": 1.7, "seed": 30},
    ),
    difficulty=2,
    minutes=10,
    hints=(
        "`rng.standard_normal(action_dim)` draws A normal numbers. `rng.random` draws uniform ones"
        " between 0 and 1, which is something else: see *Break it*.",
        "Why a copy? If you return `self.x` itself, it changes in the caller's hands at the next"
        " `self.x += ...`, and the caller can change your walk by writing into it.",
    ),
)
def check_ou_noise(
    noise: Any, action_dim: int, theta: float, sigma: float, dt: float, seed: int
) -> dict[str, Any]:
    """Check OUNoise."""
    noises = Noises(noise, action_dim)
    shape = np.shape(call(noises.new(theta, sigma, dt, seed).sample))
    unit, free, pulled = (
        noises.new(*settings, seed)
        for settings in ((NO_PULL, 1.0, 1.0), (NO_PULL, sigma, dt), (theta, sigma, dt))
    )
    Noises(noise, action_dim + 1).new(theta / 2, 2 * sigma, dt, seed)
    units, frees, pulls = noises.paths([unit, free, pulled], STEPS)
    after = _after_reset(noises, free, pulled), _after_reset(noises, free, pulled)
    (_, _, free_shock), (drift, _, shock) = fitted(frees, units)[0], fitted(pulls, units)[0]
    ratio = shock / free_shock if free_shock else 1.0
    twin, other = noises.new(theta, sigma, dt, seed), noises.new(theta, sigma, dt, seed + 1)
    twins, others = noises.paths([twin, other], STEPS)
    return {
        "shape": Observed(shape, message=f"x has shape {shape}, it should have ({action_dim},)"),
        **steps_of(pulls, units),
        **distribution(noises.far(unit, units)),
        "the first sample has moved": bool(pulls[0].any()),
        "starts at zero": _equal(pulls[0], ratio * frees[0]),
        "reset returns to zero": _equal(after[0][1][0], ratio * after[0][0][0]),
        "reset leaves where the walk was": not _equal(
            after[0][1][0] - (1 + drift) * pulls[-1], ratio * (after[0][0][0] - frees[-1])
        ),
        "after reset, other numbers follow": not _equal(after[0][1], after[1][1]),
        "samples are copies": _is_copied(noises, noises.new(theta, sigma, dt, seed)),
        "two noises differ": not _equal(twins, others),
        "repeats with its rng": _equal(twins, pulls)
        and _equal(_after_reset(noises, None, twin)[1], after[0][1]),
    }


def _after_reset(noises: Noises, free: Any, pulled: Any) -> list[Array]:
    """Reset both noises; return their next AFTER samples (AFTER, A) each."""
    paths = []
    for noise in (free, pulled):
        if noise is not None:
            call(noise.reset, returns=False)
        paths.append(noises.paths([noise], AFTER)[0] if noise is not None else np.zeros(0))
    return paths


def _equal(x: Array, y: Array) -> bool:
    return bool(np.allclose(x, y, rtol=EXACT, atol=EXACT))


def _is_copied(noises: Noises, noise: Any) -> bool:
    """Say whether sample and walk can each change without changing the other."""
    x = call(noise.sample)
    before = np.copy(x)
    noises.step(noise)
    is_unchanged = np.array_equal(x, before)
    y = call(noise.sample)
    if isinstance(y, np.ndarray) and y.flags.writeable:
        y += 1e3
    return is_unchanged and not np.abs(noises.step(noise)).max() > 300
