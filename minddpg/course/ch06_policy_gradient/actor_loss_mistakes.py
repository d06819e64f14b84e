"""The mistakes of exercise 06.2, the actor's loss and its gradient.

N batch, A action entries.
"""

from ..engine import Mistake

MOVED = "Computing a loss must change nothing, but your function has changed θ of this network."
BACK = "actor.backward(grad_action, actor_cache)"
BACK_TO_THE_CRITIC = "critic.backward(-np.ones_like(q) / len(q), critic_cache)"

GRAD = "-dq_da / len(obs)"

MISTAKES = (
    Mistake(
        "sign flipped",
        "Your gradient is that of +Q, so descending it leads the actor to the worst action. dL/da"
        " is −∇a Q / N.",
        {"-dq_da": "dq_da"},
    ),
    Mistake(
        "factor N",
        "The loss is the mean over the N examples. You took their sum.",
        {"-q.mean()": "-q.sum()", GRAD: "-dq_da"},
    ),
    Mistake(
        "factor N",
        "The loss is a mean, so each example's ∇a Q has the factor 1/N. Your gradient lacks it.",
        {GRAD: "-dq_da"},
    ),
    Mistake(
        "factor −N", "dL/da is −∇a Q / N. Both the minus and 1/N are missing.", {GRAD: "dq_da"}
    ),
    Mistake(
        "factor 1/N",
        "You divided by N once too often. dL/da contains the 1/N of the loss; actor.backward only"
        " sums over the examples.",
        {GRAD: "-dq_da / len(obs) ** 2"},
    ),
    Mistake(
        "hard-coded batch size",
        "Divide by the number of examples that the function was given, len(obs).",
        *({GRAD: f"-dq_da / {n}"} for n in (16, 32, 64, 100, 128, 256)),
    ),
    Mistake(
        "divided by N A",
        "dq_da has N A entries, but the loss is the mean of N values of Q. Divide by N.",
        {GRAD: "-dq_da / dq_da.size"},
        {"-q.mean()": "-q.sum() / action.size", GRAD: "-dq_da / dq_da.size"},
    ),
    Mistake(
        "divided by N − 1",
        "The loss is the mean of N values of Q.",
        {GRAD: "-dq_da / (len(obs) - 1)"},
    ),
    Mistake(
        "divided by A",
        "The loss is a mean over the N examples, not over the A entries of an action.",
        {GRAD: "-dq_da / action.shape[1]"},
    ),
    Mistake(
        "climbs in the wrong direction",
        "Your loss is the mean of Q itself. Descending it leads the actor to the worst action.",
        {"-q.mean()": "q.mean()", "-dq_da": "dq_da"},
    ),
    Mistake(
        "loss and gradient of opposite signs",
        "One of them is that of −Q, the other that of Q. The actor descends −Q.",
        {"-q.mean()": "q.mean()"},
    ),
    Mistake(
        "sum in the loss, mean in the gradient",
        "Loss and gradient do not match: the loss is a sum over the batch, the gradient is that of"
        " the mean. Use the mean in both.",
        {"-q.mean()": "-q.sum()"},
    ),
    Mistake(
        "loss not averaged",
        "The loss is one number, the mean over the batch. You return one for each example.",
        {"-q.mean()": "-q"},
        {"-q.mean()": "-q / len(q)"},
        {"-q.mean()": "-q", " / len(obs)": ""},
    ),
    Mistake(
        "gradient at the replayed action",
        "You took ∇a Q at the stored action. The current actor chooses μ(s): run the critic at"
        " μ(s), and use that cache.",
        {"    dq_da =": "    _, critic_cache = critic.forward(obs, replayed_action)\n    dq_da ="},
    ),
    Mistake(
        "Q of the replayed action as loss",
        "Q at the stored action does not depend on θ^μ at all. The loss is −Q at μ(s).",
        {"critic.forward(obs, action)": "critic.forward(obs, replayed_action)"},
        {"-q.mean()": "-critic.forward(obs, replayed_action)[0].mean()"},
    ),
    Mistake(
        "missing chain term",
        "∇a Q is missing from your gradient, so the critic has no influence on it. Multiply by each"
        " example's row of dq_da.",
        {"-dq_da": "-np.ones_like(action)"},
        {"-dq_da": "np.ones_like(action)"},
        {"-dq_da / len(obs)": "-np.ones_like(action)"},
        {"-dq_da / len(obs)": "np.ones_like(action)"},
    ),
    Mistake(
        "∇a Q averaged before the chain",
        "The mean of a product is not the product of two means. Multiply each example's ∇a Q by its"
        " own ∇θ μ.",
        {"-dq_da / len(obs)": "-np.tile(dq_da.mean(axis=0), (len(obs), 1))"},
        {"-dq_da / len(obs)": "-np.tile(dq_da.mean(axis=0), (len(obs), 1)) / len(obs)"},
        {"-dq_da / len(obs)": "-np.tile(dq_da.sum(axis=0), (len(obs), 1))"},
    ),
    Mistake(
        "one example's ∇a Q for all",
        "Each example has its own ∇a Q, a row of dq_da. You used one row for the whole batch.",
        {"-dq_da": "-np.tile(dq_da[:1], (len(obs), 1))"},
        {"-dq_da": "-np.tile(dq_da[-1:], (len(obs), 1))"},
        {GRAD: "-np.tile(dq_da[:1], (len(obs), 1))"},
        {GRAD: "-np.tile(dq_da[-1:], (len(obs), 1))"},
    ),
    Mistake(
        "∇a Q summed over the action's entries",
        "Each entry of the action has its own slope, a column of dq_da.",
        {"-dq_da": "-np.repeat(dq_da.sum(axis=1)[:, None], action.shape[1], axis=1)"},
        {"-dq_da": "-np.repeat(dq_da.mean(axis=1)[:, None], action.shape[1], axis=1)"},
    ),
    Mistake(
        "only the sign of ∇a Q",
        "The gradient also says how steep Q is: use dq_da itself.",
        {"-dq_da": "-np.sign(dq_da)"},
        {"-dq_da": "-dq_da / np.linalg.norm(dq_da, axis=1)[:, None]"},
        {"-dq_da": "-dq_da / np.linalg.norm(dq_da)"},
    ),
    Mistake(
        "slope of the tanh applied twice",
        "actor.backward already goes back through the actor's own tanh.",
        {"-dq_da": "-dq_da * (1 - action**2)"},
        {GRAD: "-dq_da * (1 - action**2)"},
    ),
    Mistake(
        "∇a Q clipped",
        "The gradient of the loss has no bounds: only actions are clipped.",
        {"-dq_da": "-np.clip(dq_da, -1, 1)"},
        {GRAD: f"np.clip({GRAD}, -1, 1)"},
    ),
    Mistake(
        "∇a Q times the action",
        "The chain goes from Q to the action, then to θ^μ: ∇a Q is multiplied by −1/N only.",
        {"-dq_da": "-action * dq_da"},
    ),
    Mistake(
        "∇a Q times the loss",
        "The loss is linear in Q: ∇a Q is multiplied by −1/N, whatever the loss is.",
        {GRAD: "loss * dq_da"},
        {GRAD: "-loss * dq_da"},
        {GRAD: "loss * dq_da / len(obs)"},
        {GRAD: "-loss * dq_da / len(obs)"},
    ),
    Mistake(
        "inverting gradients",
        "You scaled ∇a Q by the distance to the bounds, as Hausknecht and Stone (2016) do. That is"
        " not the gradient of this loss.",
        {"-dq_da": "-dq_da * np.where(dq_da > 0, 1 - action, 1 + action) / 2"},
        {"-dq_da": "-dq_da * np.where(dq_da > 0, 1 + action, 1 - action) / 2"},
        {"-dq_da": "-dq_da * np.where(dq_da > 0, 1 - action, 1 + action)"},
    ),
    Mistake(
        "the action instead of dL/da",
        "actor.backward takes dL/da: how the loss changes with the action, not the action.",
        {GRAD: "action"},
        {GRAD: "-action / len(obs)"},
        {GRAD: "replayed_action"},
        {GRAD: "-replayed_action / len(obs)"},
    ),
    Mistake(
        "one example instead of the batch",
        "That is the gradient of one example. In a loop, add the gradients of all with +=.",
        *(
            {BACK: f"actor.backward({grad}, actor.forward(obs[-1:])[1])"}
            for grad in ("-dq_da[-1:] / len(obs)", "-dq_da[-1:]")
        ),
    ),
    Mistake(
        "action changed before the critic",
        "Run the critic at μ(s) itself, which is in [−1, 1] already.",
        *(
            {"critic.forward(obs, action)": f"critic.forward(obs, {changed})"}
            for changed in ("2 * action", "np.tanh(action)", "np.clip(action, -0.5, 0.5)")
        ),
        {"critic.forward(obs, action)": "critic.forward(obs, 2 * action)", "-dq_da": "-2 * dq_da"},
    ),
    Mistake(
        "observation and action swapped",
        "critic.forward takes obs first, then the action.",
        {"critic.forward(obs, action)": "critic.forward(action, obs)"},
    ),
    Mistake(
        "advantage instead of Q",
        "You subtracted Q of the stored action. The loss is −1/N Σ Q(s, μ(s)) alone.",
        {"-q.mean()": "-(q - critic.forward(obs, replayed_action)[0]).mean()"},
    ),
    Mistake(
        "regularised",
        "Your loss or gradient contains a term besides −Q at μ(s).",
        {BACK: f"{BACK} + 0.01 * actor.theta"},
        {BACK: f"{BACK} + 0.001 * actor.theta"},
    ),
    Mistake(
        "Q instead of its slope",
        "actor.backward takes dL/da, which is computed from ∇a Q. You used the values of Q.",
        {"-dq_da / len(obs)": "-np.repeat(q[:, None], dq_da.shape[1], axis=1) / len(obs)"},
        {"-dq_da / len(obs)": "-np.repeat(q[:, None], dq_da.shape[1], axis=1)"},
    ),
    Mistake(
        "Q times its slope",
        "That is the slope of Q²/2. The loss is linear in Q: multiply ∇a Q by −1/N only.",
        {"-dq_da": "-q[:, None] * dq_da"},
    ),
    Mistake(
        "Q squared",
        "The loss is linear in Q: it is −1/N Σ Q, without a square.",
        {"-q.mean()": "-(q**2).mean()", "-dq_da": "-2 * q[:, None] * dq_da"},
        {"-q.mean()": "(q**2).mean()", "-dq_da": "2 * q[:, None] * dq_da"},
        {"-q.mean()": "-(q**2).mean() / 2", "-dq_da": "-q[:, None] * dq_da"},
        {"-q.mean()": "(q**2).mean() / 2", "-dq_da": "q[:, None] * dq_da"},
        {"-q.mean()": "(q**2).mean()"},
        {"-q.mean()": "-(q**2).mean()"},
    ),
    Mistake(
        "one Q instead of the mean",
        "Every example counts the same: the loss is the mean of all values of −Q.",
        {"-q.mean()": "-q.max()"},
        {"-q.mean()": "-q.min()"},
        {"-q.mean()": "-q[0]"},
        {"-q.mean()": "-q[-1]"},
        {"-q.mean()": "-q[-1] / len(q)"},
        {"-q.mean()": "-q[0] / len(q)"},
        {"-q.mean()": "-np.median(q)"},
    ),
    Mistake(
        "returned after the first example",
        "Return after the loop, not inside it: all examples count.",
        {"-q.mean()": "-q[0] / len(q)", GRAD: "-np.tile(dq_da[:1], (len(obs), 1)) / len(obs)"},
    ),
    Mistake(
        "size of Q as loss",
        "A loss may be negative. Do not take the absolute value of Q.",
        {"-q.mean()": "abs(q).mean()"},
        {"-q.mean()": "-abs(q).mean()"},
    ),
    Mistake(
        "imitates the replayed action",
        "You pull μ(s) towards the stored action, whether it was good or bad. The actor has no"
        " labels: it climbs Q.",
        *(
            {
                "-q.mean()": f"((action - replayed_action) ** 2).sum() / {count}",
                GRAD: f"2 * (action - replayed_action) / {count}",
            }
            for count in ("action.size", "len(obs)")
        ),
        {GRAD: "(action - replayed_action) / len(obs)"},
        {GRAD: "2 * (action - replayed_action) / len(obs)"},
        {GRAD: "2 * (action - replayed_action) / action.size"},
    ),
    Mistake(
        "normalised gradient",
        "Return the gradient of the loss itself. Adam decides how long the step is.",
        {BACK: f"{BACK}\n    grad_theta = grad_theta / np.linalg.norm(grad_theta)"},
        {BACK: f"np.sign({BACK})"},
    ),
    Mistake(
        "the chain stops at the action",
        "You return dL/da, (N, A). One step is missing: go back through the actor, to θ^μ.",
        {BACK: "grad_action"},
        {BACK: "dq_da"},
    ),
    Mistake(
        "gradient of the critic's parameters",
        "This is the gradient in θ^Q. The critic is only the path to the action.",
        {BACK: BACK_TO_THE_CRITIC},
    ),
    Mistake(
        "the actor's step moves the critic",
        f"{MOVED} The critic would learn to promise more, even if no action gets better.",
        {"    return": f"    critic.theta -= 0.1 * {BACK_TO_THE_CRITIC}\n    return"},
    ),
    Mistake("results in another order", "", {"return loss, grad_theta": "return grad_theta, loss"}),
    Mistake(
        "the actor has already moved",
        f"{MOVED} Adam takes the step, later.",
        {"    return": "    actor.theta -= 0.1 * grad_theta\n    return"},
    ),
)
