"""Exercise 03.4: a gradient checker of the learner's own."""

from typing import Any

from ...nn.gradcheck import numerical_gradient
from ..engine import BEHAVIOUR, Mistake, exercise
from .judged_gradients import observe_verdicts

SOLUTION = """
def is_right(f, x, grad, tolerance):
    if grad.shape != x.shape:
        return False
    numerical = numerical_gradient(f, x, 1e-6)
    error, size = np.linalg.norm(grad - numerical), np.linalg.norm(numerical)
    verdict = bool(error <= tolerance * size)
    return verdict
"""
SHAPES = "    if grad.shape != x.shape:\n        return False\n"
NUMERICAL = "numerical_gradient(f, x, 1e-6)"
ERROR, SIZE = "np.linalg.norm(grad - numerical)", "np.linalg.norm(numerical)"
VERDICT = "error <= tolerance * size"
MUTANT = "numerical = numerical_gradient(f, x, {})"
CENTRAL = (0.1, 0.03, 1e-2, 3e-3, 1e-3, 1e-8, 1e-10, 1e-11, 1e-12)  # steps too long or too short
ONE_SIDED = (1e-2, 1e-4, 1e-5, 1e-6, 1e-7)
FORWARD = """np.reshape([
        (f(x + {h} * e) - f(x)) / {h} for e in np.eye(x.size).reshape(-1, *x.shape)
    ], x.shape)"""

MISTAKES = (
    Mistake(
        "NaN accepted",
        "Every comparison with NaN is False, so error > tolerance is False, too. Test whether"
        " error <= tolerance. Functions like np.nansum pass over NaN.",
        {VERDICT: "not error > tolerance * size"},
    ),
    Mistake(
        "no absolute value",
        "A negative difference is below any tolerance, however large it is.",
        {ERROR: "np.max(grad - numerical)"},
        {ERROR: "np.max(numerical - grad)"},
        {ERROR: "max((grad - numerical).flat)"},  # passes over NaN as well
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
        "A derivative along one direction does not see an error at right angles to it. Compare all"
        " entries, or along several directions that change from call to call.",
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
    ),
    Mistake(
        "another norm",
        "Many small errors or one large one are judged by another measure than ‖a − n‖₂ / ‖n‖₂. Use"
        " the root of the sum of squares above and below.",
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
    ),
    Mistake(
        "divided by ‖a‖",
        "Divide by ‖n‖: the gradient that you were given may be far too long.",
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
        "The condition is ‖a − n‖ ≤ tolerance · ‖n‖: the tolerance is multiplied by the size of n.",
        {VERDICT: "error <= tolerance + size"},
        {VERDICT: "error <= tolerance / size"},
    ),
    Mistake(
        "numerical gradient too inexact",
        "Correct gradients were refused with tolerance 1e-6, because your numerical gradient is"
        " less exact than that. Take central differences in float64, with a step of about 1e-6, or"
        " the complex step.",
        *({NUMERICAL: f"numerical_gradient(f, x, {h})"} for h in CENTRAL),
        *({NUMERICAL: FORWARD.format(h=h)} for h in ONE_SIDED),
    ),
    Mistake(
        "wrong numerical gradient",
        "Your numerical gradient is wrong itself, by a factor or by its sign. Put it through the"
        " check of its own exercise.",
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
        "Where the gradient is zero, zeros are right. But 0/0 is NaN, and 0 is not less than"
        " tolerance · 0: multiply the tolerance instead of dividing the error, and compare with"
        " <=.",
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
)


@exercise(
    "03.4",
    "A gradient checker of your own",
    BEHAVIOUR,
    stub='''
def is_right(f, x, grad, tolerance):
    """Return True if grad is the gradient of f at x to a relative error of tolerance, else False.

    f takes a real or a complex array like x and returns a number. A gradient of another shape than
    x's is wrong. Where f is flat, zeros are right and nothing else is.
    """
    verdict = None
    return verdict
''',
    statement="""Put your last functions together. Your checker is given correct and wrong
    gradients, and has to tell them apart. A checker that accepts wrong code is worse than none.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={"numerical_gradient": numerical_gradient},
    compared="which gradients you accept with which are right",
    difficulty=2,
    minutes=15,
    equivalents={
        f"{MUTANT.format('1e-06')} → {MUTANT.format(h)}": "a step from 1e-7 to 1e-5 is exact enough"
        for h in ("2e-06", "5e-07", "1e-05")
    },
    cases=({"shape": (5, 2), "seed": 0}, {"shape": (2, 1, 4), "seed": 6}),
    hints=(
        "Shape first, then a numerical gradient by either of your functions, then the relative"
        " error against the tolerance.",
        r"If f is flat, $\lVert n \rVert$ is 0, and you must not divide by it."
        r" $\lVert a - n \rVert \le \text{tolerance} \cdot \lVert n \rVert$ says the same without"
        " a division. Compare with `<=`, and NaN will fail, too.",
    ),
)
def check_is_right(is_right: Any, **case: Any) -> dict[str, Any]:
    """Check is_right."""
    return observe_verdicts(is_right, **case)
