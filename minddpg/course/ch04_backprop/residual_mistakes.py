"""The mistakes of exercise 04.6, repair a backward pass."""

from ..engine import Mistake

SLOPE = "(1 - t**2)"
WAY = "grad_z @ weight.T"  # the gradient along the path through the tanh; the other path is direct
SUM = f"grad_y + {WAY}"

MISTAKES = (
    Mistake(
        "slope at the output y of the layer",
        "The slope of the tanh is 1 − t², where t is what the tanh returned. y is x + t.",
        {SLOPE: "(1 - (x + t) ** 2)"},
        {SLOPE: "(1 - np.tanh(x + t) ** 2)"},
    ),
    Mistake(
        "transpose missing",
        "Going back through x W, multiply by the transpose of W. W is square, so the shape does not"
        " show this mistake.",
        {WAY: "grad_z @ weight"},
    ),
    Mistake(
        "one way of the fork missing",
        "x reaches y along two paths: directly, and through the tanh. Add the gradients of both.",
        {SUM: WAY},
        {SUM: "grad_y"},
    ),
    Mistake(
        "transpose missing, and one way of the fork",
        "grad_x is a sum over two paths, since x is used twice. The path through x W needs the"
        " transpose of W.",
        {SUM: "grad_z @ weight"},
    ),
    Mistake(
        "slope on both ways",
        "The direct path from x to y does not pass the tanh: its gradient is grad_y itself.",
        {SUM: f"grad_z + {WAY}"},
        {SUM: "(grad_y + grad_y @ weight.T) * (1 - t**2)"},
        {SUM: f"({SUM}) * (1 - t**2)"},
    ),
    Mistake(
        "W on the direct way",
        "The direct path from x to y does not pass W: its gradient is grad_y itself.",
        {SUM: "(grad_y + grad_z) @ weight.T"},
    ),
    Mistake(
        "slope on neither way",
        "The path through the tanh contains its slope: it begins with grad_z, not with grad_y.",
        {SUM: "grad_y + grad_y @ weight.T"},
    ),
    Mistake(
        "the direct way without its gradient",
        "The direct path has slope 1, so the gradient that arrives passes unchanged: add grad_y.",
        {SUM: f"1 + {WAY}"},
        {SUM: f"x + {WAY}"},
        {SUM: f"x * grad_y + {WAY}"},
        {SUM: f"np.sign(grad_y) + {WAY}"},
    ),
    Mistake(
        "ways multiplied instead of added",
        "The chain rule multiplies along a path, and adds over paths.",
        {SUM: f"grad_y * ({WAY})"},
    ),
    Mistake(
        "ways averaged, subtracted or counted twice",
        "Both paths count, and each counts once: add their gradients.",
        {SUM: f"({SUM}) / 2"},
        {SUM: f"2 * grad_y + {WAY}"},
        {SUM: f"grad_y + 2 * {WAY}"},
        {SUM: f"grad_y - {WAY}"},
        {SUM: f"{WAY} - grad_y"},
    ),
    Mistake(
        "the direct way in the gradient of z",
        "The direct path does not pass x W + b. Its gradient is a part of grad_x, but not of"
        " grad_z, from which the gradients of W and b are computed.",
        {"= grad_y * (1 - t**2)": "= grad_y + grad_y * (1 - t**2)"},
        {"= grad_y * (1 - t**2)": "= grad_y + grad_y * (1 - t**2)", SUM: WAY},
    ),
    Mistake(
        "the direct way in the gradient of W or b",
        "W and b act through x W + b alone, so compute their gradients from grad_z alone.",
        {"x.T @ grad_z": "x.T @ grad_y + x.T @ grad_z"},
        {"x.T @ grad_z": "x.T @ (grad_y + grad_z)"},
        {"grad_z.sum(axis=0)": "(grad_y + grad_z).sum(axis=0)"},
        {"x.T @ grad_z": "x.T @ grad_y"},
        {"grad_z.sum(axis=0)": "grad_y.sum(axis=0)"},
    ),
    Mistake(
        "slope missing",
        "The slope of the tanh is missing: grad_z is grad_y times 1 − t².",
        {"= grad_y * (1 - t**2)": "= grad_y"},
    ),
    Mistake(
        "arriving gradient missing",
        "This is the slope alone: grad_z is grad_y times 1 − t².",
        {"grad_y * (1 - t**2)": "1 - t**2"},
    ),
    Mistake(
        "slope of another number",
        "The slope of the tanh is 1 − t², where t = tanh(x W + b) is the number that it returned.",
        {SLOPE: "(1 - np.tanh(t) ** 2)"},
        {SLOPE: "(1 - np.tanh(x) ** 2)"},
        {SLOPE: "(1 - x**2)"},
        {SLOPE: "(1 - (x @ weight + bias) ** 2)"},
        {"x @ weight + bias": "x @ weight"},
    ),
    Mistake(
        "square missing",
        "The slope of the tanh is 1 − t², not 1 − t.",
        {"t**2": "t"},
        {"t**2": "(x + t)"},
    ),
    Mistake(
        "another function of t",
        "The slope of the tanh is 1 − t².",
        {SLOPE: "t**2"},
        {SLOPE: "t"},
        {SLOPE: "(t**2 - 1)"},
        {SLOPE: "(1 + t**2)"},
        {SLOPE: "(1 - t) ** 2"},
        {SLOPE: "(1 - t**2) ** 2"},
        {SLOPE: "t * (1 - t)"},
    ),
    Mistake(
        "1 − t² without brackets",
        "grad_y · 1 − t² subtracts t² from the gradient. Put 1 − t² in brackets.",
        {"grad_y * (1 - t**2)": "grad_y * 1 - t**2"},
    ),
    Mistake(
        "another array instead of x",
        "dL/dW is xᵀ times dL/dz, with the x that is multiplied by W.",
        {"x.T @ grad_z": "t.T @ grad_z"},
        {"x.T @ grad_z": "(x + t).T @ grad_z"},
        {"x.T @ grad_z": "(x @ weight + bias).T @ grad_z"},
    ),
    Mistake(
        "x forgotten in the gradient of W",
        "The derivative of x W in W is x: dL/dW is xᵀ times dL/dz.",
        {"x.T @ grad_z": "t.T @ t"},
        {"x.T @ grad_z": "weight.T @ weight"},
    ),
    Mistake(
        "factor 1/B",
        "You took the mean over the batch of B examples. The factor 1/B belongs to the loss and is"
        " in dL/dy already: sum.",
        {"x.T @ grad_z": "x.T @ grad_z / len(x)", "sum(axis=0)": "mean(axis=0)"},
        {"x.T @ grad_z": "x.T @ grad_z / len(x)"},
        {"sum(axis=0)": "mean(axis=0)"},
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1, so with one example or one unit the shapes change."
        " Leave it out.",
        {f"grad_x = {SUM}": f"grad_x = ({SUM}).squeeze()"},
        {"x.T @ grad_z": "(x.T @ grad_z).squeeze()"},
    ),
)
