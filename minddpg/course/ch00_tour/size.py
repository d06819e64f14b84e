"""Chapter 00, before you begin: the size of a network.

I inputs, O outputs.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from ..engine.submission import array, call


def parameter_count(sizes: Sequence[int]) -> int:
    return sum(i * o + o for i, o in pairwise(sizes))


def _count(layer: Callable[[int, int], int], plus: Callable[[Sequence[int]], int]) -> Any:
    """Count layer by layer, and add something that depends on all sizes."""
    return lambda sizes: sum(layer(i, o) for i, o in pairwise(sizes)) + plus(sizes)


@exercise(
    "00.2",
    "The size of a network",
    PROPERTY,
    stub='''
def parameter_count(sizes):
    """Return how many numbers a network of these layer sizes has to learn, an int.

    sizes are (I, hidden..., O), as in (3, 400, 300, 1).
    """
    count = None
    return count
''',
    statement="""Count the weights and biases of a network of linear layers. A layer from I inputs
    to O outputs has a weight for each pair of them, and a bias for each output.""",
    reference=(parameter_count,),
    rows=(
        Row(
            "biases forgotten",
            (_count(lambda i, o: i * o, lambda sizes: 0),),
            "These are the weights alone. Each output has a bias too.",
        ),
        Row(
            "bias of the last layer forgotten",
            (_count(lambda i, o: i * o + o, lambda sizes: -sizes[-1]),),
            "The last layer has biases like any other.",
        ),
        Row(
            "input's units counted as biases",
            (_count(lambda i, o: i * o + o, lambda sizes: sizes[0]),),
            "The input is given, not computed: no bias is added to it.",
        ),
        Row(
            "a bias for each input instead of each output",
            (_count(lambda i, o: i * o + i, lambda sizes: 0),),
            "A bias is added to what a layer puts out, so there are O.",
        ),
        Row(
            "one bias per layer",
            (_count(lambda i, o: i * o + 1, lambda sizes: 0),),
            "Each output has a bias of its own.",
        ),
        Row(
            "units counted instead of weights",
            (lambda sizes: sum(sizes),),
            "That is the number of units. What is learned sits between them: I × O weights a"
            " layer.",
        ),
        Row(
            "weights forgotten",
            (_count(lambda i, o: o, lambda sizes: 0),),
            "These are the biases alone. A layer also has I × O weights.",
        ),
        Row(
            "not summed over the layers",
            (lambda sizes: [i * o + o for i, o in pairwise(sizes)],),
            "The counts of the layers are right. One number is asked, their sum.",
        ),
        Row(
            "last layer forgotten",
            (lambda sizes: parameter_count(sizes[:-1]),),
            "k sizes make k − 1 layers, and the loop ended one too early.",
        ),
    ),
    compared="your count with the number of weights and biases",
)
def check_parameter_count(parameter_count: Any) -> dict[str, Any]:
    """Check parameter_count."""
    wanted = "parameter_count should return a number: it"
    every = ((5, 3), (4, 6, 2), (3, 400, 300, 1))
    return {str(sizes): array(call(parameter_count, sizes), wanted) for sizes in every}
