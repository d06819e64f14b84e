"""The mistakes of exercise 05.5, a step of Adam."""

from ..engine import Mistake

MISTAKES = (
    Mistake(
        "no bias correction",
        "m and v start at 0 and are too small at first: divide them by 1 − β^t before use.",
        {" / (1 - 0.9**step)": "", " / (1 - 0.999**step)": ""},
    ),
    Mistake(
        "correction of the mean only",
        "v starts at 0 as well: divide it, too, by 1 − β2^t before use.",
        {" / (1 - 0.999**step)": ""},
    ),
    Mistake(
        "correction of the square only",
        "m starts at 0 as well: divide it, too, by 1 − β1^t before use.",
        {" / (1 - 0.9**step)": ""},
    ),
    Mistake(
        "t off by one",
        "At the first step t is 1, and m̂ is the gradient itself. Use step as it is given.",
        {"0.9**step": "0.9 ** (step - 1.0)", "0.999**step": "0.999 ** (step - 1.0)"},
        {"0.9**step": "0.9 ** (step + 1)", "0.999**step": "0.999 ** (step + 1)"},
    ),
    Mistake(
        "t off by one in one correction",
        "Both corrections are by 1 − β^t, with step as it is given.",
        *(
            {f"{beta}**step": f"{beta} ** (step {sign} 1.0)"}
            for beta in ("0.9", "0.999")
            for sign in "+-"
        ),
    ),
    Mistake(
        "t missing in the correction",
        "1 − β is correct at the first step alone. The correction is by 1 − β^t, and fades as t"
        " grows.",
        {"0.9**step": "0.9", "0.999**step": "0.999"},
        {"0.9**step": "0.9"},
        {"0.999**step": "0.999"},
    ),
    Mistake(
        "correction multiplied instead of divided",
        "m and v start too small, and 1 − β^t is less than one: divide by it.",
        {"/ (1 - 0.9**step)": "* (1 - 0.9**step)", "/ (1 - 0.999**step)": "* (1 - 0.999**step)"},
        {"/ (1 - 0.9**step)": "* (1 - 0.9**step)"},
        {"/ (1 - 0.999**step)": "* (1 - 0.999**step)"},
    ),
    Mistake(
        "1 + β^t instead of 1 − β^t",
        "m and v start at 0, so that they are too small by 1 − β^t.",
        {"1 - 0.9**step": "1 + 0.9**step", "1 - 0.999**step": "1 + 0.999**step"},
        {"1 - 0.9**step": "1 + 0.9**step"},
        {"1 - 0.999**step": "1 + 0.999**step"},
    ),
    Mistake(
        "β^t instead of 1 − β^t",
        "m and v start at 0, so that they are too small by 1 − β^t.",
        {"(1 - 0.9**step)": "0.9**step", "(1 - 0.999**step)": "0.999**step"},
        {"(1 - 0.9**step)": "0.9**step"},
        {"(1 - 0.999**step)": "0.999**step"},
    ),
    Mistake(
        "corrected averages kept",
        "m̂ and v̂ serve this step only. The next one starts from m and v as they are.",
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
    ),
    Mistake(
        "ε under the root",
        "ε is added to √v̂, not to v̂: look at the entry whose gradient is tiny.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat + 1e-8)"},
    ),
    Mistake(
        "another ε",
        "ε is 1e-8 here. Other libraries take other numbers; where a gradient is tiny, the steps"
        " differ.",
        *(
            {"1e-8": epsilon}
            for epsilon in (
                "1e-12",
                "1e-10",
                "1e-9",
                "2e-8",
                "1e-7",
                "1e-6",
                "1e-5",
                "1e-4",
                "1e-3",
            )
        ),
    ),
    Mistake(
        "the larger of root and ε",
        "ε is added to √v̂. You took the larger of the two.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.maximum(np.sqrt(square_hat), 1e-8)"},
    ),
    Mistake(
        "brackets missing around √v̂ + ε",
        "Division comes before addition: you divided by √v̂, and added ε to θ.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat) + 1e-8"},
    ),
    Mistake(
        "multiplied by the root",
        "The step is divided by √v̂ + ε: parameters with large gradients take steps of the same"
        " size as others.",
        {"mean_hat / (np": "mean_hat * (np"},
    ),
    Mistake(
        "ε beside the uncorrected root",
        "Some libraries do so; in algorithm 1, ε is added to the root of v̂. Where a gradient is"
        " tiny, the two differ.",
        {
            "(np.sqrt(square_hat) + 1e-8)": "(np.sqrt(square) + 1e-8)",
            "mean_hat = mean": "mean_hat = np.sqrt(1 - 0.999**step) * mean",
        },
    ),
    Mistake(
        "ε missing",
        "Where a gradient is 0, you compute 0 / 0. Adding ε to √v̂ prevents that.",
        {"(np.sqrt(square_hat) + 1e-8)": "np.sqrt(square_hat)"},
    ),
    Mistake(
        "root missing",
        "v̂ averages g²: without the root, a step grows where gradients are small, and its unit is"
        " wrong.",
        {"np.sqrt(square_hat)": "square_hat"},
    ),
    Mistake(
        "division by √v̂ missing",
        "This is gradient descent with momentum. Adam divides each parameter's step by √v̂ + ε.",
        {" / (np.sqrt(square_hat) + 1e-8)": ""},
    ),
    Mistake(
        "root of the correction",
        "v̂ is v / (1 − β2^t). The root comes afterwards, in the step.",
        {"square / (1 - 0.999**step)": "square / np.sqrt(1 - 0.999**step)"},
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
        "β1 = 0.9 belongs to m, β2 = 0.999 to v.",
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
        "There are two: β1 = 0.9 belongs to m, β2 = 0.999 to v.",
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
        {
            "0.9 * mean + (1 - 0.9)": "0.99 * mean + (1 - 0.99)",
            "mean / (1 - 0.9**step)": "mean / (1 - 0.99**step)",
        },
    ),
    Mistake(
        "β and 1 − β swapped",
        "An average keeps the share β of its old value, and takes in the share 1 − β of the new"
        " one.",
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
        "An average keeps the share β of its old value.",
        {"0.9 * mean +": "mean +", "0.999 * square +": "square +"},
        {"0.9 * mean +": "mean +"},
        {"0.999 * square +": "square +"},
    ),
    Mistake(
        "weights that do not add up to 1",
        "An average keeps the share β of its old value, and takes in the share 1 − β of the new"
        " one.",
        {"(1 - 0.9) * grad": "0.9 * grad", "(1 - 0.999) * grad": "0.999 * grad"},
        {"(1 - 0.9) * grad": "0.9 * grad"},
        {"(1 - 0.999) * grad": "0.999 * grad"},
        {"(1 - 0.999) * grad": "(1 - 0.9) * grad"},
        {"(1 - 0.999) * grad": "(1 - 0.99) * grad"},
        {"0.9 * mean": "0.99 * mean"},
    ),
    Mistake(
        "minus instead of plus",
        "The new gradient is added to the average.",
        {"mean + (1 - 0.9)": "mean - (1 - 0.9)"},
    ),
    Mistake(
        "averages not updated",
        "m and v have to take in the new gradient before they are used.",
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
        "An average keeps the share β of its old value. Yours starts anew at each step.",
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
        "gradient instead of its average",
        "θ moves by m̂, the average. With g itself this is RMSProp.",
        {"* mean_hat": "* grad"},
    ),
    Mistake(
        "plain gradient descent",
        "You moved θ by the gradient itself. The averages are right, but not used.",
        {"mean_hat / (np.sqrt(square_hat) + 1e-8)": "grad"},
    ),
    Mistake(
        "θ not moved",
        "You return θ as it was given.",
        {"theta = theta - learning_rate": "update = -learning_rate"},
    ),
    Mistake(
        "ascends",
        "The loss is descended: θ moves against the gradient.",
        {"theta - learning_rate": "theta + learning_rate"},
    ),
    Mistake(
        "learning rate missing",
        "Multiply the step by the learning rate.",
        {"learning_rate * mean_hat": "mean_hat"},
    ),
    Mistake(
        "learning rate twice",
        "Multiply the step by the learning rate once.",
        {"learning_rate * mean_hat": "learning_rate**2 * mean_hat"},
    ),
    Mistake(
        "divided by the learning rate",
        "Multiply the step by the learning rate.",
        {"learning_rate * mean_hat": "mean_hat / learning_rate"},
    ),
    Mistake(
        "the step instead of θ",
        "You return the change of θ. Return θ after the step.",
        {"theta - learning_rate": "learning_rate"},
        {"theta - learning_rate": "-learning_rate"},
    ),
    Mistake(
        "results in another order",
        "Return theta, mean and square, in this order.",
        *(
            {"return theta, mean, square": f"return {order}"}
            for order in ("mean, theta, square", "square, mean, theta", "mean, square, theta")
        ),
    ),
    Mistake(
        "rounded to whole numbers",
        "Parameters and averages have fractions. Use / instead of //, and no integers.",
        {"mean_hat / (np": "mean_hat // (np"},
        {"0.9 * mean + (1 - 0.9) * grad": "np.trunc(0.9 * mean + (1 - 0.9) * grad)"},
        *(
            {"return theta, mean, square": f"return {rounded}"}
            for rounded in (
                "np.trunc(theta), mean, square",
                "theta, np.trunc(mean), square",
                "theta, mean, np.trunc(square)",
            )
        ),
    ),
)
