"""Chapter 06, the actor's side: its loss, and the chain from Q to θ^μ.

N batch, S observation entries, A action entries, P parameters of the actor.
"""

import copy
from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine.check import exercise
from ..engine.exercise import GRADIENT, Row
from ..engine.observations import GradientOf, Observed
from ..engine.submission import arrays, call

BATCH, OBS, ACTION = 7, 4, 2
MOVED = "A loss is only looked at here, but afterwards θ of this network was another one."


def _answer(
    loss: Any = lambda q, replayed_q: -q.mean(),
    grad_action: Any = lambda dq_da, q: -dq_da / len(q),
    looked_at: Any = lambda action, replayed: action,
    then: Any = lambda actor, critic, critic_cache, grad: grad,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def actor_loss(actor: Any, critic: Any, obs: Array, replayed: Array) -> Any:
        action, actor_cache = actor.forward(obs)
        q, _ = critic.forward(obs, action)
        replayed_q, _ = critic.forward(obs, replayed)
        _, cache = critic.forward(obs, looked_at(action, replayed))
        into_actor = grad_action(critic.action_gradient(cache), q)
        grad = actor.backward(np.broadcast_to(into_actor, action.shape), actor_cache)
        return loss(q, replayed_q), then(actor, critic, (cache, into_actor), grad)

    return actor_loss


def _moving(which: int) -> Any:
    def then(actor: Any, critic: Any, cache: Any, grad: Array) -> Array:
        if which:
            critic.theta -= 0.1 * critic.backward(-np.full(BATCH, 1 / BATCH), cache[0])
        else:
            actor.theta -= 0.1 * grad
        return grad

    return _answer(then=then)


def _rows(mistake: str, why: str, *answers: Any) -> list[Row]:
    return [Row(mistake, (answer,), why) for answer in answers]


@exercise(
    "06.2",
    "The actor's loss",
    GRADIENT,
    stub='''
def actor_loss(actor, critic, obs, replayed_action):
    """Return the actor's loss, −1/N Σ Q(s, μ(s)), and its gradient in θ^μ (P,).

    obs (N, S); replayed_action (N, A) is what the replay buffer holds beside it. At hand are
        action, cache = actor.forward(obs)              action (N, A)
        q, cache = critic.forward(obs, action)          q (N,)
        dq_da = critic.action_gradient(cache)           (N, A), each row its own slope
        grad_theta = actor.backward(grad_action, cache) (P,), given dL/da (N, A)
    """
    loss = grad_theta = None
    return loss, grad_theta
''',
    statement="""The actor has no labels: it climbs the critic's Q, and so descends −Q. Go from obs
    to the loss, then back: from −1/N, by ∇a Q, to θ^μ. Which of the actions at hand is the one at
    which Q is to be climbed? Both networks stay as they are.""",
    reference=(_answer(),),
    rows=(
        *_rows(
            "climbs in the wrong direction",
            "Your loss is the mean of Q itself. Descending it, the actor would look for the worst"
            " action.",
            _answer(loss=lambda q, _: q.mean(), grad_action=lambda dq_da, q: dq_da / len(q)),
        ),
        *_rows(
            "loss and gradient of opposite signs",
            "One of them is that of −Q, the other that of Q. It is −Q that is descended.",
            _answer(loss=lambda q, _: q.mean()),
        ),
        *_rows(
            "sum in the loss, mean in the gradient",
            "The two do not belong to one another: the loss is summed over the batch, the gradient"
            " is that of the mean. The mean is asked.",
            _answer(loss=lambda q, _: -q.sum()),
        ),
        *_rows(
            "loss not averaged",
            "The loss is one number, the mean over the batch. You return one for each example.",
            _answer(loss=lambda q, _: -q),
            _answer(loss=lambda q, _: -q, grad_action=lambda dq_da, q: -dq_da),
        ),
        *_rows(
            "gradient at the replayed action",
            "∇a Q is taken at the action of back then. The actor of today would do μ(s): run the"
            " critic there, and use that cache.",
            _answer(looked_at=lambda action, replayed: replayed),
        ),
        *_rows(
            "Q of the replayed action as loss",
            "Q(s, a) of the replay buffer does not depend on θ^μ at all. The loss is −Q at μ(s).",
            _answer(lambda _, q: -q.mean(), looked_at=lambda action, replayed: replayed),
            _answer(lambda _, q: -q.mean()),
        ),
        *_rows(
            "missing chain term",
            "∇a Q is not in your gradient, so that the critic has no say in it. Each example's row"
            " of dq_da is what tells the actor where to go.",
            *(
                _answer(grad_action=lambda dq_da, q, factor=factor: factor + 0 * dq_da)
                for factor in (1.0, -1.0, 1 / BATCH, -1 / BATCH)
            ),
        ),
        *_rows(
            "∇a Q averaged before the chain",
            "The mean of a product is not the product of two means. Each example's ∇a Q belongs to"
            " its own ∇θ μ.",
            _answer(grad_action=lambda dq_da, q: -dq_da.mean(axis=0)),
            _answer(grad_action=lambda dq_da, q: -dq_da.mean(axis=0) / len(q)),
            _answer(grad_action=lambda dq_da, q: -dq_da.sum(axis=0)),
        ),
        *_rows(
            "Q instead of its slope",
            "What goes back into the actor is dL/da, from ∇a Q. You sent the values of Q.",
            _answer(grad_action=lambda dq_da, q: -q[:, None] / len(q)),
            _answer(grad_action=lambda dq_da, q: -q[:, None]),
        ),
        *_rows(
            "Q times its slope",
            "That is the slope of Q²/2. The loss is linear in Q: what arrives at ∇a Q is −1/N.",
            _answer(grad_action=lambda dq_da, q: -q[:, None] * dq_da / len(q)),
        ),
        *_rows(
            "the chain stops at the action",
            "You return dL/da, (N, A). One step is left: back through the actor, to θ^μ.",
            _answer(then=lambda actor, critic, cache, grad: cache[1]),
            _answer(then=lambda actor, critic, cache, grad: -BATCH * cache[1]),
        ),
        *_rows(
            "gradient of the critic's parameters",
            "This is the gradient in θ^Q. The critic is only the way to the action.",
            _answer(
                then=lambda actor, critic, cache, grad: critic.backward(
                    -np.full(BATCH, 1 / BATCH), cache[0]
                )
            ),
        ),
        *_rows(
            "the actor's step moves the critic",
            f"{MOVED} The critic would learn to promise more, whatever the actor does.",
            _moving(1),
        ),
        *_rows("results in another order", "", lambda *given: _answer()(*given)[::-1]),
        *_rows("the actor has already moved", f"{MOVED} The step is Adam's, later.", _moving(0)),
    ),
    compared="your loss with the right one, your gradient with the derivative of your own loss",
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
            np.array_equal(actor_after.theta, actor.theta), says="θ^μ has changed."
        ),
        "θ^Q stays": Observed(
            np.array_equal(critic_after.theta, critic.theta), says="θ^Q has changed."
        ),
    }
