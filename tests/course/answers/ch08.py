"""Chapter 08: the Polyak step, targets as copies, the half-life, values that cannot be."""

import copy
import math

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


# 08.2


def make_targets_by_loop(parameters):
    targets = []
    for each in parameters:
        target = np.empty(each.shape, each.dtype)
        target[...] = each
        targets.append(target)
    return tuple(targets)


def make_targets_from_bytes(parameters):
    if not parameters:
        return []
    first = np.frombuffer(bytearray(parameters[0].tobytes()), parameters[0].dtype)
    return [first.reshape(parameters[0].shape), *make_targets_from_bytes(parameters[1:])]


def kept_from_the_first_call(parameters, kept=[]):  # noqa: B006
    kept[:] = kept or [each.copy() for each in parameters]
    return kept


def drawn_anew(parameters):
    rng = np.random.default_rng()
    return [rng.uniform(-1, 1, each.shape) for each in parameters]


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
    "08.2": [
        (make_targets_by_loop,),
        (copy.deepcopy,),
        (lambda parameters: [each + 0 for each in parameters],),
        (lambda parameters: list(map(np.array, parameters)),),
        (lambda parameters: [np.zeros_like(each) + each for each in parameters],),
        (make_targets_from_bytes,),
    ],
    "08.3": [
        (lambda tau: math.log(2) / -math.log1p(-tau),),
        (lambda tau: math.log(0.5, 1 - tau),),
        (lambda tau: -1 / np.log2(1 - tau),),
        (lambda tau: np.log10(2) / -np.log10(1 - tau),),
        (lambda tau: np.array(np.log(0.5) / np.log1p(-np.float64(tau))),),
        (lambda tau: np.float32(math.log(2) / -math.log(1 - tau)),),
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
    "08.2": [
        ((lambda parameters: parameters,), "aliasing"),
        ((copy.copy,), "shallow copy"),
        ((lambda parameters: parameters[:],), "shallow copy"),
        ((lambda parameters: [np.asarray(each) for each in parameters],), "shallow copy"),
        ((lambda parameters: [each.view() for each in parameters],), "shallow copy"),
        ((lambda parameters: [np.zeros_like(each) for each in parameters],), "nothing but zeros"),
        ((drawn_anew,), "initialised anew"),
        ((lambda parameters: [each.reshape(-1).copy() for each in parameters],), "flattened"),
        ((lambda parameters: [np.array(parameters[0])],), "arrays left out"),
        ((lambda parameters: [],), "arrays left out"),
        ((lambda parameters: [+each for each in parameters[:6]],), "arrays left out"),
        (
            (lambda parameters: [+each for each in parameters[::2] + parameters[1::2]],),
            "arrays in another order",
        ),
        (
            (lambda parameters: [each.reshape(-1) for each in parameters],),
            "flattened and not copied",
        ),
        ((lambda parameters: [list(each) for each in parameters],), "shallow copy"),
        ((lambda parameters: [each.tolist() for each in parameters],), "lists instead of arrays"),
        (
            (lambda parameters: [each.astype(np.float32) for each in parameters],),
            "another type of numbers",
        ),
        (
            (lambda parameters: [np.broadcast_to(+each, each.shape) for each in parameters],),
            "read-only",
        ),
        ((kept_from_the_first_call,), "results share memory"),
        (
            (lambda parameters: [+each for each in parameters[:-1]] + parameters[-1:],),
            "some arrays are not copied",
        ),
        ((lambda parameters: [+each for each in parameters[::-1]],), "arrays in another order"),
        ((lambda parameters: [-each for each in parameters],), "other numbers"),
        (
            (lambda parameters: {i: +each for i, each in enumerate(parameters)},),
            "not what was asked for",
        ),
        ((lambda parameters: [np.atleast_2d(+each) for each in parameters],), "an axis too many"),
        ((lambda parameters: [each + 1e-9 for each in parameters],), "unknown"),
    ],
    "08.3": [
        ((lambda tau: tau**-1,), "1/τ"),
        ((lambda tau: 0.6931471805599453 / tau,), "ln 2 / τ"),
        ((lambda tau: math.log(0.5, tau),), "τ instead of 1 − τ"),
        ((lambda tau: math.log10(0.5) / math.log(1 - tau),), "two kinds of logarithm"),
        ((lambda tau: 1 / math.log(1 / (1 - tau)),), "time until 1/e is left"),
        ((lambda tau: 0.5 / (1 - tau),), "logarithm missing"),
        ((lambda tau: math.log(2, 1 + tau),), "1 + τ instead of 1 − τ"),
        ((lambda tau: math.log(1 - tau, 0.5),), "upside down"),
        ((lambda tau: math.ceil(math.log(0.5, 1 - tau)),), "rounded to whole updates"),
        ((lambda tau: round(math.log(0.5, 1 - tau)),), "rounded to whole updates"),
        ((lambda tau: math.log(2) / math.log(1 - tau),), "sign flipped"),
        ((lambda tau: 2 * math.log(0.5, 1 - tau),), "factor 2"),
        ((lambda tau: math.log10(2) / math.log(1 - tau),), "constant factor"),
        ((lambda tau: 0.693 / tau,), "ln 2 / τ"),
        ((lambda tau: math.log(1 - tau),), "one logarithm only"),
        ((lambda tau: math.log(0.5) - math.log(1 - tau),), "difference of logarithms"),
        (
            (lambda tau: next(n for n in range(9999) if (1 - tau) ** n <= 0.5),),
            "rounded to whole updates",
        ),
        ((lambda tau: [math.log(0.5, 1 - tau)],), "an axis too many"),
        ((lambda tau: 693,), "argument ignored: tau"),
        ((lambda tau: min(math.log(0.5, 1 - tau), 1000),), "unknown"),
        ((lambda tau: max(math.log(0.5, 1 - tau), 1),), "at least one update"),
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
}
