"""Chapter 08, target networks: how they start."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.observations import Observed
from ..engine.submission import InvalidAnswer, array, call

SHAPES = ((3, 5), (5,), (5, 2))


def make_targets(parameters: list[Array]) -> list[Array]:
    return [parameter.copy() for parameter in parameters]


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
    statement="""Before the first update, θ' is θ. The same numbers in the same shapes, but in
    memory of their own: what moves the network must not move its target.""",
    reference=(make_targets,),
    rows=(
        Row(
            "aliasing",
            (lambda parameters: parameters,),
            "You returned the very list that you were given: target and network are one.",
        ),
        *(
            Row(
                "shallow copy",
                (copied,),
                "The list is new, and the arrays in it are the old ones, or views of them. Copy"
                " each array.",
            )
            for copied in (list, lambda parameters: [p[:] for p in parameters])
        ),
        Row(
            "nothing but zeros",
            (lambda parameters: [0 * p for p in parameters],),
            "The shapes are right, and the numbers are all 0. Both networks have to start alike.",
        ),
        Row(
            "initialised anew",
            (lambda parameters: [sample_array(*p.shape, seed=9) for p in parameters],),
            "The shapes are right, but the numbers are others. Both networks have to start alike.",
        ),
        *(
            Row(
                "flattened", (flat,), "The numbers are right, but not in the shapes of the network."
            )
            for flat in (
                lambda parameters: [p.flatten() for p in parameters],
                lambda parameters: [np.concatenate([p.ravel() for p in parameters])],
            )
        ),
        Row(
            "one array only",
            (lambda parameters: [parameters[0].copy()],),
            "Every array of the list needs a copy.",
        ),
    ),
    compared="your targets with the parameters they were made of",
)
def check_make_targets(make_targets: Any) -> dict[str, Any]:
    """Check make_targets."""
    parameters = [sample_array(*shape) for shape in SHAPES]
    before = [parameter.copy() for parameter in parameters]
    targets = call(make_targets, parameters, changes=(0,))
    if not isinstance(targets, (list, tuple)):
        raise InvalidAnswer(f"make_targets should return a list, not {type(targets).__name__}.")
    found = [array(each, "make_targets should return arrays: one of them") for each in targets]
    own = targets is not parameters
    shared = any(
        isinstance(each, np.ndarray) and np.shares_memory(each, parameter)
        for each in targets
        for parameter in parameters
    )
    numbers, truth = (
        np.concatenate([np.zeros(0), *(x.ravel() for x in some)]) for some in (found, before)
    )
    shapes = [each.shape for each in found]
    return {
        "a list of its own": own,
        "as many arrays": len(found),
        "the same shapes": Observed(
            shapes == list(SHAPES), says=f"your shapes are {shapes}, they should be {list(SHAPES)}"
        ),
        "the same numbers": numbers.shape == truth.shape and np.allclose(numbers, truth, 1e-5),
        "numbers other than 0": numbers.any(),
        "memory of its own": not shared,
        "parameters as they were": all(map(np.array_equal, parameters, before)),
    }
