"""Chapter 05: targets, the critic's loss, a constant target, Adam."""

from functools import partial

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


# 05.2


def critic_loss(q, y):
    error = y - q
    return error @ error / error.size, -2 / error.size * error


def critic_loss_by_loop(q, y):
    loss, grad = 0.0, [0.0] * len(q)
    for i in range(len(q)):
        loss += (q[i] - y[i]) ** 2 / len(q)
        grad[i] = 2 * (q[i] - y[i]) / len(q)
    return [loss, grad]


def critic_loss_single(q, y):
    error = q.astype(np.float32) - y.astype(np.float32)
    return np.square(error).mean(), np.float32(2 / len(error)) * error


def critic_loss_by_einsum(q, y):
    error = np.subtract(q, y)
    loss = np.array([np.einsum("i,i->", error, error) / len(error)])[0]
    return np.array(loss), np.einsum("i,->i", error, 2 / len(error))


def critic_loss_by_complex_step(q, y):
    grad = np.empty(len(q))
    for i in range(len(q)):
        moved = q.astype(complex)
        moved[i] += 1e-30j
        grad[i] = np.mean((moved - y) ** 2).imag / 1e-30
    return ((q - y) ** 2).mean(), grad


def critic_loss_expanded(q, y):
    return (q @ q - 2 * q @ y + y @ y) / q.size, (2 * q - 2 * y) / y.shape[0]


def loss_of(loss, grad):
    return (lambda q, y: (loss(q - y), grad(q - y)),)


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
    return (lambda q, y: (loss(q[:, 0] - y), grad(q[:, 0] - y)[:, None]),)


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


# 05.4


def semi_gradient(w, features, next_features, reward, terminated, discount):
    y = reward + discount * (1 - terminated) * (next_features @ w)
    return 2 * features.T @ (features @ w - y) / len(y)


def residual_gradient(w, features, next_features, reward, terminated, discount):
    going_on = (1 - terminated)[:, None]
    slopes = features - discount * going_on * next_features
    return np.mean(2 * (slopes @ w - reward)[:, None] * slopes, axis=0)


def semi_gradient_by_loop(w, features, next_features, reward, terminated, discount):
    grad = np.zeros(len(w))
    for x, after, r, end in zip(features, next_features, reward, terminated, strict=True):
        y = r if end else r + discount * np.dot(after, w)
        grad += 2 * (np.dot(x, w) - y) * x
    return list(grad / len(features))


def residual_gradient_by_loop(w, features, next_features, reward, terminated, discount):
    grad = np.zeros(len(w))
    for x, after, r, end in zip(features, next_features, reward, terminated, strict=True):
        slope = x.copy() if end else x - discount * after
        grad += 2 * (np.dot(slope, w) - r) * slope / len(features)
    return grad


def gradients_by_einsum(slope_of_target):
    def gradient(w, features, next_features, reward, terminated, discount):
        going_on = np.where(terminated, 0.0, discount)
        y = reward + going_on * np.einsum("nf,f->n", next_features, w)
        slopes = features - slope_of_target * going_on[:, None] * next_features
        return np.einsum("n,nf->f", 2 * (features.dot(w) - y), slopes) / len(y)

    return gradient


def residual_gradient_by_complex_step(w, features, next_features, reward, terminated, discount):
    grad = []
    for axis in np.eye(len(w)):
        moved = w + 1e-30j * axis
        y = reward + discount * ~terminated * (next_features @ moved)
        grad.append(np.mean((features @ moved - y) ** 2).imag / 1e-30)
    return grad


def linear_gradients(error, semi_slope=None, slope=None, end=lambda e, s: 2 * s.T @ e / len(e)):
    """Both gradients by an error and slopes of (w, x, after, r, going_on as a column, g)."""
    semi_slope = semi_slope or (lambda w, x, after, r, on, g: x)
    slope = slope or (lambda w, x, after, r, on, g: x - g * on * after)

    def answer(chosen):
        def gradient(w, x, after, r, d, g):
            given = w, x, after, r, 1.0 - d[:, None], g
            return end(error(*given), chosen(*given))

        return gradient

    return answer(semi_slope), answer(slope)


def td_error(w, x, after, r, on, g):
    return x @ w - r - g * on[:, 0] * (after @ w)


def with_both(change):
    def changed(gradient):
        return lambda *given: change(gradient(*given))

    return changed(semi_gradient), changed(residual_gradient)


# 05.5


def adam_step(theta, grad, mean, square, step, learning_rate):
    mean, square = mean + (1 - 0.9) * (grad - mean), square + (1 - 0.999) * (grad * grad - square)
    root_correction = (1 - 0.999**step) ** 0.5
    scale = learning_rate * root_correction / (1 - 0.9**step)
    return theta - scale * mean / (square**0.5 + 1e-8 * root_correction), mean, square


def adam_step_by_loop(theta, grad, mean, square, step, learning_rate):
    new = [[], [], []]
    for x, g, m, v in zip(theta, grad, mean, square, strict=True):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        x = x - learning_rate * m / (1 - 0.9**step) / ((v / (1 - 0.999**step)) ** 0.5 + 1e-8)
        for part, value in zip(new, (x, m, v), strict=True):
            part.append(value)
    return new


def adam_step_single(theta, grad, mean, square, step, learning_rate):
    theta, grad, mean, square = (x.astype(np.float32) for x in (theta, grad, mean, square))
    return adam_step(theta, grad, mean, square, step, np.float32(learning_rate))


def adam_step_in_place_of_copies(theta, grad, mean, square, step, learning_rate):
    theta, mean, square = theta.copy(), mean.copy(), square.copy()
    mean *= 0.9
    mean += 0.1 * grad
    square *= 0.999
    square += 0.001 * grad * grad
    theta -= learning_rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return theta, mean, square


def adam_step_as_a_matrix(theta, grad, mean, square, step, learning_rate):
    decay = np.array([[0.9], [0.999]])
    averages = decay * np.stack([mean, square]) + (1 - decay) * np.stack([grad, grad * grad])
    mean_hat, square_hat = averages / (1 - decay**step)
    return np.vstack(
        [theta - learning_rate * mean_hat / (square_hat**0.5 + 1e-8), averages]
    ).tolist()


def adam_step_in_place(theta, grad, mean, square, step, learning_rate):
    mean *= 0.9
    mean += 0.1 * grad
    square *= 0.999
    square += 0.001 * grad * grad
    root = np.sqrt(square / (1 - 0.999**step)) + 1e-8
    return theta - learning_rate * mean / (1 - 0.9**step) / root, mean, square


def adam_with(**lines):
    """adam_step with some of its lines replaced, by the name on their left."""
    code = {
        "m": "b1 * mean + (1 - b1) * grad",
        "v": "b2 * square + (1 - b2) * grad ** 2",
        "m_hat": "m / (1 - b1 ** t)",
        "v_hat": "v / (1 - b2 ** t)",
        "new": "theta - rate * m_hat / (np.sqrt(v_hat) + eps)",
        "out": "(new, m, v)",
    }

    def answer(theta, grad, mean, square, t, rate):
        names = {"theta": theta, "grad": grad, "mean": mean, "square": square, "t": t}
        names |= {"rate": rate, "np": np}
        for name, line in ({"b1": "0.9", "b2": "0.999", "eps": "1e-8"} | code | lines).items():
            names[name] = eval(line, names)
        return names["out"]

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
    "05.2": [
        (critic_loss,),
        (critic_loss_by_loop,),
        (critic_loss_single,),
        (critic_loss_by_einsum,),
        (critic_loss_by_complex_step,),
        (critic_loss_expanded,),
    ],
    "05.3": [
        (critic_loss_column,),
        (critic_loss_column_like_q,),
        (critic_loss_column_by_rows,),
        (critic_loss_column_by_axis,),
        (critic_loss_column_of_table,),
        (critic_loss_column_single,),
    ],
    "05.4": [
        (semi_gradient, residual_gradient),
        (semi_gradient_by_loop, residual_gradient_by_loop),
        linear_gradients(td_error),
        with_both(lambda grad: grad.astype(np.float32)),
        (gradients_by_einsum(0), gradients_by_einsum(1)),
        (partial(gradients_by_einsum(0)), residual_gradient_by_complex_step),
    ],
    "05.5": [
        (adam_step,),
        (adam_step_by_loop,),
        (adam_step_single,),
        (adam_step_in_place_of_copies,),
        (adam_step_as_a_matrix,),
        adam_with(),
        adam_with(new="theta + rate * -m_hat / (eps + v_hat ** 0.5)"),
    ],
}
MISTAKEN = {
    "05.1": [
        ((td_target_in_place,), "argument changed in place"),
        (target_that(lambda r, d, t, q, g: r + g * d * q), "mask flipped"),
        (target_that(lambda r, d, t, q, g: r + g * q), "terminated ignored"),
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
        (target_that(lambda r, d, t, q, g: r + g * (1 - d) * q - q), "unknown"),
    ],
    "05.2": [
        (loss_of(mean_square, lambda e: -2 * e / len(e)), "sign flipped"),
        (loss_of(mean_square, lambda e: e / len(e)), "factor 1/2"),
        (loss_of(mean_square, lambda e: 2 * e), "factor N"),
        (loss_of(mean_square, lambda e: correct_grad(e) / len(e)), "factor 1/N"),
        (loss_of(lambda e: e @ e, lambda e: 2 * e), "factor N"),
        (loss_of(lambda e: e @ e, correct_grad), "sum in the loss, mean in the gradient"),
        (loss_of(lambda e: 0.5 * mean_square(e), lambda e: e / len(e)), "½ in the loss"),
        (loss_of(lambda e: mean_square(e) * 0.5, correct_grad), "½ in the loss"),
        (loss_of(lambda e: e * e, correct_grad), "loss not averaged"),
        (loss_of(np.mean, lambda e: np.full(len(e), 1 / len(e))), "square missing"),
        (loss_of(np.mean, correct_grad), "square missing"),
        (
            loss_of(lambda e: np.mean(abs(e)), lambda e: np.where(e > 0, 1, -1) / len(e)),
            "absolute error instead of squared",
        ),
        (loss_of(lambda e: mean_square(e) ** 0.5, correct_grad), "root of the mean"),
        (
            loss_of(
                lambda e: mean_square(e) ** 0.5,
                lambda e: correct_grad(e) / 2 / mean_square(e) ** 0.5,
            ),
            "root of the mean",
        ),
        (
            loss_of(np.linalg.norm, lambda e: e / np.linalg.norm(e)),
            "norm instead of the mean square",
        ),
        (
            loss_of(lambda e: np.mean(e) ** 2, lambda e: np.full(len(e), 2 * np.mean(e) / len(e))),
            "square of the mean",
        ),
        (loss_of(mean_square, lambda e: e * e * 2 / len(e)), "square left in the gradient"),
        (loss_of(mean_square, lambda e: np.mean(2 * e)), "gradient summed into one number"),
        (loss_of(mean_square, lambda e: 0 * e), "nothing but zeros"),
        (loss_of(mean_square, lambda e: e), "factor N/2"),
        (loss_of(mean_square, lambda e: -2 * e), "factor −N"),
        (loss_of(mean_square, lambda e: 2 / 64 * e), "a fixed number instead of N"),
        (loss_of(mean_square, lambda e: 2 / 7 * e), "a fixed number instead of N"),
        (loss_of(mean_square, lambda e: -e / len(e)), "factor −1/2"),
        (loss_of(lambda e: -mean_square(e), lambda e: e / len(e)), "sign flipped and factor 1/2"),
        (
            loss_of(lambda e: e @ e, lambda e: e / len(e)),
            "sum in the loss, mean in the gradient and factor 1/2",
        ),
        (loss_of(lambda e: mean_square(e) / len(e), correct_grad), "factor 1/N"),
        (loss_of(np.var, correct_grad), "variance instead of the mean square"),
        (loss_of(lambda e: e @ e / (len(e) - 1), correct_grad), "divided by N − 1"),
        (
            loss_of(
                lambda e: np.mean(np.where(abs(e) < 1, e * e / 2, abs(e) - 0.5)),
                lambda e: np.clip(e, -1, 1) / len(e),
            ),
            "Huber loss",
        ),
        (loss_of(mean_square, lambda e: np.clip(correct_grad(e), -1, 1)), "gradient clipped"),
        ((lambda q, y: (mean_square(q - y), 2 * q / len(q)),), "target missing in the gradient"),
        ((lambda q, y: mean_square(q - y),), "not what was asked for"),
        (loss_of(mean_square, lambda e: e / np.linalg.norm(e)), "unknown"),
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
        ((lambda q, y: critic_loss(q.ravel(), y),), "grad_q in y's shape"),
        (column_of(lambda e: mean_square(e) / 2, lambda e: e / len(e)), "½ in the loss"),
        (column_of(mean_square, lambda e: 2 * e), "factor N"),
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
    ],
    "05.4": [
        ((residual_gradient, semi_gradient), "the two swapped"),
        ((residual_gradient, residual_gradient), "target not held constant"),
        ((semi_gradient, semi_gradient), "target held constant in both"),
        (with_both(lambda grad: -grad), "sign flipped"),
        ((semi_gradient, lambda *given: -residual_gradient(*given)), "sign flipped"),
        (with_both(lambda grad: grad / 2), "factor 1/2"),
        (linear_gradients(td_error, end=lambda e, s: 2 * s.T @ e), "factor N"),
        (linear_gradients(td_error, end=lambda e, s: s.T @ e), "factor N/2"),
        (linear_gradients(td_error, end=lambda e, s: 2 * s.T @ e / len(e) ** 2), "factor 1/N"),
        (
            linear_gradients(td_error, end=lambda e, s: 2 * s.T @ e / 64),
            "a fixed number instead of N",
        ),
        (
            linear_gradients(td_error, end=lambda e, s: 2 * s.T @ e / s.size),
            "divided by N F instead of N",
        ),
        (with_both(lambda grad: grad * 7), "constant factor"),
        (
            linear_gradients(td_error, slope=lambda w, x, after, r, on, g: x + g * on * after),
            "sign of the target's term",
        ),
        (
            linear_gradients(td_error, slope=lambda w, x, after, r, on, g: -g * on * after),
            "only the target's term",
        ),
        (
            linear_gradients(td_error, slope=lambda w, x, after, r, on, g: x - g * after),
            "mask missing in the target's gradient",
        ),
        (
            linear_gradients(td_error, slope=lambda w, x, after, r, on, g: x - on * after),
            "discount missing in the target's gradient",
        ),
        (
            linear_gradients(td_error, semi_slope=lambda w, x, after, r, on, g: after),
            "features of s' instead of s",
        ),
        (
            linear_gradients(
                lambda w, x, after, r, on, g: (x - g * after) @ w - r,
                slope=lambda w, x, after, r, on, g: x - g * after,
            ),
            "terminated ignored",
        ),
        (
            linear_gradients(lambda w, x, after, r, on, g: (x - g * after) @ w - r),
            "terminated ignored",
        ),
        (
            linear_gradients(
                lambda w, x, after, r, on, g: td_error(w, x, after, r, 1 - on, g),
                slope=lambda w, x, after, r, on, g: x - g * (1 - on) * after,
            ),
            "mask flipped",
        ),
        (
            linear_gradients(
                lambda w, x, after, r, on, g: td_error(w, x, after, r * on[:, 0], on, g)
            ),
            "reward masked too",
        ),
        (
            linear_gradients(lambda w, x, after, r, on, g: td_error(w, x, after, 0, on, g)),
            "reward missing",
        ),
        (
            linear_gradients(lambda w, x, after, r, on, g: td_error(w, x, after, r, on, 1)),
            "discount missing",
        ),
        (
            linear_gradients(lambda w, x, after, r, on, g: td_error(w, x, x, r, on, g)),
            "value of s instead of s'",
        ),
        (linear_gradients(td_error, end=lambda e, s: 2 * s.mean(axis=0)), "error missing"),
        (
            linear_gradients(td_error, end=lambda e, s: 2 * s.mean(axis=0) * e.mean()),
            "averaged before the product",
        ),
        (
            linear_gradients(td_error, end=lambda e, s: 2 * e[:, None] * s / len(e)),
            "not summed over the batch",
        ),
        (linear_gradients(td_error, end=lambda e, s: s @ (2 * e / len(e))), "transposed"),
        (
            linear_gradients(lambda w, x, after, r, on, g: td_error(w, x, after, -r, on, g)),
            "sign of the reward",
        ),
        (
            linear_gradients(lambda w, x, after, r, on, g: x @ w - r),
            "nothing but the reward in the target",
        ),
        (
            linear_gradients(td_error, slope=lambda w, x, after, r, on, g: on * (x - g * after)),
            "features of s masked too",
        ),
        (
            (
                lambda w, x, after, r, d, g: semi_gradient(w, x, after, r, False * d, g),
                residual_gradient,
            ),
            "terminated ignored",
        ),
        (
            (
                semi_gradient,
                lambda w, x, after, r, d, g: residual_gradient(w, x, after, 0 * r, d, g),
            ),
            "reward missing",
        ),
        (
            (lambda *given: -residual_gradient(*given), residual_gradient),
            "target not held constant and sign flipped",
        ),
        (
            (lambda *given: -semi_gradient(*given), semi_gradient),
            "target held constant in both and sign flipped",
        ),
    ],
    "05.5": [
        ((adam_step_in_place,), "argument changed in place"),
        (adam_with(m_hat="m", v_hat="v"), "no bias correction"),
        (adam_with(v_hat="v"), "correction of the mean only"),
        (adam_with(m_hat="m"), "correction of the square only"),
        (
            adam_with(m_hat="m / (1 - b1 ** (t - 1))", v_hat="v / (1 - b2 ** (t - 1))"),
            "t off by one",
        ),
        (
            adam_with(m_hat="m / (1 - b1 ** (t + 1))", v_hat="v / (1 - b2 ** (t + 1))"),
            "t off by one",
        ),
        (adam_with(m_hat="m / (1 - b1)", v_hat="v / (1 - b2)"), "t missing in the correction"),
        (
            adam_with(m_hat="m * (1 - b1 ** t)", v_hat="v * (1 - b2 ** t)"),
            "correction multiplied instead of divided",
        ),
        (adam_with(out="(new, m_hat, v_hat)"), "corrected averages kept"),
        (adam_with(out="(new, mean, square)"), "averages not kept"),
        (
            adam_with(m_hat="mean / (1 - b1 ** t)", v_hat="square / (1 - b2 ** t)"),
            "averages of the step before",
        ),
        (adam_with(new="theta - rate * m_hat / np.sqrt(v_hat + eps)"), "ε under the root"),
        (
            adam_with(
                new="theta - rate * (1 - b2 ** t) ** 0.5 / (1 - b1 ** t) * m / (v ** 0.5 + eps)"
            ),
            "ε beside the uncorrected root",
        ),
        (adam_with(new="theta - rate * m_hat / np.sqrt(v_hat)"), "ε missing"),
        (adam_with(new="theta - rate * m_hat / (v_hat + eps)"), "root missing"),
        (
            adam_with(
                m="b2 * mean + (1 - b2) * grad",
                v="b1 * square + (1 - b1) * grad ** 2",
                m_hat="m / (1 - b2 ** t)",
                v_hat="v / (1 - b1 ** t)",
            ),
            "β1 and β2 swapped",
        ),
        (adam_with(m_hat="m / (1 - b2 ** t)", v_hat="v / (1 - b1 ** t)"), "β1 and β2 swapped"),
        (
            adam_with(m="(1 - b1) * mean + b1 * grad", v="(1 - b2) * square + b2 * grad ** 2"),
            "β and 1 − β swapped",
        ),
        (adam_with(m="b1 * mean + grad"), "1 − β missing"),
        (adam_with(v="b2 * square + grad * grad"), "1 − β missing"),
        (adam_with(v="b2 * square + (1 - b2) * m ** 2"), "m squared instead of g"),
        (
            adam_with(new="theta - rate * grad / (np.sqrt(v_hat) + eps)"),
            "gradient instead of its average",
        ),
        (adam_with(new="theta + rate * m_hat / (np.sqrt(v_hat) + eps)"), "ascends"),
        (adam_with(new="theta - m_hat / (np.sqrt(v_hat) + eps)"), "learning rate missing"),
        (adam_with(new="rate * m_hat / (np.sqrt(v_hat) + eps)"), "the step instead of θ"),
        (adam_with(out="(new, v, m)"), "results in another order"),
        (adam_with(v="b2 * square + (1 - b2) * grad"), "square missing"),
        (adam_with(v="b2 * square + (1 - b2) * abs(grad)"), "square missing"),
        (adam_with(eps="1e-7"), "another ε"),
        (
            adam_with(new="theta - rate * m_hat / np.maximum(np.sqrt(v_hat), eps)"),
            "the larger of root and ε",
        ),
        (
            adam_with(new="theta - rate * rate * m_hat / (np.sqrt(v_hat) + eps)"),
            "learning rate twice",
        ),
        (adam_with(new="theta - rate * m_hat"), "division by √v̂ missing"),
        (adam_with(b2="0.9"), "one β for both"),
        (adam_with(b2="0.99"), "another β"),
        (adam_with(m_hat="m / (1 - b1 ** (t + 1))"), "t off by one in one correction"),
        (adam_with(v="np.maximum(square, b2 * square + (1 - b2) * grad ** 2)"), "v never falls"),
        (adam_with(v="b2 * square + (1 - b2) * (grad @ grad)"), "one v for all parameters"),
        (adam_with(out="(m, v, new)"), "results in another order"),
        (
            adam_with(new="theta + rate * m_hat / np.sqrt(v_hat + eps)"),
            "ε under the root and sign flipped",
        ),
        (
            adam_with(m_hat="m", v_hat="v", out="(new, mean, square)"),
            "no bias correction and averages not kept",
        ),
        (adam_with(new="theta * (1 - rate) - rate * m_hat / (np.sqrt(v_hat) + eps)"), "unknown"),
    ],
}
