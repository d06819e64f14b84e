"""Chapter 04: layers, a network, how a layer starts."""

import numpy as np

# 04.1


def linear_forward(x, weight, bias):
    return bias + np.einsum("ni,io->no", x, weight), (x, weight)


def linear_backward(grad_z, cache):
    x, weight = cache
    return (
        np.einsum("no,io->ni", grad_z, weight),
        np.einsum("no,ni->io", grad_z, x),
        np.einsum("no->o", grad_z),
    )


def linear_forward_by_loops(x, weight, bias):
    z = np.zeros((x.shape[0], weight.shape[1]))
    for n in range(x.shape[0]):
        for o in range(weight.shape[1]):
            z[n, o] = bias[o]
            for i in range(x.shape[1]):
                z[n, o] += weight[i, o] * x[n, i]
    return z, {"x": x, "weight": weight}


def linear_backward_by_loops(grad_z, cache):
    x, weight = cache["x"], cache["weight"]
    grad_x, grad_weight = np.zeros(x.shape), np.zeros(weight.shape)
    grad_bias = np.zeros(weight.shape[1])
    for n in reversed(range(len(x))):
        for o in range(weight.shape[1]):
            grad_bias[o] += grad_z[n, o]
            for i in range(x.shape[1]):
                grad_x[n, i] += grad_z[n, o] * weight[i, o]
                grad_weight[i, o] += grad_z[n, o] * x[n, i]
    return [grad_x, grad_weight, grad_bias]


def linear_forward_single(x, weight, bias):
    x, weight, bias = (part.astype(np.float32) for part in (x, weight, bias))
    return linear_forward(x, weight, bias)


def linear_backward_single(grad_z, cache):
    return linear_backward(grad_z.astype(np.float32), cache)


def linear_forward_single_inside(x, weight, bias):
    z, cache = linear_forward_single(x, weight, bias)
    return z.astype(np.float64), cache


# 04.2


def relu_forward(z):
    return np.where(z > 0, z, 0), z > 0


def relu_backward(grad_y, cache):
    return np.where(cache, grad_y, 0)


def relu_forward_by_sign(z):
    return (z + abs(z)) / 2, z


def relu_backward_by_copy(grad_y, cache):
    grad_z = grad_y.copy()
    grad_z[cache <= 0] = 0
    return grad_z


def relu_backward_in_place(grad_y, cache):
    grad_y *= cache
    return grad_y


# 04.3


def tanh_forward(z):
    y = (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
    return y, y


def tanh_backward(grad_y, cache):
    return grad_y * (1 + cache) * (1 - cache)


def tanh_forward_caching_z(z):
    return np.tanh(z), z


def tanh_backward_by_cosh(grad_y, cache):
    return grad_y / np.cosh(cache) ** 2


# 04.4


def network_forward(x, w1, b1, w2, b2):
    z1 = x @ w1 + b1
    h = np.maximum(z1, 0)
    y = np.tanh(h @ w2 + b2)
    return y, (x, w1, h, w2, y)


def network_backward(grad_y, cache):
    x, w1, h, w2, y = cache
    grad_z2 = grad_y * (1 - y * y)
    grad_z1 = (grad_z2 @ w2.T) * (h > 0)
    return grad_z1 @ w1.T, x.T @ grad_z1, grad_z1.sum(0), h.T @ grad_z2, grad_z2.sum(0)


def network_backward_averaging(grad_y, cache):
    grad_x, *grads = network_backward(grad_y, cache)
    return grad_x, *(grad / len(grad_x) for grad in grads)


def network_backward_unmasked_in_x(grad_y, cache):
    _, w1, _, w2, y = cache
    return (grad_y * (1 - y * y)) @ w2.T @ w1.T, *network_backward(grad_y, cache)[1:]


def network_backward_without_transpose(grad_y, cache):
    x, w1, h, w2, y = cache
    grad_z2 = grad_y * (1 - y * y)
    grad_z1 = (grad_z2 @ w2) * (h > 0)
    return grad_z1 @ w1.T, x.T @ grad_z1, grad_z1.sum(0), h.T @ grad_z2, grad_z2.sum(0)


# 04.5


def initial_parameters(inputs, outputs, rng):
    bias = (2 * rng.random(outputs) - 1) / np.sqrt(inputs)
    return ((2 * rng.random((inputs, outputs)) - 1) / np.sqrt(inputs)).astype(np.float32), bias


def bad_start(inputs, outputs, rng):
    return rng.uniform(0, 1 / np.sqrt(inputs), size=(inputs, outputs)), np.zeros(outputs)


CORRECT = {
    "04.1": [
        (linear_forward, linear_backward),
        (linear_forward_by_loops, linear_backward_by_loops),
        (linear_forward_single, linear_backward_single),
        (linear_forward_single_inside, linear_backward_single),
        (linear_forward, linear_backward_single),
    ],
    "04.2": [(relu_forward, relu_backward), (relu_forward_by_sign, relu_backward_by_copy)],
    "04.3": [(tanh_forward, tanh_backward), (tanh_forward_caching_z, tanh_backward_by_cosh)],
    "04.4": [(network_forward, network_backward)],
    "04.5": [(initial_parameters,)],
}


def linear_with(change):
    """Return a linear layer whose three gradients are changed."""
    return linear_forward, lambda grad_z, cache: change(grad_z, *linear_backward(grad_z, cache))


MISTAKEN = {
    "04.1": [
        (linear_with(lambda g, x, w, b: (-x, w, b)), "sign flipped"),
        (linear_with(lambda g, x, w, b: (-x, -w, -b)), "sign flipped"),
        (linear_with(lambda g, x, w, b: (x, w / len(g), b / len(g))), "factor 1/N"),
        (linear_with(lambda g, x, w, b: (x, w, g.mean(axis=0))), "factor 1/N"),
        (linear_with(lambda g, x, w, b: (x, w, len(g) * b)), "factor N"),
        (linear_with(lambda g, x, w, b: (x, w.T, b)), "transposed"),
        (linear_with(lambda g, x, w, b: (x, w, g.sum(axis=1))), "summed over the wrong axis"),
        (linear_with(lambda g, x, w, b: (x, w, g.sum())), "summed over the wrong axis"),
        (linear_with(lambda g, x, w, b: (x, w, g)), "not summed over the batch"),
        (linear_with(lambda g, x, w, b: (x, w, g[-1])), "one example instead of the batch"),
        (linear_with(lambda g, x, w, b: (x, w, b[None])), "an axis too many"),
        (linear_with(lambda g, x, w, b: (x, w, 0 * b)), "nothing but zeros"),
        (linear_with(lambda g, x, w, b: (w, x, b)), "results in another order"),
        (linear_with(lambda g, x, w, b: (x, w, b / 0)), "not a number"),
        ((linear_forward, lambda g, c: (g @ c[1], c[0].T @ g, g.sum(0))), "transposed"),
        ((linear_forward, lambda g, c: (g @ c[1].T, c[0] @ g, g.sum(0))), "transposed"),
        ((lambda x, w, b: (x @ w, (x, w)), linear_backward), "bias forgotten"),
        # two at once
        (linear_with(lambda g, x, w, b: (-x, w, b / len(g))), "unknown"),
        (linear_with(lambda g, x, w, b: (x, w, -b / len(g))), "unknown"),
        (linear_with(lambda g, x, w, b: (x, -w.T, b)), "unknown"),
    ],
    "04.2": [
        ((relu_forward, lambda g, on: g), "slope missing"),
        ((relu_forward, lambda g, on: np.where(on, 0, g)), "slope of the wrong side"),
        ((relu_forward, lambda g, on: -g * on), "sign flipped"),
        ((relu_forward, lambda g, on: -g), "unknown"),
        ((relu_forward, relu_backward_in_place), "argument changed in place"),
    ],
    "04.3": [
        ((tanh_forward, lambda g, y: g), "slope missing"),
        (
            (tanh_forward, lambda g, y: g / np.cosh(y) ** 2),
            "slope at the output, where the input is meant",
        ),
        (
            (tanh_forward_caching_z, lambda g, z: g - g * z * z),
            "slope at the input, where the output is meant",
        ),
        ((tanh_forward, lambda g, y: g * (1 - y)), "square missing"),
        ((tanh_forward, lambda g, y: g * y), "output instead of its slope"),
        ((tanh_forward, lambda g, y: 2 * g * (1 - y**2)), "factor 2"),
        ((tanh_forward, lambda g, y: g * (y**2 - 1)), "sign flipped"),
    ],
    "04.4": [
        ((network_forward, network_backward_averaging), "factor 1/N"),
        ((network_forward, network_backward_unmasked_in_x), "slope missing"),
        ((network_forward, network_backward_without_transpose), "transposed"),
        (
            (network_forward, lambda g, c: network_backward(g / (1 - c[-1] ** 2), c)),
            "slope missing",
        ),
        ((network_forward, lambda g, c: network_backward(-g / (1 - c[-1] ** 2), c)), "unknown"),
    ],
    "04.5": [((bad_start,), "unknown")],
}
