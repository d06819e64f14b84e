"""The solution of exercise 09.1, and the mistakes, which are edits of it."""

from ..engine import Mistake, edited

OWN_GENERATOR = (
    "A generator that you create yourself starts again each time. Draw from the one that is passed"
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

DRAW = "self.rng.standard_normal(self.action_dim)"
RESET = "self.x = np.zeros(self.action_dim)"
STEP = "self.x = (1 - self.theta * self.dt) * self.x + self.sigma * np.sqrt(self.dt) * n"
WITH_RESET = edited(SOLUTION, {"self.reset()": "self.x = np.zeros(action_dim)"})

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
        "The shocks are random, but not standard normal numbers.",
        {"rng.standard_normal(": "rng.uniform(-np.sqrt(3), np.sqrt(3), "},
        {"self.rng.standard_normal(": "np.sqrt(0.5) * self.rng.laplace(0, 1, "},
        {"rng.standard_normal(": "rng.standard_exponential("},
        {DRAW: f"np.rint({DRAW})"},
        {DRAW: f"np.clip({DRAW}, -1, 1)"},
    ),
    Mistake(
        "shocks never negative",
        "abs makes all shocks positive, so the noise pushes one way.",
        {DRAW: f"abs({DRAW})"},
    ),
    Mistake(
        "shocks twice as large", "The normal numbers are multiplied by 2.", {"n = ": "n = 2 * "}
    ),
    Mistake(
        "√(2 dt) instead of √dt",
        "The formula above has σ √dt. Other texts define σ differently.",
        {"np.sqrt(self.dt)": "np.sqrt(2 * self.dt)"},
        {"np.sqrt(self.dt)": "np.sqrt(2 * self.theta * self.dt)"},
    ),
    Mistake(
        "continuous-time formula",
        "exp(−θ dt) holds for the process in continuous time. Here a step keeps 1 − θ dt of x.",
        {"(1 - self.theta * self.dt)": "np.exp(-self.theta * self.dt)"},
        {
            "(1 - self.theta * self.dt)": "np.exp(-self.theta * self.dt)",
            "np.sqrt(self.dt)": (
                "np.sqrt((1 - np.exp(-2 * self.theta * self.dt)) / (2 * self.theta))"
            ),
        },
    ),
    Mistake(
        "walk held within bounds",
        "The walk itself is not limited. Only the action is clipped, after the noise was added.",
        {"        return self.x": "        self.x = np.clip(self.x, -1, 1)\n        return self.x"},
        {"self.x.copy()": "np.clip(self.x, -1, 1)"},
        {"        return self.x": "        self.x = np.tanh(self.x)\n        return self.x"},
    ),
    Mistake(
        "θ and σ swapped",
        "theta is the pull, sigma the size of the shocks. Check the order of the arguments.",
        {"= action_dim, theta, sigma": "= action_dim, sigma, theta"},
    ),
    Mistake(
        "θ dt instead of 1 − θ dt",
        "A step removes θ dt x, so 1 − θ dt of x is left.",
        {"(1 - self.theta * self.dt)": "(self.theta * self.dt)"},
    ),
    Mistake(
        "x missing in the drift",
        "The drift is −θ x dt. It is proportional to x, so it pulls back from both sides.",
        {"(1 - self.theta * self.dt) * self.x": "self.x - self.theta * self.dt"},
        {"(1 - self.theta * self.dt) * self.x": "self.x + self.theta * self.dt"},
    ),
    Mistake(
        "σ² instead of σ",
        "The shocks are normal numbers times σ √dt: σ is not squared.",
        {"self.sigma *": "self.sigma**2 *"},
    ),
    Mistake(
        "root over σ as well",
        "Only dt is under the root: σ √dt.",
        {"self.sigma * np.sqrt(self.dt)": "np.sqrt(self.sigma * self.dt)"},
    ),
    Mistake(
        "divided by √dt",
        "A longer time step has a larger shock: multiply by √dt.",
        {"self.sigma * np.sqrt": "self.sigma / np.sqrt"},
    ),
    Mistake(
        "dt² instead of √dt",
        "Variances add up over time, so a random step grows with the root of time: σ √dt.",
        {"np.sqrt(self.dt)": "self.dt**2"},
    ),
    Mistake(
        "dt/2 instead of √dt",
        "dt ** 1 / 2 is (dt ** 1) / 2. The root is dt ** 0.5, or np.sqrt(dt).",
        {"np.sqrt(self.dt)": "self.dt / 2"},
    ),
    Mistake(
        "only the change of x kept",
        "−θ x dt + σ √dt N(0, 1) is the change of x: the new x is the old one plus that.",
        {"(1 - self.theta * self.dt) * self.x": "-self.theta * self.dt * self.x"},
    ),
    Mistake(
        "(1 − θ) dt instead of 1 − θ dt",
        "A step removes θ dt x, so 1 − θ dt of x is left. Check the parentheses.",
        {"(1 - self.theta * self.dt)": "(1 - self.theta) * self.dt"},
    ),
    Mistake(
        "(1 − θ)^dt instead of 1 − θ dt",
        "The drift is linear in dt: a step of any length removes θ x dt.",
        {"(1 - self.theta * self.dt)": "(1 - self.theta) ** self.dt"},
    ),
    Mistake(
        "some entries never move",
        "Every entry of x has to move at each step. Does your loop cover all entries?",
        {DRAW: f"{DRAW} * (np.arange(self.action_dim) > 0)"},
    ),
    Mistake(
        "one walk for all noises",
        "A second noise moved the first one. Keep x in the object: self.x.",
        SOLUTION.replace("self.x", "OUNoise.x"),
    ),
    Mistake(
        "σ √dt added instead of multiplied",
        "σ √dt is the deviation of the shock, not its mean: multiply the normal number by it.",
        {"np.sqrt(self.dt) * n": "np.sqrt(self.dt) + n"},
    ),
    Mistake(
        "σ √dt missing",
        "The shocks are normal numbers times σ √dt.",
        {"self.sigma * np.sqrt(self.dt) * n": "n"},
    ),
    Mistake(
        "shock multiplied by θ",
        "Only x is multiplied by θ dt; the shock is added as it is.",
        {"+ self.sigma *": "- self.theta * self.dt * self.sigma *"},
    ),
    Mistake(
        "reset to another point than zero",
        "After reset the walk does not start at zero. Every episode should start there.",
        *(
            edited(WITH_RESET, {RESET: f"self.x = {point}"})
            for point in (
                "np.ones(self.action_dim)",
                "self.rng.standard_normal(self.action_dim)",
                "0.5 * self.x",
            )
        ),
    ),
    Mistake(
        "reset starts the same numbers again",
        "reset should only set x to zero. Keep the generator: otherwise all episodes have the same"
        " noise.",
        edited(WITH_RESET, {RESET: f"{RESET}\n        self.rng = np.random.default_rng(0)"}),
    ),
    Mistake(
        "half precision",
        "The walk is stored as float16, which has only three digits.",
        {"        return self.x": "        self.x = np.float16(self.x)\n        return self.x"},
        {"self.x.copy()": "np.float16(self.x)"},
    ),
    Mistake(
        "shock multiplied by dt as well",
        "The shock is σ √dt times a normal number. Only the drift is multiplied by dt.",
        {"* n\n": "* n * self.dt\n"},
    ),
    Mistake(
        "settings kept in the class",
        "A second noise with other settings changed the first. Keep each setting in the object:"
        " self.theta, not OUNoise.theta.",
        *(SOLUTION.replace(f"self.{name}", f"OUNoise.{name}") for name in ("theta", "sigma", "dt")),
    ),
    Mistake(
        "variance instead of deviation",
        "A shock's standard deviation is σ √dt; σ² dt is its variance.",
        {"self.sigma * np.sqrt(self.dt)": "self.sigma**2 * self.dt"},
    ),
    Mistake(
        "√dt in the drift",
        "The drift is proportional to dt itself, θ x dt; only the shock has the root.",
        {"self.theta * self.dt": "self.theta * np.sqrt(self.dt)"},
    ),
    Mistake(
        "pulled elsewhere than to zero",
        "The walk is pulled to a point other than zero. It should be pulled to zero.",
        {"(1 - self.theta * self.dt) * self.x": "self.x + self.theta * (1 - self.x) * self.dt"},
    ),
    Mistake(
        "returned before the step",
        "You return x from before the step. Move first, then return the new x.",
        {"        n =": "        before = self.x\n        n =", "self.x.copy()": "before"},
    ),
    Mistake(
        "increment returned instead of x",
        "That is the change of x. Return x itself.",
        {"        n =": "        before = self.x\n        n =", "self.x.copy()": "self.x - before"},
    ),
    Mistake(
        "√dt missing",
        "The shock grows with the root of time: σ √dt, not σ.",
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
        "dt is in both terms: θ x dt and σ √dt.",
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
        "This is a plain random walk: its variance grows without limit. −θ x dt is missing.",
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
        "You return the walk's own array, so a change of the sample changes the walk, and the"
        " reverse. Return a copy.",
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
    ),
    Mistake(
        "the same numbers at every step",
        OWN_GENERATOR,
        {"self.rng.standard": "np.random.default_rng(0).standard"},
    ),
    Mistake(
        "another source of randomness",
        "",
        {"self.rng = rng": "self.rng = np.random.default_rng()"},
        edited(WITH_RESET, {RESET: f"{RESET}\n        self.rng = np.random.default_rng()"}),
    ),
)

EQUIVALENTS = {
    f"{STEP} → {STEP.replace('+', '-')}": "a normal number is symmetrical about zero",
    "self.rng = rng moved after self.reset()": "reset does not use rng",
    "return self.x.copy() → return np.float32(self.x.copy())": "float32 is accepted",
    f"{RESET} → self.x = np.float16(np.zeros(self.action_dim))": "the first step replaces it",
    f"{RESET} → self.x = np.int64(np.zeros(self.action_dim))": "the first step replaces it",
}
