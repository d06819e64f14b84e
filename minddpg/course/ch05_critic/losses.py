"""Chapter 05, the critic's side: the mean squared error.

N batch.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import GradientOf
from ..engine.submission import arrays, call

BATCH = 7
COMPARED = "your loss with the right one, your gradient with the derivative of your own loss"


def critic_loss(q: Array, y: Array) -> Any:
    return ((q - y) ** 2).mean(), slope(q - y)


def slope(e: Array) -> Array:
    return 2 * e / len(e)


def _rows(mistake: str, why: str, *answers: Any) -> list[Row]:
    """One mistake in several guises, each a function of the error q − y to (loss, grad_q)."""

    def of_q(answer: Any) -> Any:
        return lambda q, y: answer(q - y)

    return [Row(mistake, (of_q(answer),), why) for answer in answers]


ROWS = (
    *_rows(
        "½ in the loss",
        "Many texts halve the square to be rid of the 2 of its derivative. Here, as in the paper,"
        " L is the mean of e² itself, and its gradient has the 2.",
        lambda e: ((e**2).mean() / 2, e / len(e)),
        lambda e: ((e**2).mean() / 2, slope(e)),
    ),
    *_rows(
        "sum in the loss, mean in the gradient",
        "The two do not belong to one another: the loss is summed over the batch, the gradient is"
        " that of the mean. The mean is asked.",
        lambda e: ((e**2).sum(), slope(e)),
    ),
    *_rows(
        "loss not averaged",
        "The loss is one number, the mean over the batch. You return one for each example.",
        lambda e: (e**2, slope(e)),
        lambda e: (e**2, 2 * e),
    ),
    *_rows(
        "square missing",
        "Errors of both signs cancel in their mean, and it has no minimum. Square them first.",
        lambda e: (e.mean(), 0 * e + 1 / len(e)),
        lambda e: (e.mean(), slope(e)),
    ),
    *_rows(
        "absolute error instead of squared",
        "|e| has a slope of ±1, however large the error is. The loss is the mean of e².",
        lambda e: (np.abs(e).mean(), np.sign(e) / len(e)),
        lambda e: (np.abs(e).mean(), slope(e)),
    ),
    *_rows(
        "root of the mean",
        "The mean squared error has no root. With it, the gradient would be as large close to the"
        " minimum as far from it.",
        lambda e: (np.sqrt((e**2).mean()), e / np.sqrt((e**2).mean()) / len(e)),
        lambda e: (np.sqrt((e**2).mean()), slope(e)),
    ),
    *_rows(
        "norm instead of the mean square",
        "The norm is the root of the sum of squares. Neither a root nor a sum is asked.",
        lambda e: (np.sqrt(e @ e), e / np.sqrt(e @ e)),
        lambda e: (np.sqrt(e @ e), slope(e)),
    ),
    *_rows(
        "square of the mean",
        "Averaged first, errors of both signs cancel. Square each, then take the mean.",
        lambda e: (e.mean() ** 2, 0 * e + 2 * e.mean() / len(e)),
        lambda e: (e.mean() ** 2, slope(e)),
    ),
    *_rows(
        "square left in the gradient",
        "The derivative of e² is 2 e. You kept the square.",
        lambda e: ((e**2).mean(), e**2 / len(e)),
        lambda e: ((e**2).mean(), 2 * e**2 / len(e)),
    ),
    *_rows(
        "gradient summed into one number",
        "The gradient has an entry for each q: how the loss changes with that q alone.",
        lambda e: ((e**2).mean(), 2 * e.mean()),
        lambda e: ((e**2).mean(), 2 * e.sum()),
    ),
    *_rows("results in another order", "", lambda e: (slope(e), (e**2).mean())),
)


def observe(critic_loss: Any, q: Array) -> dict[str, Any]:
    """Run an answer: its loss, and its gradient beside the slope of that loss."""
    y = 2 * sample_array(BATCH, seed=4) + 0.3

    def run(q: Array) -> list[Array]:
        return arrays(call(critic_loss, q, y), ["loss", "grad_q"], critic_loss)

    loss, grad_q = run(q)
    return {"loss": loss, "grad_q": GradientOf(grad_q, lambda x: run(x)[0].reshape(-1), q)}


@exercise(
    "05.2",
    "The critic's loss",
    GRADIENT,
    stub='''
def critic_loss(q, y):
    """Return the loss, the mean of (q − y)² over the batch, and dL/dq (N,).

    q (N,) is Q(s, a), y (N,) its target, a constant.
    """
    loss = grad_q = None
    return loss, grad_q
''',
    statement="""Write the mean squared error of a batch, and its gradient in q. The 1/N of the mean
    belongs in the gradient as well: it is here that it enters, and nowhere later.""",
    reference=(critic_loss,),
    rows=ROWS,
    compared=COMPARED,
    batch_size=BATCH,
)
def check_critic_loss(critic_loss: Any) -> dict[str, Any]:
    """Check critic_loss."""
    return observe(critic_loss, sample_array(BATCH, seed=3))
