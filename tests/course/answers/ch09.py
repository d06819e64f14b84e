"""Chapter 09: Ornstein-Uhlenbeck noise, its long run, the bounds of actions, exploring."""

import math

import numpy as np

from minddpg.ddpg.actions import ActionBox
from minddpg.ddpg.noise import OrnsteinUhlenbeckNoise

# 09.1


class OUNoise:
    """Written as in most tutorials; each argument of the class statement plants a mistake."""

    minus, root, first, remembers, centre = -1, 0.5, 0.0, True, 0
    theta_of = staticmethod(lambda theta, dt: theta)
    normal = staticmethod(lambda rng, n: rng.normal(size=n))

    def __init__(self, action_dim, theta, sigma, dt, rng):
        self.dim, self.theta, self.sigma, self.dt, self.rng = action_dim, theta, sigma, dt, rng
        self.state = np.full(action_dim, self.first)

    def __init_subclass__(cls, **planted):
        for name, value in planted.items():
            setattr(cls, name, staticmethod(value) if callable(value) else value)

    def reset(self):
        self.state = np.zeros(self.dim)

    def sample(self):
        theta = self.theta_of(self.theta, self.dt)
        dx = self.minus * theta * (self.state - self.centre) * self.dt
        dx = dx + self.sigma * self.dt**self.root * self.normal(self.rng, self.dim)
        if self.remembers:
            self.state = self.state + dx
            return self.state.copy()
        return dx


class ByLoop:
    def __init__(self, action_dim, theta, sigma, dt, rng):
        self.settings = theta, sigma, dt
        self.values, self.rng = [0.0] * action_dim, rng

    def reset(self):
        self.values = [0.0 for _ in self.values]

    def sample(self):
        theta, sigma, dt = self.settings
        for i, x in enumerate(self.values):
            self.values[i] = x - theta * x * dt + math.sqrt(dt) * self.rng.normal(0, sigma)
        return np.array(self.values, dtype=np.float32)


class Blocks(OUNoise):
    """Draws many numbers ahead."""

    block: list = []  # noqa: RUF012

    def sample(self):
        if not len(self.block):
            scale = self.sigma * np.sqrt(self.dt)
            self.block = list(self.rng.normal(scale=scale, size=(50, self.dim)))
        self.state = (1 - self.theta * self.dt) * self.state + self.block.pop()
        return self.state + 0


class NumbersAhead(OUNoise):
    """Draws all numbers of an episode at its start, and throws the rest away at the next."""

    def reset(self):
        super().reset()
        self.ahead = None

    def sample(self):
        if getattr(self, "ahead", None) is None:
            self.ahead = iter(self.rng.standard_normal((1_000, self.dim)))
        shock = self.sigma * np.sqrt(self.dt) * next(self.ahead)
        self.state = self.state - self.theta * self.dt * self.state + shock
        return self.state * 1.0


def by_generator(action_dim, theta, sigma, dt, rng):
    """Written without a class of its own."""

    def walk():
        x = np.zeros(action_dim)
        while True:
            x = x + (-theta * x * dt + sigma * rng.normal(0, dt**0.5, action_dim))
            yield x.tolist()

    class Noise:
        steps = walk()

        def sample(self):
            return next(self.steps)

        def reset(self):
            self.steps = walk()

    return Noise()


class Negative(OUNoise):
    """Subtracts its shocks, and keeps float32."""

    def sample(self):
        shock = np.float32(self.sigma * self.dt**0.5) * self.rng.standard_normal(
            self.dim, dtype=np.float32
        )
        self.state = np.float32(1 - self.theta * self.dt) * self.state.astype(np.float32) - shock
        return np.copy(self.state)


def package_noise(action_dim, theta, sigma, dt, rng):
    return OrnsteinUhlenbeckNoise(action_dim, sigma, rng, theta, dt)


class Shared(OUNoise):
    def sample(self):
        super().sample()
        return self.state


class SharedInPlace(OUNoise):
    def sample(self):
        self.state += self.sigma * np.sqrt(self.dt) * self.rng.normal(size=self.dim) - (
            self.theta * self.state * self.dt
        )
        return self.state


class InTheClass(OUNoise):
    """Keeps the walk in the class, where the next noise finds it."""

    def __init__(self, *settings):
        super().__init__(*settings)
        del self.state
        self.reset()

    def reset(self):
        type(self).state = np.zeros(self.dim)

    def sample(self):
        cls, shock = type(self), self.sigma * np.sqrt(self.dt)
        shocks = shock * self.rng.standard_normal(cls.state.shape)
        cls.state = cls.state * (1 - self.theta * self.dt) + shocks
        return cls.state.copy()


class FirstOnly(OUNoise):
    """Returns from within the loop."""

    def sample(self):
        for i in range(self.dim):
            self.state[i] *= 1 - self.theta * self.dt
            self.state[i] += self.sigma * self.dt**0.5 * self.rng.normal()
            return np.array(self.state)


class Increment(OUNoise):
    def sample(self):
        before = self.state.copy()
        return super().sample() - before


class Unreset(OUNoise):
    def reset(self):
        pass


class Scalar(OUNoise):
    def __init__(self, action_dim, *rest):
        super().__init__(action_dim, *rest)
        self.state = 0.0

    def reset(self):
        self.state = 0.0

    def sample(self):
        dx = -self.theta * self.state * self.dt + self.sigma * self.dt**0.5 * self.rng.normal()
        self.state += dx
        return self.state


class Clipped(OUNoise):
    def sample(self):
        super().sample()
        self.state = np.minimum(np.maximum(self.state, -1), 1)
        return self.state + 0


class Reseeded(OUNoise):
    def reset(self):
        super().reset()
        self.rng = np.random.default_rng(5)


def ou_with(**planted):
    return (type("Noise", (OUNoise,), {}, **planted),)


# 09.2


def ou_statistics(theta, sigma, dt):
    c = 1 - theta * dt
    variance = sum(sigma**2 * dt * c ** (2 * k) for k in range(400))
    return [variance**0.5, 1 / np.log(1 / c)]


def ou_statistics_by_iteration(theta, sigma, dt):
    variance, before = 0.0, -1.0
    while variance != before:
        before, variance = variance, (1 - theta * dt) ** 2 * variance + sigma**2 * dt
    return np.sqrt(variance), np.log(np.exp(-1.0)) / np.log(1 - theta * dt)


def ou_formulas(size, time):
    """Two formulas in t (theta), s (sigma), d (dt) and c."""

    def answer(theta, sigma, dt):
        names = {"t": theta, "s": sigma, "d": dt, "c": 1 - theta * dt, "m": math}
        return eval(size, names), eval(time, names)

    return (answer,)


SIZE, TIME = "s * m.sqrt(d / (1 - c * c))", "-1 / m.log(c)"

# 09.3 to 09.6


def formula(code):
    """An answer in the names a (action, of either kind), l (low), h (high), n (noise)."""
    return (lambda a, *rest: eval(code, dict(zip("alh", (a, *rest), strict=True)) | {"np": np}),)


def noisy(code):
    return (lambda action, noise: eval(code, {"a": action, "n": noise, "np": np}),)


def to_env(action, low, high):
    return low + (action + 1) * (high - low) / 2


def to_env_by_loop(action, low, high):
    return [
        [low[j] + 0.5 * (high[j] - low[j]) * (row[j] + 1) for j in range(len(low))]
        for row in action
    ]


def bounded_forward(z, low, high):
    y = np.tanh(z)
    return low + (y + 1) * (high - low) / 2, (y, high - low)


def bounded_backward(grad_action, cache):
    y, span = cache
    return grad_action * span / 2 * (1 - y * y)


def bounded_forward_by_weights(z, low, high):
    upper = 1 / (1 + np.exp(-2 * z))
    return upper * high + (1 - upper) * low, (upper, low, high)


def bounded_backward_by_weights(grad_action, cache):
    upper, low, high = cache
    return np.einsum("na,na,a->na", grad_action, 2 * upper * (1 - upper), high - low)


def bounded_forward_as_dict(z, low, high):
    squashed = (np.tanh(z) + 1) / 2
    return low * (1 - squashed) + high * squashed, {"squashed": squashed, "span": high - low}


def bounded_backward_as_dict(grad_action, cache):
    slope = cache["squashed"] - cache["squashed"] ** 2
    return 2 * slope * cache["span"] * grad_action


def bounded_forward_by_loop(z, low, high):
    action, slope = np.zeros(z.shape), np.zeros(z.shape)
    for i, j in np.ndindex(*z.shape):
        half = (high[j] - low[j]) / 2
        action[i, j] = low[j] + half + half * math.tanh(z[i, j])
        slope[i, j] = half * (1 - math.tanh(z[i, j]) ** 2)
    return action, slope


def bounded_backward_by_loop(grad_action, slope):
    return [
        [g * s for g, s in zip(*rows, strict=True)] for rows in zip(grad_action, slope, strict=True)
    ]


def bounded_forward_in_single(z, low, high):
    y = np.tanh(np.float32(z))
    return np.float32((low + high) / 2) + np.float32((high - low) / 2) * y, (y, high - low)


def bounded_backward_in_single(grad_action, cache):
    y, span = cache
    return np.float32(grad_action) * np.float32(span) / 2 * (1 - y * y)


def bounded_backward_by_complex_step(grad_action, cache):
    upper, low, high = cache
    z = np.arctanh(np.clip(2 * upper - 1, -1 + 1e-15, 1 - 1e-15))
    return grad_action * (high - low) / 2 * np.tanh(z + 1e-30j).imag / 1e-30


def back(code):
    """bounded_backward of g, y, s (the range)."""
    names = {"np": np}
    return (bounded_forward, lambda g, c: eval(code, names | {"g": g, "y": c[0], "s": c[1]}))


CORRECT = {
    "09.1": [
        *((each,) for each in (OUNoise, ByLoop, Blocks, NumbersAhead, Negative)),
        (by_generator,),
        (package_noise,),
    ],
    "09.2": [
        (ou_statistics,),
        (lambda theta, sigma, dt: np.array(ou_statistics(theta, sigma, dt)),),
        (ou_statistics_by_iteration,),
        (lambda t, s, d: (np.float32(s / np.sqrt(t * (2 - t * d))), -1 / np.log1p(-t * d)),),
        (
            lambda t, s, d: [
                np.array(s) * (2 * t - t * t * d) ** -0.5,
                math.log(math.e, 1 / (1 - t * d)),
            ],
        ),
        (lambda t, s, d: (math.sqrt(s * s * d / (t * d * (2 - t * d))), 1 / -math.log(1 - t * d)),),
    ],
    "09.3": [
        (to_env,),
        (to_env_by_loop,),
        (lambda action, low, high: ActionBox(low, high).to_env(action),),
        (lambda action, low, high: np.array(to_env(action, low, high), np.float32),),
        formula("np.einsum('na,a->na', a, (h - l) / 2) + (h + l) / 2"),
        formula("[[np.interp(x, [-1, 1], b) for x, b in zip(row, zip(l, h))] for row in a]"),
        formula("(a @ np.diag(h - l) + h + l) / 2"),
    ],
    "09.4": [
        formula("2 * (a - l) / (h - l) - 1"),
        formula("(2 * a - l - h) / (h - l)"),
        formula("[[np.interp(x, [p, q], [-1, 1]) for x, p, q in zip(r, l, h)] for r in a]"),
        formula("(a - l) / (h - l) - (h - a) / (h - l)"),
        formula("np.linalg.solve(np.diag((h - l) / 2), (a - (l + h) / 2).T).T"),
        formula("np.float32((a - (l + h) / 2) / ((h - l) / 2))"),
        formula("-1 + (a - l) * 2 / np.subtract(h, l)"),
    ],
    "09.5": [
        (bounded_forward, bounded_backward),
        (bounded_forward_by_weights, bounded_backward_by_weights),
        (bounded_forward_as_dict, bounded_backward_as_dict),
        (bounded_forward_by_loop, bounded_backward_by_loop),
        (bounded_forward_in_single, bounded_backward_in_single),
        (bounded_forward_by_weights, bounded_backward_by_complex_step),
    ],
    "09.6": [
        noisy("np.minimum(np.maximum(a + n, -1), 1)"),
        noisy("[[max(-1, min(1, x + e)) for x, e in zip(*pair)] for pair in zip(a, n)]"),
        noisy("(abs(a + n + 1) - abs(a + n - 1)) / 2"),
        noisy("np.where(abs(a + n) > 1, np.sign(a + n), a + n)"),
        noisy("np.float32(a + n).clip(-1.0, 1.0)"),
        noisy("np.median([a + n, np.ones(a.shape), -np.ones(a.shape)], axis=0)"),
    ],
}
MISTAKEN = {
    "09.1": [
        ((InTheClass,), "one walk for all noises"),
        ((FirstOnly,), "some entries never move"),
        (ou_with(normal=lambda rng, n: rng.random(n)), "drawn from uniform numbers"),
        (ou_with(normal=lambda rng, n: rng.random(n) - 0.5), "drawn from uniform numbers"),
        (ou_with(normal=lambda rng, n: rng.choice([-1, 1], n)), "shocks not normal"),
        ((Increment,), "increment returned instead of x"),
        (ou_with(centre=1), "pulled elsewhere than to zero"),
        (ou_with(theta_of=lambda theta, dt: theta / dt**0.5), "√dt in the drift"),
        ((Clipped,), "walk held within bounds"),
        (ou_with(root=0.5, normal=lambda rng, n: 2 * rng.normal(size=n)), "shocks twice as large"),
        (ou_with(theta_of=lambda theta, dt: theta / 2), "factor 1/2"),
        (ou_with(theta_of=lambda theta, dt: 0.15), "argument ignored: theta"),
        ((Reseeded,), "reset starts the same numbers again"),
        (ou_with(root=1), "dt instead of √dt"),
        (
            ou_with(normal=lambda rng, n: np.repeat(rng.normal(), n)),
            "one number for all dimensions",
        ),
        ((Scalar,), "one number for all dimensions"),
        ((Shared,), "the state itself is returned"),
        ((SharedInPlace,), "the state itself is returned"),
        (
            ou_with(normal=lambda rng, n: np.random.default_rng(1).normal(size=n)),
            "the same numbers at every step",
        ),
        # two at once
        ((type("Both", (Unreset,), {}, root=0),), "√dt missing and reset missing"),
        (
            (type("Both", (Shared,), {}, normal=lambda rng, n: rng.random(n)),),
            "drawn from uniform numbers and the state itself is returned",
        ),
    ],
    "09.2": [
        (ou_formulas("s / m.sqrt(2 * t)", TIME), "continuous-time formula"),
        (ou_formulas("s / m.sqrt(2 * t)", "1 / t"), "continuous-time formula"),
        (ou_formulas("s / m.sqrt(2 * t)", "1 / (t * d)"), "continuous-time formula"),
        (ou_formulas("s**2 * d / (1 - c**2)", TIME), "variance instead of deviation"),
        (ou_formulas("s / m.sqrt(1 - c**2)", TIME), "√dt missing"),
        (ou_formulas("s * d / m.sqrt(1 - c**2)", TIME), "dt instead of √dt"),
        (ou_formulas("s * m.sqrt(d / (1 - c))", TIME), "1 − c instead of 1 − c²"),
        (ou_formulas("s * m.sqrt(d) / (1 - c**2)", TIME), "root of 1 − c² missing"),
        (ou_formulas("s * d**0.5", TIME), "one step's deviation"),
        (ou_formulas("s * m.sqrt(d / (1 - (1 - t)**2))", TIME), "dt missing in c"),
        (ou_formulas("s * m.sqrt(d / (1 - (1 - t)**2))", "-1 / m.log(1 - t)"), "dt missing in c"),
        (ou_formulas(SIZE, "t**-1"), "1/θ as correlation time"),
        (ou_formulas(SIZE, "1 / (1 - c)"), "1/(θ dt) as correlation time"),
        (ou_formulas(SIZE, "-d / m.log(c)"), "time instead of steps"),
        (ou_formulas(SIZE, "m.log(0.5) / m.log(c)"), "half-life instead of 1/e"),
        (ou_formulas(SIZE, "1 / m.log(c)"), "number of steps negative"),
        (ou_formulas(SIZE, "-0.5 / m.log(c)"), "correlation time of the variance"),
        (ou_formulas(SIZE, "-m.log(c)"), "upside down"),
        (ou_formulas(SIZE, "m.ceil(-1 / m.log(c))"), "rounded to whole steps"),
        (ou_formulas("m.sqrt(d / (1 - c * c))", TIME), "σ missing"),
        (ou_formulas("s**2 * m.sqrt(d / (1 - c * c))", TIME), "σ² instead of σ"),
        (ou_formulas("0.2 * m.sqrt(d / (1 - c * c))", TIME), "argument ignored: sigma"),
        (ou_formulas(TIME, SIZE), "results in another order"),
        (
            ou_formulas("s**2 * d / (1 - c**2)", "1 / t"),
            "variance instead of deviation and 1/θ as correlation time",
        ),
    ],
    "09.3": [
        (formula("a.copy()"), "action scale forgotten"),
        (formula("np.minimum(np.maximum(a, l), h)"), "action scale forgotten"),
        (formula("a * (h - l) / 2"), "centre forgotten"),
        (formula("h[0] * a"), "high[0] for every dimension"),
        (formula("l[0] + (a + 1) * (h[0] - l[0]) / 2"), "high[0] for every dimension"),
        (formula("h * a"), "symmetrical bounds taken for granted"),
        (formula("(h + l) / 2 + a * (h - l)"), "range instead of half-range"),
        (formula("l + a * (h - l)"), "range instead of half-range"),
        (formula("h + (a + 1) * (l - h) / 2"), "low and high swapped"),
        (formula("l + a * (h - l) / 2"), "from low on"),
        (formula("(2 * a - l - h) / (h - l)"), "inverse instead"),
        (formula("(h - l) / 2 * (a + 1)"), "middle and half-range mixed up"),
        (formula("(h + l) / 2 * (a + 1)"), "middle and half-range mixed up"),
        (formula("(h + l) + a * (h - l)"), "factor 2"),
        (formula("h * a + l"), "unknown"),
    ],
    "09.4": [
        (formula("l + (a + 1) * (h - l) / 2"), "inverse forgotten"),
        (formula("1 * a"), "action scale forgotten"),
        (formula("np.clip(a, -1.0, 1.0)"), "action scale forgotten"),
        (formula("2 * a / (h - l)"), "centre forgotten"),
        (formula("2 * a / (h - l) - (l + h) / 2"), "centre subtracted last"),
        (formula("a / h[0]"), "high[0] for every dimension"),
        (formula("a / h"), "symmetrical bounds taken for granted"),
        (formula("(a - (l + h) / 2) * (h - l) / 2"), "multiplied instead of divided"),
        (formula("a / (h - l) - (l + h) / 2 / (h - l)"), "range instead of half-range"),
        (formula("(a - l) / (h - l)"), "mapped to [0, 1]"),
        (formula("(a - l) / ((h - l) / 2)"), "mapped to [0, 2]"),
        (formula("1 - 2 * (a - l) / (h - l)"), "low and high swapped"),
        (formula("(a - h[0]) / h"), "argument ignored: low"),
        (formula("2 * (a - l) / (h - l) + 1"), "1 added instead of subtracted"),
        (formula("(2 * a + l + h) / (h - l)"), "middle added"),
    ],
    "09.5": [
        (back("g * (1 - y**2)"), "half-range missing"),
        (back("g * s * (1 - y**2)"), "range instead of half-range"),
        (back("g * s * s / 4 * (1 - y**2)"), "half-range twice"),
        (back("g / (s / 2) * (1 - y**2)"), "divided by the half-range"),
        (back("g * s[0] / 2 * (1 - y**2)"), "half-range of the first dimension"),
        (
            (
                lambda z, low, high: (bounded_forward(z, low, high)[0], (z, low, high)),
                lambda g, c: g * (c[1] + c[2]) / 2 / np.cosh(c[0]) ** 2,
            ),
            "middle instead of half-range",
        ),
        (back("g * s / 2"), "slope missing"),
        (back("g * s / 2 / np.cosh(y)**2"), "slope at the output, where the input is meant"),
        (
            (
                lambda z, low, high: (bounded_forward(z, low, high)[0], (z, high - low)),
                lambda g, c: g * c[1] / 2 * (1 - c[0] * c[0]),
            ),
            "slope at the input, where the output is meant",
        ),
        (back("g * s / 2 * (1 - y)"), "1 − y instead of 1 − y²"),
        (back("s / 2 * (1 - y**2)"), "arriving gradient missing"),
        (back("g * s / 2 * y"), "output instead of its slope"),
        (back("-g * s / 2 * (1 - y**2)"), "sign flipped"),
        (back("g * s / 2 * (1 - y**2) / len(g)"), "factor 1/N"),
        (
            (
                lambda z, low, high: ((high - low) / 2 * np.tanh(z), (np.tanh(z), high - low)),
                bounded_backward,
            ),
            "centre forgotten",
        ),
        (back("g"), "half-range and slope missing"),
        (back("-g * s / 2"), "slope missing and sign flipped"),
    ],
    "09.6": [
        (noisy("a + n"), "not clipped"),
        (noisy("a + np.clip(n, -1, 1)"), "noise clipped instead of the sum"),
        (noisy("np.clip(a + np.clip(n, -1, 1), -1, 1)"), "noise and sum clipped"),
        (noisy("np.clip(a * n, -1, 1)"), "multiplied instead of added"),
        (noisy("np.clip(a + n, 0, 1)"), "clipped to [0, 1]"),
        (noisy("np.minimum(a + n, 1)"), "clipped at one end only"),
        (noisy("np.clip(a - n, -1, 1)"), "noise subtracted"),
        (noisy("np.mod(a + n + 1, 2) - 1"), "reflected or wrapped instead of clipped"),
        (noisy("np.tanh(a + n)"), "squashed instead of clipped"),
        (noisy("0 + a"), "noise forgotten"),
        (noisy("a.__iadd__(n).clip(-1, 1)"), "argument changed in place"),
        (noisy("np.clip(n, -1, 1)"), "noise alone"),
        (noisy("np.clip(a + n, -2, 2)"), "clipped to other bounds"),
        (noisy("np.clip(a + n.mean(), -1, 1)"), "one noise for the whole batch"),
        (noisy("a - n"), "not clipped and noise subtracted"),
    ],
}
