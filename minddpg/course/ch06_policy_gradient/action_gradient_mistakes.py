"""The mistakes of exercise 06.1, the critic's slope in the action.

N batch, S observation entries, A action entries, H hidden units.
"""

from ..engine import Mistake

RESULT = "dq_da = grad_x[:, s:]"
BATCHED = "Each example has its own value and its own slope: take no sum and no mean here."
ENTRIES = "The action has A entries, and q has a slope in each of them: return (N, A)."
LAST = "(h @ w2 + b2)[:, 0]"  # the last line of the forward pass
FLIPPED = f"{RESULT}\n    dq_da = -dq_da"
ARRIVING = "(grad_q @ w2.T)"
A = "grad_x.shape[1] - s"
Q_KEPT = {"obs.shape[1])": "obs.shape[1], q)", "s = cache": "s, q = cache"}

MISTAKES = (
    Mistake(
        "action before observation",
        "The rows of w1 are for [obs | action], in this order. Your order gives another Q.",
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
        {RESULT: f"a = {A}\n    dq_da = grad_x[:, a : 2 * a]"},
    ),
    Mistake(
        "hard-coded size",
        "You start at column 3. That is right only on Pendulum: start at S, obs.shape[1].",
        {RESULT: "dq_da = grad_x[:, 3:]"},
    ),
    Mistake(
        "gradient of the weights",
        "That is a gradient of w1. Go back to the layer's input: grad_z @ w1.T.",
        {
            "q, (h, w1": "q, (h, x, w1",
            "h, w1, w2, s = cache": "h, x, w1, w2, s = cache",
            RESULT: "dq_da = (x.T @ grad_z)[s:]",
        },
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
        {RESULT: f"{RESULT}\n    dq_da = np.tile(dq_da.mean(axis=0), (len(h), 1))"},
        {"1 - h**2": "1 - h.mean(axis=0) ** 2"},
    ),
    Mistake(
        "summed over the batch",
        BATCHED,
        {LAST: "(h @ w2 + b2).sum()"},
        {RESULT: f"{RESULT}.sum(axis=0)"},
        {RESULT: f"{RESULT}.sum(axis=0, keepdims=True)"},
        {RESULT: f"{RESULT}\n    dq_da = np.tile(dq_da.sum(axis=0), (len(h), 1))"},
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
        {RESULT: f"{RESULT}\n    dq_da = np.repeat(dq_da.sum(axis=1)[:, None], {A}, axis=1)"},
    ),
    Mistake(
        "sign flipped",
        "That is the slope of −Q. Return the slope of Q itself: the minus belongs to the actor's"
        " loss.",
        {RESULT: FLIPPED},
    ),
    Mistake(
        "sign flipped",
        "Your q is −Q. The critic's value has no minus: it belongs to the actor's loss.",
        {LAST: f"-{LAST}"},
        {LAST: f"-{LAST}", RESULT: FLIPPED},
    ),
    Mistake(
        "only the direction of the slope",
        "The slope says how steeply q rises, too: do not normalise it.",
        {RESULT: f"{RESULT}\n    dq_da /= np.linalg.norm(dq_da, axis=1, keepdims=True)"},
        {RESULT: f"{RESULT}\n    dq_da /= np.linalg.norm(dq_da)"},
        {RESULT: "dq_da = np.sign(grad_x[:, s:])"},
    ),
    Mistake(
        "clipped to [−1, 1]",
        "Actions have bounds, but slopes have none: do not clip.",
        {RESULT: f"{RESULT}.clip(-1, 1)"},
    ),
    Mistake("factor 1/N", BATCHED, {RESULT: f"{RESULT} / len(h)"}),
    Mistake(
        "factor −1/N",
        "You began with the −1/N of the actor's loss. Return each example's own slope here: begin"
        " with ones.",
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
        "1 − h² needs h = tanh(z), but you used z itself.",
        {"q, (h, w1": "q, (z, w1"},  # what action_gradient takes for h is z
    ),
    Mistake(
        "square in the wrong place",
        "The slope of the tanh is 1 − h²: only h is squared.",
        {"1 - h**2": "(1 - h) ** 2"},
    ),
    Mistake(
        "brackets missing",
        "The gradient that arrives multiplies the whole slope: put 1 − h² in brackets.",
        {f"{ARRIVING} * (1 - h**2)": "1 - h**2 * w2.T"},
        {f"{ARRIVING} * (1 - h**2)": f"{ARRIVING} * 1 - h**2"},
    ),
    Mistake(
        "q instead of h in the slope",
        "The tanh is in the hidden layer: its slope is 1 − h², with the hidden units h.",
        {**Q_KEPT, "1 - h**2": "1 - q[:, None] ** 2"},
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
        "The hidden layer ends in tanh. The slope of the tanh is 1 − h².",
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
        "There is one tanh between action and q, so its slope enters once.",
        {"(1 - h**2)": "(1 - h**2) ** 2"},
    ),
    Mistake(
        "output instead of its slope",
        "You multiplied by h itself. The slope of the tanh is 1 − h².",
        {"(1 - h**2)": "h"},
    ),
    Mistake(
        "missing chain term",
        "One factor of the chain rule is missing. The path from q back to the action passes the"
        " second layer, the tanh and the first layer: each contributes its derivative once.",
        {"(grad_q @ w2.T) * ": ""},
        {RESULT: "dq_da = grad_z"},
        {RESULT: "dq_da = (1 - h**2) @ w2"},
        {RESULT: "dq_da = np.tile(w1.sum(axis=1)[s:], (len(h), 1))"},
    ),
    Mistake(
        "some hidden units left out",
        "The action reaches q through all H hidden units: add up what they contribute. In a loop,"
        " add with +=.",
        *(
            {"grad_z @ w1.T": f"grad_z[:, {units}] @ w1[:, {units}].T"}
            for units in ("-1:", ":1", ":-1", "1:")
        ),
    ),
    Mistake(
        "transposed", "", {"grad_z @ w1.T": "grad_z @ w1"}, {"grad_x[:, s:]": "grad_x[:, s:].T"}
    ),
    Mistake(
        "squeezed",
        "squeeze removes every axis of length 1, so with one example or one action entry it removes"
        " one too many. Take column 0 of q, and leave dq_da (N, A).",
        {LAST: "(h @ w2 + b2).squeeze()"},
        {RESULT: f"{RESULT}.squeeze()"},
        {LAST: "(h @ w2 + b2).squeeze()", RESULT: f"{RESULT}.squeeze()"},
    ),
    Mistake(
        "w2 used as a column",
        "w2 is a column, (H, 1). Each example needs a row of H units: use w2.T.",
        {ARRIVING: "w2"},  # runs only where N = H
    ),
    Mistake(
        "multiplied by q",
        "That is the slope of q²/2. The gradient that enters at the output is 1 for each q.",
        {**Q_KEPT, "np.ones((len(h), 1))": "q[:, None]"},
    ),
    Mistake(
        "q instead of its slope",
        "These are the values of q. The slope says how they change with the action.",
        {**Q_KEPT, RESULT: f"dq_da = np.repeat(q[:, None], {A}, axis=1)"},
    ),
    Mistake(
        "the action is missing from q",
        "q depends on the observation and on the action: the columns of x are [obs | action].",
        {"[obs, action]": "[obs, 0 * action]"},
    ),
    Mistake("bias forgotten", "b1 is missing from q.", {"x @ w1 + b1": "x @ w1"}),
    Mistake("bias forgotten", "b2 is missing from q.", {"h @ w2 + b2": "h @ w2"}),
    Mistake(
        "bias in the wrong place",
        "b1 is added before the tanh, not after it.",
        {"np.tanh(z)": "np.tanh(x @ w1) + b1"},
    ),
    Mistake(
        "tan instead of tanh",
        "The hidden layer ends in the hyperbolic tangent, np.tanh.",
        {"np.tanh(z)": "np.tan(z)"},
        {"np.tanh(z)": "np.tan(z)", "1 - h**2": "1 + h**2"},
    ),
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
        {LAST: f"np.tanh{LAST}", **Q_KEPT, "np.ones((len(h), 1))": "1 - q[:, None] ** 2"},
    ),
)
