"""Chapter 09, from the actor to the environment: Ornstein-Uhlenbeck noise.

T steps, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, arrays, call
from .mistakes import ROWS
from .walks import OUNoise

ACTION, THETA, SIGMA, DT = 4, 0.4, 0.3, 0.5
EARLY, STEPS, RESETS = 100, 2400, 250
FAR, LOST = 12.0, 1e6  # steps away from zero, and anything


def step(walker: Any) -> Array:
    """Return the next sample; one number stands for all entries alike."""
    (x,) = arrays((call(walker.sample),), ["x"], walker.sample)
    if x.shape not in ((), (ACTION,)):
        raise InvalidAnswer(f"sample should return x of shape ({ACTION},), not {x.shape}.")
    return np.broadcast_to(x, (ACTION,))


def walked(walker: Any) -> Array:
    """Return a path (T, A), cut short where it explodes; only its first step is looked at."""
    path = [step(walker)]
    while len(path) < EARLY + STEPS and not np.abs(path[-1]).max() > LOST:
        some = min(100, EARLY + STEPS - len(path))
        path += [np.zeros(ACTION) + walker.sample() for _ in range(some)]
    return np.array(path)


def statistics(path: Array) -> tuple[dict[str, Any], float]:
    """Fit x' = c x + shock to a path, and measure both parts; return a shock's size, too."""
    explodes = len(path) < EARLY + STEPS
    path = path[EARLY:] if not explodes else path
    deviation = path - path.mean(axis=0)
    before, after = deviation[:-1], deviation[1:]
    moves = not deviation.std() < 1e-9
    c = np.sum(before * after) / np.sum(before**2) if moves else 0.0
    size = np.sqrt(np.mean((path[1:] - c * path[:-1]) ** 2))
    stays = not (explodes or np.abs(path).max() > FAR * size)
    shocks = after - c * before if moves and stays else np.zeros((2, ACTION))
    spread = shocks.std(axis=0).mean()
    found = {
        "pull to zero at each step": Observed(1 - c if stays else 0.0, 0.19),
        "shocks' standard deviation": Observed(spread, 0.06),
        "long-run standard deviation": Observed(deviation.std() if stays else 0.0, 0.11),
        "no drift to one side": not (stays and abs(path.mean()) > 0.5 * size),
        "shocks are normal": not spread or abs(np.mean(shocks**4) / spread**4 - 3) < 0.5,
        "entries are independent": not spread or _largest_correlation(shocks) < 0.2,
        "stays near zero": stays,
        "does not explode": not explodes,
    }
    return found, float(size)


def _largest_correlation(shocks: Array) -> float:
    return float(np.abs(np.corrcoef(shocks.T) - np.eye(ACTION)).max())


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
        """Move one step, each entry by a number of its own; return x (A,), as a copy."""
        x = None
        return x

    def reset(self):
        """Return to zero: an episode begins."""
        raise NotImplementedError
''',
    statement="""The paper explores with noise that remembers: each step keeps most of the last.
    Write the walk. The check lets it run for a few thousand steps and measures it.""",
    reference=(OUNoise,),
    rows=ROWS,
    compared="your walk's statistics with those of the right one",
)
def check_ou_noise(noise: Any) -> dict[str, Any]:
    """Check OUNoise."""

    def new(rng: np.random.Generator, sigma: float = SIGMA) -> Any:
        return call(noise, ACTION, THETA, sigma, DT, rng, changes=(4,))

    rng = np.random.default_rng(9)
    walker, still = new(rng), new(rng, sigma=0.0)
    shape = np.shape(call(walker.sample))
    found, size = statistics(walked(walker))
    starts = [step(new(rng)) for _ in range(2)]
    twins = [new(np.random.default_rng(3)) for _ in range(2)]
    paths = [[step(twin) for _ in range(9)] for twin in twins]
    return {
        "shape": Observed(shape, says=f"x has shape {shape}, it should have ({ACTION},)"),
        **found,
        "starts at zero": Observed(
            not step(still).any(), says="with σ = 0 the first sample of a new noise is not 0"
        ),
        "returns to zero": _returns(walker, size),
        "samples are copies": _is_copied(new(rng)),
        "two noises differ": np.any(starts[0] != starts[1]),
        "repeats with its rng": np.array_equal(paths[0], paths[1]),
    }


def _returns(walker: Any, size: float) -> bool:
    """Say whether the first step after a reset is as large as one from zero."""
    firsts = []
    for _ in range(RESETS):
        call(walker.reset, returns=False)
        firsts.append(step(walker))
    ratio = np.sqrt(np.mean(np.square(firsts))) / max(size, 1e-9)
    return not size or bool(0.75 < ratio < 1.3)


def _is_copied(walker: Any) -> bool:
    """Say whether a sample stays as it is when the walk goes on, and the other way round."""
    x = call(walker.sample)
    before = np.copy(x)
    step(walker)
    kept = np.array_equal(x, before)
    y = call(walker.sample)
    if isinstance(y, np.ndarray) and y.flags.writeable:
        y += 1e3
    return kept and not np.abs(step(walker)).max() > 500
