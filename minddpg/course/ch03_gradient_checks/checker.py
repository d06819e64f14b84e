"""Chapter 03, gradient checks: the learner's own."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import BEHAVIOUR, Row
from ..engine.submission import InvalidAnswer, array, call

SHAPE = (3, 2)
POINT, SLOPE = sample_array(*SHAPE), sample_array(*SHAPE, seed=1)
TINY = 1e-10
norm = np.linalg.norm

Rule = Callable[[Array, Array, float], Any]


def smooth(x: Array) -> Any:
    return np.sum(SLOPE * np.sin(x)) + np.sum(SLOPE * x) ** 2


def smooth_gradient(x: Array) -> Array:
    return np.asarray(SLOPE * np.cos(x) + 2 * np.sum(SLOPE * x) * SLOPE)


def cases() -> dict[str, tuple[Any, Array, float]]:
    """Return functions, gradients and bars, by what is to be said of the gradient."""
    grad = smooth_gradient(POINT)
    off, missing = grad.copy(), grad.copy()
    off[1, 0] *= 1.5
    missing[1, 1] = np.nan
    flat_entry = np.where(np.arange(6).reshape(SHAPE) == 3, 0.0, 1.0)
    dusty = smooth_gradient(POINT * flat_entry) * flat_entry + 2.8e-17 * (1 - flat_entry)
    columns = np.array([0.7, -1.1])
    bar = 1e-4
    return {
        "right": (smooth, grad, bar),
        "right (an entry 0 but for rounding)": (lambda x: smooth(x * flat_entry), dusty, bar),
        "right and tiny": (lambda x: TINY * smooth(x), TINY * grad, bar),
        "zeros where f is flat": (lambda x: 3.0, np.zeros(SHAPE), bar),
        "1 % off with bar 0.1": (smooth, 1.01 * grad, 0.1),
        "1 % off with bar 1e-3": (smooth, 1.01 * grad, 1e-3),
        "sign flipped": (smooth, -grad, bar),
        "a fifth of it": (smooth, grad / 5, bar),
        "one entry wrong": (smooth, off, bar),
        "turned and reshaped": (smooth, grad.T.reshape(SHAPE), bar),
        "one entry NaN": (smooth, missing, bar),
        "every entry too low": (smooth, grad - 0.5, bar),
        "every entry too high": (smooth, grad + 0.5, bar),
        "tiny and twice too large": (lambda x: TINY * smooth(x), 2 * TINY * grad, bar),
        "one row for all rows": (lambda x: np.sum(columns * x), columns, bar),
        "not zero where f is flat": (lambda x: 3.0, grad, bar),
    }


def _judge(rule: Rule, shapes: bool = True) -> Any:
    """Answer with rule(grad, the true gradient, bar), where the shapes are alike."""

    def is_right(f: Any, x: Array, grad: Array, bar: float) -> bool:
        steps = 1e-30 * np.eye(x.size).reshape(-1, *x.shape)
        truth = np.array([np.imag(f(x + 1j * e)) / 1e-30 for e in steps]).reshape(x.shape)
        return bool((not shapes or grad.shape == x.shape) and rule(grad, truth, bar))

    return is_right


def near(grad: Array, truth: Array, bar: float) -> Any:
    return norm(grad - truth) <= bar * norm(truth)


def _rows(mistake: str, rules: tuple[Rule, ...], why: str) -> tuple[Row, ...]:
    return tuple(Row(mistake, (_judge(rule),), why) for rule in rules)


@exercise(
    "03.4",
    "A gradient checker of your own",
    BEHAVIOUR,
    stub='''
def is_right(f, x, grad, bar):
    """Return True if grad is the gradient of f at x to a relative error of bar, else False.

    f takes a real or a complex array like x and returns a number. A gradient of another shape than
    x's is wrong. Where f is flat, zeros are right and nothing else is.
    """
    verdict = None
    return verdict
''',
    statement="""Put your last functions together. Your checker is given right gradients and
    wrong ones, and has to tell them apart. A checker that passes wrong code is worse than none.""",
    reference=(_judge(near),),
    rows=(
        *_rows(
            "NaN accepted",
            (lambda a, n, bar: not norm(a - n) > bar * norm(n),),
            "Every comparison with NaN is False, and so is error > bar. Ask whether error <= bar.",
        ),
        *_rows(
            "no absolute value",
            (
                lambda a, n, bar: np.max(a - n) <= bar * norm(n),
                lambda a, n, bar: np.max(n - a) <= bar * norm(n),
                lambda a, n, bar: max((a - n).flat) <= bar * norm(n),  # passes over NaN as well
                lambda a, n, bar: max((n - a).flat) <= bar * norm(n),
                lambda a, n, bar: np.sum(a - n) <= bar * norm(n),
                lambda a, n, bar: np.sum(n - a) <= bar * norm(n),
            ),
            "A negative difference is below any bar, however large it is.",
        ),
        *_rows(
            "differences cancel",
            (lambda a, n, bar: abs(np.sum(a - n)) <= bar * norm(n),),
            "What is too high in one entry makes up for what is too low in another. Take the"
            " absolute values, or squares, before you sum.",
        ),
        *_rows(
            "one entry only",
            (
                lambda a, n, bar: abs(a - n).flat[0] <= bar * abs(n.flat[0]),
                lambda a, n, bar: abs(a - n).flat[-1] <= bar * abs(n.flat[-1]),
            ),
            "A gradient with one entry wrong, or NaN, passed. Compare all of them.",
        ),
        *_rows(
            "entry by entry",
            (
                lambda a, n, bar: (abs(a - n) <= bar * abs(n)).all(),
                lambda a, n, bar: (abs(a - n) / abs(n) <= bar).all(),
            ),
            "Where an entry is 0 but for rounding, its own ratio is anything, and right code"
            " fails. Divide norm by norm.",
        ),
        *_rows(
            "norms compared instead of vectors",
            (lambda a, n, bar: abs(norm(a) - norm(n)) <= bar * norm(n),),
            "You compare lengths. Take the difference first, and then its norm.",
        ),
        *_rows(
            "absolute error",
            (
                lambda a, n, bar: norm(a - n) <= bar,
                lambda a, n, bar: (abs(a - n) <= bar).all(),
                lambda a, n, bar: (abs(a - n) <= 1e-8 + bar * abs(n)).all(),
                lambda a, n, bar: norm(a - n) <= bar * (1 + norm(n)),
            ),
            "If all derivatives are tiny, so is every error. Divide by the size of the gradient;"
            " of NumPy's allclose, atol is an absolute error too.",
        ),
        Row(
            "shapes broadcast",
            (_judge(near, shapes=False),),
            "A row (2,) was stretched to (3, 2) and passed. Compare the shapes first.",
        ),
        *_rows(
            "bar ignored",
            (lambda a, n, bar: near(a, n, 1e-6), lambda a, n, bar: near(a, n, 0.05)),
            "Your verdict is the same whatever the bar. It is an argument.",
        ),
        *_rows(
            "zeros refused where f is flat",
            (lambda a, n, bar: norm(a - n) / norm(n) <= bar,),
            "Zeros for a gradient of zero are right. But 0/0 is NaN, and 0 is not below bar · 0:"
            " multiply the bar instead of dividing the error, and ask for <=.",
        ),
        *_rows(
            "anything accepted where f is flat",
            (
                lambda a, n, bar: norm(n) == 0 or near(a, n, bar),
                lambda a, n, bar: norm(n) < 1e-8 or near(a, n, bar),
            ),
            "Where f is flat, a gradient that is not zero is wrong.",
        ),
        *_rows(
            "verdict turned around",
            (lambda a, n, bar: not near(a, n, bar), lambda a, n, bar: norm(a - n) > bar * norm(n)),
            "You accept what is wrong, and refuse what is right.",
        ),
        Row("always true", (lambda f, x, grad, bar: True,), "Whatever it is given, it passes."),
        Row("always false", (lambda f, x, grad, bar: False,), "Even right gradients fail."),
    ),
    compared="whether you accept a gradient (1) or not (0) with whether it is right",
)
def check_is_right(is_right: Any) -> dict[str, Any]:
    """Check is_right."""
    wanted, found = "is_right should return True or False: it", {}
    for name, (f, grad, bar) in cases().items():
        found[name] = array(call(is_right, f, POINT, grad, bar), wanted)
        if found[name].shape or found[name] not in (0, 1):
            raise InvalidAnswer(f"{wanted} returned {found[name]}.")
    return {**found, "all of them": np.stack([*found.values()])}  # one mistake explains them all
