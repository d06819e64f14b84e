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
        target = np.empty(each.shape, np.float32)
        target[...] = each
        targets.append(target)
    return tuple(targets)


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


def alarmed(condition):
    """An alarm in the names q, p (largest Q), r, s (largest reward) and g."""

    def answer(q_min, q_max, low, high, discount):
        return eval(condition, {"q": q_min, "p": q_max, "r": low, "s": high, "g": discount})

    return (answer,)


CORRECT = {
    "08.1": [(polyak_update_by_distance,), (polyak_update_by_index,), (adam.polyak_update,)],
    "08.2": [
        (make_targets_by_loop,),
        (copy.deepcopy,),
        (lambda parameters: [each + 0 for each in parameters],),
    ],
    "08.3": [
        (lambda tau: math.log(2) / -math.log1p(-tau),),
        (lambda tau: math.log(0.5, 1 - tau),),
        (lambda tau: -1 / np.log2(1 - tau),),
        (lambda tau: np.log10(2) / -np.log10(1 - tau),),
    ],
    "08.4": [(q_alarm_by_loop,)],
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
        (assigning("t -= tau * o"), "unknown"),
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
        ((lambda parameters: [np.array(parameters[0])],), "one array only"),
        ((lambda parameters: [],), "unknown"),
        ((lambda parameters: [each.reshape(-1) for each in parameters],), "unknown"),
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
        ((lambda tau: math.log10(2) / math.log(1 - tau),), "unknown"),
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
        (alarmed("(q < min(r, 0) / (1 - g)) | (p > max(s, 0) / (1 - g))"), "never above 0"),
        (alarmed("q == q"), "always an alarm"),
        (alarmed("(q < r) & (p > s)"), "unknown"),
        (alarmed("p > s"), "unknown"),
    ],
}
