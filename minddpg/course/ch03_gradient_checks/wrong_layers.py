"""Exercise 03.5: find the layer whose gradient is wrong."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, InvalidAnswer, NotAttempted, Observed, call, exercise
from .wrong_layers_mistakes import ALONG, MISTAKES

SOLUTION = """
def wrong_layers(f, parameters, grads, rng):
    h, tolerance = 1e-6, 1e-6
    wrong = []
    for i, grad in enumerate(grads):
        along = rng.standard_normal(grad.shape)
        ahead, behind = list(parameters), list(parameters)
        ahead[i] = parameters[i] + h * along
        behind[i] = parameters[i] - h * along
        numerical = (f(ahead) - f(behind)) / (2 * h)
        error = abs(np.sum(grad * along) - numerical)
        if not error <= tolerance * abs(numerical):
            wrong.append(i)
    return wrong
"""
MUTANT = "h, tolerance = {}"
SIZES = ((4, 9), (9,), (9, 5), (5,), (5, 1), (1,))  # weights and biases of three layers
Loss = Callable[[Sequence[Array]], Any]
Changes = dict[str, dict[int, Array]]  # name of a mistake: the wrong gradients by their index


@exercise(
    "03.5",
    "Which layer is wrong?",
    BEHAVIOUR,
    stub='''
def wrong_layers(f, parameters, grads, rng):
    """Return a list: the indices i for which grads[i] is not the gradient of f by parameters[i].

    f takes a list of arrays like parameters and returns a number. Call it twice per array, along
    one random direction from rng, a np.random.Generator. The tolerance is 1e-6.
    A gradient with NaN is wrong. Where f is flat, zeros are correct.
    """
    wrong = None
    return wrong
''',
    statement="""A network has many arrays of parameters, too large to check every entry. Find the
    arrays whose gradients are wrong, with two calls of f per array, however large the array is.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="the arrays that you call wrong with those that are",
    difficulty=2,
    minutes=10,
    cases=({"seed": 0}, {"seed": 6}),
    equivalents={
        **{
            f"{MUTANT.format('(1e-06, 1e-06)')} → {MUTANT.format(pair)}": "as exact"
            for pair in (
                "(2e-06, 1e-06)",
                "(5e-07, 1e-06)",
                "(1e-05, 1e-06)",
                "(1e-06, 2e-06)",
                "(1e-06, 5e-07)",
            )
        },
        f"{MUTANT.format('(1e-06, 1e-06)')} → tolerance, h = (1e-06, 1e-06)": "both are 1e-6",
        "ahead, behind = (list(parameters), list(parameters)) → behind, ahead = (list(parameters),"
        " list(parameters))": "two copies of one list",
        **{
            f"{ALONG} → along = rng.{other}(grad.shape)": "a random direction, too"
            for other in ("random", "standard_exponential")
        },
    },
    hints=(
        "Move one array at a time. `ahead = list(parameters)` copies the list, so that"
        " `ahead[i] = parameters[i] + h * along` leaves `parameters` as it is.",
        r"The slope along $e$ is one number on both sides: numerically"
        r" $(f(x + he) - f(x - he))/2h$, and from your gradient $\sum g \cdot e$ over all entries.",
    ),
)
def check_wrong_layers(wrong_layers: Any, seed: int) -> dict[str, Any]:
    """Check wrong_layers."""
    parameters = [0.7 * sample_array(*size, seed=seed + i) for i, size in enumerate(SIZES)]
    x, target = sample_array(6, 4, seed=seed), sample_array(6, 1, seed=seed + 1)

    def f(arrays: Sequence[Array]) -> Any:
        return _loss(arrays, x, target)

    correct = _gradients(parameters, x, target)

    def observe(changes: Changes, loss: Loss = f, scale: float = 1) -> Observed:
        verdicts, told = [], []
        for name, changed in changes.items():
            grads = [changed.get(i, scale * grad) for i, grad in enumerate(correct)]
            wrong = _judged(wrong_layers, loss, parameters, grads, seed)
            verdicts.append([i in wrong for i in range(len(grads))])
            if set(wrong) != set(changed):
                told.append(f"{name}: {[*changed]} are wrong, you returned {[*wrong]}")
        return Observed(np.array(verdicts), message="; ".join(told))

    first, middle = correct[0], correct[2]
    return {
        "correct gradients": observe({"correct gradients": {}}),
        "one array twice too large": observe(
            {f"array {i} doubled": {i: 2 * grad} for i, grad in enumerate(correct)}
        ),
        "other mistakes": observe(
            {
                "two signs flipped": {1: -correct[1], 4: -correct[4]},
                "5e-6 too large": {2: (1 + 5e-6) * middle},
                "entries in another order": {0: first[::-1, ::-1]},
                "errors that cancel": {2: middle + _cancelling(middle)},
                "nothing but zeros": {4: 0 * correct[4]},
            }
        ),
        "NaN": observe({"NaN": {3: np.full(5, np.nan)}}),
        "f large": observe(
            {"correct gradients": {}, "array 1 doubled": {1: 2e9 * correct[1]}},
            lambda each: 1e9 * f(each),
            1e9,
        ),
        "f small": observe(
            {"correct gradients": {}, "array 1 doubled": {1: 2e-9 * correct[1]}},
            lambda each: 1e-9 * f(each),
            1e-9,
        ),
        "f flat": observe({"correct gradients": {}}, lambda each: 3.0, 0),
    } | _calls(wrong_layers, f, parameters, correct, seed)


def _judged(
    wrong_layers: Any, f: Loss, parameters: list[Array], grads: list[Array], seed: int
) -> list[int]:
    """Return the indices that wrong_layers returned."""
    rng = np.random.default_rng(seed)
    answer = call(wrong_layers, f, parameters, grads, rng, changes=(3,))
    wanted = "wrong_layers should return a list of indices, such as [1, 4]"
    if answer is None:
        raise NotAttempted(f"{wanted}; it returned None.")
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if not isinstance(answer, (list, tuple, set)):
        raise InvalidAnswer(f"{wanted}, but it returned {answer!r}.")
    if any(isinstance(i, (bool, np.bool_)) for i in answer):
        raise InvalidAnswer(f"{wanted}, but it returned truth values.", "truth values returned")
    if any(i not in range(len(grads)) for i in answer):
        raise InvalidAnswer(f"{wanted}; there are {len(grads)} arrays, from 0 on: {answer!r}.")
    return [int(i) for i in answer]


def _calls(
    wrong_layers: Any, f: Loss, parameters: list[Array], grads: list[Array], seed: int
) -> dict[str, Any]:
    """Observe how often f is called, and along which directions."""

    def steps(seed: int) -> list[list[Array]]:
        """Return by how much each call of f moves each array."""
        moved: list[list[Array]] = []

        def watched(arrays: Sequence[Array]) -> Any:
            pairs = zip(arrays, parameters, strict=True)
            moved.append([np.real(a) - p + np.imag(a) for a, p in pairs])  # real or imaginary
            return f(arrays)

        _judged(wrong_layers, watched, parameters, grads, seed)
        return moved

    first, again, other = steps(seed), steps(seed), steps(seed + 1)
    large, others = _of_matrices(first), _of_matrices(other)
    return {
        "two calls of f for each array": Observed(
            len(first) == 2 * len(grads), message=f"{len(first)} calls for {len(grads)} arrays"
        ),
        "never more than one array moves": all(sum(map(np.any, each)) < 2 for each in first),
        "an array moves at every call": all(any(map(np.any, each)) for each in first),
        "every entry moves, each by its own": all(map(_is_varied, large)),
        "the direction comes from rng": bool(large)
        and all(map(np.array_equal, _flat(first), _flat(again)))
        and not any(map(np.array_equal, large, others)),
    }


def _is_varied(step: Array) -> bool:
    """Return whether all entries move, and neither all rows nor all columns are alike."""
    least = 0.01 * np.abs(step).max()  # more than rounding
    return bool(step.all()) and all(np.ptp(step, axis).max() > least for axis in (0, 1))


def _of_matrices(steps: list[list[Array]]) -> list[Array]:
    """Return the steps of arrays with several rows and columns, where they are not 0."""
    return [step for step in _flat(steps) if step.any() and step.ndim == 2 and step.shape[1] > 1]


def _flat(steps: list[list[Array]]) -> list[Array]:
    return [step for each in steps for step in each]


def _loss(arrays: Sequence[Array], x: Array, target: Array) -> Any:
    w1, b1, w2, b2, w3, b3 = arrays
    y = np.tanh(np.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3
    return np.mean((y - target) ** 2)


def _gradients(arrays: Sequence[Array], x: Array, target: Array) -> list[Array]:
    w1, b1, w2, b2, w3, b3 = arrays
    first = np.tanh(x @ w1 + b1)
    second = np.tanh(first @ w2 + b2)
    grad3 = 2 / len(x) * (second @ w3 + b3 - target)
    grad2 = grad3 @ w3.T * (1 - second**2)
    grad1 = grad2 @ w2.T * (1 - first**2)
    pairs = ((x, grad1), (first, grad2), (second, grad3))
    return [each for x, grad in pairs for each in (x.T @ grad, grad.sum(axis=0))]


def _cancelling(grad: Array) -> Array:
    """Return errors whose sum is 0."""
    error = np.cos(3.0 * np.arange(grad.size))
    error = (error - error.mean()).reshape(grad.shape)
    cancelling: Array = np.linalg.norm(grad) * error
    return cancelling
