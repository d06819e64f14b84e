"""Exercise 05.4: the gradient of the critic's loss, without and with the target's derivative.

N batch, F features.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, arrays, call, exercise
from .semi_gradient_mistakes import MISTAKES

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

SINGLE = "float32 is precise enough for a gradient"


def target(
    w: Array, next_features: Array, reward: Array, terminated: Array, discount: float
) -> Array:
    """Return the targets y (N,)."""
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
    cases=(
        {"batch_size": 7, "features": 4, "discount": 0.8, "scale": 30.0, "seed": 1},
        {"batch_size": 10, "features": 3, "discount": 0.97, "scale": -0.7, "seed": 11},
    ),
    square={"batch_size": 4, "features": 4, "discount": 0.8, "scale": 1.0, "seed": 1},
    equivalents={
        "return features @ w - y → return np.float32(features @ w - y)": SINGLE,
        "return grad_w → return np.float32(grad_w)": SINGLE,
        "return grad_w → return np.float32(grad_w) (2)": SINGLE,
    },
)
def check_semi_gradient(
    semi_gradient: Any,
    residual_gradient: Any,
    batch_size: int,
    features: int,
    discount: float,
    scale: float,
    seed: int,
) -> dict[str, Any]:
    """Check semi_gradient and residual_gradient."""
    w = scale * sample_array(features, seed=seed)
    x, after = (sample_array(batch_size, features, seed=seed + i) for i in (1, 2))
    reward = scale * sample_array(batch_size, seed=seed + 3)
    terminated = np.arange(batch_size) % 3 == 1
    rest = after, reward, terminated, discount
    y = target(w, *rest)

    def gradient(answer: Any) -> Array:
        return arrays(call(answer, w, x, *rest), ["grad_w"], answer)[0]

    return {
        "semi-gradient": GradientOf(
            gradient(semi_gradient), lambda w: (x @ w - y) ** 2 / batch_size, w
        ),
        "residual gradient": GradientOf(
            gradient(residual_gradient), lambda w: (x @ w - target(w, *rest)) ** 2 / batch_size, w
        ),
    }
