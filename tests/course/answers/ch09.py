"""Chapter 09: Ornstein-Uhlenbeck noise, its settings, its name; bounds; a saturated actor."""

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


# 09.3


def formula(code):
    """An answer in the names a (action, of either kind), l (low), h (high), n (noise)."""
    return (lambda a, *rest: eval(code, dict(zip("alh", (a, *rest), strict=True)) | {"np": np}),)


def to_env(action, low, high):
    return low + (action + 1) * (high - low) / 2


def to_env_by_loop(action, low, high):
    return [
        [low[j] + 0.5 * (high[j] - low[j]) * (row[j] + 1) for j in range(len(low))]
        for row in action
    ]


# 09.7


def choose_ou_by_seconds(theta, seconds, step, deviation, low, high):
    c = math.e ** (-step / seconds)
    dt = (1 - c) / theta
    variance_of_one = dt / (1 - c) / (1 + c)
    return dt, [
        2 * d / (h - b) / variance_of_one**0.5 for d, h, b in zip(deviation, high, low, strict=True)
    ]


def choose_ou_by_iteration(theta, seconds, step, deviation, low, high):
    below, above = 0.0, 1.0
    for _ in range(200):
        c = (below + above) / 2
        below, above = (c, above) if c ** (seconds / step) < np.exp(-1) else (below, c)
    dt = (1 - c) / theta
    deviation_of_one = np.sqrt(dt * sum(c ** (2 * k) for k in range(2000)))
    return np.array(dt), deviation / deviation_of_one / (0.5 * high - 0.5 * low)


def choose_ou_by_expm1(theta, seconds, step, deviation, low, high):
    dt = -np.expm1(-step / seconds) / theta
    return dt, 2 * deviation * np.sqrt(theta * (2 - theta * dt)) / (high - low)


def choose_ou_in_single(*settings):
    dt, sigma = choose_ou_by_expm1(*settings)
    return np.float32(dt), sigma.astype(np.float32)


def choose_ou_by_variance(theta, seconds, step, deviation, low, high):
    c = 1 / np.exp(1 / (seconds / step))
    dt = (1 - c) / theta
    v = (deviation / (high - low) * 2) ** 2
    return [dt, np.sqrt(v * (1 - c * c) / dt)]


def choose_ou_by_log(theta, seconds, step, deviation, low, high):
    log_c = -step / seconds
    dt = (1 - np.exp(log_c)) / theta
    sigma = deviation / ((high - low) / 2) * ((1 - np.exp(2 * log_c)) / dt) ** 0.5
    return (dt, sigma)


def chosen(dt, sigma):
    """Two formulas in t (theta), k (steps), w (the deviation in units of [−1, 1]), c and dt."""

    def answer(theta, seconds, step, deviation, low, high):
        k, half = seconds / step, (high - low) / 2
        names = {"t": theta, "k": k, "w": deviation / half, "np": np, "step": step}
        names |= {"c": np.exp(-1 / k), "deviation": deviation, "high": high, "half": half}
        names["dt"] = eval(dt, names)
        return names["dt"], eval(sigma, names)

    return (answer,)


DT, SIGMA = "(1 - c) / t", "w * np.sqrt((1 - c * c) / dt)"

# 09.8


def actor_gradient_by_action(z, dq_da, weight):
    a = np.tanh(z)
    return (2 * weight * z - dq_da * (1 - a) * (1 + a)) / z.shape[0]


def actor_gradient_by_loop(z, dq_da, weight):
    grad = [[0.0] * z.shape[1] for _ in z]
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            grad[i][j] -= dq_da[i, j] * (1 - math.tanh(z[i, j]) ** 2) / z.shape[0]
            grad[i][j] += weight * 2 * z[i, j] / z.shape[0]
    return grad


def actor_gradient_by_cosh(z, dq_da, weight):
    with np.errstate(over="ignore"):
        slope = 1 / np.cosh(z) ** 2
    return np.mean([np.zeros_like(z), 2 * (weight * 2 * z - dq_da * slope)], axis=0) / len(dq_da)


def actor_gradient_by_complex_step(z, dq_da, weight):
    z = z + 1e-30j
    return (weight * z**2 - dq_da * np.tanh(z)).imag / 1e-30 / len(z)


def actor_gradient_in_single(z, dq_da, weight):
    return actor_gradient_by_action(*map(np.float32, (z, dq_da)), weight)


def actor_gradient_in_two_steps(z, dq_da, weight):
    n, _ = z.shape
    grad_action = -dq_da / n
    y = np.tanh(z)
    grad_z = grad_action * (1 - y**2)
    grad_z += 2 * weight / n * z
    return grad_z


def penalised(code):
    """A gradient in z, g (dQ/da), w (weight), y (tanh z) and N."""

    def answer(z, dq_da, weight):
        names = {"z": z, "g": dq_da, "w": weight, "y": np.tanh(z), "N": len(z), "np": np}
        return eval(code, names)

    return (answer,)


# 09.9


def name_by_regression(noise):
    if abs(noise.mean()) > 0.6 * noise.std():
        return "one-sided"
    now, later = noise[:, :-1].ravel(), noise[:, 1:].ravel()
    slope = now @ later / (now @ now)
    if slope < 0.2:
        return "independent"
    return "one push" if -1 / np.log(slope) > noise.shape[1] / 3 else "memory"


def name_by_episodes(noise):
    total = noise.var()
    if noise.mean() ** 2 > total:
        return "one-sided"
    if noise.mean(axis=1).var() > 0.5 * total:
        return "one push"
    steps = np.mean((noise[:, 1:] - noise[:, :-1]) ** 2)  # 2 (1 − c) of the variance
    return "independent" if steps > 1.7 * total else "memory"


def name_by_signs(noise):
    if not 0.2 < np.mean(noise > 0) < 0.8:
        return "one-sided"
    changes = np.mean(np.sign(noise[:, 1:]) != np.sign(noise[:, :-1]))
    if changes > 0.45:
        return "independent"
    return "memory" if changes > 0.06 else "one push"


def name_by_corrcoef(noise):
    if abs(np.mean(noise)) / np.std(noise) > 0.4:
        return "one-sided"
    c = np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]
    for limit, name in ((0.1, "independent"), (0.98, "memory"), (2, "one push")):
        if c < limit:
            return name


def name_by_halves(noise):
    steps = noise.shape[1]
    mean, deviation = float(np.sum(noise)) / noise.size, float(np.std(noise))
    if abs(mean) > 0.8 * deviation:
        return "one-sided"
    half = steps // 2
    far = np.mean(
        noise[:, half - 40 : -half] * noise[:, half : half + noise.shape[1] - 2 * half + 40]
    )
    if far > 0.5 * np.mean(noise[:, half - 40 : half + 40] ** 2):
        return "one push"
    near = sum(float(row[1:] @ row[:-1]) for row in noise) / float(np.sum(noise**2))
    return "memory" if near > 0.15 else "independent"


def name_by_lags(noise):
    def c(lag):
        return np.mean(noise[:, lag:] * noise[:, : noise.shape[1] - lag]) / np.mean(noise**2)

    if abs(noise.mean()) > noise.std() / 2:
        return "one-sided"
    return "independent" if c(1) < 0.1 else "one push" if c(60) > 0.4 else "memory"


def named(mean="abs(n.mean()) > 0.5 * n.std()", c="np.mean(n[:, 1:] * n[:, :-1]) / np.mean(n**2)"):
    """An answer in the noise n, with another test of the mean, or another correlation."""

    def answer(noise):
        names = {"n": noise, "np": np}
        if eval(mean, names):
            return "one-sided"
        kinds = ("independent", "memory", "one push")
        return kinds[np.searchsorted((0.15, 0.985), eval(c, names))]

    return (answer,)


CORRECT = {
    "09.1": [
        *((each,) for each in (OUNoise, ByLoop, Blocks, NumbersAhead, Negative)),
        (by_generator,),
        (package_noise,),
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
    "09.7": [
        (choose_ou_by_seconds,),
        (choose_ou_by_iteration,),
        (choose_ou_by_expm1,),
        (choose_ou_in_single,),
        (choose_ou_by_variance,),
        (choose_ou_by_log,),
    ],
    "09.8": [
        (actor_gradient_by_action,),
        (actor_gradient_by_loop,),
        (actor_gradient_by_cosh,),
        (actor_gradient_by_complex_step,),
        (actor_gradient_in_single,),
        (actor_gradient_in_two_steps,),
    ],
    "09.9": [
        (name_by_regression,),
        (name_by_episodes,),
        (name_by_signs,),
        (name_by_corrcoef,),
        (name_by_halves,),
        (name_by_lags,),
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
    "09.7": [
        (chosen("step", SIGMA), "the environment's step as dt"),
        (chosen("1 / (t * k)", SIGMA), "continuous-time formula for dt"),
        (chosen(DT, "w * np.sqrt(2 * t)"), "continuous-time formula for sigma"),
        (chosen("1 / (t * k)", "w * np.sqrt(2 * t)"), "continuous-time formula for both"),
        (chosen("c / t", SIGMA), "θ dt taken for c"),
        (chosen(DT, "w"), "deviation taken for sigma"),
        (chosen(DT, "deviation * np.sqrt((1 - c * c) / dt)"), "action scale forgotten"),
        (
            chosen(DT, "deviation / high * np.sqrt((1 - c * c) / dt)"),
            "high instead of the half-range",
        ),
        (
            chosen(DT, "deviation * half * np.sqrt((1 - c * c) / dt)"),
            "multiplied by the half-range",
        ),
        (chosen(DT, "w * np.sqrt(dt / (1 - c * c))"), "upside down"),
        (chosen(DT, "w * np.sqrt(1 - c * c)"), "√dt missing"),
        (chosen(DT, "w * (1 - c * c) / dt"), "root missing"),
        (chosen(DT, "w * np.sqrt((1 - c) / dt)"), "1 − c instead of 1 − c²"),
    ],
    "09.8": [
        (penalised("(2 * w * z - g) / N"), "tanh's slope missing"),
        (penalised("(2 * w * z - g) * (1 - y**2) / N"), "tanh's slope on the penalty as well"),
        (penalised("(2 * w * y - g * (1 - y**2)) / N"), "penalty on the action instead of z"),
        (penalised("(2 * w * z - g * (1 - z**2)) / N"), "tanh's slope taken at the wrong place"),
        (penalised("(2 * w * z + g * (1 - y**2)) / N"), "Q descended instead of climbed"),
        (penalised("(g * (1 - y**2) - 2 * w * z) / N"), "both signs turned"),
        (penalised("(w * z - g * (1 - y**2)) / N"), "factor 2 of the penalty missing"),
        (penalised("2 * w * z - g * (1 - y**2)"), "1/N missing"),
        (penalised("2 * w * z - g * (1 - y**2) / N"), "1/N missing in the penalty"),
        (penalised("(2 * w * z - g * (1 - y**2)) / z.size"), "divided by N · A"),
        (penalised("(w * z**2 - g * (1 - y**2)) / N"), "penalty's value instead of its slope"),
        # two at once
        (
            penalised("(w * z + g * (1 - y**2)) / N"),
            "Q descended instead of climbed and factor 2 of the penalty missing",
        ),
    ],
    "09.9": [
        (named(mean="abs(n.mean()) > 0.2"), "mean not compared with the deviation"),
        (named(mean="abs(n[0].mean()) > 0.5 * n[0].std()"), "one episode taken for all"),
        (named(mean="n.mean() > 0.4 * n.std()"), "positive means only"),
        (named(mean="False"), "mean never looked at"),
        (named(mean="n.mean() != 0"), "one-sided, whatever the noise is"),
        (named(c="np.mean(n[:, 1:] * n[:, :-1])"), "not normalised"),
        (named(mean="(n > 0).all() or (n < 0).all()"), "sign of the values instead of their mean"),
        (named(c="np.mean(n[:, 10:] * n[:, :-10]) / np.mean(n**2)"), "distant steps compared"),
        (named(c="np.mean(n[1:] * n[:-1]) / np.mean(n**2)"), "episodes compared instead of steps"),
    ],
}
