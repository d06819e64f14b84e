"""Chapter 02: a step of Q-learning, a search for the best action, ε-greedy, the loop."""

from itertools import combinations_with_replacement, product

import numpy as np

# 02.1


def td_update(q, state, action, reward, next_state, terminated, learning_rate, discount):
    target = reward
    if not terminated:
        target += discount * np.max(q[next_state])
    delta = target - q[state, action]
    q[state, action] += learning_rate * delta
    return delta


def td_update_by_mixing(q, state, action, reward, next_state, terminated, learning_rate, discount):
    y = reward + (1 - terminated) * discount * max(q[next_state])
    old = float(q[state][action])
    q[state][action] = (1 - learning_rate) * old + learning_rate * y
    return np.array(y - old)


def td_update_of_a_view(q, state, action, reward, next_state, terminated, learning_rate, discount):
    entry = q[state, action : action + 1]  # (1,), a view
    delta = reward - entry[0] + (0 if terminated else discount * sorted(q[next_state])[-1])
    entry += learning_rate * delta
    return delta


def td_update_of_a_flat_table(q, s, a, r, to, terminated, learning_rate, discount):
    y = r + np.where(terminated, 0.0, discount * np.amax(q[to]))
    flat, place = q.reshape(-1), s * q.shape[1] + a
    delta = np.float32(y - flat[place])
    np.add.at(flat, place, learning_rate * (y - flat[place]))
    return delta


class TDUpdate:
    def __call__(self, q, s, a, r, to, terminated, learning_rate, discount):
        best = max(q[to][b] for b in range(len(q[to])))
        following = [discount * best, 0.0][int(terminated)]
        new = q.copy()
        new[s, a] -= learning_rate * (q[s, a] - r - following)
        delta = (new[s, a] - q[s, a]) / learning_rate
        q[:] = new
        return float(delta)


def td_update_with(line):
    """Answer in short names; `line` replaces one of the lines."""
    lines = [
        "y = r + g * (not end) * max(q[to])",
        "d = y - q[s, a]",
        "q[s, a] += lr * d",
        "out = d",
    ]
    name = line.split("=")[0].strip().rstrip("+-[ ")
    starts = {"y": 0, "d": 1, "out": 3}
    lines[starts.get(name, 2)] = line
    code = compile("\n".join(lines), "<answer>", "exec")

    def answer(q, s, a, r, to, end, lr, g):
        names = {"q": q, "s": s, "a": a, "r": r, "to": to, "end": end, "lr": lr, "g": g, "np": np}
        exec(code, names)
        return names["out"]

    return (answer,)


def td_update_descending(q, s, a, r, to, end, lr, g):
    delta = q[s, a] - (r + g * max(q[to]) * (1 - end))
    q[s, a] += lr * delta
    return delta


# 02.2


def greedy_on_meshgrid(q_function, state, points, action_dim):
    axes = [np.arange(points) * 2 / (points - 1) - 1] * action_dim
    actions = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, action_dim)
    values = [q_function(state, action) for action in actions]
    return [list(actions[np.argmax(values)]), points**action_dim]


def greedy_by_counting(q_function, state, points, action_dim):
    def action_number(k):
        digits = [k // points**i % points for i in range(action_dim)]
        return [-1 + 2 * digit / (points - 1) for digit in digits]

    numbers = range(points**action_dim)
    k = max(numbers, key=lambda k: q_function(state, action_number(k)))
    return np.float32(action_number(k)), len(numbers)


def greedy_by_recursion(q_function, state, points, action_dim):
    calls = 0

    def best_of(entries):
        nonlocal calls
        if len(entries) == action_dim:
            calls += 1
            return q_function(state, np.array(entries)), entries
        return max(best_of((*entries, x)) for x in np.linspace(-1, 1, points))

    return best_of(())[1], calls


def greedy_from_the_end(q_function, state, points, action_dim):
    along = np.linspace(1, -1, points, dtype=np.float32)
    best, highest, calls = np.zeros(action_dim), None, np.int64(0)
    action = np.zeros(action_dim)
    for index in np.ndindex((points,) * action_dim):
        for i in range(action_dim):
            action[i] = along[index[i]]
        value = q_function(state, action)
        calls = calls + 1
        if highest is None or value >= highest:
            best[:], highest = action, value
    return best, calls


def greedy_and_its_value_again(q_function, state, points, action_dim):
    grid = np.stack(np.indices((points,) * action_dim), -1).reshape(-1, action_dim)
    actions = 2.0 * grid / (points - 1) - 1
    k = np.argsort([q_function(state, action) for action in actions])[-1]
    assert np.isfinite(q_function(state, actions[k]))
    return tuple(actions[k]), np.array(float(len(actions)))


def searched(actions, returned=lambda best, value, calls: (best, calls), sign=1):
    """Search through actions(points, dims)."""

    def answer(q_function, state, points, action_dim):
        tried = [np.asarray(action) for action in actions(points, action_dim)]
        values = [sign * q_function(state, action) for action in tried]
        k = int(np.argmax(values))
        return returned(tried[k], values[k], len(tried))

    return (answer,)


def whole_grid(points, dims):
    return list(product(np.linspace(-1, 1, points), repeat=dims))


def coordinate_search(q_function, state, points, action_dim):
    best, calls = np.zeros(action_dim), 0
    for i in range(action_dim):
        values = []
        for x in np.linspace(-1, 1, points):
            trial = best.copy()
            trial[i] = x
            values.append(q_function(state, trial))
            calls += 1
        best[i] = np.linspace(-1, 1, points)[np.argmax(values)]
    return best, calls


def asked_twice(q_function, state, points, action_dim):
    best, calls = None, 0
    for action in whole_grid(points, action_dim):
        if best is None or q_function(state, np.array(action)) > q_function(state, best):
            best = np.array(action)
        calls += 2
    return best, calls


def asked_again_if_better(q_function, state, points, action_dim):
    actions = [np.array(action) for action in whole_grid(points, action_dim)]
    best, highest = actions[0], q_function(state, actions[0])
    for action in actions[1:]:
        if q_function(state, action) > highest:
            best, highest = action, q_function(state, action)
    return best, len(actions)


def one_array(q_function, state, points, action_dim):
    action, values, calls = np.zeros(action_dim), np.linspace(-1, 1, points), 0
    best, highest = action, -np.inf
    for index in np.ndindex((points,) * action_dim):
        action[:] = values[list(index)]
        value = q_function(state, action)
        calls += 1
        if value > highest:
            best, highest = action, value
    return best, calls


def zeros_if_below_zero(q_function, state, points, action_dim):
    best, highest = np.zeros(action_dim), 0.0
    for action in whole_grid(points, action_dim):
        value = q_function(state, np.array(action))
        if value > highest:
            best, highest = np.array(action), value
    return best, points**action_dim


def none_if_below_zero(q_function, state, points, action_dim):
    best, highest, calls = None, 0, 0
    for action in whole_grid(points, action_dim):
        value, calls = q_function(state, np.array(action)), calls + 1
        if value > highest:
            best, highest = np.array(action), value
    return best, calls


# 02.3


def epsilon_greedy(values, epsilon, rng):
    return rng.integers(len(values)) if rng.random() < epsilon else values.argmax()


def epsilon_greedy_by_weights(values, epsilon, rng):
    probabilities = np.full(len(values), epsilon / len(values))
    probabilities[np.argmax(values)] += 1 - epsilon
    return int(rng.choice(len(values), p=probabilities))


def epsilon_greedy_drawing_always(values, epsilon, rng):
    anything = rng.permutation(len(values))[0]
    best = max(range(len(values)), key=lambda a: values[a])
    return float(best if rng.uniform() >= epsilon else anything)


def epsilon_greedy_by_the_quantile(values, epsilon, rng):
    a, u = int(np.argmax(values)), rng.random()
    return a if u >= epsilon else int(u / epsilon * len(values))


def epsilon_greedy_by_binomial(values, epsilon, rng):
    actions = list(range(len(values)))
    if rng.binomial(1, epsilon) == 1:
        rng.shuffle(actions)
        return np.array(actions[0])
    return np.lexsort((values,))[-1]


class EpsilonGreedy:
    def __call__(self, values, epsilon, rng):
        explore = rng.choice([True, False], p=[epsilon, 1 - epsilon])
        return np.random.Generator.choice(rng, len(values)) if explore else values.argmax()


OWN = np.random.default_rng(8)


def others_only(values, epsilon, rng):
    best = np.argmax(values)
    others = [a for a in range(len(values)) if a != best]
    return others[rng.integers(len(others))] if rng.random() < epsilon else best


# 02.4


def walk(step, act, learn, steps, limit):
    """A loop of episodes inside a loop of steps."""
    total, taken = 0, 0
    while taken < steps:
        state, terminated, age = 0, False, 0
        while not terminated and age < limit and taken < steps:
            action = act(state)
            reward, following, terminated = step(state, action)
            learn(state, action, reward, following, terminated)
            total, state = total + reward, following
            age, taken = age + 1, taken + 1
    return total


def walk_with_a_flag(step, act, learn, steps, limit):
    rewards, begins = [], True
    for _ in range(steps):
        if begins:
            state, left = 0, limit
        action = act(state)
        transition = step(state, action)
        learn(state, action, *transition)
        rewards.append(transition[0])
        left -= 1
        begins = transition[2] or left == 0
        state = transition[1]
    return np.sum(rewards)


def walk_by_recursion(step, act, learn, steps, limit, state=0, age=0):
    if steps == 0:
        return 0.0
    action = act(state)
    reward, after, terminated = step(state, action)
    learn(state, action, reward, after, bool(terminated))
    truncated = age + 1 >= limit
    if terminated or truncated:
        after, age = 0, -1
    return reward + walk_by_recursion(step, act, learn, steps - 1, limit, after, age + 1)


def episodes(limit):
    """Yield, for ever, whether the next step is the first of an episode cut off by the limit."""
    t = 0
    while True:
        restart = yield t % limit == 0
        t = 0 if restart else t + 1


def walk_with_generator(step, act, learn, steps, limit):
    clock = episodes(limit)
    fresh, after, earned = next(clock), 0, np.zeros(())
    for _ in range(steps):
        state = 0 if fresh else after
        action = act(state)
        reward, after, terminated = step(state, action)
        learn(state, action, reward, after, terminated)
        earned = earned + reward
        fresh = clock.send(terminated)
    return earned


def walk_while(step, act, learn, steps, limit):
    t = begun = 0
    state, earned = 0, 0.0
    while t != steps:
        action = act(state)
        reward, next_state, terminated = step(state, action)
        learn(state, action, reward, next_state, terminated)
        earned = earned + reward
        t += 1
        if terminated or t - begun == limit:
            begun, next_state = t, 0
        state = next_state
    return np.float32(earned)


class Walker:
    def __call__(self, step, act, learn, steps, limit):
        self.state, self.age = 0, 0
        return sum(self.one(step, act, learn, limit) for _ in range(steps))

    def one(self, step, act, learn, limit):
        a = act(self.state)
        r, s, ended = step(self.state, a)
        learn(self.state, a, r, s, ended)
        self.age = (self.age + 1) % limit
        self.state = s
        if ended or self.age == 0:
            self.state = self.age = 0
        return r


def walk_that_tells(told):
    """A walk that tells learn something else; told(terminated, truncated)."""

    def answer(step, act, learn, steps, limit):
        state, age, earned = 0, 0, 0
        for _ in range(steps):
            action = act(state)
            reward, after, terminated = step(state, action)
            age += 1
            learn(state, action, reward, after, told(terminated, age == limit))
            earned += reward
            state = after
            if terminated or age == limit:
                state = age = 0
        return earned

    return (answer,)


def walk_to_the_end_of_the_episode(step, act, learn, steps, limit):
    count, earned = 0, 0.0
    while count < steps:
        state, age, terminated = 0, 0, False
        while not terminated and age < limit:
            action = act(state)
            reward, following, terminated = step(state, action)
            learn(state, action, reward, following, terminated)
            state, age, count, earned = following, age + 1, count + 1, earned + reward
    return earned


def walk_that_asks_ahead(step, act, learn, steps, limit):
    state, age, earned = 0, 0, 0.0
    for _ in range(steps):
        action = act(state)
        reward, following, terminated = step(state, action)
        act(following)
        learn(state, action, reward, following, terminated)
        earned, state, age = earned + reward, following, age + 1
        if terminated or age == limit:
            state, age = 0, 0
    return earned


def walk_of_episodes(step, act, learn, steps, limit):
    total = 0
    for _ in range(steps):
        state, age = 0, 0
        while True:
            action = act(state)
            reward, after, terminated = step(state, action)
            learn(state, action, reward, after, terminated)
            total, state, age = total + reward, after, age + 1
            if terminated or age == limit:
                break
    return total


def walk_that_resets_first(step, act, learn, steps, limit):
    state, age, total = 0, 0, 0
    for _ in range(steps):
        action = act(state)
        reward, after, terminated = step(state, action)
        age += 1
        if terminated or age == limit:
            after, age = 0, 0
        learn(state, action, reward, after, terminated)
        state, total = after, total + reward
    return total


def walk_that_moves_first(step, act, learn, steps, limit):
    state, age, total = 0, 0, 0
    for _ in range(steps):
        action = act(state)
        reward, after, terminated = step(state, action)
        state, age, total = after, age + 1, total + reward
        learn(state, action, reward, after, terminated)
        if terminated or age == limit:
            state, age = 0, 0
    return total


def walk_for_ever(step, act, learn, steps, limit):
    state, total = 0, 0
    for _ in range(steps):
        action = act(state)
        reward, after, terminated = step(state, action)
        learn(state, action, reward, after, terminated)
        state, total = after, total + reward
    return total


def walk_that_counts_on(step, act, learn, steps, limit):
    state, total = 0, 0
    for t in range(steps):
        action = act(state)
        reward, after, terminated = step(state, action)
        learn(state, action, reward, after, terminated)
        state, total = (0 if terminated or (t + 1) % limit == 0 else after), total + reward
    return total


def walk_once(step, act, learn, steps, limit):
    state, total = 0, 0
    for _ in range(steps):
        action = act(state)
        reward, state_after, terminated = step(state, action)
        learn(state, action, reward, state_after, terminated)
        state, total = state_after, total + reward
        if terminated:
            break
    return total


CORRECT = {
    "02.1": [
        (td_update,),
        (td_update_by_mixing,),
        td_update_with("out = float(d)"),
        (td_update_of_a_view,),
        (td_update_of_a_flat_table,),
        (TDUpdate(),),
        td_update_with("y = r if end else r + g * max(q[to])"),
        td_update_with("q[s, a] = q[s, a] * (1 - lr) + lr * y"),
    ],
    "02.2": [
        (greedy_on_meshgrid,),
        (greedy_by_counting,),
        searched(whole_grid),
        (greedy_by_recursion,),
        (greedy_from_the_end,),
        (greedy_and_its_value_again,),
        searched(lambda points, dims: whole_grid(points, dims)[::-1]),
    ],
    "02.3": [
        (epsilon_greedy,),
        (epsilon_greedy_by_weights,),
        (epsilon_greedy_drawing_always,),
        (epsilon_greedy_by_the_quantile,),
        (epsilon_greedy_by_binomial,),
        (EpsilonGreedy(),),
        (lambda v, eps, rng: np.array(rng.choice(len(v)) if rng.random() < eps else v.argmax()),),
        (lambda v, eps, rng: (rng.integers(len(v)), v.argmax())[int(rng.random() > eps)],),
    ],
    "02.4": [
        (walk,),
        (walk_with_a_flag,),
        (walk_by_recursion,),
        (walk_with_generator,),
        (walk_while,),
        (Walker(),),
        walk_that_tells(lambda terminated, truncated: np.bool_(terminated)),
    ],
}
FIXED = "one fixed action where a random one is asked"


def one_number_for_both(values, epsilon, rng):
    u = rng.random()
    return int(u * len(values)) if u < epsilon else int(np.argmax(values))


def every_so_often():
    calls = 0

    def epsilon_greedy(values, epsilon, rng):
        nonlocal calls
        calls += 1
        if epsilon and calls % max(1, round(1 / epsilon)) == 0:
            return rng.integers(len(values))
        return np.argmax(values)

    return epsilon_greedy


MISTAKEN = {
    "02.1": [
        (td_update_with("y = r + g * max(q[to])"), "terminated ignored"),
        (td_update_with("y = r + g * end * max(q[to])"), "mask flipped"),
        (td_update_with("y = 0 if end else r + g * max(q[to])"), "reward masked too"),
        ((td_update_descending,), "sign flipped"),
        (td_update_with("q[s, a] -= lr * d"), "sign flipped"),
        (td_update_with("out = -d"), "sign flipped"),
        (td_update_with("q[s, a] += d"), "learning rate missing"),
        (td_update_with("q[s, a] = y"), "learning rate missing"),
        (td_update_with("y = r + g * ~bool(end) * max(q[to])"), "~ instead of not"),
        (td_update_with("y = r + g * (not end) * sum(q[to]) / len(q[to])"), "mean instead of max"),
        (td_update_with("y = g * (r + (not end) * max(q[to]))"), "reward discounted too"),
        (td_update_with("q[s, a] = lr * d"), "old value overwritten"),
        (td_update_with("q[s, a] = lr * y"), "old value overwritten"),
        (td_update_with("q[s, a] += lr * y"), "target instead of δ"),
        (td_update_with("q[a, s] += lr * d"), "indices swapped"),
        (td_update_with("q[to] += lr * d"), "row of s' changed instead"),
        (td_update_with("out = y"), "target instead of δ"),
        (td_update_with("out = max(d, -d)"), "|δ| instead of δ"),
        (td_update_with("out = lr * d"), "learning rate within δ"),
        (td_update_with("out = y - q[s, a]"), "δ after the change"),
        (td_update_with("y = r + g * (not end) * q[to, a]"), "max missing"),
        (td_update_with("y = r + g * (not end) * np.max(q)"), "max over the whole table"),
        (td_update_with("y = r + g * (not end) * max(q[:, a])"), "max over states"),
        (
            td_update_with("y = r + g * (not end) * np.argmax(q[to])"),
            "the best action's index instead of its value",
        ),
        (td_update_with("y = r + g * (not end) * max(q[s])"), "value of s instead of s'"),
        (td_update_with("q[to, a] += lr * d"), "row of s' changed instead"),
        (td_update_with("q[s] += lr * d"), "whole row changed"),
        (td_update_with("y = r + (1 - end) * max(q[to])"), "discount missing"),
        (td_update_with("y = g * (not end) * max(q[to])"), "reward missing"),
        (td_update_with("q = q + 0; q[s, a] += lr * d"), "table not changed"),
        (td_update_with("y = r + 0.9 * (not end) * max(q[to])"), "argument ignored: discount"),
        (td_update_with("q[s, a] += 0.1 * d"), "argument ignored: learning_rate"),
        (
            td_update_with("y = r if end is True else r + g * max(q[to])"),
            "terminated compared with `is`",
        ),
        (td_update_with("q.max()"), "table not changed"),
        (td_update_with("q += lr * d"), "whole table changed"),
        (td_update_with("q[:, a] += lr * d"), "whole column changed"),
        (td_update_with("d = r if end else y - q[s, a]"), "δ = r at an end"),
        (td_update_with("q[s, a] += 0 if end else lr * d"), "nothing learned at an end"),
        (
            td_update_with("q[s, a] += lr * (y - q[s, a]); q[s, a] += lr * (y - q[s, a])"),
            "changed twice",
        ),
        (td_update_with("out = q"), "table instead of δ"),
        (td_update_with("y = r + g * (not end) * max(0, *q[to])"), "no value below 0"),
        (
            td_update_with("y = r if end or s == to else r + g * max(q[to])"),
            "rest missing where s' is s",
        ),
        (
            td_update_with("y = r if end or r != 0 else r + g * max(q[to])"),
            "rest missing where there is a reward",
        ),
        (td_update_with("d = (y - q[s, a]) ** 2"), "δ² instead of δ"),
        # two at once
        (td_update_with("y = r + end * max(q[to])"), "argument ignored: discount"),
        (td_update_with("y = r + max(q[to])"), "argument ignored: terminated, discount"),
    ],
    "02.2": [
        (searched(whole_grid, sign=-1), "argmin instead of argmax"),
        (
            searched(whole_grid, lambda best, value, calls: (best, value)),
            "value instead of the number of calls",
        ),
        (
            searched(lambda points, dims: [[x] * dims for x in np.linspace(-1, 1, points)]),
            "only the diagonal of the grid",
        ),
        ((coordinate_search,), "one dimension at a time"),
        (
            searched(lambda points, dims: product(np.arange(-1, 1, 2 / points), repeat=dims)),
            "grid without its ends",
        ),
        (
            searched(
                lambda points, dims: product(
                    [-1 + 2 * k / (points + 1) for k in range(1, points + 1)], repeat=dims
                )
            ),
            "grid without its ends",
        ),
        (
            searched(lambda points, dims: product(np.linspace(0, 1, points), repeat=dims)),
            "grid from 0 to 1",
        ),
        (
            searched(whole_grid, lambda best, value, calls: (value, calls)),
            "value instead of the action",
        ),
        (
            searched(
                whole_grid,
                lambda best, value, calls: (
                    next(
                        i
                        for i, a in enumerate(
                            whole_grid(round(calls ** (1 / len(best))), len(best))
                        )
                        if (a == best).all()
                    ),
                    calls,
                ),
            ),
            "index instead of the action",
        ),
        (
            searched(
                whole_grid,
                lambda best, value, calls: (best, len(best) ** round(calls ** (1 / len(best)))),
            ),
            "A ** points instead of points ** A",
        ),
        ((asked_twice,), "two calls for each action"),
        ((asked_again_if_better,), "calls that are not counted"),
        ((one_array,), "last action instead of the best"),
        ((zeros_if_below_zero,), "nothing below zero is ever best"),
        (
            searched(lambda points, dims: product(np.linspace(-1, 1, points)[:-1], repeat=dims)),
            "grid without its ends",
        ),
        (
            searched(whole_grid, lambda best, value, calls: (best, calls + calls)),
            "two calls for each action",
        ),
        (
            searched(
                lambda points, dims: combinations_with_replacement(np.linspace(-1, 1, points), dims)
            ),
            "combinations instead of all actions",
        ),
        (
            searched(lambda points, dims: product(np.linspace(-2, 2, points), repeat=dims)),
            "grid with other ends",
        ),
        (searched(lambda points, dims: whole_grid(5, dims)), "argument ignored: points"),
        (searched(lambda points, dims: whole_grid(points, 3)), "not what was asked for"),
        (searched(whole_grid, lambda best, value, calls: (best, 0)), "calls not counted"),
        (
            searched(whole_grid, lambda best, value, calls: (list(map(int, best)), calls)),
            "fractions cut off",
        ),
        ((none_if_below_zero,), "nothing below zero is ever best"),
        (searched(whole_grid, lambda best, value, calls: best), "not what was asked for"),
        (
            searched(lambda points, dims: [[x] for x in np.linspace(-1, 1, points)]),
            "not what was asked for",
        ),
        # two at once
        (
            searched(lambda points, dims: product(np.linspace(0, 1, points), repeat=dims), sign=-1),
            "unknown",
        ),
    ],
    "02.3": [
        (
            (lambda v, eps, rng: epsilon_greedy(v, eps / len(v), rng),),
            "explores with probability ε/A",
        ),
        ((lambda v, eps, rng: epsilon_greedy(v, eps**2, rng),), "explores with probability ε²"),
        ((lambda v, eps, rng: epsilon_greedy(v, 0.1, rng),), "argument ignored: epsilon"),
        (
            (lambda v, eps, rng: rng.integers(1, len(v)) if rng.random() < eps else v.argmax(),),
            "first action never drawn",
        ),
        (
            (lambda v, eps, rng: rng.integers(4) if rng.random() < eps else v.argmax(),),
            "not what was asked for",
        ),
        ((lambda v, eps, rng: 0,), "always the same action"),
        (
            (lambda v, eps, rng: np.argmax(v) if rng.random() < eps else rng.integers(len(v)),),
            "ε and 1 − ε swapped",
        ),
        ((others_only,), "random action never the greedy one"),
        ((one_number_for_both,), "random number used twice"),
        ((every_so_often(),), "a counter decides when to explore"),
        ((lambda v, eps, rng: 0 if rng.random() < eps else v.argmax(),), FIXED),
        ((lambda v, eps, rng: v.argmax(),), "always greedy"),
        ((lambda v, eps, rng: rng.choice(len(v)),), "explores whatever ε is"),
        ((lambda v, eps, rng: epsilon_greedy(-v, eps, rng),), "argmin instead of argmax"),
        (
            (lambda v, eps, rng: rng.integers(2) if rng.random() < eps else v.argmax(),),
            "number of actions fixed",
        ),
        (
            (lambda v, eps, rng: epsilon_greedy(v, eps, np.random.default_rng(0)),),
            "the same numbers at every call",
        ),
        *(
            (
                (lambda v, eps, rng, s=s: epsilon_greedy(v, eps, np.random.default_rng(s)),),
                "the same numbers at every call",
            )
            for s in (1, 7, 42)
        ),
        ((lambda v, eps, rng: epsilon_greedy(v, eps, OWN),), "another source of randomness"),
        ((lambda v, eps, rng: max(v),), "not what was asked for"),
        ((lambda v, eps, rng: [epsilon_greedy(v, eps, rng)],), "not what was asked for"),
        # two at once
        ((lambda v, eps, rng: others_only(v, 1 - eps, rng),), "unknown"),
        ((lambda v, eps, rng: epsilon_greedy(-v, 1 - eps, rng),), "unknown"),
    ],
    "02.4": [
        (walk_that_tells(lambda ended, cut: ended or cut), "truncated taken as terminated"),
        (walk_that_tells(lambda ended, cut: not ended), "terminated the wrong way round"),
        (walk_that_tells(lambda ended, cut: False), "terminated not passed on"),
        ((walk_of_episodes,), "steps are taken for episodes"),
        ((walk_to_the_end_of_the_episode,), "the last episode runs on"),
        ((walk_that_asks_ahead,), "act called twice in each step"),
        ((walk_that_resets_first,), "back to the start before learning"),
        ((walk_that_moves_first,), "state carried on before learning"),
        ((walk_for_ever,), "never back to the start"),
        ((walk_that_counts_on,), "the count goes on after an end"),
        ((walk_once,), "one episode only"),
    ],
}
