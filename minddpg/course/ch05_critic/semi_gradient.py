"""Exercise 05.4: the gradient of the critic's loss, with the target held constant and without.

N batch, F features.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, Mistake, arrays, call, exercise

BATCH, FEATURES = 7, 4

SOLUTION = """
def td_error(w, features, next_features, reward, terminated, discount):
    y = reward + discount * (1 - terminated) * (next_features @ w)
    return features @ w - y


def semi_gradient(w, features, next_features, reward, terminated, discount):
    error = td_error(w, features, next_features, reward, terminated, discount)
    grad_w = 2 / len(error) * features.T @ error
    return grad_w


def residual_gradient(w, features, next_features, reward, terminated, discount):
    error = td_error(w, features, next_features, reward, terminated, discount)
    slopes = features - discount * (1 - terminated)[:, None] * next_features
    grad_w = 2 / len(error) * slopes.T @ error
    return grad_w
"""

TARGET = "reward + discount * (1 - terminated) * (next_features @ w)"
SEMI = "2 / len(error) * features.T @ error"
RESIDUAL = "2 / len(error) * slopes.T @ error"
SLOPES = "slopes = features - discount * (1 - terminated)[:, None] * next_features"

MISTAKES = (
    Mistake(
        "the two swapped",
        "Each function returns what the other one should return.",
        {
            "def semi_gradient": "def swapped",
            "def residual_gradient": "def semi_gradient",
            "def swapped": "def residual_gradient",
        },
    ),
    Mistake(
        "target not held constant",
        "Your first gradient also flows through y, and so pulls the target towards Q. It should"
        " flow through Q(s, a) only.",
        {f"grad_w = {SEMI}": f"{SLOPES}\n    grad_w = {RESIDUAL}"},
    ),
    Mistake(
        "target held constant in both",
        "In the second gradient, y depends on w as well: its derivative is missing.",
        {SLOPES: "slopes = features"},
    ),
    Mistake(
        "sign of the target's term",
        "The error is Q − y, so the term of y has a minus sign.",
        {"features - discount": "features + discount"},
    ),
    Mistake(
        "only the target's term",
        "This is the term of y alone. Q(s, a) depends on w too.",
        {"features - discount": "-discount"},
    ),
    Mistake(
        "mask missing in the target's gradient",
        "Where the episode terminated, y is r alone, and does not depend on w.",
        {" * (1 - terminated)[:, None]": ""},
    ),
    Mistake(
        "discount missing in the target's gradient",
        "y contains γ times the value of s', so its gradient contains γ, too.",
        {"features - discount * ": "features - "},
    ),
    Mistake(
        "features of s' instead of s",
        "∇w Q(s, a) is the vector of features of s. Those of s' belong to the target.",
        {"features.T": "next_features.T"},
    ),
    Mistake(
        "terminated ignored",
        "",
        {"(1 - terminated) * ": "", "(1 - terminated)[:, None] * ": ""},
        {"(1 - terminated) * ": ""},
    ),
    Mistake(
        "mask flipped",
        "Your target contains the value of s' where the episode terminated, and not where it"
        " continues. It should be the other way round.",
        {"(1 - terminated) *": "terminated *", "(1 - terminated)[": "terminated["},
    ),
    Mistake(
        "reward masked too",
        "",
        {TARGET: "(1 - terminated) * (reward + discount * (next_features @ w))"},
    ),
    Mistake("reward missing", "", {"reward + ": ""}),
    Mistake(
        "discount missing",
        "The value of s' is one step away: it counts γ times as much.",
        {"reward + discount * ": "reward + ", "features - discount * ": "features - "},
        {"reward + discount * ": "reward + "},
    ),
    Mistake(
        "value of s instead of s'",
        "The target looks ahead: it uses the Q of next_features.",
        {"(next_features @ w)": "(features @ w)"},
    ),
    Mistake(
        "error missing",
        "The derivative of e² is 2 e times that of e. You kept only the latter.",
        {SEMI: "2 * features.mean(axis=0)", RESIDUAL: "2 * slopes.mean(axis=0)"},
    ),
    Mistake(
        "averaged before the product",
        "The mean of a product is not the product of two means. Multiply each example's error by"
        " its own features first.",
        {
            SEMI: "2 * error.mean() * features.mean(axis=0)",
            RESIDUAL: "2 * error.mean() * slopes.mean(axis=0)",
        },
    ),
    Mistake(
        "summed over the wrong axis",
        "",
        {
            SEMI: "2 * (error[:, None] * features).mean(axis=1)",
            RESIDUAL: "2 * (error[:, None] * slopes).mean(axis=1)",
        },
    ),
    Mistake("transposed", "", {"features.T @": "features @", "slopes.T @": "slopes @"}),
)


def target(
    w: Array, next_features: Array, reward: Array, terminated: Array, discount: float
) -> Array:
    """Return y (N,)."""
    return reward + discount * np.where(terminated, 0, next_features @ w)


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
    """Return dL/dw (F,) of the same L, where y depends on w, too."""
    grad_w = None
    return grad_w
''',
    statement="""Write two gradients of the loss of a critic that is linear in w. In the first, y is
    a given number, although it was computed with w: this is what DDPG descends. In the second, y is
    a function of w like Q, and adds its own term to the gradient.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your gradients with the numerical derivatives of the loss",
    difficulty=2,
    minutes=10,
    hints=(
        "The first: `error` is (N,), features are (N, F), the gradient is (F,). Which product sums"
        " over N?",
        r"The second: $\nabla_w\, y$ is $\gamma\,(1 - \text{terminated})$ times the features of"
        " $s'$. To multiply rows of (N, F) by a mask of (N,), make the mask a column.",
    ),
    batch_size=BATCH,
    can_be_square=True,
)
def check_semi_gradient(
    semi_gradient: Any, residual_gradient: Any, square: bool = False
) -> dict[str, Any]:
    """Check semi_gradient and residual_gradient."""
    n, f = (FEATURES, FEATURES) if square else (BATCH, FEATURES)
    w, features = sample_array(f), sample_array(n, f, seed=1)
    rest = sample_array(n, f, seed=2), sample_array(n, seed=3), np.arange(n) % 3 == 1, 0.8
    y = target(w, *rest)

    def gradient(answer: Any) -> Array:
        return arrays(call(answer, w, features, *rest), ["grad_w"], answer)[0]

    return {
        "semi-gradient": GradientOf(
            gradient(semi_gradient), lambda w: (features @ w - y) ** 2 / n, w
        ),
        "residual gradient": GradientOf(
            gradient(residual_gradient), lambda w: (features @ w - target(w, *rest)) ** 2 / n, w
        ),
    }
