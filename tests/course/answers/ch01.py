"""Chapter 01: returns, backups of a table, how much they contract."""

from itertools import accumulate

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


def returns_by_a_matrix(rewards, discount):
    t = np.arange(len(rewards))
    powers = np.triu(discount ** np.abs(t - t[:, None]))
    return powers @ rewards


def returns_by_accumulation(rewards, discount):
    found = accumulate(rewards[::-1], lambda later, reward: reward + discount * later)
    return np.array(list(found))[::-1]


def returns_by_convolution(rewards, discount):
    factors = discount ** np.arange(len(rewards))
    return np.convolve(rewards[::-1], factors)[: len(rewards)][::-1]


def returns_with_a_zero_behind(rewards, discount):
    result = np.zeros(len(rewards) + 1)
    t = len(rewards)
    while t > 0:
        t -= 1
        result[t] = rewards[t] + discount * result[t + 1]
    return result[:-1]


def returns_on_a_copy(rewards, discount):
    rewards = rewards.copy()
    for t in range(len(rewards) - 2, -1, -1):
        rewards[t] += discount * rewards[t + 1]
    return rewards


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


def with_a_zero_behind(rewards, discount):
    return [*returns_by_sums(rewards, discount), 0.0]


def forwards_into_zeros(rewards, discount):
    result = np.zeros(len(rewards) + 1)
    for t in range(len(rewards)):
        result[t] = rewards[t] + discount * result[t + 1]
    return result[:-1]


def down_to_step_1(rewards, discount):
    result = np.zeros(len(rewards))
    result[-1] = rewards[-1]
    for t in range(len(rewards) - 2, 0, -1):
        result[t] = rewards[t] + discount * result[t + 1]
    return result


# 01.2


def bellman_backup_by_loops(q, reward, next_state, discount):
    new_q = [[0.0] * len(row) for row in q]
    for s in range(len(q)):
        for a in range(len(q[s])):
            new_q[s][a] = reward[s, a] + discount * max(q[next_state[s, a]])
    return new_q


def bellman_backup_by_one_hot(q, reward, next_state, discount):
    leads_to = np.eye(len(q))[next_state]  # (S, A, S)
    return reward + discount * np.einsum("sat,t->sa", leads_to, q.max(axis=-1))


class Backup:
    def __call__(self, q, reward, next_state, discount):
        new_q = np.empty_like(q)
        for s, row in enumerate(q):
            for a in range(len(row)):
                new_q[s][a] = reward[s][a] + discount * sorted(q[next_state[s][a]])[-1]
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


def policy_backup_by_one_hot(q, reward, next_state, policy, discount):
    value = np.einsum("sa,sa->s", q, np.eye(q.shape[1])[policy])
    return (reward + discount * value[next_state]).tolist()


def policy_backup_of_flat_indices(q, reward, next_state, policy, discount):
    values = q.ravel()[next_state * q.shape[1] + policy[next_state]]
    return np.add(reward, np.multiply(discount, values))


def policy_backup_by_columns(q, reward, next_state, policy, discount):
    value = [row[a] for row, a in zip(q, policy, strict=True)]
    columns = [
        reward[:, a] + discount * np.take(value, next_state[:, a]) for a in range(q.shape[1])
    ]
    return np.stack(columns, axis=1)


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


def contraction_factor_by_loops(q1, q2, backup):
    new1, new2, before, after = backup(q1), backup(q2), 0.0, 0.0
    for i in np.ndindex(q1.shape):
        before, after = max(before, abs(q1[i] - q2[i])), max(after, abs(new1[i] - new2[i]))
    return np.array(after / before)


def contraction_factor_in_order(q1, q2, backup):
    change = np.sort(np.abs(np.subtract(q2, q1)), axis=None)[-1]
    return np.sort(np.abs(backup(q2.copy()) - backup(q1.copy())), axis=None)[-1] / change


def contraction_factor_of_lists(q1, q2, backup):
    def norm(x):
        return max(max(map(abs, row)) for row in x.tolist())

    return norm(backup(q1.tolist()) - backup(q2.tolist())) / norm(q1 - q2)


def is_worth_it(rest_cost, push_cost, pushes, discount):
    up = sum(push_cost * discount**k for k in range(pushes))
    return up <= rest_cost / (1 - discount)


def least_discount_by_halves(rest_cost, push_cost, pushes):
    low, high = 0.0, 1.0
    for _ in range(25):
        middle = (low + high) / 2
        if is_worth_it(rest_cost, push_cost, pushes, middle):
            high = middle
        else:
            low = middle
    return (low + high) / 2


def least_discount_by_roots(rest_cost, push_cost, pushes):
    if rest_cost >= push_cost:
        return 0
    polynomial = np.zeros(pushes + 1)
    polynomial[0], polynomial[-1] = push_cost, rest_cost - push_cost
    found = np.roots(polynomial)
    return found[np.abs(found.imag) < 1e-9].real.max()


def least_discount_by_newton(rest_cost, push_cost, pushes):
    discount = 0.9
    if rest_cost >= push_cost:
        return 0.0
    for _ in range(300):
        gap = push_cost * discount**pushes - (push_cost - rest_cost)
        discount -= gap / (pushes * push_cost * discount ** (pushes - 1))
    return discount


def least_discount_on_a_grid(rest_cost, push_cost, pushes):
    tried = np.linspace(0, 1, 1_000_001)
    return tried[np.argmax(push_cost * (1 - tried**pushes) <= rest_cost + 1e-12)]


def searched(is_enough):
    """A search with another condition."""

    def least_discount(rest_cost, push_cost, pushes):
        low, high = 0.0, 1.0
        for _ in range(40):
            g = (low + high) / 2
            low, high = (low, g) if is_enough(rest_cost, push_cost, pushes, g) else (g, high)
        return high

    return (least_discount,)


CORRECT = {
    "01.1": [
        (returns_by_sums,),
        (returns_by_recursion,),
        (returns_single,),
        (returns_by_a_matrix,),
        (returns_by_accumulation,),
        (returns_by_convolution,),
        (returns_with_a_zero_behind,),
        (returns_on_a_copy,),
        (lambda r, g: [np.polynomial.polynomial.polyval(g, r[t:]) for t in range(len(r))],),
    ],
    "01.2": [
        (bellman_backup_by_loops,),
        (lambda q, r, to, discount: r + discount * np.amax(q[to], axis=-1),),
        (bellman_backup_by_one_hot,),
        (Backup(),),
        (lambda q, r, to, g: np.float32(r) + np.float32(g) * np.float32(q).max(1)[to],),
        (lambda q, r, to, g: g * np.take(np.max(q, axis=1), to) + r,),
        (lambda q, r, to, g: r + g * q[np.arange(len(q)), q.argmax(axis=1)][to],),
    ],
    "01.3": [
        (policy_backup_by_loops,),
        (policy_backup_single,),
        (policy_backup_by_one_hot,),
        (policy_backup_of_flat_indices,),
        (policy_backup_by_columns,),
        (lambda q, r, to, mu, g: r + g * q[to, mu[to]],),
        (lambda q, r, to, mu, g: r + g * np.choose(mu, q.T)[to],),
    ],
    "01.4": [
        (contraction_factor_of_vectors,),
        (contraction_factor_by_range,),
        (contraction_factor_by_loops,),
        (contraction_factor_in_order,),
        (contraction_factor_of_lists,),
        (lambda p, q, T: np.float32(np.ptp([0, *abs(T(p) - T(q)).flat]) / abs(p - q).max()),),
        (lambda p, q, T: float(np.exp(np.log(abs(T(p) - T(q)).max()) - np.log(abs(p - q).max()))),),
    ],
    "01.5": [
        (least_discount_by_halves,),
        (least_discount_by_roots,),
        (least_discount_by_newton,),
        (least_discount_on_a_grid,),
        (lambda c, p, n: np.clip(1 - c / p, 0, None) ** (1 / n),),
        (lambda c, p, n: 0 if c >= p else np.exp(np.log((p - c) / p) / n),),
        (lambda c, p, n: np.float32(np.maximum((p - c) / p, 0) ** (1 / n)),),
    ],
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
        (backwards(lambda r, later, d, t: r + 0.9 * later), "argument ignored: discount"),
        (backwards(lambda r, later, d, t: int(r + d * later)), "fractions cut off"),
        (backwards(lambda r, later, d, t: -(r + d * -later)), "sign flipped"),
        ((with_a_zero_behind,), "one entry too many"),
        ((forwards_into_zeros,), "the rewards themselves"),
        ((down_to_step_1,), "first entry left out"),
        ((lambda rewards, d: returns_by_sums(rewards[:6], d),), "another shape"),
        (
            (lambda rewards, d: np.full(len(rewards), returns_by_sums(rewards, d)[0]),),
            "one return for the whole episode",
        ),
        # two at once
        (
            backwards(lambda r, later, d, t: d * (r + later), turned=False),
            "order reversed and factor γ",
        ),
        ((lambda rewards, d: without_last_reward(rewards, 1.0),), "argument ignored: discount"),
        (backwards(lambda r, later, d, t: (1 - d) * r + d * later), "reward weighted by 1 − γ"),
        (
            (lambda r, d: [sum(d ** (i - t) * x for i, x in enumerate(r)) for t in range(len(r))],),
            "past rewards summed, too",
        ),
    ],
    "01.2": [
        (
            backed_up(lambda q, r, to, d, s, a: max(q[s, a], r[s, a] + d * max(q[to[s, a]]))),
            "larger of the old and the new value",
        ),
        (
            backed_up(
                lambda q, r, to, d, s, a: (
                    r[s, a] + d * max(q[to[s, a]]) if a == q[s].argmax() else q[s, a]
                )
            ),
            "only the greedy action's entries backed up",
        ),
        (
            backed_up(lambda q, r, to, d, s, a: (r[s, a] + d) * max(q[to[s, a]])),
            "rest multiplied by r + γ",
        ),
        (
            backed_up(lambda q, r, to, d, s, a: (q[s, a] + r[s, a] + d * max(q[to[s, a]])) / 2),
            "part of the old table kept",
        ),
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
        (
            (lambda q, r, to, d: bellman_backup_in_place(q.copy(), r, to, d),),
            "new values used in the same backup",
        ),
        ((lambda q, r, to, d: (r + d * q.max(axis=1)[to]).max(axis=1),), "V instead of Q"),
        ((lambda q, r, to, d: (r + d * q.max(axis=1)[to]).T,), "transposed"),
        (
            backed_up(lambda q, r, to, d, s, a: q[s, a] + r[s, a] + d * max(q[to[s, a]])),
            "added to the old table",
        ),
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + 0.9 * max(q[to[s, a]])),
            "argument ignored: discount",
        ),
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + d * max(0, *q[to[s, a]])),
            "no value below 0",
        ),
        # two at once
        (
            backed_up(lambda q, r, to, d, s, a: r[s, a] + np.mean(q[to[s, a]])),
            "argument ignored: discount",
        ),
        (backed_up(lambda q, r, to, d, s, a: max(q[to[s, a]])), "reward missing and factor 1/γ"),
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
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + d * np.mean(q[to[s, a]])),
            "mean instead of the policy's action",
        ),
        (
            followed(
                lambda q, r, to, mu, d, s, a: (
                    r[s, a] + d * q[to[s, a], mu[to[s, a]]] if a == mu[s] else q[s, a]
                )
            ),
            "only the policy's own entries backed up",
        ),
        ((lambda q, r, to, mu, d: q[np.arange(len(q)), mu],), "V instead of Q"),
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, mu[s]] + d * q[to[s, a], mu[to[s, a]]]),
            "reward of the policy's action",
        ),
        # two at once
        (
            followed(lambda q, r, to, mu, d, s, a: r[s, a] + q[to[s, a], mu[s]]),
            "argument ignored: discount",
        ),
    ],
    "01.4": [
        (
            (lambda p, q, T: max(1.0, *abs(T(p) - T(q)).flat) / max(1.0, *abs(p - q).flat),),
            "never below 1",
        ),
        ((lambda p, q, T: 1 - contraction_factor_by_loops(p, q, T),), "1 minus the factor"),
        (
            (lambda p, q, T: np.sqrt(np.sum((T(p) - T(q)) ** 2) / np.sum((p - q) ** 2)),),
            "Euclidean norm",
        ),
        (
            (lambda p, q, T: abs(T(p) - T(q)).sum(axis=1).max() / abs(p - q).sum(axis=1).max(),),
            "a matrix norm instead of the largest entry",
        ),
        (
            (lambda p, q, T: abs(T(p) - T(q)).sum() / abs(p - q).sum(),),
            "sum or mean instead of max",
        ),
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
        (
            (lambda p, q, T: abs(T(p) - T(q)).max(axis=1) / abs(p - q).max(axis=1),),
            "one factor for each row",
        ),
        ((lambda p, q, T: abs(T(T(p)) - T(T(q))).max() / abs(p - q).max(),), "backed up twice"),
        ((lambda p, q, T: abs(p - q).max() / abs(q - p).max(),), "a distance divided by itself"),
        ((lambda p, q, T: np.linalg.norm(T(p) - T(q)) / abs(p - q).max(),), "two different norms"),
        ((lambda p, q, T: (T(p) - T(q)).max() / abs(p - q).max(),), "no absolute value"),
        ((lambda p, q, T: abs(T(p) - T(q)).max() < abs(p - q).max(),), "not what was asked for"),
        # two at once
        (
            (lambda p, q, T: abs(p - q).mean() / abs(T(p) - T(q)).mean(),),
            "sum or mean instead of max and upside down",
        ),
    ],
    "01.5": [
        ((lambda c, p, n: max(0, (p - c) / p),), "the root missing"),
        ((lambda c, p, n: max(0, 1 - c / (n * p)),), "pushes not discounted"),
        (searched(lambda c, p, n, g: n * p <= c / (1 - g)), "pushes not discounted"),
        (
            searched(lambda c, p, n, g: p * sum(g**k for k in range(1, n + 1)) <= c / (1 - g)),
            "first push discounted, too",
        ),
        (
            searched(lambda c, p, n, g: p * sum(g**k for k in range(n)) <= g * c / (1 - g)),
            "first rest discounted, too",
        ),
        (
            searched(lambda c, p, n, g: p * g ** (n - 1) <= c / (1 - g)),
            "only the last push counted",
        ),
        (
            searched(lambda c, p, n, g: p * sum(g**k for k in range(n + 1)) <= c / (1 - g)),
            "one push too many or too few",
        ),
        ((lambda c, p, n: max(0, 1 - c / p) ** n,), "power instead of the root"),
        ((lambda c, p, n: max(0, 1 - p / c) ** (1 / n),), "costs swapped"),
        (
            (lambda c, p, n: min(1, c / p) ** (1 / n),),
            "share of the costs instead of what is missing to 1",
        ),
        ((lambda c, p, n: (1 - c / p) ** (1 / n),), "not a number"),
        ((lambda c, p, n: abs(p - c) ** (1 / n) / p ** (1 / n),), "signs mixed up"),
        (
            (lambda c, p, n: (1 - c / p) ** (1 / n) if c < p else 1.0,),
            "1 instead of 0 where going up is cheap",
        ),
        ((lambda c, p, n: max(0, 1 - c / p) ** 1 / n,), "divided by the number of pushes"),
        (
            (lambda c, p, n: (1 - c / p) ** 1 / n,),
            "divided by the number of pushes, and nothing for γⁿ below 0",
        ),
        (
            searched(lambda c, p, n, g: p * (1 - g**n) <= c * (1 - g**200)),
            "rests counted for a limited time",
        ),
        ((lambda c, p, n: np.sqrt(max(0, 1 - c / p)),), "always the square root"),
        (
            (lambda c, p, n: max(0, p - c) ** (1 / n),),
            "not divided by the cost of a push, or brackets missing",
        ),
        (
            (lambda c, p, n: next(g for g in np.linspace(0, 1, 1001) if p * (1 - g**n) <= c),),
            "rounded, or the nearest point of a grid",
        ),
        ((lambda c, p, n: c < p,), "not what was asked for"),
    ],
}
