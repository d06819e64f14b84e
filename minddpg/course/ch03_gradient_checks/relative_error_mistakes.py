"""The known mistakes of exercise 03.2, as edits of its solution."""

from ..engine import Mistake

SIZE = "np.linalg.norm(numerical)"
BOUNDS = (1e-6, 1e-5, 1e-4, 1e-3, 0.1)  # popular bounds of an error that is small
RATIO = f"np.linalg.norm(difference) / {SIZE}"

MISTAKES = (
    Mistake(
        "absolute error",
        "Your error is not divided by the size of n. Whether 1e-6 is large depends on the"
        " gradient.",
        {RATIO: "np.linalg.norm(difference)"},
        {RATIO: "np.max(np.abs(difference))"},
        {RATIO: "np.mean(difference**2)"},
        {RATIO: "np.sqrt(np.mean(difference**2))"},
    ),
    Mistake(
        "absolute error of small gradients",
        "Where gradients are small, the 1 in your denominator outweighs ‖n‖, and the error is"
        " not relative. A smaller added number has the same effect on smaller gradients.",
        {SIZE: "max(1, np.linalg.norm(numerical))"},
        {SIZE: "(1 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-3 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-4 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-6 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-7 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-8 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-9 + np.linalg.norm(numerical))"},
        {SIZE: "(1e-10 + np.linalg.norm(numerical))"},
        {RATIO: "(np.linalg.norm(difference) + 1e-8) / (np.linalg.norm(numerical) + 1e-8)"},
        {
            RATIO: (
                "(np.sqrt(np.mean(difference**2)) + 1e-8) / (np.sqrt(np.mean(numerical**2)) + 1e-8)"
            )
        },
    ),
    Mistake(
        "entry by entry",
        "You divide every entry by its own size. Where the true derivative is tiny, this rejects"
        " correct code. Divide one norm by the other.",
        {RATIO: "np.max(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "np.mean(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "np.linalg.norm(difference / numerical)"},
        {RATIO: "np.abs(difference) / np.abs(numerical)"},
        {RATIO: "np.sum(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "difference / numerical"},
        {RATIO: "np.max(np.abs(difference) / (np.abs(analytic) + np.abs(numerical)))"},
        {RATIO: "np.median(np.abs(difference) / np.abs(numerical))"},
        {RATIO: "np.sqrt(np.mean((difference / numerical) ** 2))"},
    ),
    Mistake(
        "divided by ‖a‖",
        "Divide by ‖n‖: the numerical gradient is the reference here, and a may be anything.",
        {SIZE: "np.linalg.norm(analytic)"},
    ),
    Mistake(
        "divided by both norms",
        "Divide by ‖n‖ alone: the numerical gradient is the reference here.",
        {SIZE: "(np.linalg.norm(analytic) + np.linalg.norm(numerical))"},
        {SIZE: "(np.linalg.norm(analytic) + np.linalg.norm(numerical)) * 2"},
        {SIZE: "max(np.linalg.norm(analytic), np.linalg.norm(numerical))"},
        {SIZE: "np.linalg.norm(analytic + numerical)"},
        {SIZE: "(np.linalg.norm(analytic) * np.linalg.norm(numerical))"},
        {SIZE: "np.sqrt(np.linalg.norm(analytic) * np.linalg.norm(numerical))"},
    ),
    Mistake(
        "squared norms",
        "A root is missing. Squared, an error of 1e-4 would look like 1e-8.",
        {RATIO: "np.sum(difference**2) / np.sum(numerical**2)"},
        {RATIO: "np.sum(difference**2) / np.linalg.norm(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.sum(numerical**2)"},
        {RATIO: "np.mean(difference**2) / np.linalg.norm(numerical)"},
    ),
    Mistake(
        "multiplied or turned around",
        "Divide the norm of the difference by the norm of n.",
        {RATIO: f"np.linalg.norm(difference) * {SIZE}"},
        {RATIO: f"{SIZE} / np.linalg.norm(difference)"},
    ),
    Mistake(
        "root of the error",
        "There is one root too many: the norm has its root already.",
        {RATIO: f"np.sqrt({RATIO})"},
        {RATIO: f"np.sqrt(np.linalg.norm(difference)) / {SIZE}"},
    ),
    Mistake(
        "no absolute value",
        "Differences of opposite signs cancel. Square them before you sum.",
        {RATIO: "np.sum(difference) / np.sum(numerical)"},
        {RATIO: "np.sum(difference) / np.linalg.norm(numerical)"},
        {RATIO: "abs(np.sum(difference) / np.sum(numerical))"},
        {RATIO: "abs(np.sum(difference)) / np.linalg.norm(numerical)"},
        {RATIO: "np.max(difference) / np.max(numerical)"},
    ),
    Mistake(
        "another norm",
        "This is a relative error, but in another norm than ‖·‖₂, the root of the sum of squares.",
        {RATIO: "np.sum(np.abs(difference)) / np.sum(np.abs(numerical))"},
        {RATIO: "np.max(np.abs(difference)) / np.max(np.abs(numerical))"},
        {RATIO: "np.sum(np.abs(difference)) / np.linalg.norm(numerical)"},
        {RATIO: "np.max(np.abs(difference)) / np.linalg.norm(numerical)"},
        {RATIO: "np.mean(np.abs(difference)) / np.linalg.norm(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.sum(np.abs(numerical))"},
        {RATIO: "np.linalg.norm(difference) / np.max(np.abs(numerical))"},
        {RATIO: "np.linalg.norm(difference) / np.mean(np.abs(numerical))"},
        {RATIO: "np.sqrt(np.mean(difference**2)) / np.linalg.norm(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.sqrt(np.mean(numerical**2))"},
        {RATIO: "np.sqrt(np.mean(difference**2)) / np.mean(np.abs(numerical))"},
    ),
    Mistake(
        "divided by a sum with signs",
        "The entries of n cancel in a sum. Divide by its norm, the root of the sum of the squares.",
        {RATIO: "np.linalg.norm(difference) / np.sum(numerical)"},
        {RATIO: "np.linalg.norm(difference) / abs(np.sum(numerical))"},
        {RATIO: "np.linalg.norm(difference) / np.mean(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.max(numerical)"},
    ),
    Mistake(
        "sum instead of difference",
        "How far a is from n is the length of a − n.",
        {"analytic - numerical": "analytic + numerical"},
    ),
    Mistake(
        "ratio of norms",
        "You compare only the lengths. A gradient with its sign flipped is just as long.",
        {"norm(difference)": "norm(analytic)"},
        {RATIO: "np.linalg.norm(analytic) / np.linalg.norm(numerical) - 1"},
        {RATIO: "abs(np.linalg.norm(analytic) / np.linalg.norm(numerical) - 1)"},
    ),
    Mistake(
        "one norm for each row",
        "With an axis, NumPy takes a norm of each row or column. Return one number, over all"
        " entries.",
        {"(difference)": "(difference, axis=-1)", "(numerical)": "(numerical, axis=-1)"},
        {"(difference)": "(difference, axis=0)", "(numerical)": "(numerical, axis=0)"},
    ),
    Mistake(
        "standard deviation instead of norm",
        "np.std subtracts the mean first: an error that is the same in all entries would not"
        " count.",
        {RATIO: "np.std(difference) / np.std(numerical)"},
        {RATIO: "np.std(difference) / np.linalg.norm(numerical)"},
        {RATIO: "np.linalg.norm(difference) / np.std(numerical)"},
        {RATIO: "np.var(difference) / np.var(numerical)"},
    ),
    Mistake(
        "cosine instead of error",
        "The angle between a and n does not depend on their lengths. Take the difference.",
        {RATIO: f"1 - np.sum(analytic * numerical) / np.linalg.norm(analytic) / {SIZE}"},
        {RATIO: f"np.sum(analytic * numerical) / np.linalg.norm(analytic) / {SIZE}"},
    ),
    Mistake(
        "half precision",
        "float16 keeps 3 digits. Stay in float64.",
        {"return error": "return np.float16(error)"},
        {"= analytic - numerical": "= np.float16(analytic - numerical)"},
    ),
    Mistake(
        "rounded",
        "Rounding makes a small error such as 1e-9 vanish. Return the error without rounding.",
        {"return error": "return np.round(error, 4)"},
        {"return error": "return np.round(error, 6)"},
        {"return error": "return np.round(error, 8)"},
    ),
    Mistake(
        "a verdict instead of the error",
        "Return the error itself, not whether it is small.",
        *({"return error": f"return 1.0 * (error < {bound})"} for bound in BOUNDS),
        *({"return error": f"return 1.0 * (error > {bound})"} for bound in BOUNDS),
    ),
    Mistake(
        "always 0",
        "Your error is 0, or False, whatever the two gradients are. Return the error itself.",
        {"return error": "return 0 * error"},
    ),
    Mistake(
        "norm of a matrix",
        "For a matrix, norm(x, 2) is the largest singular value, and norm(x, 1) the largest sum of"
        " a column. Without a second argument it is the root of the sum of squares.",
        {"(difference)": "(difference, 2)", "(numerical)": "(numerical, 2)"},
        {"(difference)": "(difference, 1)", "(numerical)": "(numerical, 1)"},
        {"(difference)": "(difference, np.inf)", "(numerical)": "(numerical, np.inf)"},
        *(
            {f"({name})": f"({name}, {order})"}
            for name in ("difference", "numerical")
            for order in (1, 2, "np.inf")
        ),
    ),
    Mistake(
        "float32 instead of float64",
        "float32 keeps 7 digits; the difference of two nearly equal numbers has fewer. Stay in"
        " float64.",
        {"return error": "return np.float32(error)"},
        {"= analytic - numerical": "= np.float32(analytic) - np.float32(numerical)"},
    ),
    Mistake(
        "divided by the number of entries",
        "Divide by the norm of n, not by the number of its entries.",
        {SIZE: "numerical.size"},
        {RATIO: f"{RATIO} / numerical.size"},
    ),
    Mistake(
        "signs lost",
        "Where a and n have opposite signs, your difference is too small. Subtract first.",
        {"analytic - numerical": "np.abs(analytic) - np.abs(numerical)"},
    ),
    Mistake(
        "ratio instead of difference",
        "How far a is from n is the length of a − n.",
        {"analytic - numerical": "analytic / numerical"},
    ),
    Mistake(
        "divided twice",
        "Divide once, the norm of the difference by the norm of n. Do not divide single entries.",
        {"analytic - numerical": "(analytic - numerical) / numerical"},
    ),
    Mistake(
        "cut off at 1",
        "An error may be larger than 1. Return it as it is.",
        {"return error": "return min(error, 1.0)"},
    ),
    Mistake(
        "only one entry",
        "Each square replaces the sum of those before. Add it with += instead of =.",
        {RATIO: f"abs(difference.flat[-1]) / {SIZE}"},
        {RATIO: "np.linalg.norm(difference) / abs(numerical.flat[-1])"},
        {RATIO: "abs(difference.flat[-1]) / abs(numerical.flat[-1])"},
    ),
    Mistake(
        "one entry left out",
        "Take the norm of all entries, the first and the last one included.",
        *(
            {
                "(difference)": f"(difference.reshape(-1)[{part}])",
                "(numerical)": f"(numerical.reshape(-1)[{part}])",
            }
            for part in ("1:", ":-1")
        ),
    ),
    Mistake(
        "sums that do not begin with 0",
        "A sum of squares begins with 0. With anything else, small gradients do not count.",
        {RATIO: "np.sqrt((1 + np.sum(difference**2)) / (1 + np.sum(numerical**2)))"},
    ),
)
