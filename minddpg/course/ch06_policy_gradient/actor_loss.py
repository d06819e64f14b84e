"""Exercise 06.2: the actor's loss, and the chain from Q to θ^μ.

N batch, S observation entries, A action entries, P parameters of the actor.
"""

import copy
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, Mistake, Observed, arrays, call, exercise

BATCH, OBS, ACTION = 7, 4, 2
MOVED = "Computing a loss must not change anything, but yours has changed θ of this network."

SOLUTION = """
def actor_loss(actor, critic, obs, replayed_action):
    action, actor_cache = actor.forward(obs)
    q, critic_cache = critic.forward(obs, action)
    loss = -q.mean()
    dq_da = critic.action_gradient(critic_cache)
    grad_action = -dq_da / len(obs)
    grad_theta = actor.backward(grad_action, actor_cache)
    return loss, grad_theta
"""

BACK = "actor.backward(grad_action, actor_cache)"
BACK_TO_THE_CRITIC = "critic.backward(-np.ones_like(q) / len(q), critic_cache)"

MISTAKES = (
    Mistake(
        "climbs in the wrong direction",
        "Your loss is the mean of Q itself. Descending it leads the actor to the worst action.",
        {"-q.mean()": "q.mean()", "-dq_da": "dq_da"},
    ),
    Mistake(
        "loss and gradient of opposite signs",
        "One of them belongs to −Q, the other to Q. The loss that is descended is −Q.",
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
        {"-q.mean()": "-q", " / len(obs)": ""},
    ),
    Mistake(
        "gradient at the replayed action",
        "You took ∇a Q at the stored action. Today's actor would choose μ(s): run the critic at"
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
        "∇a Q is missing from your gradient, so the critic has no influence on it. Each example's"
        " row of dq_da tells the actor where to go.",
        {"-dq_da": "-np.ones_like(action)"},
        {"-dq_da": "np.ones_like(action)"},
        {"-dq_da / len(obs)": "-np.ones_like(action)"},
        {"-dq_da / len(obs)": "np.ones_like(action)"},
    ),
    Mistake(
        "∇a Q averaged before the chain",
        "The mean of a product is not the product of two means. Each example's ∇a Q belongs to its"
        " own ∇θ μ.",
        {"-dq_da / len(obs)": "-np.tile(dq_da.mean(axis=0), (len(obs), 1))"},
        {"-dq_da / len(obs)": "-np.tile(dq_da.mean(axis=0), (len(obs), 1)) / len(obs)"},
        {"-dq_da / len(obs)": "-np.tile(dq_da.sum(axis=0), (len(obs), 1))"},
    ),
    Mistake(
        "Q instead of its slope",
        "The gradient that goes back into the actor is dL/da, made of ∇a Q. You sent the values of"
        " Q.",
        {"-dq_da / len(obs)": "-np.repeat(q[:, None], dq_da.shape[1], axis=1) / len(obs)"},
        {"-dq_da / len(obs)": "-np.repeat(q[:, None], dq_da.shape[1], axis=1)"},
    ),
    Mistake(
        "Q times its slope",
        "That is the slope of Q²/2. The loss is linear in Q: multiply ∇a Q by −1/N only.",
        {"-dq_da": "-q[:, None] * dq_da"},
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
        f"{MOVED} The critic would learn to promise more, whatever the actor does.",
        {"    return": f"    critic.theta -= 0.1 * {BACK_TO_THE_CRITIC}\n    return"},
    ),
    Mistake("results in another order", "", {"return loss, grad_theta": "return grad_theta, loss"}),
    Mistake(
        "the actor has already moved",
        f"{MOVED} Adam takes the step, later.",
        {"    return": "    actor.theta -= 0.1 * grad_theta\n    return"},
    ),
)


@exercise(
    "06.2",
    "The actor's loss",
    GRADIENT,
    stub='''
def actor_loss(actor, critic, obs, replayed_action):
    """Return the actor's loss, −1/N Σ Q(s, μ(s)), and its gradient in θ^μ (P,).

    obs (N, S); replayed_action (N, A), the actions that the buffer stored with obs. At hand are
        action, cache = actor.forward(obs)              action (N, A)
        q, cache = critic.forward(obs, action)          q (N,)
        dq_da = critic.action_gradient(cache)           (N, A), each row its own slope
        grad_theta = actor.backward(grad_action, cache) (P,), given dL/da (N, A)
    """
    loss = grad_theta = None
    return loss, grad_theta
''',
    statement="""The actor has no labels: it climbs the critic's Q, and so descends −Q. Go from obs
    to the loss, then back: from −1/N, by ∇a Q, to θ^μ. At which of the actions at hand should Q be
    climbed? Leave both networks as they are.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your loss with the right one, your gradient with the derivative of your own loss",
    difficulty=2,
    minutes=10,
    hints=(
        "The order is: what would the actor do now? What does the critic say about that? Then the"
        " loss, and back the same way. One of the four arguments is not needed.",
        r"`actor.backward` wants $\partial L/\partial a$ (N, A), for *your* L. `dq_da` is"
        r" $\partial q/\partial a$. Which factor is between them, and what is its sign?",
    ),
    batch_size=BATCH,
)
def check_actor_loss(actor_loss: Any) -> dict[str, Any]:
    """Check actor_loss."""
    config = Config(hidden_sizes=(5,), final_layer_scale=0.6, dtype="float64")
    rng = np.random.default_rng(1)
    actor, critic = Actor(OBS, ACTION, config, rng), Critic(OBS, ACTION, config, rng)
    obs, replayed = sample_array(BATCH, OBS, seed=5), np.tanh(sample_array(BATCH, ACTION, seed=6))

    def run(theta: Array) -> tuple[list[Array], Any, Any]:
        networks = copy.deepcopy(actor), copy.deepcopy(critic)
        networks[0].theta[:] = theta
        result = call(actor_loss, *networks, obs, replayed, changes=(0, 1))
        return arrays(result, ["loss", "grad_theta"], actor_loss), *networks

    (loss, grad_theta), actor_after, critic_after = run(actor.theta)
    return {
        "loss": loss,
        "grad_theta": GradientOf(
            grad_theta, lambda theta: run(theta)[0][0].reshape(-1), actor.theta
        ),
        "θ^μ stays": Observed(
            np.array_equal(actor_after.theta, actor.theta), message="θ^μ has changed."
        ),
        "θ^Q stays": Observed(
            np.array_equal(critic_after.theta, critic.theta), message="θ^Q has changed."
        ),
    }
