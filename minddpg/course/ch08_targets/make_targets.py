"""Exercise 08.2, retired: make the targets as copies of the networks' parameters."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, InvalidAnswer, Mistake, Observed, array, call, exercise

SOLUTION = """
def make_targets(parameters):
    targets = [parameter.copy() for parameter in parameters]
    return targets
"""

COPIES = "[parameter.copy() for parameter in parameters]"

MISTAKES = (
    Mistake(
        "aliasing",
        "You returned the list that you were given, so target and network are the same.",
        {COPIES: "parameters"},
    ),
    Mistake(
        "shallow copy",
        "The list is new, but the arrays in it are the old ones, or views of them. Copy each"
        " array.",
        {COPIES: "list(parameters)"},
        {"parameter.copy()": "parameter[:]"},
        {"parameter.copy()": "list(parameter)"},
    ),
    Mistake(
        "some arrays are not copied",
        "Copy every array of the list: some are still the network's own arrays.",
        {COPIES: "[parameters[0].copy(), *parameters[1:]]"},
        {COPIES: "[*(parameter.copy() for parameter in parameters[:-1]), parameters[-1]]"},
    ),
    Mistake(
        "lists instead of arrays",
        "Return arrays. A list of numbers cannot be updated by target += ... .",
        {"parameter.copy()": "parameter.tolist()"},
    ),
    Mistake(
        "another type of numbers",
        "The copies have another dtype than the parameters, so their numbers are not exactly the"
        " same.",
        {"parameter.copy()": "parameter.astype(np.float32)"},
        {"parameter.copy()": "parameter.astype(np.float64)"},
        {"parameter.copy()": "parameter.astype(np.float16)"},
    ),
    Mistake(
        "rounded to whole numbers",
        "The copies are integers, so the digits after the point are lost.",
        {"parameter.copy()": "parameter.astype(int)"},
    ),
    Mistake(
        "read-only",
        "These arrays are read-only, but every update has to write into the targets.",
        {"parameter.copy()": "np.broadcast_to(parameter.copy(), parameter.shape)"},
    ),
    Mistake(
        "network changed",
        "You changed the list or the arrays that you were given. Only read them.",
        {COPIES: f"{COPIES}\n    for parameter in parameters:\n        parameter *= 0"},
        {COPIES: f"{COPIES}\n    parameters.clear()"},
        {
            f"targets = {COPIES}": f"parameters.extend({COPIES})",
            "return targets": "return parameters",
        },
    ),
    Mistake(
        "nothing but zeros",
        "The shapes are right, but the numbers are all 0. Both networks have to start equal.",
        {"parameter.copy()": "np.zeros_like(parameter)"},
    ),
    Mistake(
        "initialised anew",
        "The shapes are right, but the numbers are different. Both networks have to start equal.",
        {"parameter.copy()": "np.random.default_rng(0).standard_normal(parameter.shape)"},
    ),
    Mistake(
        "other numbers",
        "The shapes are right, but the numbers are not those of the network.",
        {"parameter.copy()": "0.001 * parameter"},
    ),
    Mistake(
        "not exactly the same numbers",
        "The copies are close to the parameters, but not equal to them.",
        {"parameter.copy()": "np.round(parameter, 3)"},
    ),
    Mistake(
        "flattened",
        "The numbers are right, but not in the shapes of the network.",
        {"parameter.copy()": "parameter.flatten()"},
        {COPIES: "[np.concatenate([parameter.ravel() for parameter in parameters])]"},
    ),
    Mistake(
        "flattened and not copied",
        "You returned flat views of the network's arrays. Return copies in the same shapes.",
        {"parameter.copy()": "parameter.reshape(-1)"},
    ),
    Mistake(
        "transposed", "Rows and columns are swapped.", {"parameter.copy()": "parameter.T.copy()"}
    ),
    Mistake(
        "each array in its own list",
        "Return a list of arrays, not a list of lists with one array in each.",
        {"parameter.copy()": "[parameter.copy()]"},
    ),
    Mistake(
        "an axis too many",
        "The numbers are right, but some arrays have an axis of length 1 too many.",
        {"parameter.copy()": "np.atleast_2d(parameter).copy()"},
        {"parameter.copy()": "parameter.copy()[None]"},
        {"parameter.copy()": "parameter.reshape(len(parameter), -1).copy()"},
    ),
    Mistake(
        "axis of length 1 lost",
        "squeeze removes every axis of length 1. The copies keep the shapes of the network.",
        {"parameter.copy()": "parameter.squeeze().copy()"},
    ),
    Mistake(
        "parameters returned as well",
        "Return the copies alone.",
        {"parameter.copy()": "(parameter, parameter.copy())"},
        {"parameter.copy()": "(parameter.copy(), parameter)"},
    ),
    Mistake(
        "rows instead of arrays",
        "Append the array as a whole: extend and + take it apart.",
        {COPIES: "[row for parameter in parameters for row in parameter.copy()]"},
    ),
    Mistake(
        "one number instead of an array",
        "Each array needs a copy with all its entries.",
        {"parameter.copy()": "parameter.mean()"},
        {"parameter.copy()": "parameter.sum()"},
    ),
    Mistake(
        "shapes instead of arrays",
        "Return arrays of these shapes, with the numbers of the network.",
        {"parameter.copy()": "parameter.shape"},
    ),
    Mistake(
        "the given list returned",
        "You put the copies into the list that you were given. Leave it as it is.",
        {f"targets = {COPIES}": f"parameters[:] = {COPIES}", "return targets": "return parameters"},
    ),
)


@exercise(
    "08.2",
    "Targets start as copies",
    BEHAVIOUR,
    retired=True,  # 10.1 compares the targets of a whole agent
    stub='''
def make_targets(parameters):
    """Return a list of arrays: copies of those in the list `parameters`, in their order."""
    targets = None
    return targets
''',
    statement="""Before the first update, θ' equals θ. Return the same numbers in the same shapes,
    but in new arrays: a change of the network must not change its target.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your targets with the parameters that they copy",
    difficulty=1,
    minutes=5,
    hints=("`list(parameters)` and `parameters[:]` are new lists that hold the *same* arrays.",),
    cases=(
        {"shapes": ((3, 5), (5,), (5, 2)), "dtype": "float64"},
        {
            "shapes": ((7,), (7, 4), (4,), (4, 1), (2,), (2, 3), (6,), (1, 3), (9,)),
            "dtype": "float32",
        },
    ),
)
def check_make_targets(
    make_targets: Any, shapes: Sequence[tuple[int, ...]], dtype: str
) -> dict[str, Any]:
    """Check make_targets."""
    parameters = [sample_array(*shape, seed=i).astype(dtype) for i, shape in enumerate(shapes)]
    given, before = list(parameters), [parameter.copy() for parameter in parameters]
    targets = call(make_targets, given, changes=(0,))
    if not isinstance(targets, (list, tuple)):
        raise InvalidAnswer(f"make_targets should return a list, not {type(targets).__name__}.")
    copies = _copies(targets)
    if targets is not given:
        _check_places(copies, before)
    is_unchanged = len(given) == len(before) and all(map(np.array_equal, given, before))
    others = call(make_targets, [parameter + 1 for parameter in parameters], changes=(0,))
    if any(target is other for target, other in product(targets, others)):
        raise InvalidAnswer(
            "make_targets returned the same arrays for two networks.", "results share memory"
        )
    for parameter in parameters:  # the network learns
        parameter += 1
    stay = sum(map(np.array_equal, _copies(targets), copies))
    found = [part.shape for part in copies]
    types = [str(part.dtype) for part in copies]
    arrays = [part for part in targets if isinstance(part, np.ndarray)]
    flat, expected = (np.concatenate([[], *(x.ravel() for x in some)]) for some in (copies, before))
    return {
        "a new list": targets is not given,
        "as many arrays": len(copies),
        "the same shapes": Observed(
            found == list(shapes), message=f"your shapes are {found}, they should be {list(shapes)}"
        ),
        "entries in all": flat.size,
        "entries of the first array": sum(x.size for x in copies[:1]),
        "axes in all": sum(x.ndim for x in copies),
        "about the same numbers": flat.shape == expected.shape
        and np.allclose(flat, expected, rtol=0.01, atol=0.01),
        "exactly the same numbers": np.array_equal(flat, expected),
        "numbers other than 0": bool(flat.any()),
        "arrays of NumPy": len(arrays) == len(targets),
        "the same type of numbers": Observed(
            all(kind == dtype for kind in types),
            message=f"your types are {types}, the parameters have {dtype}",
        ),
        "arrays that can be changed": all(part.flags.writeable for part in arrays),
        "targets that stay when the network moves": stay,
        "parameters as they were": is_unchanged,
    }


def _check_places(copies: Sequence[Array], parameters: Sequence[Array]) -> None:
    """Raise InvalidAnswer if all copies are correct, but some are missing or in wrong places."""
    places = [
        [i for i, parameter in enumerate(parameters) if np.array_equal(copied, parameter)]
        for copied in copies
    ]
    found = [i for indices in places for i in indices]
    wanted = list(range(len(parameters)))
    if found == wanted or not all(places):
        return
    if sorted(found) == wanted:
        raise InvalidAnswer(
            "Return the copies in the order of the parameters.", "arrays in another order"
        )
    if len(set(found)) < len(found):
        raise InvalidAnswer(
            "Each array of the list needs one copy. Some have several.",
            "an array in several places",
        )
    raise InvalidAnswer(
        f"Each array of the list needs a copy. You returned {len(copies)} of {len(parameters)}.",
        "arrays left out",
    )


def _copies(targets: Sequence[Any]) -> list[Array]:
    return [array(part, "make_targets should return arrays: one of them") for part in targets]
