"""The correct and the wrong gradients that a checker of exercise 03.4 must judge.

Each name states a property of its gradient. Each group is a row of the verdict.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import InvalidAnswer, NotAttempted, Observed, array, call

STRICT, LOOSE = 1e-6, 1e-4  # tolerances
NEAR = 0.03  # mean distance between entries
TINY = 1e-10
VERDICTS = {"refused": 0, "accepted": 1}  # anything else is an error
STEEP = 200.0  # the curvature of a valley
AWAY = 3e-5  # distance from x to the nearest kinks
HIGH = 1000.0  # a value so large that its rounding shows in differences


class Judged(NamedTuple):
    """A gradient of f at a point, to be judged with a tolerance."""

    is_correct: bool
    f: Callable[[Array], Any]
    grad: Array
    tolerance: float


Group = dict[str, Judged]


def observe_verdicts(is_right: Any, shape: tuple[int, ...], seed: int) -> dict[str, Any]:
    """Observe is_right(f, x, grad, tolerance) for all gradients, each group in one array."""
    x, groups = _groups(shape, seed)
    found: dict[str, Any] = {}

    def judge(judged: Judged) -> bool:
        wanted = "is_right should return True or False: it"
        verdict = array(call(is_right, judged.f, x, judged.grad, judged.tolerance), wanted)
        if verdict.shape or verdict not in (0, 1):
            raise InvalidAnswer(f"{wanted} returned {verdict}.")
        return bool(verdict)

    for name, group in groups.items():
        verdicts = [judge(each) for each in group.values()]
        found[name] = Observed(np.array(verdicts), message=_told(group, verdicts))
    first = groups["correct gradients"]["f smooth"]
    others = first.grad.T, np.ones(x.size + 1)
    results = [_of_other_shape(judge, first._replace(grad=grad)) for grad in others]
    shapes = zip(others, results, strict=True)
    told = [f"grad {grad.shape}, x {x.shape}: {each}" for grad, each in shapes if each != "refused"]
    found["shapes that do not broadcast"] = Observed(
        [VERDICTS.get(each, 2) for each in results], message="; ".join(told)
    )
    distances: list[float] = []  # from x to where f was called
    judge(first._replace(f=_watched(first.f, x, distances)))
    is_near = min(distances, default=0.0) < NEAR
    found["f called near x"] = Observed(is_near, message="f was called, but never near x")
    return found


def _of_other_shape(judge: Callable[[Judged], bool], other: Judged) -> str:
    """Return the verdict on a gradient of another shape, or the error that it stopped with."""
    try:
        return "accepted" if judge(other) else "refused"
    except (InvalidAnswer, NotAttempted):
        raise
    except Exception as error:
        return f"{type(error).__name__} instead of False"


def _watched(f: Callable[[Array], Any], x: Array, distances: list[float]) -> Callable[[Array], Any]:
    """Return f; each call adds its mean distance from x."""

    def watched(y: Array) -> Any:
        if np.shape(y) == x.shape:
            distances.append(float(np.abs(np.real(y) - x).mean()))
        return f(y)

    return watched


def _told(group: Group, verdicts: list[bool]) -> str:
    """List the wrong gradients that were accepted, and the correct ones that were refused."""
    told: dict[str, list[str]] = {"accepted, though wrong": [], "refused, though correct": []}
    for (name, each), verdict in zip(group.items(), verdicts, strict=True):
        if verdict != each.is_correct:
            told["accepted, though wrong" if verdict else "refused, though correct"].append(name)
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in told.items() if names)


@lru_cache
def _groups(shape: tuple[int, ...], seed: int) -> tuple[Array, dict[str, Group]]:
    """Return a point, and the gradients there in groups; the last axis has two entries or more."""
    x, slope = sample_array(*shape, seed=seed), sample_array(*shape, seed=seed + 1)
    smooth, grad = _smooth(slope)
    one = np.zeros(shape)
    one.flat[0] = 0.5
    return x, {
        "correct gradients": _correct(x, slope),
        "tolerances": _close(x, slope),
        "wrong gradients": _wrong(x, smooth, grad(x)),
        "NaN": _undefined(smooth, grad(x)),
        "other shapes": _other_shapes(shape),
        "flat functions": {
            "zeros where f is flat": Judged(True, _flat, np.zeros(shape), LOOSE),
            "not zero where f is flat": Judged(False, _flat, grad(x), LOOSE),
            "1e-9 where f is flat": Judged(False, _flat, np.full(shape, 1e-9), LOOSE),
            "one entry not zero where f is flat": Judged(False, _flat, one, LOOSE),
            "entries that cancel where f is flat": Judged(False, _flat, one - one[::-1], LOOSE),
        },
    }


def _correct(x: Array, slope: Array) -> Group:
    smooth, grad = _smooth(slope)
    valley = x + 0.005 * slope  # the lowest point
    used = (np.arange(x.size) % 4 != 3).reshape(x.shape)
    kinks = x - AWAY * np.sign(slope)  # where slope > 0, x is above its kink
    curved = lambda x: np.vdot(slope, np.sin(20 * x))  # noqa: E731
    curved_grad = 20 * slope * np.cos(20 * x)
    almost_zero = grad(x * used) * used + 2.8e-17 * ~used
    return {
        "f smooth": Judged(True, smooth, grad(x), STRICT),
        "f strongly curved": Judged(True, curved, curved_grad, STRICT),
        "f strongly curved with tolerance 0.1": Judged(True, curved, curved_grad, 0.1),
        "f in a narrow valley": Judged(
            True,
            lambda x: HIGH + STEEP * np.sum(np.square(x - valley)) / 2,
            STEEP * (x - valley),
            STRICT,
        ),
        "an entry 0 but for rounding": Judged(True, lambda x: smooth(x * used), almost_zero, LOOSE),
        "f with kinks 3e-5 away": Judged(
            True, lambda x: np.vdot(slope, _relu(x - kinks)), slope * (slope > 0), STRICT
        ),
        "a tiny gradient": Judged(True, lambda x: TINY * smooth(x), TINY * grad(x), LOOSE),
        "f linear with tolerance 0.1": Judged(True, lambda x: np.vdot(slope, x), slope, 0.1),
        "a large gradient": Judged(True, lambda x: smooth(x) / TINY, grad(x) / TINY, STRICT),
    }


def _close(x: Array, slope: Array) -> Group:
    """Return gradients whose errors are a little above or a little below the tolerance."""
    smooth, derivative = _smooth(slope)
    grad = derivative(x)
    signs, alone = np.sign(slope), np.zeros(x.shape)
    alone.flat[-1] = np.sqrt(x.size)  # as long as all signs together
    size = np.linalg.norm(grad) / np.linalg.norm(alone)
    linear = lambda x: np.sum(signs * x)  # noqa: E731
    peak = lambda x: np.sum(alone * x)  # noqa: E731
    return {
        "1 % off with tolerance 0.1": Judged(True, smooth, 1.01 * grad, 0.1),
        "1 % off with tolerance 1e-3": Judged(False, smooth, 1.01 * grad, 1e-3),
        "1e-5 off with tolerance 1e-6": Judged(False, smooth, grad + 1e-5 * size * signs, STRICT),
        "80 % too low with tolerance 0.9": Judged(True, smooth, grad / 5, 0.9),
        "three times too large with tolerance 0.8": Judged(False, smooth, 3 * grad, 0.8),
        "tiny and 50 % off with tolerance 0.1": Judged(
            False, lambda x: TINY * smooth(x), 1.5 * TINY * grad, 0.1
        ),
        "many small errors (0.7 % in all) with tolerance 1 %": Judged(
            True, linear, signs * (1 + 0.007 * signs), 0.01
        ),
        "many small errors (1.4 % in all) with tolerance 1 %": Judged(
            False, peak, alone + 0.014 * signs, 0.01
        ),
        "one large error (0.7 % in all) with tolerance 1 %": Judged(
            True, linear, signs + 0.007 * alone, 0.01
        ),
        "one large error (1.4 % in all) with tolerance 1 %": Judged(
            False, linear, signs + 0.014 * alone, 0.01
        ),
    }


def _wrong(x: Array, f: Any, grad: Array) -> Group:
    one, swapped = grad.copy(), grad.copy()
    one.flat[x.size // 2] *= 1.5
    swapped.flat[[0, -1]] = grad.flat[[-1, 0]]
    gradients = {
        "sign flipped": -grad,
        "a fifth of it": grad / 5,
        "almost twice as large": 1.95 * grad,
        "one entry wrong": one,
        "two entries exchanged": swapped,
        "in another order": grad.reshape(-1)[::-1].reshape(x.shape),
        "every entry too low": grad - 0.5,
        "every entry too high": grad + 0.5,
        "errors that cancel": grad + 0.5 * np.cos(np.pi * np.arange(x.size)).reshape(x.shape),
        "errors across random directions": grad + _hidden(grad),
        "nothing but zeros": np.zeros(x.shape),
    }
    return {name: Judged(False, f, each, LOOSE) for name, each in gradients.items()}


def _hidden(grad: Array) -> Array:
    """Return an error that is orthogonal to the directions that popular seeds draw first."""
    directions = [
        *np.random.default_rng(0).standard_normal((2, grad.size)),
        np.random.default_rng(1).standard_normal(grad.size),
        np.random.default_rng(42).standard_normal(grad.size),
        np.random.default_rng(0).random(grad.size),
        np.ones(grad.size),
    ]
    basis, _ = np.linalg.qr(np.transpose(directions))
    error = np.cos(3.0 * np.arange(grad.size))
    hidden: Array = (error - basis @ (basis.T @ error)).reshape(grad.shape)
    return hidden


def _undefined(f: Any, grad: Array) -> Group:
    one, last, infinite = grad.copy(), grad.copy(), grad.copy()
    one.flat[0] = last.flat[-1] = np.nan
    infinite.flat[1] = np.inf
    return {
        "first entry NaN": Judged(False, f, one, LOOSE),
        "last entry NaN": Judged(False, f, last, LOOSE),
        "one entry infinite": Judged(False, f, infinite, LOOSE),
    }


def _other_shapes(shape: tuple[int, ...]) -> Group:
    """Return gradients that broadcast to the correct one."""
    row, column = sample_array(shape[-1], seed=5), sample_array(*shape[:-1], 1, seed=5)
    return {
        "one row for all rows": Judged(False, lambda x: np.sum(row * x), row, LOOSE),
        "one column for all columns": Judged(
            False, lambda x: np.vdot(column, np.sum(x, axis=-1)), column, LOOSE
        ),
        "one number for all entries": Judged(False, np.sum, np.array(1.0), LOOSE),
        "an axis too many": Judged(
            False, lambda x: np.sum(row * x), np.zeros((1, *shape)) + row, LOOSE
        ),
    }


def _relu(z: Array) -> Array:
    positive: Array = z * (z.real > 0)  # works with the complex step, too
    return positive


def _flat(x: Array) -> float:
    return 3.0


def _smooth(slope: Array) -> tuple[Callable[[Array], Any], Callable[[Array], Array]]:
    """Return a function and its gradient."""

    def f(x: Array) -> Any:
        return np.vdot(slope, np.sin(x)) + np.vdot(slope, x) ** 2

    def grad(x: Array) -> Array:
        found: Array = slope * np.cos(x) + 2 * np.sum(slope * x) * slope
        return found

    return f, grad
