"""Chapter 08: the Polyak step, impossible values, when targets diverge."""

import numpy as np

from minddpg.nn import adam

# 08.1


def polyak_update_by_distance(target, online, tau):
    target[:] = target + tau * (online - target)
    return target


def polyak_update_by_index(target, online, tau):
    for i in np.ndindex(target.shape):
        target[i] -= tau * (target[i] - online[i])


def polyak_update_recursively(target, online, tau):
    if target.ndim > 1:
        for row, other in zip(target, online, strict=True):
            polyak_update_recursively(row, other, tau)
    else:
        target[:] = [t + tau * (o - t) for t, o in zip(target, online, strict=True)]


def polyak_update_in_place(target, online, tau):
    np.multiply(target, 1 - tau, out=target)
    np.add(target, tau * online, out=target)


class Polyak:
    """An update whose object can be called."""

    def __call__(self, target, online, tau):
        target.flat = (tau * online + (1 - tau) * target).ravel()


def assigning(line):
    """An update of one line, in the names of the paper: t for θ', o for θ."""

    def polyak_update(t, o, tau):
        names = {"t": t, "o": o, "tau": tau, "np": np}
        exec(line, names)
        return names.get("out")

    return (polyak_update,)


# 08.4


def q_alarm_by_loop(q_min, q_max, reward_low, reward_high, discount):
    alarms = []
    for low, high in zip(q_min, q_max, strict=True):
        fine = reward_low / (1 - discount) <= low and high <= reward_high / (1 - discount)
        alarms.append(not fine)
    return alarms


def q_alarm_in_numbers(q_min, q_max, reward_low, reward_high, discount):
    alarm = np.zeros(len(q_min), int)
    alarm[q_min * (1 - discount) < reward_low] = 1
    alarm[q_max * (1 - discount) > reward_high] = 1
    return alarm


def q_alarm_negated(q_min, q_max, reward_low, reward_high, discount):
    low, high = (np.float64(reward) / (1.0 - discount) for reward in (reward_low, reward_high))
    return np.logical_not(np.logical_and(q_min >= low, q_max <= high)).tolist()


def q_alarm_by_any(q_min, q_max, reward_low, reward_high, discount):
    excess = np.array([reward_low / (1 - discount) - q_min, q_max - reward_high / (1 - discount)])
    return np.any(excess > 0, axis=0)


def q_alarm_by_shift(low, high, worst, best, gamma):
    return np.maximum(worst + gamma * low - low, high - best - gamma * high) > 0


def alarmed(condition):
    """An alarm in the names q, p (largest Q), r, s (largest reward) and g."""

    def answer(q_min, q_max, low, high, discount):
        return eval(condition, {"q": q_min, "p": q_max, "r": low, "s": high, "g": discount})

    return (answer,)


# 08.5


def factor_by_loop(features, next_features, terminated, shares, discount):
    above = below = 0.0
    for x, after, end, share in zip(features, next_features, terminated, shares, strict=True):
        y = 0.0 if end else discount * after  # for w' = 1
        above += share * x * y
        below += share * x * x
    return above / below


def factor_by_least_squares(features, next_features, terminated, shares, discount):
    root = np.sqrt(shares)
    y = np.where(terminated, 0, discount * next_features)
    solution, *_ = np.linalg.lstsq((root * features)[:, None], root * y, rcond=None)
    return solution[0]


def factor_by_descent(features, next_features, terminated, shares, discount):
    y, w = discount * ~terminated * next_features, 0.0
    for _ in range(500):
        w -= 0.2 * shares @ ((features * w - y) * features)
    return w


def factor_by_average(features, next_features, terminated, shares, discount):
    y = discount * (1 - terminated) * next_features
    return np.average(features * y, weights=shares) / np.average(features**2, weights=shares)


def factor_by_two_losses(features, next_features, terminated, shares, discount):
    def loss(w):
        y = discount * np.logical_not(terminated) * next_features
        return np.sum(shares * (features * w - y) ** 2)

    low, middle, high = loss(-1), loss(0), loss(1)  # of a parabola
    return np.float64((low - high) / (2 * (low + high - 2 * middle)))


def diverges_by_rounds(factor, tau):
    target = 1.0
    for _ in range(200):
        target = tau * factor * target + (1 - tau) * target
    return np.abs(target) > 1


def diverges_by_cases(factor, tau):
    if factor >= 0:
        return factor > 1
    return tau * (1 - factor) > 2


def diverges_by_square(factor, tau):
    return int((tau * (factor - 1) + 1) ** 2 > 1)


def triad(factor=None, growth=None):
    """Return both functions: factor in the names x, n, e, s, g, and growth in f, t."""

    def regression_factor(features, next_features, terminated, shares, discount):
        names = {"x": features, "n": next_features, "e": terminated, "s": shares, "g": discount}
        return eval(factor, {"np": np, **names})

    def diverges(f, t):
        return eval(growth, {"f": f, "t": t})

    return (
        regression_factor if factor else factor_by_loop,
        diverges if growth else diverges_by_cases,
    )


CORRECT = {
    "08.1": [
        (polyak_update_by_distance,),
        (polyak_update_by_index,),
        (adam.polyak_update,),
        (polyak_update_recursively,),
        (polyak_update_in_place,),
        (Polyak(),),
        assigning("np.copyto(t, np.average([o, t], axis=0, weights=[tau, 1 - tau]))"),
    ],
    "08.4": [
        (q_alarm_by_loop,),
        (q_alarm_in_numbers,),
        (q_alarm_negated,),
        (q_alarm_by_any,),
        (q_alarm_by_shift,),
        alarmed("(q < r / (1 - g)) + (p > s / (1 - g))"),
        alarmed("(q < r * sum(g**k for k in range(9000))) | (p > s / (1 - g))"),
    ],
    "08.5": [
        (factor_by_loop, diverges_by_rounds),
        (factor_by_least_squares, diverges_by_cases),
        (factor_by_descent, diverges_by_square),
        (factor_by_average, lambda f, t: bool(abs(1 - t * (1 - f)) > 1)),
        (factor_by_two_losses, lambda f, t: f > 1 or f < 1 - 2 / t),
        triad("(s * x) @ (g * n * ~e) / (s @ x**2)"),
        triad("np.dot(s * x, np.where(e, 0.0, n)) * g / np.einsum('i,i,i', s, x, x)"),
        triad(growth="not -1 <= 1 - t + t * f <= 1"),
    ],
}
MISTAKEN = {
    "08.1": [
        (assigning("t[:] = tau * t + (1 - tau) * o"), "Polyak reversed"),
        (assigning("o[:] = tau * o + (1 - tau) * t"), "Polyak in the wrong direction"),
        (assigning("o += tau * (t - o)"), "Polyak in the wrong direction"),
        (assigning("t += tau * (o - t); o += tau * (t - o)"), "both moved"),
        (assigning("np.copyto(t, o)"), "hard copy"),
        (assigning("t += tau * o"), "1 − τ missing"),
        (assigning("t -= tau * t; t += o"), "τ missing"),
        (assigning("t[:] = tau * o"), "old target forgotten"),
        (assigning("t += tau * (t - o)"), "pushed away"),
        (assigning("t += tau * (o + t)"), "1 + τ instead of 1 − τ"),
        (assigning("t[:] = 0.5 * (o + t)"), "mean of the two"),
        (assigning("t = t + tau * (o - t)"), "target unchanged"),
        (assigning("t = o"), "target unchanged"),
        (assigning("t[:] = 0.001 * o + 0.999 * t"), "τ ignored"),
        (assigning("out = o"), "target unchanged"),
        (assigning("out = t + tau * (o - t)"), "new array returned, target unchanged"),
        (assigning("t[:] = tau * t + (1 - tau) * o; o += 1"), "unknown"),
        (assigning("t -= tau * o"), "minus instead of plus"),
        (assigning("for x, y in zip(t, o): x += tau * (y - x)"), "rows of a matrix only"),
        (assigning("t.ravel()[:] = (tau * o + (1 - tau) * t).ravel()"), "written into a copy"),
        (assigning("t *= 1 - tau"), "network missing"),
        (assigning("t += tau * o; t *= 1 - tau"), "scaled after the addition"),
        (assigning("o *= tau; t *= 1 - tau; t += o"), "network changed"),
        (assigning("t += tau * (o - t); t += tau * (o - t)"), "two steps at once"),
        (assigning("t[0] += tau * (o[0] - t[0])"), "only one row moves"),
        (assigning("t += 0.1 * (o - t)"), "argument ignored: tau"),
        (assigning("if tau < 1: t += tau * (o - t)"), "unknown"),
        (assigning("t += tau * o + (1 - tau) * t"), "added on top"),
        (assigning("t[1:] += tau * (o - t)[1:]"), "rows or entries left out"),
        (assigning("t[:] = np.maximum(t, tau * o + (1 - tau) * t)"), "unknown"),
    ],
    "08.4": [
        (alarmed("p > s / (1 - g)"), "upper bound only"),
        (alarmed("q < r / (1 - g)"), "lower bound only"),
        (alarmed("(q < r) | (p > s)"), "bound without the discount"),
        (
            alarmed("(q < r * g / (1 - g)) | (p > s * g / (1 - g))"),
            "γ/(1 − γ) instead of 1/(1 − γ)",
        ),
        (alarmed("(q < r * (1 - g)) | (p > s * (1 - g))"), "multiplied by 1 − γ"),
        (alarmed("(q >= r / (1 - g)) & (p <= s / (1 - g))"), "inverted"),
        (alarmed("(q < r / (1 - g)) & (p > s / (1 - g))"), "and instead of or"),
        (
            alarmed("(abs(q) > max(abs(r), s) / (1 - g)) | (abs(p) > max(abs(r), s) / (1 - g))"),
            "one bound for both sides",
        ),
        (alarmed("(q < min(r, 0) / (1 - g)) | (p > max(s, 0) / (1 - g))"), "0 always possible"),
        (alarmed("q == q"), "always an alarm"),
        (alarmed("(q < r) & (p > s)"), "bound without the discount, and instead of or"),
        (
            alarmed("(q < sum(r * g**t for t in [*range(200)])) | (p > s / (1 - g))"),
            "bounds of an episode that ends",
        ),
        (alarmed("p > s"), "argument ignored: q_min, reward_low, discount"),
        (alarmed("(q <= r / (1 - g)) | (p >= s / (1 - g))"), "an alarm at the bound itself"),
        (
            alarmed("(q < r * (1 - g**200) / (1 - g)) | (p > s * (1 - g**200) / (1 - g))"),
            "bounds of an episode that ends",
        ),
        (alarmed("(q < 100 * r) | (p > 100 * s)"), "fixed horizon"),
        (alarmed("(q < 50 * r) | (p > 50 * s)"), "fixed horizon"),
        (
            alarmed("(q < 1.05 * r / (1 - g)) | (p > 1.05 * s / (1 - g))"),
            "a margin around the bounds",
        ),
        (alarmed("(p < r / (1 - g)) | (q > s / (1 - g))"), "q_min and q_max swapped"),
        (alarmed("(q < r / 1 - g) | (p > s / 1 - g)"), "brackets missing around 1 − γ"),
        (alarmed("(q < r / (1 - g)) ^ (p > s / (1 - g))"), "either, but not both"),
        (alarmed("(q < r / (1 - g)) * 1 + (p > s / (1 - g)) * 1"), "not what was asked for"),
        (alarmed("(q < r / (1 - g**2)) | (p > s / (1 - g**2))"), "γ squared"),
    ],
    "08.5": [
        (triad("np.sum(x * g * n * ~e) / np.sum(x * x)"), "shares ignored"),
        (triad("np.mean(x * g * n * (1 - e)) / np.mean(x * x)"), "shares ignored"),
        (triad("np.sum(s * x * g * n * ~e) / np.sum(x**2)"), "shares in one of the two sums"),
        (triad("np.sum(s * g * n * (1 - e) / x)"), "each row by itself"),
        (triad("np.sum(s * g * n * (1 - e)) / np.sum(s * x)"), "derivative of x w missing"),
        (triad("g * (s * x) @ n / (s @ x**2)"), "terminated ignored"),
        (triad("g * (s * x * e) @ n / (s @ x**2)"), "mask flipped"),
        (triad("g * (s * x)[~e] @ n[~e] / (s[~e] @ x[~e] ** 2)"), "terminated rows left out"),
        (triad("(s * x * ~e) @ n / (s @ x**2)"), "discount missing"),
        (triad("(s @ x**2) / ((s * x * ~e) @ n * g)"), "upside down"),
        (triad("g * (s * x * ~e) @ n / (s @ n**2)"), "x' in the denominator"),
        (triad("g * (s * x * ~e) @ n"), "denominator missing"),
        (triad("g * (s * x * ~e) @ n / (s @ x**2) ** 0.5"), "root of the denominator"),
        (triad("g * n * ~e / x"), "one factor for each row"),
        (triad("g * (s * x * ~e) @ n / (s @ x**2) - 1"), "change instead of factor"),
        (triad("-g * (s * x * ~e) @ n / (s @ x**2)"), "sign flipped"),
        (triad(growth="f > 1"), "negative factors forgotten"),
        (triad(growth="abs(f) > 1"), "τ ignored"),
        (triad(growth="abs(f) < 1"), "converges instead of diverges"),
        (triad(growth="abs(t * f) > 1"), "old target forgotten"),
        (triad(growth="t * f > 1"), "old target forgotten"),
        (triad(growth="abs(t + (1 - t) * f) > 1"), "τ and 1 − τ swapped"),
        (triad(growth="abs(1 + t * f) > 1"), "1 − τ missing"),
        (triad(growth="abs(1 - t + t * f) >= 1"), "divergence at the bound itself"),
        (triad(growth="True"), "always the same decision"),
        (triad(growth="f > 0"), "positive instead of larger than 1"),
        (triad(growth="min(abs(1 - t + t * f), 1.1) ** 5000 > 1e6"), "too few rounds simulated"),
        (triad(growth="abs(1 - t + t * f) ** 100 > 10"), "too few rounds simulated"),
        (triad("1 + 0.05 * s @ (x * (g * n * ~e - x))"), "one step of gradient descent"),
        (
            triad("s @ ((x - g * n * ~e) * g * n * ~e) / (s @ (x - g * n * ~e) ** 2)"),
            "y moves while w is fitted",
        ),
        (triad(growth="1 - t + t * f"), "growth instead of a decision"),
        (
            triad("np.sum(x * g * n * ~e) / np.sum(x * x)", "f > 1"),
            "shares ignored and negative factors forgotten",
        ),
        (triad("g * (s * x) @ n / (s @ x**2)", "abs(f) > 1"), "terminated ignored and τ ignored"),
    ],
}
