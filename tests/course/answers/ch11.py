"""Chapter 11: a test that catches bugs, what seeds say together, five agents."""

import copy
import functools
import math
import statistics

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


def at_random(update, tries=5):
    """Random matrices at several τ, a loop over pairs, one number for an answer."""
    rng = np.random.default_rng(4)
    for tau in rng.uniform(0.05, 0.45, tries):
        target, online = rng.normal(size=(2, 3, 2))
        before, kept = copy.deepcopy((target, online))
        update(target, online, tau)
        wanted = before + tau * (kept - before)
        pairs = zip(target.flat, wanted.flat, strict=True)
        if not all(math.isclose(x, y, rel_tol=1e-9) for x, y in pairs) or (online != kept).any():
            return 0
    return 1


class Test:
    """Compare with an own update, in float32, with some slack."""

    tau = 0.1

    def __call__(self, update):
        target = np.linspace(-3, 5, 4, dtype=np.float32)
        online = np.float32([2, 9, -4, 1])
        arrays = [target, online]
        update(*arrays, self.tau)
        wanted = [0.9 * np.linspace(-3, 5, 4) + 0.1 * np.array([2, 9, -4, 1]), [2, 9, -4, 1]]
        return np.bool_(np.max(np.abs(np.subtract(arrays, wanted))) < 1e-5)


def asserting(update):
    """Stop on wrong code."""
    target, online = np.array([2.0, -1.0]), np.array([0.5, 7.0])
    update(target, online, 0.3)
    np.testing.assert_allclose(target, 0.3 * np.array([0.5, 7.0]) + 0.7 * np.array([2.0, -1.0]))
    return True


def with_whole_numbers(update):
    target, online = np.array([2, -1]), np.array([3, 7])
    update(target, online, 0.3)
    return np.allclose(target, 0.3 * online + 0.7 * np.array([2, -1]))


def with_a_result(update):
    target, online = np.array([2.0, -1.0]), np.array([3.0, 7.0])
    wanted = 0.3 * online + 0.7 * target
    return np.allclose(update(target, online, 0.3), wanted)


def with_an_equal_result(update):
    target, online = np.array([2.0, -1.0]), np.array([3.0, 7.0])
    wanted = target + 0.3 * (online - target)
    return np.array_equal(update(target, online, 0.3), wanted)


def exactly(update):
    target, online = np.array([2.0, -1.0]), np.array([3.0, 7.0])
    wanted = target + 0.3 * (online - target)
    update(target, online, 0.3)
    return target.tolist() == wanted.tolist() and online.tolist() == [3.0, 7.0]


# 11.2


def interquartile_mean(returns):
    values = list(returns)
    for _ in range(len(returns) // 4):
        values.remove(max(values))
        values.remove(min(values))
    return np.float64(np.mean(values))


def by_recursion(returns, cut=None):
    """Leave out the worst and the best, cut times."""
    cut = len(returns) // 4 if cut is None else cut
    if not cut:
        return sum(returns) / len(returns)
    ordered = sorted(returns)
    return by_recursion(ordered[1:-1], cut - 1)


def by_weights(returns):
    ranks = np.argsort(np.argsort(returns, kind="stable"), kind="stable")
    k = len(returns)
    inside = (ranks >= k // 4) & (ranks < k - k // 4)
    return np.average(returns, weights=inside)


def by_partition(returns):
    k, cut = len(returns), len(returns) // 4
    parts = np.partition(np.float32(returns), sorted({cut, k - cut - 1}))
    return np.array(parts[cut : k - cut].mean(dtype=np.float64))


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


class Bootstrap:
    """Draw all in one array, sort, interpolate by hand; also the statistic of the returns."""

    share = 0.025

    def __call__(self, returns, statistic, resamples, rng):
        statistic(returns)
        table = rng.choice(returns, (resamples, len(returns)))
        values = np.sort([float(statistic(row)) for row in table])
        return [self.at(values, self.share), self.at(values, 1 - self.share)]

    def at(self, values, share):
        place = share * (len(values) - 1)
        low = math.floor(place)
        return values[low] + (place - low) * (values[low + 1] - values[low])


def bootstrap_by_loops(returns, statistic, resamples, rng):
    values = np.empty(resamples)
    for i in range(resamples):
        values[i] = statistic([returns[int(rng.random() * len(returns))] for _ in returns])
    return np.quantile(values, np.array([0.025, 0.975]))


def bootstrap_as_a_table(returns, statistic, resamples, rng):
    spawned = rng.spawn(1)[0]
    values = sorted(statistic(spawned.choice(returns, returns.shape)) for _ in range(resamples))
    return {0: values[round(resamples * 0.025)], 1: values[-round(resamples * 0.025) - 1]}.values()


def interval_from(values_to_ends):
    """Return a bootstrap that makes something else of its values."""

    def interval(returns, statistic, resamples, rng):
        values = [statistic(rng.choice(returns, len(returns))) for _ in range(resamples)]
        return values_to_ends(np.array(values), statistic(returns))

    return interval


def of_own_rng(returns, statistic, resamples, rng):
    return bootstrap_interval(returns, statistic, resamples, np.random.default_rng(1))


# 11.4


def diagnose(agent):
    if agent == "A":
        return "action-scale"
    if agent in "BC":
        return "right code" if agent == "C" else "mask-flipped"
    return ["actor-sign", "truncated-as-terminated"]["DE".index(agent)]


TABLE = {"A": "action-scale", "B": "mask-flipped", "C": "correct code", "D": "actor-sign"}


def by_number(agent, names=None):
    names = ["action-scale", "mask-flipped", "correct code", "actor-sign"]
    return [*names, "truncated-as-terminated"][ord(agent) - ord("A")]


class Doctor:
    def __call__(self, agent):
        match agent:
            case "A":
                return "action-scale"
            case "B":
                return "mask-flipped"
            case "C":
                return "correct code"
            case "D":
                return "actor-sign"
        return "truncated-as-terminated"


def answering(**changes):
    table = {**TABLE, "E": "truncated-as-terminated", **changes}
    return (table.get,)


CORRECT = {
    "11.1": [
        (is_polyak,),
        (at_random,),
        (Test(),),
        (judge_at(0.2),),
        (functools.partial(at_random, tries=1),),
        (lambda update: is_polyak(update) and at_random(update),),
    ],
    "11.2": [
        (interquartile_mean,),
        (by_recursion,),
        (by_weights,),
        (by_partition,),
        (lambda r: statistics.fmean(sorted(r)[len(r) // 4 : len(r) - len(r) // 4]),),
        (
            lambda r: np.float32(
                np.sort(r)[::-1][len(r) // 4 :][: len(r) - 2 * (len(r) // 4)].mean()
            ),
        ),
    ],
    "11.3": [
        (bootstrap_interval,),
        (bootstrap_interval_at_once,),
        (Bootstrap(),),
        (bootstrap_by_loops,),
        (lambda *arguments: tuple(bootstrap_as_a_table(*arguments)),),
        (interval_from(lambda v, _: np.percentile(v, (2.5, 97.5))),),
        (interval_from(lambda v, _: np.quantile(v, [0.025, 0.975], method="higher")),),
    ],
    "11.4": [
        (diagnose,),
        (lambda agent: TABLE.get(agent, "truncated-as-terminated"),),
        (by_number,),
        (Doctor(),),
        answering(),
        (functools.partial(by_number, names=()),),
    ],
}
MISTAKEN = {
    "11.4": [
        (
            (lambda agent: {**TABLE, "C": "truncated-as-terminated"}.get(agent, "correct code"),),
            "a return taken for a proof",
        ),
        (answering(A="correct code", C="action-scale"), "half solved taken for solved"),
        (
            answering(C="actor-sign", D="correct code"),
            "an agent that fails taken for one that learns",
        ),
        ((lambda agent: "correct code",), "one name for all"),
        (answering(A="correct code", C="mask-flipped", B="action-scale"), "unknown"),
    ],
    "11.1": [
        ((lambda update: bool(update),), "always true"),
        ((lambda update: not update,), "always false"),
        ((judge_at(1.0),), "τ = 1 hides the share"),
        ((judge_at(0.5),), "τ = 0.5 hides the direction"),
        ((judge_at(0.0),), "τ = 0 hides everything"),
        ((judge_at(0.2, (1.0,), (4.0,)),), "one entry only"),
        ((judge_at(0.2, (1.0, 1.0), (4.0, 4.0)),), "all entries alike"),
        ((judge_at(0.2, online_too=False),), "online not looked at"),
        ((judge_at(0.2, (0.0, 0.0, 0.0)),), "the target's share not tested"),
        ((judge_at(0.2, online=(0.0, 0.0, 0.0)),), "the network's share not tested"),
        ((asserting,), "stops instead of returning False"),
        ((with_whole_numbers,), "arrays of whole numbers"),
        ((with_a_result,), "the result of update used"),
        ((with_an_equal_result,), "the result of update used"),
        ((exactly,), "no room for rounding"),
        ((lambda update: not is_polyak(update),), "true and false swapped"),
        ((judge_at(1.0, (1.0,), (4.0,)),), "τ = 1 hides the share and one entry only"),
    ],
    "11.2": [
        ((lambda returns: sum(returns) / len(returns),), "mean of all"),
        ((lambda returns: np.percentile(returns, 50),), "median"),
        ((lambda returns: np.mean(sorted(returns)[len(returns) // 4 :]),), "cut at one end only"),
        ((lambda r: r[len(r) // 4 : len(r) - len(r) // 4].mean(),), "not sorted"),
        ((lambda r: np.sort(r)[len(r) // 4 : -(len(r) // 4)].mean(),), "an empty slice"),
        ((lambda r: by_recursion(r, round(len(r) / 4)),), "rounded to the nearest"),
        ((lambda r: by_recursion(r, math.ceil(len(r) / 4)),), "rounded up"),
        ((lambda r: np.sort(r)[len(r) // 4 : 3 * len(r) // 4].mean(),), "upper end too low"),
        ((lambda r: by_recursion(r, 1),), "only the best and the worst left out"),
        ((lambda r: by_recursion(list(set(r.tolist()))),), "equal returns counted once"),
        ((lambda r: np.subtract(*np.percentile(r, [75, 25])),), "difference of the quartiles"),
        ((lambda r: by_recursion(r, (len(r) + 1) // 4),), "a quarter of another number"),
        (
            (lambda r: np.sort(r)[: len(r) - 2 * (len(r) // 4)].mean(),),
            "both quarters cut at one end",
        ),
        ((lambda r: -np.median(r),), "median and sign flipped"),
    ],
    "11.3": [
        (
            (interval_of(lambda r, rng: rng.choice(r, len(r)), statistic=np.mean),),
            "statistic ignored",
        ),
        (
            (interval_of(lambda r, rng: np.random.default_rng().choice(r, len(r))),),
            "another source of randomness",
        ),
        ((of_own_rng,), "the rng passed in is not used"),
        (
            (lambda r, f, n, rng: bootstrap_interval(r, f, 200, rng),),
            "not one call for each resample",
        ),
        ((lambda r, f, n, rng: np.percentile(r, [2.5, 97.5]),), "statistic ignored"),
        (
            (lambda r, f, n, rng: (f(r) - np.std(r), f(r) + np.std(r)),),
            "not one call for each resample",
        ),
        (
            (interval_of(lambda r, rng: r[rng.integers(0, len(r) - 1, len(r))]),),
            "not every seed can be drawn",
        ),
        ((interval_of(lambda r, rng: rng.choice(r, 5)),), "another number of seeds drawn"),
        (
            (interval_from(lambda v, m: (m - 2 * np.std(v), m + 2 * np.std(v))),),
            "normal approximation",
        ),
        ((interval_of(lambda r, rng: rng.choice(r, (len(r), 1))),), "resamples as columns"),
        ((interval_from(lambda v, _: np.percentile(v, 2.5).repeat(2)),), "one end twice"),
        (
            (interval_of(lambda r, rng: rng.choice(r, len(r) // 2), cut=5),),
            "another number of seeds drawn and 5 % at either end",
        ),
    ],
}
