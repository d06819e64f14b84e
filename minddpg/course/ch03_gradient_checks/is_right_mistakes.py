"""The known mistakes of exercise 03.4, as edits of its solution."""

from ..engine import Mistake

SHAPES = "    if grad.shape != x.shape:\n        return False\n"
NUMERICAL = "numerical_gradient(f, x, 1e-6)"
ERROR, SIZE = "np.linalg.norm(grad - numerical)", "np.linalg.norm(numerical)"
VERDICT = "error <= tolerance * size"
CENTRAL = (
    1.0,
    0.1,
    0.03,
    1e-2,
    3e-3,
    1e-3,
    1e-4,
    1e-8,
    1e-9,
    1e-10,
    1e-11,
    1e-12,
)  # steps too long or too short
ONE_SIDED = (1e-2, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
FORWARD = """np.reshape([
        (f(x + {h} * e) - f(x)) / {h} for e in np.eye(x.size).reshape(-1, *x.shape)
    ], x.shape)"""

MISTAKES = (
    Mistake(
        "NaN accepted",
        "Every comparison with NaN is False, so error > tolerance is False, too. Test whether"
        " error <= tolerance. Functions such as np.nansum skip NaN.",
        {VERDICT: "not error > tolerance * size"},
    ),
    Mistake(
        "no absolute value",
        "A negative difference is below any tolerance, however large it is.",
        {ERROR: "np.max(grad - numerical)"},
        {ERROR: "np.max(numerical - grad)"},
        {ERROR: "max((grad - numerical).flat)"},  # skips NaN as well
        {ERROR: "max((numerical - grad).flat)"},
        {ERROR: "np.sum(grad - numerical)"},
        {ERROR: "np.sum(numerical - grad)"},
        {ERROR: "np.sum(grad - numerical)", SIZE: "np.sum(numerical)"},
        {ERROR: "np.max(grad - numerical)", SIZE: "np.max(numerical)"},
    ),
    Mistake(
        "differences cancel",
        "Errors of opposite signs cancel in the sum. Take the absolute values, or squares, before"
        " you sum.",
        {ERROR: "abs(np.sum(grad - numerical))"},
        {ERROR: "abs(np.sum(grad - numerical))", SIZE: "abs(np.sum(numerical))"},
        {ERROR: "abs(np.mean(grad - numerical))"},
    ),
    Mistake(
        "one entry only",
        "A gradient with one entry wrong, or NaN, passed. Compare all entries.",
        {ERROR: "abs(grad - numerical).flat[0]", SIZE: "abs(numerical).flat[0]"},
        {ERROR: "abs(grad - numerical).flat[-1]", SIZE: "abs(numerical).flat[-1]"},
    ),
    Mistake(
        "one direction instead of all entries",
        "A derivative along one direction does not see an error that is orthogonal to it. Compare"
        " all entries, or along several directions that change from call to call.",
        *(
            {
                f"error, size = {ERROR}, {SIZE}": (
                    f"direction = np.random.default_rng({seed}).{kind}(size=x.shape)\n"
                    "    error = abs(np.sum(direction * (grad - numerical)))\n"
                    "    size = abs(np.sum(direction * numerical))"
                )
            }
            for kind, seed in (
                ("standard_normal", 0),
                ("standard_normal", 1),
                ("standard_normal", 42),
                ("random", 0),
            )
        ),
    ),
    Mistake(
        "entry by entry",
        "Where an entry is 0 up to rounding, its own ratio can be anything, and correct code"
        " fails. Divide one norm by the other.",
        {VERDICT: "np.all(abs(grad - numerical) <= tolerance * abs(numerical))"},
        {VERDICT: "np.all(abs(grad - numerical) / abs(numerical) <= tolerance)"},
        {VERDICT: "np.all(abs(grad - numerical) <= tolerance * (abs(grad) + abs(numerical)))"},
    ),
    Mistake(
        "norms compared instead of vectors",
        "You compare only the lengths. Take the difference first, and then its norm.",
        {ERROR: "abs(np.linalg.norm(grad) - np.linalg.norm(numerical))"},
        {ERROR: "np.linalg.norm(grad) - np.linalg.norm(numerical)"},
    ),
    Mistake(
        "another norm",
        "You judge many small errors, or one large one, by another measure than ‖a − n‖₂ / ‖n‖₂."
        " Use the root of the sum of squares for both norms.",
        {ERROR: "np.max(abs(grad - numerical))", SIZE: "np.max(abs(numerical))"},
        {ERROR: "np.linalg.norm(grad - numerical, 1)", SIZE: "np.linalg.norm(numerical, 1)"},
        {ERROR: "np.sum(abs(grad - numerical))", SIZE: "np.sum(abs(numerical))"},
        {ERROR: "np.max(abs(grad - numerical))"},
        {ERROR: "np.sum(abs(grad - numerical))"},
        {ERROR: "np.mean(abs(grad - numerical))"},
        {SIZE: "np.max(abs(numerical))"},
        {SIZE: "np.sum(abs(numerical))"},
    ),
    Mistake(
        "squared norms",
        "The root is missing: squared, an error of 1 % looks like 1e-4.",
        {VERDICT: "error**2 <= tolerance * size**2"},
        {VERDICT: "error**2 <= tolerance * size"},
        {VERDICT: "error <= tolerance * size**2"},
    ),
    Mistake(
        "divided by ‖a‖",
        "Divide by ‖n‖: the gradient that you were given may be far too large.",
        {SIZE: "np.linalg.norm(grad)"},
        {SIZE: "max(np.linalg.norm(grad), np.linalg.norm(numerical))"},
        {SIZE: "(np.linalg.norm(grad) + np.linalg.norm(numerical))"},
        {SIZE: "(np.linalg.norm(grad) + np.linalg.norm(numerical)) / 2"},
        {SIZE: "np.linalg.norm(grad)", VERDICT: "error / size <= tolerance"},
        {
            SIZE: "max(np.linalg.norm(grad), np.linalg.norm(numerical))",
            VERDICT: "error / size <= tolerance",
        },
        {
            SIZE: "(np.linalg.norm(grad) + np.linalg.norm(numerical))",
            VERDICT: "error / size <= tolerance",
        },
    ),
    Mistake(
        "absolute error",
        "If all derivatives are tiny, so is every error. Divide by the size of the gradient. The"
        " atol of np.allclose is an absolute error, too, and so is a number added to ‖n‖.",
        {VERDICT: "error <= tolerance"},
        {VERDICT: "np.all(abs(grad - numerical) <= tolerance)"},
        {VERDICT: "np.mean((grad - numerical) ** 2) <= tolerance"},
        {VERDICT: "np.allclose(grad, numerical, rtol=tolerance)"},
        {VERDICT: "np.allclose(grad, numerical, atol=tolerance)"},
        {VERDICT: "np.allclose(grad, numerical, rtol=tolerance, atol=tolerance)"},
        {VERDICT: "error <= tolerance * max(1, size)"},
        {VERDICT: "error <= tolerance * (1e-8 + size)"},
    ),
    Mistake(
        "absolute error where f is flat",
        "Where f is flat, only zeros are right. A gradient of 1e-9 is not.",
        {VERDICT: "error <= tolerance * (size or 1)"},
    ),
    Mistake(
        "not multiplied by ‖n‖",
        "The condition is ‖a − n‖ ≤ tolerance · ‖n‖: multiply the tolerance by the norm of n.",
        {VERDICT: "error <= tolerance + size"},
        {VERDICT: "error <= tolerance / size"},
        {VERDICT: "error <= tolerance * x.size"},
    ),
    Mistake(
        "numerical gradient too inexact",
        "You refuse correct gradients, because your numerical gradient is less exact than the"
        " tolerance, or steps across kinks. Take central differences in float64, with a"
        " step of about 1e-6, or the complex step.",
        *({NUMERICAL: f"numerical_gradient(f, x, {h})"} for h in CENTRAL),
        *({NUMERICAL: FORWARD.format(h=h)} for h in ONE_SIDED),
        {NUMERICAL: "numerical_gradient(f, x, tolerance)"},
        {NUMERICAL: "numerical_gradient(f, x.astype(np.float32), np.float32(0.01))"},
        {NUMERICAL: "numerical_gradient(f, np.float32(x), np.float32(0.01)).astype(float)"},
    ),
    Mistake(
        "wrong numerical gradient",
        "Your numerical gradient itself is wrong, by a factor or its sign, or you add it to the one"
        " that you were given. Test it with the check of exercise 03.1 or 03.3, and subtract it.",
        {NUMERICAL: f"{NUMERICAL} / 2"},
        {NUMERICAL: f"2 * {NUMERICAL}"},
        {NUMERICAL: f"-{NUMERICAL}"},
    ),
    Mistake(
        "shapes broadcast",
        "A gradient of another shape was broadcast to that of x, and passed. Compare the shapes"
        " first.",
        {SHAPES: ""},
        {"grad.shape != x.shape": "grad.size != x.size"},
        {"grad.shape != x.shape": "grad.shape[-1:] != x.shape[-1:]"},
        {"grad.shape != x.shape": "grad.ndim != x.ndim"},
    ),
    Mistake(
        "sizes compared instead of shapes",
        "A gradient with as many entries as x, but another shape, is wrong. Compare the shapes.",
        {
            "grad.shape != x.shape": "grad.size != x.size",
            ERROR: "np.linalg.norm(grad.ravel() - numerical.ravel())",
        },
    ),
    Mistake(
        "test of the shapes turned around",
        "You refuse gradients of x's own shape, and judge all others. The test needs !=.",
        {"grad.shape != x.shape": "grad.shape == x.shape"},
    ),
    Mistake(
        "argument ignored: tolerance",
        "Your verdict does not depend on the tolerance. Use the argument.",
        *({VERDICT: f"error <= {number} * size"} for number in (1e-6, 1e-4, 0.01, 0.05, 1)),
    ),
    Mistake(
        "zeros refused where f is flat",
        "Where f is flat, zeros are correct. But 0/0 is NaN, and 0 is not less than tolerance · 0:"
        " multiply the tolerance instead of dividing the error, and compare with <=.",
        {VERDICT: "error / size <= tolerance"},
    ),
    Mistake(
        "anything accepted where f is flat",
        "Where f is flat, a gradient that is not zero is wrong.",
        {VERDICT: "size == 0 or error <= tolerance * size"},
        {VERDICT: "size < 1e-8 or error <= tolerance * size"},
    ),
    Mistake(
        "verdict turned around",
        "You accept wrong gradients, and reject correct ones.",
        {VERDICT: "error > tolerance * size"},
        {VERDICT: "error >= tolerance * size"},
        {VERDICT: "not error <= tolerance * size"},
    ),
    Mistake(
        "always true",
        "Your checker accepts everything.",
        """
        def is_right(f, x, grad, tolerance):
            return True
        """,
    ),
    Mistake("always false", "Your checker rejects even correct gradients.", {VERDICT: "False"}),
    Mistake(
        "numerical gradient zero",
        "Your numerical gradient is 0. A real step of 1e-30 is lost in rounding. An imaginary step"
        " needs an array of complex numbers: divide the imaginary part of f by the step.",
        {NUMERICAL: "np.zeros(x.shape)"},
    ),
    Mistake(
        "compared with itself",
        "You compare the gradient that you were given with itself. Compare it with a numerical"
        " one, which you compute from f.",
        {NUMERICAL: "grad"},
    ),
    Mistake(
        "every gradient refused",
        "You refuse correct gradients, whatever the tolerance is. Either your numerical gradient is"
        " far off, or you require equality: print it next to a correct one.",
        {NUMERICAL: "np.full(x.shape, (f(x + 1e-6) - f(x - 1e-6)) / 2e-6)"},
        {NUMERICAL: f"1e9 * {NUMERICAL}"},
        {VERDICT: "error == 0"},
    ),
    Mistake(
        "another shape accepted",
        "A gradient of another shape than x's is wrong: return False.",
        {"return False": "return True"},
    ),
    Mistake(
        "shapes compared in another order",
        "A gradient of shape (A, B) is wrong where x has the shape (B, A). Compare the shapes as"
        " they are.",
        {"grad.shape != x.shape": "sorted(grad.shape) != sorted(x.shape)"},
    ),
    Mistake(
        "or instead of and",
        "Every gradient of x's shape passed. It must have that shape, and be close as well.",
        {SHAPES: "", "return verdict": "return grad.shape == x.shape or verdict"},
    ),
    Mistake(
        "shape compared too late",
        "If the shapes do not match, the subtraction raises an error. Compare the shapes first.",
        {SHAPES: "", "return verdict": "return verdict and grad.shape == x.shape"},
    ),
    Mistake(
        "signs lost",
        "A gradient with its sign flipped passed. Subtract first, and then take the norm.",
        {ERROR: "np.linalg.norm(abs(grad) - abs(numerical))"},
    ),
    Mistake(
        "one row only",
        "A return inside the loop, or an index, leaves one row. Compare all entries.",
        {ERROR: "np.linalg.norm((grad - numerical)[0])"},
        {ERROR: "np.linalg.norm((grad - numerical)[-1])"},
        {ERROR: "np.linalg.norm((grad - numerical)[0])", SIZE: "np.linalg.norm(numerical[0])"},
    ),
    Mistake(
        "one right entry is enough",
        "A gradient with one right entry passed. All of them must be right.",
        {VERDICT: "np.any(abs(grad - numerical) <= tolerance * abs(numerical))"},
    ),
    Mistake(
        "square forgotten",
        "Without the square, errors of opposite signs cancel, and the root of a negative sum is"
        " NaN.",
        {ERROR: "np.sqrt(np.sum(grad - numerical))"},
        {ERROR: "np.sqrt(np.sum(grad - numerical))", SIZE: "np.sqrt(np.sum(numerical))"},
        {
            ERROR: "np.sqrt(np.sum(grad - numerical))",
            VERDICT: "error <= tolerance * size if size else not grad.any()",
        },
    ),
    Mistake(
        "divided by a sum with signs",
        "The entries of n cancel in a sum. Divide by its norm, the root of the sum of the squares.",
        {SIZE: "np.sum(numerical)"},
        {
            SIZE: "np.sum(numerical)",
            VERDICT: "error / size <= tolerance if size else not grad.any()",
        },
    ),
    Mistake(
        "flat case turned around",
        "Where f is flat, only zeros are correct: return not np.any(grad).",
        {VERDICT: "error <= tolerance * size if size else np.any(grad)"},
    ),
    Mistake(
        "one zero is enough where f is flat",
        "Where f is flat, every entry must be 0, not just one: not np.any(grad).",
        {VERDICT: "error <= tolerance * size if size else not np.all(grad)"},
    ),
    Mistake(
        "sum compared with 0 where f is flat",
        "Entries of opposite signs cancel. Where f is flat, every entry must be 0.",
        {VERDICT: "error <= tolerance * size if size else np.sum(grad) == 0"},
    ),
    Mistake(
        "small gradients taken for flat",
        "A small gradient is not zero: it has a relative error like any other. f is flat only where"
        " the norm of n is 0.",
        *(
            {VERDICT: f"error <= tolerance * size if size >= {least} else not np.any(grad)"}
            for least in ("tolerance", 1e-4, 1e-6, 1e-8)
        ),
    ),
)
