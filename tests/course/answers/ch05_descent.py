"""Chapter 05: the gradient with a constant target and without, a step of Adam."""

from functools import partial

import numpy as np

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
            linear_gradients(td_error, end=lambda e, s: 2 * s.T @ np.sign(e) / len(e)),
            "sign or size of the error alone",
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
            "sign flipped and target held constant in both",
        ),
    ],
    "05.5": [
        ((adam_step_in_place,), "argument changed in place"),
        (adam_with(m_hat="m", v_hat="v"), "no bias correction"),
        (adam_with(v_hat="v"), "correction of the mean only"),
        (
            adam_with(m="grad if t == 1 else b1 * mean + (1 - b1) * grad"),
            "averages begin with the first gradient",
        ),
        (adam_with(new="theta - rate * np.sign(m_hat)"), "sign of m̂ alone"),
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
