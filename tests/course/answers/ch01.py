"""Chapter 01: returns, backups of a table, how much they contract."""

import numpy as np

# 01.1


def returns_by_sums(rewards, discount):
    end = len(rewards)
    return [sum(discount ** (i - t) * rewards[i] for i in range(t, end)) for t in range(end)]


def returns_by_recursion(rewards, discount):
    if len(rewards) == 0:
        return ()
    rest = returns_by_recursion(rewards[1:], discount)
    return (rewards[0] + discount * (rest[0] if rest else 0), *rest)


def returns_single(rewards, discount):
    return np.float32(returns_by_sums(rewards, discount))


def returns_in_place(rewards, discount):
    for t in range(len(rewards) - 2, -1, -1):
        rewards[t] += discount * rewards[t + 1]
    return rewards


def backwards(step, turned=True):
    """Collect `later = step(reward, later, discount, t)` from the end."""

    def answer(rewards, discount):
        found, later = [], 0.0
        for t in reversed(range(len(rewards))):
            later = step(rewards[t], later, discount, t)
            found.append(later)
        return found[::-1] if turned else found

    return (answer,)


def summed_forwards(rewards, discount):
    found, before = [], 0.0
    for reward in rewards:
        before = reward + discount * before
        found.append(before)
    return found


def without_last_reward(rewards, discount):
    result = np.zeros(len(rewards))
    for t in range(len(rewards) - 2, -1, -1):
        result[t] = rewards[t] + discount * result[t + 1]
    return result


def without_own_reward(rewards, discount):
    return np.append(returns_by_sums(rewards, discount)[1:], 0.0)


# 01.2


def bellman_backup_by_loops(q, reward, next_state, discount):
    new_q = [[0.0] * len(row) for row in q]
    for s in range(len(q)):
        for a in range(len(q[s])):
            new_q[s][a] = reward[s, a] + discount * max(q[next_state[s, a]])
    return new_q


def bellman_backup_in_place(q, reward, next_state, discount):
    for s in range(len(q)):
        for a in range(len(q[s])):
            q[s, a] = reward[s, a] + discount * q[next_state[s, a]].max()
    return q


def backed_up(entry):
    """Fill a table with entry(q, reward, next_state, discount, s, a)."""

    def answer(q, reward, next_state, discount):
        new_q = np.zeros_like(q)
        for s, a in np.ndindex(q.shape):
            new_q[s, a] = entry(q, reward, next_state, discount, s, a)
        return new_q

    return (answer,)


# 01.3


def policy_backup_by_loops(q, reward, next_state, policy, discount):
    new_q = reward.copy()
    for s, a in np.ndindex(q.shape):
        after = next_state[s, a]
        new_q[s, a] += discount * q[after, policy[after]]
    return new_q


def policy_backup_single(q, reward, next_state, policy, discount):
    value = np.take_along_axis(q.astype(np.float32), policy[:, None], axis=1)[:, 0]
    return reward.astype(np.float32) + np.float32(discount) * value[next_state]


def followed(entry):
    """Fill a table with entry(q, reward, next_state, policy, discount, s, a)."""

    def answer(q, reward, next_state, policy, discount):
        cells = [
            entry(q, reward, next_state, policy, discount, s, a) for s, a in np.ndindex(q.shape)
        ]
        return np.reshape(cells, q.shape)

    return (answer,)


# 01.4


def contraction_factor_of_vectors(q1, q2, backup):
    distances = [
        np.linalg.norm((a - b).ravel(), np.inf) for a, b in ((backup(q1), backup(q2)), (q1, q2))
    ]
    return float(distances[0] / distances[1])


def contraction_factor_by_range(q1, q2, backup):
    def size(x):
        return max(x.max(), -x.min())

    return size(backup(q2) - backup(q1)) / size(q2 - q1)


CORRECT = {
    "01.1": [(returns_by_sums,), (returns_by_recursion,), (returns_single,)],
    "01.2": [
        (bellman_backup_by_loops,),
        (lambda q, r, to, discount: r + discount * np.amax(q[to], axis=-1),),
    ],
    "01.3": [(policy_backup_by_loops,), (policy_backup_single,)],
    "01.4": [(contraction_factor_of_vectors,), (contraction_factor_by_range,)],
}
MISTAKEN = {
    "01.1": [
        (backwards(lambda r, later, d, t: r + later), "no discount"),
        (backwards(lambda r, later, d, t: d * (r + later)), "first reward discounted too"),
        (backwards(lambda r, later, d, t: d * r + later), "γ at the reward instead of the rest"),
        (backwards(lambda r, later, d, t: d**t * r + later), "discounted by absolute time"),
        (backwards(lambda r, later, d, t: r + d * later, turned=False), "order reversed"),
        ((summed_forwards,), "summed forwards instead of to the end"),
        ((lambda rewards, d: np.cumsum(rewards),), "summed forwards instead of to the end"),
        (
            (lambda rewards, d: np.cumsum(rewards * d ** np.arange(len(rewards))),),
            "summed forwards instead of to the end",
        ),
        ((without_last_reward,), "last reward missing"),
        ((without_own_reward,), "own reward missing"),
        ((lambda rewards, d: d * without_own_reward(rewards, d),), "own reward missing"),
        ((lambda rewards, d: rewards + d * np.append(rewards[1:], 0),), "one step ahead only"),
        ((lambda rewards, d: [d**t * r for t, r in enumerate(rewards)],), "sum missing"),
        (backwards(lambda r, later, d, t: d ** (t + 1) * r + later), "discounted by absolute time"),
        ((lambda rewards, d: without_last_reward(rewards, d)[:-1],), "last reward missing"),
        ((lambda rewards, d: returns_by_sums(rewards, d)[0],), "one return for the whole episode"),
        ((returns_in_place,), "argument changed in place"),
        # two at once
        (backwards(lambda r, later, d, t: d * (r + later), turned=False), "unknown"),
        ((lambda rewards, d: without_last_reward(rewards, 1.0),), "unknown"),
    ],
    "01.2": [
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + d * sum(q[to[s, a]]) / len(q[s])),
            "mean instead of max",
        ),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * min(q[to[s, a]])), "min instead of max"),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * max(q[:, a])), "max over states"),
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + d * max(q[:, to[s, a]])),
            "max over states",  # stops with an error: there are more states than actions
        ),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * np.max(q)), "max over the whole table"),
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + d * max(q[k, a] for k in to[s])),
            "max over a instead of a'",
        ),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * q[to[s, a], a]), "max missing"),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + max(q[to[s, a]])), "discount missing"),
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + d * np.argmax(q[to[s, a]])),
            "the best action's index instead of its value",
        ),
        (
            backed_up(lambda q, r, to, d, s, a: d * r[s, a] + d * max(q[to[s, a]])),
            "reward discounted too",
        ),
        (backed_up(lambda q, r, to, d, s, a: d * max(q[to[s, a]])), "reward missing"),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * max(q[s])), "value of s instead of s'"),
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + d * q[s, a]), "value of s instead of s'"),
        ((bellman_backup_in_place,), "argument changed in place"),
        # two at once
        (backed_up(lambda q, r, to, d, s, a: r[s, a] + np.mean(q[to[s, a]])), "unknown"),
        (backed_up(lambda q, r, to, d, s, a: max(q[to[s, a]])), "unknown"),
    ],
    "01.3": [
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * max(q[to[s, a]])),
            "max instead of the policy's action",
        ),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * q[to[s, a], mu[s]]),
            "action of s instead of s'",
        ),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * q[to[s, a], a]),
            "first action repeated",
        ),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * q[s, mu[s]]),
            "value of s instead of s'",
        ),
        (followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * q[s, a]), "value of s instead of s'"),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * q[mu[to[s, a]], to[s, a]]),
            "indices swapped",
        ),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + q[to[s, a], mu[to[s, a]]]),
            "discount missing",
        ),
        (
            followed(lambda q, r, to, mu, d, s, a: d * (r[s, a] + q[to[s, a], mu[to[s, a]]])),
            "reward discounted too",
        ),
        (followed(lambda q, r, to, mu, d, s, a: d * q[to[s, a], mu[to[s, a]]]), "reward missing"),
        # two at once
        (followed(lambda q, r, to, mu, d, s, a: r[s, a] + q[to[s, a], mu[s]]), "unknown"),
    ],
    "01.4": [
        (
            (lambda p, q, T: np.sqrt(np.sum((T(p) - T(q)) ** 2) / np.sum((p - q) ** 2)),),
            "Euclidean norm",
        ),
        (
            (lambda p, q, T: abs(T(p) - T(q)).sum(axis=1).max() / abs(p - q).sum(axis=1).max(),),
            "a matrix norm instead of the largest entry",
        ),
        ((lambda p, q, T: abs(T(p) - T(q)).sum() / abs(p - q).sum(),), "mean instead of max"),
        ((lambda p, q, T: (T(p) - T(q)).max() / (p - q).max(),), "no absolute value"),
        ((lambda p, q, T: abs(max((T(p) - T(q)).flat)) / max((p - q).flat),), "no absolute value"),
        (
            (lambda p, q, T: np.max(np.abs(T(p) - T(q)) / np.abs(p - q)),),
            "largest ratio of two entries",
        ),
        ((lambda p, q, T: (T(q) - T(p)).max() / (q - p).max(),), "no absolute value"),
        ((lambda p, q, T: ((T(p) - T(q)) / (p - q)).max(),), "largest ratio of two entries"),
        ((lambda p, q, T: abs(T(p - q)).max() / abs(p - q).max(),), "backup of the difference"),
        (
            (lambda p, q, T: (abs(T(q)).max() - abs(T(p)).max()) / (abs(q).max() - abs(p).max()),),
            "difference of norms instead of norm of the difference",
        ),
        ((lambda p, q, T: 1 / contraction_factor_by_range(p, q, T),), "upside down"),
        ((lambda p, q, T: abs(T(p) - q).max() / abs(p - q).max(),), "only one of both backed up"),
        ((lambda p, q, T: abs(T(q) - p).max() / abs(p - q).max(),), "only one of both backed up"),
        ((lambda p, q, T: max(abs(T(p) - T(q)).flat),), "not divided"),
        (
            (lambda p, q, T: contraction_factor_by_range(p[0], q[0], T),),
            "not what was asked for",
        ),  # T refuses a row
        # two at once
        ((lambda p, q, T: abs(p - q).mean() / abs(T(p) - T(q)).mean(),), "unknown"),
    ],
}
