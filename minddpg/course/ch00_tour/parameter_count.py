"""Exercise 00.2: the size of a network.

I inputs, O outputs.
"""

from typing import Any

from ..engine import PROPERTY, Mistake, array, call, exercise

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
        "That is the number of units. The learned numbers lie between them: I × O weights in each"
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
        "k sizes make k − 1 layers; your loop ends one layer too early.",
        {"len(sizes) - 1": "len(sizes) - 2"},
    ),
)


@exercise(
    "00.2",
    "The size of a network",
    PROPERTY,
    stub='''
def parameter_count(sizes):
    """Return how many numbers a network with these layer sizes has to learn, an int.

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
    hints=("Four sizes make three layers. Layer k leads from `sizes[k]` to `sizes[k + 1]`.",),
)
def check_parameter_count(parameter_count: Any) -> dict[str, Any]:
    """Check parameter_count."""
    wanted = "parameter_count should return a number: it"
    networks = ((5, 3), (4, 6, 2), (3, 400, 300, 1))
    return {str(sizes): array(call(parameter_count, sizes), wanted) for sizes in networks}
