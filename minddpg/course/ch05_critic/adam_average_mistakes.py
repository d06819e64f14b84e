"""The mistakes of exercise 05.5, a step of Adam: its two running averages, m and v."""

from ..engine import Mistake

MISTAKES_OF_THE_AVERAGES = (
    Mistake(
        "corrected averages kept",
        "m̂ and v̂ are for this step only. The next step starts from m and v: return those.",
        {"return theta, mean, square": "return theta, mean_hat, square_hat"},
        {"return theta, mean, square": "return theta, mean_hat, square"},
        {"return theta, mean, square": "return theta, mean, square_hat"},
    ),
    Mistake(
        "averages not kept",
        "You return m and v as they were given. The next step needs the new ones.",
        {
            "    mean =": "    old = mean, square\n    mean =",
            "theta, mean, square\n": "theta, *old\n",
        },
        {
            "    square =": "    old = square\n    square =",
            "return theta, mean, square": "return theta, mean, old",
        },
        {
            "    mean =": "    old = mean\n    mean =",
            "theta, mean, square\n": "theta, old, square\n",
        },
    ),
    Mistake(
        "averages of the step before",
        "You moved θ by the old averages. Update m and v with this gradient first, then take the"
        " step.",
        {
            "    mean =": "    old_mean, old_square = mean, square\n    mean =",
            "mean / (1": "old_mean / (1",
            "square / (1": "old_square / (1",
        },
        {"    mean =": "    old = mean\n    mean =", "mean / (1": "old / (1"},
        {"    square =": "    old = square\n    square =", "square / (1": "old / (1"},
    ),
    Mistake(
        "v never falls",
        "v is a running average of g²: where gradients become small, it falls again.",
        {
            "    mean_hat": "    square = np.maximum(square, old)\n    mean_hat",
            "    mean =": "    old = square\n    mean =",
        },
    ),
    Mistake(
        "one v for all parameters",
        "v has an entry for each parameter, the average of the square of its own gradient.",
        {"grad**2": "(grad @ grad)"},
        {"grad**2": "np.mean(grad**2)"},
    ),
    Mistake(
        "β1 and β2 swapped",
        "m uses β1 = 0.9, and v uses β2 = 0.999.",
        {
            "mean = 0.9 * mean + (1 - 0.9)": "mean = 0.999 * mean + (1 - 0.999)",
            "square = 0.999 * square + (1 - 0.999)": "square = 0.9 * square + (1 - 0.9)",
            "mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)",
            "square / (1 - 0.999**step)": "square / (1 - 0.9**step)",
        },
        {
            "mean = 0.9 * mean + (1 - 0.9)": "mean = 0.999 * mean + (1 - 0.999)",
            "square = 0.999 * square + (1 - 0.999)": "square = 0.9 * square + (1 - 0.9)",
        },
        {
            "mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)",
            "square / (1 - 0.999**step)": "square / (1 - 0.9**step)",
        },
    ),
    Mistake(
        "one β for both",
        "There are two: m uses β1 = 0.9, and v uses β2 = 0.999.",
        {
            "0.999 * square + (1 - 0.999)": "0.9 * square + (1 - 0.9)",
            "square / (1 - 0.999**step)": "square / (1 - 0.9**step)",
        },
        {
            "0.9 * mean + (1 - 0.9)": "0.999 * mean + (1 - 0.999)",
            "mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)",
        },
        {"square / (1 - 0.999**step)": "square / (1 - 0.9**step)"},
        {"mean / (1 - 0.9**step)": "mean / (1 - 0.999**step)"},
        {"0.999 * square + (1 - 0.999)": "0.9 * square + (1 - 0.9)"},
        {"0.9 * mean + (1 - 0.9)": "0.999 * mean + (1 - 0.999)"},
    ),
    Mistake(
        "another β",
        "β1 is 0.9, and β2 is 0.999.",
        {
            "0.999 * square + (1 - 0.999)": "0.99 * square + (1 - 0.99)",
            "square / (1 - 0.999**step)": "square / (1 - 0.99**step)",
        },
        {"0.999 * square + (1 - 0.999)": "0.99 * square + (1 - 0.99)"},
        {"square / (1 - 0.999**step)": "square / (1 - 0.99**step)"},
        {"0.9 * mean + (1 - 0.9)": "0.99 * mean + (1 - 0.99)"},
        {"0.9 * mean + (1 - 0.9)": "0.95 * mean + (1 - 0.95)"},
        {"0.9 * mean + (1 - 0.9)": "0.5 * mean + (1 - 0.5)"},
        {
            "0.9 * mean + (1 - 0.9)": "0.99 * mean + (1 - 0.99)",
            "mean / (1 - 0.9**step)": "mean / (1 - 0.99**step)",
        },
    ),
    Mistake(
        "β and 1 − β swapped",
        "A running average is β times its old value plus 1 − β times the new one.",
        {
            "0.9 * mean + (1 - 0.9) * grad": "(1 - 0.9) * mean + 0.9 * grad",
            "0.999 * square + (1 - 0.999) * grad": "(1 - 0.999) * square + 0.999 * grad",
        },
        {"0.9 * mean + (1 - 0.9) * grad": "(1 - 0.9) * mean + 0.9 * grad"},
        {"0.999 * square + (1 - 0.999) * grad": "(1 - 0.999) * square + 0.999 * grad"},
    ),
    Mistake(
        "1 − β missing",
        "A new value enters an average with the weight 1 − β. Without it, you have a growing sum.",
        {"(1 - 0.9) * grad": "grad", "(1 - 0.999) * grad": "grad"},
        {"(1 - 0.9) * grad": "grad"},
        {"(1 - 0.999) * grad": "grad"},
    ),
    Mistake(
        "β missing",
        "Multiply the old average by β before you add the new value.",
        {"0.9 * mean +": "mean +", "0.999 * square +": "square +"},
        {"0.9 * mean +": "mean +"},
        {"0.999 * square +": "square +"},
    ),
    Mistake(
        "weights that do not add up to 1",
        "A running average is β times its old value plus 1 − β times the new one.",
        {"(1 - 0.9) * grad": "0.9 * grad", "(1 - 0.999) * grad": "0.999 * grad"},
        {"(1 - 0.9) * grad": "0.9 * grad"},
        {"(1 - 0.999) * grad": "0.999 * grad"},
        {"(1 - 0.999) * grad": "(1 - 0.9) * grad"},
        {"(1 - 0.999) * grad": "(1 - 0.99) * grad"},
        {"0.999 * square": "0.99 * square"},
        {"0.999 * square": "0.9 * square"},
        {"0.9 * mean": "0.99 * mean"},
    ),
    Mistake(
        "minus instead of plus",
        "The new gradient is added to the average.",
        {"mean + (1 - 0.9)": "mean - (1 - 0.9)"},
    ),
    Mistake(
        "averages not updated",
        "Update m and v with the new gradient before you use them.",
        {
            "    mean = 0.9 * mean + (1 - 0.9) * grad\n": "",
            "    square = 0.999 * square + (1 - 0.999) * grad**2\n": "",
        },
        {"    mean = 0.9 * mean + (1 - 0.9) * grad\n": ""},
        {"    square = 0.999 * square + (1 - 0.999) * grad**2\n": ""},
        {" + (1 - 0.9) * grad": ""},
        {" + (1 - 0.999) * grad**2": ""},
    ),
    Mistake(
        "old average forgotten",
        "A running average contains β times its old value. Yours forgets it at each step.",
        {"0.9 * mean + ": "", "0.999 * square + ": ""},
        {"0.9 * mean + ": ""},
        {"0.999 * square + ": ""},
    ),
    Mistake(
        "no average",
        "m and v are running averages. You returned the gradient, or its square, as it is.",
        {
            "0.9 * mean + (1 - 0.9) * grad": "grad",
            "0.999 * square + (1 - 0.999) * grad**2": "grad**2",
        },
        {"0.9 * mean + (1 - 0.9) * grad": "grad"},
        {"0.999 * square + (1 - 0.999) * grad**2": "grad**2"},
    ),
    Mistake(
        "square missing",
        "v averages g², which is never negative: √v̂ is the typical size of a gradient.",
        {"grad**2": "grad"},
        {"grad**2": "np.abs(grad)"},
    ),
    Mistake(
        "m squared instead of g",
        "v averages the square of the gradient itself, not of its average.",
        {"grad**2": "mean**2"},
    ),
    Mistake(
        "gradient averaged over the parameters",
        "Each parameter has its own gradient, and its own entry of m.",
        {"(1 - 0.9) * grad": "(1 - 0.9) * grad.mean()"},
    ),
    Mistake(
        "brackets around the whole average",
        "β multiplies the old average alone: β m + (1 − β) g.",
        {
            "0.9 * mean + (1 - 0.9) * grad": "0.9 * (mean + (1 - 0.9) * grad)",
            "0.999 * square + (1 - 0.999) * grad**2": "0.999 * (square + (1 - 0.999) * grad**2)",
        },
        {"0.9 * mean + (1 - 0.9) * grad": "0.9 * (mean + (1 - 0.9) * grad)"},
        {"0.999 * square + (1 - 0.999) * grad**2": "0.999 * (square + (1 - 0.999) * grad**2)"},
    ),
    Mistake(
        "1 − β2 squared too",
        "v averages g²: only the gradient is squared, not its weight.",
        {"(1 - 0.999) * grad**2": "((1 - 0.999) * grad) ** 2"},
    ),
    Mistake(
        "variance instead of the mean square",
        "v averages g² itself, not the square of its distance from m.",
        {"grad**2": "(grad - mean) ** 2"},
    ),
    Mistake(
        "squares summed over all steps",
        "v is a running average, not a sum over all steps: multiply its old value by β2.",
        {"0.999 * square + (1 - 0.999) * grad**2": "square + grad**2"},
    ),
    Mistake(
        "averages begin with the first gradient",
        "m and v start at 0, and the correction by 1 − β^t makes up for it.",
        *(
            {"    mean_hat": f"    if step == 1:\n        {first}\n    mean_hat"}
            for first in ("mean = grad", "square = grad**2", "mean, square = grad, grad**2")
        ),
    ),
)
