"""The mistakes of exercise 04.5, how a layer starts."""

from ..engine import Mistake

WEIGHT = "rng.uniform(-bound, bound, (inputs, outputs))"
BIAS = "rng.uniform(-bound, bound, outputs)"
BOUND = "1 / np.sqrt(inputs)"

MISTAKES = (
    Mistake(
        "all zeros",
        "If all weights of a network are 0, the units of a layer stay alike. Draw random numbers.",
        {WEIGHT: "np.zeros((inputs, outputs))", BIAS: "np.zeros(outputs)"},
        {WEIGHT: "np.zeros((inputs, outputs))"},
    ),
    Mistake(
        "power without brackets",
        "inputs ** 1 / 2 is inputs / 2: the power comes first. Write inputs ** 0.5, or np.sqrt.",
        {BOUND: "1 / inputs**1 / 2"},
        {BOUND: "1 / (inputs**1 / 2)"},
        {BOUND: "inputs**-1 / 2"},
    ),
    Mistake(
        "bias counted as an input",
        "The fan-in I is the number of inputs, the first axis of weight. The bias is not an input.",
        {BOUND: "1 / np.sqrt(inputs + 1)"},
        {BOUND: "1 / np.sqrt(inputs - 1)"},
    ),
    Mistake(
        "logarithm instead of root",
        "The bound is 1/√I.",
        {BOUND: "1 / np.log(inputs)"},
        {BOUND: "1 / np.log2(inputs)"},
    ),
    Mistake(
        "bound applied twice",
        "rng.uniform(−bound, bound) reaches the bound already. Do not multiply by it again.",
        {WEIGHT: f"bound * {WEIGHT}"},
        {BIAS: f"bound * {BIAS}"},
    ),
    Mistake(
        "one number for all weights",
        "Each weight should be a separate random number. Draw (I, O) numbers.",
        {WEIGHT: "np.full((inputs, outputs), rng.uniform(-bound, bound))"},
        {
            WEIGHT: "np.full((inputs, outputs), rng.uniform(-bound, bound))",
            BIAS: "np.full(outputs, rng.uniform(-bound, bound))",
        },
    ),
    Mistake(
        "weight of another shape",
        "weight should be (I, O): a row for each input, a column for each output.",
        {"(inputs, outputs))": "(inputs, inputs))"},
        {"(inputs, outputs))": "(outputs, outputs))"},
        {"(inputs, outputs))": "(inputs + 1, outputs))"},
        {WEIGHT: "rng.uniform(-bound, bound, (inputs + 1, outputs))", BIAS: "weight[-1]"},
        {"(inputs, outputs))": "(inputs, 1))"},
    ),
    Mistake(
        "1/I instead of 1/√I",
        "The root is missing: signals would shrink from layer to layer.",
        {BOUND: "1 / inputs"},
    ),
    Mistake(
        "fan-out instead of fan-in",
        "The bound depends on I, the number of inputs that a unit sums, not on O.",
        {BOUND: "1 / np.sqrt(outputs)"},
        {BIAS: "rng.uniform(-1, 1, outputs) / np.sqrt(outputs)"},
        {WEIGHT: "rng.uniform(-1, 1, (inputs, outputs)) / np.sqrt(outputs)"},
    ),
    Mistake(
        "bound of another rule",
        "The paper's bound is 1/√I. He et al. use √(6/I), Glorot and Bengio √(6/(I + O)).",
        *(
            edit
            for bound in (
                "6 / inputs",
                "3 / inputs",
                "2 / inputs",
                "1 / (2 * inputs)",
                "6 / (inputs + outputs)",
                "1 / (inputs + outputs)",
                "1 / (inputs * outputs)",
            )
            for edit in (
                {BOUND: f"np.sqrt({bound})"},
                {WEIGHT: f"rng.uniform(-1, 1, (inputs, outputs)) * np.sqrt({bound})"},
            )
        ),
    ),
    Mistake(
        "the last layer's bound",
        "±0.003 is for the last layer. In all others the bound is 1/√I.",
        {BOUND: "0.003"},
        {BOUND: "3e-4"},
        {BIAS: "rng.uniform(-0.003, 0.003, outputs)"},
    ),
    Mistake(
        "bound that does not depend on I",
        "The bound is 1/√I: the more inputs, the smaller the numbers.",
        {BOUND: "0.01"},
        {BOUND: "0.05"},
        {BOUND: "0.1"},
        {BOUND: "0.5"},
        *({BOUND: f"1 / np.sqrt({inputs})"} for inputs in (2, 3, 4, 64, 400)),
    ),
    Mistake(
        "brackets missing",
        "Put 2 · rng.random() − 1 in brackets, then divide by √I.",
        {
            WEIGHT: "2 * rng.random((inputs, outputs)) - bound",
            BIAS: "2 * rng.random(outputs) - bound",
        },
        {WEIGHT: "2 * rng.random((inputs, outputs)) - bound", BIAS: "weight[-1]"},
        {
            WEIGHT: "2 * bound * rng.random((inputs, outputs)) - 1",
            BIAS: "2 * bound * rng.random(outputs) - 1",
        },
    ),
    Mistake(
        "another distribution",
        "The range is right, but not all numbers in it are equally likely. Use rng.uniform.",
        {WEIGHT: "np.clip(rng.normal(0, bound, (inputs, outputs)), -bound, bound)"},
        {WEIGHT: "rng.triangular(-bound, 0, bound, (inputs, outputs))"},
        {WEIGHT: "rng.choice([-bound, bound], (inputs, outputs))"},
        {
            WEIGHT: "np.clip(rng.normal(0, bound, (inputs, outputs)), -bound, bound)",
            BIAS: "np.clip(rng.normal(0, bound, outputs), -bound, bound)",
        },
        {
            WEIGHT: "rng.choice([-bound, bound], (inputs, outputs))",
            BIAS: "rng.choice([-bound, bound], outputs)",
        },
    ),
    Mistake(
        "bound of 1",
        "The bound is 1/√I, so that the sum of I products does not grow with I.",
        {BOUND: "1"},
        {BIAS: "rng.uniform(-1, 1, outputs)"},
    ),
    Mistake(
        "half as wide",
        "The numbers should reach from −1/√I to 1/√I. rng.random() − 0.5 reaches from −0.5 to 0.5"
        " only.",
        {BOUND: "0.5 / np.sqrt(inputs)"},
        {WEIGHT: "rng.uniform(-bound, bound, (inputs, outputs)) / 2"},
        {BIAS: "rng.uniform(-bound, bound, outputs) / 2"},
    ),
    Mistake(
        "twice as wide",
        "The numbers should reach from −1/√I to 1/√I, not from −2/√I to 2/√I.",
        {BOUND: "2 / np.sqrt(inputs)"},
    ),
    Mistake(
        "another power of I",
        "The bound is 1 divided by the square root of I.",
        {BOUND: "1 / np.square(inputs)"},
        {BOUND: "1 / np.cbrt(inputs)"},
    ),
    Mistake(
        "no range",
        "The lower and the upper bound are the same, and so are all numbers. The lower one is"
        " −1/√I.",
        {
            WEIGHT: "rng.uniform(bound, bound, (inputs, outputs))",
            BIAS: "rng.uniform(bound, bound, outputs)",
        },
        {WEIGHT: "rng.uniform(bound, bound, (inputs, outputs))"},
    ),
    Mistake(
        "1/√I as the variance",
        "1/√I is the largest weight, not the variance. Take the root once, not twice.",
        {BOUND: "1 / np.sqrt(np.sqrt(inputs))"},
    ),
    Mistake(
        "√I instead of 1/√I",
        "The more inputs, the smaller the weights: divide by √I.",
        {BOUND: "np.sqrt(inputs)"},
    ),
    Mistake(
        "normal instead of uniform",
        "The paper draws uniform numbers; yours have a normal distribution.",
        *(
            edit
            for size in ("bound", "bound / np.sqrt(3)", "0.01", "1", "np.sqrt(2) * bound")
            for edit in (
                {
                    WEIGHT: f"rng.normal(0, {size}, (inputs, outputs))",
                    BIAS: f"rng.normal(0, {size}, outputs)",
                },
                {WEIGHT: f"rng.normal(0, {size}, (inputs, outputs))"},
            )
        ),
        {WEIGHT: "rng.normal(-bound, bound, (inputs, outputs))"},
        {BIAS: "rng.normal(-bound, bound, outputs)"},
        {
            WEIGHT: "rng.normal(-bound, bound, (inputs, outputs))",
            BIAS: "rng.normal(-bound, bound, outputs)",
        },
        {BIAS: "rng.normal(0, bound, outputs)"},
        {BIAS: "rng.normal(0, bound / np.sqrt(3), outputs)"},
    ),
    Mistake(
        "positive numbers only",
        "Both signs are needed: the numbers should reach down to −1/√I.",
        *(
            edit
            for low, high in (("0", "bound"), ("0", "2 * bound"), ("0", "1"))
            for edit in (
                {
                    WEIGHT: f"rng.uniform({low}, {high}, (inputs, outputs))",
                    BIAS: f"rng.uniform({low}, {high}, outputs)",
                },
                {WEIGHT: f"rng.uniform({low}, {high}, (inputs, outputs))"},
                {BIAS: f"rng.uniform({low}, {high}, outputs)"},
            )
        ),
    ),
    Mistake(
        "negative numbers only",
        "Both signs are needed: the numbers should reach up to 1/√I.",
        {
            WEIGHT: "rng.uniform(-bound, 0, (inputs, outputs))",
            BIAS: "rng.uniform(-bound, 0, outputs)",
        },
        {BIAS: "rng.uniform(-bound, 0, outputs)"},
        {BIAS: "rng.uniform(-2 * bound, 0, outputs)"},
    ),
    Mistake(
        "bias left at zero",
        "In the paper, biases are drawn like weights.",
        {BIAS: "np.zeros(outputs)"},
    ),
    Mistake(
        "bias constant",
        "In the paper, each bias is drawn separately, like a weight.",
        {BIAS: "np.ones(outputs)"},
        {BIAS: "np.full(outputs, bound)"},
        {BIAS: "np.full(outputs, 0.01)"},
        {BIAS: "np.full(outputs, rng.uniform(-bound, bound))"},
    ),
    Mistake(
        "transposed",
        "weight should be (I, O): a row for each input, a column for each output.",
        {"(inputs, outputs))": "(outputs, inputs))"},
    ),
    Mistake(
        "bias of another shape",
        "bias should be (O,): one number for each output, in one axis.",
        {"bound, outputs)": "bound, inputs)"},
        {"bound, outputs)": "bound, outputs + 1)"},
        {"bound, outputs)": "bound, 1)"},
    ),
    Mistake(
        "bias copied from the weights",
        "A bias made of weights is not independent of them. Draw new numbers.",
        {BIAS: "weight[0]"},
        {BIAS: "weight[-1]"},
        {BIAS: "-weight[0]"},
        {BIAS: "weight.mean(axis=0)"},
        {BIAS: "weight.sum(axis=0)"},
    ),
    Mistake(
        "one row or column repeated",
        "Each weight should be a separate random number. Draw (I, O) numbers.",
        {WEIGHT: "np.tile(rng.uniform(-bound, bound, outputs), (inputs, 1))"},
        {WEIGHT: "np.tile(rng.uniform(-bound, bound, (inputs, 1)), (1, outputs))"},
    ),
    Mistake(
        "whole numbers",
        "Between −1/√I and 1/√I, 0 is the only whole number. Keep the fractions.",
        {WEIGHT: "rng.integers(-1, 2, (inputs, outputs)) * bound"},
    ),
    Mistake(
        "the same numbers at every call",
        "Draw from the rng that is passed in, so that each layer starts differently.",
        *(
            {"    bound =": f"    rng = np.random.default_rng({seed})\n    bound ="}
            for seed in (0, 42)
        ),
        {BIAS: "np.random.default_rng(0).uniform(-bound, bound, outputs)"},
        {WEIGHT: "np.random.default_rng(0).uniform(-bound, bound, (inputs, outputs))"},
    ),
    Mistake(
        "another source of randomness",
        "",
        {"    bound =": "    rng = np.random.default_rng()\n    bound ="},
        {BIAS: "np.random.default_rng().uniform(-bound, bound, outputs)"},
        {WEIGHT: "np.random.default_rng().uniform(-bound, bound, (inputs, outputs))"},
    ),
)
