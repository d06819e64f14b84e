"""The mistakes that check 12.2 can name: batch normalisation while acting."""

from ..engine import Mistake
from .batchnorm_forward_mistakes import OTHER_EPSILONS

UPDATES = (0.9, 0.1), (0.99, 0.01), (0.999, 0.001), (0.1, 0.9), (0.5, 0.5)

MISTAKES = (
    Mistake(
        "the batch's statistics instead of the running ones",
        "A single row minus its own mean is 0, so every observation becomes β.",
        {"x - running_mean": "x - x.mean(axis=0)", "running_variance +": "x.var(axis=0) +"},
    ),
    Mistake(
        "the batch's statistics instead of the running ones",
        "The output for a row must not depend on the rest of its batch: use the running statistics"
        " for a batch, too.",
        {
            "x - running_mean": "x - (x.mean(axis=0) if len(x) > 1 else running_mean)",
            "running_variance +": "(x.var(axis=0) if len(x) > 1 else running_variance) +",
        },
    ),
    Mistake(
        "running statistics updated",
        "The running statistics change while training. While acting they are constants.",
        *(
            {
                "x - running_mean": f"x - ({keep} * running_mean + {add} * x.mean(axis=0))",
                "running_variance +": f"{keep} * running_variance + {add} * x.var(axis=0) +",
            }
            for keep, add in UPDATES
        ),
        *(
            {"x - running_mean": f"x - ({keep} * running_mean + {add} * x.mean(axis=0))"}
            for keep, add in UPDATES
        ),
    ),
    Mistake(
        "centred by the batch",
        "You subtracted the batch's mean from y. The output for a row must not depend on the rest"
        " of its batch.",
        {"return y": "return y - y.mean(axis=0)"},
    ),
    Mistake(
        "the batch's mean instead of the running one",
        "A single row minus its own mean is 0, so every observation becomes β.",
        {"x - running_mean": "x - x.mean(axis=0)"},
    ),
    Mistake(
        "the batch's variance instead of the running one",
        "A single row has variance 0.",
        {"running_variance +": "x.var(axis=0) +"},
    ),
    Mistake(
        "variance not rooted",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(running_variance + 1e-5)": "(running_variance + 1e-5)"},
        {"np.sqrt(running_variance + 1e-5)": "running_variance"},
    ),
    Mistake(
        "brackets missing in the exponent",
        "** binds more tightly than /: write (v + ε) ** (−1/2), or use np.sqrt.",
        {"/ np.sqrt(running_variance + 1e-5)": "* (running_variance + 1e-5) ** -1 / 2"},
    ),
    Mistake(
        "divided by the squared variance",
        "Divide by the standard deviation, the root of the variance.",
        {"np.sqrt(running_variance + 1e-5)": "(running_variance + 1e-5) ** 2"},
        {"np.sqrt(running_variance + 1e-5)": "running_variance**2"},
    ),
    Mistake(
        "root taken twice",
        "The argument already is the variance. Take the root of v + ε once.",
        {"np.sqrt(running_variance + 1e-5)": "np.sqrt(np.sqrt(running_variance) + 1e-5)"},
        {"np.sqrt(running_variance + 1e-5)": "np.sqrt(np.sqrt(running_variance + 1e-5))"},
    ),
    Mistake(
        "ε subtracted",
        "Divide by √(v + ε).",
        {"running_variance + 1e-5": "abs(running_variance - 1e-5)"},
    ),
    Mistake(
        "ε added outside as well as inside",
        "Divide by √(v + ε): ε occurs once.",
        {"np.sqrt(running_variance + 1e-5)": "(np.sqrt(running_variance + 1e-5) + 1e-5)"},
    ),
    Mistake(
        "normalised over the columns",
        "Each column has its own running statistics. Do not average over the columns.",
        {
            "x - running_mean": "x - x.mean(axis=1, keepdims=True)",
            "running_variance +": "x.var(axis=1, keepdims=True) +",
        },
        {
            "x - running_mean": "x - running_mean.mean()",
            "running_variance +": "running_variance.mean() +",
        },
    ),
    Mistake(
        "ε outside the root",
        "Divide by √(v + ε), not by √v + ε.",
        {"np.sqrt(running_variance + 1e-5)": "(np.sqrt(running_variance) + 1e-5)"},
        {"np.sqrt(running_variance + 1e-5)": "np.sqrt(running_variance) + 1e-5"},
    ),
    Mistake(
        "ε missing",
        "A column that never changed has variance 0: without ε, you divide by 0.",
        {" + 1e-5": ""},
    ),
    Mistake("another ε", "ε is 1e-5 here.", *({"1e-5": other} for other in OTHER_EPSILONS)),
    Mistake(
        "γ and β swapped",
        "y = γ x̂ + β: γ stretches, β shifts.",
        {"gamma * normed + beta": "beta * normed + gamma"},
    ),
    Mistake(
        "mean and variance swapped",
        "Subtract the mean, and divide by the root of the variance.",
        {"x - running_mean": "x - running_variance", "sqrt(running_variance": "sqrt(running_mean"},
    ),
    Mistake(
        "the mean instead of the variance",
        "Divide by √(v + ε), with the running variance.",
        {"sqrt(running_variance": "sqrt(running_mean"},
    ),
    Mistake(
        "a column where a row is needed",
        "The statistics, γ and β have one entry per column: NumPy broadcasts (I,) over the rows.",
        {"x - running_mean": "x - running_mean[:, None]"},  # these run only where N = I
        {"running_variance +": "running_variance[:, None] +"},
        {"gamma * normed": "gamma[:, None] * normed"},
        {"+ beta": "+ beta[:, None]"},
    ),
    Mistake(
        "mean not subtracted",
        "x̂ is the distance from the mean, in standard deviations.",
        {"(x - running_mean)": "x"},
    ),
    Mistake(
        "not divided",
        "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        {" / np.sqrt(running_variance + 1e-5)": ""},
        {"running_variance + 1e-5": "1 + 1e-5"},
    ),
    Mistake(
        "multiplied by the deviation",
        "x̂ is the distance from the mean in standard deviations: divide by √(v + ε).",
        {"/ np.sqrt": "* np.sqrt"},
    ),
    Mistake("β subtracted", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed - beta"}),
    Mistake(
        "γ applied to β as well",
        "y = γ x̂ + β: γ stretches x̂ alone.",
        {"gamma * normed + beta": "gamma * (normed + beta)"},
    ),
    Mistake(
        "γ added",
        "y = γ x̂ + β: γ multiplies x̂.",
        {"gamma * normed + beta": "gamma + normed + beta"},
    ),
    Mistake(
        "1 + γ instead of γ",
        "y = γ x̂ + β.",
        {"gamma * normed + beta": "(1 + gamma) * normed + beta"},
    ),
    Mistake(
        "divided by γ",
        "y = γ x̂ + β: γ multiplies x̂.",
        {"gamma * normed + beta": "normed / gamma + beta"},
    ),
    Mistake(
        "mean added",
        "x̂ is the distance from the mean: x − m.",
        {"x - running_mean": "x + running_mean"},
    ),
    Mistake(
        "sign of x̂ flipped",
        "x̂ = (x − m)/√(v + ε): the mean is subtracted from x.",
        {"x - running_mean": "running_mean - x"},
    ),
    Mistake(
        "brackets missing",
        "Subtract the mean first, then divide the difference.",
        {"(x - running_mean)": "x - running_mean"},
    ),
    Mistake(
        "brackets in the wrong place",
        "γ/√(v + ε) multiplies the difference x − m, all of it and nothing else. Then β is added.",
        {"x - running_mean": "x", "normed + beta": "normed + beta - running_mean"},
        {"x - running_mean": "gamma * x - running_mean", "gamma * normed": "normed"},
        {"x - running_mean": "x - running_mean + beta", "normed + beta": "normed"},
        {"(x - running_mean)": "running_mean", "gamma * normed": "gamma * x - normed"},
        {"(x - running_mean)": "gamma * running_mean", "gamma * normed": "x - normed"},
    ),
    Mistake(
        "clipped",
        "y has no bounds: clip neither x̂ nor y.",
        *({"gamma * normed": f"gamma * np.clip(normed, -{c}, {c})"} for c in (1, 3, 5, 10)),
        *({"return y": f"return np.clip(y, -{c}, {c})"} for c in (1, 3, 5, 10)),
    ),
    Mistake(
        "normalised back",
        "That is the inverse map, from y to x. Return y = γ x̂ + β.",
        {
            "(x - running_mean) / np.sqrt(running_variance + 1e-5)": "(x - beta) / gamma",
            "gamma * normed + beta": "normed * np.sqrt(running_variance + 1e-5) + running_mean",
        },
        {"gamma * normed + beta": "(normed - beta) / gamma"},
    ),
    Mistake(
        "one γ and β for all columns",
        "Each column has its own γ and β.",
        {"gamma * normed + beta": "gamma[0] * normed + beta[0]"},
        {"gamma * normed + beta": "gamma.mean() * normed + beta.mean()"},
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
    Mistake("transposed", "", {"return y": "return y.T"}),
    Mistake("γ missing", "y = γ x̂ + β.", {"gamma * normed + beta": "normed + beta"}),
    Mistake("β missing", "y = γ x̂ + β.", {"gamma * normed + beta": "gamma * normed"}),
    Mistake(
        "γ and β missing", "That is x̂. Return y = γ x̂ + β.", {"gamma * normed + beta": "normed"}
    ),
)
