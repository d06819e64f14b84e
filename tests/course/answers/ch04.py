"""Chapter 04: layers, a network, how a layer starts."""

import math
from functools import partial

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


class Linear:
    """A layer whose cache is itself a fresh object; lists and einsum inside."""

    def __init__(self, x, weight):
        self.x, self.weight = x.copy(), weight.copy()

    @staticmethod
    def forward(x, weight, bias):
        rows = [[sum(a * b for a, b in zip(row, w, strict=True)) for w in weight.T] for row in x]
        return np.array(rows) + bias[None, :], Linear(x, weight)

    @staticmethod
    def backward(grad_z, cache):
        grad_weight = sum(np.outer(x, g) for x, g in zip(cache.x, grad_z, strict=True))
        return (
            np.dot(grad_z, np.transpose(cache.weight)),
            grad_weight,
            np.ones(len(grad_z)) @ grad_z,
        )


def linear_augmented(x, weight, bias):
    """One matrix for weight and bias; the cache is a partial."""
    ones = np.ones((len(x), 1))
    xs, both = np.hstack([x, ones]), np.vstack([weight, bias])
    return xs @ both, partial(linear_augmented_backward, xs, both)


def linear_augmented_backward(xs, both, grad_z):
    grad = xs.T @ grad_z
    return np.array((grad_z @ both.T)[:, :-1]), grad[:-1], grad[-1]


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


def relu_forward_by_loops(z):
    y = [[v if v > 0 else 0.0 for v in row] for row in z.tolist()]
    return np.array(y), {"on": [[v > 0 for v in row] for row in z.tolist()]}


def relu_backward_by_loops(grad_y, cache):
    rows = zip(grad_y, cache["on"], strict=True)
    return [[g if on else 0.0 for g, on in zip(*each, strict=True)] for each in rows]


# 04.3


def tanh_forward(z):
    y = 2 / (1 + np.exp(-2 * z)) - 1
    return y, y


def tanh_forward_by_exponentials(z):
    y = (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
    return y, y


def tanh_backward(grad_y, cache):
    return grad_y * (1 + cache) * (1 - cache)


def tanh_forward_caching_z(z):
    return np.tanh(z), z


def tanh_backward_by_cosh(grad_y, cache):
    return grad_y / np.cosh(cache) ** 2


def tanh_forward_by_math(z):
    y = np.array([math.tanh(v) for v in z.flat]).reshape(z.shape)
    return y, (y.tolist(), "y")


def tanh_backward_by_math(grad_y, cache):
    slopes = [[1.0 - v * v for v in row] for row in cache[0]]
    return np.multiply(slopes, grad_y)


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


def network_forward_again(x, *parameters):
    """Cache only the arguments."""
    return network_forward(x, *parameters)[0], (x, *parameters)


def network_backward_again(grad_y, cache):
    return list(network_backward(grad_y, network_forward(*cache)[1]))


def network_by_layers(x, w1, b1, w2, b2):
    """The cache is a list of functions, the last layer's first."""
    backwards, y = [], x
    for forward, backward, arguments in (
        (linear_forward, linear_backward, (w1, b1)),
        (relu_forward, relu_backward, ()),
        (linear_forward, linear_backward, (w2, b2)),
        (tanh_forward, tanh_backward, ()),
    ):
        y, cache = forward(y, *arguments)
        backwards.insert(0, partial(backward, cache=cache))
    return y, backwards


def network_by_layers_backward(grad_y, cache):
    grads = []
    for backward in cache:
        result = backward(grad_y)
        grad_y, *others = result if isinstance(result, tuple) else (result,)
        grads = [*others, *grads]
    return grad_y, *grads


def network_forward_single(*arguments):
    return network_forward(*(each.astype(np.float32) for each in arguments))


def network_backward_single(grad_y, cache):
    return tuple(np.float32(each) for each in network_backward(grad_y, cache))


def network_forward_by_loops(x, w1, b1, w2, b2):
    hidden = [[max(0.0, b + sum(r * w)) for w, b in zip(w1.T, b1, strict=True)] for r in x]
    y = [
        [math.tanh(b + sum(h * w)) for w, b in zip(w2.T, b2, strict=True)]
        for h in map(np.array, hidden)
    ]
    return y, {"x": x, "w1": w1, "h": np.array(hidden), "w2": w2, "y": np.array(y)}


def network_backward_by_loops(grad_y, cache):
    x, w1, h, w2, y = cache.values()
    grads = [np.zeros(each.shape) for each in (x, w1, w1[0], w2, w2[0])]
    for n in range(len(x)):
        grad_z2 = grad_y[n] * (1 - y[n] ** 2)
        grad_z1 = np.where(h[n] > 0, w2 @ grad_z2, 0)
        grads[0][n] = w1 @ grad_z1
        parts = np.outer(x[n], grad_z1), grad_z1, np.outer(h[n], grad_z2), grad_z2
        for grad, part in zip(grads[1:], parts, strict=True):
            grad += part
    return grads


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


def initial_parameters_in_float32(inputs, outputs, rng):
    bound = np.float32(inputs) ** -0.5
    return tuple(
        np.float32(rng.uniform(-bound, bound, shape)) for shape in ((inputs, outputs), outputs)
    )


def initial_parameters_in_one(inputs, outputs, rng):
    both = (2 * rng.random((inputs + 1, outputs)) - 1) * inputs**-0.5
    return [both[:-1], both[-1]]


def initial_parameters_by_loops(inputs, outputs, rng):
    b = math.sqrt(1 / inputs)
    bias = [rng.uniform(low=-b, high=b) for _ in range(outputs)]
    return [rng.uniform(-b, b, outputs).tolist() for _ in range(inputs)], bias


def initial_parameters_of_bits(inputs, outputs, rng):
    bits = rng.integers(-(2**40), 2**40, size=(outputs, inputs + 1), endpoint=True)
    numbers = bits / 2**40 / np.sqrt(inputs)
    return numbers[:, :-1].T, numbers[:, -1]


def initial_parameters_of_normals(inputs, outputs, rng):
    """The distribution function of normal numbers is uniform."""
    normals = rng.normal(size=(inputs + 1, outputs))
    uniform = np.vectorize(math.erf)(normals / math.sqrt(2)) / math.sqrt(inputs)
    return uniform[1:], uniform[0]


def initial_parameters_bias_first(inputs, outputs, rng):
    bias, weight = np.empty(outputs, np.float32), np.empty((inputs, outputs))
    for array in (bias, weight):
        array[:] = rng.random(array.shape)
        array *= 2
        array -= 1
        array /= np.float32(inputs**0.5)
    return weight, bias


# 04.6


def residual(x, weight, bias, grad_y):
    t = np.tanh(x @ weight + bias)
    grad_z = grad_y - grad_y * t**2
    return grad_z @ weight.T + grad_y, x.T @ grad_z, grad_z.sum(0)


def residual_repaired(x, weight, bias, grad_y):
    """The stub, with as few changes as possible."""
    y = x + np.tanh(x @ weight + bias)
    grad_z = grad_y * (1 - (y - x) ** 2)
    grad_x = grad_z @ weight.transpose() + grad_y
    grad_weight = x.T @ grad_z
    grad_bias = grad_z.sum(axis=0)
    return grad_x, grad_weight, grad_bias


def residual_in_place(x, weight, bias, grad_y):
    grad_z = grad_y / np.cosh(x @ weight + bias) ** 2
    grad_x = grad_y.copy()
    grad_x += np.dot(grad_z, weight.T)
    return [grad_x, np.einsum("bi,bo->io", x, grad_z), np.ones(len(x)) @ grad_z]


def residual_by_loops(x, weight, bias, grad_y):
    grads = [np.zeros(each.shape) for each in (x, weight, bias)]
    for n, (row, arriving) in enumerate(zip(x, grad_y, strict=True)):
        for o in range(len(bias)):
            t = math.tanh(sum(row[i] * weight[i, o] for i in range(len(row))) + bias[o])
            grad = arriving[o] * (1 - t * t)
            grads[2][o] += grad
            for i in range(len(row)):
                grads[1][i, o] += row[i] * grad
                grads[0][n, i] += weight[i, o] * grad
        grads[0][n] += arriving
    return grads


def residual_by_layers(x, weight, bias, grad_y):
    z, cache = linear_forward(x, weight, bias)
    _, cache_tanh = tanh_forward(z)
    grad_x, grad_weight, grad_bias = linear_backward(tanh_backward(grad_y, cache_tanh), cache)
    return np.add(grad_x, grad_y), grad_weight, grad_bias


def residual_by_one_matrix(x, weight, bias, grad_y):
    """The slope of each example's y by its x, a matrix (H, H)."""
    slope = 1 - np.tanh(x @ weight + bias) ** 2
    matrices = np.eye(len(bias)) + weight[None] * slope[:, None]
    grad_z = grad_y * slope
    return np.einsum("bo,bio->bi", grad_y, matrices), x.T @ grad_z, grad_z.sum(axis=0)


def residual_single(*arguments):
    return tuple(map(np.float32, residual(*(each.astype(np.float32) for each in arguments))))


def residual_with(change):
    """Return an answer whose gradients are changed: change(grad_y, weight, gradients)."""

    def answer(x, weight, bias, grad_y):
        return change(grad_y, weight, *residual(x, weight, bias, grad_y))

    return (answer,)


def residual_as_given(slope_of_y=True, transpose=False, fork=False):
    """Return the stub with some of its three mistakes repaired."""

    def answer(x, weight, bias, grad_y):
        t = np.tanh(x @ weight + bias)
        grad_z = grad_y * (1 - (x + t if slope_of_y else t) ** 2)
        grad_x = grad_z @ (weight.T if transpose else weight) + fork * grad_y
        return grad_x, x.T @ grad_z, grad_z.sum(axis=0)

    return (answer,)


def start(bias, weight=lambda b, i, o, rng: rng.uniform(-b, b, (i, o))):
    """Return a start with weight(1/√I, I, O, rng) and bias(1/√I, O, rng)."""

    def answer(inputs, outputs, rng):
        bound = inputs**-0.5
        return weight(bound, inputs, outputs, rng), bias(bound, outputs, rng)

    return (answer,)


def start_with(scale, uniform=np.random.Generator.uniform):
    """Return a start with both from uniform(rng, −1, 1, shape) · scale(I, O)."""

    def answer(inputs, outputs, rng):
        shapes = (inputs, outputs), (outputs,)
        return [scale(inputs, outputs) * uniform(rng, -1, 1, shape) for shape in shapes]

    return (answer,)


def copied_bias(inputs, outputs, rng):
    weight = rng.uniform(-(inputs**-0.5), inputs**-0.5, (inputs, outputs))
    return weight, weight[0]


def bad_start(inputs, outputs, rng):
    return rng.uniform(0, 1 / np.sqrt(inputs), size=(inputs, outputs)), np.zeros(outputs)


CORRECT = {
    "04.1": [
        (linear_forward, linear_backward),
        (linear_forward_by_loops, linear_backward_by_loops),
        (linear_forward_single, linear_backward_single),
        (linear_forward_single_inside, linear_backward_single),
        (linear_forward, linear_backward_single),
        (Linear.forward, Linear.backward),
        (linear_augmented, lambda grad_z, cache: cache(grad_z)),
    ],
    "04.2": [
        (relu_forward, relu_backward),
        (relu_forward_by_sign, relu_backward_by_copy),
        (relu_forward_by_loops, relu_backward_by_loops),
        (lambda z: ((y := z * (z > 0)), y), lambda grad_y, y: np.sign(y) * grad_y),
        (lambda z: (np.clip(z, 0, np.inf), z), lambda grad_y, z: np.heaviside(z, 0.5) * grad_y),
        (
            lambda z: (np.float32(z.clip(0)), z.copy()),
            lambda grad_y, z: np.float32(np.piecewise(grad_y, [z <= 0], [0, lambda g: g])),
        ),
    ],
    "04.3": [
        (lambda z: (np.tanh(z), lambda g: g - g * np.tanh(z) ** 2), lambda g, back: back(g)),
        (tanh_forward, tanh_backward),
        (tanh_forward_caching_z, tanh_backward_by_cosh),
        (tanh_forward_by_math, tanh_backward_by_math),
        (tanh_forward_caching_z, lambda grad_y, z: grad_y - grad_y * np.tanh(z) ** 2),
        (tanh_forward_caching_z, lambda grad_y, z: grad_y * np.imag(np.tanh(z + 1e-30j)) / 1e-30),
        (
            lambda z: (np.tanh(np.float32(z)), 1 - np.tanh(np.float32(z)) ** 2),
            lambda grad_y, slope: np.float32(grad_y) * slope,
        ),
    ],
    "04.4": [
        (network_forward, network_backward),
        (network_forward_again, network_backward_again),
        (network_by_layers, network_by_layers_backward),
        (network_forward_single, network_backward_single),
        (network_forward_by_loops, network_backward_by_loops),
        (lambda *arguments: [*network_forward(*arguments)], partial(network_backward)),
    ],
    "04.5": [
        (initial_parameters,),
        (initial_parameters_in_float32,),
        (initial_parameters_in_one,),
        (initial_parameters_by_loops,),
        (initial_parameters_of_bits,),
        (initial_parameters_of_normals,),
        (partial(initial_parameters_bias_first),),
    ],
    "04.6": [
        (residual,),
        (residual_repaired,),
        (residual_in_place,),
        (residual_by_loops,),
        (residual_by_layers,),
        (residual_by_one_matrix,),
        (residual_single,),
    ],
}


def linear_with(change):
    """Return a linear layer whose three gradients are changed."""
    return linear_forward, lambda grad_z, cache: change(grad_z, *linear_backward(grad_z, cache))


def network_with(change):
    """Return a network whose gradients are changed."""
    return network_forward, lambda grad_y, cache: change(*network_backward(grad_y, cache))


def linear_backward_summing_early(grad_z, cache):
    x, weight = cache
    return grad_z @ weight.T, np.einsum("bi,ko->io", x, grad_z), grad_z.sum(axis=0)


def linear_kept_outside():
    kept = {}

    def forward(x, weight, bias):
        kept.update(x=x, weight=weight)
        return x @ weight + bias, ()

    return forward, lambda grad_z, _: linear_backward(grad_z, (kept["x"], kept["weight"]))


def relu_kept_outside():
    kept = {}

    def forward(z):
        kept["z"] = z
        return np.maximum(z, 0), ()

    return forward, lambda grad_y, _: grad_y * (kept["z"] > 0)


MISTAKEN = {
    "04.1": [
        (linear_with(lambda g, x, w, b: (-x, w, b)), "sign flipped"),
        (linear_with(lambda g, x, w, b: (-x, -w, -b)), "sign flipped"),
        (linear_with(lambda g, x, w, b: (x, w / len(g), b / len(g))), "factor 1/B"),
        (linear_with(lambda g, x, w, b: (x, w, g.mean(axis=0))), "factor 1/B"),
        (linear_with(lambda g, x, w, b: (x, w, len(g) * b)), "factor B"),
        (linear_with(lambda g, x, w, b: (x, w.T, b)), "transposed"),
        (linear_with(lambda g, x, w, b: (x, w, g.sum(axis=1))), "summed over the wrong axis"),
        (linear_with(lambda g, x, w, b: (x, w, g.sum())), "summed over all axes"),
        (linear_with(lambda g, x, w, b: (x, w, g)), "not summed over the batch"),
        (linear_with(lambda g, x, w, b: (x, w, g[-1])), "one example instead of the batch"),
        (linear_with(lambda g, x, w, b: (x, w, b[None])), "an axis too many"),
        (linear_with(lambda g, x, w, b: (x, w, 0 * b)), "nothing but zeros"),
        (linear_with(lambda g, x, w, b: (w, x, b)), "results in another order"),
        (linear_with(lambda g, x, w, b: (x, w, b / 0)), "not a number"),
        ((linear_forward, lambda g, c: (g @ c[1], c[0].T @ g, g.sum(0))), "transposed"),
        ((linear_forward, lambda g, c: (g @ c[1].T, c[0] @ g, g.sum(0))), "transposed"),
        ((lambda x, w, b: (x @ w, (x, w)), linear_backward), "bias forgotten"),
        (linear_with(lambda g, x, w, b: (x, w.squeeze(), b)), "axis of length 1 lost"),
        ((linear_forward, linear_backward_summing_early), "summed before the product"),
        # two at once
        (linear_with(lambda g, x, w, b: (-x, w, b / len(g))), "sign flipped and factor 1/B"),
        (linear_with(lambda g, x, w, b: (x, w, -b / len(g))), "factor −1/B"),
        (linear_with(lambda g, x, w, b: (x, -w.T, b)), "another shape"),
        (linear_with(lambda g, x, w, b: (x / len(g), w, b)), "grad_x divided by N"),
        (linear_with(lambda g, x, w, b: (x, w, np.ones(b.shape))), "missing chain term"),
        (linear_with(lambda g, x, w, b: (x, w / 2, b)), "factor 1/2"),
        (linear_kept_outside(), "cache kept in the layer"),
    ],
    "04.2": [
        ((relu_forward, lambda g, on: g), "slope missing"),
        ((relu_forward, lambda g, on: np.where(on, 0, g)), "slope of the wrong side"),
        ((relu_forward, lambda g, on: -g * on), "sign flipped"),
        ((relu_forward, lambda g, on: -g), "slope missing and sign flipped"),
        ((lambda z: (np.max(z, 0), z), lambda g, z: g * (z > 0)), "maximum over an axis"),
        ((lambda z: (z, z), lambda g, z: g * (z > 0)), "activation missing"),
        ((relu_forward_by_sign, lambda g, z: g * z), "z instead of its sign"),
        ((relu_forward_by_sign, lambda g, z: g * np.sign(z)), "slope −1 below zero"),
        ((relu_forward_by_sign, lambda g, z: 1.0 * (g > 0)), "mask from the gradient"),
        ((lambda z: (np.clip(z, 0, 6), z), lambda g, z: g * (z > 0)), "capped"),
        ((relu_forward_by_sign, lambda g, z: g * (z > 0).any(axis=0)), "one slope for all entries"),
        (
            (relu_forward_by_sign, lambda g, z: g * (z > 0).all(axis=1, keepdims=True)),
            "one slope for all entries",
        ),
        (relu_kept_outside(), "cache kept in the layer"),
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
        ((tanh_forward, lambda g, y: g * (y**2 - 1)), "1 − y² turned around"),
        ((tanh_forward_by_exponentials, tanh_backward), "not a number"),
        ((tanh_forward, lambda g, y: g * 1 - y**2), "1 − y without brackets"),
        ((tanh_forward, lambda g, y: g * (1 - np.tanh(g) ** 2)), "argument ignored: cache"),
        (
            (lambda z: (np.tanh(z), {"z": z}), lambda g, cache: g / np.sinh(cache["z"]) ** 2),
            "sinh instead of cosh",
        ),
        (
            (lambda z: (np.arctan(z), np.arctan(z)), tanh_backward),
            "another function instead of tanh",
        ),
        ((tanh_forward, lambda g, y: g * (y - y**2)), "slope of the logistic function"),
    ],
    "04.4": [
        ((network_forward, network_backward_averaging), "factor 1/B"),
        ((network_forward, network_backward_unmasked_in_x), "slope missing"),
        ((network_forward, network_backward_without_transpose), "transposed"),
        (
            (network_forward, lambda g, c: network_backward(g / (1 - c[-1] ** 2), c)),
            "slope missing",
        ),
        (
            (network_forward, lambda g, c: network_backward(-g / (1 - c[-1] ** 2), c)),
            "slope missing and sign flipped",
        ),
        (
            network_with(lambda x, w1, b1, w2, b2: (x / len(x), w1, b1, w2, b2)),
            "grad_x divided by N",
        ),
        (network_with(lambda x, w1, b1, w2, b2: (x, w1, b1, w2, 2 * b2)), "factor 2"),
        (network_with(lambda x, *rest: (x.squeeze(), *rest)), "axis of length 1 lost"),
        (network_with(lambda x, w1, b1, w2, b2: (x, w1, b2, w2, b1)), "results in another order"),
        (network_with(lambda *grads: [-grad for grad in grads]), "sign flipped"),
    ],
    "04.5": [
        ((bad_start,), "positive numbers only and bias left at zero"),
        (start_with(lambda i, o: 0.5 / i**0.5), "half as wide"),
        (start_with(lambda i, o: (6 / i) ** 0.5), "bound of another rule"),
        (start_with(lambda i, o: (6 / (i + o)) ** 0.5), "bound of another rule"),
        (start_with(lambda i, o: 0.003), "the last layer's bound"),
        (start_with(lambda i, o: o**-0.5), "fan-out instead of fan-in"),
        (start(lambda b, o, rng: rng.uniform(-(o**-0.5), o**-0.5, o)), "fan-out instead of fan-in"),
        (start(lambda b, o, rng: 2 * b * rng.random(o)), "positive numbers only"),
        (start(lambda b, o, rng: -2 * b * rng.random(o)), "negative numbers only"),
        (start(lambda b, o, rng: rng.normal(0, b / 3**0.5, o)), "normal instead of uniform"),
        (start(lambda b, o, rng: rng.uniform(-b, b, (1, o))), "bias of another shape"),
        (start(lambda b, o, rng: rng.uniform(-0.003, 0.003, o)), "the last layer's bound"),
        ((copied_bias,), "bias copied from the weights"),
        (start(lambda b, o, rng: np.zeros(0)), "bias of another shape"),
        (
            start(
                lambda b, o, rng: rng.uniform(-b, b, o),
                lambda b, i, o, rng: rng.normal(0, b, (i, o)),
            ),
            "normal instead of uniform",
        ),
        (
            start(
                lambda b, o, rng: rng.uniform(-b, b, o),
                lambda b, i, o, rng: rng.uniform(-b, b, (o, i)),
            ),
            "transposed",
        ),
    ],
    "04.6": [
        (residual_as_given(False), "transpose missing, and one way of the fork"),
        (
            residual_as_given(transpose=True),
            "slope at the output y of the layer and one way of the fork missing",
        ),
        (residual_as_given(fork=True), "slope at the output y of the layer and transpose missing"),
        (residual_as_given(False, transpose=True), "one way of the fork missing"),
        (residual_as_given(False, fork=True), "transpose missing"),
        (residual_as_given(True, True, True), "slope at the output y of the layer"),
        (
            residual_with(lambda g, w, x, *rest: (x - g + 1, *rest)),
            "the direct way without its gradient",
        ),
        (
            residual_with(lambda g, w, x, *rest: (g * (x - g), *rest)),
            "ways multiplied instead of added",
        ),
        (
            residual_with(lambda g, w, x, *rest: (x - 2 * g, *rest)),
            "ways averaged, subtracted or counted twice",
        ),
        (residual_with(lambda g, w, x, *rest: (g + g @ w.T, *rest)), "slope on neither way"),
        (residual_with(lambda g, w, x, w1, b: (x, w1 / len(g), b / len(g))), "factor 1/B"),
        (residual_with(lambda g, w, x, w1, b: (x, w1.T, b)), "transposed"),
        (residual_with(lambda *grads: [-each for each in grads[2:]]), "sign flipped"),
    ],
}
