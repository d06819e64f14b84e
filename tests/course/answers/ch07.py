"""Chapter 07: a replay buffer, how alike neighbours are, what they are worth."""

from collections import deque

import numpy as np

from minddpg.ddpg import replay

# 07.1


class Ring:
    """Written as in most tutorials; each argument of the class statement plants a mistake."""

    slots = 0  # more than the capacity
    copy = True

    def __init__(self, capacity, obs_dim, action_dim):
        self.size = capacity + self.slots
        self.obs = np.empty((self.size, obs_dim))
        self.action = np.empty((self.size, action_dim))
        self.reward = np.zeros(self.size)
        self.next_obs = np.empty((self.size, obs_dim))
        self.terminated = np.zeros(self.size, dtype=bool)
        self.index, self.full = 0, False

    def __init_subclass__(cls, **planted):
        for name, value in planted.items():
            setattr(cls, name, value)

    def add(self, obs, action, reward, next_obs, terminated):
        i = self.index
        self.obs[i], self.action[i], self.reward[i] = obs, action, reward
        self.next_obs[i], self.terminated[i] = next_obs, terminated
        self.index += 1
        if self.index == self.size:
            self.index, self.full = 0, True

    def rows(self, n, rng):
        return rng.integers(0, len(self), n)

    def batch(self, i):
        return self.obs[i], self.action[i], self.reward[i], self.next_obs[i], self.terminated[i]

    def sample(self, batch_size, rng):
        return self.batch(self.rows(batch_size, rng))

    def __len__(self):
        return self.size if self.full else self.index


class Deque:
    """Written with a deque of dictionaries, drawn without replacement."""

    names = ("obs", "action", "reward", "next_obs", "terminated")

    def __init__(self, capacity, obs_dim, action_dim):
        self.memory = deque(maxlen=capacity)

    def add(self, obs, action, reward, next_obs, terminated):
        parts = np.array(obs), np.array(action), float(reward), np.array(next_obs), terminated
        self.memory.append(dict(zip(self.names, parts, strict=True)))

    def sample(self, batch_size, rng):
        chosen = [self.memory[i] for i in rng.permutation(len(self.memory))[:batch_size]]
        return [np.stack([each[name] for each in chosen]) for name in self.names]

    def __len__(self):
        return len(self.memory)


class Pairs(Deque):
    """Written with rng.choice, and with everything as lists of Python numbers."""

    def add(self, obs, action, reward, next_obs, terminated):
        given = obs.tolist(), action.tolist(), reward, next_obs.tolist(), int(terminated)
        self.memory.append(given)

    def sample(self, batch_size, rng):
        index = rng.choice(len(self), size=batch_size)
        return tuple([self.memory[i][part] for i in index] for part in range(5))


class Matrix(Ring):
    """Written with one row of numbers for each transition, in batches that are sorted."""

    def __init__(self, capacity, obs_dim, action_dim):
        self.size, self.index, self.full = capacity, 0, False
        self.ends = np.cumsum([obs_dim, action_dim, 1, obs_dim])
        self.rows_held = np.full((capacity, 2 * obs_dim + action_dim + 2), np.nan, np.float32)

    def add(self, *given):
        self.rows_held[self.index] = np.concatenate([np.atleast_1d(part) for part in given])
        self.index = (self.index + 1) % self.size
        self.full = self.full or self.index == 0

    def sample(self, batch_size, rng):
        i = np.sort(rng.choice(len(self), batch_size, replace=False))
        obs, action, reward, next_obs, terminated = np.split(self.rows_held[i], self.ends, axis=1)
        return obs, action, reward[:, 0], next_obs, terminated[:, 0] > 0.5


class NewestFirst:
    """Written with lists, the newest transition at the front, and one draw for each row."""

    def __init__(self, capacity, obs_dim, action_dim):
        self.slots, self.held = range(capacity), ()

    def add(self, obs, action, reward, next_obs, terminated):
        new = obs + 0, action + 0, reward, next_obs + 0, terminated
        self.held = tuple(held for held, _ in zip((new, *self.held), self.slots, strict=False))

    def sample(self, batch_size, rng):
        chosen = [self.held[int(rng.random() * len(self))] for _ in range(batch_size)]
        return tuple(map(np.array, zip(*chosen, strict=True)))

    def __len__(self):
        return len(self.held)


class Keyed(NewestFirst):
    """Written with a dictionary by the number of the add, and a batch made field by field."""

    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity, self.held = capacity, {}
        self.count = 0

    def add(self, *given):
        self.held[self.count] = [np.array(part, dtype=float) for part in given]
        self.held.pop(self.count - self.capacity, None)
        self.count += 1

    def sample(self, batch_size, rng):
        chosen = [self.held[k] for k in rng.choice(sorted(self.held), size=batch_size)]
        return [np.stack([each[field] for each in chosen]) for field in range(5)]


class NoCopyOfFloat32(Deque):
    def add(self, obs, action, reward, next_obs, terminated):
        obs, action, next_obs = (np.asarray(x, np.float32) for x in (obs, action, next_obs))
        parts = obs, action, float(reward), next_obs, terminated
        self.memory.append(dict(zip(self.names, parts, strict=True)))


class NextNotCopiedOfFloat64(Deque):
    def add(self, obs, action, reward, next_obs, terminated):
        parts = obs.copy(), action.copy(), reward, next_obs.astype(float, copy=False), terminated
        self.memory.append(dict(zip(self.names, parts, strict=True)))


class InTheClass(Deque):
    memory: list = []  # noqa: RUF012

    def __init__(self, capacity, obs_dim, action_dim):
        self.capacity = capacity

    def add(self, obs, action, reward, next_obs, terminated):
        parts = obs.copy(), action.copy(), reward, next_obs.copy(), terminated
        self.memory.append(dict(zip(self.names, parts, strict=True)))
        if len(self.memory) > self.capacity:
            del self.memory[0]


class InTheDefault(Pairs):
    """Keeps its memory in a default argument, and drops one transition when it is full."""

    def __init__(self, capacity, obs_dim, action_dim, memory=[]):  # noqa: B006
        self.capacity, self.memory = capacity, memory

    def add(self, *given):
        if len(self.memory) == self.capacity:
            self.memory.pop(0)
        super().add(*given)


class OtherWay(Ring):
    """Fills its rows from the last one down, but for row 0, which comes first."""

    count = 0

    def add(self, *given):
        self.index = -self.count % self.size
        super().add(*given)
        self.count += 1

    def __len__(self):
        return min(self.count, self.size)


class Scratch(Ring):
    def sample(self, batch_size, rng):
        parts = self.obs, self.action, self.reward, self.next_obs, self.terminated
        i, scratch = self.rows(batch_size, rng), self.__dict__.setdefault("scratch", {})
        if batch_size not in scratch:
            scratch[batch_size] = [part[i] for part in parts]
        for part, out in zip(parts, scratch[batch_size], strict=True):
            np.take(part, i, axis=0, out=out)
        return tuple(scratch[batch_size])


class WithArrays(Ring):
    """Makes its arrays by other types than float64."""

    types: dict = {}  # noqa: RUF012

    def __init__(self, *sizes):
        super().__init__(*sizes)
        for name, kind in self.types.items():
            setattr(self, name, np.zeros(getattr(self, name).shape, kind))


class IndexFirst(Ring):
    def add(self, obs, action, reward, next_obs, terminated):
        self.index += 1
        if self.index == self.size:
            self.index, self.full = 0, True
        i = self.index
        self.obs[i], self.action[i], self.reward[i] = obs, action, reward
        self.next_obs[i], self.terminated[i] = next_obs, terminated


class Weighted(Ring):
    """Draws by a weight, as prioritised replay does."""

    power = 2

    def rows(self, n, rng):
        weights = np.abs(self.reward[: len(self)]) ** self.power
        return rng.choice(len(self), n, p=weights / weights.sum())


class NewestAndOthers(Ring):
    def rows(self, n, rng):
        i = super().rows(n, rng)
        i[0] = self.index - 1
        return i % len(self)


class Ends(Ring):
    def rows(self, n, rng):
        return np.round(rng.uniform(0, len(self) - 1, n)).astype(int)


class ByReference(Pairs):
    def add(self, obs, action, reward, next_obs, terminated):
        self.memory.append((obs, action, reward, next_obs, terminated))


class LastSlotUnused(Ring):
    def add(self, *given):
        super().add(*given)
        if self.index == self.size - 1:
            self.index, self.full = 0, True


class NextSeparate(Ring):
    def sample(self, batch_size, rng):
        i, j = self.rows(batch_size, rng), self.rows(batch_size, rng)
        return self.obs[i], self.action[i], self.reward[i], self.next_obs[j], self.terminated[i]


class Latest(Deque):
    def sample(self, batch_size, rng):
        chosen = list(self.memory)[-batch_size:]
        return tuple(np.array([each[name] for each in chosen]) for name in self.names)


class Columns(Ring):
    def batch(self, i):
        obs, action, reward, next_obs, terminated = super().batch(i)
        return obs, action, reward.reshape(-1, 1), next_obs, terminated.reshape(-1, 1)


class NextRow(Ring):
    def batch(self, i):
        obs, action, reward, _, terminated = super().batch(i)
        return obs, action, reward, self.obs[(i + 1) % self.size], terminated


class LengthIsIndex(Ring):
    def rows(self, n, rng):
        return rng.integers(0, self.size if self.full else self.index, n)

    def __len__(self):
        return self.index


class Successive(Deque):
    def sample(self, batch_size, rng):
        start = rng.integers(len(self))
        chosen = [self.memory[(start + i) % len(self)] for i in range(batch_size)]
        return tuple(np.array([each[name] for each in chosen]) for name in self.names)


class Views(Ring):
    def sample(self, batch_size, rng):
        start = int(rng.integers(0, len(self) - batch_size, endpoint=True))
        return self.batch(slice(start, start + batch_size))


class Prefers(Ring):
    def rows(self, n, rng):
        return np.floor(len(self) * rng.random(n) ** 3).astype(int)


class ByReferenceAndMixed(ByReference):
    def sample(self, batch_size, rng):
        every = [rng.choice(len(self), size=batch_size) for _ in range(5)]
        return tuple([self.memory[i][part] for i in every[part]] for part in range(5))


class UnboundedColumns(Columns, slots=1):
    pass


# 07.3


def autocorrelation_by_pairs(series, lag):
    centred = series - np.mean(series)
    pairs = zip(centred, centred[lag:], strict=False)
    return sum(a * b for a, b in pairs) / sum(a * a for a in centred)


def autocorrelation_by_dot(series, lag):
    d = np.asarray(series, np.float32) - np.float32(np.mean(series))
    return float(d[lag:] @ d[: d.size - lag] / (d @ d))


def autocorrelation_by_numpy(series, lag):
    d = series - series.mean()
    return np.correlate(d, d, "full")[len(d) - 1 + lag] / (d.var() * len(d))


def autocorrelation_by_fft(series, lag):
    d = np.pad(series - np.mean(series), (0, len(series)))
    return np.fft.irfft(np.abs(np.fft.rfft(d)) ** 2)[lag] / np.sum(d**2)


def autocorrelation_by_matrix(series, lag):
    d = (series - np.mean(series))[:, None]
    shift = np.eye(len(series), k=lag)
    return np.squeeze(d.T @ shift @ d / (d.T @ d))


def autocorrelation_by_recursion(series, lag, d=None):
    if d is None:
        d = list(series - np.mean(series))
        return autocorrelation_by_recursion(d, lag, d) / autocorrelation_by_recursion(d, 0, d)
    return d[0] * d[lag] + autocorrelation_by_recursion(series, lag, d[1:]) if d[lag:] else 0.0


def correlated(top, bottom):
    """A correlation of two formulas, in the series x, its deviations d, the lag and T."""

    def answer(series, lag):
        names = {"x": series, "d": series - series.mean(), "k": lag, "T": len(series), "np": np}
        return eval(top, names) / eval(bottom, names)

    return (answer,)


# 07.4


def effective_size_by_pairs(correlations):
    n = len(correlations)
    total = 0.0
    for t in range(n):
        for u in range(n):
            total += correlations[abs(t - u)]
    return n * n / total


def effective_size_by_lags(c):
    n, growth = len(c), 1.0
    for k in range(1, n):
        growth += 2 * (1 - k / n) * float(c[k])
    return n / growth


def effective_size_by_table(correlations):
    n = len(correlations)
    table = np.empty((n, n), np.float32)
    for t in range(n):
        table[t, t:] = correlations[: n - t]
        table[t:, t] = correlations[: n - t]
    return np.float32(1) / table.mean()


def effective_size_by_kernel(correlations):
    c = np.concatenate((correlations[:0:-1], correlations))
    triangle = np.convolve(np.ones(len(correlations)), np.ones(len(correlations)))
    return triangle.sum() / (triangle @ c)


def effective_size_by_solve(correlations):
    n = len(correlations)
    weights = np.full(n, 1 / n)
    covariance = correlations[np.abs(np.subtract.outer(range(n), range(n)))]
    return np.array(1 / (weights @ covariance @ weights))


def effective_size_by_cumsum(correlations):
    c = list(map(float, correlations))
    partial = [2 * sum(c[: k + 1]) - c[0] for k in range(len(c))]
    return len(c) ** 2 / sum(partial)


def worth(formula):
    """A size by a formula in n, the lags k, their correlations c and the table C of all pairs."""

    def answer(correlations):
        n = len(correlations)
        k, apart = np.arange(1, n), np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
        names = {"n": n, "k": k, "c": correlations[1:], "C": correlations[apart], "np": np}
        return eval(formula, names)

    return (answer,)


CORRECT = {
    "07.1": [
        *((each,) for each in (Ring, Deque, Pairs, Matrix, NewestFirst, Keyed)),
        (replay.ReplayBuffer,),
    ],
    "07.3": [
        (autocorrelation_by_pairs,),
        (autocorrelation_by_dot,),
        (autocorrelation_by_numpy,),
        (autocorrelation_by_fft,),
        (autocorrelation_by_matrix,),
        (autocorrelation_by_recursion,),
        (lambda x, k: np.array(autocorrelation_by_pairs(x, k), np.float32),),
    ],
    "07.4": [
        (effective_size_by_pairs,),
        (effective_size_by_lags,),
        (effective_size_by_table,),
        (effective_size_by_kernel,),
        (effective_size_by_solve,),
        (effective_size_by_cumsum,),
    ],
}
MISTAKEN = {
    "07.1": [
        ((ByReference,), "no copy in the buffer"),
        ((LastSlotUnused,), "wraparound off by one"),
        ((NextSeparate,), "parts of different transitions mixed"),
        ((Latest,), "always the newest"),
        ((Columns,), "a column (N, 1) instead of (N,)"),
        ((NextRow,), "next_obs not stored"),
        ((LengthIsIndex,), "length is the write index"),
        ((Successive,), "neighbours drawn together"),
        ((Views,), "batch is a view of the memory"),
        ((Prefers,), "not uniform"),
        ((NoCopyOfFloat32,), "no copy where the dtype fits"),
        ((NextNotCopiedOfFloat64,), "no copy where the dtype fits"),
        ((InTheClass,), "state shared by all buffers"),
        ((InTheDefault,), "state shared by all buffers"),
        ((OtherWay,), "written and drawn at different ends"),
        ((Scratch,), "every batch is the same array"),
        (
            (type("Whole", (WithArrays,), {"types": {"reward": int}}),),
            "reward stored as whole numbers",
        ),
        ((type("Short", (WithArrays,), {"types": {"obs": np.float16}}),), "too few digits kept"),
        ((IndexFirst,), "write index moved before the write"),
        ((Weighted,), "not uniform"),
        ((type("Mild", (Weighted,), {"power": 0.6}),), "not uniform"),
        ((NewestAndOthers,), "not uniform"),
        ((Ends,), "not uniform"),
        # two at once
        ((ByReferenceAndMixed,), "parts of different transitions mixed and no copy in the buffer"),
        ((UnboundedColumns,), "wraparound off by one and a column (N, 1) instead of (N,)"),
    ],
    "07.3": [
        (correlated("sum(x[:T-k] * x[k:])", "sum(x * x)"), "mean not removed"),
        (correlated("sum(x[:T-k] * x[k:])", "sum(d * d)"), "mean not removed"),
        (correlated("d[:T-k] @ d[k:]", "T"), "not normalised"),
        (correlated("d[:T-k] @ d[k:]", "1"), "not normalised"),
        (correlated("d[:T-k-1] @ d[k+1:]", "d @ d"), "lag off by one"),
        (correlated("d @ np.roll(d, -k)", "d @ d"), "wraps around the end"),
        (correlated("np.mean(d[:T-k] * d[k:])", "np.var(x)"), "divided by T − lag"),
        (correlated("d[:T-k] @ d[k:]", "np.linalg.norm(d)"), "divided by the standard deviation"),
        (
            correlated("np.cov(x[k:], x[:T-k])[0, 1]", "x[k:].std(ddof=1) * x[:T-k].std(ddof=1)"),
            "each slice minus its own mean",
        ),
        (correlated("d[:T-k] @ d[k:]", "d[k:] @ d[k:]"), "squares of a part only"),
        (correlated("d[:T-k-1] @ d[k:-1]", "d @ d"), "last pair left out"),
        (
            correlated("np.cov(x[k:], x[:T-k])[0, 1] * (T - k - 1)", "d @ d"),
            "each slice minus its own mean",
        ),
        (correlated("d[:-k] @ d[k:]", "d @ d"), "nothing left at lag 0"),
        (correlated("d[:T-k] @ d[k:]", "d.var()"), "factor T"),
        (correlated("np.mean(d[:T-k] * d[k:])", "d @ d"), "divided by T − lag"),
        (correlated("d[k:] @ d[k:]", "d @ d"), "paired with itself"),
        (correlated("abs(d[:T-k] @ d[k:])", "d @ d"), "absolute value"),
        (correlated("d[:T-k] @ x[k:]", "d @ d"), "mean not removed"),
        (correlated("(d[:T-k] @ d[k:])**2", "(d @ d)**2"), "squared"),
        (correlated("d[:T-1] @ d[1:]", "d @ d"), "lag fixed at 1"),
        # two at once
        (
            correlated("np.mean(d[:-k] * d[k:])", "np.var(x)"),
            "divided by T − lag and nothing left at lag 0",
        ),
        (correlated("x @ np.roll(x, k)", "x @ x"), "mean not removed and wraps around the end"),
    ],
    "07.4": [
        (worth("n / (1 + 2 * np.sum(c))"), "n pairs at every lag"),
        (worth("n / (1 + np.sum((1 - k / n) * c))"), "each pair counted once"),
        (worth("1 / np.mean(np.tril(C))"), "each pair counted once"),
        (worth("n / (1 + np.sum(c))"), "every lag counted once"),
        (worth("1 / np.mean(np.append(c, 1))"), "every lag counted once"),
        (worth("n * n / np.sum(C - np.eye(n))"), "pairs of a value with itself left out"),
        (worth("1 / np.mean(C + np.eye(n))"), "lag 0 counted twice"),
        (worth("np.mean(C)"), "upside down"),
        (worth("np.sum(C) / n"), "growth of the variance"),
        (worth("1 + 2 * np.sum((1 - k / n) * c)"), "growth of the variance"),
        (worth("n / np.sum(C)"), "share of n instead of the size"),
        (worth("1 / np.sum(C)"), "sum instead of the mean"),
        (worth("1 / np.mean(C) ** 0.5"), "root of the size"),
        (worth("n / (1 + 2 * (n - 1) / n * c[0])"), "neighbours only"),
        (worth("1 / np.mean(abs(C))"), "absolute values of the correlations"),
        (worth("1 / np.mean(C**2)"), "correlations squared"),
        (worth("min(n, n * n / np.sum(C))"), "never more than n"),
        (worth("int(n * n / np.sum(C))"), "rounded to a whole number"),
        # two at once
        (worth("1 + 2 * np.sum(c)"), "n pairs at every lag and growth of the variance"),
    ],
}
