"""Exercise 09.1: Ornstein–Uhlenbeck noise.

T steps, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, Observed, call, exercise
from .ou_mistakes import EQUIVALENTS, MISTAKES, SOLUTION
from .walk_probe import AFTER, EXACT, NO_PULL, STEPS, Noises, distribution, fitted, steps_of

STARTS = {
    (AT_ZERO := 0): "",
    (ELSEWHERE := 1): "after reset, the walk starts at a point other than zero",
    (CONTINUES := 2): "after reset, the walk continues from where it was",
}


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
        """Move one step, each entry by its own random number; return a copy of x (A,)."""
        x = None
        return x

    def reset(self):
        """Return to zero at the start of an episode."""
        raise NotImplementedError
''',
    statement="""Write this random walk. The check measures the pull and the shock in each of its
    steps.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the steps of your walk with those of a correct one",
    cases=(
        {"action_dim": 4, "theta": 0.7, "sigma": 1.5, "dt": 0.3, "seed": 16, "many": 500},
        {"action_dim": 3, "theta": 0.2, "sigma": 0.4, "dt": 1.7, "seed": 9},
    ),
    equivalents=EQUIVALENTS,
    difficulty=2,
    importance=2,
    minutes=8,
    hints=(
        "`rng.standard_normal(action_dim)` draws A normal numbers. `rng.random` draws uniform ones"
        " between 0 and 1, which make another noise: see *Break it*.",
        "Why a copy? If you return `self.x` itself, the next `self.x += ...` changes the caller's"
        " sample, and the caller can change your walk by writing into it.",
    ),
)
def check_ou_noise(
    noise: Any, action_dim: int, theta: float, sigma: float, dt: float, seed: int, many: int = 0
) -> dict[str, Any]:
    """Check OUNoise.

    Args:
        many: steps of a walk whose normal numbers are examined; 0 to leave that out.
    """
    noises = Noises(noise, action_dim)
    first = noises.new(theta, sigma, dt, seed)
    shape = np.shape(call(first.sample))
    Noises(noise, action_dim + 1).new(theta / 2, 2 * sigma, dt, seed)
    if noises.shape(first) != shape:
        message = "after a second noise was created, the first one no longer has its own x"
        return {"a second noise leaves the first alone": Observed(False, message=message)}
    unit, free, pulled = (
        noises.new(*settings, seed)
        for settings in ((NO_PULL, 1.0, 1.0), (NO_PULL, sigma, dt), (theta, sigma, dt))
    )
    Noises(noise, action_dim + 1).new(theta / 2, 2 * sigma, dt, seed)  # a bug may change the others
    units, frees, pulls = noises.paths([unit, free, pulled], STEPS)
    if len(shape) == 1 and units.any() and not units.any(axis=0).all():
        still = ", ".join(map(str, np.flatnonzero(~units.any(axis=0))))
        return {"every entry moves": Observed(False, message=f"never moved: entries {still}")}
    (free_after, pulled_after), (_, later) = (
        _after_reset(noises, [free, pulled]) for _ in range(2)
    )
    (_, _, free_shock), (drift, _, shock) = fitted(frees, units)[0], fitted(pulls, units)[0]
    ratio = shock / free_shock if free_shock else 1.0
    # from zero, the steps of both walks differ only in the size of the shock
    free_step, pulled_step = free_after[0], pulled_after[0]
    start = AT_ZERO if _equal(pulled_step, ratio * free_step) else ELSEWHERE
    if start and _equal(pulled_step - (1 + drift) * pulls[-1], ratio * (free_step - frees[-1])):
        start = CONTINUES
    twin, other = noises.new(theta, sigma, dt, seed), noises.new(theta, sigma, dt, seed + 1)
    twins, others = noises.paths([twin, other], STEPS)
    return {
        "shape": Observed(shape, message=f"x has shape {shape}, it should have ({action_dim},)"),
        "a second noise leaves the first alone": True,
        "every entry moves": True,
        **steps_of(pulls, units),
        **(distribution(noises.far(unit, units, many)) if many else {}),
        "the first sample has moved": bool(pulls[0].any()),
        "starts at zero": _equal(pulls[0], ratio * frees[0]),
        "reset returns to zero": Observed(start, message=STARTS[start]),
        "after reset, other numbers follow": not _equal(pulled_after, later),
        "samples are copies": _is_copied(noises, noises.new(theta, sigma, dt, seed)),
        "two noises differ": not _equal(twins, others),
        "repeats with its rng": _equal(twins, pulls)
        and _equal(_after_reset(noises, [twin])[0], pulled_after),
    }


def _after_reset(noises: Noises, walks: list[Any]) -> list[Array]:
    """Reset walks; return the next AFTER samples (AFTER, A) of each."""
    for walk in walks:
        call(walk.reset, returns=False)
    return noises.paths(walks, AFTER)


def _equal(x: Array, y: Array) -> bool:
    return bool(np.allclose(x, y, rtol=EXACT, atol=EXACT))


def _is_copied(noises: Noises, noise: Any) -> bool:
    """Say whether a sample and the walk can change without changing each other."""
    x = call(noise.sample)
    before = np.copy(x)
    noises.step(noise)
    is_unchanged = np.array_equal(x, before)
    y = call(noise.sample)
    if isinstance(y, np.ndarray) and y.flags.writeable:
        y += 1e3
    return is_unchanged and not np.abs(noises.step(noise)).max() > 300
