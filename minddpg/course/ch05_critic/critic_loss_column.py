"""Exercise 05.3: the critic's loss where q is a column and y is not.

N batch.
"""

from typing import Any

from ...verification.random_inputs import sample_array
from ..engine import PROPERTY, Mistake, exercise
from .critic_loss import BATCH, COMPARED, NOT_AVERAGED, observe
from .critic_loss import MISTAKES as MISTAKES_OF_THE_LOSS

SOLUTION = """
def critic_loss_column(q, y):
    error = q - y[:, None]
    loss = np.mean(error**2)
    grad_q = 2 * error / len(error)
    return loss, grad_q
"""

TABLE = {"y[:, None]": "y"}  # which makes error (N, N)
FLAT = {"q - y[:, None]": "q[:, 0] - y"}  # which makes error (N,)
LOSSES_OF_TABLE = (
    "np.sum(error**2) / len(error)",
    "np.mean(error**2, axis=0)",
    "np.mean(error**2, axis=1)",
)
GRADIENTS_OF_TABLE = (
    "2 * error.mean(axis=1, keepdims=True)",  # over N, this is the gradient of the table's mean
    "2 * error.sum(axis=1, keepdims=True)",
    "2 * error.mean(axis=1)",
    "2 * error.sum(axis=1)",
    "2 * error.mean(axis=0)",
    "2 * error.sum(axis=0)",
)

MISTAKES = (
    Mistake(
        "(N, N) broadcast",
        "",
        TABLE,
        {**TABLE, "error / len(error)": "error / error.size"},
        {"error**2": "(q - y) ** 2"},
        {"2 * error": "2 * (q - y)"},
        *({**TABLE, "np.mean(error**2)": loss} for loss in LOSSES_OF_TABLE),
        *({**TABLE, "2 * error": grad} for grad in GRADIENTS_OF_TABLE),
    ),
    Mistake(
        "grad_q in y's shape",
        "dL/dq has the shape of q, which is (N, 1) here. An array (N,) would become a table in the"
        " next product.",
        FLAT,
    ),
    Mistake(
        "loss not averaged",
        NOT_AVERAGED,
        {**FLAT, "np.mean(error**2)": "error**2", "2 * error": "2 * error[:, None]"},
        {**FLAT, "np.mean(error**2)": "error**2", "2 * error / len(error)": "2 * error[:, None]"},
    ),
    *MISTAKES_OF_THE_LOSS,  # they edit lines that this solution has, too
)


@exercise(
    "05.3",
    "A column against a row",
    PROPERTY,
    stub='''
def critic_loss_column(q, y):
    """Return the mean of (Q(s, a) − y)² over the batch, a number, and dL/dq (N, 1).

    q (N, 1) as the network returns it, y (N,).
    """
    loss = grad_q = None
    return loss, grad_q
''',
    statement="""The same loss, but now q is a column (N, 1) and y is still (N,). Write down the
    shape of q − y before you run it. A gradient check alone would not notice: it asks whether your
    gradient fits your loss, not whether that is the loss you meant.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared=COMPARED,
    difficulty=2,
    minutes=5,
    hints=(
        "Give both the same shape before you subtract: `y[:, None]` is (N, 1), `q[:, 0]` is (N,)."
        " The gradient has to have the shape of q again.",
    ),
    batch_size=BATCH,
)
def check_critic_loss_column(critic_loss_column: Any) -> dict[str, Any]:
    """Check critic_loss_column."""
    return observe(critic_loss_column, sample_array(BATCH, 1, seed=3))
