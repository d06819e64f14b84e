"""Exercise 06.1: the critic's slope in the action.

N batch, S observation entries, A action entries, H hidden units.
"""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, InvalidAnswer, Mistake, arrays, call, exercise
from ..engine.submission import another

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

RESULT = "dq_da = grad_x[:, s:]"
BATCHED = "Each example has its own value and its own slope: take no sum and no mean here."
ENTRIES = "The action has A entries, and q has a slope in each of them: return (N, A)."
FLOAT32 = "float32 is accepted"
CACHE = "(h, w1, w2, obs.shape[1])"
LAST = "(h @ w2 + b2)[:, 0]"  # the last line of the forward pass
FLIPPED = f"{RESULT}\n    dq_da = -dq_da"

MISTAKES = (
    Mistake(
        "action before observation",
        "The rows of w1 belong to [obs | action], in this order. Your order gives another Q.",
        {"[obs, action]": "[action, obs]", RESULT: "dq_da = grad_x[:, :-s]"},
        {"[obs, action]": "[action, obs]"},
    ),
    Mistake(
        "slice of the wrong input",
        "Your columns are not those of the action: in [obs | action] they come after the S columns"
        " of obs.",
        {RESULT: "dq_da = grad_x[:, :s]"},
        {RESULT: "dq_da = grad_x[:, -s:]"},
        {"obs.shape[1]": "action.shape[1]"},
        {"obs.shape[1]": "action.shape[1]", RESULT: "dq_da = grad_x[:, :s]"},
    ),
    Mistake(
        "joint gradient returned",
        "These are the slopes in observation and action, (N, S + A). Return only those in the"
        " action.",
        {RESULT: "dq_da = grad_x"},
    ),
    Mistake(
        "averaged over the batch",
        BATCHED,
        {RESULT: f"{RESULT}.mean(axis=0)"},
        {RESULT: f"{RESULT}.mean(axis=0, keepdims=True)"},
        {LAST: "(h @ w2 + b2).mean()", RESULT: f"{RESULT} / len(h)"},
        {LAST: "(h @ w2 + b2).mean()"},
    ),
    Mistake(
        "summed over the batch",
        BATCHED,
        {LAST: "(h @ w2 + b2).sum()"},
        {RESULT: f"{RESULT}.sum(axis=0)"},
        {RESULT: f"{RESULT}.sum(axis=0, keepdims=True)"},
    ),
    Mistake(
        "only one entry of the action",
        ENTRIES,
        {RESULT: "dq_da = grad_x[:, -1:]"},
        {RESULT: "dq_da = grad_x[:, s : s + 1]"},
        {RESULT: "dq_da = grad_x[:, s]"},
        {RESULT: "dq_da = grad_x[:, -1]"},
    ),
    Mistake(
        "summed over the action's entries",
        ENTRIES,
        {RESULT: f"{RESULT}.sum(axis=1)"},
        {RESULT: f"{RESULT}.sum(axis=1, keepdims=True)"},
        {RESULT: f"{RESULT}.mean(axis=1)"},
        {RESULT: f"{RESULT}.mean(axis=1, keepdims=True)"},
    ),
    Mistake(
        "sign flipped",
        "That is the slope of −Q. Return the slope of Q itself: the minus belongs to the actor's"
        " loss.",
        {RESULT: FLIPPED},
    ),
    Mistake(
        "only the direction of the slope",
        "The slope says how steeply q rises, too: do not normalise it.",
        {RESULT: f"{RESULT}\n    dq_da /= np.linalg.norm(dq_da, axis=1, keepdims=True)"},
        {RESULT: f"{RESULT}\n    dq_da /= np.linalg.norm(dq_da)"},
        {RESULT: "dq_da = np.sign(grad_x[:, s:])"},
    ),
    Mistake("factor 1/N", BATCHED, {RESULT: f"{RESULT} / len(h)"}),
    Mistake(
        "factor −1/N",
        "You began with the −1/N of the actor's loss. Here each example's own slope is asked for:"
        " begin with ones.",
        {RESULT: f"{FLIPPED} / len(h)"},
    ),
    Mistake(
        "slope missing",
        "",
        {" * (1 - h**2)": ""},
        {"(grad_q @ w2.T) * (1 - h**2)": "w2.T"},
        {"(grad_q @ w2.T) * (1 - h**2)": "w2.T", RESULT: "dq_da = grad_x[0, s:]"},
    ),
    Mistake(
        "slope at the output, where the input is meant",
        "h is tanh(z) already, and you took the tanh once more. The slope is 1 − h².",
        {"1 - h**2": "1 - np.tanh(h) ** 2"},
    ),
    Mistake(
        "slope at the input, where the output is meant",
        "1 − h² needs h = tanh(z), but you put in z itself.",
        {"q, (h, w1": "q, (z, w1"},  # what action_gradient takes for h is z
    ),
    Mistake("square missing", "The slope of the tanh is 1 − h², not 1 − h.", {"1 - h**2": "1 - h"}),
    Mistake("sign in the slope", "The slope of the tanh is 1 − h².", {"1 - h**2": "1 + h**2"}),
    Mistake(
        "the slope's 1 missing",
        "The slope of the tanh is 1 − h².",
        {"1 - h**2": "h**2"},
        {"1 - h**2": "-(h**2)"},
    ),
    Mistake(
        "another activation's slope",
        "The hidden layer ends in tanh, whose slope is 1 − h².",
        {"(1 - h**2)": "(h * (1 - h))"},
        {"(1 - h**2)": "(h > 0)"},
    ),
    Mistake(
        "divided by the slope",
        "Going back through the tanh, multiply by its slope.",
        {"* (1 - h**2)": "/ (1 - h**2)"},
    ),
    Mistake(
        "slope applied twice",
        "The tanh stands once between action and q, so its slope enters once.",
        {"(1 - h**2)": "(1 - h**2) ** 2"},
    ),
    Mistake(
        "output instead of its slope",
        "You multiplied by h itself. The slope of the tanh is 1 − h².",
        {"(1 - h**2)": "h"},
    ),
    Mistake(
        "missing chain term",
        "One factor of the chain rule is missing. From q back to the action lie the second layer,"
        " the tanh and the first layer: each contributes its derivative once.",
        {"(grad_q @ w2.T) * ": ""},
        {RESULT: "dq_da = grad_z"},
        {RESULT: "dq_da = (1 - h**2) @ w2"},
        {RESULT: "dq_da = np.tile(w1.sum(axis=1)[s:], (len(h), 1))"},
    ),
    Mistake("transposed", "", {"grad_z @ w1.T": "grad_z @ w1"}),
    Mistake(
        "multiplied by q",
        "That is the slope of q²/2. The gradient that enters at the output is 1 for each q.",
        {
            "obs.shape[1])": "obs.shape[1], q)",
            "s = cache": "s, q = cache",
            "np.ones((len(h), 1))": "q[:, None]",
        },
    ),
    Mistake("bias forgotten", "b1 is missing from q.", {"x @ w1 + b1": "x @ w1"}),
    Mistake("bias forgotten", "b2 is missing from q.", {"h @ w2 + b2": "h @ w2"}),
    Mistake(
        "activation missing",
        "Without the tanh between them, the two linear layers amount to one: Q would be linear in"
        " the action, and its best action would always lie at a bound.",
        {"np.tanh(z)": "z"},
        {"np.tanh(z)": "z", " * (1 - h**2)": ""},
    ),
    Mistake(
        "ReLU instead of tanh",
        "The hidden layer of this critic ends in tanh.",
        {"np.tanh(z)": "np.maximum(z, 0)"},
        {"np.tanh(z)": "np.maximum(z, 0)", "1 - h**2": "h > 0"},
    ),
    Mistake(
        "sigmoid instead of tanh",
        "The hidden layer of this critic ends in tanh.",
        {"np.tanh(z)": "1 / (1 + np.exp(-z))"},
        {"np.tanh(z)": "1 / (1 + np.exp(-z))", "(1 - h**2)": "h * (1 - h)"},
    ),
    Mistake(
        "tanh at the output",
        "A value has no bounds: apply nothing after the last linear layer.",
        {"(h @ w2 + b2)": "np.tanh(h @ w2 + b2)"},
        {
            LAST: f"np.tanh{LAST}",
            "s = cache": "s, q = cache",
            "obs.shape[1])": "obs.shape[1], q)",
            "np.ones((len(h), 1))": "1 - q[:, None] ** 2",
        },
    ),
)


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
    compared="your q and its slope with the right ones",
    difficulty=2,
    minutes=10,
    hints=(
        "Forward: join `obs` and `action` with `np.concatenate(..., axis=1)`."
        " `h @ w2 + b2` is (N, 1), but q has to be (N,): take its only column.",
        "Backward: it is 04.4 once more. Start with ones (N, 1), go back through the second layer,"
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
    return {
        "q": q,
        "q where |z| is large": forward(obs, action, 2_000 * b1)[0],
        "dq_da": GradientOf(dq_da, lambda a: forward(obs, a)[0].reshape(-1), action),
    }
