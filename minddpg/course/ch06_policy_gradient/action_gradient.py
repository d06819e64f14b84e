"""Exercise 06.1: the critic's slope in the action.

N batch, S observation entries, A action entries, H hidden units.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, InvalidAnswer, arrays, call, exercise
from ..engine.submission import another
from .action_gradient_mistakes import MISTAKES

CASES = (
    {"batch_size": 7, "obs_dim": 5, "action_dim": 3, "hidden": 4},
    {"batch_size": 11, "obs_dim": 6, "action_dim": 2, "hidden": 9},
)

SOLUTION = """
def critic_forward(obs, action, w1, b1, w2, b2):
    x = np.concatenate([obs, action], axis=1)
    z = x @ w1 + b1
    h = np.tanh(z)
    q = (h @ w2 + b2)[:, 0]
    return q, (h, w1, w2, obs.shape[1])


def action_gradient(cache):
    h, w1, w2, s = cache
    grad_q = np.ones((len(h), 1))
    grad_z = (grad_q @ w2.T) * (1 - h**2)
    grad_x = grad_z @ w1.T
    dq_da = grad_x[:, s:]
    return dq_da
"""

FLOAT32 = "float32 is accepted"
CACHE = "(h, w1, w2, obs.shape[1])"


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
    actor where to go. It is not the gradient of a loss: it has no minus and no 1/N.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your q and its slope with the correct ones",
    difficulty=2,
    importance=2,
    minutes=10,
    hints=(
        "Forward: join `obs` and `action` with `np.concatenate(..., axis=1)`."
        " `h @ w2 + b2` is (N, 1), but q must be (N,): take its only column.",
        "Backward: proceed as in 04.4. Start with ones (N, 1), go back through the second layer,"
        " the tanh and the first layer to the gradient of the joint input (N, S + A). Which of its"
        " columns belong to the action?",
    ),
    cases=CASES,
    equivalents={
        "grad_z = grad_q @ w2.T * (1 - h ** 2) → grad_z = grad_q * w2.T * (1 - h ** 2)": (
            "a column times a row: with one output both are the same product"
        ),
        f"return (q, {CACHE}) → return (np.float32(q), {CACHE})": FLOAT32,
        "return dq_da → return np.float32(dq_da)": FLOAT32,
    },
    square={"batch_size": 5, "obs_dim": 2, "action_dim": 3, "hidden": 5},
)
def check_action_gradient(
    critic_forward: Any,
    action_gradient: Any,
    batch_size: int,
    obs_dim: int,
    action_dim: int,
    hidden: int,
) -> dict[str, Any]:
    """Check critic_forward and action_gradient."""
    obs, action = sample_array(batch_size, obs_dim, seed=1), sample_array(batch_size, action_dim)
    w1, b1 = 0.5 * sample_array(obs_dim + action_dim, hidden, seed=3), 0.4 * sample_array(hidden)
    w2, b2 = 2 * sample_array(hidden, 1, seed=4), sample_array(1)

    def forward(obs: Array, action: Array, b1: Array = b1) -> tuple[Array, Any]:
        result = call(critic_forward, obs, action, w1, b1, w2, b2)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise InvalidAnswer("critic_forward should return two things: q and a cache.")
        return arrays(result[0], ["q"], critic_forward)[0], result[1]

    def slope(cache: Any) -> Array:
        return arrays(call(action_gradient, cache), ["dq_da"], action_gradient)[0]

    q, cache = forward(obs, action)
    dq_da, again = slope(cache), slope(cache)
    forward(another(obs), another(action))
    if np.array_equal(dq_da, again) and not np.array_equal(dq_da, slope(cache)):
        raise InvalidAnswer("", "cache kept in the layer")
    one_q, one_cache = forward(obs[:1], action[:1])
    return {
        "q": q,
        "q where |z| is large": forward(obs, action, 2_000 * b1)[0],
        "q where N = 1": one_q,
        "dq_da": GradientOf(dq_da, lambda a: forward(obs, a)[0].reshape(-1), action),
        "dq_da where N = 1": slope(one_cache),
    }
