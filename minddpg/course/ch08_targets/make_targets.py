"""Exercise 08.2: targets start as copies."""

from typing import Any

import numpy as np

from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, array, call, exercise

SHAPES = ((3, 5), (5,), (5, 2))

SOLUTION = """
def make_targets(parameters):
    targets = [parameter.copy() for parameter in parameters]
    return targets
"""

COPIES = "[parameter.copy() for parameter in parameters]"

MISTAKES = (
    Mistake(
        "aliasing",
        "You returned the very list that you were given, so target and network are the same.",
        {COPIES: "parameters"},
    ),
    Mistake(
        "shallow copy",
        "The list is new, but the arrays in it are the old ones, or views of them. Copy each"
        " array.",
        {COPIES: "list(parameters)"},
        {"parameter.copy()": "parameter[:]"},
    ),
    Mistake(
        "nothing but zeros",
        "The shapes are right, but the numbers are all 0. Both networks have to start alike.",
        {"parameter.copy()": "np.zeros_like(parameter)"},
    ),
    Mistake(
        "initialised anew",
        "The shapes are right, but the numbers are different. Both networks have to start alike.",
        {"parameter.copy()": "np.random.default_rng(0).standard_normal(parameter.shape)"},
    ),
    Mistake(
        "flattened",
        "The numbers are right, but not in the shapes of the network.",
        {"parameter.copy()": "parameter.flatten()"},
        {COPIES: "[np.concatenate([parameter.ravel() for parameter in parameters])]"},
    ),
    Mistake(
        "one array only",
        "Every array of the list needs a copy.",
        {COPIES: "[parameters[0].copy()]"},
    ),
)


@exercise(
    "08.2",
    "Targets start as copies",
    BEHAVIOUR,
    stub='''
def make_targets(parameters):
    """Return a list of arrays: copies of those in the list `parameters`, in their order."""
    targets = None
    return targets
''',
    statement="""Before the first update, θ' equals θ. Return the same numbers in the same shapes,
    but in new arrays: what moves the network must not move its target.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your targets with the parameters they were made of",
    difficulty=1,
    minutes=5,
    hints=("`list(parameters)` and `parameters[:]` are new lists that hold the *same* arrays.",),
)
def check_make_targets(make_targets: Any) -> dict[str, Any]:
    """Check make_targets."""
    parameters = [sample_array(*shape) for shape in SHAPES]
    before = [parameter.copy() for parameter in parameters]
    targets = call(make_targets, parameters, changes=(0,))
    if not isinstance(targets, (list, tuple)):
        raise InvalidAnswer(f"make_targets should return a list, not {type(targets).__name__}.")
    copies = [array(part, "make_targets should return arrays: one of them") for part in targets]
    is_new = targets is not parameters
    shared = any(
        isinstance(target, np.ndarray) and np.shares_memory(target, parameter)
        for target in targets
        for parameter in parameters
    )
    numbers, expected = (
        np.concatenate([np.zeros(0), *(x.ravel() for x in some)]) for some in (copies, before)
    )
    shapes = [part.shape for part in copies]
    return {
        "a new list": is_new,
        "as many arrays": len(copies),
        "the same shapes": Observed(
            shapes == list(SHAPES),
            message=f"your shapes are {shapes}, they should be {list(SHAPES)}",
        ),
        "the same numbers": numbers.shape == expected.shape
        and np.allclose(numbers, expected, 1e-5),
        "numbers other than 0": numbers.any(),
        "no shared memory": not shared,
        "parameters as they were": all(map(np.array_equal, parameters, before)),
    }
