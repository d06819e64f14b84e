"""Chapter 05, the critic's side: a column that meets a row.

N batch.
"""

from itertools import product
from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import PROPERTY, Row
from .losses import BATCH, COMPARED, ROWS, critic_loss, observe, slope


def _column(answer: Any) -> Any:
    """Answer to a column q (N, 1) what another answers to a row, or else its flat gradient."""

    def of_column(q: Array, y: Array) -> Any:
        loss, grad = answer(q[:, 0], y)
        return loss, grad[:, None] if np.ndim(grad) else grad

    return of_column


def _table(loss: Any, grad: Any) -> Any:
    """Answer with a loss of the table q − y (N, N), and a gradient of it and of the right one."""
    return lambda q, y: (loss(q - y, q[:, 0] - y), grad(slope(q - y), slope(q[:, 0] - y)))


LOSSES = (
    lambda table, e: (e**2).mean(),
    lambda table, e: (table**2).mean(),
    lambda table, e: (table**2).sum() / len(e),
    lambda table, e: (table**2).sum(),
    lambda table, e: (table**2).mean(axis=0),
    lambda table, e: (table**2).mean(axis=1, keepdims=True),
)
GRADIENTS = (
    lambda table, grad: grad[:, None],
    lambda table, grad: table.mean(axis=1, keepdims=True),
    lambda table, grad: table.sum(axis=1, keepdims=True),
    lambda table, grad: len(grad) * table.sum(axis=1, keepdims=True),
    lambda table, grad: table.mean(axis=1),
    lambda table, grad: table.sum(axis=1),
    lambda table, grad: table.mean(axis=0),
    lambda table, grad: table.sum(axis=0),
    lambda table, grad: table,
    lambda table, grad: table * len(grad),
    lambda table, grad: table / len(grad),
)
TABLES = [_table(loss, grad) for loss, grad in product(LOSSES, GRADIENTS)][1:]  # the first is right


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
    reference=(_column(critic_loss),),
    rows=(
        *(Row("(B, B) broadcast", (answer,)) for answer in TABLES),
        Row(
            "grad_q in y's shape",
            (lambda q, y: critic_loss(q[:, 0], y),),
            "dL/dq has the shape of q, which is (N, 1) here. As (N,) it would become a table at"
            " the next product.",
        ),
        *(Row(row.mistake, (_column(row.answers[0]),), row.why) for row in ROWS),
    ),
    compared=COMPARED,
    batch_size=BATCH,
)
def check_critic_loss_column(critic_loss_column: Any) -> dict[str, Any]:
    """Check critic_loss_column."""
    return observe(critic_loss_column, sample_array(BATCH, 1, seed=3))
