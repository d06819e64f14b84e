"""Chapter 12: batch normalisation, the target of TD3, TD3."""

from functools import partial

import numpy as np

# 12.1


def batchnorm_forward(x, gamma, beta):
    mean, variance = np.mean(x, axis=0), np.var(x, axis=0)
    xhat = (x - mean) / np.sqrt(variance + 1e-5)
    return gamma * xhat + beta, (xhat, gamma, variance)


def batchnorm_backward(grad_y, cache):
    xhat, gamma, variance = cache
    n = len(grad_y)
    grad_xhat = grad_y * gamma
    grad_x = n * grad_xhat - grad_xhat.sum(0) - xhat * (grad_xhat * xhat).sum(0)
    return grad_x / n / np.sqrt(variance + 1e-5), (grad_y * xhat).sum(0), grad_y.sum(0)


def staged_forward(x, gamma, beta):
    centred = x - x.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    return gamma * (centred / (variance + 1e-5) ** 0.5) + beta, (centred, variance, gamma)


def staged_backward(grad_y, cache):
    """Node by node, as the graph has it."""
    centred, variance, gamma = cache
    n = len(grad_y)
    deviation = np.sqrt(variance + 1e-5)
    grad_xhat = grad_y * gamma
    grad_inverse = np.sum(grad_xhat * centred, axis=0)
    grad_variance = -0.5 * grad_inverse / deviation**3
    grad_centred = grad_xhat / deviation + 2 / n * centred * grad_variance
    grad_x = grad_centred - grad_centred.sum(axis=0) / n
    return [grad_x, np.sum(grad_y * centred / deviation, axis=0), np.sum(grad_y, axis=0)]


def forward_that_keeps_x(x, gamma, beta):
    return batchnorm_forward(x, gamma, beta)[0], {"x": x, "gamma": gamma}


def backward_from_x(grad_y, cache, mean_of=lambda x: x.mean(axis=0)):
    """All three paths from x; the cache is a dict."""
    x, gamma = cache["x"], cache["gamma"]
    inverse = 1 / np.sqrt(x.var(axis=0) + 1e-5)
    g, centred = grad_y * gamma, x - x.mean(axis=0)
    grad_variance = -0.5 * np.sum(g * centred, axis=0) * inverse**3
    grad_x = g * inverse + (2 * grad_variance * (x - mean_of(x)) - g.sum(axis=0) * inverse) / len(x)
    return grad_x, np.einsum("ni,ni->i", grad_y, centred * inverse), grad_y.sum(axis=0)


def forward_in_place(x, gamma, beta):
    """y and x̂ are one array."""
    y, (xhat, gamma, variance) = batchnorm_forward(x, gamma, beta)
    xhat[:] = y
    return xhat, (xhat, gamma, variance)


def single_forward(x, gamma, beta):
    return batchnorm_forward(*(np.float32(each) for each in (x, gamma, beta)))


def forward_by_column(x, gamma, beta):
    """Column by column, in lists; the cache is a list of dicts."""
    columns, cache = [], []
    for column, g, b in zip(x.T.tolist(), gamma, beta, strict=True):
        m = sum(column) / len(column)
        v = sum(e * e for e in column) / len(column) - m * m
        hat = [(e - m) / (v + 1e-5) ** 0.5 for e in column]
        columns.append([g * e + b for e in hat])
        cache.append({"hat": np.array(hat), "scale": g / (v + 1e-5) ** 0.5})
    return np.transpose(columns), cache


def backward_by_projection(grad_y, cache):
    """The Jacobian of a column is a projection: I − 1 1ᵀ/N − x̂ x̂ᵀ/N."""
    grad_x = np.empty_like(grad_y)
    for i, column in enumerate(cache):
        hat, n = column["hat"], len(grad_y)
        project = np.eye(n) - 1 / n - np.outer(hat, hat) / n
        grad_x[:, i] = column["scale"] * project @ grad_y[:, i]
    grad_gamma = [float(column["hat"] @ g) for column, g in zip(cache, grad_y.T, strict=True)]
    return grad_x, grad_gamma, list(grad_y.sum(axis=0))


class Normalise:
    """A callable object whose cache is a function: backward by the complex step, entry by entry."""

    def __call__(self, x, gamma, beta):
        def output(x):
            centred = x - x.sum(axis=0) / len(x)
            return centred / np.sqrt((centred**2).sum(axis=0) / len(x) + 1e-5)

        def backward(grad_y):
            steps = 1e-30j * np.eye(x.size).reshape(-1, *x.shape)
            slopes = [np.sum(gamma * grad_y * output(x + h).imag) for h in steps]
            grads = np.einsum("ni,ni->i", grad_y, output(x)), np.einsum("ni->i", grad_y)
            return np.reshape(slopes, x.shape) * 1e30, *grads

        return output(x) * gamma + beta, backward


def norm_forward(divisor="np.sqrt(x.var(0) + 1e-5)", centre="x.mean(0)"):
    """Both passes, the forward one with another divisor or centre, code in x."""

    def forward(x, gamma, beta):
        s = eval(divisor, {"x": x, "np": np})
        xhat = (x - eval(centre, {"x": x, "np": np})) / s
        return gamma * xhat + beta, (xhat, gamma, s**2 - 1e-5)

    return (forward, batchnorm_backward)


def layer_norm():
    """Each row by its own mean and variance, with the derivative of that."""

    def forward(x, gamma, beta):
        y, (hat, _, variance) = batchnorm_forward(x.T, np.ones(len(x)), np.zeros(len(x)))
        return gamma * y.T + beta, (hat, gamma, variance)

    def backward(grad_y, cache):
        hat, gamma, variance = cache
        inner = (hat, np.ones(len(grad_y)), variance)
        grad_x, _, _ = batchnorm_backward((gamma * grad_y).T, inner)
        return grad_x.T, (grad_y * hat.T).sum(0), grad_y.sum(0)

    return forward, backward


def norm_backward(grad_x="G", grad_gamma="A", grad_beta="B"):
    """A backward pass; in g (dL/dy), h (x̂), w (γ), s (the root), N; G, A, B are correct."""

    def backward(grad_y, cache):
        correct = dict(zip("GAB", batchnorm_backward(grad_y, cache), strict=True))
        xhat, gamma, variance = cache
        names = {"g": grad_y, "h": xhat, "w": gamma, "s": np.sqrt(variance + 1e-5), **correct}
        return tuple(
            eval(code, names | {"N": len(grad_y)}) for code in (grad_x, grad_gamma, grad_beta)
        )

    return (batchnorm_forward, backward)


# 12.3


def td3_target(reward, terminated, next_action, noise, q1, q2, discount, noise_clip):
    noise = np.maximum(np.minimum(noise, noise_clip), -noise_clip)
    smoothed = np.maximum(np.minimum(next_action + noise, 1), -1)
    both = np.stack([q1(smoothed), q2(smoothed)], axis=1).min(axis=1)
    return [
        r if end else r + discount * q for r, end, q in zip(reward, terminated, both, strict=True)
    ]


def td3(q="np.minimum(q1(a), q2(a))", a="np.clip(u + np.clip(e, -c, c), -1, 1)",
        y="r + g * (1 - d) * q"):  # fmt: skip
    """A target in r, d (terminated), u (next action), e (noise), q1, q2, g and c."""

    def answer(*given):
        names = dict(zip(("r", "d", "u", "e", "q1", "q2", "g", "c"), given, strict=True))
        names["np"] = np
        names["a"] = eval(a, names)
        names["q"] = eval(q, names)
        return eval(y, names)

    return (answer,)


# 12.6


def forward(params, x, tanh=False):
    (w1, b1, w2, b2, w3, b3) = params
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = np.maximum(h1 @ w2 + b2, 0)
    y = h2 @ w3 + b3
    return np.tanh(y) if tanh else y, (x, h1, h2)


def backward(params, cache, grad):
    grads = []
    for k, h in reversed(list(enumerate(cache))):
        grads = [h.T @ grad, grad.sum(axis=0), *grads]
        grad = grad @ params[2 * k].T
        if k:
            grad = grad * (h > 0)
    return grad, grads


class FlatAdam:
    def __init__(self, rate):
        self.rate, self.t, self.m, self.v = rate, 0, 0.0, 0.0

    def step(self, params, grads):
        g = np.concatenate([x.ravel() for x in grads])
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.999 * self.v + 0.001 * g * g
        root = np.sqrt(self.v / (1 - 0.999**self.t)) + 1e-8
        moved = self.rate * (self.m / (1 - 0.9**self.t)) / root
        for x in params:
            x -= moved[: x.size].reshape(x.shape)
            moved = moved[x.size :]


class OnePage:
    """TD3 on a page that stands alone; each part can be replaced."""

    def __init__(
        self, actor, critic, critic2, discount, tau, actor_rate, critic_rate, noise_clip, delay
    ):
        self.actor, self.critic, self.critic2 = map(self.copied, (actor, critic, critic2))
        self.target_actor = self.copied(actor)
        self.target_critic, self.target_critic2 = self.copied(critic), self.copied(critic2)
        self.gamma, self.tau, self.clip, self.delay = discount, tau, noise_clip, delay
        self.adams = FlatAdam(actor_rate), FlatAdam(critic_rate), FlatAdam(critic_rate)
        self.count = 0

    @staticmethod
    def copied(network):
        return [np.array(x) for x in network]

    def act(self, obs):
        return forward(self.actor, obs, tanh=True)[0]

    def smoothed(self, batch, noise):
        a = forward(self.target_actor, batch.next_obs, tanh=True)[0]
        return np.clip(a + np.clip(noise, -self.clip, self.clip), -1, 1)

    def smaller(self, q1, q2):
        return np.minimum(q1, q2)

    def y(self, batch, noise):
        x = np.hstack((batch.next_obs, self.smoothed(batch, noise)))
        q1, q2 = (forward(c, x)[0] for c in (self.target_critic, self.target_critic2))
        r, d = batch.reward[:, None], batch.terminated[:, None]
        return r + self.gamma * (1 - d) * self.smaller(q1, q2)

    def descend(self, critic, adam, batch, y):
        q, cache = forward(critic, np.hstack((batch.obs, batch.action)))
        adam.step(critic, backward(critic, cache, 2 * (q - y) / len(y))[1])

    def climbed(self):
        return self.critic

    def climb(self, batch):
        a, cache = forward(self.actor, batch.obs, tanh=True)
        q, inputs = forward(self.climbed(), np.hstack((batch.obs, a)))
        dq_da = backward(self.climbed(), inputs, np.ones_like(q))[0][:, batch.obs.shape[1] :]
        grad = -dq_da * (1 - a * a) / len(a)
        self.adams[0].step(self.actor, backward(self.actor, cache, grad)[1])

    def follow(self):
        for name in ("actor", "critic", "critic2"):
            pairs = zip(getattr(self, f"target_{name}"), getattr(self, name), strict=True)
            for slow, fast in pairs:
                slow += self.tau * (fast - slow)

    def is_due(self):
        self.count += 1
        return self.count % self.delay == 0

    def update(self, batch, noise):
        y = self.y(batch, noise)
        self.descend(self.critic, self.adams[1], batch, y)
        self.descend(self.critic2, self.adams[2], batch, y)
        if self.is_due():
            self.climb(batch)
            self.follow()


def page(**methods):
    """The page with these methods replaced, and a correct as_ddpg."""
    return type("OnePage", (OnePage,), methods), off()


def off(critic2="[x + 0 for x in critic]", noise="0 * noise", delay="1"):
    """An as_ddpg, in code."""

    def as_ddpg(critic, noise_):
        names = {"critic": critic, "noise": noise_, "np": np}
        return tuple(eval(code, names) for code in (critic2, noise, delay))

    return lambda critic, noise: as_ddpg(critic, noise)


def in_a_dict(self, *given):
    """Two critics in a list."""
    OnePage.__init__(self, *given)
    self.pairs = [(self.critic, self.adams[1]), (self.critic2, self.adams[2])]


def by_pairs(self, batch, noise):
    y = self.y(batch, noise)
    for critic, adam in self.pairs:
        self.descend(critic, adam, batch, y)
    self.count += 1
    if not self.count % self.delay:
        self.climb(batch)
        self.follow()


def made(*given):
    """A function that makes agents, instead of a class."""
    return OnePage(*given)


def counting_down(self, batch, noise):
    y = self.y(batch, noise)
    self.descend(self.critic2, self.adams[2], batch, y)
    self.descend(self.critic, self.adams[1], batch, y)
    self.left = getattr(self, "left", self.delay) - 1
    if self.left == 0:
        self.left = self.delay
        self.climb(batch)
        self.follow()


def row_by_row(self, batch, noise):
    """y in a loop."""
    x = np.hstack((batch.next_obs, self.smoothed(batch, noise)))
    y = []
    for i in range(len(x)):
        q = min(float(forward(c, x[i : i + 1])[0][0, 0]) for c in self.both())
        y.append(batch.reward[i] + (0 if batch.terminated[i] else self.gamma * q))
    return np.array(y)[:, None]


def one_critic(self, batch, noise):
    """Only the first critic learns."""
    self.descend(self.critic, self.adams[1], batch, self.y(batch, noise))
    if self.is_due():
        self.climb(batch)
        self.follow()


def targets_at_once(self, batch, noise):
    y = self.y(batch, noise)
    self.descend(self.critic, self.adams[1], batch, y)
    self.descend(self.critic2, self.adams[2], batch, y)
    if self.is_due():
        self.climb(batch)
    self.follow()


CORRECT = {
    "12.1": [
        (batchnorm_forward, batchnorm_backward),
        (staged_forward, staged_backward),
        (single_forward, batchnorm_backward),
        (forward_by_column, backward_by_projection),
        (Normalise(), lambda grad_y, cache: cache(grad_y)),
        (partial(staged_forward), partial(staged_backward)),
        (forward_that_keeps_x, backward_from_x),
    ],
    "12.3": [
        (td3_target,),
        td3(y="r + g * (1 - d) * q"),
        td3(q="np.min([q1(a), q2(a)], axis=0)", y="np.where(d, r, r + g * q)"),
        td3(q="np.where(q1(a) < q2(a), q1(a), q2(a))", y="r + g * ~d * q"),
        td3(q="-np.maximum(-q1(a), -q2(a))", y="np.float32(r) + g * q * np.logical_not(d)"),
        td3(q="(q1(a) + q2(a) - abs(q1(a) - q2(a))) / 2", y="(r + g * q) * ~d + r * d"),
        td3(a="np.median([u + np.clip(e, -c, c), 0 * u - 1, 0 * u + 1], axis=0)"),
        (partial(td3_target),),
    ],
    "12.6": [
        page(),
        page(__init__=in_a_dict, update=by_pairs),
        (made, off("list(map(np.copy, critic))", "np.zeros(noise.shape)", "1.0")),
        page(update=counting_down),
        page(y=row_by_row, both=lambda self: (self.target_critic, self.target_critic2)),
        page(smaller=lambda self, q1, q2: np.where(q1 < q2, q1, q2)),
        (OnePage, off("critic", "noise - noise", "np.int64(1)")),
        (OnePage, lambda critic, noise: [critic, np.zeros_like(noise), 1]),
    ],
}
SWAPPED = "γ and √(v + ε) swapped in grad_x"
MISTAKEN = {
    "12.1": [
        (norm_backward("w / s * (g - h * (g * h).mean(0))"), "mean held constant"),
        (norm_backward("w / s * (g - g.mean(0))"), "variance held constant"),
        (norm_backward("g * w / s"), "missing chain term"),
        (
            norm_backward("w / s * (g - g.sum(0) - h * (g * h).sum(0))"),
            "sums instead of means inside",
        ),
        (norm_backward("w / s * (g + g.mean(0) + h * (g * h).mean(0))"), "wrong sign of the terms"),
        (
            norm_backward("w / s * (g - g.mean(0) - (g * h).mean(0))"),
            "x̂ missing in the variance's term",
        ),
        (
            norm_backward("w / s * (g - g.mean(0) - h * (g * h).sum(0))"),
            "sums instead of means inside",
        ),
        (norm_backward("G / w"), "γ missing in grad_x"),
        (norm_backward("G * s"), "1/√(v + ε) missing in grad_x"),
        (norm_backward("G / s"), "divided by the variance"),
        (norm_backward("-G"), "sign flipped"),
        (norm_backward("N * G"), "factor N"),
        (norm_backward(grad_gamma="g.sum(0)"), "grad_gamma without x̂"),
        (norm_backward(grad_gamma="A / N", grad_beta="B / N"), "averaged over the batch"),
        (norm_backward("G / N", "A / N", "B / N"), "factor 1/N"),
        (norm_backward(grad_beta="g"), "not summed over the batch"),
        (norm_backward(grad_beta="g.sum(1)"), "summed over the wrong axis"),
        (norm_backward(grad_gamma="B", grad_beta="A"), "results in another order"),
        (norm_forward("np.sqrt(x.var(0, ddof=1) + 1e-5)"), "unbiased variance"),
        (norm_forward("x.std(0)"), "ε missing"),
        (norm_forward("x.std(0) + 1e-5"), "ε outside the root"),
        (norm_forward("np.sqrt(x.var(0) + 1e-8)"), "another ε"),
        (norm_forward("x.var(0) + 1e-5"), "variance not rooted"),
        (norm_forward(centre="0"), "mean not subtracted"),
        (
            norm_forward("np.sqrt(x.var(1)[:, None] + 1e-5)", "x.mean(1)[:, None]"),
            "normalised over the wrong axis",
        ),
        (norm_forward("np.sqrt(x.var() + 1e-5)", "x.mean()"), "normalised over all entries"),
        (
            norm_backward("w / s * (g - g.mean(0) - 2 * h * (g * h).mean(0))"),
            "factor 2 in the variance's term",
        ),
        (
            norm_backward("w / s * (g - g.mean(0) - h * (g * h).mean(0) * s)"),
            "wrong power of √(v + ε) in the variance's term",
        ),
        (
            norm_backward("w / s * (g - g.mean(0) + h * (g * h).mean(0))"),
            "wrong sign of the variance's term",
        ),
        (
            norm_backward("w / s * (g - g.sum(0) / (N - 1) - h * (g * h).sum(0) / (N - 1))"),
            "1/(N − 1) inside",
        ),
        (norm_backward("G * s / (s**2 - 1e-5) ** 0.5"), "ε missing in the backward pass"),
        (norm_backward(grad_gamma="A * w"), "grad_gamma multiplied by γ"),
        (norm_backward("A", "B", "G"), "results in another order"),
        (norm_forward("np.sqrt(x.std(0) + 1e-5)"), "root taken twice"),
        (layer_norm(), "normalised over the wrong axis"),
        (
            (forward_that_keeps_x, partial(backward_from_x, mean_of=np.zeros_like)),
            "x not centred in the variance's term",
        ),
        ((forward_in_place, batchnorm_backward), "y instead of x̂ in the cache"),
        (norm_backward("s / w * (g - g.mean(0) - h * (g * h).mean(0))"), SWAPPED),
        (norm_backward(grad_gamma="(g * h).sum()"), "summed over all entries"),
        (norm_backward("-g * w / s"), "missing chain term and sign flipped"),
        (
            norm_backward("G / w", grad_gamma="g.sum(0)"),
            "γ missing in grad_x and grad_gamma without x̂",
        ),
    ],
    "12.3": [
        (td3("np.maximum(q1(a), q2(a))"), "max instead of min"),
        (td3("0.5 * q1(a) + 0.5 * q2(a)"), "mean instead of min"),
        (td3("q1(a)"), "first critic only"),
        (td3("q2(a)"), "second critic only"),
        (td3("min(q1(a).min(), q2(a).min())"), "smallest of the whole batch"),
        (td3("min(q1(a), q2(a), key=np.sum)"), "smaller critic of the whole batch"),
        (td3("q1(a) + q2(a)"), "critics added"),
        (td3(a="np.clip(u + e, -1, 1)"), "noise not clipped"),
        (td3(a="np.clip(u + np.minimum(e, c), -1, 1)"), "noise clipped at one end only"),
        (td3(a="np.clip(u + c * e, -1, 1)"), "noise multiplied by noise_clip"),
        (td3(a="np.clip(u + e, -c, c)"), "sum clipped to ±c"),
        (td3(a="u + np.clip(e, -c, c)"), "action not clipped"),
        (td3(a="u + e"), "neither noise nor action clipped"),
        (td3(a="u"), "noise missing"),
        (td3(a="np.clip(u - np.clip(e, -c, c), -1, 1)"), "noise subtracted"),
        (td3(a="np.clip(u + np.clip(e, c, -c), -1, 1)"), "bounds of the noise mixed up"),
        (td3(y="r + g * (1 - d * q)"), "brackets missing"),
        (td3(y="r + g * (1 - d) @ q"), "summed over the batch"),
        (td3(y="np.where(d, r, g * q)"), "reward missing where the episode continues"),
        (td3(y="r + g * d * q"), "mask flipped"),
        (td3(y="r + g * q"), "terminated ignored"),
        (td3(y="r + (1 - d) * q"), "discount missing"),
        (td3(y="g * (r + (1 - d) * q)"), "reward discounted too"),
        (td3(y="(1 - d) * (r + g * q)"), "reward masked too"),
        (td3(y="g * (1 - d) * q"), "reward missing"),
        (td3(a="np.clip(u + np.clip(e, -1, 1), -c, c)"), "clip bounds swapped"),
        (td3(a="np.clip(u + np.clip(e, -0.5, 0.5), -1, 1)"), "hard-coded noise_clip"),
        (td3(a="np.tanh(u + np.clip(e, -c, c))"), "action squashed by tanh"),
        (td3("np.minimum(q1(a), q2(u))"), "each critic at another action"),
        (td3(y="r + 0.99 * (1 - d) * q"), "hard-coded discount"),
        (td3(y="r[:, None] + g * (1 - d) * q"), "(N, N) broadcast"),
        (td3(y="r - g * (1 - d) * q"), "next value subtracted"),
        (td3("q1(a)", y="r + g * d * q"), "first critic only and mask flipped"),
        (td3("np.maximum(q1(a), q2(a))", "u + e"), "argument ignored: noise_clip"),
    ],
    "12.6": [
        (page(is_due=lambda self: True), "no delay"),
        (page(update=one_critic), "second critic not trained"),
        (page(update=targets_at_once), "targets do not wait"),
        (page(smaller=lambda self, q1, q2: np.maximum(q1, q2)), "max instead of min"),
        (page(smaller=lambda self, q1, q2: (q1 + q2) / 2), "mean instead of min"),
        (page(smaller=lambda self, q1, q2: q1), "first critic only"),
        (page(climbed=lambda self: self.critic2), "actor climbs the second critic"),
        ((OnePage, off(delay="2")), "the delay is still on"),
        ((OnePage, off("[0 * x for x in critic]")), "the minimum is still on"),
        ((OnePage, off(noise="noise")), "the smoothing is still on"),
    ],
}
