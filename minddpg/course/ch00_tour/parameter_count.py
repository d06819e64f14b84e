"""Exercise 00.2: the size of a network.

I inputs, O outputs.
"""

from typing import Any

from ..engine import PROPERTY, Mistake, Observed, array, call, exercise

EXACT = 1e-9  # relative tolerance; an error of 1 in any of the counts is larger

SOLUTION = """
def parameter_count(sizes):
    count = 0
    for k in range(len(sizes) - 1):
        count += sizes[k] * sizes[k + 1] + sizes[k + 1]
    return count
"""

MISTAKES = (
    Mistake(
        "biases forgotten",
        "These are the weights alone. Each output has a bias too.",
        {" + sizes[k + 1]": ""},
    ),
    Mistake(
        "bias of the last layer forgotten",
        "The last layer has biases like any other.",
        {"return count": "return count - sizes[-1]"},
    ),
    Mistake(
        "bias of the first layer forgotten",
        "The first layer has biases like any other.",
        {"return count": "return count - sizes[1]"},
    ),
    Mistake(
        "biases counted twice",
        "Each output has one bias.",
        {" + sizes[k + 1]": " + 2 * sizes[k + 1]"},
    ),
    Mistake(
        "a bias unit among the outputs, too",
        "An additional input that is always 1 gives the biases: (I + 1) × O. The outputs need no"
        " additional unit.",
        {"sizes[k] * sizes[k + 1] + sizes[k + 1]": "(sizes[k] + 1) * (sizes[k + 1] + 1)"},
    ),
    Mistake(
        "input's units counted as biases",
        "The input is given, not computed, so no bias is added to it.",
        {"count = 0": "count = sizes[0]"},
    ),
    Mistake(
        "a bias for each input instead of each output",
        "A bias is added to each of the O outputs of a layer, so there are O of them.",
        {" + sizes[k + 1]": " + sizes[k]"},
    ),
    Mistake("one bias per layer", "Each output has its own bias.", {" + sizes[k + 1]": " + 1"}),
    Mistake(
        "units counted instead of weights",
        "That is the number of units. The learned numbers connect the units: I × O weights in each"
        " layer.",
        {"return count": "return sum(sizes)"},
    ),
    Mistake(
        "weights forgotten",
        "These are the biases alone. A layer also has I × O weights.",
        {"sizes[k] * sizes[k + 1] + ": ""},
    ),
    Mistake(
        "not summed over the layers",
        "The counts of the layers are right. Return one number, their sum.",
        {
            "count = 0": "count = []",
            "+= sizes[k] * sizes[k + 1] + sizes[k + 1]": (
                "+= [sizes[k] * sizes[k + 1] + sizes[k + 1]]"
            ),
        },
    ),
    Mistake(
        "last layer forgotten",
        "k sizes make k − 1 layers, but the last of them is not counted.",
        {"len(sizes) - 1": "len(sizes) - 2"},
    ),
    Mistake(
        "first layer forgotten",
        "The first layer leads from sizes[0] to sizes[1], so k begins at 0.",
        {"range(len(sizes) - 1)": "range(1, len(sizes) - 1)"},
    ),
    Mistake(
        "only the first layer counted",
        "A return inside the loop ends it after the first layer. Return after the loop.",
        {"    return count": "        return count"},
    ),
    Mistake(
        "only the last layer counted",
        "Each layer replaces the count of those before it. Add with += instead of =.",
        {"+=": "="},
    ),
    Mistake(
        "every second layer left out",
        "Every size except the first and the last is used in two layers: as the outputs of one and"
        " as the inputs of the next. Advance by one size, not by two.",
        {"range(len(sizes) - 1)": "range(0, len(sizes) - 1, 2)"},
    ),
    Mistake(
        "only the largest layer counted",
        "Add the counts of all layers.",
        {
            "count += sizes[k] * sizes[k + 1] + sizes[k + 1]": (
                "count = max(count, sizes[k] * sizes[k + 1] + sizes[k + 1])"
            )
        },
    ),
    Mistake(
        "number of layers added",
        "Only weights and biases are counted: I × O + O for each layer, and nothing more.",
        {"return count": "return count + len(sizes)"},
        {"return count": "return count + len(sizes) - 1"},
    ),
    Mistake(
        "nothing counted", "Your count is 0 whatever the sizes are.", {"return count": "return 0"}
    ),
    Mistake(
        "not counted from 0",
        "Before the first layer nothing is counted: begin with 0.",
        {"count = 0": "count = 1"},
        {"count = 0": "count = -1"},
    ),
    Mistake(
        "biases multiplied instead of added",
        "The O biases are added to the I × O weights: I × O + O.",
        {" + sizes[k + 1]": " * sizes[k + 1]"},
    ),
    Mistake(
        "biases subtracted",
        "Biases are learned too, so they add to the count.",
        {" + sizes[k + 1]": " - sizes[k + 1]"},
    ),
    Mistake(
        "units added instead of multiplied",
        "Each of the I inputs has a weight to each of the O outputs. That makes I × O weights, not"
        " I + O. If you meant (I + 1) × O, it needs its brackets.",
        {"sizes[k] * sizes[k + 1]": "sizes[k] + sizes[k + 1]"},
        {"sizes[k] * sizes[k + 1] + sizes[k + 1]": "sizes[k] + sizes[k + 1]"},
    ),
    Mistake(
        "a layer's inputs multiplied by themselves",
        "The weights lead from sizes[k] to sizes[k + 1], so their number is the product of the"
        " two.",
        {"sizes[k] * sizes[k + 1]": "sizes[k] * sizes[k]"},
    ),
    Mistake(
        "a layer's outputs multiplied by themselves",
        "The weights lead from sizes[k] to sizes[k + 1], so their number is the product of the"
        " two.",
        {"sizes[k] * sizes[k + 1]": "sizes[k + 1] * sizes[k + 1]"},
    ),
    Mistake(
        "biases for inputs and outputs",
        "A bias is added to each output of a layer. Its inputs have no biases.",
        {" + sizes[k + 1]": " + sizes[k + 1] + sizes[k]"},
    ),
    Mistake(
        "all biases counted in every layer",
        "The biases of the whole network are added once for each layer. Add only those of layer k.",
        {" + sizes[k + 1]": " + sum(sizes[1:])"},
    ),
    Mistake(
        "a layer from the last size to the first",
        "sizes[-1] is the last size. Where k − 1 is −1, you counted weights from the outputs back"
        " to the inputs.",
        {
            "range(len(sizes) - 1)": "range(len(sizes))",
            "sizes[k] * sizes[k + 1] + sizes[k + 1]": "sizes[k - 1] * sizes[k] + sizes[k]",
        },
    ),
    Mistake(
        "weights between layers that are not neighbours",
        "Only neighbouring layers are connected. Multiply neighbours, and add the products.",
        {"sizes[k] * sizes[k + 1]": "sizes[k] * sum(sizes[k + 1 :])"},
        {"sizes[k] * sizes[k + 1]": "sizes[k] * sum(sizes[1:])"},
        {"return count": "return int(np.prod(sizes))"},
        {"return count": "return int(np.prod(sizes)) + sum(sizes[1:])"},
        {"return count": "return sizes[0] * sizes[-1] + sizes[-1]"},
        {"return count": "return sum((a + 1) * b for a, b in zip(sizes, sizes[2:]))"},
    ),
)


@exercise(
    "00.2",
    "The size of a network",
    PROPERTY,
    stub='''
def parameter_count(sizes):
    """Return the number of parameters of a network with these layer sizes, an int.

    sizes are (I, hidden..., O), as in (3, 400, 300, 1).
    """
    count = None
    return count
''',
    statement="""Count the weights and biases of a network of linear layers. A layer from I inputs
    to O outputs has a weight for each pair of them, and a bias for each output.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your count with the number of weights and biases",
    difficulty=1,
    minutes=5,
    cases=(
        {"networks": ((5, 3), (4, 6, 2), (3, 9, 7, 1))},
        {"networks": ((1, 8), (7, 5, 11), (3, 400, 300, 2), (2, 13, 10, 6, 4))},
    ),
    equivalents={
        "return count → return np.float32(count)": "exact for these counts",
        "return count → return np.int64(count)": "an int as well",
    },
    hints=("Four sizes make three layers. Layer k leads from `sizes[k]` to `sizes[k + 1]`.",),
)
def check_parameter_count(
    parameter_count: Any, networks: tuple[tuple[int, ...], ...]
) -> dict[str, Any]:
    """Check parameter_count."""
    wanted = "parameter_count should return a number: it"
    counts = {sizes: array(call(parameter_count, sizes), wanted) for sizes in networks}
    return {str(sizes): Observed(count.astype(float), EXACT) for sizes, count in counts.items()}
