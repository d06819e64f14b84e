"""The mistakes of exercise 05.4, the target held constant.

N batch, F features.
"""

from ..engine import Mistake

SEMI = "2 / len(error) * features.T @ error"
RESIDUAL = "2 / len(error) * slopes.T @ error"
SLOPES = "slopes = features - discount * (1 - terminated)[:, None] * next_features"


def with_error(error: str) -> tuple[dict[str, str], ...]:
    """Return the edits that give both functions another error, or only one of them."""
    first = {"discount)\n    grad_w": f"discount)\n    error = {error}\n    grad_w"}
    second = {"discount)\n    slopes": f"discount)\n    error = {error}\n    slopes"}
    return {**first, **second}, first, second


def first_by(slopes: str) -> dict[str, str]:
    """Return the edit that computes the first gradient like the second, with these slopes."""
    return {f"grad_w = {SEMI}": f"{slopes}\n    grad_w = {RESIDUAL}"}


def with_gradient(gradient: str) -> tuple[dict[str, str], ...]:
    """Return the edits that give both functions another gradient, or only one of them."""
    first, second = {SEMI: gradient.replace("slopes", "features")}, {RESIDUAL: gradient}
    return {**first, **second}, first, second


UNMASKED = {" * (1 - terminated)[:, None]": ""}
UNDISCOUNTED = {"features - discount * ": "features - "}
ERROR_UNMASKED, ERROR_UNDISCOUNTED = (
    with_error(f"features @ w - reward - {factor} * (next_features @ w)")
    for factor in ("discount", "(1 - terminated)")
)
ERROR_FLIPPED = with_error("features @ w - reward - discount * terminated * (next_features @ w)")

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
        first_by(SLOPES),
        first_by(SLOPES.replace(" * (1 - terminated)[:, None]", "")),
        first_by(SLOPES.replace("features - ", "features + ")),
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
        *with_error("features @ w - (1 - terminated) * (reward + discount * (next_features @ w))"),
    ),
    Mistake(
        "Q of s masked too",
        "Q(s, a) is the value of s, and it is not masked. The mask multiplies the value of s'.",
        *with_error("(1 - terminated) * (features @ w - discount * (next_features @ w)) - reward"),
    ),
    Mistake(
        "terminated rows left out",
        "A terminated step has a target as well: its reward.",
        {SEMI: "2 / len(error) * features[~terminated].T @ error[~terminated]"},
        *with_gradient("2 / sum(~terminated) * slopes[~terminated].T @ error[~terminated]"),
    ),
    Mistake("reward missing", "", *with_error("error + reward")),
    Mistake(
        "sign of the reward",
        "The error is Q − y, and y contains + r: the error contains − r.",
        *with_error("error + 2 * reward"),
    ),
    Mistake(
        "sign of the value of s'",
        "y contains + γ times the value of s', so the error contains − γ times that value.",
        *with_error("features @ w - reward + discount * (1 - terminated) * (next_features @ w)"),
    ),
    Mistake(
        "s and s' swapped in the error",
        "Q is the value of s, and the target looks ahead to the value of s'.",
        *with_error("next_features @ w - reward - discount * (1 - terminated) * (features @ w)"),
    ),
    Mistake(
        "rounded to whole numbers",
        "Errors and gradients have fractions. Use no integers.",
        *with_gradient("2 / len(error) * slopes.T @ np.trunc(error)"),
        *with_gradient("2 // len(error) * slopes.T @ error"),
    ),
    Mistake(
        "discount missing",
        "The value of s' is one step away: multiply it by γ.",
        {**ERROR_UNDISCOUNTED[0], **UNDISCOUNTED},
        {**ERROR_UNDISCOUNTED[2], **UNDISCOUNTED},
        *ERROR_UNDISCOUNTED,
    ),
    Mistake(
        "reward discounted too",
        "",
        *with_error("features @ w - discount * (reward + (1 - terminated) * (next_features @ w))"),
    ),
    Mistake(
        "nothing but the reward in the target",
        "Where the episode continues, y contains γ times the value of s', too.",
        *with_error("features @ w - reward"),
    ),
    Mistake(
        "mask not a column",
        "(N,) and (N, F) do not fit row by row. Make the mask a column: (1 - terminated)[:, None].",
        {"(1 - terminated)[:, None]": "(1 - terminated)"},
    ),
    Mistake(
        "reward in the slope of y",
        "The reward does not depend on w, so ∇w y does not contain it.",
        {"slopes = features - ": "slopes = features - reward[:, None] - "},
        {"discount * (1 - terminated)[:, None]": "(reward + discount * (1 - terminated))[:, None]"},
    ),
    Mistake(
        "y instead of the error",
        "The derivative of e² is 2 e times that of e. You used y instead of e = Q − y.",
        *with_error("features @ w - error"),
    ),
    Mistake(
        "Q instead of the error",
        "The derivative of e² is 2 e times that of e. You used Q instead of e = Q − y.",
        *with_error("features @ w"),
    ),
    Mistake(
        "plus instead of minus in the error",
        "The error is the difference Q − y. You added the two.",
        *with_error("2 * (features @ w) - error"),
    ),
    Mistake(
        "value of s instead of s'",
        "The target looks ahead: it uses the Q of next_features.",
        *with_error("features @ w - reward - discount * (1 - terminated) * (features @ w)"),
    ),
    Mistake(
        "value of s' in both places",
        "Q is the value of s. Only the target contains that of s'.",
        *with_error("error + (next_features - features) @ w"),
    ),
    Mistake(
        "multiplied by w",
        "Q is linear in w: ∇w Q is the vector of features, without w.",
        *with_gradient("2 / len(error) * w * (slopes.T @ error)"),
    ),
    Mistake(
        "a step instead of the gradient",
        "You returned w after a step of gradient descent. Return the gradient alone.",
        *(
            edit
            for rate in (1, 0.1, 0.01)
            for edit in with_gradient(f"w - {rate} * 2 / len(error) * slopes.T @ error")
        ),
    ),
    Mistake(
        "brackets missing around the slopes",
        "2 e multiplies both terms: put ∇w Q − ∇w y in brackets.",
        {RESIDUAL: "(2 * features.T @ error - (features - slopes).sum(axis=0)) / len(error)"},
        {RESIDUAL: "2 * features.T @ error / len(error) - (features - slopes).sum(axis=0)"},
    ),
    Mistake(
        "error missing",
        "The derivative of e² is 2 e times that of e. You kept only the latter.",
        *with_gradient("2 * slopes.mean(axis=0)"),
    ),
    Mistake(
        "sign or size of the error alone",
        "The derivative of e² is 2 e: it has the sign of the error and its size.",
        *with_gradient("2 / len(error) * slopes.T @ np.sign(error)"),
        *with_gradient("2 / len(error) * slopes.T @ np.abs(error)"),
    ),
    Mistake(
        "error squared",
        "The derivative of e² is 2 e times that of e. You kept the square.",
        *with_gradient("2 / len(error) * slopes.T @ error**2"),
        *with_gradient("1 / len(error) * slopes.T @ error**2"),
    ),
    Mistake(
        "averaged before the product",
        "The mean of a product is not the product of two means. Multiply each example's error by"
        " its own features first.",
        *with_gradient("2 * error.mean() * slopes.mean(axis=0)"),
    ),
    Mistake(
        "factor 1/2",
        "The gradient is half of what it should be: the derivative of e² is 2 e.",
        *with_gradient("1 / len(error) * slopes.T @ error"),
    ),
    Mistake(
        "factor N",
        "This is the gradient of the sum over the batch. L is the mean: divide by N.",
        *with_gradient("2 * slopes.T @ error"),
    ),
    Mistake(
        "factor N/2",
        "The 2 and the 1/N are missing: L is the mean over the batch, and the derivative of e² is"
        " 2 e.",
        *with_gradient("slopes.T @ error"),
    ),
    Mistake(
        "divided by N F instead of N",
        "You averaged over the features, too, or divided by the size of the whole array. L is a"
        " mean over the N examples.",
        *with_gradient("2 / features.size * slopes.T @ error"),
    ),
    Mistake(
        "divided by F instead of N",
        "L is a mean over the N examples. You divided by the number of features.",
        *with_gradient("2 / len(w) * slopes.T @ error"),
    ),
    Mistake(
        "a fixed number instead of N",
        "The batch does not always have that many examples. Divide by len(features).",
        *(
            edit
            for number in (3, 5, 7, 10, 32, 64)
            for edit in with_gradient(f"2 / {number} * slopes.T @ error")
        ),
    ),
    Mistake(
        "summed over the wrong axis",
        "",
        *with_gradient("2 * (error[:, None] * slopes).mean(axis=1)"),
    ),
    Mistake(
        "transposed",
        "",
        {"features.T @": "features @", "slopes.T @": "slopes @"},
        {"features.T @": "features @"},
        {"slopes.T @": "slopes @"},
    ),
)
