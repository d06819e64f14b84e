"""Chapter 05: targets, the critic's loss, a column against a row."""

import numpy as np

# 05.1


def td_target(reward, terminated, truncated, next_q, discount):
    return reward + discount * next_q * ~terminated


def td_target_by_where(reward, terminated, truncated, next_q, discount):
    return np.where(terminated, reward, reward + discount * next_q)


def td_target_by_loop(reward, terminated, truncated, next_q, discount):
    y = []
    for r, end, q in zip(reward, terminated, next_q, strict=True):
        y.append(float(r) if end else float(r + discount * q))
    return y


def td_target_by_index(reward, terminated, truncated, next_q, discount):
    y = reward.astype(np.float32)
    y[~terminated] += discount * next_q[~terminated]
    return y


def td_target_in_a_copy(reward, terminated, truncated, next_q, discount):
    value = next_q.copy()
    value[terminated] = 0
    value *= discount
    value += reward
    return value


class TargetOfRow:
    """A target for each row by recursion, as a callable object."""

    def __call__(self, reward, terminated, truncated, next_q, discount):
        if not len(reward):
            return np.zeros(0)
        rest = (part[1:] for part in (reward, terminated, truncated, next_q))
        first = reward[0] + (0 if terminated[0] else discount * next_q[0])
        return np.append(first, self(*rest, discount))


def td_target_in_place(reward, terminated, truncated, next_q, discount):
    next_q[terminated] = 0
    return reward + discount * next_q


def target_that(answer):
    """A target in the letters r, d, t, q, g."""
    return (lambda r, d, t, q, g: answer(r, d.astype(float), t.astype(float), q, g),)


def mean_square(e):
    return np.mean(e * e)


def correct_grad(e):
    return e * (2 / e.size)


# 05.3


def critic_loss_column(q, y):
    error = q.squeeze(1) - y
    return (error**2).sum() / len(y), (2 / len(y) * error).reshape(q.shape)


def critic_loss_column_like_q(q, y):
    error = q - y.reshape(q.shape)
    return float(np.square(error).mean()), [[2 * e / len(error)] for e in error[:, 0]]


def critic_loss_column_by_rows(q, y):
    grad, loss = np.zeros_like(q), 0
    for i, (row, target) in enumerate(zip(q, y, strict=True)):
        loss += (row[0] - target) ** 2
        grad[i, 0] = 2 * (row[0] - target)
    return loss / len(q), grad / len(q)


def critic_loss_column_by_axis(q, y):
    error = q - np.expand_dims(y, 1)
    return np.mean(error * error, axis=(0, 1)), np.divide(2 * error, error.shape[0])


def critic_loss_column_of_table(q, y):
    table = q - y
    error = np.diagonal(table)
    return np.mean(error**2), 2 * error[:, np.newaxis] / len(table)


def critic_loss_column_single(q, y):
    error = np.float32(q) - np.float32(y)[:, None]
    return np.mean(error**2), error * np.float32(2 / len(q))


def column_of(loss, grad):
    return (lambda q, y: (loss(q[:, 0] - y), np.reshape(grad(q[:, 0] - y), (-1, 1))),)


def table_of(loss, grad):
    return (lambda q, y: (loss(q - y), grad(q - y)),)


TABLE_LOSSES = (
    mean_square,
    lambda e: np.sum(e * e) / len(e),
    lambda e: np.sum(e * e),
    lambda e: np.mean(e * e, axis=0),
    lambda e: np.mean(e * e, axis=1, keepdims=True),
)
TABLE_GRADS = (
    lambda e: 2 * np.mean(e, axis=1, keepdims=True),
    lambda e: 2 * np.sum(e, axis=1, keepdims=True),
    lambda e: 2 * np.mean(e, axis=1),
    lambda e: 2 * np.sum(e, axis=0),
    lambda e: 2 * e,
    lambda e: 2 * np.diag(e)[:, None] / len(e),  # the correct one
)


# 05.7


def believed_by_series(reward, discount, time_limit):
    factor = discount * (time_limit - 1) / time_limit
    return reward * np.sum(factor ** np.arange(20_000))


def believed_by_solving(reward, discount, time_limit):
    # T q = (T − 1) (r + γ q) + r
    return np.linalg.solve(
        [[time_limit - (time_limit - 1) * discount]], [time_limit * reward]
    ).item()


def believed_by_iteration(reward, discount, time_limit):
    q, before = 0.0, None
    while q != before:
        before = q
        targets = np.full(time_limit, reward + discount * q)
        targets[-1] = reward
        q = targets.mean()
    return q


def believed_by_halving(reward, discount, time_limit):
    low, high = 0.0, 1.0  # in units of the true value
    for _ in range(60):
        q = (low + high) / 2
        target = (1 - discount) + discount * (1 - 1 / time_limit) * q
        low, high = (q, high) if target > q else (low, q)
    return q * reward / (1 - discount)


class Believed:
    """A prediction of two numbers, as a callable object."""

    def __call__(self, reward, discount, time_limit):
        line = np.polynomial.Polynomial([reward, discount * (1 - 1 / time_limit) - 1])
        return line.roots()[0]


def value_that(formula):
    """A prediction in the names r, g, T."""

    def answer(reward, discount, time_limit):
        return eval(formula, {"r": reward, "g": discount, "T": time_limit, "np": np})

    return (answer,)


CORRECT = {
    "05.1": [
        (td_target,),
        (td_target_by_where,),
        (td_target_by_loop,),
        (td_target_by_index,),
        (td_target_in_a_copy,),
        (TargetOfRow(),),
        (lambda reward, ends, _, value, gamma: np.add(reward, gamma * np.invert(ends) * value),),
    ],
    "05.3": [
        (critic_loss_column,),
        (critic_loss_column_like_q,),
        (critic_loss_column_by_rows,),
        (critic_loss_column_by_axis,),
        (critic_loss_column_of_table,),
        (critic_loss_column_single,),
    ],
    "05.7": [
        (believed_by_series,),
        (believed_by_solving,),
        (believed_by_iteration,),
        (believed_by_halving,),
        (Believed(),),
        value_that("r / (1 - g + g / T)"),
        value_that("r * T / (T - g * (T - 1))"),
        value_that("np.array(r / (1 - g * (T - 1) / T), np.float32)"),
    ],
}
MISTAKEN = {
    "05.1": [
        ((td_target_in_place,), "argument changed in place"),
        (target_that(lambda r, d, t, q, g: r + g * d * q), "mask flipped"),
        (target_that(lambda r, d, t, q, g: r + g * q), "terminated ignored"),
        (target_that(lambda r, d, t, q, g: r + g * (1 - d[0]) * q), "one mask for all rows"),
        (target_that(lambda r, d, t, q, g: r + g * (1 - d.all()) * q), "one mask for all rows"),
        (
            target_that(lambda r, d, t, q, g: r if t.any() else r + g * (1 - d) * q),
            "one mask for all rows",
        ),
        (
            target_that(lambda r, d, t, q, g: r + g * (1 - d) * (1 - t) * q),
            "truncation as termination",
        ),
        (
            target_that(lambda r, d, t, q, g: r + g * q - g * t * q),
            "only truncation stops the bootstrap",
        ),
        (
            target_that(lambda r, d, t, q, g: r + g * (1 - d * t) * q),
            "stopped only where both flags are set",
        ),
        (
            target_that(lambda r, d, t, q, g: r + g * (1 - d * (1 - t)) * q),
            "truncation undoes termination",
        ),
        (target_that(lambda r, d, t, q, g: r + q - d * q), "discount missing"),
        (target_that(lambda r, d, t, q, g: np.where(d, 0, r + g * q)), "reward masked too"),
        (target_that(lambda r, d, t, q, g: (g - g * d) * q), "reward missing"),
        (target_that(lambda r, d, t, q, g: r.copy()), "nothing but the reward"),
        (target_that(lambda r, d, t, q, g: g * r + g * (1 - d) * q), "reward discounted too"),
        (target_that(lambda r, d, t, q, g: r - g * (1 - d) * q), "minus instead of plus"),
        (target_that(lambda r, d, t, q, g: r[:, None] + g * (1 - d) * q), "(N, N) broadcast"),
        (target_that(lambda r, d, t, q, g: r + (g * (1 - d) * q)[:, None]), "(N, N) broadcast"),
        (target_that(lambda r, d, t, q, g: r + g * (1 - d[:, None]) * q), "(N, N) broadcast"),
        (target_that(lambda r, d, t, q, g: (r + g * (1 - d) * q)[:, None]), "an axis too many"),
        (target_that(lambda r, d, t, q, g: r + 0.99 * (1 - d) * q), "argument ignored: discount"),
        (target_that(lambda r, d, t, q, g: r + 0.9 * (1 - d) * q), "argument ignored: discount"),
        (target_that(lambda r, d, t, q, g: r + d * q), "argument ignored: discount"),
        (target_that(lambda r, d, t, q, g: r + q), "terminated ignored and discount missing"),
        (target_that(lambda r, d, t, q, g: r + g * g * (1 - d) * q), "discounted twice"),
        (target_that(lambda r, d, t, q, g: r + (1 - g) * (1 - d) * q), "1 − γ instead of γ"),
        (target_that(lambda r, d, t, q, g: r + g * (1 - d) * max(q)), "one value for all rows"),
        (target_that(lambda r, d, t, q, g: (r + g * (1 - d) * q)[:-1]), "another shape"),
        (target_that(lambda r, d, t, q, g: np.mean(r + g * (1 - d) * q)), "another shape"),
        (
            (lambda r, q, d, t, g: r + g * (1 - np.asarray(d, float)) * q,),
            "parameters in another order",
        ),
        (
            target_that(lambda r, d, t, q, g: (r + g * (1 - d) * q).astype(int)),
            "rounded to whole numbers",
        ),
        (
            target_that(lambda r, d, t, q, g: g * (1 - d) * q - r),
            "minus instead of plus and sign flipped",
        ),
        (target_that(lambda r, d, t, q, g: np.clip(r, -1, 1) + g * (1 - d) * q), "reward clipped"),
        (
            target_that(lambda r, d, t, q, g: r + g * (1 - d * q)),
            "brackets missing around 1 − terminated",
        ),
        (
            target_that(lambda r, d, t, q, g: r + g * (1 - d) * q - q),
            "Q subtracted from the target",
        ),
    ],
    "05.3": [
        (table_of(mean_square, lambda e: 2 * e.mean(axis=1)[:, None] / len(e)), "(N, N) broadcast"),
        (table_of(mean_square, lambda e: 2 * e / len(e)), "(N, N) broadcast"),
        (table_of(mean_square, lambda e: 2 * e / e.size), "(N, N) broadcast"),
        (
            table_of(mean_square, lambda e: 2 * e.sum(axis=1, keepdims=True) / len(e)),
            "(N, N) broadcast",
        ),
        ((lambda q, y: (np.mean((q - y) ** 2), critic_loss_column(q, y)[1]),), "(N, N) broadcast"),
        ((lambda q, y: (critic_loss_column(q, y)[0], 2 * (q - y) / len(y)),), "(N, N) broadcast"),
        (
            (lambda q, y: (mean_square(q[:, 0] - y), correct_grad(q[:, 0] - y)),),
            "grad_q in y's shape",
        ),
        (column_of(lambda e: mean_square(e) / 2, lambda e: e / len(e)), "½ in the loss"),
        (column_of(mean_square, lambda e: 2 * e), "factor N"),
        (column_of(mean_square, lambda e: 2 * e / 8), "a fixed number instead of N"),
        (column_of(mean_square, lambda e: -2 * e / len(e)), "sign flipped"),
        (column_of(lambda e: mean_square(e) ** 0.5, correct_grad), "root of the mean"),
        *(
            (table_of(loss, grad), "(N, N) broadcast")
            for loss in TABLE_LOSSES
            for grad in TABLE_GRADS
        ),
        (
            table_of(mean_square, lambda e: -2 * e.mean(axis=1)[:, None] / len(e)),
            "(N, N) broadcast and sign flipped",
        ),
        (
            table_of(lambda e: mean_square(e) / 2, lambda e: e.mean(axis=1)[:, None] / len(e)),
            "(N, N) broadcast and factor 1/2",
        ),
        (
            (lambda q, y: (mean_square(q[:, 0] - y), correct_grad(q[:, 0] - y)[None]),),
            "a row instead of a column",
        ),
        (column_of(mean_square, lambda e: e), "factor N/2"),
        (column_of(mean_square, lambda e: -2 * e / len(e)), "sign flipped"),
        (column_of(mean_square, lambda e: e / len(e)), "factor 1/2"),
        (
            column_of(mean_square, lambda e: np.sign(e) / len(e)),
            "absolute error instead of squared",
        ),
        (column_of(mean_square, lambda e: 2 * e), "factor N"),
        (column_of(mean_square, lambda e: correct_grad(e) / len(e)), "factor 1/N"),
        (column_of(lambda e: e @ e, lambda e: 2 * e), "factor N"),
        (column_of(lambda e: e @ e, correct_grad), "sum in the loss, mean in the gradient"),
        (column_of(lambda e: 0.5 * mean_square(e), lambda e: e / len(e)), "½ in the loss"),
        (column_of(lambda e: mean_square(e) * 0.5, correct_grad), "½ in the loss"),
        (column_of(lambda e: e * e, correct_grad), "loss not averaged"),
        (column_of(np.mean, lambda e: np.full(len(e), 1 / len(e))), "square missing"),
        (column_of(np.mean, correct_grad), "square missing"),
        (
            column_of(lambda e: np.mean(abs(e)), lambda e: np.where(e > 0, 1, -1) / len(e)),
            "absolute error instead of squared",
        ),
        (column_of(lambda e: mean_square(e) ** 0.5, correct_grad), "root of the mean"),
        (
            column_of(
                lambda e: mean_square(e) ** 0.5,
                lambda e: correct_grad(e) / 2 / mean_square(e) ** 0.5,
            ),
            "root of the mean",
        ),
        (
            column_of(np.linalg.norm, lambda e: e / np.linalg.norm(e)),
            "norm instead of the mean square",
        ),
        (
            column_of(
                lambda e: np.mean(e) ** 2, lambda e: np.full(len(e), 2 * np.mean(e) / len(e))
            ),
            "square of the mean",
        ),
        (column_of(mean_square, lambda e: e * e * 2 / len(e)), "square left in the gradient"),
        (
            (lambda q, y: (mean_square(q[:, 0] - y), np.mean(2 * (q[:, 0] - y))),),
            "gradient summed into one number",
        ),
        (column_of(mean_square, lambda e: 0 * e), "nothing but zeros"),
        (column_of(mean_square, lambda e: e), "factor N/2"),
        (column_of(mean_square, lambda e: -2 * e), "factor −N"),
        (column_of(mean_square, lambda e: 2 / 64 * e), "a fixed number instead of N"),
        (column_of(mean_square, lambda e: 2 / 7 * e), "a fixed number instead of N"),
        (column_of(mean_square, lambda e: -e / len(e)), "factor −1/2"),
        (column_of(lambda e: -mean_square(e), lambda e: e / len(e)), "sign flipped and factor 1/2"),
        (
            column_of(lambda e: e @ e, lambda e: e / len(e)),
            "sum in the loss, mean in the gradient and factor 1/2",
        ),
        (column_of(lambda e: mean_square(e) / len(e), correct_grad), "factor 1/N"),
        (column_of(np.var, correct_grad), "variance instead of the mean square"),
        (column_of(lambda e: e @ e / (len(e) - 1), correct_grad), "divided by N − 1"),
        (
            column_of(
                lambda e: np.mean(np.where(abs(e) < 1, e * e / 2, abs(e) - 0.5)),
                lambda e: np.clip(e, -1, 1) / len(e),
            ),
            "Huber loss",
        ),
        (column_of(mean_square, lambda e: np.clip(correct_grad(e), -1, 1)), "gradient clipped"),
        (
            (lambda q, y: (mean_square(q[:, 0] - y), 2 * q / len(q)),),
            "target missing in the gradient",
        ),
        ((lambda q, y: mean_square(q[:, 0] - y),), "not what was asked for"),
        (column_of(mean_square, lambda e: e / np.linalg.norm(e)), "unknown"),
    ],
    "05.7": [
        (value_that("r / (1 - g)"), "the true value"),
        (value_that("r / (1 - g) * (1 - 1 / T)"), "one part in T"),
        (value_that("r / (1 - g) * (T - 1) / T"), "one part in T"),
        (value_that("r + g * (1 - 1 / T) * r / (1 - g)"), "true value in the other targets"),
        (value_that("((T - 1) * r / (1 - g) + r) / T"), "true value in the other targets"),
        (value_that("sum(r * g**t for t in range(T))"), "return of an episode"),
        (value_that("r * (1 - g**T) / (1 - g)"), "return of an episode"),
        (
            value_that("np.mean([r * (1 - g**t) / (1 - g) for t in range(1, T + 1)])"),
            "mean return of the steps of an episode",
        ),
        (value_that("r * T"), "discount missing"),
        (value_that("r / (1 - g / T)"), "shares swapped"),
        (value_that("r / (1 - (g - 1 / T))"), "1/T subtracted from γ"),
        (value_that("r / (1 - (1 - 1 / T))"), "discount missing"),
        (value_that("r * (T - 1) / T / (1 - g * (T - 1) / T)"), "reward missing in the cut row"),
        (value_that("r / (1 - g * T / (T + 1))"), "one step too many or too few"),
        (value_that("r / (1 - g**2 * (1 - 1 / T))"), "discounted twice"),
        (value_that("r / (1 - g * (1 - 1 / T)) - r / (1 - g)"), "error instead of the value"),
        (value_that("(1 - g) / (1 - g * (1 - 1 / T))"), "share of the true value"),
        (value_that("r / (1 + g * (1 - 1 / T))"), "wrong sign in the denominator"),
        (value_that("-r / (1 - g * (1 - 1 / T))"), "wrong sign in the denominator"),
        (value_that("r / (1 - g * (1 + 1 / T))"), "1 + 1/T"),
        (value_that("r * (1 - g * (1 - 1 / T))"), "multiplied instead of divided"),
        (value_that("r * (1 - g * (1 - 1 / T)) / (1 - g) ** 2"), "unknown"),
        (value_that("r + g * (1 - 1 / T) * r"), "a single target"),
        (value_that("r"), "a single target"),
        (value_that("np.array([r / (1 - g * (1 - 1 / T))])"), "an axis too many"),
        (value_that("round(r / (1 - g * (1 - 1 / T)), 2)"), "rounded"),
        (value_that("(T - 1) * r / (1 - g)"), "unknown"),
    ],
}
