"""Exercise 06.2: the actor's loss, and the chain from Q to θ^μ.

N batch, S observation entries, A action entries, P parameters of the actor.
"""

from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import GRADIENT, GradientOf, InvalidAnswer, Observed, arrays, call, exercise
from ..engine.submission import another, same
from .actor_loss_mistakes import MISTAKES

CASES = (
    {"batch_size": 7, "obs_dim": 3, "action_dim": 2, "hidden": 5, "scale": 4, "numerically": True},
    {
        "batch_size": 13,
        "obs_dim": 5,
        "action_dim": 3,
        "hidden": 4,
        "scale": 20,
        "numerically": False,
    },
)
SEED = 64  # with it, no unit is so near its kink that a finite difference steps across

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


@exercise(
    "06.2",
    "The actor's loss",
    GRADIENT,
    stub='''
def actor_loss(actor, critic, obs, replayed_action):
    """Return the actor's loss, −1/N Σ Q(s, μ(s)), and its gradient in θ^μ (P,).

    obs (N, S); replayed_action (N, A), the actions that the buffer stored with obs. You can use
        action, cache = actor.forward(obs)              action (N, A)
        q, cache = critic.forward(obs, action)          q (N,)
        dq_da = critic.action_gradient(cache)           (N, A), each row its own slope
        grad_theta = actor.backward(grad_action, cache) (P,), given dL/da (N, A)
    """
    loss = grad_theta = None
    return loss, grad_theta
''',
    statement="""The actor has no labels: it climbs the critic's Q, and so descends −Q. Go from obs
    to the loss, then back: from −1/N, by ∇a Q, to θ^μ. At which action does the actor need the
    slope of Q: its own, or the replayed one? Leave both networks as they are.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="your loss and its gradient with the correct ones",
    difficulty=2,
    importance=3,
    minutes=8,
    hints=(
        "Run the actor first, and then the critic at the actor's actions. Compute the loss, and go"
        " back the same way. One of the four arguments is not needed.",
        r"`actor.backward` wants $\partial L/\partial a$ (N, A), for *your* L. `dq_da` is"
        r" $\partial q/\partial a$. Which factor is between them, and what is its sign?",
    ),
    cases=CASES,
    equivalents={
        "return (loss, grad_theta) → return (np.float32(loss), np.float32(grad_theta))": (
            "float32 is accepted"
        )
    },
)
def check_actor_loss(
    actor_loss: Any,
    batch_size: int,
    obs_dim: int,
    action_dim: int,
    hidden: int,
    scale: float,
    numerically: bool,
) -> dict[str, Any]:
    """Check actor_loss.

    Args:
        scale: multiplies the critic's parameters, so that Q and its slopes are above 1, and in one
            case dL/da as well.
        numerically: differentiate the answer's loss, which takes time; else its gradient is
            compared with the solution's alone.
    """
    config = Config(hidden_sizes=(hidden,), final_layer_scale=0.6, dtype="float64")
    obs = sample_array(batch_size, obs_dim, seed=5)
    replayed = np.tanh(sample_array(batch_size, action_dim, seed=6))

    def networks() -> tuple[Actor, Critic]:
        rng = np.random.default_rng(SEED)
        actor = Actor(obs_dim, action_dim, config, rng)
        critic = Critic(obs_dim, action_dim, config, rng)
        critic.theta *= scale
        return actor, critic

    def run(actor: Actor, critic: Critic, obs: Array = obs) -> Any:
        return call(actor_loss, actor, critic, obs, replayed, changes=(0, 1))

    def parts(result: Any) -> list[Array]:
        return arrays(result, ["loss", "grad_theta"], actor_loss)

    def loss_at(theta: Array) -> Array:
        actor, critic = networks()
        actor.theta[:] = theta
        return parts(run(actor, critic))[0].reshape(-1)

    (actor, critic), (actor_after, critic_after) = networks(), networks()
    result = run(actor_after, critic_after)
    loss, grad_theta = parts(result)
    other = parts(run(*networks(), another(obs)))
    if not same([loss, grad_theta], parts(result)):
        raise InvalidAnswer("The first result changed in the second call.", "results share memory")
    return {
        "loss": loss,
        "loss of other observations": other[0],
        "grad_theta": GradientOf(grad_theta, loss_at, actor.theta) if numerically else grad_theta,
        "θ^μ stays": Observed(
            np.array_equal(actor_after.theta, actor.theta), message="θ^μ has changed."
        ),
        "θ^Q stays": Observed(
            np.array_equal(critic_after.theta, critic.theta), message="θ^Q has changed."
        ),
    }
