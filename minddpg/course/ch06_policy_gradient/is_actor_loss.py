"""Exercise 06.5: judge an actor's loss without its code.

N batch, S observation entries, A action entries, P parameters of the actor.
"""

from typing import Any

import numpy as np

from ...ddpg.config import Config
from ...ddpg.networks import Actor, Critic
from ...nn.gradcheck import numerical_gradient
from ...nn.layers import Array
from ...verification.random_inputs import sample_array
from ..engine import BEHAVIOUR, InvalidAnswer, Observed, array, call, exercise
from .is_actor_loss_mistakes import MISTAKES, NOT_PUT_IN, REPLAYED
from .judged_losses import GROUPS, Loss, correct

SOLUTION = """
def is_actor_loss(actor_loss, actor, critic, obs, replayed_action):
    theta, theta_q = actor.theta.copy(), critic.theta.copy()
    loss, grad_theta = actor_loss(actor, critic, obs, replayed_action)
    same_actor = np.array_equal(actor.theta, theta)
    same_critic = np.array_equal(critic.theta, theta_q)

    def loss_at(theta):
        actor.theta[:] = theta
        action, _ = actor.forward(obs)
        q, _ = critic.forward(obs, action)
        return -q.mean()

    same_loss = np.isclose(loss, loss_at(theta))
    expected = numerical_gradient(loss_at, theta, 1e-5)
    same_gradient = np.allclose(grad_theta, expected)
    actor.theta[:] = theta
    verdict = same_loss and same_gradient and same_actor and same_critic
    return verdict
"""
DIFFERENCES = "expected = numerical_gradient(loss_at, theta, {})"
MANY = 10  # a judge that makes more forward passes than that computes a numerical derivative
SAME = "same_loss = np.isclose(loss, loss_at(theta))"


@exercise(
    "06.5",
    "A judge for the actor's loss",
    BEHAVIOUR,
    stub='''
def is_actor_loss(actor_loss, actor, critic, obs, replayed_action):
    """Return True if actor_loss is correct, else False.

    Correct means: actor_loss(actor, critic, obs, replayed_action) returns −1/N Σ Q(s, μ(s)) and its
    gradient in θ^μ (P,), and changes neither actor.theta (P,) nor critic.theta. All is float64. You
    may change both θ; but if you return True, actor.theta must have its old values again.
    """
    verdict = None
    return verdict
''',
    statement="""A colleague gives you an `actor_loss` without its code. Decide whether it is
    correct, with `numerical_gradient(f, x, h)` of chapter 03. Some errors are hard to find: a loss
    and a gradient that fit each other can both be wrong. Refuse a gradient that is wrong by one
    percent of its length, or contains NaN.""",
    solution=SOLUTION,
    mistakes=MISTAKES,
    given={"numerical_gradient": numerical_gradient},
    compared="which losses you accept with which are correct",
    difficulty=2,
    minutes=10,
    hints=(
        "Answer three questions, with a comparison for each: is the loss right, is the gradient"
        " right, is every θ unchanged? For the last one you need *copies* from before the call.",
        "For the gradient, write your own function of θ that puts θ into the actor, runs actor and"
        " critic, and returns −mean of Q. Differentiate *that* numerically, not the loss that you"
        " were given.",
    ),
    cases=(
        {"batch_size": 5, "obs_dim": 2, "action_dim": 2, "seed": 3},
        {"batch_size": 7, "obs_dim": 3, "action_dim": 1, "seed": 8},
    ),
    equivalents={
        **{
            f"{DIFFERENCES.format('1e-05')} → {DIFFERENCES.format(h)}": "exact enough"
            for h in ("2e-05", "5e-06", "0.0001")
        },
        **{
            f"same_{name} = np.array_equal({theta}) → same_{name} = np.allclose({theta})": (
                "every change of a network here is larger than that"
            )
            for name, theta in (
                ("actor", "actor.theta, theta"),
                ("critic", "critic.theta, theta_q"),
            )
        },
        f"{SAME} → same_loss = np.isclose(loss_at(theta), loss)": "the tolerance is as good",
        **{
            f"{SAME} → same_loss = np.{dtype}(np.isclose(loss, loss_at(theta)))": "1 is true"
            for dtype in ("float16", "int64")
        },
    },
)
def check_is_actor_loss(
    is_actor_loss: Any, batch_size: int, obs_dim: int, action_dim: int, seed: int
) -> dict[str, Any]:
    """Check is_actor_loss."""
    config = Config(hidden_sizes=(3,), final_layer_scale=0.6, dtype="float64")
    obs = sample_array(batch_size, obs_dim, seed=seed)
    replayed = np.tanh(sample_array(batch_size, action_dim, seed=seed + 1))

    chosen: list[Array] = []  # every action that an actor returned
    judged: list[Array] = []  # every action that a critic was given

    class WatchedActor(Actor):
        def forward(self, obs: Array, training: bool = False) -> tuple[Array, Any]:
            action, cache = super().forward(obs, training)
            chosen.append(action.copy())
            return action, cache

    class WatchedCritic(Critic):
        def forward(self, obs: Array, action: Array, training: bool = False) -> tuple[Array, Any]:
            judged.append(np.array(action))
            return super().forward(obs, action, training)

    def networks() -> tuple[Actor, Critic]:
        rng = np.random.default_rng(seed)
        actor = WatchedActor(obs_dim, action_dim, config, rng)
        critic = WatchedCritic(obs_dim, action_dim, config, rng)
        critic.theta *= 3
        return actor, critic

    def judge(loss: Loss, actor: Actor, critic: Critic) -> bool:
        wanted = "is_actor_loss should return True or False: it"
        result = call(is_actor_loss, loss, actor, critic, obs, replayed, changes=(1, 2))
        verdict = array(result, wanted)
        if verdict.shape or verdict not in (0, 1):
            raise InvalidAnswer(f"{wanted} returned {verdict}.")
        return bool(verdict)

    observed: dict[str, Any] = {}
    for group, (is_correct, losses) in GROUPS.items():
        verdicts = {name: judge(loss, *networks()) for name, loss in losses.items()}
        wrong = [name for name, verdict in verdicts.items() if verdict != is_correct]
        problem = "refused, though correct" if is_correct else "accepted, though wrong"
        message = f"{problem}: {', '.join(wrong)}"
        observed[group] = Observed(np.array([*verdicts.values()]), message=message)
    (actor, critic), (before, _) = networks(), networks()
    chosen.clear()
    judged.clear()
    if not judge(correct, actor, critic):
        _explain_refusal(chosen, judged, replayed)
    shift = actor.forward(obs)[0] - before.forward(obs)[0]
    observed["θ^μ stays"] = Observed(
        bool(max(np.abs(actor.theta - before.theta).max(), np.abs(shift).max()) < 1e-12),
        message="θ^μ differs from its values before your measurement.",
    )
    return observed


def _explain_refusal(chosen: list[Array], judged: list[Array], replayed: Array) -> None:
    """Look for a reason why a judge refused a correct loss, in the actions of its forward passes.

    Raises:
        InvalidAnswer: it differentiated a function that does not change with θ.
    """
    others = [action for action in judged if not np.array_equal(action, replayed)]
    if len(chosen) > MANY and _all_equal(chosen):
        raise InvalidAnswer(NOT_PUT_IN, "θ not put into the actor")
    if len(judged) - len(others) > MANY and _all_equal(others):
        raise InvalidAnswer(REPLAYED, "Q at the replayed action in the reference")


def _all_equal(arrays: list[Array]) -> bool:
    return all(np.array_equal(array, arrays[0]) for array in arrays)
