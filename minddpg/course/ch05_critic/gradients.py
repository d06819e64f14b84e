"""Chapter 05, the critic's side: the target held constant, or not.

N batch, F features.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import GradientOf
from ..engine.submission import arrays, call

BATCH, FEATURES = 7, 4


def _target(w: Array, x: Array, after: Array, r: Array, d: Array, discount: float) -> Array:
    return np.asarray(r + discount * ~d * (after @ w))


def _answers(
    target: Any = _target,
    through_q: Any = lambda x, after: x,
    through_y: Any = lambda after, d, discount: -discount * ~d[:, None] * after,
    join: Any = lambda error, slopes: 2 / len(error) * error @ slopes,
) -> tuple[Any, Any]:
    """Answer rightly; with another part, as if that mistake had been made."""

    def semi(w: Array, x: Array, after: Array, r: Array, d: Array, discount: float) -> Any:
        return join(x @ w - target(w, x, after, r, d, discount), through_q(x, after))

    def residual(w: Array, x: Array, after: Array, r: Array, d: Array, discount: float) -> Any:
        slopes = through_q(x, after) + through_y(after, d, discount)
        return join(x @ w - target(w, x, after, r, d, discount), slopes)

    return semi, residual


semi, residual = _answers()


@exercise(
    "05.4",
    "The target held constant",
    GRADIENT,
    stub='''
def semi_gradient(w, features, next_features, reward, terminated, discount):
    """Return dL/dw (F,) of L, the mean of (Q(s, a) − y)² over the batch, y a constant.

    Q = features @ w and y = r + γ (1 − terminated) Q' with Q' = next_features @ w. w (F,);
    features (N, F) and next_features (N, F); reward (N,); terminated (N,), bools.
    """
    grad_w = None
    return grad_w


def residual_gradient(w, features, next_features, reward, terminated, discount):
    """Return dL/dw (F,) of the same L, where y too moves with w."""
    grad_w = None
    return grad_w
''',
    statement="""A critic that is linear in w, and two gradients of its loss. In the first, y is a
    number that is given, although it was computed with w: this is what DDPG descends. In the
    second, y is a function of w like Q, and contributes a term of its own.""",
    reference=(semi, residual),
    rows=(
        Row("the two swapped", (residual, semi), "Each is right in the other's place."),
        Row(
            "target not held constant",
            (residual, None),
            "Your first gradient also goes through y, and so pulls the target towards Q. It should"
            " only go through Q(s, a).",
        ),
        Row(
            "target held constant in both",
            (None, semi),
            "In the second, y moves with w as well: its derivative is missing.",
        ),
        Row(
            "sign of the target's term",
            (None, _answers(through_y=lambda after, d, g: g * ~d[:, None] * after)[1]),
            "The error is Q − y, so what goes through y has a minus.",
        ),
        Row(
            "only the target's term",
            (None, _answers(through_q=lambda x, after: 0 * x)[1]),
            "This is the term of y alone. Q(s, a) depends on w too.",
        ),
        Row(
            "mask missing in the target's gradient",
            (None, _answers(through_y=lambda after, d, g: -g * after)[1]),
            "Where the episode terminated, y is r alone, and does not move with w.",
        ),
        Row(
            "discount missing in the target's gradient",
            (None, _answers(through_y=lambda after, d, g: -(~d[:, None] * after))[1]),
            "y has γ times the value of s' in it, and so has its gradient.",
        ),
        Row(
            "features of s' instead of s",
            (_answers(through_q=lambda x, after: after)[0], None),
            "∇w Q(s, a) is the features of s. Those of s' belong to the target.",
        ),
        Row(
            "terminated ignored",
            (
                lambda *a: semi(*a[:4], a[4] & False, a[5]),
                lambda *a: residual(*a[:4], a[4] & False, a[5]),
            ),
        ),
        Row(
            "terminated ignored", _answers(target=lambda w, x, after, r, d, g: r + g * (after @ w))
        ),
        Row(
            "mask flipped",
            (lambda *a: semi(*a[:4], ~a[4], a[5]), lambda *a: residual(*a[:4], ~a[4], a[5])),
            "The value of s' counts where the episode terminated, and not where it goes on.",
        ),
        Row(
            "reward masked too",
            _answers(target=lambda w, x, after, r, d, g: ~d * (r + g * (after @ w))),
        ),
        Row("reward missing", _answers(target=lambda w, x, after, r, d, g: g * ~d * (after @ w))),
        *(
            Row("discount missing", pair, "The value of s' is one step away: it counts γ times.")
            for pair in (
                (lambda *a: semi(*a[:5], 1.0), lambda *a: residual(*a[:5], 1.0)),
                _answers(target=lambda w, x, after, r, d, g: r + ~d * (after @ w)),
            )
        ),
        Row(
            "value of s instead of s'",
            _answers(target=lambda w, x, after, r, d, g: r + g * ~d * (x @ w)),
            "The target looks ahead: its Q is that of next_features.",
        ),
        Row(
            "error missing",
            _answers(join=lambda error, slopes: 2 * slopes.mean(axis=0)),
            "The derivative of e² is 2 e times that of e. You kept only the latter.",
        ),
        Row(
            "averaged before the product",
            _answers(join=lambda error, slopes: 2 * error.mean() * slopes.mean(axis=0)),
            "The mean of a product is not the product of two means. Multiply each example's error"
            " by its own features first.",
        ),
        Row(
            "summed over the wrong axis",
            _answers(join=lambda error, slopes: 2 * (error[:, None] * slopes).mean(axis=1)),
        ),
        Row("transposed", _answers(join=lambda e, slopes: 2 / len(e) * slopes @ e)),
    ),
    compared="your gradients with the numerical derivatives of the loss",
    batch_size=BATCH,
    can_be_square=True,
)
def check_semi_gradient(
    semi_gradient: Any, residual_gradient: Any, square: bool = False
) -> dict[str, Any]:
    """Check semi_gradient and residual_gradient."""
    n, f = (FEATURES, FEATURES) if square else (BATCH, FEATURES)
    w, x, after = sample_array(f), sample_array(n, f, seed=1), sample_array(n, f, seed=2)
    rest = after, sample_array(n, seed=3), np.arange(n) % 3 == 1, 0.8
    constant = _target(w, x, *rest)

    def gradient(answer: Any) -> Array:
        return arrays(call(answer, w, x, *rest), ["grad_w"], answer)[0]

    return {
        "semi-gradient": GradientOf(
            gradient(semi_gradient), lambda w: (x @ w - constant) ** 2 / n, w
        ),
        "residual gradient": GradientOf(
            gradient(residual_gradient), lambda w: (x @ w - _target(w, x, *rest)) ** 2 / n, w
        ),
    }
