"""The mistakes of exercise 04.4, a network of two layers."""

from ..engine import Mistake

LAST = "grad_x, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)"

MISTAKES = (
    Mistake(
        "slope missing",
        "Your gradient ignores the tanh at the end. Multiply it by the slope, 1 − y².",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y"},
    ),
    Mistake(
        "slope missing",
        "Your gradient ignores the ReLU in the middle. Where z < 0, nothing should pass. If you"
        " wrote h = z1; h[h < 0] = 0, then h and z1 are one array, and z1 < 0 holds nowhere.",
        {"relu_backward(grad_h, cache_relu)": "grad_h"},
    ),
    Mistake(
        "slope at the output, where the input is meant",
        "Look at your tanh_backward (04.3): its cache is y, which is tanh(z) already. The slope is"
        " 1 − y², without another tanh.",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - np.tanh(cache_tanh) ** 2)"},
    ),
    Mistake(
        "slope of the wrong side",
        "At the ReLU your gradient passes where z < 0. It should pass where z > 0.",
        {"relu_backward(grad_h, cache_relu)": "grad_h * (cache_relu < 0)"},
    ),
    Mistake(
        "transposed",
        "",
        {
            "grad_x, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)": (
                "x, w1 = cache1\n"
                "    grad_x, grad_w1, grad_b1 = grad_z1 @ w1, x.T @ grad_z1, grad_z1.sum(axis=0)"
            )
        },
        {
            "grad_h, grad_w2, grad_b2 = linear_backward(grad_z2, cache2)": (
                "h, w2 = cache2\n"
                "    grad_h, grad_w2, grad_b2 = grad_z2 @ w2, h.T @ grad_z2, grad_z2.sum(axis=0)"
            )
        },
    ),
    Mistake(
        "slope missing",
        "In one gradient the slope of the ReLU is missing, in another it is not. Multiply once, and"
        " use the product for all three.",
        {
            LAST: "grad_x = linear_backward(grad_h, cache1)[0]\n"
            "    _, grad_w1, grad_b1 = linear_backward(grad_z1, cache1)"
        },
        {
            LAST: "grad_x = linear_backward(grad_z1, cache1)[0]\n"
            "    _, grad_w1, grad_b1 = linear_backward(grad_h, cache1)"
        },
        {LAST: f"{LAST}\n    grad_w1 = linear_backward(grad_h, cache1)[1]"},
        {LAST: f"{LAST}\n    grad_b1 = grad_h.sum(axis=0)"},
    ),
    Mistake(
        "slope missing",
        "In one gradient the slope of the tanh is missing, in another it is not. Multiply once, and"
        " use the product for all three.",
        {LAST: f"{LAST}\n    grad_w2 = linear_backward(grad_y, cache2)[1]"},
        {LAST: f"{LAST}\n    grad_b2 = grad_y.sum(axis=0)"},
        {LAST: f"{LAST}\n    _, grad_w2, grad_b2 = linear_backward(grad_y, cache2)"},
        {"grad_z1 = relu": "grad_h = linear_backward(grad_y, cache2)[0]\n    grad_z1 = relu"},
    ),
    Mistake(
        "slope at the input, where the output is meant", "", {"cache2, cache_tanh)": "cache2, z2)"}
    ),
    Mistake(
        "squared twice",
        "Look at your tanh_backward (04.3): the slope of tanh is 1 − y², one square, on y alone.",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - cache_tanh) ** 2"},
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - cache_tanh**2) ** 2"},
    ),
    Mistake(
        "square missing",
        "Look at your tanh_backward (04.3): the slope of tanh is 1 − y², not 1 − y.",
        {"tanh_backward(grad_y, cache_tanh)": "grad_y * (1 - cache_tanh)"},
    ),
    Mistake(
        "gradient clipped instead of masked",
        "You applied ReLU to the gradient. What passes depends on z, not on the gradient.",
        {"relu_backward(grad_h, cache_relu)": "np.maximum(grad_h, 0)"},
    ),
    Mistake(
        "output instead of its slope",
        "You multiplied by h itself. The slope of ReLU is 1 where z > 0, and 0 elsewhere.",
        {"relu_backward(grad_h, cache_relu)": "grad_h * np.maximum(cache_relu, 0)"},
    ),
    Mistake(
        "factor 1/B",
        "You took the mean over the batch of B examples. The factor 1/B belongs to the loss and is"
        " in dL/dy already: sum.",
        {
            LAST: f"{LAST}\n    grad_w1, grad_b1, grad_w2, grad_b2 = (\n"
            "        each / len(grad_y) for each in (grad_w1, grad_b1, grad_w2, grad_b2)\n    )"
        },
        {LAST: f"{LAST}\n    grad_w1, grad_w2 = grad_w1 / len(grad_y), grad_w2 / len(grad_y)"},
        {LAST: f"{LAST}\n    grad_b1, grad_b2 = grad_b1 / len(grad_y), grad_b2 / len(grad_y)"},
    ),
    Mistake(
        "grad_x divided by N",
        "Every example has its own row of grad_x: there is no sum over the batch, and nothing to"
        " divide.",
        {LAST: f"{LAST}\n    grad_x = grad_x / len(grad_x)"},
    ),
    Mistake(
        "bias forgotten",
        "Both linear layers have a bias.",
        {"linear_forward(x, w1, b1)": "linear_forward(x, w1, 0 * b1)"},
        {"linear_forward(h, w2, b2)": "linear_forward(h, w2, 0 * b2)"},
    ),
    Mistake(
        "bias after the activation",
        "A linear layer is x w + b as a whole. Its bias is added before ReLU or tanh, not after.",
        {
            "linear_forward(x, w1, b1)": "linear_forward(x, w1, 0 * b1)",
            "    z2,": "    h = h + b1\n    z2,",
        },
        {
            "linear_forward(h, w2, b2)": "linear_forward(h, w2, 0 * b2)",
            "    return y,": "    y = y + b2\n    return y,",
        },
        {
            "linear_forward(x, w1, b1)": "linear_forward(x, w1, 0 * b1)",
            "z2, cache2 = linear_forward(h, w2": "z2, cache2 = linear_forward(h + b1, w2",
        },
        {
            "linear_forward(x, w1, b1)": "linear_forward(x, w1, 0 * b1)",
            "    z2,": "    h = cache_relu = h + b1\n    z2,",
        },
        {
            "linear_forward(h, w2, b2)": "linear_forward(h, w2, 0 * b2)",
            "    return y, (": "    cache_tanh = y + b2\n    return y + b2, (",
        },
    ),
    Mistake(
        "another layer's backward",
        "Go back through tanh, the second linear layer, ReLU and the first linear layer.",
        {"tanh_backward(grad_y, cache_tanh)": "relu_backward(grad_y, cache_tanh)"},
        {"relu_backward(grad_h, cache_relu)": "tanh_backward(grad_h, cache_relu)"},
        {"relu_backward(grad_h, cache_relu)": "tanh_backward(grad_h, np.maximum(cache_relu, 0))"},
    ),
    Mistake(
        "arguments of a backward swapped",
        "A layer's backward takes the gradient that arrives first, and its own cache second.",
        {"relu_backward(grad_h, cache_relu)": "relu_backward(cache_relu, grad_h)"},
        {"tanh_backward(grad_y, cache_tanh)": "tanh_backward(cache_tanh, grad_y)"},
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1, so with one example or one unit the shapes change."
        " Leave it out.",
        {"return y, (": "return y.squeeze(), ("},
        {"return grad_x,": "return grad_x.squeeze(),"},
    ),
    Mistake(
        "the mask of h instead of h",
        "dL/dw2 needs h itself. The mask z1 > 0 is the slope of ReLU, a factor of dL/dz1.",
        {"cache2, cache_tanh)": "((z1 > 0) * 1.0, w2), cache_tanh)"},
    ),
    Mistake(
        "one example missing",
        "Each example of the batch adds its share to the gradients, and has its row in grad_x.",
        *(
            {"    cache1,": f"    grad_y = np.vstack({rows})\n    cache1,"}
            for rows in ("[grad_y[:-1], 0 * grad_y[:1]]", "[0 * grad_y[:1], grad_y[1:]]")
        ),
    ),
    Mistake(
        "compared with another number than 0",
        "The activation in the middle is max(z, 0), with 0.",
        *(
            {
                "    h, cache_relu = relu_forward(z1)": f"    h = np.maximum(z1, {number})\n"
                f"    cache_relu = h"
            }
            for number in (1, 0.5, 0.1, 0.01)
        ),
        *(
            {
                "    h, cache_relu = relu_forward(z1)": f"    h = np.maximum(z1, {number})\n"
                f"    cache_relu = z1"
            }
            for number in (1, 0.5, 0.1, 0.01)
        ),
    ),
    Mistake(
        "min instead of max",
        "The activation in the middle is z where z > 0, and 0 elsewhere.",
        {"    h, cache_relu = relu_forward(z1)": "    h, cache_relu = np.minimum(z1, 0), z1"},
        {"    h, cache_relu = relu_forward(z1)": "    h, cache_relu = np.minimum(z1, 0), -z1"},
    ),
    Mistake(
        "tanh instead of ReLU",
        "The activation in the middle is max(z, 0).",
        {
            "relu_forward(z1)": "tanh_forward(z1)",
            "relu_backward(grad_h, cache_relu)": "tanh_backward(grad_h, cache_relu)",
        },
        {"relu_forward(z1)": "tanh_forward(z1)"},
    ),
    Mistake(
        "ReLU instead of tanh",
        "The activation at the end is tanh.",
        {
            "tanh_forward(z2)": "relu_forward(z2)",
            "tanh_backward(grad_y, cache_tanh)": "relu_backward(grad_y, cache_tanh)",
        },
        {"tanh_forward(z2)": "relu_forward(z2)"},
    ),
    Mistake(
        "tanh and ReLU swapped",
        "The ReLU is in the middle, the tanh at the end.",
        {
            "relu_forward(z1)": "tanh_forward(z1)",
            "tanh_forward(z2)": "relu_forward(z2)",
            "relu_backward(grad_h, cache_relu)": "tanh_backward(grad_h, cache_relu)",
            "tanh_backward(grad_y, cache_tanh)": "relu_backward(grad_y, cache_tanh)",
        },
    ),
    Mistake(
        "gradient of z instead of x",
        "One step is missing: dL/dx is dL/dz1 times the transpose of W1.",
        {LAST: f"{LAST}\n    grad_x = grad_z1"},
    ),
    Mistake(
        "z instead of h",
        "dL/dw2 needs what entered the second layer, which is h = max(z, 0).",
        {"cache2, cache_tanh)": "(z1, w2), cache_tanh)"},
    ),
    Mistake(
        "missing chain term",
        "",
        {"relu_backward(grad_h, cache_relu)": "relu_backward(grad_z2, cache_relu)"},
        {"return grad_x,": "return np.ones(grad_x.shape),"},
    ),
    Mistake(
        "activation missing",
        "Without the ReLU between them, the two linear layers amount to one.",
        {"h, cache_relu = relu_forward(z1)": "h, cache_relu = z1, z1"},
        {"h, cache_relu = relu_forward(z1)": "h, cache_relu = z1, np.ones_like(z1)"},
    ),
    Mistake(
        "tanh missing",
        "The last step of the forward is a tanh.",
        {"y, cache_tanh = tanh_forward(z2)": "y, cache_tanh = z2, z2"},
        {"y, cache_tanh = tanh_forward(z2)": "y, cache_tanh = z2, np.tanh(z2)"},
    ),
)
