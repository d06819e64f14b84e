"""Chapter 11: a test that catches bugs, what seeds say together, five agents."""

import numpy as np

# 11.1


def is_polyak(update):
    """Compare entry by entry, at two τ."""
    for tau in (0.3, 0.01):
        target, online = np.array([2.0, -1.0]), np.array([0.5, 7.0])
        update(target, online, tau)
        for now, old, new in zip(target, (2.0, -1.0), (0.5, 7.0), strict=True):
            if abs(now - (tau * new + (1 - tau) * old)) > 1e-12:
                return False
        if list(online) != [0.5, 7.0]:
            return False
    return True


def judge_at(tau, target=(1.0, -3.0, 2.0), online=(4.0, 1.0, -2.0), online_too=True):
    def judge(update):
        slow, fast = np.array(target), np.array(online)
        update(slow, fast, tau)
        follows = np.allclose(slow, tau * np.array(online) + (1 - tau) * np.array(target))
        return follows and (not online_too or np.allclose(fast, online))

    return judge


# 11.2


def interquartile_mean(returns):
    values = list(returns)
    for _ in range(len(returns) // 4):
        values.remove(max(values))
        values.remove(min(values))
    return np.float64(np.mean(values))


# 11.3


def bootstrap_interval(returns, statistic, resamples, rng):
    found = []
    for _ in range(resamples):
        found.append(statistic(rng.choice(returns, size=len(returns))))
    found = sorted(found)
    return found[int(0.025 * resamples)], found[int(0.975 * resamples)]


def bootstrap_interval_at_once(returns, statistic, resamples, rng):
    k = len(returns)
    picks = np.floor(rng.random((resamples, k)) * k).astype(int)
    values = np.apply_along_axis(statistic, 1, returns[picks])
    return np.percentile(values, 2.5), np.percentile(values, 97.5)


def interval_of(draw, cut=2.5, statistic=None):
    def interval(returns, asked, resamples, rng):
        values = [(statistic or asked)(draw(returns, rng)) for _ in range(resamples)]
        return np.percentile(values, cut), np.percentile(values, 100 - cut)

    return interval


# 11.4


def diagnose(agent):
    if agent == "A":
        return "action-scale"
    if agent in "BC":
        return "right code" if agent == "C" else "mask-flipped"
    return ["actor-sign", "truncated-as-terminated"]["DE".index(agent)]


TABLE = {"A": "action-scale", "B": "mask-flipped", "C": "correct code", "D": "actor-sign"}


CORRECT = {
    "11.1": [(is_polyak,)],
    "11.2": [(interquartile_mean,)],
    "11.3": [(bootstrap_interval,), (bootstrap_interval_at_once,)],
    "11.4": [(diagnose,), (lambda agent: TABLE.get(agent, "truncated-as-terminated"),)],
}
MISTAKEN = {
    "11.4": [
        (
            (lambda agent: {**TABLE, "C": "truncated-as-terminated"}.get(agent, "correct code"),),
            "a return taken for a proof",
        ),
        ((lambda agent: "correct code",), "unknown"),
    ],
    "11.1": [
        ((lambda update: bool(update),), "always true"),
        ((lambda update: not update,), "always false"),
        ((judge_at(1.0),), "τ = 1 hides the share"),
        ((judge_at(0.5),), "τ = 0.5 hides the direction"),
        ((judge_at(0.0),), "τ = 0 hides everything"),
        ((judge_at(0.2, (1.0,), (4.0,)),), "one entry only"),
        ((judge_at(0.2, online_too=False),), "online not looked at"),
        ((judge_at(0.2, (0.0, 0.0, 0.0)),), "the target's share not tested"),
        ((judge_at(1.0, (1.0,), (4.0,)),), "unknown"),
    ],
    "11.2": [
        ((lambda returns: sum(returns) / len(returns),), "mean of all"),
        ((lambda returns: np.percentile(returns, 50),), "median"),
        ((lambda returns: np.mean(sorted(returns)[len(returns) // 4 :]),), "cut at one end only"),
        ((lambda r: r[len(r) // 4 : len(r) - len(r) // 4].mean(),), "not sorted"),
        ((lambda r: -np.median(r),), "unknown"),
    ],
    "11.3": [
        ((interval_of(lambda r, rng: rng.permutation(r)),), "drawn without replacement"),
        ((interval_of(lambda r, rng: rng.choice(r, len(r)), cut=5),), "5 % at either end"),
        (
            (interval_of(lambda r, rng: rng.choice(r, len(r)), statistic=np.mean),),
            "statistic ignored",
        ),
        (
            (interval_of(lambda r, rng: np.random.default_rng().choice(r, len(r))),),
            "another source of randomness",
        ),
        ((lambda r, f, n, rng: bootstrap_interval(r, f, n, rng)[::-1],), "low and high swapped"),
        ((interval_of(lambda r, rng: rng.choice(r, len(r) // 2), cut=5),), "unknown"),
    ],
}
