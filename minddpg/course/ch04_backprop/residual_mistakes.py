"""The mistakes of exercise 04.6, repair a backward pass."""

from ..engine import Mistake

SLOPE = "(1 - t**2)"
WAY = "grad_z @ weight.T"  # through the tanh; the other way is direct
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
        "The way back through x W is a product with the transpose of W. W is square, so that the"
        " shape does not tell.",
        {WAY: "grad_z @ weight"},
    ),
    Mistake(
        "one way of the fork missing",
        "x reaches y along two ways: directly, and through the tanh. The gradients of both ways"
        " are added.",
        {SUM: WAY},
        {SUM: "grad_y"},
    ),
    Mistake(
        "transpose missing, and one way of the fork",
        "grad_x is a sum of two ways, since x is used twice. The way through x W needs the"
        " transpose of W.",
        {SUM: "grad_z @ weight"},
    ),
    Mistake(
        "slope on both ways",
        "The direct way from x to y does not pass the tanh: what comes along it is grad_y itself.",
        {SUM: f"grad_z + {WAY}"},
        {SUM: "(grad_y + grad_y @ weight.T) * (1 - t**2)"},
        {SUM: f"({SUM}) * (1 - t**2)"},
    ),
    Mistake(
        "W on the direct way",
        "The direct way from x to y does not pass W: what comes along it is grad_y itself.",
        {SUM: "(grad_y + grad_z) @ weight.T"},
    ),
    Mistake(
        "slope on neither way",
        "The way through the tanh passes its slope: it begins with grad_z, not with grad_y.",
        {SUM: "grad_y + grad_y @ weight.T"},
    ),
    Mistake(
        "the direct way without its gradient",
        "The direct way has slope 1, and the gradient that arrives passes it: add grad_y.",
        {SUM: f"1 + {WAY}"},
        {SUM: f"x + {WAY}"},
        {SUM: f"x * grad_y + {WAY}"},
        {SUM: f"np.sign(grad_y) + {WAY}"},
    ),
    Mistake(
        "ways multiplied instead of added",
        "Along one way the chain rule multiplies. Two ways are added.",
        {SUM: f"grad_y * ({WAY})"},
    ),
    Mistake(
        "ways averaged, subtracted or counted twice",
        "Both ways count, and each counts once: add them.",
        {SUM: f"({SUM}) / 2"},
        {SUM: f"2 * grad_y + {WAY}"},
        {SUM: f"grad_y + 2 * {WAY}"},
        {SUM: f"grad_y - {WAY}"},
        {SUM: f"{WAY} - grad_y"},
    ),
    Mistake(
        "the direct way in the gradient of z",
        "The direct way goes past x W + b. It belongs to grad_x alone, not to grad_z, of which the"
        " gradients of W and b are made.",
        {"= grad_y * (1 - t**2)": "= grad_y + grad_y * (1 - t**2)"},
        {"= grad_y * (1 - t**2)": "= grad_y + grad_y * (1 - t**2)", SUM: WAY},
    ),
    Mistake(
        "the direct way in the gradient of W or b",
        "W and b act through x W + b alone, so that their gradients are made of grad_z alone.",
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
        "dL/dW is made of what entered x W, which is x.",
        {"x.T @ grad_z": "t.T @ grad_z"},
        {"x.T @ grad_z": "(x + t).T @ grad_z"},
        {"x.T @ grad_z": "(x @ weight + bias).T @ grad_z"},
    ),
    Mistake(
        "x forgotten in the gradient of W",
        "x W moves with W at the rate x: dL/dW is xᵀ times dL/dz.",
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
        "squeeze removes every axis of length 1: with one example, or one unit, the shapes are"
        " others. Leave it out.",
        {f"grad_x = {SUM}": f"grad_x = ({SUM}).squeeze()"},
        {"x.T @ grad_z": "(x.T @ grad_z).squeeze()"},
    ),
)
