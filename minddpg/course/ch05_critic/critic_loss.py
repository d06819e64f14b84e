"""Exercise 05.2, retired: the critic's loss, the mean squared error.

N batch.
"""

from typing import Any

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, Mistake, arrays, call, exercise

COMPARED = "your loss and its gradient with the correct ones"
CASES = ({"batch_size": 7, "scale": 3.0, "seed": 3}, {"batch_size": 5, "scale": -0.7, "seed": 13})
NOT_AVERAGED = "The loss is one number, the mean over the batch. You return one for each example."
HUBER = "np.mean(np.where(np.abs(error) < 1, error**2 / 2, np.abs(error) - 0.5))"
SINGLE = "return (loss, grad_q) → return (np.float32(loss), np.float32(grad_q))"  # a mutant

SOLUTION = """
def critic_loss(q, y):
    error = q - y
    loss = np.mean(error**2)
    grad_q = 2 * error / len(error)
    return loss, grad_q
"""

MISTAKES = (
    Mistake(
        "sign flipped",
        "A mean of squares is never negative, and where q is too large, its gradient is positive.",
        {"np.mean": "-np.mean"},
        {"np.mean": "-np.mean", "2 * error": "-2 * error"},
        {"2 * error": "-2 * error"},
    ),
    Mistake(
        "sum in the loss, mean in the gradient",
        "Loss and gradient do not match: the loss is a sum over the batch, the gradient is that of"
        " the mean. Use the mean in both.",
        {"np.mean": "np.sum"},
    ),
    Mistake(
        "½ in the loss",
        "Many texts put ½ before the square to cancel the 2 of its derivative. Here, as in the"
        " paper, L is the mean of e² itself, and its gradient keeps the 2.",
        {"np.mean": "0.5 * np.mean", "2 * error": "error"},
        {"np.mean": "0.5 * np.mean"},
    ),
    Mistake(
        "loss not averaged",
        NOT_AVERAGED,
        {"np.mean(error**2)": "error**2"},
        {"np.mean(error**2)": "error**2", " / len(error)": ""},
        {"np.mean(error**2)": "error**2 / len(error)"},
    ),
    Mistake(
        "one example instead of the batch",
        "L is a mean over the batch, but your loss is that of one example. In a loop, add with +=.",
        *(
            {"np.mean(error**2)": f"np.take(error, {i}) ** 2{divided}"}
            for i in (0, -1)
            for divided in ("", " / len(error)")
        ),
    ),
    Mistake(
        "one example missing",
        "The first or the last example is left out. Look at where your loop begins and ends.",
        {"    loss": "    error[-1] = 0\n    loss"},
        {"    loss": "    error[0] = 0\n    loss"},
    ),
    Mistake(
        "only the first example",
        "All examples but the first are left out. Is a return inside your loop?",
        {"    loss": "    error[1:] = 0\n    loss"},
    ),
    Mistake(
        "square missing",
        "Errors of opposite signs cancel in the mean, and the mean of e has no minimum. Square the"
        " errors first.",
        {"error**2": "error", "2 * error": "np.ones_like(error)"},
        {"error**2": "error"},
    ),
    Mistake(
        "absolute error instead of squared",
        "|e| has the slope ±1, however large the error is. The loss is the mean of e².",
        {"error**2": "np.abs(error)", "2 * error": "np.sign(error)"},
        {"error**2": "np.abs(error)"},
        {"2 * error": "np.sign(error)"},
        {"2 * error": "2 * np.sign(error)"},
    ),
    Mistake(
        "root of the mean",
        "The mean squared error has no root. With a root, the gradient would be as large close to"
        " the minimum as far from it.",
        {"np.mean(error**2)": "np.sqrt(np.mean(error**2))", "2 * error": "error / loss"},
        {"np.mean(error**2)": "np.sqrt(np.mean(error**2))"},
    ),
    Mistake(
        "norm instead of the mean square",
        "The norm is the root of the sum of squares. You need no root, and the mean instead of the"
        " sum.",
        {"np.mean(error**2)": "np.linalg.norm(error)", "2 * error / len(error)": "error / loss"},
        {"np.mean(error**2)": "np.linalg.norm(error)"},
    ),
    Mistake(
        "square of the mean",
        "You averaged first, so that errors of opposite signs cancel. Square each error, then take"
        " the mean.",
        {
            "np.mean(error**2)": "np.mean(error) ** 2",
            "2 * error": "2 * np.full(len(error), np.mean(error))",
        },
        {"np.mean(error**2)": "np.mean(error) ** 2"},
    ),
    Mistake(
        "square left in the gradient",
        "The derivative of e² is 2 e. You kept the square.",
        {"2 * error": "error**2"},
        {"2 * error": "2 * error**2"},
    ),
    Mistake(
        "gradient summed into one number",
        "The gradient has one entry for each q: how the loss changes with that q alone.",
        {"2 * error / len(error)": "2 * np.mean(error)"},
        {"2 * error / len(error)": "2 * np.sum(error)"},
    ),
    Mistake(
        "factor 1/2",
        "Your gradient is half of what it should be: the derivative of e² is 2 e.",
        {"2 * error": "error"},
    ),
    Mistake(
        "factor N",
        "This is the gradient of the sum of squares. The 1/N of the mean belongs in the gradient,"
        " too.",
        {" / len(error)": ""},
    ),
    Mistake(
        "factor 1/N",
        "Your gradient is divided by N twice. The mean has 1/N once.",
        {"/ len(error)": "/ len(error) ** 2"},
    ),
    Mistake(
        "factor N/2",
        "This is e itself, the gradient of the sum of e²/2. That of the mean of e² is 2 e / N.",
        {"2 * error / len(error)": "error"},
    ),
    Mistake(
        "a fixed number instead of N",
        "The batch does not always have that many examples. Divide by len(q).",
        *(
            {"/ len(error)": f"/ {number}"}
            for number in (3, 4, 5, 6, 7, 8, 9, 10, 16, 20, 32, 50, 64, 100, 128, 256)
        ),
    ),
    Mistake(
        "target missing in the loss",
        "The loss is the mean of (q − y)²: q and its target y both belong in it.",
        {"np.mean(error**2)": "np.mean(q**2)"},
        {"np.mean(error**2)": "np.mean(y**2)"},
    ),
    Mistake(
        "another power than the square",
        "The loss is the mean of e².",
        {"error**2": "error**4"},
        {"error**2": "error**3"},
    ),
    Mistake(
        "absolute value in the gradient",
        "The sign says in which direction q is wrong. Keep it in the gradient.",
        {"2 * error": "2 * np.abs(error)"},
    ),
    Mistake(
        "error times q",
        "The derivative of e² is 2 e times that of e = q − y, which is 1 in q.",
        {"2 * error": "2 * error * q"},
        {"2 * error": "error * q"},
    ),
    Mistake(
        "root of N", "The mean divides by N itself.", {"/ len(error)": "/ np.sqrt(len(error))"}
    ),
    Mistake(
        "divided by the loss",
        "That would be the gradient of the loss's logarithm.",
        {"/ len(error)": "/ len(error) / loss"},
    ),
    Mistake(
        "differences of neighbours",
        "np.gradient subtracts neighbours in an array: here, examples from each other. Derive the"
        " gradient of L by hand.",
        {"2 * error / len(error)": "np.gradient(error**2, axis=0)"},
    ),
    Mistake(
        "a step instead of the gradient",
        "You returned q after a step of gradient descent. Return the gradient alone.",
        *(
            {"return loss, grad_q": f"return loss, q - {rate} * grad_q"}
            for rate in (1, 0.1, 0.01, 0.001)
        ),
    ),
    Mistake(
        "mean error in every entry",
        "Each q has its own error. Do not average them.",
        {"2 * error / len(error)": "2 * np.mean(error) * np.ones_like(error)"},
        {"2 * error": "2 * np.mean(error) * np.ones_like(error)"},
    ),
    Mistake(
        "Huber loss",
        "This loss is quadratic close to 0 only. Here, as in the paper, L is the mean of e².",
        {"np.mean(error**2)": HUBER, "2 * error": "np.clip(error, -1, 1)"},
        {"np.mean(error**2)": HUBER},
    ),
    Mistake(
        "gradient clipped",
        "A large error has a large gradient. Do not clip it.",
        {"2 * error / len(error)": "np.clip(2 * error / len(error), -1, 1)"},
        {"2 * error": "np.clip(2 * error, -1, 1)"},
        {"2 * error": "np.clip(error, -1, 1)"},
        {"2 * error": "2 * np.clip(error, -1, 1)"},
    ),
    Mistake(
        "error clipped",
        "A large error counts with its whole size, in the loss and in the gradient.",
        {"    loss": "    error = np.clip(error, -1, 1)\n    loss"},
    ),
    Mistake(
        "target missing in the gradient",
        "The derivative of (q − y)² is 2 (q − y): the target y belongs in it, too.",
        {"2 * error": "2 * q"},
    ),
    Mistake(
        "sum instead of difference",
        "The error is the difference q − y. You added the two.",
        {"q - y": "q + y"},
        {"2 * error": "2 * (2 * q - error)"},
    ),
    Mistake(
        "median instead of mean",
        "The median is the middle one of the squares. L is their mean.",
        {"np.mean": "np.median"},
    ),
    Mistake(
        "variance instead of the mean square",
        "The variance subtracts the mean error first, so an error that all examples share would"
        " not count.",
        {"np.mean(error**2)": "np.var(error)", "2 * error": "2 * (error - np.mean(error))"},
        {"np.mean(error**2)": "np.var(error)"},
    ),
    Mistake(
        "divided by N − 1",
        "The mean of N squares is their sum divided by N.",
        {
            "np.mean(error**2)": "np.sum(error**2) / (len(error) - 1)",
            "error / len(error)": "error / (len(error) - 1)",
        },
        {"np.mean(error**2)": "np.sum(error**2) / (len(error) - 1)"},
        {"error / len(error)": "error / (len(error) - 1)"},
    ),
    Mistake("results in another order", "", {"return loss, grad_q": "return grad_q, loss"}),
)


def observe(critic_loss: Any, q: Array, scale: float, seed: int) -> dict[str, Any]:
    """Observe an answer: its loss, and its gradient together with that loss."""
    y = scale * (2 * sample_array(len(q), seed=seed + 1) + 0.3)
    y[0] = q.flat[0] + 0.1  # an error so small that no clipping changes it

    def run(q: Array) -> list[Array]:
        return arrays(call(critic_loss, q, y), ["loss", "grad_q"], critic_loss)

    loss, grad_q = run(q)
    return {"loss": loss, "grad_q": GradientOf(grad_q, lambda x: run(x)[0].reshape(-1), q)}


@exercise(
    "05.2",
    "The critic's loss",
    GRADIENT,
    retired=True,  # 05.3 asks for the same, of a column
    stub='''
def critic_loss(q, y):
    """Return the loss, the mean of (q − y)² over the batch, and dL/dq (N,).

    q (N,) is Q(s, a), y (N,) its target, a constant.
    """
    loss = grad_q = None
    return loss, grad_q
''',
    statement="""Write the mean squared error of a batch, and its gradient in q. The 1/N of the mean
    belongs in the gradient as well: it enters here, and nowhere else.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=COMPARED,
    difficulty=1,
    minutes=5,
    hints=(
        "Each $q_i$ is in one term of the sum only. Differentiate that term, and keep the $1/N$ in"
        " front of the sum.",
    ),
    cases=CASES,
    equivalents={SINGLE: "float32 is precise enough for a loss"},
)
def check_critic_loss(critic_loss: Any, batch_size: int, scale: float, seed: int) -> dict[str, Any]:
    """Check critic_loss."""
    q = scale * sample_array(batch_size, seed=seed)
    return observe(critic_loss, q, scale, seed)
