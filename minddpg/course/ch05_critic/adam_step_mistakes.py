"""The mistakes of exercise 05.5, a step of Adam: its corrections, its step, its results."""

from ..engine import Mistake
from .adam_average_mistakes import MISTAKES_OF_THE_AVERAGES

MISTAKES = (
    *MISTAKES_OF_THE_AVERAGES,
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
        "Both corrections divide by 1 − β^t, where t is step as it is given.",
        *(
            {f"{beta}**step": f"{beta} ** (step {sign} 1.0)"}
            for beta in ("0.9", "0.999")
            for sign in "+-"
        ),
    ),
    Mistake(
        "t missing in the correction",
        "1 − β is correct at the first step only. Divide by 1 − β^t, which tends to 1 as t grows.",
        {"0.9**step": "0.9", "0.999**step": "0.999"},
        {"0.9**step": "0.9"},
        {"0.999**step": "0.999"},
    ),
    Mistake(
        "product instead of power",
        "The correction divides by 1 − β^t, with the power β**step. You multiplied β by t.",
        {"0.9**step": "0.9 * step", "0.999**step": "0.999 * step"},
        {"0.9**step": "0.9 * step"},
        {"0.999**step": "0.999 * step"},
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
        "m and v start at 0, so they are too small by the factor 1 − β^t: divide by it.",
        {"1 - 0.9**step": "1 + 0.9**step", "1 - 0.999**step": "1 + 0.999**step"},
        {"1 - 0.9**step": "1 + 0.9**step"},
        {"1 - 0.999**step": "1 + 0.999**step"},
    ),
    Mistake(
        "β^t instead of 1 − β^t",
        "m and v start at 0, so they are too small by the factor 1 − β^t: divide by it.",
        {"(1 - 0.9**step)": "0.9**step", "(1 - 0.999**step)": "0.999**step"},
        {"(1 - 0.9**step)": "0.9**step"},
        {"(1 - 0.999**step)": "0.999**step"},
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
        "Some libraries do this. In algorithm 1, ε is added to the root of v̂. Where a gradient is"
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
        "gradient instead of its average",
        "Move θ by m̂, the average. With g itself this is RMSProp.",
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
        "Descend the loss: move θ against the gradient.",
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
    Mistake(
        "minus instead of plus before ε",
        "ε keeps the denominator above 0: add it to √v̂.",
        {"+ 1e-8": "- 1e-8"},
    ),
    Mistake(
        "one size for all parameters",
        "Each parameter's step is divided by the root of its own entry of v̂.",
        *(
            {"np.sqrt(square_hat)": size}
            for size in (
                "np.sqrt(square_hat).mean()",
                "np.sqrt(square_hat.mean())",
                "np.sqrt(square_hat.sum())",
                "np.linalg.norm(square_hat)",
            )
        ),
    ),
    Mistake(
        "learning rate decays",
        "Use the learning rate as it is given.",
        {"learning_rate * mean_hat": "learning_rate / np.sqrt(step) * mean_hat"},
        {"learning_rate * mean_hat": "learning_rate / step * mean_hat"},
    ),
    Mistake(
        "sign of m̂ alone",
        "Divide m̂ itself by √v̂ + ε. Its sign alone does not say how large it is.",
        {"* mean_hat": "* np.sign(mean_hat)"},
        {"mean_hat / (np.sqrt(square_hat) + 1e-8)": "np.sign(mean_hat)"},
    ),
    Mistake(
        "brackets missing around 1 − β^t",
        "Divide the average by the whole of 1 − β^t.",
        {"(1 - 0.9**step)": "1 - 0.9**step"},
    ),
    Mistake(
        "(1 − β)^t instead of 1 − β^t",
        "Raise β to the power t first, then subtract the result from 1.",
        {"1 - 0.9**step": "(1 - 0.9) ** step", "1 - 0.999**step": "(1 - 0.999) ** step"},
        {"1 - 0.9**step": "(1 - 0.9) ** step"},
        {"1 - 0.999**step": "(1 - 0.999) ** step"},
    ),
    *(
        Mistake(
            name,
            "Written as one factor, the corrections are √(1 − β2^t) / (1 − β1^t). The step divides"
            " by the root of v̂, so the root of v's correction is in the numerator.",
            *(
                {
                    "mean_hat = mean / (1 - 0.9**step)": f"factor = {factor}\n"
                    "    mean_hat = factor * mean",
                    "square_hat) + 1e-8": f"square) + 1e-8{scaled}",
                }
                for scaled in ("", " * np.sqrt(1 - 0.999**step)", " * (1 - 0.999**step)")
            ),
        )
        for name, factor in (
            ("corrections upside down", "(1 - 0.9**step) / np.sqrt(1 - 0.999**step)"),
            ("root missing in the correction of v", "(1 - 0.999**step) / (1 - 0.9**step)"),
        )
    ),
)
