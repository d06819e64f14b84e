"""Exercise 09.1: Ornstein–Uhlenbeck noise.

T steps, A action entries.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, arrays, call, exercise

ACTION, THETA, SIGMA, DT = 4, 0.4, 0.3, 0.5
EARLY, STEPS, RESETS = 100, 2400, 250
FAR = 12.0  # in units of a shock: a walk beyond it has not stayed near zero
LOST = 1e6  # a walk beyond it has exploded
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
    one. Write this walk. The check runs it for a few thousand steps and measures it.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your walk's statistics with those of a correct one",
    difficulty=2,
    minutes=10,
    hints=(
        "`rng.standard_normal(action_dim)` draws A normal numbers. `rng.random` draws uniform ones"
        " between 0 and 1, which is something else: see *Break it*.",
        "Why a copy? If you return `self.x` itself, it changes in the caller's hands at the next"
        " `self.x += ...`, and the caller can change your walk by writing into it.",
    ),
)
def check_ou_noise(noise: Any) -> dict[str, Any]:
    """Check OUNoise."""

    def new(rng: np.random.Generator, sigma: float = SIGMA) -> Any:
        return call(noise, ACTION, THETA, sigma, DT, rng, changes=(4,))

    rng = np.random.default_rng(9)
    walker, still = new(rng), new(rng, sigma=0.0)
    shape = np.shape(call(walker.sample))
    found, size = _statistics(_path(walker))
    starts = [_step(new(rng)) for _ in range(2)]
    twins = [new(np.random.default_rng(3)) for _ in range(2)]
    paths = [[_step(twin) for _ in range(9)] for twin in twins]
    return {
        "shape": Observed(shape, message=f"x has shape {shape}, it should have ({ACTION},)"),
        **found,
        "starts at zero": Observed(
            not _step(still).any(), message="with σ = 0 the first sample of a new noise is not 0"
        ),
        "returns to zero": _returns(walker, size),
        "samples are copies": _is_copied(new(rng)),
        "two noises differ": np.any(starts[0] != starts[1]),
        "repeats with its rng": np.array_equal(paths[0], paths[1]),
    }


def _step(walker: Any) -> Array:
    """Return the next sample (A,); a single number is repeated for all entries."""
    (x,) = arrays((call(walker.sample),), ["x"], walker.sample)
    if x.shape not in ((), (ACTION,)):
        raise InvalidAnswer(f"sample should return x of shape ({ACTION},), not {x.shape}.")
    return np.broadcast_to(x, (ACTION,))


def _path(walker: Any) -> Array:
    """Return a path (T, A), which ends where it explodes; only its first step is validated."""
    path = [_step(walker)]
    while len(path) < EARLY + STEPS and not np.abs(path[-1]).max() > LOST:
        some = min(100, EARLY + STEPS - len(path))
        path += [np.zeros(ACTION) + walker.sample() for _ in range(some)]
    return np.array(path)


def _statistics(path: Array) -> tuple[dict[str, Any], float]:
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


def _returns(walker: Any, size: float) -> bool:
    """Say whether the first step after a reset is as large as a step from zero."""
    firsts = []
    for _ in range(RESETS):
        call(walker.reset, returns=False)
        firsts.append(_step(walker))
    ratio = np.sqrt(np.mean(np.square(firsts))) / max(size, 1e-9)
    return not size or bool(0.75 < ratio < 1.3)


def _is_copied(walker: Any) -> bool:
    """Say whether sample and walk can each change without changing the other."""
    x = call(walker.sample)
    before = np.copy(x)
    _step(walker)
    is_unchanged = np.array_equal(x, before)
    y = call(walker.sample)
    if isinstance(y, np.ndarray) and y.flags.writeable:
        y += 1e3
    return is_unchanged and not np.abs(_step(walker)).max() > 500
