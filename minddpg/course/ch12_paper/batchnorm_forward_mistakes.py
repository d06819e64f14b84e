"""The mistakes that check 12.1 can name in batchnorm_forward."""

from ..engine import Mistake

VARIANCE = "((x - mean) ** 2).mean(axis=0)"
FIRST_TWO = "inside = grad_y - grad_y.mean(axis=0)"
COLUMNS = "All columns share one mean or one variance. Each column has its own: axis 0."
ROWS = "You normalised each row over its columns. Normalise each column over the batch."
MEANS = "m and v are means over the N rows of the batch."
BY_ROW = "mean(axis=1, keepdims=True)"
OTHER_EPSILONS = (
    "1e5",
    "1e-2",
    "1e-3",
    "1e-4",
    "2e-5",
    "5e-6",
    "1e-6",
    "1e-7",
    "1e-8",
    "1e-10",
    "1e-12",
)

MISTAKES = (
    Mistake(
        "y instead of x̂ in the cache",
        "The cache holds y where x̂ belongs. If you made y from x̂ in place, with *= and +=, both are"
        " one array: make a new one for y.",
        {"y = gamma * normed + beta": "y = normed\n    y *= gamma\n    y += beta"},
    ),
    Mistake(
        "x instead of x̂ in the cache",
        "batchnorm_backward needs the normalised x̂, but your cache gives it x.",
        {"return y, (normed,": "return y, (x,"},
    ),
    Mistake(
        "unbiased variance",
        "You divided the variance by N − 1. While training, divide by N.",
        {"((x - mean) ** 2).mean(axis=0)": "x.var(axis=0, ddof=1)"},
        {  # with its own derivative
            "((x - mean) ** 2).mean(axis=0)": "x.var(axis=0, ddof=1)",
            "normed).mean(axis=0)": "normed).sum(axis=0) / (len(grad_y) - 1)",
        },
    ),
    Mistake(
        "ε missing",
        "Without ε, a column that is constant is divided by 0.",
        {"variance + 1e-5": "variance"},
    ),
    Mistake(
        "ε outside the root",
        "Divide by √(v + ε), not by √v + ε.",
        {"np.sqrt(variance + 1e-5)": "np.sqrt(variance) + 1e-5"},
    ),
    Mistake(
        "ε added outside as well as inside",
        "Divide by √(v + ε): ε occurs once.",
        {"(x - mean) / s": "(x - mean) / (s + 1e-5)"},
        {"np.sqrt(variance + 1e-5)": "np.sqrt(variance + 1e-5) + 1e-5"},
    ),
    Mistake("another ε", "ε is 1e-5 here.", *({"1e-5": other} for other in OTHER_EPSILONS)),
    Mistake(
        "variance 0",
        "v is 0 in your code. The mean of x − m is always 0: take the mean of its square.",
        {"((x - mean) ** 2)": "(x - mean)"},
    ),
    Mistake(
        "distances not squared",
        "v is the mean of (x − m)², not of |x − m|.",
        {"((x - mean) ** 2)": "abs(x - mean)"},
    ),
    Mistake(
        "median instead of mean",
        MEANS,
        {"x.mean(axis=0)": "np.median(x, axis=0)"},
        {"x.mean(axis=0)": "np.median(x, axis=0)", VARIANCE: "x.var(axis=0)"},
    ),
    Mistake(
        "root taken twice",
        "v already is the variance. Take the root of v + ε once.",
        {"np.sqrt(variance + 1e-5)": "np.sqrt(np.sqrt(variance) + 1e-5)"},
    ),
    Mistake(
        "sum instead of mean",
        MEANS,
        {"x.mean(axis=0)": "x.sum(axis=0)"},
        {"** 2).mean(axis=0)": "** 2).sum(axis=0)"},
    ),
    Mistake(
        "mean not subtracted in the variance",
        "v is the mean of (x − m)², not of x².",
        {"((x - mean) ** 2)": "(x**2)"},
    ),
    Mistake("not divided", "x̂ is divided by √(v + ε).", {"(x - mean) / s": "x - mean"}),
    Mistake(
        "multiplied by the deviation",
        "x̂ is divided by √(v + ε).",
        {"(x - mean) / s": "(x - mean) * s"},
        {  # with the right gradient of x
            "(x - mean) / s": "(x - mean) * s",
            "normed * (grad_y * normed).mean(axis=0)": (
                "normed / s**4 * (grad_y * normed).mean(axis=0)"
            ),
        },
    ),
    Mistake(
        "brackets missing in x̂",
        "Subtract the mean first, then divide the difference.",
        {"(x - mean) / s": "x - mean / s"},
    ),
    Mistake("β subtracted", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed - beta"}),
    Mistake(
        "variance not rooted",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(variance + 1e-5)": "variance + 1e-5"},
    ),
    Mistake(
        "mean not subtracted",
        "x̂ has mean 0 in every column.",
        {"normed = (x - mean) / s": "normed = x / s"},
    ),
    Mistake(
        "normalised over the wrong axis",
        ROWS,
        {"x.mean(axis=0)": f"x.{BY_ROW}", "** 2).mean(axis=0)": f"** 2).{BY_ROW}"},
        {"x.mean(axis=0)": "x.mean(axis=1)", "** 2).mean(axis=0)": "** 2).mean(axis=1)"},
        {  # layer normalisation, with its own derivative
            "x.mean(axis=0)": f"x.{BY_ROW}",
            "** 2).mean(axis=0)": f"** 2).{BY_ROW}",
            FIRST_TWO: f"g = gamma * grad_y\n    inside = g - g.{BY_ROW}",
            "(grad_y * normed).mean(axis=0)": f"(g * normed).{BY_ROW}",
            "gamma / s * inside": "inside / s",
        },
        {"x.mean(axis=0)": f"x.{BY_ROW}"},
        {"** 2).mean(axis=0)": f"** 2).{BY_ROW}"},
    ),
    Mistake(
        "normalised over all entries",
        COLUMNS,
        {"x.mean(axis=0)": "x.mean()", "** 2).mean(axis=0)": "** 2).mean()"},
        {  # with its own derivative
            "x.mean(axis=0)": "x.mean()",
            "** 2).mean(axis=0)": "** 2).mean()",
            FIRST_TWO: "g = gamma * grad_y\n    inside = g - g.mean()",
            "(grad_y * normed).mean(axis=0)": "(g * normed).mean()",
            "gamma / s * inside": "inside / s",
        },
        {"x.mean(axis=0)": "x.mean()"},
        {"x.mean(axis=0)": "x.mean()", VARIANCE: "x.var(axis=0)"},
        {"** 2).mean(axis=0)": "** 2).mean()"},
        {VARIANCE: "x.var()"},
    ),
    Mistake(
        "sign of x̂ flipped",
        "x̂ = (x − m)/√(v + ε): the mean is subtracted from x.",
        {"(x - mean) / s": "(mean - x) / s"},
        {"(x - mean) / s": "(mean - x) / s", "gamma / s * inside": "-gamma / s * inside"},
    ),
    Mistake(
        "γ applied to β as well",
        "y = γ x̂ + β: γ stretches x̂ alone.",
        {"gamma * normed + beta": "gamma * (normed + beta)"},
    ),
    Mistake(
        "matrix product instead of γ x̂",
        "γ multiplies each column: use *, not @.",
        {"gamma * normed + beta": "normed @ gamma + beta"},  # runs only where N = I
        {"gamma * normed + beta": "normed @ gamma"},
    ),
    Mistake(
        "x instead of x̂",
        "γ multiplies x̂, the normalised x.",
        {"gamma * normed + beta": "gamma * x + beta"},
    ),
    Mistake(
        "γ and β missing", "That is x̂. Return y = γ x̂ + β.", {"gamma * normed + beta": "normed"}
    ),
    Mistake("β missing", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed"}),
    Mistake("γ missing", "y = γ x̂ + β.", {"gamma * normed + beta": "normed + beta"}),
    Mistake("γ and β swapped", "y = γ x̂ + β.", {"gamma * normed + beta": "beta * normed + gamma"}),
)
