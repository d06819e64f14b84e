"""Exercise 05.4: the gradient of the critic's loss, with the target held constant and without.

N batch, F features.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, Mistake, arrays, call, exercise

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
SEMI = "2 / len(error) * features.T @ error"
RESIDUAL = "2 / len(error) * slopes.T @ error"
SLOPES = "slopes = features - discount * (1 - terminated)[:, None] * next_features"


def each(error: str) -> tuple[dict[str, str], ...]:
    """Return the edits that give both functions another error, or only one of them."""
    first = {"discount)\n    grad_w": f"discount)\n    error = {error}\n    grad_w"}
    second = {"discount)\n    slopes": f"discount)\n    error = {error}\n    slopes"}
    return {**first, **second}, first, second


def ends(end: str) -> tuple[dict[str, str], ...]:
    """Return the edits that give both functions another last line, or only one of them."""
    first, second = {SEMI: end.replace("slopes", "features")}, {RESIDUAL: end}
    return {**first, **second}, first, second


FIRST_FLOWS = {f"grad_w = {SEMI}": f"{SLOPES}\n    grad_w = {RESIDUAL}"}
UNMASKED = {" * (1 - terminated)[:, None]": ""}
UNDISCOUNTED = {"features - discount * ": "features - "}
ERROR_UNMASKED, ERROR_UNDISCOUNTED = (
    each(f"features @ w - reward - {factor} * (next_features @ w)")
    for factor in ("discount", "(1 - terminated)")
)
ERROR_FLIPPED = each("features @ w - reward - discount * terminated * (next_features @ w)")

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
        FIRST_FLOWS,
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
        {"features - discount": "discount"},
    ),
    Mistake(
        "mask missing in the target's gradient",
        "Where the episode terminated, y is r alone, and does not depend on w.",
        UNMASKED,
    ),
    Mistake(
        "features of s masked too",
        "Where the episode terminated, y does not depend on w, but Q(s, a) still does.",
        {SLOPES: "slopes = (1 - terminated)[:, None] * (features - discount * next_features)"},
    ),
    Mistake(
        "2 missing in the target's term",
        "Both terms of the second gradient have the factor 2 of the square.",
        {"features - discount": "features - 0.5 * discount"},
    ),
    Mistake(
        "mask flipped in the target's gradient",
        "Where the episode terminated, y does not depend on w. Elsewhere it does.",
        {"(1 - terminated)[": "(1 * terminated)["},
    ),
    Mistake(
        "discount missing in the target's gradient",
        "y contains γ times the value of s', so its gradient contains γ, too.",
        UNDISCOUNTED,
    ),
    Mistake(
        "discount and mask missing in the target's gradient",
        "∇w y is γ (1 − terminated) times the features of s'.",
        {"discount * (1 - terminated)[:, None] * next_features": "next_features"},
    ),
    Mistake(
        "discounted twice in the target's gradient",
        "y contains γ times the value of s', and its gradient γ times the features of s'.",
        {"features - discount *": "features - discount**2 *"},
    ),
    Mistake(
        "features of s' instead of s",
        "∇w Q(s, a) is the vector of features of s. Those of s' belong to the target.",
        {"features.T": "next_features.T"},
        {"slopes = features -": "slopes = next_features -"},
        {"features.T": "next_features.T", "slopes = features -": "slopes = next_features -"},
    ),
    Mistake(
        "features of s in the target's gradient",
        "y contains the value of s', so its gradient contains the features of s'.",
        {"[:, None] * next_features": "[:, None] * features"},
    ),
    Mistake(
        "terminated ignored",
        "",
        {**ERROR_UNMASKED[0], **UNMASKED},
        {**ERROR_UNMASKED[2], **UNMASKED},
        *ERROR_UNMASKED,
    ),
    Mistake(
        "mask flipped",
        "Your target contains the value of s' where the episode terminated, and not where it"
        " continues. It should be the other way round.",
        {**ERROR_FLIPPED[0], "(1 - terminated)[": "terminated["},
        {**ERROR_FLIPPED[2], "(1 - terminated)[": "terminated["},
        *ERROR_FLIPPED,
    ),
    Mistake(
        "reward masked too",
        "",
        *each("features @ w - (1 - terminated) * (reward + discount * (next_features @ w))"),
    ),
    Mistake("reward missing", "", *each("error + reward")),
    Mistake(
        "sign of the reward",
        "The error is Q − y, and y contains + r: the error contains − r.",
        *each("error + 2 * reward"),
    ),
    Mistake(
        "sign of the value of s'",
        "y contains + γ times the value of s', so the error contains − γ times that value.",
        *each("features @ w - reward + discount * (1 - terminated) * (next_features @ w)"),
    ),
    Mistake(
        "s and s' swapped in the error",
        "Q is the value of s, and the target looks ahead to the value of s'.",
        *each("next_features @ w - reward - discount * (1 - terminated) * (features @ w)"),
    ),
    Mistake(
        "rounded to whole numbers",
        "Errors and gradients have fractions. Use no integers.",
        *ends("2 / len(error) * slopes.T @ np.trunc(error)"),
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: it counts γ times as much.",
        {**ERROR_UNDISCOUNTED[0], **UNDISCOUNTED},
        {**ERROR_UNDISCOUNTED[2], **UNDISCOUNTED},
        *ERROR_UNDISCOUNTED,
    ),
    Mistake(
        "reward discounted too",
        "",
        *each("features @ w - discount * (reward + (1 - terminated) * (next_features @ w))"),
    ),
    Mistake(
        "nothing but the reward in the target",
        "Where the episode continues, y contains γ times the value of s', too.",
        *each("features @ w - reward"),
    ),
    Mistake(
        "y instead of the error",
        "The derivative of e² is 2 e times that of e. You put y in the place of e = Q − y.",
        *each("features @ w - error"),
    ),
    Mistake(
        "Q instead of the error",
        "The derivative of e² is 2 e times that of e. You put Q in the place of e = Q − y.",
        *each("features @ w"),
    ),
    Mistake(
        "plus instead of minus in the error",
        "The error is the difference Q − y. You added the two.",
        *each("2 * (features @ w) - error"),
    ),
    Mistake(
        "value of s instead of s'",
        "The target looks ahead: it uses the Q of next_features.",
        *each("features @ w - reward - discount * (1 - terminated) * (features @ w)"),
    ),
    Mistake(
        "value of s' in both places",
        "Q is the value of s. Only the target contains that of s'.",
        *each("error + (next_features - features) @ w"),
    ),
    Mistake(
        "error missing",
        "The derivative of e² is 2 e times that of e. You kept only the latter.",
        *ends("2 * slopes.mean(axis=0)"),
    ),
    Mistake(
        "sign or size of the error alone",
        "The derivative of e² is 2 e: it has the sign of the error and its size.",
        *ends("2 / len(error) * slopes.T @ np.sign(error)"),
        *ends("2 / len(error) * slopes.T @ np.abs(error)"),
    ),
    Mistake(
        "error squared",
        "The derivative of e² is 2 e times that of e. You kept the square.",
        *ends("2 / len(error) * slopes.T @ error**2"),
        *ends("1 / len(error) * slopes.T @ error**2"),
    ),
    Mistake(
        "averaged before the product",
        "The mean of a product is not the product of two means. Multiply each example's error by"
        " its own features first.",
        *ends("2 * error.mean() * slopes.mean(axis=0)"),
    ),
    Mistake(
        "factor 1/2",
        "The gradient is half of what it should be: the derivative of e² is 2 e.",
        *ends("1 / len(error) * slopes.T @ error"),
    ),
    Mistake(
        "factor N",
        "This is the gradient of the sum over the batch. L is the mean: divide by N.",
        *ends("2 * slopes.T @ error"),
    ),
    Mistake(
        "factor N/2",
        "The 2 and the 1/N are missing: L is the mean over the batch, and the derivative of e² is"
        " 2 e.",
        *ends("slopes.T @ error"),
    ),
    Mistake(
        "divided by N F instead of N",
        "You averaged over the features, too, or divided by the size of the whole array. L is a"
        " mean over the N examples.",
        *ends("2 / features.size * slopes.T @ error"),
    ),
    Mistake(
        "divided by F instead of N",
        "L is a mean over the N examples. You divided by the number of features.",
        *ends("2 / len(w) * slopes.T @ error"),
    ),
    Mistake(
        "a fixed number instead of N",
        "The batch does not always have that many examples. Divide by len(features).",
        *(
            end
            for number in (3, 5, 7, 10, 32, 64)
            for end in ends(f"2 / {number} * slopes.T @ error")
        ),
    ),
    Mistake("summed over the wrong axis", "", *ends("2 * (error[:, None] * slopes).mean(axis=1)")),
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
