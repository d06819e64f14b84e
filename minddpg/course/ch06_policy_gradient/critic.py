"""Chapter 06, the actor's side: the critic's slope in the action.

N batch, S observation entries, A action entries, H hidden units.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import OWN, GradientOf
from ..engine.submission import InvalidAnswer, arrays, call

BATCH, OBS, ACTION, HIDDEN = 7, 4, 2, 5


def _critic(
    z_of: Any = lambda x, w1, b1: x @ w1 + b1,
    join: Any = lambda obs, action: (obs, action),
    activation: Any = np.tanh,
    q_of: Any = lambda h, w2, b2: (h @ w2 + b2)[:, 0],
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def critic_forward(
        obs: Array, action: Array, w1: Array, b1: Array, w2: Array, b2: Array
    ) -> Any:
        z = z_of(np.concatenate(join(obs, action), axis=1), w1, b1)
        h = activation(z)
        return q_of(h, w2, b2), (z, h, w1, w2, obs.shape[1], action.shape[1])

    return critic_forward


def _slope(
    slope: Any = lambda z, h: 1 - h**2,
    columns: Any = lambda s, a: slice(s, None),
    above: Any = lambda w2: w2.T,
    below: Any = lambda grad_z, w1: grad_z @ w1.T,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def action_gradient(cache: Any) -> Any:
        z, h, w1, w2, s, a = cache
        return below(above(w2) * slope(z, h), w1)[:, columns(s, a)]

    return action_gradient


critic_forward, action_gradient = _critic(), _slope()
MEAN = _critic(q_of=lambda h, w2, b2: (h @ w2 + b2).mean())
SWAPPED = _critic(join=lambda obs, action: (action, obs))
ORDER = "The rows of w1 are those of [obs | action], in this order. Yours gives another Q."
SLICE = "Your columns are not those of the action: in [obs | action] they come after the S of obs."
BATCHED = "Each example has a value and a slope of its own: no sum or mean is taken here."


@exercise(
    "06.1",
    "The critic's slope in the action",
    GRADIENT,
    stub='''
def critic_forward(obs, action, w1, b1, w2, b2):
    """Return q (N,) = tanh([obs | action] w1 + b1) w2 + b2, and a cache.

    obs (N, S), action (N, A); w1 (S + A, H), b1 (H,), w2 (H, 1), b2 (1,).
    """
    q = None
    return q, ()


def action_gradient(cache):
    """Return dq_da (N, A): how each example's q changes with its own action."""
    dq_da = None
    return dq_da
''',
    statement="""Write a small critic, and its slope in the action: the derivative that tells the
    actor where to go. It is no gradient of a loss: there is no minus in it and no 1/N.""",
    reference=(critic_forward, action_gradient),
    rows=(
        Row("action before observation", (SWAPPED, _slope(columns=lambda s, a: slice(a))), ORDER),
        Row("action before observation", (SWAPPED, None), ORDER),
        *(
            Row("slice of the wrong input", (None, _slope(columns=columns)), SLICE)
            for columns in (
                lambda s, a: slice(a),
                lambda s, a: slice(s),
                lambda s, a: slice(a, None),
                lambda s, a: slice(-s, None),
            )
        ),
        Row(
            "joint gradient returned",
            (None, _slope(columns=lambda s, a: slice(None))),
            "These are the slopes in observation and action, (N, S + A). Only the action's are"
            " asked.",
        ),
        *(
            Row("averaged over the batch", answers, BATCHED)
            for answers in (
                (None, lambda cache: action_gradient(cache).mean(axis=0)),
                (None, lambda cache: action_gradient(cache).mean(axis=0, keepdims=True)),
                (MEAN, lambda cache: action_gradient(cache) / len(cache[0])),
                (MEAN, None),
            )
        ),
        *(
            Row("summed over the batch", (None, answer), BATCHED)
            for answer in (
                lambda cache: action_gradient(cache).sum(axis=0),
                lambda cache: action_gradient(cache).sum(axis=0, keepdims=True),
            )
        ),
        Row("slope missing", (None, _slope(slope=lambda z, h: np.ones_like(h)))),
        Row(
            "slope at the output, where the input is meant",
            (None, _slope(slope=lambda z, h: 1 - np.tanh(h) ** 2)),
        ),
        Row(
            "slope at the input, where the output is meant",
            (None, _slope(slope=lambda z, h: 1 - z**2)),
        ),
        Row(
            "square missing",
            (None, _slope(slope=lambda z, h: 1 - h)),
            "The slope of the tanh is 1 − h², not 1 − h.",
        ),
        Row(
            "output instead of its slope",
            (None, _slope(slope=lambda z, h: h)),
            "You multiplied by h itself. The slope of the tanh is 1 − h².",
        ),
        Row("slope missing", (None, lambda c: (c[3].T @ c[2].T)[:, c[4] :])),
        *(
            Row("missing chain term", (None, backward))
            for backward in (
                _slope(above=lambda w2: np.ones_like(w2.T)),
                lambda c: c[3].T * (1 - c[1] ** 2),
                lambda c: (1 - c[1] ** 2) @ c[3],
            )
        ),
        Row("transposed", (None, _slope(below=lambda grad_z, w1: grad_z @ w1))),
        Row(
            "multiplied by q",
            (
                lambda *given: (critic_forward(*given)[0], (given, critic_forward(*given)[1])),
                lambda cache: critic_forward(*cache[0])[0][:, None] * action_gradient(cache[1]),
            ),
            "That is the slope of q²/2. The gradient that enters at the top is 1 for each q.",
        ),
        Row("bias forgotten", (_critic(lambda x, w, b: x @ w), None), "q lacks b1."),
        Row("bias forgotten", (_critic(q_of=lambda h, w, b: h @ w[:, 0]), None), "q lacks b2."),
        *(
            Row(
                "activation missing",
                (_critic(activation=lambda z: z), backward),
                "Without the tanh between them, two linear layers are one: Q would be linear in"
                " the action, and have no best one within its bounds.",
            )
            for backward in (None, _slope(slope=lambda z, h: np.ones_like(h)))
        ),
        *(
            Row(
                "ReLU instead of tanh",
                (_critic(activation=lambda z: np.maximum(z, 0)), backward),
                "The hidden layer of this critic is a tanh.",
            )
            for backward in (None, _slope(slope=lambda z, h: z > 0))
        ),
        Row(
            "tanh at the output",
            (_critic(q_of=lambda h, w2, b2: np.tanh(h @ w2 + b2)[:, 0]), None),
            "A value has no bounds: nothing comes after the last linear layer.",
        ),
    ),
    compared=OWN,
    can_be_square=True,
)
def check_action_gradient(
    critic_forward: Any, action_gradient: Any, square: bool = False
) -> dict[str, Any]:
    """Check critic_forward and action_gradient."""
    n, s, a, h = (4, 2, 2, 4) if square else (BATCH, OBS, ACTION, HIDDEN)
    obs, action = sample_array(n, s, seed=1), sample_array(n, a, seed=2)
    w1, b1 = 0.5 * sample_array(s + a, h, seed=3), 0.4 * sample_array(h)
    w2, b2 = sample_array(h, 1, seed=4), sample_array(1)

    def run(action: Array) -> tuple[Array, Any]:
        result = call(critic_forward, obs, action, w1, b1, w2, b2)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise InvalidAnswer("critic_forward should return two things: q and a cache.")
        return arrays(result[0], ["q"], critic_forward)[0], result[1]

    q, cache = run(action)
    (dq_da,) = arrays(call(action_gradient, cache), ["dq_da"], action_gradient)
    return {"q": q, "dq_da": GradientOf(dq_da, lambda a: run(a)[0].reshape(-1), action)}
