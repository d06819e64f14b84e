"""The mistakes that check 12.1 can name in batchnorm_backward."""

from ..engine import Mistake

X_KEPT = {
    "return y, (normed,": "return y, (x, normed,",
    "normed, s, gamma = cache": "x, normed, s, gamma = cache",
}
OF_MEAN, OF_VARIANCE = "grad_y.mean(axis=0)", "normed * (grad_y * normed).mean(axis=0)"

MISTAKES = (
    Mistake(
        "mean held constant",
        "x also changes the batch's mean, and so every row. The term of the mean is missing.",
        {" - grad_y.mean(axis=0)": ""},
    ),
    Mistake(
        "variance held constant",
        "x also changes the batch's variance, and so every row. The term of the variance is"
        " missing.",
        {" - normed * (grad_y * normed).mean(axis=0)": ""},
    ),
    Mistake(
        "missing chain term",
        "You held both mean and variance constant. That is correct while acting; while training"
        " they depend on x.",
        {" - grad_y.mean(axis=0) - normed * (grad_y * normed).mean(axis=0)": ""},
    ),
    Mistake(
        "sums instead of means inside",
        "The terms of mean and variance each contain 1/N.",
        {
            "grad_y.mean(axis=0)": "grad_y.sum(axis=0)",
            "normed).mean(axis=0)": "normed).sum(axis=0)",
        },
    ),
    Mistake(
        "sums instead of means inside",
        "The term of the mean contains 1/N, too.",
        {"grad_y.mean(axis=0)": "grad_y.sum(axis=0)"},
    ),
    Mistake(
        "sums instead of means inside",
        "The term of the variance contains 1/N, too.",
        {"normed).mean(axis=0)": "normed).sum(axis=0)"},
    ),
    Mistake(
        "sums over the wrong axis inside",
        "Each column is normalised separately, so its means run over the batch, axis 0.",
        {
            "grad_y.mean(axis=0)": "grad_y.mean(axis=1, keepdims=True)",
            "normed).mean(axis=0)": "normed).mean(axis=1, keepdims=True)",
        },
        {OF_MEAN: "grad_y.mean(axis=1, keepdims=True)"},
        {"normed).mean(axis=0)": "normed).mean(axis=1, keepdims=True)"},
    ),
    Mistake(
        "mean over all entries inside",
        "Each column is normalised separately, so its means run over the batch alone, axis 0.",
        {OF_MEAN: "grad_y.mean()"},
        {"normed).mean(axis=0)": "normed).mean()"},
        {OF_MEAN: "grad_y.mean()", "normed).mean(axis=0)": "normed).mean()"},
    ),
    Mistake(
        "1/(N − 1) inside",
        "The terms of mean and variance each contain 1/N.",
        {
            OF_MEAN: "grad_y.sum(axis=0) / (len(grad_y) - 1)",
            "normed).mean(axis=0)": "normed).sum(axis=0) / (len(grad_y) - 1)",
        },
        {OF_MEAN: "grad_y.sum(axis=0) / (len(grad_y) - 1)"},
        {"normed).mean(axis=0)": "normed).sum(axis=0) / (len(grad_y) - 1)"},
    ),
    Mistake(
        "1/N counted twice",
        "The mean's term already contains the row's own share of the mean, so the direct term has"
        " the factor 1, not 1 − 1/N.",
        {"inside = grad_y - ": "inside = (1 - 1 / len(grad_y)) * grad_y - "},
    ),
    Mistake(
        "brackets missing",
        "γ/√(v + ε) multiplies all three terms.",
        {"gamma / s * inside": "inside + (gamma / s - 1) * grad_y"},
    ),
    Mistake(
        "direct term missing",
        "x_j also changes its own row directly: this is the first of the three terms.",
        {"inside = grad_y - ": "inside = -"},
    ),
    Mistake(
        "x̂ missing inside the variance's term",
        "The term of the variance is x̂ times the mean of g x̂, not times the mean of g.",
        {"(grad_y * normed).mean(axis=0)": "grad_y.mean(axis=0)"},
    ),
    Mistake(
        "mean missing in the variance's term",
        "The variance depends on all rows: take the mean of g x̂ over the batch, then multiply it by"
        " each row's own x̂.",
        {"(grad_y * normed).mean(axis=0)": "(grad_y * normed)"},
        {"(grad_y * normed).mean(axis=0)": "(grad_y * normed) / len(grad_y)"},
        {OF_VARIANCE: "normed / len(grad_y)"},
        {OF_VARIANCE: "normed"},
    ),
    Mistake(
        "x̂ taken out of the mean",
        "The term of the variance is x̂ times the mean of g x̂. x̂ differs from row to row, so it"
        " stays inside the mean.",
        {OF_VARIANCE: "normed**2 * grad_y.mean(axis=0)"},
    ),
    Mistake(
        "x not centred in the variance's term",
        "The derivative of (x − m)² is 2 (x − m), not 2 x.",
        {**X_KEPT, OF_VARIANCE: "x / s * (grad_y * normed).mean(axis=0)"},
    ),
    Mistake(
        "1/N twice in the variance's term",
        "The terms of mean and variance each contain one 1/N.",
        {OF_VARIANCE: f"{OF_VARIANCE} / len(grad_y)"},
    ),
    Mistake(
        "factor 2 in the variance's term",
        "The square brings a 2, and the root a ½: together they are 1.",
        {OF_VARIANCE: f"2 * {OF_VARIANCE}"},
    ),
    Mistake(
        "factor 1/2 in the variance's term",
        "The root brings a ½, and the square a 2: together they are 1.",
        {OF_VARIANCE: f"0.5 * {OF_VARIANCE}"},
    ),
    Mistake(
        "wrong power of √(v + ε) in the variance's term",
        "The derivative of (v + ε)^(−1/2) is −½ (v + ε)^(−3/2).",
        {OF_VARIANCE: f"s * {OF_VARIANCE}"},
        {OF_VARIANCE: f"s**1.5 * {OF_VARIANCE}"},
        {OF_VARIANCE: f"s**2 * {OF_VARIANCE}"},
        {OF_VARIANCE: f"{OF_VARIANCE} / s"},
        {OF_VARIANCE: f"{OF_VARIANCE} / s**2"},
    ),
    Mistake(
        "ε missing in the backward pass",
        "The forward pass divides by √(v + ε), so v + ε is in the gradient as well.",
        {OF_VARIANCE: f"(s**2 / (s**2 - 1e-5)) ** 1.5 * {OF_VARIANCE}"},
        {"return y, (normed, s,": "return y, (normed, np.sqrt(variance),"},
        {"return y, (normed, s,": "return y, ((x - mean) / np.sqrt(variance), np.sqrt(variance),"},
    ),
    Mistake(
        "x̂ missing in the variance's term",
        "The path through the variance ends in the factor x̂_j, the row's own share of it.",
        {"normed * (grad_y": "(grad_y"},
    ),
    Mistake(
        "wrong sign of the terms",
        "The terms of mean and variance are subtracted from the direct one.",
        {"- grad_y.mean": "+ grad_y.mean", "- normed *": "+ normed *"},
    ),
    Mistake(
        "wrong sign of the mean's term",
        "The mean is subtracted, so its term is subtracted, too.",
        {"- grad_y.mean": "+ grad_y.mean"},
    ),
    Mistake(
        "wrong sign of the variance's term",
        "A larger variance makes x̂ smaller, so its term is subtracted.",
        {"- normed *": "+ normed *"},
    ),
    Mistake(
        "γ missing in grad_x",
        "γ multiplies x̂ in y, so it also multiplies the gradient with respect to x.",
        {"gamma / s * inside": "inside / s"},
    ),
    Mistake(
        "γ/√(v + ε) missing in grad_x",
        "y = γ (x − m)/√(v + ε) + β, so γ/√(v + ε) multiplies the gradient, too.",
        {"gamma / s * inside": "inside"},
    ),
    Mistake(
        "multiplied by √(v + ε) in grad_x",
        "x was divided by √(v + ε), so the gradient is, too.",
        {"gamma / s * inside": "gamma * s * inside"},
        {"gamma / s * inside": "s * inside"},
    ),
    Mistake(
        "γ and √(v + ε) swapped in grad_x",
        "The factor is γ/√(v + ε), and yours is upside down. Do you unpack the cache in the order"
        " in which you packed it?",
        {"gamma / s * inside": "s / gamma * inside"},
    ),
    Mistake(
        "γ twice in grad_x",
        "γ multiplies x̂ once, so it multiplies the gradient once.",
        {"gamma / s * inside": "gamma**2 / s * inside"},
    ),
    Mistake(
        "divided by γ in grad_x",
        "x̂ is multiplied by γ, so the gradient is, too.",
        {"gamma / s * inside": "inside / (gamma * s)"},
    ),
    Mistake(
        "1/√(v + ε) missing in grad_x",
        "x was divided by √(v + ε), so the gradient is, too.",
        {"gamma / s * inside": "gamma * inside"},
    ),
    Mistake(
        "divided by the variance",
        "x was divided by √(v + ε), not by v + ε.",
        {"gamma / s * inside": "gamma / s**2 * inside"},
        {"gamma / s * inside": "gamma / (s**2 - 1e-5) * inside"},
    ),
    Mistake(
        "grad_gamma without x̂",
        "y contains γ times x̂: multiply the gradient by x̂ before the sum.",
        {"(grad_y * normed).sum(axis=0)": "grad_y.sum(axis=0)"},
    ),
    Mistake(
        "grad_gamma with x instead of x̂",
        "γ multiplies x̂, the normalised x.",
        {**X_KEPT, "grad_gamma = (grad_y * normed)": "grad_gamma = (grad_y * x)"},
    ),
    Mistake(
        "summed over all entries",
        "Each column has its own γ and β: sum over the batch alone, axis 0.",
        {"(grad_y * normed).sum(axis=0)": "(grad_y * normed).sum()"},
        {"grad_y.sum(axis=0)": "grad_y.sum()"},
        {
            "(grad_y * normed).sum(axis=0)": "(grad_y * normed).sum()",
            "grad_y.sum(axis=0)": "grad_y.sum()",
        },
    ),
    Mistake(
        "grad_gamma not divided by √(v + ε)",
        "γ multiplies x̂ = (x − m)/√(v + ε), not x − m.",
        {"grad_gamma = (grad_y * normed)": "grad_gamma = (grad_y * normed * s)"},
    ),
    Mistake(
        "arriving gradient missing",
        "",
        {"grad_beta = grad_y.sum(axis=0)": "grad_beta = np.ones_like(gamma)"},
        {"grad_beta = grad_y.sum(axis=0)": "grad_beta = np.full_like(gamma, len(grad_y))"},
    ),
    Mistake(
        "results in another order",
        "Return dL/dx first, then dL/dgamma, then dL/dbeta.",
        *(
            {"return grad_x, grad_gamma, grad_beta": f"return {order}"}
            for order in (
                "grad_x, grad_beta, grad_gamma",
                "grad_gamma, grad_beta, grad_x",
                "grad_gamma, grad_x, grad_beta",
                "grad_beta, grad_gamma, grad_x",
                "grad_beta, grad_x, grad_gamma",
            )
        ),
    ),
    Mistake(
        "grad_gamma multiplied by γ",
        "y = γ x̂ + β: the derivative in γ is x̂, without γ.",
        {"(grad_y * normed).sum(axis=0)": "gamma * (grad_y * normed).sum(axis=0)"},
    ),
    Mistake(
        "grad_beta multiplied by γ",
        "y = γ x̂ + β: the derivative in β is 1.",
        {"grad_beta = grad_y": "grad_beta = gamma * grad_y"},
    ),
    Mistake(
        "averaged over the batch",
        "γ and β are shared by all rows: sum over the batch. The incoming gradient already contains"
        " any 1/N of the loss.",
        {
            "grad_gamma = (grad_y * normed).sum": "grad_gamma = (grad_y * normed).mean",
            "grad_beta = grad_y.sum": "grad_beta = grad_y.mean",
        },
        {"grad_gamma = (grad_y * normed).sum": "grad_gamma = (grad_y * normed).mean"},
        {"grad_beta = grad_y.sum": "grad_beta = grad_y.mean"},
    ),
)
