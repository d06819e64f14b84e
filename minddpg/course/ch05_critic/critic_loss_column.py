"""Exercise 05.3: the critic's loss where q is a column and y is not.

N batch.
"""

from itertools import product
from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, exercise
from .critic_loss import CASES, COMPARED, NOT_AVERAGED, SINGLE, observe
from .critic_loss import MISTAKES as MISTAKES_OF_THE_LOSS

SOLUTION = """
def critic_loss_column(q, y):
    error = q - y[:, None]
    loss = np.mean(error**2)
    grad_q = 2 * error / len(error)
    return loss, grad_q
"""

FLAT = {"q - y[:, None]": "q[:, 0] - y"}  # which makes error (N,)
LOSS, GRADIENT = "np.mean(error**2)", "2 * error / len(error)"
COLUMN = "return (loss, grad_q) → return (loss, np.reshape(grad_q, (-1, 1)))"  # a mutant
LOSSES_OF_TABLE = (  # table is q − y, (N, N)
    "np.mean(table**2)",
    "np.sum(table**2)",
    "np.sum(table**2) / len(table)",
    "np.mean(table**2, axis=0)",
    "np.mean(table**2, axis=1)",
    "np.mean(table**2, axis=1, keepdims=True)",
)
GRADIENTS_OF_TABLE = (
    *(
        f"2 * table.sum({axis}){divided}"
        for axis in ("axis=1, keepdims=True", "axis=1", "axis=0", "axis=0, keepdims=True")
        for divided in (" / table.size", " / len(table)", "")
    ),
    "2 * table[:, -1:] / len(table)",
    "2 * table / table.size",
    "2 * table / len(table)",
    "2 * table",
)
OF_TABLE = [
    {"    loss": "    table = q - y\n    loss", LOSS: loss, GRADIENT: grad}
    for loss, grad in product((*LOSSES_OF_TABLE, LOSS), (*GRADIENTS_OF_TABLE, GRADIENT))
][:-1]  # the last one is right

MISTAKES = (
    Mistake("(N, N) broadcast", "", *OF_TABLE),
    Mistake(
        "grad_q in y's shape",
        "dL/dq has the shape of q, which is (N, 1) here. You returned (N,).",
        FLAT,
    ),
    Mistake(
        "a row instead of a column",
        "dL/dq has the shape of q, which is (N, 1) here. You returned (1, N).",
        {"return loss, grad_q": "return loss, grad_q.T"},
    ),
    Mistake(
        "loss not averaged",
        NOT_AVERAGED,
        {**FLAT, "np.mean(error**2)": "error**2", "2 * error": "2 * error[:, None]"},
        {**FLAT, "np.mean(error**2)": "error**2", "2 * error / len(error)": "2 * error[:, None]"},
    ),
    Mistake(
        "square of the mean",
        "You averaged first, so that errors of opposite signs cancel. Square each error, then take"
        " the mean.",
        {
            "np.mean(error**2)": "np.mean(error) ** 2",
            "2 * error": "2 * np.full_like(error, np.mean(error))",
        },
    ),
    *MISTAKES_OF_THE_LOSS,  # they edit lines that this solution has, too
)


@exercise(
    "05.3",
    "The critic's loss",
    PROPERTY,
    stub='''
def critic_loss_column(q, y):
    """Return the mean of (Q(s, a) − y)² over the batch, a number, and dL/dq (N, 1).

    q (N, 1) as the network returns it, y (N,).
    """
    loss = grad_q = None
    return loss, grad_q
''',
    statement="""Write the loss (4) and its gradient in q. The 1/N of the mean belongs in the
    gradient as well: it enters here, and nowhere else. A network returns q as a column (N, 1), but
    y is (N,). Write down the shape of q − y before you run it.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=COMPARED,
    difficulty=2,
    importance=3,
    minutes=8,
    hints=(
        "Each $q_i$ is in one term of the sum only. Differentiate that term, and keep the $1/N$ in"
        " front of the sum.",
        "Give both the same shape before you subtract: `y[:, None]` is (N, 1), `q[:, 0]` is (N,)."
        " The gradient must have the shape of q again.",
    ),
    cases=CASES,
    equivalents={SINGLE: "float32 is precise enough for a loss", COLUMN: "it is a column already"},
)
def check_critic_loss_column(
    critic_loss_column: Any, batch_size: int, scale: float, seed: int
) -> dict[str, Any]:
    """Check critic_loss_column."""
    q = scale * sample_array(batch_size, 1, seed=seed)
    return observe(critic_loss_column, q, scale, seed)
